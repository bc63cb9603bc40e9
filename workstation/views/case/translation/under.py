"""The translation of a message under its original: marked as a machine's, in its own direction, beside a bar."""

import msgspec
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, render
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.retranslating import Retranslating

BAR = 2
"""Pixels."""


class Shown(msgspec.Struct, frozen=True):
    """What is shown under a message: the translation, or while there is none why (`note`)."""

    text: str = ""
    language: str = ""
    source: str = ""
    """The language of the original."""
    provider: str = ""
    note: LazyText | None = None


class TranslationUnder(Retranslating):
    """A bar, the text, and by whom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = Shown()
        bar = QFrame()
        bar.setObjectName("translation_bar")
        bar.setFixedWidth(BAR)
        self.text, self._by = StrangerText(), Paragraph()
        self._by.setProperty("role", "small")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.text)
        words.addWidget(self._by)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(bar)
        row.addLayout(words, 1)
        self.retranslate()

    def show_translation(self, shown: Shown) -> None:
        """Show another one."""
        self.shown = shown
        self.text.show_text(shown.text, shown.language)
        self.text.setVisible(bool(shown.text))
        self.retranslate()

    def retranslate(self) -> None:
        """Write the note in the language spoken now."""
        shown = self.shown
        if shown.note is not None:
            self._by.setText(render(shown.note))
        elif shown.source:
            self._by.setText(
                _(
                    "Machine translation from {language} · {provider}",
                    language=formats().language(shown.source),
                    provider=shown.provider,
                )
            )
        else:
            self._by.setText(_("Machine translation · {provider}", provider=shown.provider))
        self.setAccessibleName(_("Translation"))


WAITING = Shown(note=lazy("Translating…"))


class Slot:
    """Where a message shows its translation; made when there is one first."""

    def __init__(self, column: QVBoxLayout, after: QLabel) -> None:
        self._column, self._after = column, after
        self.widget: TranslationUnder | None = None

    def show(self, shown: Shown | None) -> None:
        """Show a translation, or none."""
        if shown is not None and self.widget is None:
            self.widget = TranslationUnder()
            self._column.insertWidget(self._column.indexOf(self._after) + 1, self.widget)
        if self.widget is not None:
            self.widget.setVisible(shown is not None)
            self.widget.show_translation(shown or Shown())

    @property
    def shown(self) -> Shown | None:
        """What is shown, or None."""
        return self.widget.shown if self.widget is not None and not self.widget.isHidden() else None
