"""The page of templates: the library, the articles, the guidelines; each behind a tab, with what one can do there."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from workstation.i18n import _
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import BY_ID, Scope
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tabs import name_arrows

FIRST = ("templates.new",)
MORE = ("templates.duplicate", "templates.move", "templates.folder", "templates.remove")
FILES = ("templates.import", "templates.export")
LIBRARY, ARTICLES, GUIDELINES = range(3)


class TemplatesPage(Retranslating):
    """Composes the three parts."""

    shown = Signal()
    left = Signal()

    def __init__(
        self,
        actions: DeskActions,
        parts: Iterable[QWidget],
        handlers: dict[str, Callable[[], object]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._title = Paragraph()
        self._title.setProperty("role", "title")
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self._stack = QStackedWidget()
        for part in parts:
            self._stack.addWidget(part)
            self.tabs.addTab("")
        for name, handler in handlers.items():
            actions.on(name, handler)
        self._tools = self._toolbar(actions)
        self.tabs.currentChanged.connect(self._turn)
        actions.attach(Scope.TEMPLATES, self)
        head = QHBoxLayout()
        head.setSpacing(20)
        head.addWidget(self._title)
        head.addWidget(self.tabs)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._tools)
        column.addWidget(self._stack, 1)
        self.retranslate()

    def _toolbar(self, actions: DeskActions) -> QWidget:
        tools = QWidget()
        row = FlowLayout(tools)
        for name in (*FIRST, *FILES):
            spec = BY_ID[name]
            button = TextButton(spec.label, icon=spec.icon, role="primary" if name in FIRST else "")
            button.follow(actions[name])
            row.addWidget(button)
        for name in MORE:
            icon = IconButton(BY_ID[name].icon, BY_ID[name].label)
            icon.follow(actions[name])
            row.addWidget(icon)
        return tools

    def turn(self, part: int) -> None:
        """Show a part."""
        self.tabs.setCurrentIndex(part)

    def _turn(self, part: int) -> None:
        self._stack.setCurrentIndex(part)
        self._tools.setVisible(part == LIBRARY)

    def focus_first(self) -> None:
        """Put the focus where one begins: into the list of the part that is shown."""
        part = self._stack.currentWidget()
        first = getattr(part, "list", None)
        if isinstance(first, QWidget):
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Read everything anew: it may have changed."""
        super().showEvent(event)
        self.shown.emit()
        self.focus_first()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whatever was written is stored."""
        super().hideEvent(event)
        self.left.emit()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._title.setText(_("Templates"))
        self.setAccessibleName(_("Templates"))
        self.tabs.setAccessibleName(_("Templates, articles and guidelines"))
        name_arrows(self.tabs)
        for at, name in enumerate((_("Library"), _("Articles"), _("Guidelines"))):
            self.tabs.setTabText(at, name)
