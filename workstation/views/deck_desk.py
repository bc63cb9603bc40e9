"""What the deck does beyond its columns, joined to services and keys: windows, layouts, highlights, notifications.

Masking, health, sharing and the loading of older messages are here too.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from workstation.domain.text import LazyText, Moment, lazy, lazy_plural
from workstation.i18n import _, render
from workstation.qt.dialogs import ask_file
from workstation.qt.tasks import Tasks
from workstation.services import sharing
from workstation.services.alerts import UNTIL_SWITCHED_OFF
from workstation.services.backfill import Progress, Stage
from workstation.services.columns import ColumnSpec, Severity
from workstation.services.desk import Desk
from workstation.services.highlights import Highlight
from workstation.services.presets import Preset, of_sources
from workstation.services.settings import Preferences
from workstation.views import masking
from workstation.views.alerting import Alerting
from workstation.views.deck.column import Column
from workstation.views.deck.deck_page import DeckPage
from workstation.views.keys import ACTIONS, Scope
from workstation.views.layout_desk import LayoutDesk
from workstation.views.main_window import PRACTICE, MainWindow
from workstation.views.undoing import Undoing
from workstation.views.widgets.banner import Banners, BannerText

if TYPE_CHECKING:
    from workstation.services.sharing import Offered
    from workstation.views.windows.column_window import ColumnWindow

MASKED = BannerText(
    "masked",
    lazy("SCREEN SHARING: names, addresses and numbers are hidden here. What you send is not changed."),
    tone="accent",
    icon="eye-off",
    action=lazy("Show them again"),
)
# Windows of columns are narrow: the same in few words, and the keys do there what they do everywhere.
MASKED_SHORT = BannerText(MASKED.id, lazy("Names and numbers are hidden"), tone=MASKED.tone, icon=MASKED.icon)
PRACTICE_SHORT = BannerText(PRACTICE.id, lazy("Practice: nothing is real"), tone=PRACTICE.tone, icon=PRACTICE.icon)
SEVERITIES: dict[Severity, tuple[LazyText, str]] = {
    Severity.OFF: (lazy("No notifications"), "x"),
    Severity.BADGE: (lazy("Only count them"), "hash"),
    Severity.QUIET: (lazy("Quiet"), "bell"),
    Severity.URGENT: (lazy("Urgent"), "circle-alert"),
}
SHARED_FILE = "columns.toml"
Highlights = tuple[Highlight, ...]


class DeckDesk(QObject):
    """Answers for the deck's further actions."""

    masked = Signal()
    """Persons are hidden on this screen now, or shown again."""

    def __init__(
        self, deck: DeckPage, desk: Desk, window: MainWindow, undoing: Undoing, tasks: Tasks, app: QApplication
    ) -> None:
        super().__init__(window)
        self.deck, self._desk, self._window = deck, desk, window
        self._undoing, self._tasks, self._app = undoing, tasks, app
        self._actions, self._notices = window.actions_table, window.notices
        self.alerting = Alerting(desk.alerts, deck, desk.settings, app, window)
        self.layouts = LayoutDesk(deck, desk.layout, window, undoing, tasks, self._over)
        self.extras = self.layouts.extras
        deck.sources = self._sources
        self._ends = [desk.settings.subscribe(self._show_quiet), desk.backfill.subscribe(self._loaded)]
        deck.torn.opened.connect(self._dress)
        deck.torn.homeless.connect(self._homeless)
        deck.wanted.connect(self._wanted)
        deck.opened.connect(lambda _entry: self.come_to_main())
        window.banners.acted.connect(self._acted)
        window.notices.beside = lambda: [torn.notices for torn in deck.torn.windows.values()]
        deck.ticked.connect(lambda: self._show_quiet(desk.settings.now))
        self._bind()

    def _sources(self) -> tuple[Preset, ...]:
        """Rooms, folders and whatever else the channels have names for."""
        running = self._desk.supervisor
        opened = ((config.name, running.opened(config.id)) for config in running.configs())
        return of_sources((name, found.titles) for name, found in opened if found is not None)

    def start(self) -> None:
        """Show what was kept with the deck; before its columns are shown."""
        self.deck.highlights = self._desk.layout.now.highlights
        self._show_quiet(self._desk.settings.now)

    def close(self) -> None:
        """The window goes."""
        for end in self._ends:
            end()
        self._ends = []
        self.alerting.close()
        masking.switch(self._app, False)

    def _bind(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "column.window": self.deck.toggle_window,
            "column.notify": partial(self._on_current, self.choose_severity),
            "column.highlights": partial(self._on_current, self.show_highlights),
            "column.health": partial(self._on_current, self.show_health),
            "column.older": partial(self._on_current, self.load_older),
            "column.copy": partial(self._on_current, self.copy),
            "deck.copy": self.copy_all,
            "deck.save": lambda: self._tasks.spawn(self._save(), "save columns"),
            "deck.take": self.take_in,
            "deck.layouts": self.layouts.show,
            "deck.quiet": self.show_quiet,
            "deck.mask": self.toggle_mask,
        }
        for name, handler in handlers.items():
            self._actions.on(name, handler)

    def _on_current(self, doing: Callable[[Column], None]) -> None:
        column = self.deck.current
        if column is None:
            self._notices.say(lazy("There is no column."), key="deck")
        else:
            doing(column)

    def _wanted(self, column: Column, what: str) -> None:
        doing = {
            "notify": self.choose_severity,
            "highlights": self.show_highlights,
            "health": self.show_health,
            "older": self.load_older,
            "copy": self.copy,
        }.get(what)
        if doing is not None:
            doing(column)

    def _over(self) -> QWidget:
        """The window that a sheet is opened over: the one that the agent works in."""
        # Imported when first opened: a start pays for every module.
        from workstation.views.windows.column_window import ColumnWindow

        active = self._app.activeWindow()
        return active if isinstance(active, ColumnWindow) else self._window

    # Windows ------------------------------------------------------------------------------------------------------

    def _dress(self, window: "ColumnWindow") -> None:
        """Every key works in a column's window as in the main one, and what must not be overlooked is seen there."""
        table = self._actions
        window.addActions([table[spec.id] for spec in ACTIONS if spec.scope in (Scope.WINDOW, Scope.DECK)])
        if self._window.practice:
            window.banners.put(PRACTICE_SHORT)
        if masking.on():
            window.banners.put(MASKED_SHORT)

    def come_to_main(self) -> None:
        """What is opened from a column's window is shown in the main one, which comes to the front."""
        from workstation.views.windows.column_window import window_of

        focus = self._app.focusWidget()
        if focus is not None and window_of(focus) is not None:
            self._window.window().raise_()
            self._window.window().activateWindow()

    def _homeless(self, count: int) -> None:
        text = lazy_plural(
            "{count} column came back: its screen is gone.", "{count} columns came back: their screen is gone.", count
        )
        self._notices.say(text, key="screens")

    # Columns ------------------------------------------------------------------------------------------------------

    def column_closed(self, spec: ColumnSpec, at: int) -> None:
        """A column was closed: undo opens it again where it stood."""
        age = self.layouts.age

        async def swing() -> None:
            if age != self.layouts.age:
                return
            if any(column.spec.id == spec.id for column in self.deck.columns):
                self.deck.drop_column(spec.id)
            else:
                self.deck.restore_column(spec, at)

        self._undoing.deed(lazy("Column closed"), swing, tell=True)

    # Sharing ------------------------------------------------------------------------------------------------------

    def copy(self, column: Column) -> None:
        """One column as text, to be pasted anywhere."""
        QGuiApplication.clipboard().setText(sharing.written([column.spec]))
        self._notices.say(lazy("The column “{column}” is in the clipboard.", column=column.title), key="deck")

    def copy_all(self) -> None:
        """All columns as text."""
        QGuiApplication.clipboard().setText(sharing.written(self.deck.specs))
        self._notices.say(lazy("The columns are in the clipboard, as text."), key="deck")

    async def _save(self) -> None:
        path = await ask_file(self._window, _("Save the columns"), _("Columns as text (*.toml)"), save=SHARED_FILE)
        if path is None:
            return
        self.write(Path(path))

    def write(self, path: Path) -> None:
        """Write all columns into a file."""
        try:
            path.write_text(sharing.written(self.deck.specs), encoding="utf-8")
        except OSError:
            self._notices.say(lazy("The file cannot be written."), tone="danger", key="deck")
        else:
            self._notices.say(lazy("The columns are saved."), tone="ok", key="deck")

    def take_in(self) -> None:
        """Columns of somebody else; a text in the clipboard that looks like such is there already."""
        from workstation.views.deck.sharing_sheet import TakeIn

        text = QGuiApplication.clipboard().text()
        offered = text if "[[column]]" in text and len(text) <= sharing.LARGEST else ""
        sheet = TakeIn(self.deck.specs, offered, self._tasks.spawn, self._over())
        sheet.taken.connect(self._take)
        sheet.open()

    def _take(self, chosen: "tuple[Offered, ...]") -> None:
        self.layouts.settle()
        before = self._desk.layout.now
        columns = sharing.taken(self.deck.specs, chosen)
        self._desk.layout.save(columns)
        self.deck.show_columns(columns)
        self.layouts.rearranged(lazy_plural("{count} column taken in", "{count} columns taken in", len(chosen)), before)

    # What catches the eye -----------------------------------------------------------------------------------------

    def show_highlights(self, column: Column) -> None:
        """The highlights of a column and of the deck."""
        from workstation.views.deck.highlights_sheet import HighlightsSheet

        sheet = HighlightsSheet(column.title, column.spec.highlights, self.deck.highlights, self._over())
        sheet.saved.connect(partial(self._highlight, column.spec.id))
        sheet.open()

    def _highlight(self, name: str, own: Highlights, shared: Highlights) -> None:
        other = self.set_highlights(name, own, shared)
        if other == (own, shared):
            return

        age = self.layouts.age

        async def swing() -> None:
            nonlocal other
            if age == self.layouts.age:
                other = self.set_highlights(name, *other)

        self._undoing.deed(lazy("Highlights changed"), swing, tell=True)

    def set_highlights(self, name: str, own: Highlights, shared: Highlights) -> tuple[Highlights, Highlights]:
        """Give a column and the deck these; returns what they had."""
        column = next((column for column in self.deck.columns if column.spec.id == name), None)
        before = (column.spec.highlights if column is not None else (), self.deck.highlights)
        if (own, shared) != before:
            self._desk.layout.highlight(shared)
            self.deck.highlight(shared)
            if column is not None:
                column.highlight(own)
        return before

    # Notifications ------------------------------------------------------------------------------------------------

    def choose_severity(self, column: Column) -> None:
        """How loudly a column tells of arrivals."""
        from workstation.views.widgets.picker import Choice, Picker

        picker = Picker(lazy("Notifications"), lazy("How new messages of this column are told"), self._over())
        now = column.spec.notify
        picker.offer(
            [
                Choice(severity.value, render(text), hint=_("now") if severity is now else "", icon=icon)
                for severity, (text, icon) in SEVERITIES.items()
            ]
        )
        picker.chosen.connect(lambda choice: self._notify(column, Severity(choice.id)))
        picker.open()

    def _notify(self, column: Column, severity: Severity) -> None:
        if column in self.deck.columns:
            column.notify(severity)
            said = lazy("{column}: {severity}", column=column.title, severity=SEVERITIES[severity][0])
            self._notices.say(said, key="notify")

    def show_quiet(self) -> None:
        """Do not disturb."""
        from workstation.views.deck.quiet_sheet import QuietSheet

        sheet = QuietSheet(self._desk.settings.now, self._desk.clock.now(), self._over())
        sheet.saved.connect(lambda values: self._desk.settings.change(**values))
        sheet.open()

    def _show_quiet(self, now: Preferences) -> None:
        button = self._window.top_bar.buttons["go.notices"]
        if not self._desk.alerts.quiet:
            button.rename(lazy("Notices"), "bell")
        elif now.quiet_until >= UNTIL_SWITCHED_OFF:
            button.rename(lazy("Notices. Do not disturb is on"), "volume-x")
        else:
            until = Moment(now.quiet_until, "time")
            button.rename(lazy("Notices. Do not disturb until {time}", time=until), "volume-x")

    # Masking ------------------------------------------------------------------------------------------------------

    def toggle_mask(self) -> None:
        """Hide persons on this screen, or show them again."""
        masking.switch(self._app, not masking.on())
        _show(self._window.banners, MASKED)
        for window in self.deck.torn.windows.values():
            _show(window.banners, MASKED_SHORT)
        self.masked.emit()

    def _acted(self, name: str) -> None:
        if name == MASKED.id and masking.on():
            self.toggle_mask()

    # Channels -----------------------------------------------------------------------------------------------------

    def _names(self) -> dict[int, str]:
        return {config.id: config.name for config in self._desk.supervisor.configs()}

    def show_health(self, column: Column) -> None:
        """How the channels of a column fare, in words."""
        from workstation.views.deck.health_card import HealthCard

        names = self._names()
        shown = [(names.get(health.channel, ""), health) for health in column.healths]
        card = HealthCard(shown, self._desk.clock.now(), column)
        head = column.header.rect()
        corner = head.bottomRight() if column.isRightToLeft() else head.bottomLeft()
        card.show_at(column.header.mapToGlobal(corner))

    def load_older(self, column: Column) -> None:
        """Load what is older than what a column has."""
        from workstation.views.deck.backfill_sheet import BackfillSheet

        channels = [health.channel for health in column.healths]
        sheet = BackfillSheet(
            self._desk.backfill, channels, self._names(), column.view.model.filter, self._desk.clock,
            self._tasks.spawn, self._over(),
        )  # fmt: skip
        sheet.open()

    def _loaded(self, progress: Progress) -> None:
        """Tell of the end where no sheet shows it."""
        from workstation.views.deck.backfill_sheet import STAGES, BackfillSheet

        if progress.stage is Stage.RUNNING or self._window.findChild(BackfillSheet) is not None:
            return
        end = progress.error or STAGES[progress.stage]
        self._notices.say(end, tone="danger" if progress.error is not None else "ok", key="backfill")


def _show(banners: Banners, text: BannerText) -> None:
    """Show the strip that says what is hidden, or take it away."""
    if masking.on():
        banners.put(text)
    else:
        banners.drop(text.id)
