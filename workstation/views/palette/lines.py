"""The palette's list: a model without widgets, painted only where it is seen, so that thousands open at once."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workstation.i18n import _
from workstation.views import theme
from workstation.views.palette.items import Line
from workstation.views.widgets.labels import plain_tip
from workstation.views.widgets.tint import tinted

ROLE = Qt.ItemDataRole.UserRole
INSET = 10
AT_ONCE = 100
"""Lines that the view lays out before somebody scrolls to more."""
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class Lines(QAbstractListModel):
    """The fitting lines, best first."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Line] = ()
        self._listed = 0

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show others."""
        self.beginResetModel()
        self.lines, self._listed = lines, min(AT_ONCE, len(lines))
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many there are."""
        return 0 if parent.isValid() else self._listed

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are more than the view has heard of."""
        return not parent.isValid() and self._listed < len(self.lines)

    def fetchMore(self, parent: Index) -> None:
        """The view came near the end."""
        more = min(len(self.lines), self._listed + AT_ONCE)
        self.beginInsertRows(NOWHERE, self._listed, more - 1)
        self._listed = more
        self.endInsertRows()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text, and all of it for screen readers."""
        if not 0 <= index.row() < len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.item.text
        if role == ROLE:
            return line
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(line)
        return plain_tip(line.item.reason) or None if role == Qt.ItemDataRole.ToolTipRole else None


def spoken(line: Line) -> str:
    """The line as a screen reader says it."""
    item = line.item
    reason = _("Not now: {reason}", reason=item.reason) if item.reason else ""
    return ", ".join(part for part in (item.text, line.kind, item.hint, reason) if part)


class Painter(QStyledItemDelegate):
    """Icon and text at the leading side, what kind of thing it is and its key at the trailing one."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
        line = index.data(ROLE)
        if not isinstance(line, Line):
            return
        look = theme.current()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ink = "on_selection" if selected else "tertiary" if line.item.reason else "text"
        aside = "on_selection" if selected else "secondary"
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("selection"))
            painter.drawRoundedRect(option.rect.adjusted(2, 1, -2, -1), 6, 6)
        room = option.rect.adjusted(INSET, 0, -INSET, 0)
        side = look.measures.icon
        if line.item.icon:
            at = QRect(room.left(), room.center().y() - side // 2, side, side)
            tinted(line.item.icon, ink).paint(painter, QStyle.visualRect(option.direction, room, at))
        left, right = room.left() + side + INSET, room.right()
        if line.item.hint:
            right = self._key(painter, option, room, right, line.item.hint, aside) - INSET
        kind = line.item.reason or line.kind
        painter.setFont(look.font("small"))
        wide = min(painter.fontMetrics().horizontalAdvance(kind) + 4, (right - left) * 55 // 100)
        self._write(painter, option, room, QRect(right - wide, room.top(), wide, room.height()), kind, aside, far=True)
        painter.setFont(option.font)
        area = QRect(left, room.top(), max(0, right - wide - INSET - left), room.height())
        self._write(painter, option, room, area, line.item.text, ink)
        painter.restore()

    def _key(self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, right: int, key: str, ink: str) -> int:
        """A key in its frame; returns where it begins."""
        painter.setFont(theme.current().font("small"))
        wide, high = painter.fontMetrics().horizontalAdvance(key) + 14, painter.fontMetrics().height() + 6
        box = QRect(right - wide, room.center().y() - high // 2, wide, high)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.current().colour(ink if ink == "on_selection" else "outline"), 1))
        painter.drawRoundedRect(QStyle.visualRect(option.direction, room, box), 4, 4)
        # A key reads the same in every language, whatever signs it ends with.
        self._write(painter, option, room, box.adjusted(7, 0, -6, 0), f"\u2066{key}\u2069", ink)
        return box.left()

    @staticmethod
    def _write(
        painter: QPainter,
        option: QStyleOptionViewItem,
        room: QRect,
        area: QRect,
        text: str,
        ink: str,
        *,
        far: bool = False,
    ) -> None:
        painter.setPen(theme.current().colour(ink))
        side = Qt.AlignmentFlag.AlignRight if far else Qt.AlignmentFlag.AlignLeft
        align = QStyle.visualAlignment(option.direction, side | Qt.AlignmentFlag.AlignVCenter)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QStyle.visualRect(option.direction, room, area), int(align), shown)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """High enough to hit."""
        return QSize(120, max(34, option.fontMetrics.height() + 16))
