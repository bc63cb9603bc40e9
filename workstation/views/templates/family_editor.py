"""Writing a template: what it is called, where it lies, its texts in each language, and how it comes out."""

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.templates import (
    Family,
    Formality,
    Variant,
    blanks,
    choose,
    drift,
    source_of,
    suspects,
)
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, ngettext, render
from workstation.views.case.editor import DraftEditor
from workstation.views.settings.rows import LazyCombo
from workstation.views.templates.unwritten import Unwritten
from workstation.views.templates.variant_note import VariantNote
from workstation.views.templates.words import FORMALITY, named
from workstation.views.widgets.buttons import IconButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tabs import name_arrows


class FamilyEditor(Retranslating):
    """Data in by `show_family`, wishes out; `family()` is what stands in the fields."""

    edited = Signal()
    turned = Signal()
    """Another language is shown."""
    add_wanted = Signal()
    drop_wanted = Signal()
    placeholder_wanted = Signal()
    fits_wanted = Signal()
    """A person says that the text which is shown fits its source."""
    draft_wanted = Signal()
    """The text that is shown is to be drafted by the provider."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._family: Family | None = None
        self._variants: list[Variant] = []
        self._at = -1
        self._loading = False
        self._error: LazyText | None = None
        self.title, self.folder, self.shortcut, self.tags = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self._labels = [QLabel() for _field in range(4)]
        self.formality = LazyCombo(FORMALITY)
        self.formality.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.text = DraftEditor()
        self.text.walks = False
        self.text.setFrameShape(DraftEditor.Shape.StyledPanel)
        self.languages = QTabBar()
        self.languages.setObjectName("variants")
        self.languages.setDrawBase(False)
        self.languages.setExpanding(False)
        self.languages.setUsesScrollButtons(True)
        self.languages.setElideMode(Qt.TextElideMode.ElideNone)
        self.note, self.unwritten = VariantNote(), Unwritten()
        self.can_draft = False
        """Whether there is a provider that drafts texts."""
        self._add = IconButton("plus", lazy("Add a language or a form of address"))
        self._drop = IconButton("trash-2", lazy("Remove this text"))
        self._insert = IconButton("braces", lazy("Insert a placeholder"))
        self._wrong, self._about = Paragraph(), Paragraph()
        self._wrong.setProperty("role", "warning")
        self._about.setProperty("role", "small")
        self._arrange()
        self._connect()
        self.retranslate()

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        fields = (self.title, self.folder, self.shortcut, self.tags)
        for number, (label, field) in enumerate(zip(self._labels, fields, strict=True)):
            row, at = divmod(number, 2)
            label.setBuddy(field)
            label.setProperty("role", "small")
            grid.addWidget(label, row * 2, at)
            grid.addWidget(field, row * 2 + 1, at)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        bar = QHBoxLayout()
        bar.setSpacing(4)
        self.languages.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        bar.addWidget(self.languages, 1)
        for widget in (self._add, self._drop):
            bar.addWidget(widget)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(self.formality)
        foot.addWidget(self._insert)
        foot.addWidget(self._about, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addLayout(bar)
        column.addWidget(self.unwritten)
        column.addWidget(self.text, 1)
        column.addWidget(self.note)
        column.addWidget(self._wrong)
        column.addLayout(foot)

    def _connect(self) -> None:
        for field in (self.title, self.folder, self.shortcut, self.tags):
            field.textEdited.connect(self._edited)
        self.text.textChanged.connect(self._text_edited)
        self.formality.currentIndexChanged.connect(self._formality_chosen)
        self.languages.currentChanged.connect(self._turn)
        self._add.clicked.connect(self.add_wanted)
        self._drop.clicked.connect(self.drop_wanted)
        self._insert.clicked.connect(self.placeholder_wanted)
        self.note.confirmed.connect(self.fits_wanted)
        self.unwritten.write_wanted.connect(self.text.setFocus)
        self.unwritten.draft_wanted.connect(self.draft_wanted)

    # -- data in and out -------------------------------------------------------------------------------------------

    def show_family(self, family: Family, language: str = "", formality: Formality = Formality.NEUTRAL) -> None:
        """Write on this template, in the language given if it has it; what is in the fields is not asked for."""
        self._family, self._variants, self._error = family, list(family.variants), None
        self._loading = True
        self.title.setText(family.title)
        self.folder.setText(family.folder)
        self.shortcut.setText(family.shortcut)
        self.tags.setText(", ".join(family.tags))
        self._loading = False
        alike = [at for at, variant in enumerate(self._variants) if variant.language == language]
        wanted = [at for at in alike if self._variants[at].formality is formality] or alike
        self._write_languages(wanted[0] if wanted else 0)

    def took(self, family: Family) -> None:
        """It was stored: its id, key and dates may differ, the fields stay as they are."""
        self._family = family
        if len(family.variants) == len(self._variants):
            dated = zip(self._variants, family.variants, strict=True)
            self._variants = [_dated(ours, theirs) for ours, theirs in dated]
            self._rename_languages()
        self.show_error(None)

    def family(self) -> Family | None:
        """The template as it stands in the fields."""
        if self._family is None:
            return None
        return msgspec.structs.replace(
            self._family,
            title=self.title.text(),
            folder=self.folder.text(),
            shortcut=self.shortcut.text(),
            tags=tuple(tag.strip() for tag in self.tags.text().replace(";", ",").split(",") if tag.strip()),
            variants=tuple(self._variants),
        )

    @property
    def variant(self) -> Variant | None:
        """The text that is shown."""
        return self._variants[self._at] if 0 <= self._at < len(self._variants) else None

    def add_language(self, language: str) -> None:
        """Begin a text in another language, in another form of address where there is one, or go to what is begun."""
        there = [at for at, variant in enumerate(self._variants) if variant.language == language]
        taken = {self._variants[at].formality for at in there}
        free = [each for each in (Formality.NEUTRAL, Formality.FORMAL, Formality.INFORMAL) if each not in taken]
        begun = [at for at in there if not self._variants[at].text.strip()]
        at = begun[0] if begun else there[0] if not free else -1
        if at < 0:
            self._variants.append(Variant(language, "", free[0]))
            at = len(self._variants) - 1
            self._edited()
        self._write_languages(at)
        if self.unwritten.isVisibleTo(self):
            self.unwritten.focus_first()
        else:
            self.text.setFocus()

    def put_draft(self, language: str, formality: Formality, text: str) -> bool:
        """What a machine drafted, where still nothing is written; whether it was put."""
        pair = language, formality
        at = next((at for at, v in enumerate(self._variants) if (v.language, v.formality) == pair), -1)
        if at < 0 or self._variants[at].text.strip():
            return False
        self._variants[at] = msgspec.structs.replace(self._variants[at], text=text, made_for="", machine=True)
        self._edited()
        self.languages.setTabText(at, self._language_name(self._variants[at]))
        if at == self._at:
            self._turn(at)
        return True

    def drop_language(self) -> None:
        """Take the text that is shown away; the last one stays."""
        if len(self._variants) > 1 and self.variant is not None:
            del self._variants[self._at]
            self._write_languages(max(0, self._at - 1))
            self._edited()

    def show_error(self, error: LazyText | None) -> None:
        """Say why it cannot be stored, or that it can."""
        self._error = error
        self._tell()

    # -- writing ---------------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        if not self._loading and self._family is not None:
            self._tell()
            self.edited.emit()

    def _text_edited(self) -> None:
        variant = self.variant
        if self._loading or variant is None or variant.text == self.text.toPlainText():
            return
        # Who changes it has read it, and it is written for the source as it is now.
        text = self.text.toPlainText()
        self._variants[self._at] = msgspec.structs.replace(variant, text=text, made_for="", machine=False)
        if variant.machine or not variant.text.strip() or not text.strip():
            self.languages.setTabText(self._at, self._language_name(self._variants[self._at]))
        self._edited()

    def _formality_chosen(self) -> None:
        variant = self.variant
        if not self._loading and variant is not None:
            chosen = Formality(str(self.formality.currentData()))
            taken = [each for each in self._variants if each is not variant and each.language == variant.language]
            if any(each.formality is chosen for each in taken):
                self.formality.choose(variant.formality.value)
                why = lazy("There is a text in this language with that form of address already.")
                self.show_error(why)
                return
            self._error = None
            self._variants[self._at] = msgspec.structs.replace(variant, formality=chosen)
            self._rename_languages()
            self._edited()

    def _turn(self, at: int) -> None:
        self._at = at
        variant = self.variant
        self._loading = True
        self.text.setPlainText(variant.text if variant is not None else "")
        self.formality.choose((variant.formality if variant is not None else Formality.NEUTRAL).value)
        self._loading = False
        self._drop.setEnabled(len(self._variants) > 1)
        self._tell()
        self.turned.emit()

    def _write_languages(self, at: int) -> None:
        self.languages.blockSignals(True)
        while self.languages.count():
            self.languages.removeTab(0)
        for variant in self._variants:
            self.languages.addTab(self._language_name(variant))
        self.languages.setCurrentIndex(at)
        self.languages.blockSignals(False)
        self._turn(at)

    def _language_name(self, variant: Variant) -> str:
        name = named(variant)
        family = self.family()
        doubtful = variant.machine or (family is not None and drift(family, variant) is not None)
        if not variant.text.strip():
            return _("{language} (empty)", language=name) if variant is not self._source() else name
        return _("{language} (to be read)", language=name) if doubtful else name

    def _rename_languages(self) -> None:
        for at, variant in enumerate(self._variants):
            self.languages.setTabText(at, self._language_name(variant))

    def _source(self) -> Variant | None:
        """What the text that is shown has to say; the family's source, where it is that one itself."""
        family, variant = self.family(), self.variant
        found = source_of(family, variant) if family is not None and variant is not None else None
        return found or next((each for each in self._variants if family and each.language == family.source), None)

    def _show_unwritten(self) -> None:
        """Where nothing is written yet: what the customer gets instead, and what one can do about it."""
        family, variant, source = self.family(), self.variant, self._source()
        empty = variant is not None and source is not None and variant is not source and not variant.text.strip()
        if not empty or family is None or variant is None or source is None or not source.text.strip():
            self.unwritten.setVisible(False)
            return
        instead = choose(family, variant.language, family.source, variant.formality)
        self.unwritten.show_missing(named(variant), named(instead.variant) if instead else "", self.can_draft)

    # -- words -----------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        variant, source = self.variant, self._source()
        found: list[str] = [render(self._error)] if self._error is not None else []
        text = variant.text if variant is not None else ""
        odd = suspects(text)
        if odd:
            found.append(_("“{text}” is no placeholder and would be sent as it stands.", text=odd[0][:40]))
        family = self.family()
        doubt = drift(family, variant) if family is not None and variant is not None else None
        self.note.show_doubts(doubt, machine=variant is not None and variant.machine)
        self._show_unwritten()
        if variant is not None and source is not None and variant is not source:
            missing = {blank.name for blank in blanks(source.text)} - {blank.name for blank in blanks(text)}
            if missing and text.strip():
                found.append(_("Without the placeholder “{name}” of its source.", name=sorted(missing)[0]))
        self._wrong.setText("\n".join(found))
        self._wrong.setVisible(bool(found))
        used = self._family.used if self._family is not None else 0
        told = ngettext("Sent {count} time from this desk", "Sent {count} times from this desk", used)
        again = self._family.reopened if self._family is not None else 0
        if again:
            told += " · " + ngettext("{count} case reopened after it", "{count} cases reopened after it", again)
        self._about.setText(told if used else _("Not sent from this desk yet"))
        self._about.setToolTip(_("Counted by template: who sent it is not known to anybody."))

    def retranslate(self) -> None:
        """Write the texts in the language spoken now; what was written stays."""
        names = (_("Title"), _("Folder"), _("Shortcut"), _("Tags"))
        hints = ("", _("Delivery/Late"), _("such as thanks"), _("delivery, refund"))
        fields = (self.title, self.folder, self.shortcut, self.tags)
        for label, field, name, hint in zip(self._labels, fields, names, hints, strict=True):
            label.setText(name)
            field.setAccessibleName(name)
            field.setPlaceholderText(hint)
        self.shortcut.setToolTip(_("Typed after a semicolon, then Tab: the template is inserted"))
        self.text.setAccessibleName(_("Text of the template"))
        self.text.setPlaceholderText(_("Hello {placeholder}, …", placeholder="{first_name|there}"))
        self.languages.setAccessibleName(_("Languages"))
        name_arrows(self.languages)
        self.formality.setAccessibleName(_("Form of address"))
        self.formality.retranslate()
        self.formality.widen()
        self._rename_languages()
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.text.rehighlight()


def _dated(ours: Variant, stored: Variant) -> Variant:
    """What is written here, with what the library knows of it."""
    if ours.text != stored.text:
        return msgspec.structs.replace(ours, updated_at=stored.updated_at)
    return msgspec.structs.replace(stored, formality=ours.formality)
