"""How a template comes out: on an invented customer, known or unknown, or on the case that is open."""

import msgspec
from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.domain.text import lazy
from workstation.i18n import _, formats, ngettext
from workstation.services.drafting import Applied
from workstation.views.settings.rows import LazyCombo
from workstation.views.templates.both_sides import BothSides
from workstation.views.templates.samples import BARE, FULL, OPEN
from workstation.views.templates.variant_note import VariantNote
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.marking import margins
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
        self.sample = LazyCombo(SAMPLES)
        self.sample.setSizeAdjustPolicy(LazyCombo.SizeAdjustPolicy.AdjustToContents)
        self.sample.currentIndexChanged.connect(self.changed)
        self.sides, self.note, self._about = BothSides(), VariantNote(), Paragraph()
        self._about.setProperty("role", "warning")
        column = QVBoxLayout(self)
        margins(column, 14, 8, 10, 10)
        column.setSpacing(6)
        top = QHBoxLayout()
        top.addWidget(self.sample)
        top.addStretch(1)
        column.addLayout(top)
        column.addWidget(self.sides, 1)
        column.addWidget(self.note)
        column.addWidget(self._about)
        self.retranslate()

    @property
    def text(self) -> StrangerText:
        """What the customer reads."""
        return self.sides.text

    def show_applied(self, applied: Applied | None, own: Applied | None = None) -> None:
        """Show what a text becomes, with what the agent reads of it beside; None for no text."""
        self._applied = applied
        self.sides.show_applied(applied, own)
        # The doubts stand beside the text that one writes on.
        self.note.show_applied(msgspec.structs.replace(applied, drift=None, machine=False) if applied else None)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.sample.setAccessibleName(_("Tried on"))
        self.sample.retranslate()
        self.sample.widen()
        applied = self._applied
        names = list(dict.fromkeys(blank.name for blank in applied.filled.blanks)) if applied is not None else []
        listed = formats().list(names)
        told = ngettext("The agent fills in {names}.", "The agent fills in {names}.", len(names), names=listed)
        self._about.setText(told if names else "")
        self._about.setVisible(bool(names))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of type."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self.sample.widen()
