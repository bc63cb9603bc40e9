"""Choosing a template: found by any word, read as the customer will read it, with the variant that is used.

What suits the case comes first. Enter inserts and closes, Shift+Enter inserts and stays, so that several stack.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.domain.template_fit import Wanted, ranked
from workstation.domain.templates import Family, Fit
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, ngettext, render
from workstation.services.drafting import Applied
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.picker import Choice, Picker

FITS: dict[str, LazyText] = {
    Fit.EXACT.value: lazy("The customer’s language: {language}"),
    Fit.LANGUAGE.value: lazy("The customer’s language: {language}"),
    Fit.TEAM.value: lazy("No variant in the customer’s language; the team’s default: {language}"),
    Fit.ENGLISH.value: lazy("No variant in the customer’s language; English is used"),
    Fit.ANY.value: lazy("No variant in the customer’s language; this one is in {language}"),
}


def _nothing(_family: Family) -> None:
    return None


class TemplatePicker(Picker):
    """Emits the family and what it became for this customer."""

    picked = Signal(object, object)
    _keys: Paragraph | None = None
    _stacked = 0

    def __init__(
        self,
        families: Sequence[Family],
        apply: Callable[[Family], Applied | None],
        wanted: Wanted,
        parent: QWidget,
    ) -> None:
        super().__init__(
            lazy("Insert a template"), lazy("Find a template by its title, text, tags, folder or shortcut"), parent
        )
        self._families: dict[str, Family] = {}
        self._apply, self._wanted = apply, wanted
        self._keys = Paragraph()
        self._keys.setProperty("role", "small")
        self._variant = Paragraph()
        self._variant.setProperty("role", "small")
        self._preview = StrangerText()
        self._preview.setMinimumHeight(self.fontMetrics().lineSpacing() * 5)
        box = QVBoxLayout()
        box.setSpacing(4)
        box.addWidget(self._variant)
        box.addWidget(self._preview)
        self.body.addLayout(box)
        self.body.addWidget(self._keys)
        self.list.currentItemChanged.connect(lambda _now, _before: self._show())
        self.chosen.connect(self._picked)
        self.offer_families(families, apply, wanted)

    def offer_families(
        self, families: Sequence[Family], apply: Callable[[Family], Applied | None], wanted: Wanted, query: str = ""
    ) -> None:
        """Offer these, as what `apply` makes of them; what suits `wanted` comes first. `query` is typed already."""
        self.begin()
        self._families = {str(family.id): family for family in families}
        self._apply, self._wanted, self._stacked = apply, wanted, 0
        self.resize(680, 560)
        self.field.setText(query)
        self.offer_from(self._found)
        self.retranslate()
        self._show()

    def empty_out(self) -> None:
        """Hold neither templates nor what they became for a customer."""
        self._families, self._apply = {}, _nothing
        super().empty_out()
        self._preview.show_text("")

    def _found(self, query: str) -> list[Choice]:
        return [self._choice(family) for family in ranked(tuple(self._families.values()), query, self._wanted)]

    def _choice(self, family: Family) -> Choice:
        parts = [f"\u2068;{family.shortcut}\u2069"] if family.shortcut else []
        parts.append(ngettext("sent {count} time", "sent {count} times", family.used) if family.used else "")
        parts.append("" if family.used else ngettext("{count} language", "{count} languages", len(family.languages)))
        about = f"{family.title}  –  {family.folder}" if family.folder else family.title
        return Choice(str(family.id), about, hint=" · ".join(filter(None, parts)), icon="layout-template")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shift+Enter inserts and stays open for the next one."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            choice = self.current()
            if enter and choice is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._stacked += 1
                self._picked(choice)
                self.field.clear()
                self.retranslate()
                return True
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        if self._keys is None:  # the base is still being built
            return
        told = _("Enter inserts, Shift+Enter inserts and stays open for the next one.")
        if self._stacked:
            told = ngettext("{count} inserted.", "{count} inserted.", self._stacked) + " " + told
        self._keys.setText(told)

    def _show(self) -> None:
        choice = self.current()
        family = self._families.get(choice.id) if choice is not None else None
        applied = self._apply(family) if family is not None else None
        if applied is None:
            told = _("No template fits.") if self._families else _("The library is empty: write one on its page.")
            self._variant.setText(told)
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
