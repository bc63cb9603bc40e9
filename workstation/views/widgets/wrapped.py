"""Lines of a list that are as high as their wrapped text: Qt measures them without the sign or box beside it."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from workstation.views import theme

BESIDE = 26
"""Pixels of margins around a line's text, at the normal size."""


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
        flags = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
        metrics = self._view.fontMetrics()
        needed = metrics.boundingRect(QRect(0, 0, max(1, width), 1 << 20), flags, str(index.data()))
        return QSize(size.width(), max(size.height(), needed.height() + metrics.height() // 2))
