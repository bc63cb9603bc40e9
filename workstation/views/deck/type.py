"""Measuring and drawing of text on cards: fonts with their metrics, elided lines, and bodies of a few lines."""

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

from workstation.views.fonts import GRAIN, draw_dense
from workstation.views.theme import Look

Draw = Callable[[QPainter], None]

BODY_LINES = 5
LINE_HEIGHT = 1.12
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)


class Face:
    """A font with its metrics; advances of short texts are remembered, because chips and times repeat."""

    def __init__(self, font: QFont, *, dense: bool = False) -> None:
        self.font = font
        self.dense = dense
        self.metrics = QFontMetricsF(font)
        self.height = self.metrics.height()
        self._advances: dict[str, float] = {}
        self._fitted: dict[tuple[str, int], tuple[str, float]] = {}

    def advance(self, text: str) -> float:
        """Width of `text` on one line."""
        known = self._advances.get(text)
        if known is None:
            known = self.metrics.horizontalAdvance(text)
            if len(text) <= 24:
                if len(self._advances) > 2_000:
                    self._advances.clear()
                self._advances[text] = known
        return known

    def fitted(self, text: str, width: float) -> tuple[str, float]:
        """`text` cut with an ellipsis to `width`, and how wide it is then; authors and channels come again."""
        key = (text, round(width))
        known = self._fitted.get(key)
        if known is None:
            if len(self._fitted) > 2_000:
                self._fitted.clear()
            known = self._fitted[key] = self._fit(text, width)
        return known

    def _fit(self, text: str, width: float) -> tuple[str, float]:
        wide = self.advance(text)
        if wide <= width:
            return text, wide
        short = self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width))
        return short, min(width, self.advance(short))


@lru_cache(maxsize=128)
def face(look: Look, size: str, weight: int = 400, script: str = "") -> Face:
    """The font of a type size with its metrics; `script` as told by `fonts.writing`."""
    return Face(look.font(size, weight, script), dense=bool(script))


def line(rect: QRectF, text: str, font: QFont, ink: QColor, *, right: bool = False) -> Draw:
    """Draws one line of text that was fitted before, at the left or the right of `rect`."""
    flags = _RIGHT if right else _LEFT

    def draw(painter: QPainter) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(rect, flags, text)

    return draw


def dense_line(rect: QRectF, text: str, typeface: Face, wide: float, ink: QColor, *, right: bool = False) -> Draw:
    """The same for dense characters; `wide` is the width of the text."""
    left = rect.right() - wide if right else rect.left()
    at = QPointF(left, rect.top() + (rect.height() - typeface.height) / 2 + typeface.metrics.ascent())

    def draw(painter: QPainter) -> None:
        painter.setPen(ink)
        draw_dense(painter, at, text, typeface.font)

    return draw


class Paragraph:
    """A text of a few lines, each as high as LINE_HEIGHT says; the last one ends in an ellipsis where more follows."""

    def __init__(self, text: str, typeface: Face, width: float, *, rtl: bool, lines: int = BODY_LINES) -> None:
        self._grain = GRAIN if typeface.dense else 1
        self._pitch = typeface.height * LINE_HEIGHT
        text = text.replace("\n", "\u2028")
        self._layout = self._lay_out(text, typeface, width, rtl, lines)
        last = self._layout.lineAt(self._layout.lineCount() - 1)
        end = last.textStart() + last.textLength()
        if end < len(text):
            rest = text[last.textStart() : last.textStart() + 200].replace("\u2028", " ")
            cut = typeface.metrics.elidedText(rest.rstrip() + "…", Qt.TextElideMode.ElideRight, width)
            self._layout = self._lay_out(text[: last.textStart()] + cut, typeface, width, rtl, lines)
        self.height = self._pitch * self._layout.lineCount()

    def _lay_out(self, text: str, typeface: Face, width: float, rtl: bool, lines: int) -> QTextLayout:
        font = typeface.font
        if self._grain > 1:
            font = QFont(font)
            font.setPixelSize(font.pixelSize() * self._grain)
        layout = QTextLayout(text, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
        # Qt lays out by the direction but aligns by what it is told.
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.beginLayout()
        for number in range(lines):
            made = layout.createLine()
            if not made.isValid():
                break
            made.setLineWidth(width * self._grain)
            # A fallback's taller line must not push the text down: all baselines stand as the first family's would.
            rise = typeface.metrics.ascent() * self._grain - made.ascent()
            made.setPosition(QPointF(0, number * self._pitch * self._grain + rise))
        layout.endLayout()
        return layout

    def drawer(self, at: QPointF, ink: QColor) -> Draw:
        """Draws the text with its top left corner at a point."""
        layout, grain = self._layout, self._grain

        def draw(painter: QPainter) -> None:
            painter.setPen(ink)
            layout.draw(painter, at)

        def draw_dense(painter: QPainter) -> None:
            painter.save()
            painter.translate(at)
            painter.scale(1 / grain, 1 / grain)
            painter.setPen(ink)
            layout.draw(painter, QPointF())
            painter.restore()

        return draw if grain == 1 else draw_dense
