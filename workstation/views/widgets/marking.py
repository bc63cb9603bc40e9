"""Properties that the style sheet looks at."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QDateTimeEdit, QLayout, QSplitter, QTableView, QWidget

_ABSOLUTE = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


def mark(widget: QWidget, name: str, value: object) -> None:
    """Set a property that decides how `widget` looks; it is only drawn anew when the value is another.

    Polishing sends a change event, so doing it without a change from inside one would never end.
    """
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # Qt does it when the widget is shown or measured for the first time
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def pad(box: QAbstractSpinBox) -> None:
    """Keep what is written in a number field off its edge: a style sheet does not reach the editor inside.

    It stands where lines begin; by itself Qt would put plain digits to the left for every reader.
    """
    box.lineEdit().setTextMargins(8, 0, 8, 0)
    box.installEventFilter(_Sided(box))
    _side(box)


class _Sided(QObject):
    """Follows the reader's direction."""

    def eventFilter(self, box: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutDirectionChange and isinstance(box, QAbstractSpinBox):
            _side(box)
        return False


def _side(box: QAbstractSpinBox) -> None:
    side = Qt.AlignmentFlag.AlignRight if box.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
    box.setAlignment(side | _ABSOLUTE)


def margins(layout: QLayout, start: int, top: int, end: int, bottom: int) -> None:
    """Keep free what is told where lines begin and end: Qt mirrors all of a widget's layout but these."""
    widget = layout.parentWidget()
    assert widget is not None  # noqa: S101 - the layout of a widget
    widget.installEventFilter(_Margins(layout, widget, (start, top, end, bottom)))


class _Margins(QObject):
    """Follows the reader's direction."""

    def __init__(self, layout: QLayout, widget: QWidget, sides: tuple[int, int, int, int]) -> None:
        super().__init__(layout)
        self._layout, self._widget, self._sides = layout, widget, sides
        self._set()

    def _set(self) -> None:
        start, top, end, bottom = self._sides
        mirrored = self._widget.isRightToLeft()
        self._layout.setContentsMargins(*((end, top, start, bottom) if mirrored else (start, top, end, bottom)))

    def eventFilter(self, _widget: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._set()
        return False


def fit_rows(table: QTableView) -> None:
    """Make the rows of a table as high as its letters ask for: by itself Qt leaves them as they were at first."""
    table.installEventFilter(_Fitted(table))
    _fit_rows(table)


class _Fitted(QObject):
    """Follows the size of type."""

    def eventFilter(self, table: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FontChange and isinstance(table, QTableView):
            _fit_rows(table)
        return False


def _fit_rows(table: QTableView) -> None:
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 12)


def keep_in(splitter: QSplitter) -> None:
    """Keep the parts of a splitter from losing an edge: from right to left Qt lays them out a pixel too far."""
    splitter.installEventFilter(_KeptIn(splitter))
    _keep_in(splitter)


class _KeptIn(QObject):
    """Follows the reader's direction."""

    def eventFilter(self, splitter: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutDirectionChange and isinstance(splitter, QSplitter):
            _keep_in(splitter)
        return False


def _keep_in(splitter: QSplitter) -> None:
    splitter.setContentsMargins(0, 0, 1 if splitter.isRightToLeft() else 0, 0)


def in_order(box: QDateTimeEdit, shape: str = "") -> None:
    """Write a date and a time as `shape` says, else as the reader's language does.

    Where that is read from right to left, Qt turns the parts of a field round: 14:05 would read 05:14.
    """
    shape = shape or box.displayFormat()
    box.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    box.setDisplayFormat(shape)
    box.unsetLayoutDirection()
