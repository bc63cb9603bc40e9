"""How a column's channels fare, in words, in a card beside the column's head."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from workstation.domain.channels import Health
from workstation.domain.messages import Micros
from workstation.i18n import _, render
from workstation.views import theme
from workstation.views.case.words import CONDITION, CONDITION_TONE
from workstation.views.deck.health import facts
from workstation.views.widgets.chips import Chip
from workstation.views.widgets.labels import Elided, Paragraph

WIDTH = 360


class HealthCard(QFrame):
    """Closes by itself when one looks elsewhere, or with Escape."""

    def __init__(self, healths: Sequence[tuple[str, Health]], now: Micros, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._beside = parent
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "notice")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        said: list[str] = []
        for number, (name, health) in enumerate(healths):
            if number:
                column.addSpacing(8)
            said += self._channel(column, name, health, now)
        if not healths:
            nothing = _("No channel is connected.")
            column.addWidget(Paragraph(nothing))
            said.append(nothing)
        self.setAccessibleName(_("How its channels fare"))
        self.setAccessibleDescription(" ".join(said))
        letters = theme.current().letter
        self.setFixedWidth(max(WIDTH, letters * 46))

    @staticmethod
    def _channel(column: QVBoxLayout, name: str, health: Health, now: Micros) -> list[str]:
        title = Elided(name)
        title.setProperty("role", "heading")
        column.addWidget(title)
        condition = render(CONDITION[health.condition])
        column.addWidget(Chip(condition, CONDITION_TONE.get(health.condition, "")))
        said = [name, condition]
        for fact in facts(health, now):
            words = Paragraph(render(fact))
            words.setProperty("role", "secondary")
            column.addWidget(words)
            said.append(render(fact))
        return said

    def show_at(self, point: QPoint) -> None:
        """Show it with its upper leading corner at a global position, wholly on that screen."""
        self.adjustSize()
        screen = self._beside.screen().availableGeometry()
        x = point.x() - (self.width() if self.isRightToLeft() else 0)
        x = max(screen.left(), min(x, screen.right() - self.width()))
        y = max(screen.top(), min(point.y(), screen.bottom() - self.height()))
        self.move(x, y)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, Enter and Space close it."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.close()
        else:
            super().keyPressEvent(event)
