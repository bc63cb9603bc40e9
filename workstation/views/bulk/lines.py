"""Rows of two lines: who and what they wrote, and beneath it what happens to them; each is cut where the room ends."""

from functools import lru_cache

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workstation.i18n import formats, framed
from workstation.views import theme

KEY = Qt.ItemDataRole.UserRole
_WHO, _WHAT, _NOW, _INK = (Qt.ItemDataRole(Qt.ItemDataRole.UserRole + n) for n in range(1, 5))
PAD = 9
AIR = 4


@lru_cache(maxsize=8)
def _faces(font: QFont) -> tuple[QFont, QFontMetrics, QFontMetrics]:
    """The bold font of a row's first words, with the metrics of both; `font` is kept: it must be a copy."""
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold, QFontMetrics(font), QFontMetrics(bold)


class _TwoLines(QStyledItemDelegate):
    """Paints check box, icon and ground as usual, then the lines in their own weights and inks."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        super().paint(painter, option, index)
        full = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        text = full.widget.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, full, full.widget)
        area = QRect(text.left(), text.top(), option.rect.right() - text.left() - PAD, text.height())
        if option.direction is Qt.LayoutDirection.RightToLeft:
            area = QRect(option.rect.left() + PAD, text.top(), text.right() - option.rect.left() - PAD, text.height())
        painter.save()
        self._lines(painter, option, index, area)
        painter.restore()

    def _lines(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        area: QRect,
    ) -> None:
        look = theme.current()
        bold, plain, strong = _faces(QFont(option.font))
        high = max(plain.lineSpacing(), strong.lineSpacing())
        top = option.rect.top() + (option.rect.height() - 2 * high - AIR) // 2
        right = option.direction is Qt.LayoutDirection.RightToLeft
        who = strong.elidedText(index.data(_WHO), Qt.TextElideMode.ElideRight, area.width() // 2)
        taken = strong.horizontalAdvance(who) + 10
        first = QRect(area.left(), top, area.width(), high)
        rest = first.adjusted(0, 0, -taken, 0) if right else first.adjusted(taken, 0, 0, 0)
        under = QRect(area.left(), top + high + AIR, area.width(), high)
        for rect, text, font, metrics, ink in (
            (first, who, bold, strong, "text"),
            (rest, index.data(_WHAT), option.font, plain, "secondary"),
            (under, index.data(_NOW), option.font, plain, index.data(_INK)),
        ):
            painter.setFont(font)
            painter.setPen(look.colour(ink))
            cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
            cut = framed(cut, formats().direction) if cut != text else cut
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute), cut)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """High enough for both lines, and to be hit."""
        _bold, plain, strong = _faces(QFont(option.font))
        high = max(plain.lineSpacing(), strong.lineSpacing())
        return QSize(0, 2 * high + AIR + 2 * PAD)


class Lines(QListWidget):
    """A list of such rows. Keys are whatever the caller knows its rows by."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "lines")
        self.setItemDelegate(_TwoLines(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)

    def changeEvent(self, event: QEvent) -> None:
        """Another size of type makes other rows."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.scheduleDelayedItemsLayout()


def write(item: QListWidgetItem, who: str, what: str, now: str, ink: str, *, spoken: str = "") -> None:
    """Put the words of a row into it; `spoken` is what screen readers say first."""
    for role, value in ((_WHO, who), (_WHAT, what), (_NOW, now), (_INK, ink)):
        item.setData(role, value)
    said = f"{who}: {what}. {now}"
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{spoken}. {said}" if spoken else said)


def words(item: QListWidgetItem) -> tuple[str, str, str]:
    """The words of a row."""
    return (item.data(_WHO), item.data(_WHAT), item.data(_NOW))
