"""An editor in its frame: what is written here, in which language, what Tab would do, and a content warning above."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from workstation.views.case.editor import DraftEditor
from workstation.views.case.writing_language import LanguageButton
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Breaking
from workstation.views.widgets.marking import mark


class Aside(QLabel):
    """A small word at the end of a line, as high as what the line begins with."""

    def __init__(self, beside: QWidget) -> None:
        super().__init__()
        self._beside = beside
        self.setProperty("role", "small")

    def sizeHint(self) -> QSize:
        """As wide as the word."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), self._beside.sizeHint().height()))


class Caption(Breaking):
    """What is written here; as high as the button that may stand beside it, so that two frames begin alike."""

    def __init__(self, beside: QWidget) -> None:
        super().__init__()
        self._beside = beside

    def sizeHint(self) -> QSize:
        """One line, or the button's height."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), self._beside.sizeHint().height()))


class EditorFrame(QFrame):
    """A captioned editor with a line for the content warning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editor")
        self.language = LanguageButton()
        self.caption, self.state = Caption(self.language), Aside(self.language)
        self.caption.setProperty("role", "small")
        self.spoiler = QLineEdit()
        self.spoiler.setVisible(False)
        self.text = DraftEditor()
        self.text.focused.connect(self._show_focus)
        self.top = QHBoxLayout()
        about = QWidget()
        words = FlowLayout(about, gap=10)
        for part in (self.caption, self.language):
            part.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            words.addWidget(part)
        self.top.addWidget(about, 1)
        self.top.addWidget(self.state, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(self.top)
        column.addWidget(self.spoiler)
        column.addWidget(self.text, 1)

    def _show_focus(self, focused: bool) -> None:
        mark(self, "focused", focused)
