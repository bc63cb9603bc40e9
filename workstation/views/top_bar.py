"""The bar at the top: which desk, live or practice, how many wait; search; notices, language, theme."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from workstation.i18n import _, ngettext
from workstation.views import theme
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import BY_ID
from workstation.views.widgets.buttons import IconButton
from workstation.views.widgets.chips import Chip
from workstation.views.widgets.labels import Elided
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign

BUTTONS = ("composer.post", "go.notices", "desk.language", "desk.theme")


class SearchField(QLineEdit):
    """Where one searches; Escape gives the focus back.

    It draws its own sign: an action in a QLineEdit has an icon of one size, however large the text.
    """

    left = Signal()
    INSET = 11

    def refresh(self) -> None:
        """Leave room for the sign: theme, size or direction changed."""
        room = self.INSET + theme.current().measures.icon - 4
        self.setTextMargins(0 if self.isRightToLeft() else room, 0, room if self.isRightToLeft() else 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sign before the words."""
        super().paintEvent(event)
        side = theme.current().measures.icon
        picture = sign("search", "secondary")
        painter = QPainter(self)
        left = self.width() - self.INSET - side if self.isRightToLeft() else self.INSET
        painter.drawPixmap(left, (self.height() - side) // 2, picture)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme, size and direction."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.LayoutDirectionChange):
            self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
            return
        super().keyPressEvent(event)


class TopBar(Retranslating):
    """No figure about people: only how many customers wait."""

    searched = Signal(str)

    def __init__(self, actions: DeskActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._practice = False
        self._waiting = -1
        self._channels = 0
        self._name = ""
        self._title = Elided()
        self._title.setProperty("role", "title")
        self._world = Chip()
        self._state = Elided()
        self._state.setProperty("role", "secondary")
        self.search = SearchField()
        self.search.setObjectName("search")
        self.search.returnPressed.connect(lambda: self.searched.emit(self.search.text().strip()))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 12, 6)
        row.setSpacing(12)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row.addWidget(self._title)
        row.addWidget(self._world)
        row.addWidget(self._state, 3)
        row.addWidget(self.search, 2)
        self.buttons = {name: self._button(name) for name in BUTTONS}
        for button in self.buttons.values():
            row.addWidget(button)
        self.retranslate()

    def _button(self, name: str) -> IconButton:
        button = IconButton(BY_ID[name].icon, BY_ID[name].label)
        button.follow(self._actions[name])
        return button

    def show_desk(self, name: str, *, practice: bool) -> None:
        """Say which desk this is; a channel's name is not translated."""
        self._name, self._practice = name, practice
        self.retranslate()

    def show_state(self, waiting: int, channels: int) -> None:
        """Say how many customers wait and how many channels are connected; -1: not known yet."""
        self._waiting, self._channels = waiting, channels
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.setMinimumHeight(theme.current().measures.top_bar)
        self._title.setText(self._name or _("My desk"))
        self._world.show_text(_("PRACTICE") if self._practice else _("LIVE"), "practice" if self._practice else "ok")
        parts = [ngettext("{count} channel", "{count} channels", self._channels)] if self._channels else []
        if self._waiting >= 0:
            parts.append(ngettext("{count} waiting for an answer", "{count} waiting for an answer", self._waiting))
        self._state.setText(" · ".join(parts))
        key = self._actions.key_text("go.search")
        self.search.setPlaceholderText(_("Search ({key})", key=key))
        self.search.setAccessibleName(_("Search messages"))
        self.search.setToolTip(_("Words, or a filter such as lang:de is:unanswered"))
        self.search.refresh()
