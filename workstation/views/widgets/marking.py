"""Properties that the style sheet looks at."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QWidget


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
    """Keep what is written in a number field off its edge: a style sheet does not reach the editor inside."""
    box.lineEdit().setTextMargins(8, 0, 8, 0)
