"""Which variant of a template is used and why, what speaks against it, and how a person says that it fits."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from workstation.domain.templates import Drift, Fit, Formality
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, render
from workstation.services.drafting import Applied
from workstation.views.templates.words import FORMALITY
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Breaking, Elided, Paragraph
from workstation.views.widgets.retranslating import Retranslating

REASONS: dict[str, LazyText] = {
    Fit.EXACT.value: lazy("The customer’s language: {language}"),
    Fit.LANGUAGE.value: lazy("No variant in {wanted}; {language} is used"),
    Fit.TEAM.value: lazy("No variant in the customer’s language; the team’s default: {language}"),
    Fit.ENGLISH.value: lazy("No variant in the customer’s language; English is used"),
    Fit.ANY.value: lazy("No variant in the customer’s language; this one is in {language}"),
}
UNKNOWN = lazy("The customer’s language is not known; the team’s default: {language}")
DRIFTED: dict[Drift, LazyText] = {
    Drift.OLDER: lazy("Its source was changed after it: see whether it still says the same."),
    Drift.OTHER: lazy("It was written for another text of its source: see whether it still says the same."),
}
SHORTLY: dict[Drift, LazyText] = {
    Drift.OLDER: lazy("Older than its source: check it"),
    Drift.OTHER: lazy("Written for another source text: check it"),
}
UNREAD_SHORTLY = lazy("A machine’s draft: read it")
UNREAD = lazy("A machine drafted it, and nobody has read it yet.")
FITS, READ = lazy("It still fits"), lazy("I have read it: it fits")


def _name(formality: Formality) -> str:
    return next(render(text) for value, text in FORMALITY if value == formality.value)


def reason(applied: Applied) -> str:
    """Which variant, why this one, and what was looked for before it."""
    language = formats().language(applied.language)
    known = formats().language(applied.asked[0]) if applied.asked else ""
    unknown = applied.fit == Fit.TEAM.value and len(applied.asked) < 2
    why = UNKNOWN if unknown else REASONS[applied.fit]
    told = [_(why.msgid, language=language, wanted=known)]
    if applied.wanted is not applied.formality and applied.wanted is not Formality.NEUTRAL:
        there, wanted = _name(applied.formality), _name(applied.wanted)
        told.append(_("asked for: {wanted}; there is: {formality}", wanted=wanted, formality=there))
    elif applied.formality is not Formality.NEUTRAL:
        told.append(_("form of address: {formality}", formality=_name(applied.formality)))
    if len(applied.asked) > 1:
        names = formats().list([formats().language(each) for each in applied.asked])
        told.append(_("looked for, in this order: {languages}", languages=names))
    return " · ".join(told)


def doubts(drift: Drift | None, *, machine: bool, shortly: bool = False) -> str:
    """What speaks against a variant; empty if nothing does."""
    found = [render(UNREAD_SHORTLY if shortly else UNREAD)] if machine else []
    if drift is not None:
        found.append(render((SHORTLY if shortly else DRIFTED)[drift]))
    return (" · " if shortly else " ").join(found)


class VariantNote(Retranslating):
    """A line that says why, and where there is a doubt another one with the button that ends it.

    `compact`: beside what one writes it is one line of each, whatever there is room for, and all of it in the tool tip.
    """

    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None, *, compact: bool = False) -> None:
        super().__init__(parent)
        self.confirmable = True
        """Whether one may say here that a variant fits; otherwise the doubt is only told."""
        self._applied: Applied | None = None
        self._drift: Drift | None = None
        self._machine = False
        self._about: LazyText | None = None
        self._compact = compact
        self.why: QLabel = Elided() if compact else Paragraph()
        self.doubt: QLabel = Elided() if compact else Breaking()
        self.why.setProperty("role", "small")
        self.doubt.setProperty("role", "warning")
        self.confirm = TextButton(FITS, role="link") if compact else TextButton(FITS, icon="check")
        self.confirm.setAutoDefault(False)
        self.confirm.clicked.connect(self.confirmed)
        self._flag = QWidget()
        if compact:
            line = QHBoxLayout(self._flag)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(self.doubt, 1)
            line.addWidget(self.confirm)
        else:
            self.doubt.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            row = FlowLayout(self._flag, gap=8)
            row.addWidget(self.doubt)
            row.addWidget(self.confirm)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.why)
        column.addWidget(self._flag)
        self.show_applied(None)

    def show_applied(self, applied: Applied | None, about: LazyText | None = None) -> None:
        """Say why this variant is used, after `about`; None for nothing to say."""
        self._applied, self._about = applied, about
        self._drift = applied.drift if applied is not None else None
        self._machine = applied.machine if applied is not None else False
        self.retranslate()

    def show_doubts(self, drift: Drift | None, *, machine: bool) -> None:
        """Only say what speaks against a variant."""
        self._applied, self._about, self._drift, self._machine = None, None, drift, machine
        self.retranslate()

    @property
    def applied(self) -> Applied | None:
        """What it tells of."""
        return self._applied

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        about = [render(self._about)] if self._about is not None else []
        told = " · ".join([*about, reason(self._applied)]) if self._applied is not None else ""
        self.why.setText(told)
        self.why.setVisible(bool(told))
        found = doubts(self._drift, machine=self._machine, shortly=self._compact)
        self.doubt.setText(found)
        self.confirm.rename(READ if self._machine else FITS)
        self.confirm.setVisible(self.confirmable)
        self._flag.setVisible(bool(found))
        self.setVisible(bool(told or found))
