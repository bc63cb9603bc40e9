"""A layout that breaks into lines as words do: for chips and buttons that must fit any width, language and scale."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Items in reading direction, as many in a line as fit."""

    def __init__(
        self,
        parent: QWidget | None = None,
        gap: int = 6,
        beside: tuple[QWidget, ...] = (),
        end: tuple[QWidget, ...] = (),
    ) -> None:
        """`beside` stand at the end of the first line, which is as high as they are.

        `end` are the last items: they stand at the end of their line, and together where a line has room for them.
        """
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._beside, self._end = beside, end
        self._sized: dict[int, list[tuple[QLayoutItem, QSize]]] = {}
        """What is shown with its sizes, by the room they were asked for; Qt asks several times for one layout."""
        self._tall: dict[tuple[int, int], int] = {}
        """How high it is, by its width and the height of what stands beside it."""
        self._least: QSize | None = None
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Append an item."""
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item, or None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take the item out, or None past the end."""
        self._forget()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def invalidate(self) -> None:
        """An item has another size, came or went."""
        self._forget()
        super().invalidate()

    def _forget(self) -> None:
        self._sized.clear()
        self._tall.clear()
        self._least = None

    def expandingDirections(self) -> Qt.Orientation:
        """None: it takes what its lines need."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Yes."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of the lines at `width`."""
        known = (width, self._beside_height())
        if known not in self._tall:
            self._tall[known] = self._arrange(QRect(0, 0, width, 0), place=False)
        return self._tall[known]

    def _beside_height(self) -> int:
        return max((widget.sizeHint().height() for widget in self._beside), default=0)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        """The smallest useful size."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """The largest single item."""
        if self._least is None:
            size = QSize()
            for item in self._items:
                size = size.expandedTo(item.minimumSize())
            margins = self.contentsMargins()
            self._least = size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())
        return self._least

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        area = rect.marginsRemoved(self.contentsMargins())
        parent = self.parentWidget()
        mirrored = parent is not None and parent.isRightToLeft()
        y, gap = area.y(), 0
        least = self._beside_height()
        for line in self._lines(area.width()):
            tall, least = max(least, *(size.height() for _item, size in line)), 0
            x = 0
            y += gap
            spare = area.width() - _width(line, self._gap)
            for item, size in line if place else ():
                if self._is_end(item):
                    x, spare = x + spare, 0
                left = area.right() + 1 - x - size.width() if mirrored else area.x() + x
                # Lower ones stand in the middle: words beside a button share its line.
                item.setGeometry(QRect(QPoint(left, y + (tall - size.height()) // 2), size))
                x += size.width() + self._gap
            y, gap = y + tall, self._gap
        return y - rect.y() + self.contentsMargins().bottom()

    def _lines(self, room: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """The items with their sizes, line by line, none wider than `room`."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        x = 0
        sized = self._sizes(room)
        together = _width([part for part in sized if self._is_end(part[0])], self._gap)
        for item, size in sized:
            needed = size.width()
            if together and self._is_end(item):
                needed, together = together, 0
            if not lines or (x > 0 and x + needed > room):
                lines.append([])
                x = 0
            lines[-1].append((item, size))
            x += size.width() + self._gap
        return lines

    def _sizes(self, room: int) -> list[tuple[QLayoutItem, QSize]]:
        if room not in self._sized:
            self._sized[room] = [(item, _within(item, room)) for item in self._items if not item.isEmpty()]
        return self._sized[room]

    def _is_end(self, item: QLayoutItem) -> bool:
        return bool(self._end) and item.widget() in self._end


def _within(item: QLayoutItem, room: int) -> QSize:
    """The size of an item that gets no more than `room`; what can break its text becomes higher for it."""
    hint = item.sizeHint()
    if hint.width() <= room:
        return hint
    return QSize(room, item.heightForWidth(room) if item.hasHeightForWidth() else hint.height())


def _width(line: list[tuple[QLayoutItem, QSize]], gap: int) -> int:
    return sum(size.width() for _item, size in line) + gap * max(0, len(line) - 1)
