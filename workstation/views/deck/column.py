"""A whole column: head, the bar to change it, its rows, and what stands there while there are none.

A deck has many columns and most of them have rows: what only some need is made when it is first wanted.
"""

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QStackedWidget, QVBoxLayout, QWidget

from workstation.domain.channels import Health
from workstation.domain.errors import MeridianError
from workstation.domain.text import LazyText, lazy
from workstation.i18n import ngettext, plain, render
from workstation.qt.throttle import Throttle
from workstation.services.columns import ColumnModel, Columns, ColumnSpec, Phase, Placement, Severity
from workstation.services.highlights import Highlight, Marker
from workstation.services.presets import BY_ID
from workstation.views import masking
from workstation.views.deck.card_cache import Pictures
from workstation.views.deck.column_view import ColumnView
from workstation.views.deck.content import Surroundings
from workstation.views.deck.drainer import Drainer
from workstation.views.deck.header import ColumnHeader
from workstation.views.deck.health import concern, filling, worst
from workstation.views.deck.names import named
from workstation.views.deck.no_rows import NoRows, why_empty
from workstation.views.deck.rows_view import Run
from workstation.views.deck.skeleton import Skeleton
from workstation.views.notices import announce
from workstation.views.widgets.retranslating import Retranslating

if TYPE_CHECKING:
    from workstation.views.deck.column_bar import ColumnBar
    from workstation.views.deck.filter_field import FilterField

COUNTING = 250
"""Milliseconds between two changes of the count on the screen."""
ANNOUNCING = 5_000
"""Milliseconds between two announcements of arrivals."""


class Column(Retranslating):
    """One column of the deck. Asks for what concerns its neighbours by signals; tells its new spec when it changed."""

    changed = Signal(object)
    """The ColumnSpec to save."""
    asked = Signal(str)
    """What was chosen from the menu that concerns more than the column itself."""

    def __init__(
        self,
        spec: ColumnSpec,
        columns: Columns,
        around: Surroundings,
        drainer: Drainer,
        run: Run,
        pictures: Pictures = lambda _: (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "column")
        self.spec, self._columns, self._run = spec, columns, run
        self._around, self._drainer, self._pictures = around, drainer, pictures
        self._healths: tuple[Health, ...] = ()
        self._arrived = 0
        self.shared: tuple[Highlight, ...] = ()
        """The highlights of the whole deck."""
        self.torn = False
        """Whether it stands in a window of its own."""
        self.header = ColumnHeader()
        self.skeleton = Skeleton()
        self.view = self._make_view(columns.model(spec))
        self._stack = QStackedWidget()
        for part in (self.skeleton, self.view):
            self._stack.addWidget(part)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(1, 0, 1, 8)
        self._rows.setSpacing(0)
        self._rows.addWidget(self.header)
        self._rows.addWidget(self._stack, 1)
        self._counting = Throttle(self, COUNTING, self._show_count)
        self._announcing = Throttle(self, ANNOUNCING, self._announce)
        self._connect()
        self.retranslate()

    # Parts --------------------------------------------------------------------------------------------------------

    @cached_property
    def bar(self) -> "ColumnBar":
        """The bar with name and filter; put away."""
        from workstation.views.deck.column_bar import ColumnBar

        bar = ColumnBar(lambda text: self._columns.count(text, queue=self.spec.queue), self._run)
        bar.accepted.connect(self.apply_edit)
        bar.cancelled.connect(self.cancel_edit)
        self._rows.insertWidget(1, bar)
        return bar

    @property
    def name(self) -> QLineEdit:
        """Where the column's name is written."""
        return self.bar.name

    @property
    def filter(self) -> "FilterField":
        """Where its filter is written."""
        return self.bar.filter

    @cached_property
    def empty(self) -> NoRows:
        """What stands there while there are no rows."""
        return self._page(NoRows("inbox", lazy("Nothing here yet")))

    @cached_property
    def failed(self) -> NoRows:
        """What stands there where the rows cannot be loaded."""
        page = NoRows("circle-alert", lazy("This column cannot be shown"), lazy("Try again"))
        page.acted.connect(self.reload)
        return self._page(page)

    def _page(self, page: NoRows) -> NoRows:
        page.entered.connect(lambda: self.view.entered.emit())  # noqa: PLW0108 -- the view is exchanged
        self._stack.addWidget(page)
        return page

    def _has(self, part: str) -> bool:
        return part in vars(self)

    def _make_view(self, model: ColumnModel) -> ColumnView:
        view = ColumnView(model, self._around, self._drainer, self._run, self._pictures)
        view.new_changed.connect(self.header.show_new)
        view.rows_changed.connect(self._rows_changed)
        return view

    def _connect(self) -> None:
        self.header.new_wanted.connect(self.jump_to_new)
        self.header.pause_wanted.connect(self.toggle_pause)
        self.header.menu_wanted.connect(self.show_menu)
        self.header.rename_wanted.connect(self.edit)
        self.header.health_wanted.connect(lambda: self.asked.emit("health"))

    async def load(self) -> None:
        """Fill the column; shows the error if that fails."""
        model = self.view.model
        if not self.view.closed:
            self._stack.setCurrentWidget(self.skeleton)
            await model.open()
        if model is not self.view.model or self.view.closed:
            return
        await self._mark()
        if model is self.view.model and not self.view.closed:
            self.view.refresh()
            self._settle()

    async def _mark(self) -> None:
        """Let the view know what catches the eye; channels and times are as they are now."""
        wanted, view = (*self.spec.highlights, *self.shared), self.view
        if wanted or view.marker.highlights:
            marker = Marker(wanted, await self._columns.context())
            if not view.closed:
                view.mark(marker)

    def highlight(self, own: tuple[Highlight, ...]) -> None:
        """Have other highlights from now on."""
        self._change(highlights=own)
        self._run(self._mark())

    def share(self, shared: tuple[Highlight, ...]) -> None:
        """The deck has other highlights."""
        self.shared = shared
        self._run(self._mark())

    def reload(self) -> None:
        """Load again from the start."""
        self._run(self.load())

    def close_column(self) -> None:
        """Stop listening; the column is about to go."""
        self._counting.cancel()
        self._announcing.cancel()
        if self._has("bar"):
            self.filter.stop()
        self.view.close_model()

    def tick(self) -> None:
        """A minute went by."""
        model = self.view.model
        if model.filter.relative and model.phase is Phase.READY and self.view.following:
            self._run(model.open())
        if self.view.marker.relative:
            self._run(self._mark())
        self.view.tick()

    def _rows_changed(self, arrived: int) -> None:
        self._counting.request()
        self._arrived += arrived
        if self._arrived and self.view.hasFocus():
            self._announcing.request()
        self._show_part()

    def _settle(self) -> None:
        """Show the rows, or why there are none, and how many there are."""
        self._show_part()
        self._show_count()

    def _show_part(self) -> None:
        model = self.view.model
        if model.phase is Phase.FAILED:
            part: QWidget = self.failed
        elif model.phase is Phase.LOADING:
            part = self.skeleton
        elif model.rows:
            part = self.view
        else:
            part = self.empty
        if part is not self.view:
            self._settle_words()
        before = self._stack.currentWidget()
        if before is not part:
            focused = before is not None and before.hasFocus()
            self._stack.setCurrentWidget(part)
            if focused:
                self.enter()

    def _settle_words(self) -> None:
        if self._has("empty"):
            self.empty.tell(self.title, *why_empty(self.view.model.pending, queue=self.spec.queue))
        if self._has("failed"):
            error = self.view.model.error or LazyText(MeridianError.sentence)
            self.failed.tell(self.title, lazy("This column cannot be shown"), error)

    def enter(self) -> None:
        """Put the focus on the rows, or on what stands there while there are none."""
        part = self._stack.currentWidget()
        if part is not None:
            part.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def entered(self) -> bool:
        """Whether the focus is there."""
        part = self._stack.currentWidget()
        return part is not None and part.hasFocus()

    def _show_count(self) -> None:
        self.header.show_count(self.view.model.total)
        self.show_health(self._healths)

    def _announce(self) -> None:
        if self._arrived and self.view.around.announces():
            words = ngettext("{count} new message in {column}", "{count} new messages in {column}", self._arrived,
                             column=self.title)  # fmt: skip
            announce(self.view, plain(words))
        self._arrived = 0

    @property
    def title(self) -> str:
        """The column's name in the language spoken now."""
        return named(self.spec)

    def show_health(self, healths: tuple[Health, ...]) -> None:
        """Show how the channels fare that fill the column."""
        self._healths = healths
        self.header.show_health(*worst(self.healths), concern(self.healths, self._around.now()))

    @property
    def healths(self) -> tuple[Health, ...]:
        """How the channels fare that fill the column."""
        return filling(self._healths, self.view.model.rows)

    # What one can do with it --------------------------------------------------------------------------------------

    def jump_to_new(self) -> None:
        """Go to the newest row and show what waited."""
        self.view.jump_to_new()
        self._settle()

    def toggle_pause(self) -> None:
        """Hold the column, or let it go on."""
        paused = not self.view.paused
        self.view.set_paused(paused)
        self.header.show_paused(paused)
        self._settle()
        self._change(paused=paused)

    def edit(self) -> None:
        """Open the bar with name and filter."""
        self.name.setText(self.spec.title)
        self.filter.put(self.spec.filter)
        self.bar.show()
        self.filter.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.filter.line.selectAll()

    def rename(self) -> None:
        """Open the bar at the name."""
        self.edit()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    def cancel_edit(self) -> None:
        """Close the bar and change nothing."""
        self.bar.put_away()
        self.enter()

    def apply_edit(self) -> None:
        """Take over name and filter; a filter that cannot be read stays open with its error."""
        if self.filter.error is not None:
            return
        refill = self.filter.text != self.spec.filter
        self._change(title=self.name.text().strip(), filter=self.filter.text)
        self.bar.put_away()
        self.retranslate()
        if refill:
            self._exchange(self._columns.model(self.spec))
            self.reload()
        self.enter()

    def _exchange(self, model: ColumnModel) -> None:
        """Show other rows in a new view; the old one goes with its model."""
        old, self.view = self.view, self._make_view(model)
        self._stack.addWidget(self.view)
        self._stack.removeWidget(old)
        old.close_model()
        old.deleteLater()
        self.exchanged.emit()
        self.retranslate()

    exchanged = Signal()
    """`view` is another one now."""

    def _change(self, **values: object) -> None:
        self.spec = msgspec.structs.replace(self.spec, **values)
        self.changed.emit(self.spec)

    def stand(self, window: Placement | None) -> None:
        """Have a window of its own there, or none."""
        if window != self.spec.window:
            self._change(window=window)

    def notify(self, severity: Severity) -> None:
        """Tell of arrivals so loudly."""
        self._change(notify=severity)

    def gather(self, alike: bool) -> None:
        """Show alike cases as one row, or each by itself."""
        self._change(alike=alike)
        self._exchange(self._columns.model(self.spec))
        self.reload()
        self.enter()

    def resize_to(self, width: int) -> None:
        """Be so wide from now on."""
        self._change(width=width)

    def show_menu(self, at: QPoint | None = None) -> None:
        """The menu of the column."""
        from workstation.views.deck.column_menu import fill

        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill(menu, self._chosen, torn=self.torn)
        menu.popup(at or self.header.menu.mapToGlobal(self.header.menu.rect().bottomLeft()))

    def _chosen(self, name: str) -> None:
        if name == "edit":
            self.edit()
        elif name == "rename":
            self.rename()
        else:
            self.asked.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the bar."""
        if event.key() == Qt.Key.Key_Escape and self._has("bar") and self.bar.isVisible():
            self.cancel_edit()
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        preset = BY_ID.get(self.spec.preset)
        usual = preset is not None and self.spec.filter == preset.filter
        about = render(preset.summary) if preset is not None and usual else masking.text(self.spec.filter)
        icon = preset.icon if preset is not None else "filter"
        self.header.show_column(icon, self.title, about, written=not usual)
        self.header.show_paused(self.view.paused)
        self._settle_words()
        self.setAccessibleName(self.title)
        self.view.setAccessibleName(self.title)

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "header"):
            self.header.retranslate()
