"""The editor of what the customer reads, with a word on who made the text of the agent's own words."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workstation.domain.text import LazyText, lazy
from workstation.domain.translation import Provenance
from workstation.i18n import render
from workstation.views.case.editor_frame import EditorFrame
from workstation.views.widgets.chips import Chip

MADE: dict[Provenance, tuple[LazyText, LazyText, str]] = {
    Provenance.HUMAN: (
        lazy("Human"),
        lazy("Written or changed by a person: nothing overwrites it."),
        "ok",
    ),
    Provenance.MACHINE: (
        lazy("Machine draft – review"),
        lazy("Made by the translation provider. Changing it makes it yours."),
        "accent",
    ),
    Provenance.STALE: (
        lazy("Stale – your text has changed"),
        lazy("What you write was changed after this text. Translate again, or bring it up to date."),
        "warn",
    ),
}
"""Word, meaning and tone."""


class TargetFrame(EditorFrame):
    """What is sent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.made = Chip(parent=self)
        self._shown: Provenance | None = None
        self.top.addWidget(self.made, 0, Qt.AlignmentFlag.AlignTop)
        self.show_provenance(None)

    def show_provenance(self, provenance: Provenance | None) -> None:
        """Say where the text is from; None while there is none."""
        self._shown = provenance
        self.rename()

    def rename(self) -> None:
        """Write it in the language spoken now."""
        word, meaning, tone = MADE[self._shown] if self._shown is not None else (lazy(""), lazy(""), "")
        self.made.show_text(render(word) if word.msgid else "", tone)
        self.made.setToolTip(render(meaning) if meaning.msgid else "")
