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

from workstation.domain.templates import Family, Formality, Variant, blanks, suspects
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, ngettext, render
from workstation.views.case.editor import DraftEditor
from workstation.views.settings.rows import LazyCombo
from workstation.views.templates.words import FORMALITY
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
        self.languages.setDrawBase(False)
        self.languages.setExpanding(False)
        self.languages.setUsesScrollButtons(True)
        self.languages.setElideMode(Qt.TextElideMode.ElideNone)
        self._add = IconButton("plus", lazy("Add a language"))
        self._drop = IconButton("trash-2", lazy("Remove this language"))
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
        column.addWidget(self.text, 1)
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

    # -- data in and out -------------------------------------------------------------------------------------------

    def show_family(self, family: Family, language: str = "") -> None:
        """Write on this template, in the language given if it has it; what is in the fields is not asked for."""
        self._family, self._variants, self._error = family, list(family.variants), None
        self._loading = True
        self.title.setText(family.title)
        self.folder.setText(family.folder)
        self.shortcut.setText(family.shortcut)
        self.tags.setText(", ".join(family.tags))
        self._loading = False
        wanted = [at for at, variant in enumerate(self._variants) if variant.language == language]
        self._write_languages(wanted[0] if wanted else 0)

    def took(self, family: Family) -> None:
        """It was stored: its id, key and dates may differ, the fields stay as they are."""
        self._family = family
        if len(family.variants) == len(self._variants):
            dated = zip(self._variants, family.variants, strict=True)
            self._variants = [msgspec.structs.replace(ours, updated_at=theirs.updated_at) for ours, theirs in dated]
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
        """Begin a text in another language, or go to it."""
        at = next((at for at, variant in enumerate(self._variants) if variant.language == language), -1)
        if at < 0:
            self._variants.append(Variant(language, ""))
            at = len(self._variants) - 1
            self._edited()
        self._write_languages(at)
        self.text.setFocus()

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
        self._variants[self._at] = msgspec.structs.replace(variant, text=self.text.toPlainText())
        self._edited()

    def _formality_chosen(self) -> None:
        variant = self.variant
        if not self._loading and variant is not None:
            chosen = Formality(str(self.formality.currentData()))
            self._variants[self._at] = msgspec.structs.replace(variant, formality=chosen)
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
        name = formats().language(variant.language)
        source = self._source()
        old = source is not None and variant is not source and variant.updated_at < source.updated_at
        return _("{language} (old)", language=name) if old and variant.updated_at else name

    def _source(self) -> Variant | None:
        source = self._family.source if self._family is not None else ""
        return next((variant for variant in self._variants if variant.language == source), None)

    # -- words -----------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        variant, source = self.variant, self._source()
        found: list[str] = [render(self._error)] if self._error is not None else []
        text = variant.text if variant is not None else ""
        odd = suspects(text)
        if odd:
            found.append(_("“{text}” is no placeholder and would be sent as it stands.", text=odd[0][:40]))
        if variant is not None and source is not None and variant is not source:
            if variant.updated_at and variant.updated_at < source.updated_at:
                name = formats().language(source.language)
                found.append(_("The text in {language} was changed after this one: check it.", language=name))
            missing = {blank.name for blank in blanks(source.text)} - {blank.name for blank in blanks(text)}
            if missing and text.strip():
                found.append(_("Without the placeholder “{name}” of its source.", name=sorted(missing)[0]))
        self._wrong.setText("\n".join(found))
        self._wrong.setVisible(bool(found))
        used = self._family.used if self._family is not None else 0
        told = ngettext("Sent {count} time from this desk", "Sent {count} times from this desk", used)
        self._about.setText(told if used else _("Not sent from this desk yet"))

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
        for at, variant in enumerate(self._variants):
            self.languages.setTabText(at, self._language_name(variant))
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.text.rehighlight()
