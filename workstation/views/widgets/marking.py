"""Properties that the style sheet looks at."""

from PySide6.QtWidgets import QWidget


def mark(widget: QWidget, name: str, value: object) -> None:
    """Set a property that decides how `widget` looks; it is only drawn anew when the value is another.

    Polishing sends a change event, so doing it without a change from inside one would never end.
    """
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
