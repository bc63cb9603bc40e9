"""Chips: a short word on a tint, the tone of which is said by the word too."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from workstation.domain.text import LazyText, lazy
from workstation.views.widgets.buttons import IconButton
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import in_one_line
from workstation.views.widgets.marking import mark
from workstation.views.widgets.pool import Pool


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

    def __init__(self, tag: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tag = tag
        self._chip = Chip(tag, parent=self)
        self._button = IconButton("x", self._name(), size=24)
        self._button.clicked.connect(lambda: self.removed.emit(self._tag))
        self.setFocusProxy(self._button)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._chip)
        row.addWidget(self._button)

    def _name(self) -> LazyText:
        return lazy("Take off the tag {tag}", tag=self._tag)

    def show_tag(self, tag: str) -> None:
        """Stand for another tag."""
        if tag != self._tag:
            self._tag = tag
            self._chip.show_text(tag)
            self._button.rename(self._name())


class ChipRow(QWidget):
    """Chips, and what else stands among them, in as many lines as they need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = FlowLayout(self)
        self._chips: dict[str, Pool[Chip]] = {}
        """By tone: another text costs little, another tone is a style of its own."""
        self._shown: list[QWidget] = []

    def show_facts(self, facts: Sequence[tuple[str, str]], others: Sequence[QWidget] = ()) -> None:
        """Show texts with their tones, then `others`, which are children of this row."""
        with self._quietly():
            chips = self._written(facts)
            for widget in others:
                widget.setVisible(True)
            shown: list[QWidget] = [*chips, *others]
            if shown != self._shown:
                self._shown = shown
                while self._row.takeAt(0) is not None:
                    pass
                for widget in shown:
                    self._row.addWidget(widget)
                for before, after in pairwise(others):
                    self.setTabOrder(before, after)

    def _written(self, facts: Sequence[tuple[str, str]]) -> list[Chip]:
        needed = Counter(tone for _text, tone in facts)
        for tone in needed:
            self._chips.setdefault(tone, Pool(lambda: Chip(parent=self), Chip.clear))
        free = {tone: iter(pool.take(needed[tone])) for tone, pool in self._chips.items()}
        found = []
        for text, tone in facts:
            chip = next(free[tone])
            chip.show_text(text, tone)
            found.append(chip)
        return found

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Lay out once, afterwards: Qt lays out everything around for each widget that is shown."""
        self._row.setEnabled(False)
        try:
            yield
        finally:
            self._row.setEnabled(True)
            self._row.invalidate()


class Clickable(QLabel):
    """A label that can be clicked; never the only way to what it does."""

    clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell of the click."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()
        super().mouseReleaseEvent(event)
