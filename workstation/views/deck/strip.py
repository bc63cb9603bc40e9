"""Columns side by side: scrolled sideways, never squeezed, each as wide as its agent likes, moved by their heads."""

from itertools import pairwise

from PySide6.QtCore import QEvent, QMetaObject, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from workstation.i18n import _
from workstation.views import theme
from workstation.views.deck.column import Column

STRETCH_TO = 1.45
"""A column without a width of its own grows up to so many times the theme's, to fill the window."""
KEY_STEP = 20


class Handle(QWidget):
    """The gap after a column; dragging it, or its arrow keys, change the column's width."""

    moved = Signal(int)
    """Pixels since the last time, in the direction of reading."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column
        self._from: int | None = None
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedWidth(theme.current().measures.gap)
        self.retranslate()

    def retranslate(self) -> None:
        """Name the handle for screen readers."""
        self.setAccessibleName(_("Width of the column {title}", title=self._column.title))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()

    def _forward(self, pixels: int) -> int:
        return -pixels if self.isRightToLeft() else pixels

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self._from = round(event.globalPosition().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pull."""
        if self._from is not None:
            at = round(event.globalPosition().x())
            self.moved.emit(self._forward(at - self._from))
            self._from = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        del event
        self._from = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys do what dragging does."""
        steps = {Qt.Key.Key_Left: -KEY_STEP, Qt.Key.Key_Right: KEY_STEP}
        if (step := steps.get(Qt.Key(event.key()))) is not None:
            self.moved.emit(self._forward(step))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar while it is under the pointer or has the focus."""
        del event
        if self.hasFocus() or self.underMouse():
            look = theme.current()
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("focus" if self.hasFocus() else "outline"))
            middle = self.width() / 2
            painter.drawRoundedRect(round(middle - 1.5), self.height() // 2 - 40, 3, 80, 1.5, 1.5)
            painter.end()

    def event(self, event: QEvent) -> bool:
        """Paint anew when the pointer comes and goes."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)


class ColumnStrip(QScrollArea):
    """The columns in their order."""

    reordered = Signal()
    """A column was moved or got another width."""
    torn = Signal(object, QPoint)
    """A Column was let go outside the window, at a global position."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.columns: list[Column] = []
        self._handles: dict[Column, Handle] = {}
        self._links: dict[Column, tuple[QMetaObject.Connection, ...]] = {}
        self._last = QPoint()
        self._page = QWidget()
        self._page.setProperty("role", "page")
        self._row = QHBoxLayout(self._page)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addStretch(1)
        self.setWidget(self._page)

    def insert(self, column: Column, at: int) -> None:
        """Put a column in at a place, 0 being the first."""
        handle = Handle(column)
        handle.moved.connect(lambda pixels: self.widen(column, pixels))
        self._links[column] = (
            column.header.dragged.connect(lambda point: self._drag(column, point)),
            column.header.dropped.connect(lambda: self._drop(column)),
        )
        column.view.verticalScrollBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.columns.insert(at, column)
        self._handles[column] = handle
        self._row.insertWidget(2 * at, column)
        self._row.insertWidget(2 * at + 1, handle)
        self.fit()

    def take(self, column: Column) -> int:
        """Take a column out; returns where it stood."""
        at = self.columns.index(column)
        self.columns.remove(column)
        handle = self._handles.pop(column)
        for link in self._links.pop(column):
            QObject.disconnect(link)
        for widget in (column, handle):
            self._row.removeWidget(widget)
            widget.hide()
        handle.deleteLater()
        self.fit()
        return at

    def move_to(self, column: Column, to: int) -> None:
        """Move a column to a place."""
        at = self.columns.index(column)
        to = min(max(to, 0), len(self.columns) - 1)
        if at == to:
            return
        handle = self._handles[column]
        self.columns.insert(to, self.columns.pop(at))
        for widget in (column, handle):
            self._row.removeWidget(widget)
        self._row.insertWidget(2 * to, column)
        self._row.insertWidget(2 * to + 1, handle)
        self._order_tabs()
        self.reveal(column)

    def _order_tabs(self) -> None:
        chain = [widget for column in self.columns for widget in (column, self._handles[column])]
        for one, other in pairwise(chain):
            QWidget.setTabOrder(one, other)

    def widen(self, column: Column, pixels: int) -> None:
        """Make a column wider (negative: narrower) within sane bounds."""
        measures = theme.current().measures
        width = min(max(column.width() + pixels, measures.column_min), measures.column_max)
        column.resize_to(width)
        self.fit()
        self.reordered.emit()

    def reveal(self, column: Column) -> None:
        """Scroll sideways until the whole column is in sight."""
        self._row.activate()
        self.ensureWidgetVisible(column, 8, 0)

    def fit(self) -> None:
        """Give every column its width; those without one of their own share what room is left."""
        measures = theme.current().measures
        own = [column for column in self.columns if column.spec.width]
        shared = len(self.columns) - len(own)
        room = self.viewport().width() - measures.gap * len(self.columns)
        room -= sum(max(measures.column_min, column.spec.width) for column in own)
        share = min(max(room // shared, measures.column), round(measures.column * STRETCH_TO)) if shared else 0
        for column in self.columns:
            column.setFixedWidth(max(measures.column_min, column.spec.width) if column.spec.width else share)
            self._handles[column].setFixedWidth(measures.gap)

    def _drop(self, column: Column) -> None:
        """Let go over the window, a column stays where it was moved to; outside, it wants a window of its own."""
        if self.window().frameGeometry().contains(self._last):
            self.reordered.emit()
        else:
            self.torn.emit(column, self._last)

    def _drag(self, column: Column, point: QPoint) -> None:
        """Exchange places with the column under the pointer, once its middle was crossed."""
        self._last = point
        x = self._page.mapFromGlobal(point).x()
        at = self.columns.index(column)
        for place, other in enumerate(self.columns):
            rect = other.geometry()
            if other is not column and rect.left() <= x <= rect.right():
                middle = rect.center().x()
                onward = (place > at) is not self.isRightToLeft()
                if (x > middle) is onward:
                    self.move_to(column, place)
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room."""
        super().resizeEvent(event)
        self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Sideways, or with Shift; upright wheels belong to the columns."""
        delta = event.angleDelta().x() or (
            event.angleDelta().y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0
        )
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - delta)
        event.accept()
