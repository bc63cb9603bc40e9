"""Parts of cards that look the same on many cards, drawn once: avatars with their badge, chips, the holder's mark.

Drawing a rounded rectangle or a word costs as much as copying twenty finished chips, and what chips say repeats.
"""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from workstation.domain.cases import Holder
from workstation.views import fonts, icons
from workstation.views.deck.content import ChannelFace, Chip, Tone
from workstation.views.deck.type import face
from workstation.views.theme import Look, colour
from workstation.views.tokens import readable_on

OVERHANG = 3
"""Pixels by which the badge stands out of the avatar, at the side and below."""
_TONES: dict[Tone, tuple[str, str, str]] = {
    # ground, ink of the text, ink of the icon; "" draws an outline instead of a ground
    Tone.PLAIN: ("", "secondary", "secondary"),
    Tone.QUIET: ("neutral_soft", "text", "secondary"),
    Tone.ACCENT: ("accent_soft", "text", "accent"),
    Tone.OK: ("ok_soft", "text", "ok"),
    Tone.WARN: ("warn_soft", "text", "warn"),
    Tone.DANGER: ("danger_soft", "text", "danger"),
    Tone.PRACTICE: ("practice", "on_practice", "on_practice"),
}
_HOLDERS = {Holder.FREE: "user-plus", Holder.MINE: "user-check", Holder.HELD: "lock"}


def _canvas(width: int, height: int, ratio: float) -> tuple[QPixmap, QPainter]:
    result = QPixmap(round(width * ratio), round(height * ratio))
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return result, painter


@lru_cache(maxsize=1_024)
def avatar(look: Look, ratio: float, rtl: bool, initial: str, hue: int, shown: ChannelFace) -> QPixmap:
    """Initials on the author's colour with the network's badge; OVERHANG wider and higher than the measure says."""
    size, badge = look.measures.avatar, look.measures.badge
    result, painter = _canvas(size + OVERHANG, size + OVERHANG, ratio)
    ground, ink = look.colours.avatars[hue]
    left = OVERHANG if rtl else 0
    _disc(painter, QRectF(left, 0, size, size), ground)
    painter.setPen(colour(ink))
    letter = look.font("initial", 600, fonts.writing(initial))
    fonts.draw_initial(painter, QRectF(left, 0, size, size), initial, letter)
    rect = QRectF(0 if rtl else size + OVERHANG - badge, size + OVERHANG - badge, badge, badge)
    ground = look.colours.practice if shown.practice else shown.colour
    ink = look.colours.on_practice if shown.practice else readable_on(shown.colour)
    _disc(painter, rect.adjusted(-1.5, -1.5, 1.5, 1.5), look.colours.card)
    _disc(painter, rect, ground)
    painter.setFont(look.font("badge", 700))
    painter.setPen(colour(ink))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), shown.badge)
    painter.end()
    return result


def _disc(painter: QPainter, rect: QRectF, ground: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(ground))
    painter.drawEllipse(rect)


def chip_width(look: Look, chip: Chip) -> int:
    """How wide a chip is when it has all the room it wants."""
    return round(face(look, "chip", 600).advance(chip.text) + 16 + (_edge(look) + 4 if chip.icon else 0))


def _edge(look: Look) -> int:
    return round(13 * look.scale)


@lru_cache(maxsize=2_048)
def chip_sprite(look: Look, ratio: float, rtl: bool, chip: Chip, width: int) -> QPixmap:
    """A chip `width` wide; its text elides where that is not enough."""
    height, edge = look.measures.chip, _edge(look)
    result, painter = _canvas(width, height, ratio)
    ground, ink, icon_ink = _TONES[chip.tone]
    if ground:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(ground))
        painter.drawRoundedRect(QRectF(0, 0, width, height), height / 2, height / 2)
    else:
        painter.setPen(QPen(look.colour("border"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, height - 1), height / 2 - 0.5, height / 2 - 0.5)
    inset = 8
    if chip.icon:
        picture = icons.pixmap(chip.icon, getattr(look.colours, icon_ink), edge, ratio)
        painter.drawPixmap(width - inset - edge if rtl else inset, (height - edge) // 2, picture)
        inset += edge + 4
    typeface = face(look, "chip", 600)
    text, _wide = typeface.fitted(chip.text, width - inset - 7)
    painter.setFont(typeface.font)
    painter.setPen(look.colour(ink))
    rect = QRectF(8 if rtl else inset, 0, width - inset - 8, height)
    side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute), text)
    painter.end()
    return result


@lru_cache(maxsize=64)
def holder_sprite(look: Look, ratio: float, holder: Holder) -> QPixmap:
    """Free, mine or held, as a mark; never who."""
    size = look.measures.holder
    result, painter = _canvas(size, size, ratio)
    edge = round(size * 0.8)
    if holder is not Holder.FREE:
        _disc(
            painter,
            QRectF(0, 0, size, size),
            getattr(look.colours, "accent" if holder is Holder.MINE else "neutral_soft"),
        )
        edge = round(size * 0.64)
    ink = look.colours.on_accent if holder is Holder.MINE else look.colours.secondary
    at = (size - edge) / 2
    painter.drawPixmap(round(at), round(at), icons.pixmap(_HOLDERS[holder], ink, edge, ratio))
    painter.end()
    return result
