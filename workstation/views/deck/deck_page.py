"""The deck: the columns of one window, and everything that can be done with them. Keys are bound by the window."""

from collections.abc import Callable, Sequence
from functools import cached_property
from uuid import uuid4

import msgspec
from PySide6.QtCore import QEvent, QPoint, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from workstation.domain.cases import Entry
from workstation.domain.text import lazy
from workstation.i18n import _, until_next_minute
from workstation.services.columns import Columns, ColumnSpec
from workstation.services.highlights import Highlight
from workstation.services.presets import BY_ID, Preset
from workstation.views import theme
from workstation.views.deck import accessible
from workstation.views.deck.card_cache import Pictures
from workstation.views.deck.column import Column
from workstation.views.deck.content import Surroundings
from workstation.views.deck.drainer import Drainer
from workstation.views.deck.marking import Marking
from workstation.views.deck.rows_view import Run
from workstation.views.deck.strip import KEY_STEP, ColumnStrip
from workstation.views.deck.told import ToldDeck
from workstation.views.deck.torn import TornColumns
from workstation.views.widgets.empty import EmptyState

Save = Callable[[Sequence[ColumnSpec]], None]


class DeckPage(ToldDeck):
    """Columns side by side. Slots are made for the desk's actions, signals tell what concerns the rest of it."""

    opened = Signal(object)
    """An Entry is to be opened."""
    selected = Signal(object)
    """The Entry selected in the column with the focus, or None."""
    menu_wanted = Signal(object, QPoint)
    """A context menu for an Entry, at a global position."""
    media_wanted = Signal(object)
    """The thumbnails of an Entry were asked for."""
    claim_wanted = Signal(object)
    """The holder's mark on an Entry's card was clicked."""
    closed = Signal(object, int)
    """A column was closed: its ColumnSpec and place, for `restore_column`."""
    column_changed = Signal(int)
    """Another column has the focus now; -1 for none."""
    wanted = Signal(object, str)
    """Something was chosen from a Column's menu that the rest of the desk does: "notify", "older" ..."""
    ticked = Signal()
    """A minute went by."""
    specs_changed = Signal()
    """Other columns are shown, or in another way."""

    def __init__(
        self,
        columns: Columns,
        around: Surroundings,
        run: Run,
        save: Save,
        pictures: Pictures = lambda _: (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._columns, self._around, self._run = columns, around, run
        self._save, self._pictures = save, pictures
        self.drainer = Drainer(self)
        self.marking = Marking(self)
        accessible.install()
        self._order: list[Column] = []
        """All columns, also those with windows of their own."""
        self._current: Column | None = None
        self.sources: Callable[[], tuple[Preset, ...]] = tuple
        """Columns for what channels have names for, such as rooms."""
        self.highlights: tuple[Highlight, ...] = ()
        """What catches the eye in every column."""
        self.strip = ColumnStrip()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.strip)
        self.torn = TornColumns(self)
        self.strip.reordered.connect(self._reordered)
        self.strip.torn.connect(self.torn.tear_off)
        self._minute = QTimer(self)
        self._minute.setSingleShot(True)
        self._minute.timeout.connect(self._tick)
        self.retranslate()

    @cached_property
    def empty(self) -> EmptyState:
        """What stands there while there is no column; made when first wanted, as most decks have some."""
        page = EmptyState(
            "columns-3",
            lazy("No columns yet"),
            lazy("A column shows what a filter lets through, live. Add your first one."),
            lazy("Add a column"),
        )
        page.acted.connect(self.add_column)
        self._stack.addWidget(page)
        return page

    @cached_property
    def away(self) -> EmptyState:
        """What stands there while all columns are elsewhere."""
        page = EmptyState(
            "external-link",
            lazy("All columns are in windows of their own"),
            lazy("Closing such a window brings its column back here."),
            lazy("Bring them back"),
        )
        page.acted.connect(self.torn.bring_all_back)
        self._stack.addWidget(page)
        return page

    # Columns ------------------------------------------------------------------------------------------------------

    @property
    def columns(self) -> list[Column]:
        """The columns in their order, also those with windows of their own."""
        return list(self._order)

    @property
    def specs(self) -> tuple[ColumnSpec, ...]:
        """The columns as they are saved."""
        return tuple(column.spec for column in self.columns)

    def show_columns(self, specs: Sequence[ColumnSpec]) -> None:
        """Show these columns instead of any others, and load them."""
        for column in list(self.columns):
            self._remove(column)
        for spec in specs:
            column = self._insert(spec, len(self._order))
            self.torn.restore(column)
        self.settle()
        if self._current is None and self._order:
            self._current = self._order[0]
        self._tick_later()
        self.specs_changed.emit()

    def settle(self) -> None:
        """Show the columns, or why there are none to be seen here."""
        if self.strip.columns:
            self._stack.setCurrentWidget(self.strip)
        else:
            self._stack.setCurrentWidget(self.away if self._order else self.empty)

    def place_in_strip(self, column: Column) -> int:
        """Where a column stands among those that have no window of their own."""
        before = self._order[: self._order.index(column)]
        return sum(other in self.strip.columns for other in before)

    def _insert(self, spec: ColumnSpec, at: int) -> Column:
        column = Column(spec, self._columns, self._around, self.drainer, self._run, self._pictures)
        column.changed.connect(self._saved)
        column.asked.connect(lambda what: self._asked(column, what))
        column.exchanged.connect(lambda: self._connect_view(column))
        self.tell(column)
        column.shared = self.highlights
        self._connect_view(column)
        self._order.insert(at, column)
        self.strip.insert(column, self.place_in_strip(column))
        column.show()
        self.settle()
        column.reload()
        return column

    def _connect_view(self, column: Column) -> None:
        view = column.view
        self.marking.join(view, [other.view for other in self._order])
        view.opened.connect(self.opened)
        view.menu_wanted.connect(self.menu_wanted)
        view.media_wanted.connect(self.media_wanted)
        view.claim_wanted.connect(self.claim_wanted)
        view.entered.connect(lambda: self._entered(column))
        view.selected.connect(lambda entry: self._selected(column, entry))

    def _remove(self, column: Column) -> int:
        at = self._order.index(column)
        if column.torn:
            self.torn.give_up(column)
        else:
            self.strip.take(column)
        self._order.remove(column)
        self.marking.leave(column.view)
        column.close_column()
        column.deleteLater()
        if self._current is column:
            self._current = self._order[min(at, len(self._order) - 1)] if self._order else None
        self.settle()
        return at

    def _reordered(self) -> None:
        """Columns in the strip were moved; the others keep their places between them."""
        here = iter(self.strip.columns)
        self._order = [column if column.torn else next(here) for column in self._order]
        self._saved()

    def _saved(self) -> None:
        self._save(self.specs)
        self.specs_changed.emit()

    def _asked(self, column: Column, what: str) -> None:
        self._current = column
        doing = {
            "left": lambda: self.move_column(-1),
            "right": lambda: self.move_column(1),
            "wider": lambda: self.resize_column(KEY_STEP),
            "narrower": lambda: self.resize_column(-KEY_STEP),
            "duplicate": self.duplicate_column,
            "window": self.toggle_window,
            "close": self.close_column,
        }.get(what)
        if doing is not None:
            doing()
        else:
            self.wanted.emit(column, what)

    # Actions ------------------------------------------------------------------------------------------------------

    @property
    def current(self) -> Column | None:
        """The column that has the focus, or had it last."""
        return self._current

    @property
    def current_entry(self) -> Entry | None:
        """The entry selected in the current column."""
        return self.current.view.current_entry if self.current is not None else None

    def focus_column(self, index: int) -> None:
        """Go to a column, 0 being the first; a number too high does nothing."""
        if 0 <= index < len(self._order):
            column = self._order[index]
            self.torn.come(column)
            if not column.torn:
                self.strip.reveal(column)
            column.enter()
            self._entered(column)

    def toggle_window(self) -> None:
        """Give the current column a window of its own, or bring it back into the deck."""
        if self._current is not None:
            self.torn.toggle(self._current)

    def step_column(self, columns: int) -> None:
        """Go to the column so many further on."""
        if self._current is not None:
            self.focus_column(min(max(self._order.index(self._current) + columns, 0), len(self._order) - 1))

    def move_selection(self, rows: int) -> None:
        """Select the row so many further down in the current column."""
        if (column := self._focused()) is not None:
            column.view.move_selection(rows)

    def _focused(self) -> Column | None:
        """The current column, with the focus on its rows."""
        column = self.current
        if column is not None and not column.entered:
            self.torn.come(column)
            column.enter()
        return column

    def open_current(self) -> None:
        """Open the selected entry."""
        if self.current is not None:
            self.current.view.open_current()

    def jump_to_new(self) -> None:
        """Show what waits above in the current column."""
        if self.current is not None:
            self.current.jump_to_new()

    def toggle_pause(self) -> None:
        """Hold the current column, or let it go on."""
        if self.current is not None:
            self.current.toggle_pause()

    def edit_column(self) -> None:
        """Change the current column's filter."""
        if self.current is not None:
            self.current.edit()

    def add_column(self) -> None:
        """Ask for a column and add it."""
        # Imported when first opened: a start pays for every module.
        from workstation.views.deck.add_column import AddColumn

        sheet = AddColumn(self._columns, self._run, self.window(), self.sources())
        sheet.chosen.connect(self.add)
        sheet.open()

    def add(self, spec: ColumnSpec) -> None:
        """Add a column after the current one and go there; it gets an id."""
        at = self._order.index(self._current) + 1 if self._current is not None else 0
        column = self._insert(msgspec.structs.replace(spec, id=uuid4().hex[:12], window=None), at)
        self._saved()
        self.focus_column(self.columns.index(column))

    def search(self, words: str) -> None:
        """Add a column with what a search finds."""
        self.add(BY_ID["search"].column("", words))

    def duplicate_column(self) -> None:
        """Add another column like the current one."""
        if self.current is not None:
            self.add(self.current.spec)

    def close_column(self) -> None:
        """Close the current column; `closed` tells how to take that back."""
        column = self.current
        if column is None:
            return
        self.closed.emit(column.spec, self.drop_column(column.spec.id))

    def drop_column(self, name: str) -> int:
        """Close a column by its id, and tell nobody; returns where it stood, -1 if there is no such column."""
        column = next((column for column in self._order if column.spec.id == name), None)
        if column is None:
            return -1
        at = self._remove(column)
        self._saved()
        self.focus_column(min(at, len(self.columns) - 1))
        return at

    def restore_column(self, spec: ColumnSpec, at: int) -> None:
        """Take the closing of a column back."""
        column = self._insert(spec, min(at, len(self._order)))
        self.torn.restore(column)
        self._saved()
        self.focus_column(self.columns.index(column))

    def move_column(self, places: int) -> None:
        """Move the current column."""
        column = self.current
        if column is not None and not column.torn:
            self.strip.move_to(column, self.strip.columns.index(column) + places)
            self._reordered()

    def resize_column(self, pixels: int) -> None:
        """Make the current column wider, or narrower."""
        if self.current is not None and not self.current.torn:
            self.strip.widen(self.current, pixels)

    def highlight(self, highlights: tuple[Highlight, ...]) -> None:
        """Let other things catch the eye in every column."""
        self.highlights = highlights
        for column in self._order:
            column.share(highlights)

    # What the rest of the desk tells ------------------------------------------------------------------------------

    def close_deck(self) -> None:
        """Stop listening; the window is about to go. Nothing is saved by this."""
        self._minute.stop()
        for column in self.columns:
            column.close_column()
        self.torn.close()

    # The rest -----------------------------------------------------------------------------------------------------

    def _entered(self, column: Column) -> None:
        if column is not self._current:
            self._current = column
            self.column_changed.emit(self._order.index(column))
        self.selected.emit(column.view.current_entry)

    def _selected(self, column: Column, entry: Entry | None) -> None:
        if column is self.current:
            self.selected.emit(entry)

    def _tick(self) -> None:
        """Ages on cards change with the minute, and filters such as after:-2h mean something else."""
        for column in self.columns:
            column.tick()
        self.ticked.emit()
        self._tick_later()

    def _tick_later(self) -> None:
        self._minute.start(until_next_minute(self._around.now()))

    def retranslate(self) -> None:
        """Name the page for screen readers."""
        self.setAccessibleName(_("Deck"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A case that opens beside the deck must not push the column out of sight that it was opened from."""
        super().resizeEvent(event)
        if event.size().width() < event.oldSize().width() and self.current is not None and not self.current.torn:
            self.strip.reveal(self.current)

    def changeEvent(self, event: QEvent) -> None:
        """Other measures give columns other widths."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and theme.current() and hasattr(self, "strip"):
            self.strip.fit()
