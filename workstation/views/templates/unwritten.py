"""A language that was added to a template and in which nothing is written yet: what one can do about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from workstation.domain.text import lazy
from workstation.i18n import _
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating


class Unwritten(Retranslating):
    """Says what is missing and offers to write it, or to have it drafted."""

    write_wanted = Signal()
    draft_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._missing, self._instead, self._busy = "", "", False
        self._head, self._hint = Paragraph(), Paragraph()
        self._head.setProperty("role", "heading")
        self._hint.setProperty("role", "secondary")
        self.write = TextButton(lazy("Write it"), icon="pencil")
        self.draft = TextButton(lazy("Draft it by machine"), icon="languages")
        self.write.clicked.connect(self.write_wanted)
        self.draft.clicked.connect(self.draft_wanted)
        buttons = QWidget()
        row = FlowLayout(buttons, gap=8)
        row.addWidget(self.write)
        row.addWidget(self.draft)
        card = QFrame()
        card.setProperty("role", "card")
        words = QVBoxLayout(card)
        words.setContentsMargins(14, 10, 14, 10)
        words.setSpacing(6)
        for widget in (self._head, self._hint, buttons):
            words.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.setVisible(False)

    def show_missing(self, missing: str, instead: str, can_draft: bool) -> None:
        """Name what is missing and what customers get meanwhile; `can_draft`: there is a provider."""
        self._missing, self._instead = missing, instead
        self.draft.setVisible(can_draft)
        self.retranslate()
        self.setVisible(True)

    def set_busy(self, busy: bool) -> None:
        """A draft is under way."""
        self._busy = busy
        self.draft.setEnabled(not busy)
        self.retranslate()

    def focus_first(self) -> None:
        """To what one does most likely."""
        (self.draft if not self.draft.isHidden() and self.draft.isEnabled() else self.write).setFocus()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._head.setText(_("Nothing is written in {language} yet", language=self._missing))
        instead = _("Until then customers get the text in {language}.", language=self._instead)
        if self._busy:
            instead = _("The provider is drafting it…")
        elif not self.draft.isHidden():
            instead += " " + _("A draft is marked as the machine’s until somebody has read it.")
        self._hint.setText(instead)
