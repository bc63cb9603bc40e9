"""The rail at the leading edge: our mark with the menu, the pages that exist, settings and help at its foot."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QToolButton, QVBoxLayout, QWidget

from workstation.domain.text import lazy
from workstation.i18n import formats, ngettext
from workstation.views import icons, theme
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import BY_ID
from workstation.views.widgets.buttons import IconButton
from workstation.views.widgets.marking import mark
from workstation.views.widgets.retranslating import Retranslating

PAGES = ("page.deck", "page.outbox", "page.posts", "page.templates", "page.rules", "page.kpi")
FOOT = ("go.help", "page.privacy", "page.settings")


class Mark(IconButton):
    """Our mark, which opens the menu; it keeps its own colours, whatever its action and the theme do."""

    def __init__(self) -> None:
        super().__init__("menu", lazy("Menu"), size=36)
        self.setObjectName("mark")

    def refresh(self) -> None:
        """See IconButton."""
        super().refresh()
        side = min(theme.current().measures.rail - 24, 48)
        self.setIcon(icons.app_icon())
        self.setIconSize(QSize(side, side))


class Rail(Retranslating):
    """Buttons that follow the window's actions; the outbox shows how many wait."""

    def __init__(self, actions: DeskActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._count = 0
        self.mark = Mark()
        self.mark.follow(actions["go.menu"])
        self._buttons: dict[str, IconButton] = {}
        group = self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 9, 8, 12)
        column.setSpacing(8)
        column.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        self._add(PAGES, actions, group, column)
        column.addStretch(1)
        self._add(FOOT, actions, group, column)
        self._badge = QLabel(self)
        self._badge.setProperty("role", "badge")
        self._badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._badge.hide()
        self.retranslate()

    def _add(self, names: Sequence[str], actions: DeskActions, group: QButtonGroup, column: QVBoxLayout) -> None:
        for name in names:
            button = IconButton(BY_ID[name].icon, BY_ID[name].label, size=36)
            button.follow(actions[name])
            if name.startswith("page."):
                button.setCheckable(True)
                group.addButton(button)
            self._buttons[name] = button
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_page(self, name: str) -> None:
        """Mark the page one is on."""
        button = self._buttons.get(name)
        self._group.setExclusive(button is not None)
        for other in self._group.buttons():
            other.setChecked(other is button)

    def show_waiting(self, count: int) -> None:
        """Show how many operations wait in the outbox."""
        self._count = count
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        mark(self, "mirrored", "true" if self.isRightToLeft() else "false")
        side = theme.current().measures.rail
        self.setFixedWidth(side)
        self.mark.refresh()
        self._badge.setVisible(self._count > 0)
        self._badge.setText(formats().compact(self._count))
        said = ngettext("{count} in the outbox", "{count} in the outbox", self._count)
        self._badge.setAccessibleName(said)
        self._buttons["page.outbox"].setAccessibleDescription(said if self._count else "")
        self._place()

    def _place(self) -> None:
        button: QToolButton = self._buttons["page.outbox"]
        self._badge.adjustSize()
        box = button.geometry()
        left = box.left() - 4 if self.isRightToLeft() else box.right() - self._badge.width() + 6
        self._badge.move(max(0, min(left, self.width() - self._badge.width())), box.top() - 4)
        self._badge.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the count at its button."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and scale too."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.retranslate()
