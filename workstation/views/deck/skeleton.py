"""What a column shows while it loads."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame

from workstation.views import theme


class Skeleton(QFrame):
    """Grey cards where the real ones will be."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint them."""
        del event
        look = theme.current()
        measures = look.measures
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        y, width = 2, self.width() - 2 * measures.card_inset
        for number in range(6):
            tall = (118, 150, 104)[number % 3]
            painter.setBrush(look.colour("card"))
            painter.drawRoundedRect(measures.card_inset, y, width, tall, measures.radius_card, measures.radius_card)
            painter.setBrush(look.colour("neutral_soft"))
            left, top = measures.card_inset + measures.card_padding, y + measures.card_padding
            painter.drawEllipse(left, top, measures.avatar, measures.avatar)
            for line, share in enumerate((0.45, 0.6, 0.9, 0.75)):
                inset = measures.avatar + 10 if line < 2 else 0
                at = top + (4 + line * 16 if line < 2 else 44 + (line - 2) * 18)
                painter.drawRoundedRect(left + inset, at, round((width - 90) * share), 9, 4, 4)
            y += tall + measures.card_gap
        painter.end()
