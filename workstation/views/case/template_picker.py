"""Choosing a template: found by any word, read as the customer will read it, with the variant that is used."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.domain.templates import Family, Fit
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, ngettext, render
from workstation.services.drafting import Applied
from workstation.views.widgets.fuzzy import score
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.picker import Choice, Picker

FITS: dict[str, LazyText] = {
    Fit.EXACT.value: lazy("The customer’s language: {language}"),
    Fit.LANGUAGE.value: lazy("The customer’s language: {language}"),
    Fit.TEAM.value: lazy("No variant in the customer’s language; the team’s default: {language}"),
    Fit.ENGLISH.value: lazy("No variant in the customer’s language; English is used"),
    Fit.ANY.value: lazy("No variant in the customer’s language; this one is in {language}"),
}


class TemplatePicker(Picker):
    """Emits the family and what it became for this customer."""

    picked = Signal(object, object)

    def __init__(self, families: Sequence[Family], apply: Callable[[Family], Applied | None], parent: QWidget) -> None:
        super().__init__(lazy("Insert a template"), lazy("Find a template by any of its words"), parent)
        self._families = {str(family.id): family for family in families}
        self._apply = apply
        self._variant = Paragraph()
        self._variant.setProperty("role", "small")
        self._preview = StrangerText()
        self._preview.setMinimumHeight(self.fontMetrics().lineSpacing() * 5)
        box = QVBoxLayout()
        box.setSpacing(4)
        box.addWidget(self._variant)
        box.addWidget(self._preview)
        self.body.addLayout(box)
        self.resize(640, 520)
        self.list.currentItemChanged.connect(lambda _now, _before: self._show())
        self.offer_from(self._found)
        self.chosen.connect(self._picked)
        self._show()

    def _found(self, query: str) -> list[Choice]:
        ranked = []
        for family in self._families.values():
            texts = " ".join(variant.text for variant in family.variants)
            title = score(query, f"{family.title} {' '.join(family.tags)}")
            # A hit in the title says more than one in the text; between equals, the one used more.
            points = title * 3 or (1 if query and query.casefold() in texts.casefold() else 0)
            if points:
                ranked.append((points, family.used, family))
        ranked.sort(key=lambda hit: (-hit[0], -hit[1]))
        return [self._choice(family) for _points, _used, family in ranked]

    def _choice(self, family: Family) -> Choice:
        languages = ngettext("{count} language", "{count} languages", len(family.languages))
        return Choice(str(family.id), family.title, hint=languages, icon="layout-template")

    def _show(self) -> None:
        choice = self.current()
        family = self._families.get(choice.id) if choice is not None else None
        applied = self._apply(family) if family is not None else None
        if applied is None:
            self._variant.setText(_("No template fits."))
            self._preview.show_text("")
            return
        language = formats().language(applied.language)
        words = _(FITS[applied.fit].msgid, language=language)
        if applied.stale:
            stale = render(lazy("older than its source: check it"))
            words = f"{words} · {stale}"
        self._variant.setText(words)
        self._preview.show_text(applied.filled.text)

    def _picked(self, choice: Choice) -> None:
        family = self._families[choice.id]
        applied = self._apply(family)
        if applied is not None:
            self.picked.emit(family, applied)
