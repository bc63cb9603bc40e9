"""A template as two people read it: the agent in their language, the customer in theirs."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from workstation.i18n import _, formats
from workstation.services.drafting import Applied
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.retranslating import Retranslating

LINES = 6
"""Of type, for which there is room at least."""


class _Side(QWidget):
    """A heading and the text under it, which is scrolled where it is long."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bare")
        self.head, self.text = Paragraph(), StrangerText()
        self.head.setProperty("role", "small")
        inner = QWidget()
        inner.setProperty("role", "bare")
        words = QVBoxLayout(inner)
        words.setContentsMargins(0, 0, 0, 0)
        words.addWidget(self.text)
        words.addStretch(1)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.head)
        column.addWidget(self.area, 1)

    def show_applied(self, name: str, applied: Applied | None) -> None:
        self.head.setText(name)
        self.area.setAccessibleName(name)
        self.text.show_text(applied.filled.text if applied else "", applied.language if applied else "")


class BothSides(Retranslating):
    """One text where both read the same variant, two where they do not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own: Applied | None = None
        self._applied: Applied | None = None
        self.mine, self.theirs = _Side(), _Side()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.mine, 1)
        row.addWidget(self.theirs, 1)
        self.retranslate()

    @property
    def text(self) -> StrangerText:
        """What the customer reads."""
        return self.theirs.text

    @property
    def own(self) -> StrangerText:
        """What the agent reads, where that is another text."""
        return self.mine.text

    def show_applied(self, applied: Applied | None, own: Applied | None = None) -> None:
        """Show what a text becomes for the customer, and what the agent reads of it; None for no text."""
        self._applied, self._own = applied, own
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        applied, own = self._applied, self._own
        self.setMinimumHeight(self.fontMetrics().lineSpacing() * LINES)
        # Where the agent's side would stand in for a language that there is none of, it is the same text.
        two = applied is not None and own is not None and own.filled.text != applied.filled.text
        self.mine.setVisible(two)
        name = _("What the customer reads")
        if applied is not None and own is not None and two:
            mine, theirs = formats().language(own.language), formats().language(applied.language)
            self.mine.show_applied(_("You read · {language}", language=mine), own)
            name = _("The customer reads · {language}", language=theirs)
        else:
            self.mine.show_applied(_("What you read"), None)
        self.theirs.show_applied(name, applied)
