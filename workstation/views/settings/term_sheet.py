"""Writing an agreed word: what it is, how it is said in another language, how it is not, or that it stays as it is."""

from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QWidget

from workstation.domain.memory import Term
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, render
from workstation.services.term_files import LONGEST, LONGEST_NOTE
from workstation.views.case.language_picker import WRITTEN
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.sheet import CANCEL, Sheet

EVERY = lazy("Every language")
LABELS: dict[str, LazyText] = {
    "source": lazy("Word"),
    "source_language": lazy("Language of the word"),
    "target": lazy("Translation"),
    "target_language": lazy("Language of the translation"),
    "forbidden": lazy("Not to be said (several with commas)"),
    "note": lazy("Note"),
}


class LanguageBox(QComboBox):
    """Languages by name, in the reader's order; "" is every one, if that is offered."""

    def __init__(self, near: tuple[str, ...], *, every: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if every:
            self.addItem(render(EVERY), "")
        known = dict.fromkeys((*filter(None, near), *WRITTEN))
        for tag in sorted(known, key=lambda tag: formats().language(tag).casefold()):
            self.addItem(formats().language(tag), tag)

    def choose(self, tag: str) -> None:
        """Show a language."""
        self.setCurrentIndex(max(0, self.findData(tag)))

    @property
    def tag(self) -> str:
        """The language that is chosen."""
        return str(self.currentData() or "")


class TermSheet(Sheet):
    """Accepted means: keep `term`."""

    def __init__(self, term: Term, near: tuple[str, ...], parent: QWidget) -> None:
        self._term = term
        self.source, self.target, self.forbidden, self.note = (QLineEdit() for _field in range(4))
        self.kept = QCheckBox()
        languages = (*near, term.source_language, term.target_language)
        self.source_language = LanguageBox(languages, every=True)
        self.target_language = LanguageBox(languages, every=False)
        self._labels = {name: QLabel() for name in LABELS}
        self._wrong = Paragraph()
        self._wrong.setProperty("role", "error")
        super().__init__(lazy("Word") if term.id else lazy("New word"), parent)
        for line, longest in ((self.source, LONGEST), (self.target, LONGEST), (self.note, LONGEST_NOTE)):
            line.setMaxLength(longest)
        for name, label in self._labels.items():
            field: QWidget = getattr(self, name)
            label.setBuddy(field)
            self.body.addWidget(label)
            self.body.addWidget(field)
            if name == "source_language":
                self.body.addWidget(self.kept)
        self.body.addWidget(self._wrong)
        self._wrong.hide()
        self.button("", CANCEL)
        self.button("keep", lazy("Save"), "primary", default=True)
        self.kept.toggled.connect(self._follow)
        self._fill(near)
        self.take_room(460, 520)
        self.retranslate()
        self.source.setFocus()

    def _fill(self, near: tuple[str, ...]) -> None:
        term = self._term
        self.source.setText(term.source)
        self.target.setText(term.target)
        self.forbidden.setText(", ".join(term.forbidden))
        self.note.setText(term.note)
        self.source_language.choose(term.source_language)
        self.target_language.choose(term.target_language or next(iter(near[1:]), ""))
        self.kept.setChecked(bool(term.id and term.kept))
        self._follow()

    def _follow(self) -> None:
        for name in ("target", "target_language", "forbidden"):
            field: QWidget = getattr(self, name)
            field.setEnabled(not self.kept.isChecked())
            self._labels[name].setEnabled(not self.kept.isChecked())

    def term(self) -> Term:
        """The word as it is written now."""
        kept = self.kept.isChecked()
        forbidden = () if kept else tuple(word.strip()[:LONGEST] for word in self.forbidden.text().split(","))
        return Term(
            self.source_language.tag,
            "" if kept else self.target_language.tag,
            self.source.text().strip(),
            "" if kept else self.target.text().strip(),
            self.note.text().strip(),
            tuple(word for word in forbidden if word),
            self._term.id,
        )

    def may_end(self, answer: str) -> bool:
        """Say what is missing."""
        term = self.term()
        missing = ""
        if not term.source:
            missing = _("Write the word.")
            self.source.setFocus()
        elif not self.kept.isChecked() and not term.target:
            missing = _("Write the translation, or tick that the word stays as it is.")
            self.target.setFocus()
        elif not self.kept.isChecked() and not term.source_language:
            missing = _("Choose the language of the word.")
            self.source_language.setFocus()
        self._wrong.setText(missing)
        self._wrong.setVisible(bool(missing))
        return not missing

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        for name, label in self._labels.items():
            words = render(LABELS[name])
            label.setText(words)
            field: QWidget = getattr(self, name)
            field.setAccessibleName(words)
        self.kept.setText(_("Stays as it is in every translation"))
        self.kept.setAccessibleName(self.kept.text())
