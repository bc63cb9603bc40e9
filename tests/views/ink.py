"""Contrast as it is painted: the colours of the pixels of every text in sight, against the ground they stand on.

Everything is painted three times as large as it is shown: the middle of a letter's stem then has the pen's own colour,
which is among the most frequent ones where the text stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QTabBar,
    QWidget,
)

from workstation.views import tokens
from workstation.views.deck.card import Card

GRAIN = 3
TEXT, LARGE = 4.5, 3.0
LARGE_PX, LARGE_BOLD_PX = 24, 18.66
"""From so many pixels on a text is large in the sense of WCAG 2.2 (18 and 14 points)."""
SEEN = 6
"""Pixels of one colour that are no more than a trace."""
FREQUENT = 5
SYMBOL = 26
"""A square of this side at most holds a symbol, not a text."""
Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint32]]


@dataclass(frozen=True)
class Ink:
    """A text as it is painted; colours as `#RRGGBB`."""

    where: str
    text: str
    ink: str
    ground: str
    least: float

    @property
    def ratio(self) -> float:
        """Its contrast, 1 to 21."""
        return tokens.contrast(self.ink, self.ground)

    @property
    def fails(self) -> bool:
        """Whether it has less contrast than it needs."""
        return self.ratio < self.least

    def __str__(self) -> str:
        return f"{self.where} {self.text[:40]!r}: {self.ratio:.2f} of {self.least}, {self.ink} on {self.ground}"


def pixels(image: QImage) -> Pixels:
    """The pixels as 0xAARRGGBB, by row and column."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return data[:, : image.width()].copy()


def painted(widget: QWidget) -> Pixels:
    """A widget with all that is in it, GRAIN times as large."""
    image = QImage(widget.size() * GRAIN, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(GRAIN)
    widget.render(image)
    return pixels(image)


def hexadecimal(pixel: int) -> str:
    """A pixel's colour as `#RRGGBB`."""
    return f"#{pixel & 0xFFFFFF:06X}"


def colours(part: Pixels) -> tuple[str, str] | None:
    """Ink and ground of a text; None where there is only ground.

    The ground is the most frequent colour, the ink that of the next ones which stands out most: a text's smoothed edges
    and the frame around it stand out less than its strokes.
    """
    found, counts = np.unique(part, return_counts=True)
    order = np.argsort(counts)[::-1]
    if not len(order):
        return None
    ground = hexadecimal(int(found[order[0]]))
    next_ones = [hexadecimal(int(found[at])) for at in order[1 : 1 + FREQUENT] if counts[at] >= SEEN]
    ink = max(next_ones, key=lambda each: tokens.contrast(each, ground), default=ground)
    return (ink, ground) if tokens.contrast(ink, ground) > 1.2 else None


def least(font: QFont) -> float:
    """The contrast that a text of this font needs."""
    size, bold = font.pixelSize(), font.weight() >= QFont.Weight.Bold
    return LARGE if size >= LARGE_PX or (bold and size >= LARGE_BOLD_PX) else TEXT


# -- widgets -----------------------------------------------------------------------------------------------------------


def inks(window: QWidget, where: str) -> Iterator[Ink]:
    """Every text in sight of a window's enabled widgets."""
    image = painted(window)
    for widget in [window, *window.findChildren(QWidget)]:
        if not (widget.isVisibleTo(window) and widget.isEnabled()) or widget.visibleRegion().isEmpty():
            continue
        seen = widget.visibleRegion().boundingRect()
        for text, rect in texts(widget):
            found = colours(_cut(image, window, widget, rect & seen))
            if found is not None:
                yield Ink(f"{where} {type(widget).__name__}", text, *found, least(widget.font()))


def _cut(image: Pixels, window: QWidget, widget: QWidget, rect: QRect) -> Pixels:
    corner = widget.mapTo(window, rect.topLeft()) if widget is not window else rect.topLeft()
    box = QRect(corner, rect.size()) & window.rect()
    return image[box.top() * GRAIN : (box.bottom() + 1) * GRAIN, box.left() * GRAIN : (box.right() + 1) * GRAIN]


def texts(widget: QWidget) -> list[tuple[str, QRect]]:
    """What a widget writes, and where, without its edges."""
    if isinstance(widget, QLabel):
        return [(widget.text(), widget.contentsRect().adjusted(3, 1, -3, -1))] if widget.text() else []
    if isinstance(widget, QAbstractButton):
        return [(widget.text(), _inside(widget))] if widget.text() else []
    if isinstance(widget, QLineEdit):
        option = QStyleOptionFrame()
        widget.initStyleOption(option)
        inside = widget.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, widget)
        return [(widget.text() or widget.placeholderText(), inside)]
    if isinstance(widget, QPlainTextEdit):
        top = widget.viewport().geometry()
        return [(widget.toPlainText() or widget.placeholderText(), top.adjusted(2, 2, -2, -2))]
    if isinstance(widget, QComboBox):
        choice = QStyleOptionComboBox()
        widget.initStyleOption(choice)
        field = QStyle.SubControl.SC_ComboBoxEditField
        area = widget.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, choice, field, widget)
        return [(widget.currentText(), area)]
    if isinstance(widget, QTabBar):
        return [(widget.tabText(n), widget.tabRect(n).adjusted(6, 5, -6, -5)) for n in range(widget.count())]
    return list(_rows(widget)) if isinstance(widget, QListView) else []


def _inside(button: QAbstractButton) -> QRect:
    if isinstance(button, QPushButton):
        option = QStyleOptionButton()
        button.initStyleOption(option)
        return button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button)
    if isinstance(button, QCheckBox | QRadioButton):
        option = QStyleOptionButton()
        button.initStyleOption(option)
        element = QStyle.SubElement.SE_CheckBoxContents
        return button.style().subElementRect(element, option, button)
    return button.rect().adjusted(5, 5, -5, -5)


def _rows(view: QListView) -> Iterator[tuple[str, QRect]]:
    """Rows in quarters: a row has up to two lines, and a hint at its trailing edge."""
    offset = view.viewport().pos()
    for row in range(view.model().rowCount()):
        index = view.model().index(row, 0, QModelIndex())
        box = view.visualRect(index).translated(offset)
        if not index.flags() & Qt.ItemFlag.ItemIsEnabled or not view.rect().contains(box.center()):
            continue
        half = QPoint(box.width() // 2, box.height() // 2)
        for x in (0, half.x()):
            for y in (0, half.y()):
                part = QRect(box.topLeft() + QPoint(x, y), box.topLeft() + QPoint(x, y) + half)
                yield str(index.data()), part.adjusted(4, 2, -4, -2)


# -- cards -------------------------------------------------------------------------------------------------------------


def card_inks(card: Card, where: str, *, selected: bool = False) -> Iterator[Ink]:
    """Every step of painting a card that leaves ink: what it changes, against what was there before."""
    large = replace(card.style, ratio=float(GRAIN))
    whole = Card(large, card.content, card.height, [], card.zones)
    before = pixels(whole.pixmap(selected=selected).toImage())
    for step in card.steps:
        whole.steps.append(step)
        fresh = Card(large, card.content, card.height, list(whole.steps), card.zones)
        after = pixels(fresh.pixmap(selected=selected).toImage())
        rows, columns = np.nonzero(after != before)
        if len(rows):
            box = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
            found = colours(after[box])
            sides = (rows.max() - rows.min() + 1, columns.max() - columns.min() + 1)
            symbol = max(sides) <= SYMBOL * GRAIN and min(sides) * 1.3 > max(sides)
            if found is not None:
                yield Ink(f"{where} card", card.content.body, *found, LARGE if symbol else TEXT)
        before = after
