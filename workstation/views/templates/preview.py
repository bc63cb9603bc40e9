"""How a template comes out: on an invented customer, known or unknown, or on the case that is open."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from workstation.domain.text import lazy
from workstation.i18n import _, formats, ngettext
from workstation.services.drafting import Applied
from workstation.views.settings.rows import LazyCombo
from workstation.views.templates.samples import BARE, FULL, OPEN
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.retranslating import Retranslating

SAMPLES = (
    (FULL, lazy("A known customer")),
    (BARE, lazy("An unknown customer")),
    (OPEN, lazy("The open case")),
)


class Preview(Retranslating):
    """The text as it would be sent; what is still to be filled in is named."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self._applied: Applied | None = None
        self._head = QLabel()
        self._head.setProperty("role", "small")
        self.sample = LazyCombo(SAMPLES)
        self.sample.currentIndexChanged.connect(self.changed)
        self.text, self._about = StrangerText(), Paragraph()
        self._about.setProperty("role", "warning")
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        inner = QWidget()
        inner.setProperty("role", "bare")
        words = QVBoxLayout(inner)
        words.setContentsMargins(0, 0, 0, 0)
        words.addWidget(self.text)
        words.addStretch(1)
        scroll.setWidget(inner)
        self._scroll = scroll
        top = QWidget()
        row = FlowLayout(top, gap=12)
        row.addWidget(self._head)
        row.addWidget(self.sample)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 10, 10)
        column.setSpacing(6)
        column.addWidget(top)
        column.addWidget(scroll, 1)
        column.addWidget(self._about)
        self.retranslate()

    def show_applied(self, applied: Applied | None) -> None:
        """Show what a text becomes; None for no text."""
        self._applied = applied
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._head.setText(_("What the customer reads"))
        self._scroll.setAccessibleName(_("What the customer reads"))
        self.sample.setAccessibleName(_("Tried on"))
        self.sample.retranslate()
        self.sample.widen()
        applied = self._applied
        self.text.show_text(applied.filled.text if applied is not None else "", applied.language if applied else "")
        names = list(dict.fromkeys(blank.name for blank in applied.filled.blanks)) if applied is not None else []
        listed = formats().list(names)
        told = ngettext("The agent fills in {names}.", "The agent fills in {names}.", len(names), names=listed)
        self._about.setText(told if names else "")
        self._about.setVisible(bool(names))
