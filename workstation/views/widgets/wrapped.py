"""Lines of a list that are as high as their wrapped text: Qt measures them without the sign or box beside it."""

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QFont, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from workstation.views import theme

BESIDE, AROUND = 26, 18
"""Pixels of margins beside a line's text, and above and below it together, at the normal size."""


class Wrapped(QStyledItemDelegate):
    """Measures a line as it is painted."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """High enough for all of the text in what is left of the view's width."""
        size = super().sizeHint(option, index)
        look = theme.current()
        width = self._view.viewport().width() - look.measures.icon - round(BESIDE * look.scale)
        needed = _height(str(index.data()), QFont(option.font), max(1, width))
        return QSize(size.width(), max(size.height(), needed + round(AROUND * look.scale)))


@lru_cache(maxsize=256)
def _height(text: str, font: QFont, width: int) -> int:
    """How high the wrapped text is as it is drawn: letters of another script make its lines higher."""
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    height = 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        height += line.height()
    layout.endLayout()
    return ceil(height)
