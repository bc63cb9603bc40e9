"""A dialog of ours: a heading, what it is about, and buttons; it opens without a loop of its own."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from workstation.domain.text import LazyText
from workstation.i18n import render
from workstation.views import theme
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.handback import hand_back, in_front
from workstation.views.widgets.labels import Paragraph

CANCEL = LazyText("Cancel")


class Sheet(QDialog):
    """Build `body`, then `open()`. `answered` tells the id of the button, "" when it was left."""

    answered = Signal(str)

    def __init__(self, title: LazyText, parent: QWidget) -> None:
        parent = in_front(parent)
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._title = title
        self._answer = ""
        self._heading = Paragraph()
        self._heading.setProperty("role", "title")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        column.addWidget(self._heading)
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        column.addLayout(self.body, 1)
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)
        self.finished.connect(lambda _result: self.answered.emit(self._answer))
        hand_back(self, parent)
        self.resize(480, self.sizeHint().height())
        self.retranslate()

    def button(self, answer: str, text: LazyText, role: str = "", *, default: bool = False) -> TextButton:
        """Add a button; an `answer` of "" cancels. The default one is pressed by Enter."""
        button = TextButton(text, role=role)
        button.setDefault(default)
        button.clicked.connect(lambda: self._pressed(answer))
        self._buttons.addWidget(button)
        return button

    def begin(self) -> None:
        """Nothing is answered: a sheet that was open before asks anew."""
        self._answer = ""

    def take_room(self, width: int, height: int) -> None:
        """Be so large at normal type, larger with it, but never larger than the window beneath."""
        scale, parent = theme.current().scale, self.parentWidget()
        over = (parent if parent is not None else self).window().size()
        self.resize(min(round(width * scale), over.width() - 40), min(round(height * scale), over.height() - 40))

    def _pressed(self, answer: str) -> None:
        if answer and not self.may_end(answer):
            return
        self._answer = answer
        if answer:
            self.accept()
        else:
            self.reject()

    def may_end(self, answer: str) -> bool:
        """Whether the dialog may end with `answer`; forms check themselves here."""
        del answer
        return True

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        title = render(self._title)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._heading.setText(title)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
