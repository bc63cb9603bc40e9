"""The page of posts: writing one, and the calendar of those that are planned."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from workstation.i18n import _
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import Scope
from workstation.views.posting import accessible
from workstation.views.posting.calendar import CalendarView
from workstation.views.posting.tabs import CALENDAR, WRITE
from workstation.views.posting.write_view import WriteView
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating


class PostsPage(Retranslating):
    """Two tabs."""

    turned = Signal(int)

    def __init__(
        self, actions: DeskActions, write: WriteView, calendar: CalendarView, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.write, self.calendar = write, calendar
        self._title = Paragraph()
        self._title.setProperty("role", "title")
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.addTab("")
        self.tabs.addTab("")
        self._stack = QStackedWidget()
        self._stack.addWidget(write)
        self._stack.addWidget(calendar)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addSpacing(16)
        head.addWidget(self.tabs)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._turned)
        accessible.install()
        actions.attach(Scope.POSTING, write)
        actions.attach(Scope.CALENDAR, calendar)
        self.retranslate()

    def show_tab(self, at: int) -> None:
        """Show the writing or the calendar."""
        self.tabs.setCurrentIndex(at)

    def _turned(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        self.turned.emit(at)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._title.setText(_("Posts"))
        self.tabs.setTabText(WRITE, _("Write"))
        self.tabs.setTabText(CALENDAR, _("Calendar"))
        self.tabs.setAccessibleName(_("Posts"))
        self.setAccessibleName(_("Posts"))
