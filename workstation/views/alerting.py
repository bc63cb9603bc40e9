"""Notifications on the screen: by the system where it can and nobody is looking at us, else as notices."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import plain, render
from workstation.qt.throttle import Throttle
from workstation.services.alerts import Alert, Alerts
from workstation.services.columns import Severity
from workstation.services.settings import Settings
from workstation.views import icons, masking, wording
from workstation.views.deck.column import Column
from workstation.views.deck.content import one_line
from workstation.views.deck.deck_page import DeckPage
from workstation.views.main_window import MainWindow

SHOWN_MS = {Severity.QUIET: 8_000, Severity.URGENT: 30_000}
LONGEST = 140
COUNTING = 500
"""Milliseconds between two changes of the figure."""
_MARKUP = str.maketrans({"<": "‹", ">": "›", "&": "+"})
"""Some systems read markup in notifications."""


class Alerting(QObject):
    """Keeps the service in step with the deck, and shows what it tells."""

    def __init__(
        self, alerts: Alerts, deck: DeckPage, settings: Settings, app: QApplication, window: MainWindow
    ) -> None:
        super().__init__(window)
        self._alerts, self._deck, self._notices = alerts, deck, window.notices
        self._settings, self._app, self._window = settings, app, window
        self._tray: QSystemTrayIcon | None = None
        self._latest = ""
        alerts.seen = self._seen
        self._count = 0
        self._counting = Throttle(self, COUNTING, self._show_badge)
        self._ends = [alerts.subscribe(self.tell), alerts.on_badge(self._badge)]
        deck.specs_changed.connect(self._follow)
        deck.selected.connect(lambda _entry: self._looked())
        app.applicationStateChanged.connect(self._state_changed)

    def close(self) -> None:
        """Show nothing any more."""
        for end in self._ends:
            end()
        self._ends = []
        self._app.applicationStateChanged.disconnect(self._state_changed)
        if self._tray is not None:
            self._tray.hide()
        self._counting.cancel()
        self._count = 0
        self._show_badge()

    def _follow(self) -> None:
        self._alerts.watch(self._deck.specs)

    def _column(self, name: str) -> Column | None:
        return next((column for column in self._deck.columns if column.spec.id == name), None)

    def _seen(self, name: str) -> bool:
        """Whether a column follows before somebody's eyes."""
        column = self._column(name)
        if column is None or not column.isActiveWindow():
            return False
        return column.view.following and not column.visibleRegion().isEmpty()

    def _looked(self) -> None:
        column = self._deck.current
        if column is not None and column.isActiveWindow():
            self._alerts.looked_at(column.spec.id)

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            for column in self._deck.columns:
                if self._seen(column.spec.id):
                    self._alerts.looked_at(column.spec.id)

    def _badge(self, count: int) -> None:
        self._count = count
        self._counting.request()

    def _show_badge(self) -> None:
        count = self._count
        self._app.setBadgeNumber(min(count, 9_999))
        self._window.show_unseen(count)
        if self._tray is not None:
            words = lazy_plural("{count} new message", "{count} new messages", count)
            self._tray.setToolTip(plain(render(words)) if count else "Meridian")

    def words(self, alert: Alert) -> LazyText:
        """What a notification says: how many and where; who and what only where that was switched on."""
        column = self._column(alert.column)
        title = column.title if column is not None else ""
        entry = alert.entry
        if entry is not None and self._settings.now.alert_texts and not masking.on():
            author, message = entry.message.author, entry.message
            name = one_line(author.name) or one_line(author.handle)
            text = one_line(message.spoiler or wording.text(message), LONGEST)
            return lazy("{column}: {name}: {text}", column=title, name=name, text=text)
        return lazy_plural("{count} new in {column}", "{count} new in {column}", alert.count, column=title)

    def tell(self, alert: Alert) -> None:
        """Show one."""
        urgent = alert.severity is Severity.URGENT
        active = self._app.applicationState() is Qt.ApplicationState.ApplicationActive
        words = self.words(alert)
        if not active and self._by_system(alert, words):
            if urgent:
                QApplication.alert(self._window.window())
            return
        self._notices.say(
            words,
            tone="warn" if urgent else "",
            key=f"alert:{alert.column}",
            action=lazy("Show"),
            handler=lambda: self.show_column(alert.column),
            stays=urgent,
        )
        if urgent:
            QApplication.alert(self._window.window())

    def _by_system(self, alert: Alert, words: LazyText) -> bool:
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return False
        if self._tray is None:
            self._tray = QSystemTrayIcon(icons.app_icon(), self)
            self._tray.messageClicked.connect(lambda: self.show_column(self._latest))
            self._tray.activated.connect(lambda _reason: self.show_column(self._latest))
            self._tray.show()
        self._latest = alert.column
        kind = QSystemTrayIcon.MessageIcon
        icon = kind.Warning if alert.severity is Severity.URGENT else kind.Information
        text = plain(render(words)).translate(_MARKUP)
        self._tray.showMessage("Meridian", text, icon, SHOWN_MS.get(alert.severity, 8_000))
        return True

    def show_column(self, name: str) -> None:
        """Go to the column that was told of."""
        top = self._window.window()
        top.showNormal() if top.isMinimized() else top.show()
        top.raise_()
        top.activateWindow()
        column = self._column(name)
        if column is not None:
            self._deck.focus_column(self._deck.columns.index(column))
            column.jump_to_new()
