"""The columns of a deck that have windows of their own: torn off, put back, away while their screen is gone."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QSize, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from workstation.services.columns import Placement
from workstation.views import theme
from workstation.views.deck.column import Column
from workstation.views.windows.places import beside, other_screen, screen_name, screen_named, settled

if TYPE_CHECKING:
    from workstation.views.deck.deck_page import DeckPage
    from workstation.views.windows.column_window import ColumnWindow

HEIGHT = 700


class TornColumns(QObject):
    """Opens and closes the windows; what stands where is kept in the columns' specs."""

    opened = Signal(object)
    """A ColumnWindow was opened: it wants the desk's keys and strips."""
    homeless = Signal(int)
    """So many columns came back because their screen is gone."""

    def __init__(self, deck: "DeckPage") -> None:
        super().__init__(deck)
        self._deck = deck
        self.windows: dict[Column, ColumnWindow] = {}
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenRemoved.connect(self._screen_gone)
            app.screenAdded.connect(self._screen_came)

    def toggle(self, column: Column) -> None:
        """Give a column a window of its own, or bring it back."""
        if column.torn:
            self.bring_back(column)
        else:
            self.tear_off(column)

    def tear_off(self, column: Column, at: QPoint | None = None) -> None:
        """Give a column a window of its own: under the pointer, else on another screen if there is one."""
        main = self._deck.window().screen()
        screen = (QGuiApplication.screenAt(at) if at is not None else None) or other_screen(main)
        if screen is None or column.torn:
            return
        look = theme.current()
        wanted = QSize(max(column.width(), look.measures.column) + 2 * look.measures.gap, HEIGHT)
        room = screen.availableGeometry()
        if at is not None:
            corner = at - QPoint(wanted.width() // 2, look.measures.header // 2)
            rect = settled(Placement("", corner.x(), corner.y()), room, wanted)
        else:
            taken = [window.frameGeometry() for window in self.windows.values()]
            rect = beside(taken, room, wanted)
        window = self._open(column)
        window.put(rect, active=True)
        column.stand(window.placement)
        column.enter()

    def restore(self, column: Column) -> None:
        """Open the window that a column had, if its screen is there."""
        placement = column.spec.window
        screen = screen_named(placement.screen) if placement is not None else None
        if placement is None or screen is None or column.torn:
            return
        rect = settled(placement, screen.availableGeometry(), QSize(column.width(), HEIGHT))
        self._open(column).put(rect, active=False)

    def _open(self, column: Column) -> "ColumnWindow":
        # Imported when first opened: a start pays for every module.
        from workstation.views.windows.column_window import ColumnWindow

        self._deck.strip.take(column)
        window = self.windows[column] = ColumnWindow(column)
        window.returned.connect(self.bring_back)
        window.settled.connect(lambda column, placement: column.stand(placement))
        window.dropped.connect(self._dropped)
        self.opened.emit(window)
        self._deck.settle()
        return window

    def bring_back(self, column: Column, *, forget: bool = True) -> None:
        """Put a column back to where it stood in the deck; unless told to `forget`, it remembers its window."""
        focused = column.isActiveWindow()
        self.give_up(column)
        self._deck.strip.insert(column, self._deck.place_in_strip(column))
        column.show()
        self._deck.settle()
        if forget:
            column.stand(None)
        if focused:
            self._deck.window().activateWindow()
            self._deck.focus_column(self._deck.columns.index(column))

    def bring_all_back(self) -> None:
        """Put every column back."""
        for column in list(self.windows):
            self.bring_back(column)

    def give_up(self, column: Column) -> None:
        """Close a column's window; the column stands nowhere then."""
        self.windows.pop(column).give_back()

    def come(self, column: Column) -> None:
        """Bring the window with a column to the front."""
        window = self.windows.get(column)
        if window is not None:
            window.come()
        elif not self._deck.window().isActiveWindow() and any(one.isActiveWindow() for one in self.windows.values()):
            self._deck.window().activateWindow()

    def _dropped(self, column: Column, at: QPoint) -> None:
        """A window dragged by its column's head and let go over the deck brings the column back."""
        strip = self._deck.strip
        if strip.isVisible() and strip.rect().contains(strip.mapFromGlobal(at)):
            self.bring_back(column)

    def _screen_gone(self, screen: QScreen) -> None:
        name = screen_name(screen)
        lost = [
            column
            for column, window in self.windows.items()
            if window.home == name or (not window.home and window.screen() is screen)
        ]
        for column in lost:
            # It remembers: with the screen, the window comes back.
            self.bring_back(column, forget=False)
        if lost:
            self.homeless.emit(len(lost))

    def _screen_came(self, screen: QScreen) -> None:
        for column in self._deck.columns:
            placement = column.spec.window
            if not column.torn and placement is not None and placement.screen == screen_name(screen):
                self.restore(column)

    def close(self) -> None:
        """Close every window; the columns keep their places for the next time."""
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenRemoved.disconnect(self._screen_gone)
            app.screenAdded.disconnect(self._screen_came)
        for column in list(self.windows):
            self.windows.pop(column).give_back().deleteLater()
