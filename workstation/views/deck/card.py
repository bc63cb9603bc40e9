"""One card: its content laid out for a width as a list of drawing steps, and rendered once into a pixmap.

Laying out is separate from drawing because a height is needed before anything is drawn, and because the list can be
drawn again for another state (selected, hovered) without laying out anew.
"""

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from workstation.i18n import _, formats, laid_out, own_direction
from workstation.services.highlights import Highlight
from workstation.views import fonts, icons
from workstation.views.deck import sprites
from workstation.views.deck.content import Chip, Content, Tone
from workstation.views.deck.type import Draw, Face, Paragraph, dense_line, face, line
from workstation.views.theme import Look

PILE = 8
"""Pixels by which what lies under a card looks out."""
SPOILER_LINES = 2
TITLE_LINES = 2
CHIP_GAP = 6


class Style(msgspec.Struct, frozen=True):
    """What all cards of a column have in common; a change of any of it makes every card anew."""

    look: Look
    width: int
    rtl: bool
    ratio: float = 1.0
    highlights: tuple[Highlight, ...] = ()
    """What the column marks: cards of columns that mark other things are others."""
    masked: bool = False
    """Persons are hidden on it."""


class Card(msgspec.Struct, eq=False):
    """A laid out card: `height` and zones in logical pixels, from the card's top left corner."""

    style: Style
    content: Content
    height: int = 0
    steps: list[Draw] = []
    zones: dict[str, QRectF] = {}
    """Parts that can be clicked: "spoiler", "media", "holder"."""
    _pixmaps: dict[tuple[bool, bool, bool], QPixmap] = {}

    def pixmap(self, *, selected: bool = False, hovered: bool = False, focused: bool = False) -> QPixmap:
        """The card drawn in a state; only the latest state is kept."""
        state = (selected, hovered and not selected, focused and selected)
        found = self._pixmaps.get(state)
        if found is None:
            self._pixmaps.clear()
            found = self._pixmaps[state] = self._render(*state)
        return found

    def _render(self, selected: bool, hovered: bool, focused: bool) -> QPixmap:
        style = self.style
        result = QPixmap(round(style.width * style.ratio), round(self.height * style.ratio))
        result.setDevicePixelRatio(style.ratio)
        result.fill(style.look.colour("surface"))
        painter = QPainter(result)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _ground(painter, self, selected, hovered, focused)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setClipRect(QRectF(0, 0, style.width, self.height).adjusted(2, 2, -2, -2))
        for step in self.steps:
            step(painter)
        painter.end()
        return result


def _ground(painter: QPainter, card: Card, selected: bool, hovered: bool, focused: bool) -> None:
    look, measures = card.style.look, card.style.look.measures
    wide = measures.ring if selected else 1
    edge = ("focus" if focused else "accent") if selected else "border"
    ground = "selected" if selected else "card_hover" if hovered else "card"
    inset = wide / 2
    rect = QRectF(0, 0, card.style.width, card.height).adjusted(inset, inset, -inset, -inset)
    if card.content.alike > 1:
        _pile(painter, card, rect)
        rect.adjust(0, 0, 0, -PILE)
    painter.setPen(QPen(look.colour(edge), wide))
    painter.setBrush(look.colour(ground))
    painter.drawRoundedRect(rect, measures.radius_card, measures.radius_card)
    if card.content.face.practice:
        _edge(painter, card, "practice", trailing=False)
    if card.content.highlight is not None:
        _edge(painter, card, _EDGES[card.content.highlight.tone], trailing=True)


_EDGES = {Tone.ACCENT: "accent", Tone.OK: "ok", Tone.WARN: "warn", Tone.DANGER: "danger", Tone.QUIET: "secondary"}


def _pile(painter: QPainter, card: Card, rect: QRectF) -> None:
    """The edges of the cards that lie under one that stands for many."""
    look, radius = card.style.look, card.style.look.measures.radius_card
    painter.setPen(QPen(look.colour("outline"), 1))
    painter.setBrush(look.colour("card"))
    for depth in (2, 1):
        inset = depth * PILE / 2
        painter.drawRoundedRect(rect.adjusted(inset, PILE, -inset, -(2 - depth) * PILE / 2), radius, radius)


def _edge(painter: QPainter, card: Card, ink: str, *, trailing: bool) -> None:
    """A broad stripe along an edge, seen from the corner of an eye: practice at the leading one, marks opposite."""
    width, radius = 4, card.style.look.measures.radius_card
    height = card.height - (PILE if card.content.alike > 1 else 0)
    at = card.style.width - width if card.style.rtl is not trailing else 0
    painter.save()
    painter.setClipRect(QRectF(at, 0, width, height))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(card.style.look.colour(ink))
    painter.drawRoundedRect(QRectF(0, 0, card.style.width, height), radius, radius)
    painter.restore()


def lay_out(content: Content, style: Style, *, unfolded: bool = False, pictures: tuple[QPixmap, ...] = ()) -> Card:
    """The card of `content`; `unfolded` shows what a content warning covers, `pictures` are loaded thumbnails."""
    return _Builder(content, style, unfolded, pictures).build()


class _Builder:
    """Places the parts from top to bottom, left to right; `_rect` mirrors them where the interface is mirrored."""

    def __init__(self, content: Content, style: Style, unfolded: bool, pictures: tuple[QPixmap, ...]) -> None:
        self.content, self.style, self.look = content, style, style.look
        self.unfolded, self.pictures = unfolded, pictures
        measures = style.look.measures
        self.pad = measures.card_padding
        self.inner = style.width - 2 * self.pad
        self.y = float(self.pad)
        self.card = Card(style, content)
        self.main = "secondary" if content.dimmed else "text"
        self.script = fonts.writing(content.body, content.language)

    def build(self) -> Card:
        self._head()
        folded = bool(self.content.spoiler) and not self.unfolded
        if self.content.spoiler:
            self._spoiler(folded)
        if not folded:
            if self.content.title:
                self._title()
            self._body()
            if self.pictures:
                self._pictures()
            elif self.content.media:
                self._media()
        if self.content.notice is not None:
            self._notice(self.content.notice)
        self._foot()
        self.card.height = round(self.y + self.pad) + (PILE if self.content.alike > 1 else 0)
        return self.card

    def _rect(self, x: float, y: float, width: float, height: float) -> QRectF:
        left = self.style.width - x - width if self.style.rtl else x
        return QRectF(left, y, width, height)

    def _add(self, step: Draw) -> None:
        self.card.steps.append(step)

    def _text(self, rect: QRectF, text: str, typeface: Face, ink: str, *, far: bool = False) -> None:
        self._add(line(rect, text, typeface.font, self.look.colour(ink), right=far is not self.style.rtl))

    def _icon(self, name: str, ink: str, rect: QRectF) -> None:
        self._sprite(icons.pixmap(name, getattr(self.look.colours, ink), round(rect.width()), self.style.ratio), rect)

    def _head(self) -> None:
        look, measures, content = self.look, self.look.measures, self.content
        size = float(measures.avatar)
        self._sprite(
            sprites.avatar(
                look,
                self.style.ratio,
                self.style.rtl,
                content.initial,
                content.hue % len(look.colours.avatars),
                content.face,
            ),
            self._rect(self.pad, self.y, size + sprites.OVERHANG, size),
        )
        x = self.pad + size + 10
        small = face(look, "small")
        named = face(look, "name", 600, fonts.writing(content.name, content.language))
        top, room = self.y - 1, self.inner - size - 10
        aside = self._aside(top, named.height, room * 0.55)
        name, wide = named.fitted(content.name, room - aside - 6)
        rect, ink = self._rect(x, top, room - aside - 6, named.height), look.colour(self.main)
        if named.dense:
            self._add(dense_line(rect, name, named, wide, ink, right=self.style.rtl))
        else:
            self._add(line(rect, name, named.font, ink, right=self.style.rtl))
        about, _wide = small.fitted(content.about, room)
        below = top + max(named.height, size / 2 + 1)
        self._text(self._rect(x, below, room, small.height), about, small, "secondary")
        self.y += max(size, below - self.y + small.height) + 7

    def _aside(self, top: float, height: float, room: float) -> float:
        """The time at the far edge with marks before it; returns how wide they are together."""
        small = face(self.look, "small")
        text, wide = small.fitted(self.content.time, room)
        x = self.pad + self.inner - wide
        self._text(self._rect(x, top, wide + 1, height), text, small, "tertiary", far=True)
        edge = round(13 * self.look.scale)
        for mark in reversed(self.content.marks[:3]):
            x -= edge + 4
            self._icon(mark, "secondary", self._rect(x, top + (height - edge) / 2, edge, edge))
        return self.pad + self.inner - x

    def _paragraph(self, text: str, typeface: Face, ink: str, rtl: bool, lines: int, inset: float = 0) -> Paragraph:
        made = Paragraph(laid_out(text) if rtl else text, typeface, self.inner - inset, rtl=rtl, lines=lines)
        left = self._rect(self.pad + inset, self.y, self.inner - inset, made.height).left()
        self._add(made.drawer(QPointF(left, self.y), self.look.colour(ink)))
        self.y += made.height
        return made

    @property
    def _rtl_body(self) -> bool:
        return self.style.rtl if self.content.direction is None else self.content.direction == "rtl"

    def _body(self) -> None:
        if not self.content.body:
            return
        self._paragraph(self.content.body, face(self.look, "body", 400, self.script), self.main, self._rtl_body, 5)
        self.y += 6

    def _title(self) -> None:
        title = self.content.title
        typeface = face(self.look, "body", 600, fonts.writing(title, self.content.language))
        written = own_direction(title)
        rtl = self.style.rtl if written is None else written == "rtl"
        self._paragraph(title, typeface, self.main, rtl, TITLE_LINES)
        self.y += 2 if self.content.body else 6

    def _spoiler(self, folded: bool) -> None:
        typeface = face(self.look, "body", 600, fonts.writing(self.content.spoiler, self.content.language))
        top, edge = self.y, round(15 * self.look.scale)
        self._icon("triangle-alert", "warn", self._rect(self.pad, top + 1, edge, edge))
        written = own_direction(self.content.spoiler)
        rtl = self.style.rtl if written is None else written == "rtl"
        self._paragraph(self.content.spoiler, typeface, self.main, rtl, SPOILER_LINES, edge + 6)
        label = _("Show") if folded else _("Hide")
        link = face(self.look, "small", 600)
        rect = self._rect(self.pad + edge + 6, self.y, link.advance(label) + 16, max(24, link.height + 6))
        self._text(rect, label, link, "accent")
        self.card.zones["spoiler"] = rect
        self.y += rect.height() + 4

    def _pictures(self) -> None:
        height = round(96 * self.look.scale)
        shown = self.pictures[:3]
        wide = (self.inner - 6 * (len(shown) - 1)) / len(shown)
        for number, picture in enumerate(shown):
            rect = self._rect(self.pad + number * (wide + 6), self.y, wide, height)
            self._add(_picture(picture, rect, self.style.ratio))
        self.card.zones["media"] = self._rect(self.pad, self.y, self.inner, height)
        self.y += height + 8

    def _media(self) -> None:
        top = self.y
        self._row(self.content.media, self.inner)
        self.card.zones["media"] = self._rect(self.pad, top, self.inner, max(24, self.y - top))
        self.y += 7

    def _notice(self, notice: Chip) -> None:
        self._row((notice,), self.inner)
        self.y += 7

    def _foot(self) -> None:
        holder = self.content.holder
        size = float(self.look.measures.holder)
        room = self.inner - (size + 8 if holder is not None else 0)
        if not self.content.chips and holder is None:
            self.y -= 5
            return
        top = self.y + 2
        self.y = top
        self._row(self.content.chips, room)
        if holder is not None:
            rect = self._rect(self.pad + self.inner - size, top, size, size)
            self.card.zones["holder"] = rect
            self._sprite(sprites.holder_sprite(self.look, self.style.ratio, holder), rect)
        self.y = top + max(size, self.look.measures.chip)

    def _row(self, chips: tuple[Chip, ...], room: float) -> None:
        """Chips on one line; those that do not fit are told as +N."""
        look = self.look
        widths = [sprites.chip_width(look, chip) for chip in chips]
        shown = _fitting(widths, room, sprites.chip_width(look, Chip(f"+{len(chips)}")))
        more = Chip(f"+{formats().number(len(chips) - shown)}")
        tail = sprites.chip_width(look, more) if shown < len(chips) else 0
        x = 0
        for chip, wide in zip(chips[:shown], widths, strict=False):
            cut = min(wide, round(room) - x - (tail + CHIP_GAP if tail else 0))
            self._chip(chip, x, cut)
            x += cut + CHIP_GAP
        if tail:
            self._chip(more, x, tail)
        self.y += look.measures.chip

    def _chip(self, chip: Chip, x: int, wide: int) -> None:
        picture = sprites.chip_sprite(self.look, self.style.ratio, self.style.rtl, chip, max(16, wide))
        self._sprite(picture, self._rect(self.pad + x, self.y, wide, self.look.measures.chip))

    def _sprite(self, picture: QPixmap, rect: QRectF) -> None:
        x, y = round(rect.x()), round(rect.y())
        self._add(lambda painter: painter.drawPixmap(x, y, picture))


def _fitting(widths: list[int], room: float, tail: int) -> int:
    """How many chips fit on a line, at least one; room for `tail` is kept where not all do."""
    if sum(widths) + CHIP_GAP * (len(widths) - 1) <= room:
        return len(widths)
    x, shown = 0, 0
    for wide in widths:
        if x + wide + CHIP_GAP + tail > room:
            break
        x, shown = x + wide + CHIP_GAP, shown + 1
    return max(1, shown)


def _picture(picture: QPixmap, rect: QRectF, ratio: float) -> Draw:
    """A thumbnail that fills `rect`, cut at its edges."""
    size = picture.size() / picture.devicePixelRatio()
    factor = max(rect.width() / max(1, size.width()), rect.height() / max(1, size.height()))
    wide, high = rect.width() / factor, rect.height() / factor
    own = picture.devicePixelRatio()
    part = QRectF((size.width() - wide) / 2 * own, (size.height() - high) / 2 * own, wide * own, high * own)

    def draw(painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(rect, picture, part)

    return draw
