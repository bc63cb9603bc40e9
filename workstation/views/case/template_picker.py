"""Choosing a template: found by any word, read as the customer will read it, with the variant that is used.

What suits the case comes first. Enter inserts and closes, Shift+Enter inserts and stays, so that several stack.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

from workstation.domain.template_fit import Wanted, ranked
from workstation.domain.templates import Family, Formality
from workstation.domain.text import lazy
from workstation.i18n import _, ngettext
from workstation.services.drafting import Applied
from workstation.views.settings.rows import LazyCombo
from workstation.views.templates.both_sides import BothSides
from workstation.views.templates.variant_note import VariantNote
from workstation.views.templates.words import FORMALITY
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Breaking, Paragraph
from workstation.views.widgets.picker import Choice, Picker

Apply = Callable[[Family, Formality], Applied | None]
"""What a family becomes for the customer, in a form of address."""
Own = Callable[[Family], Applied | None]
"""What the agent reads of it, in their language."""


def _nothing(_family: Family, _formality: Formality = Formality.NEUTRAL) -> None:
    return None


class TemplatePicker(Picker):
    """Emits the family and what it became for this customer."""

    picked = Signal(object, object)
    fits = Signal(object, object)
    """A person says that the variant of this family which is shown fits its source."""
    addressed = Signal(object)
    """The form of address that is asked for from now on."""
    _keys: Breaking | None = None
    _stacked = 0
    _filling = False
    """What is current changes as the list is filled: it is shown once, at the end."""

    def __init__(
        self,
        families: Sequence[Family],
        apply: Apply,
        wanted: Wanted,
        parent: QWidget,
        own: Own = _nothing,
        *,
        confirmable: bool = False,
    ) -> None:
        super().__init__(
            lazy("Insert a template"), lazy("Find a template by its title, text, tags, folder or shortcut"), parent
        )
        self._families: dict[str, Family] = {}
        self._apply, self._wanted, self._own = apply, wanted, own
        self._keys, self._none = Breaking(), Paragraph()
        self._keys.setProperty("role", "small")
        self.note, self.sides = VariantNote(), BothSides()
        self.note.confirmable = confirmable
        self._address = QLabel()
        self._address.setProperty("role", "small")
        self.formality = LazyCombo(FORMALITY)
        self._address.setBuddy(self.formality)
        foot = QWidget()
        row = FlowLayout(foot, gap=10)
        for widget in (self._address, self.formality, self._keys):
            row.addWidget(widget)
        self.body.setStretchFactor(self.list, 3)
        self.body.addWidget(self.sides, 2)
        for part in (self.note, self._none, foot):
            self.body.addWidget(part)
        self.formality.currentIndexChanged.connect(lambda _at: self._readdress())
        self.note.confirmed.connect(self._confirmed)
        self.list.currentItemChanged.connect(lambda _now, _before: self._show())
        self.chosen.connect(self._picked)
        self.offer_families(families, apply, wanted, own=own)

    def offer_families(
        self,
        families: Sequence[Family],
        apply: Apply,
        wanted: Wanted,
        query: str = "",
        own: Own = _nothing,
        formality: Formality = Formality.NEUTRAL,
    ) -> None:
        """Offer these, as what `apply` makes of them; what suits `wanted` comes first. `query` is typed already."""
        self.begin()
        self._families = {str(family.id): family for family in families}
        self._apply, self._wanted, self._own, self._stacked = apply, wanted, own, 0
        self.formality.choose(formality.value)
        letter = self.fontMetrics()
        parent = self.parentWidget()
        room = parent.window().size() if parent is not None else self.size()
        self.resize(
            max(640, min(letter.averageCharWidth() * 110, room.width() - 40)),
            max(480, min(letter.lineSpacing() * 38, room.height() - 40)),
        )
        self._filling = True
        self.field.setText(query)
        self.offer_from(self._found)
        self._filling = False
        self.retranslate()
        self._show()

    def renew(self, families: Sequence[Family]) -> None:
        """The library has changed: show the same ones as they are now."""
        now = {str(family.id): family for family in families}
        self._families = {number: now[number] for number in self._families if number in now}
        self._show()

    @property
    def asked(self) -> Formality:
        """The form of address that is asked for."""
        return Formality(str(self.formality.currentData()))

    def _readdress(self) -> None:
        self.addressed.emit(self.asked)
        self._show()

    def _confirmed(self) -> None:
        choice = self.current()
        family = self._families.get(choice.id) if choice is not None else None
        applied = self._apply(family, self.asked) if family is not None else None
        if applied is not None:
            self.fits.emit(family, applied)
            self.field.setFocus()

    def empty_out(self) -> None:
        """Hold neither templates nor what they became for a customer."""
        self._families, self._apply, self._own = {}, _nothing, _nothing
        self._filling = True
        super().empty_out()
        self._filling = False
        self.sides.show_applied(None)
        self.note.show_applied(None)

    def _found(self, query: str) -> list[Choice]:
        return [self._choice(family) for family in ranked(tuple(self._families.values()), query, self._wanted)]

    def _choice(self, family: Family) -> Choice:
        parts = [f"\u2068;{family.shortcut}\u2069"] if family.shortcut else []
        parts.append(ngettext("sent {count} time", "sent {count} times", family.used) if family.used else "")
        parts.append("" if family.used else ngettext("{count} language", "{count} languages", len(family.languages)))
        about = f"{family.title}  –  {family.folder}" if family.folder else family.title
        return Choice(str(family.id), about, hint=" · ".join(filter(None, parts)), icon="layout-template")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shift+Enter inserts and stays open for the next one; Shift+F12 asks for the next form of address."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            choice = self.current()
            if enter and choice is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._stacked += 1
                self._picked(choice)
                self.field.clear()
                self.retranslate()
                return True
            if event.key() == Qt.Key.Key_F12:
                self.formality.setCurrentIndex((self.formality.currentIndex() + 1) % self.formality.count())
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
        self._address.setText(_("Form of address"))
        self.formality.setAccessibleName(_("Form of address"))
        self.formality.setToolTip(_("{action} ({key})", action=_("How the customer is addressed"), key="Shift+F12"))
        self.formality.retranslate()
        self.formality.widen()
        self._say_nothing()

    def _say_nothing(self) -> None:
        told = _("No template fits.") if self._families else _("The library is empty: write one on its page.")
        self._none.setText(told)
        self._none.setVisible(self.note.applied is None)

    def _show(self) -> None:
        if self._filling:
            return
        choice = self.current()
        family = self._families.get(choice.id) if choice is not None else None
        applied = self._apply(family, self.asked) if family is not None else None
        self.sides.show_applied(applied, self._own(family) if family is not None else None)
        self.note.show_applied(applied)
        self._say_nothing()

    def _picked(self, choice: Choice) -> None:
        family = self._families[choice.id]
        applied = self._apply(family, self.asked)
        if applied is not None:
            self.picked.emit(family, applied)
