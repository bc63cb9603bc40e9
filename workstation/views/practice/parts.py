"""What the pages of courses share: a column of their width, a figure, and a tile with a button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import render
from workstation.services.training.courses import Course
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import margins
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign


def bare_column(page: QWidget) -> QVBoxLayout:
    """The column of a page of courses."""
    column = QVBoxLayout(page)
    margins(column, 0, 0, 12, 12)
    column.setSpacing(12)
    return column


class Figure(Retranslating):
    """A number and what it counts."""

    def __init__(self, words: LazyText, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self._words = words
        self._value, self._caption = QLabel(), Paragraph()
        self._value.setProperty("role", "title")
        self._caption.setProperty("role", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(2)
        column.addWidget(self._value)
        column.addWidget(self._caption)
        self.retranslate()

    def show_value(self, value: str) -> None:
        """Show a number as it is written."""
        self._value.setText(value)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._caption.setText(render(self._words))
        self.setAccessibleName(f"{render(self._words)}: {self._value.text()}")


class CourseTile(Retranslating):
    """A course to choose."""

    chosen = Signal(str)

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self.course = course
        self._sign, self._title, self._about, self._length = QLabel(), Paragraph(), Paragraph(), Paragraph()
        self._title.setProperty("role", "heading")
        self._about.setProperty("role", "secondary")
        self._length.setProperty("role", "small")
        self.button = TextButton(lazy("Start: {course}", course=course.title))
        self.button.clicked.connect(lambda: self.chosen.emit(course.name))
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self._title, self._about, self._length):
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 14, 18, 14)
        row.setSpacing(16)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        course = self.course
        self._sign.setPixmap(sign(course.icon, "accent", 24))
        self._title.setText(render(course.title))
        self._about.setText(render(course.about))
        length = lazy_plural("about {count} minute", "about {count} minutes", course.minutes)
        self._length.setText(render(length))
        self.setAccessibleName(render(course.title))
