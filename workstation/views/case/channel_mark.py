"""The mark of a channel: its network's letter on its colour, as on a card, for lists."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from workstation.views import theme
from workstation.views.deck.content import ChannelFace
from workstation.views.theme import Look, colour
from workstation.views.tokens import readable_on

SIDE = 18
_SHARP = 2
"""Pixels drawn for each one shown, so that it is sharp on dense screens too."""


def channel_mark(face: ChannelFace) -> QIcon:
    """The mark in the theme in force; practice never looks like live."""
    return QIcon(_drawn(theme.current(), face))


@lru_cache(maxsize=256)
def _drawn(look: Look, face: ChannelFace) -> QPixmap:
    side = round(SIDE * look.scale)
    ground = look.colours.practice if face.practice else face.colour
    ink = look.colours.on_practice if face.practice else readable_on(face.colour)
    picture = QPixmap(side * _SHARP, side * _SHARP)
    picture.setDevicePixelRatio(_SHARP)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(ground))
    area = QRectF(0, 0, side, side)
    painter.drawEllipse(area)
    painter.setPen(colour(ink))
    painter.setFont(look.font("badge", 700))
    painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), face.badge)
    painter.end()
    return picture
