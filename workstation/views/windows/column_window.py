"""A window that holds one column: the column itself, with its rows, selection and place, not a copy of it."""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.i18n import _, plain
from workstation.qt.throttle import Throttle
from workstation.services.columns import Placement
from workstation.views import icons, theme
from workstation.views.deck.column import Column
from workstation.views.notices import Notices
from workstation.views.widgets.banner import Banners
from workstation.views.widgets.handback import BESIDE
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.windows.places import screen_name

RESTING = 400
"""Milliseconds a window must stand still before its place is remembered. A screen that is unplugged pushes its windows
elsewhere first and is told to be gone then: the place they were pushed to must not be taken for theirs."""
_ANY_WIDTH = 16_777_215


class ColumnWindow(Retranslating):
    """A top-level window of its own, so that every screen's task bar has it; closing it brings the column back."""

    returned = Signal(object)
    """The Column is wanted back in the deck."""
    settled = Signal(object, object)
    """The Column, and the Placement where its window came to rest."""
    dropped = Signal(object, QPoint)
    """The Column's head was dragged and let go at a global position."""

    def __init__(self, column: Column) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName(BESIDE)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.column = column
        self.home = ""
        """The name of the screen it stands on, as far as is known for sure."""
        self.banners = Banners()
        layout = QVBoxLayout(self)
        gap = theme.current().measures.gap
        layout.setContentsMargins(gap, 0, gap, gap)
        layout.setSpacing(gap)
        layout.addWidget(self.banners)
        layout.addWidget(column, 1)
        column.setMinimumWidth(theme.current().measures.column_min)
        column.setMaximumWidth(_ANY_WIDTH)
        column.torn = True
        self.notices = Notices(self)
        self._held: QPoint | None = None
        self._last = QPoint()
        self._let_go = False
        self._resting = Throttle(self, RESTING, self._rested)
        column.changed.connect(self.retranslate)
        column.header.dragged.connect(self._dragged)
        column.header.dropped.connect(self._dropped)
        self.retranslate()

    def put(self, rect: QRect, *, active: bool) -> None:
        """Stand there."""
        self.move(rect.topLeft())
        self.resize(rect.size())
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not active)
        screen = QGuiApplication.screenAt(rect.center()) or self.screen()
        self.home = screen_name(screen) if screen is not None else ""
        self.show()
        self.column.show()
        if active:
            self.come()

    def come(self) -> None:
        """Be in front, with the keyboard."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    @property
    def placement(self) -> Placement:
        """Where it stands."""
        return Placement(self.home, self.x(), self.y(), self.width(), self.height())

    def give_back(self) -> Column:
        """Let the column go and close; nobody is told."""
        self._resting.cancel()
        self._let_go = True
        column = self.column
        column.changed.disconnect(self.retranslate)
        column.header.dragged.disconnect(self._dragged)
        column.header.dropped.disconnect(self._dropped)
        column.torn = False
        column.hide()
        column.setParent(None)
        self.close()
        self.deleteLater()
        return column

    def _rested(self) -> None:
        screen = self.screen()
        if self.isVisible() and not self.isMinimized() and screen in QGuiApplication.screens():
            self.home = screen_name(screen)
            self.settled.emit(self.column, self.placement)

    def _dragged(self, at: QPoint) -> None:
        """The head moves the window, as a title bar does."""
        if self._held is None:
            self._held = at - self.pos()
        self._last = at
        self.move(at - self._held)

    def _dropped(self) -> None:
        self._held = None
        self.dropped.emit(self.column, self._last)

    def moveEvent(self, event: QMoveEvent) -> None:
        """Remember the place once it stands still."""
        super().moveEvent(event)
        if not self._let_go:
            self._resting.later()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Remember the size once it stays."""
        super().resizeEvent(event)
        if not self._let_go:
            self._resting.later()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing it brings the column back."""
        event.accept()
        if not self._let_go:
            self.returned.emit(self.column)

    def changeEvent(self, event: QEvent) -> None:
        """Larger type needs a wider column."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and hasattr(self, "column"):
            self.column.setMinimumWidth(theme.current().measures.column_min)

    def retranslate(self) -> None:
        """Write the title in the language spoken now."""
        self.setWindowTitle(plain(_("{column} – Meridian", column=self.column.title)))
        self.setAccessibleName(self.column.title)
        self.setWindowIcon(icons.app_icon())


def window_of(widget: QWidget) -> ColumnWindow | None:
    """The torn-off window that a widget is in, or None."""
    top = widget.window()
    return top if isinstance(top, ColumnWindow) else None
