"""Chips: a short word on a tint, the tone of which is said by the word too."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from workstation.domain.text import lazy
from workstation.views.widgets.buttons import IconButton
from workstation.views.widgets.labels import in_one_line
from workstation.views.widgets.marking import mark


class Chip(QLabel):
    """A word. `tone` is "", "ok", "warn", "danger", "accent"."""

    def __init__(self, text: str = "", tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("chip", True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.show_text(text, tone)

    def show_text(self, text: str, tone: str = "") -> None:
        """Show `text` in `tone`; nothing hides the chip."""
        self.setText(text)
        # Without a parent, showing it would make it a window for a moment.
        if self.parent() is not None or not text:
            self.setVisible(bool(text))
        mark(self, "tone", tone)


class BrokenChip(Chip):
    """A chip of several words that breaks into lines where one has no room: none of its words may be missed."""

    def __init__(self, text: str = "", tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, tone, parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setWordWrap(True)

    def sizeHint(self) -> QSize:
        """One line; a label that may break would ask for a square."""
        return in_one_line(self)


class TagChip(QWidget):
    """A tag with a button that takes it off."""

    removed = Signal(str)

    def __init__(self, tag: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tag = tag
        chip = Chip(tag)
        button = IconButton("x", lazy("Take off the tag {tag}", tag=tag), size=24)
        button.clicked.connect(lambda: self.removed.emit(self._tag))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(chip)
        row.addWidget(button)


class Clickable(QLabel):
    """A label that can be clicked; never the only way to what it does."""

    clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell of the click."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()
        super().mouseReleaseEvent(event)
