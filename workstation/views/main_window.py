"""The window: rail, top bar, strips, pages. It is on the screen before the desk is open; `Workbench` fills it then."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from workstation.domain.text import lazy
from workstation.i18n import _, formats, render
from workstation.qt.frame import SIZE, Frame
from workstation.services.settings import Settings
from workstation.views import icons, theme
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import ACTIONS, GROUPS, Group
from workstation.views.notices import Notices
from workstation.views.rail import Rail
from workstation.views.top_bar import TopBar
from workstation.views.widgets.banner import Banners, BannerText

PRACTICE = BannerText(
    "practice",
    lazy("PRACTICE. These customers are invented and nothing you send leaves this machine."),
    tone="practice",
    icon="graduation-cap",
)


class MainWindow(QWidget):
    """What fills the frame, or a window by itself. Pages are added by name."""

    page_changed = Signal(str)
    closed = Signal()

    def __init__(self, settings: Settings, *, practice: bool = False) -> None:
        super().__init__()
        self.setObjectName("window")
        self.practice = practice
        self._unseen = 0
        self.settings = settings
        self.actions_table = DeskActions(settings.now.keys, self)
        self.rail = Rail(self.actions_table)
        self.top_bar = TopBar(self.actions_table)
        self.banners = Banners()
        self.pages = QStackedWidget()
        self._names: dict[str, QWidget] = {}
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self._menus: list[tuple[Group, QMenu]] = []
        self.page = ""
        self._start_close: Callable[[], object] | None = None
        self._may_close = False
        self._compose()
        self.notices = Notices(self)
        self._bind()
        self.resize(*SIZE)
        if practice:
            self.banners.put(PRACTICE)
        self.top_bar.show_desk("", practice=practice)
        self._name()

    def _compose(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.banners)
        right.addWidget(self.top_bar)
        right.addWidget(self.pages, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)

    def _bind(self) -> None:
        table = self.actions_table
        self.addActions([table[spec.id] for spec in ACTIONS if spec.scope == "window"])
        table.on("go.menu", self.show_menu)
        table.on("desk.fullscreen", self._toggle_fullscreen)
        table.on("desk.quit", self.close)

    # -- pages -----------------------------------------------------------------------------------------------------

    def add_page(self, name: str, page: QWidget) -> None:
        """Add a page under its action's name, such as "page.deck"; that action goes to it."""
        old = self._names.pop(name, None)
        if old is not None:
            self.pages.removeWidget(old)
            old.deleteLater()
        self._names[name] = page
        self.pages.addWidget(page)
        if any(spec.id == name for spec in ACTIONS):
            self.actions_table.on(name, lambda: self.go(name))

    def add_later(self, name: str, make: Callable[[], QWidget]) -> None:
        """Add a page that is made when it is first gone to: what it imports must not slow down the start."""
        self._makers[name] = make
        self.actions_table.on(name, lambda: self.go(name))

    def go(self, name: str) -> None:
        """Show a page."""
        make = self._makers.pop(name, None)
        if make is not None:
            self.add_page(name, make())
        page = self._names[name]
        self.pages.setCurrentWidget(page)
        self.page = name
        self.rail.show_page(name)
        self.page_changed.emit(name)

    def widget(self, name: str) -> QWidget | None:
        """The page of a name."""
        return self._names.get(name)

    # -- menus -----------------------------------------------------------------------------------------------------

    def _fill_menu_bar(self) -> None:
        """macOS has its bar at the top of the screen; elsewhere the mark on the rail opens the same menus."""
        frame = self.window()
        if QGuiApplication.platformName() != "cocoa" or not isinstance(frame, QMainWindow) or self._menus:
            return
        bar = frame.menuBar()
        for group in Group:
            menu = bar.addMenu(render(GROUPS[group]))
            menu.setToolTipsVisible(True)
            menu.addActions(self.actions_table.listed([spec.id for spec in ACTIONS if spec.group is group]))
            self._menus.append((group, menu))

    def show_menu(self) -> None:
        """Open the menus beside the mark."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for group in Group:
            part = menu.addMenu(render(GROUPS[group]))
            part.setToolTipsVisible(True)
            part.addActions(
                self.actions_table.listed([spec.id for spec in self.actions_table.known() if spec.group is group])
            )
        mark = self.rail.mark
        corner = mark.rect().bottomRight() if self.isRightToLeft() else mark.rect().bottomLeft()
        menu.popup(mark.mapToGlobal(corner))

    def _toggle_fullscreen(self) -> None:
        self.window().setWindowState(self.window().windowState() ^ Qt.WindowState.WindowFullScreen)

    # -- where it is -----------------------------------------------------------------------------------------------

    def place(self) -> dict[str, Any]:
        """Where the window is, as text."""
        return {"geometry": bytes(self.window().saveGeometry().toBase64().data()).decode("ascii"), "page": self.page}

    def put_place(self, place: dict[str, Any]) -> None:
        """Put the window where it was; Qt moves it onto a screen that is still there."""
        state = place.get("geometry")
        if isinstance(state, str) and state:
            self.window().restoreGeometry(QByteArray.fromBase64(state.encode("ascii", "ignore")))
        top = self.window()
        screen = top.screen() or QGuiApplication.primaryScreen()
        if screen is not None:
            room = screen.availableSize()
            if room.isValid() and room.width() > 800 and top.windowState() == Qt.WindowState.WindowNoState:
                top.resize(top.size().boundedTo(room))

    # -- the end ---------------------------------------------------------------------------------------------------

    def on_close(self, start: Callable[[], object]) -> None:
        """`start` begins what must end before the window may go; it calls `let_go` then."""
        self._start_close = start

    def let_go(self) -> None:
        """Close now."""
        self._may_close = True
        self.close()

    def close(self) -> bool:
        """Close the window this is, or the frame it fills."""
        top = self.window()
        return super().close() if top is self else top.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first whether anything must be finished."""
        if self._start_close is not None and not self._may_close:
            self._start_close()
            if not self._may_close:  # what must end first lets go at once, where there is nothing to wait for
                event.ignore()
                return
        event.accept()
        self._remember_frame()
        self.closed.emit()

    def _remember_frame(self) -> None:
        frame = self.window()
        if isinstance(frame, Frame):
            colours = theme.current().colours
            grounds = [ground for ground in self.findChildren(QFrame) if ground.property("role") == "column"]
            blocks = [(QRect(ground.mapTo(frame, QPoint(0, 0)), ground.size()), colours.surface) for ground in grounds]
            frame.remember(colours.background, blocks)

    def show_unseen(self, count: int) -> None:
        """Tell in the title how many new messages wait, for desktops that show no figure on an icon; 0 for none."""
        self._unseen = count
        self._write_title()

    def _write_title(self) -> None:
        title = _("Meridian – practice") if self.practice else "Meridian"
        self.setWindowTitle(f"({formats().number(self._unseen)}) {title}" if self._unseen else title)

    def _name(self) -> None:
        self._write_title()
        self.setWindowIcon(icons.app_icon())

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._name()
        self.actions_table.retranslate()
        for group, menu in self._menus:
            menu.setTitle(render(GROUPS[group]))

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        if event.type() == QEvent.Type.ParentChange:
            self._fill_menu_bar()
        if self._menus and event.type() in (QEvent.Type.PaletteChange, QEvent.Type.LayoutDirectionChange):
            self.actions_table.listed([spec.id for spec in ACTIONS])
        super().changeEvent(event)
