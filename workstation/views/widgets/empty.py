"""What a page says while it has nothing to show: why, and what one can do about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from workstation.domain.text import LazyText
from workstation.i18n import render
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign


class EmptyState(Retranslating):
    """An icon, a sentence, a hint and perhaps a button."""

    acted = Signal()

    def __init__(
        self,
        icon: str,
        title: LazyText,
        hint: LazyText,
        action: LazyText | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._title, self._hint = icon, title, hint
        self._sign = QLabel()
        self._heading = Paragraph()
        self._heading.setProperty("role", "title")
        self._words = Paragraph()
        self._words.setProperty("role", "secondary")
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addStretch(1)
        for label in (self._sign, self._heading, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        if action is not None:
            button = TextButton(action, role="primary")
            button.clicked.connect(self.acted)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.retranslate()

    def say(self, title: LazyText, hint: LazyText) -> None:
        """Say something else."""
        self._title, self._hint = title, hint
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._heading.setText(render(self._title))
        self._words.setText(render(self._hint))
        self._sign.setPixmap(sign(self._icon, "tertiary", 36))
