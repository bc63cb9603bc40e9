"""Labels: a line that elides, and text from strangers, which is never markup and keeps its own direction."""

import re
from functools import lru_cache
from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from workstation.i18n import facing, formats, framed, laid_out, text_direction, unmarked
from workstation.views import fonts, masking, theme

_BREAK = "\u200b"
_LONG = 28
_LONG_WORD = rf"[^\s\u200b\u2e80-\u9fff\uac00-\ud7af]{{{_LONG},}}"
"""A label breaks lines between words only: one longer than a line would widen the window. Ideographs break anywhere."""
_ARABIC = re.compile("[\u0600-\u06ff]")
_TAILED = "جعي"
_STEP = 6
_ABSOLUTE = Qt.AlignmentFlag.AlignAbsolute


class Elided(QLabel):
    """One line of plain text that shortens itself instead of widening the window; the tool tip has all of it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._script = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show `text`, its line breaks as spaces."""
        words = " ".join(text.split())
        if words == self.text():
            return  # measured already
        super().setText(words)
        self._script = fonts.writing(text)
        self._tell()

    def _advance(self) -> int:
        """How wide the whole text is as it is drawn."""
        if not self._script:
            return self.fontMetrics().horizontalAdvance(self.text())
        return ceil(QFontMetricsF(fonts.written_in(self.font(), self._script)).horizontalAdvance(self.text()))

    def _tell(self) -> None:
        short = self._advance() > self.contentsRect().width()
        tip = plain_tip(self.text()) if short else ""
        if tip != self.toolTip():
            self.setToolTip(tip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole text as a tool tip where it does not fit."""
        super().resizeEvent(event)
        self._tell()

    def sizeHint(self) -> QSize:
        """As wide as the text; it may get less."""
        return QSize(self._advance() + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(self.fontMetrics().averageCharWidth() * 3, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what fits."""
        del event
        painter = QPainter(self)
        area = self.contentsRect()
        if self._script:
            self._paint_dense(painter, area)
            return
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        self.style().drawItemText(
            painter,
            area,
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading | Qt.TextFlag.TextSingleLine),
            self.palette(),
            self.isEnabled(),
            self._in_its_direction(text),
            self.foregroundRole(),
        )

    def _in_its_direction(self, text: str) -> str:
        """A shortened name or address, isolated from the reader's direction, which would put its dots to the front."""
        return text if text == self.text() else framed(text, formats().direction)

    def _paint_dense(self, painter: QPainter, area: QRect) -> None:
        font = fonts.written_in(self.font(), self._script)
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        left = area.right() + 1 - metrics.horizontalAdvance(text) if self.isRightToLeft() else area.left()
        top = area.top() + (area.height() - metrics.height()) / 2
        painter.setPen(self.palette().color(self.foregroundRole()))
        fonts.draw_dense(painter, QPointF(left, top + metrics.ascent()), text, font)


class Paragraph(QLabel):
    """Several lines of our own text, wrapped."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show `text` in the reader's direction, also where it holds nothing but a name or a number."""
        self._show(facing(text, formats().direction))

    def _show(self, text: str) -> None:
        super().setText(text)
        self._make_room()

    def _make_room(self) -> None:
        """Leave room for tails of Arabic letters, which may reach below what the first family keeps free."""
        room = _tail(self.font()) if _ARABIC.search(self.text()) else 0
        if room != self.contentsMargins().bottom():
            self.setContentsMargins(0, 0, 0, room)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of type."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._make_room()


class Breaking(Paragraph):
    """Our own words in a row of others: in one line, or in several where the row has no room for it."""

    def sizeHint(self) -> QSize:
        """One line; a label that may break would ask for a square."""
        return in_one_line(self)


@lru_cache(maxsize=64)
def _tail(font: QFont) -> int:
    metrics = QFontMetricsF(font)
    # With its own family, whatever stands in for one that has no such letters.
    return max(0, ceil(metrics.tightBoundingRect(_TAILED).bottom() - metrics.descent()) + 1)


def in_one_line(label: QLabel) -> QSize:
    """The size of a label that may break its text and need not."""
    metrics, edges = label.fontMetrics(), label.contentsMargins()
    # Within a frame Qt keeps an "x" free beside the text.
    indent = metrics.horizontalAdvance("x") if label.frameWidth() else 0
    width = metrics.horizontalAdvance(label.text()) + edges.left() + edges.right() + indent + 2
    return QSize(width, label.heightForWidth(width))


class StrangerText(Paragraph):
    """Plain text that somebody outside wrote: selectable, no links, aligned by its own direction."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._script = ""
        self._given = ("", "")
        # Whoever shows it has a menu that copies the whole text as it was written.
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.show_text(text)

    def show_text(self, text: str, language: str = "") -> None:
        """Show `text` in its own direction; `language` (BCP 47) tells whose forms of Han characters it wants."""
        self._given = (text, language)
        text = masking.text(text)
        self._show(_broken(laid_out(text)))
        self._script = fonts.writing(text, language)
        self._dress()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if text else Qt.FocusPolicy.NoFocus)
        rtl = text_direction(text, formats().direction) == "rtl"
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignTop)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy what was written, without the places to break that we put into long words."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(
                unmarked(self.selectedText()).replace(_BREAK, "").replace("\u2029", "\n")
            )
        else:
            super().keyPressEvent(event)

    def _dress(self) -> None:
        """Set Chinese, Japanese and Korean in the family that is theirs, and all else in none of these."""
        heading = self.property("role") == "heading"
        size, weight = ("heading", 600) if heading else ("body", 400)
        own = QFont(theme.current().font(size, weight, self._script))
        # Where the interface is written in one of them, its family would draw everybody's Latin letters too.
        other = self._script or QGuiApplication.font().families()[:1] != own.families()[:1]
        # What is set here is stronger than the style sheet, so a heading says all of it.
        wanted = own if heading or other else QFont()
        now = self.font()
        if (wanted.families(), wanted.pixelSize(), wanted.weight()) != (now.families(), now.pixelSize(), now.weight()):
            self.setFont(wanted)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationFontChange) and any(self._given):
            self._dress()
        elif event.type() == QEvent.Type.LanguageChange and any(self._given):
            self.show_text(*self._given)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw dense characters as thin as they are; while a part is being selected, Qt draws it all."""
        if not self._script or self.hasFocus() or self.hasSelectedText():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        area = self.contentsRect()
        for at, text in dense_lines(self.text(), self.font(), area.width(), rtl=self.isRightToLeft()):
            if event.rect().top() - 64 <= at.y() + area.top() <= event.rect().bottom() + 64:
                fonts.draw_dense(painter, at + QPointF(area.topLeft()), text, self.font())
        painter.end()


@lru_cache(maxsize=64)
def dense_lines(text: str, font: QFont, width: int, *, rtl: bool) -> list[tuple[QPointF, str]]:
    """Where the lines of a wrapped text begin on their baselines, as a QLabel would have them."""
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    option.setAlignment((Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft) | _ABSOLUTE)
    layout.setTextOption(option)
    units = layout.text().encode("utf-16-le", "replace")
    found, y = [], 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLeadingIncluded(True)
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y))
        start = line.textStart() * 2
        words = units[start : start + line.textLength() * 2].decode("utf-16-le", "replace").rstrip("\u2028")
        found.append((QPointF(line.naturalTextRect().x(), y + line.ascent()), words))
        y += line.height()
    layout.endLayout()
    return found


@lru_cache(maxsize=64)
def _broken(text: str) -> str:
    if all(len(word) < _LONG for word in text.split()):
        return text  # nearly always: the pattern need not even be compiled
    return re.sub(_LONG_WORD, _breakable, text)


def _breakable(word: re.Match[str]) -> str:
    """A long word that may break every few characters, never between a letter and its accents or a joined emoji."""
    import regex  # imported for the first word that long: a start pays for every module

    clusters = regex.findall(r"\X", word[0])
    return _BREAK.join("".join(clusters[at : at + _STEP]) for at in range(0, len(clusters), _STEP))


def plain_tip(text: str) -> str:
    """A text of strangers as a tool tip: Qt takes one that looks like markup for markup, and loads its pictures."""
    return text.replace("&", "&amp;").replace("<", "&lt;") if "<" in text else text
