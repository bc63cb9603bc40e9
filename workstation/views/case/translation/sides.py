"""What holds between the two editors: languages, who made the customer's text, whether it is stale, the checks."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from workstation.domain.checks import Finding, Kind, Severity, Side, Wording, compare
from workstation.domain.drafts import Written
from workstation.domain.fixed_parts import PartKind, scan
from workstation.domain.tags import same_language
from workstation.domain.templates import Formality
from workstation.domain.text import LazyText, lazy
from workstation.domain.translation import Pair, Provenance
from workstation.views.case.translation.filling import Filling
from workstation.views.case.translation.strip import Tally

if TYPE_CHECKING:
    from workstation.views.case.composer_view import ComposerView

_COUNTED: tuple[tuple[LazyText, frozenset[PartKind], frozenset[Kind]], ...] = (
    (lazy("numbers"), frozenset({PartKind.NUMBER}), frozenset({Kind.NUMBER})),
    (lazy("placeholders"), frozenset({PartKind.PLACEHOLDER}), frozenset({Kind.PLACEHOLDER})),
    (
        lazy("addresses and names"),
        frozenset({PartKind.URL, PartKind.EMAIL, PartKind.MENTION, PartKind.HASHTAG, PartKind.CODE}),
        frozenset({Kind.URL, Kind.EMAIL, Kind.MENTION, Kind.HASHTAG, Kind.CODE}),
    ),
    (lazy("terms"), frozenset({PartKind.TERM}), frozenset({Kind.TERM})),
)


class Agreement:
    """What the team agreed on for a pair: words that are not translated, and the glossary."""

    def __init__(self, kept: tuple[str, ...] = (), glossary: tuple[Wording, ...] = ()) -> None:
        self.kept, self.glossary = kept, glossary
        # Folded, and ordered by their first word, once: a text is looked at while somebody types.
        self._by_word: dict[str, list[tuple[str, Wording]]] = {}
        for wording in glossary:
            folded = wording.source.casefold()
            first = _RUN.match(folded)
            if folded:
                self._by_word.setdefault(first[0] if first is not None else "", []).append((folded, wording))

    def concerning(self, own: str) -> tuple[Wording, ...]:
        """The words of the glossary that may stand in a text."""
        text = own.casefold()
        # Those that begin with letters of other scripts, which need no gap between words, are under "".
        first = dict.fromkeys(("", *_RUN.findall(text)))
        return tuple(wording for word in first for folded, wording in self._by_word.get(word, ()) if folded in text)


_RUN = re.compile("[a-z0-9]+")


class Sides(QObject):
    """The state of the two editors of a composer; both are shown where the customer's language is another one."""

    changed = Signal()
    """Provenance, languages or what is shown are others now."""

    def __init__(self, view: "ComposerView") -> None:
        super().__init__(view)
        self._view = view
        self.own = ""
        """The agent's language, BCP 47."""
        self.language = ""
        """The customer's."""
        self.provenance = Provenance.HUMAN
        self.stale = False
        self.formality = Formality.NEUTRAL
        self.agreement = Agreement()
        self.detected = ""
        """The language that the customer's text was found to be in."""
        self.similarity: float | None = None
        """Of the back-translation to the agent's words, while it holds."""
        self.findings: tuple[Finding, ...] = ()
        self._made_of = ""
        self._quiet = False
        self._filling = Filling(view)
        view.own_edited.connect(self._own_edited)
        view.target_edited.connect(self._target_edited)

    # -- what is shown ---------------------------------------------------------------------------------------------

    @property
    def shown(self) -> bool:
        """Whether both editors are on the screen."""
        return self._view.two

    @property
    def pair(self) -> Pair:
        """From which language into which."""
        return Pair(self.own, self.language)

    @property
    def differ(self) -> bool:
        """Whether there are two languages at all."""
        return bool(self.own and self.language) and not same_language(self.own, self.language)

    def begin(self, own: str, language: str, written: Written | None, *, shown: bool) -> None:
        """Another text is written; the editors hold it already."""
        self.own, self.language = (written.language if written and written.language else own), language
        self.provenance = written.provenance if written else Provenance.HUMAN
        self.stale = written.stale if written else False
        self.formality = written.formality if written else Formality.NEUTRAL
        self.agreement, self.detected, self.similarity = Agreement(), "", None
        self._made_of = self._view.own_text if shown and not self.stale else ""
        self._filling.begin()
        self.show(shown)

    def show(self, shown: bool) -> None:
        """Show both editors, or the one."""
        self._view.show_sides(shown)
        self.tell()

    def turn(self, own: str, customer: str, *, shown: bool) -> str:
        """Show both editors or one; what would be sent stays so. The language of what would be sent."""
        view = self._view
        if shown == view.two:
            return self.language
        self._quiet = True
        if shown:
            self._unfold(view.kept or Written(language=own), customer)
        else:
            self._fold()
        self._quiet = False
        self.tell()
        return self.language

    def _unfold(self, kept: Written, customer: str) -> None:
        view, text = self._view, self._view.text
        view.show_sides(True)
        if same_language(self.language or kept.language, kept.language):
            # What was written is the agent's own; what the customer reads is still to come.
            self.language, kept = customer, Written(language=kept.language)
            view.target.text.replace_all("")
        else:
            view.target.text.replace_all(text)
            view.editor.replace_all(kept.text)
        view.kept = None
        self.begin(kept.language, self.language, kept, shown=True)

    def _fold(self) -> None:
        view, written = self._view, self.written()
        text = view.target.text.toPlainText()
        if text.strip() and written is not None:
            view.kept = msgspec.structs.replace(written, shown=False)
            view.editor.replace_all(text)
        else:
            view.kept, self.language = None, self.own
        view.show_sides(False)

    def speak(self, language: str) -> None:
        """The customer's text is in another language from now on."""
        if language != self.language:
            self.language = language
            self.similarity = None
            self.tell()

    def tell(self) -> None:
        """Show where the customer's text is from."""
        self._view.show_languages(self.own, self.language)
        made = Provenance.STALE if self.stale else self.provenance
        self._view.target.show_provenance(made if self.shown and self._view.target.text.toPlainText() else None)
        self.changed.emit()

    def written(self) -> Written | None:
        """The agent's own words, for the draft; None where there is one editor and never were two."""
        own = self._view.own_text
        if not self.shown:
            kept = self._view.kept
            return msgspec.structs.replace(kept, shown=False) if kept is not None else None
        return Written(
            own, self.own, self._view.editor.caret(), self.provenance, stale=self.stale, formality=self.formality
        )

    # -- who made it -----------------------------------------------------------------------------------------------

    def put_machine(self, text: str, made_of: str) -> None:
        """A machine's text in place of what stands there, as one step of the editor's own undo."""
        self._put(text, Provenance.MACHINE, made_of)

    def put_variant(self, text: str) -> None:
        """Another variant of the template that stands there, which says the same as the agent's text."""
        self._put(text, Provenance.HUMAN, self._view.own_text)

    def _put(self, text: str, provenance: Provenance, made_of: str) -> None:
        self._quiet = True
        self._view.target.text.replace_all(text)
        self._quiet = False
        self.provenance, self._made_of = provenance, made_of
        self.stale = made_of != self._view.own_text
        self.similarity = None
        self.tell()
        self._view.edited.emit()

    def together(self, own: str, target: str) -> tuple[int, int]:
        """Put two texts that say the same at both carets; where each begins."""
        view = self._view
        behind = self.stale or (bool(view.own_text.strip()) and not view.text.strip())
        self._quiet = True
        places = view.editor.insert(own), view.target.text.insert(target)
        self._quiet = False
        self.provenance, self.stale, self._made_of, self.similarity = Provenance.HUMAN, behind, view.own_text, None
        self.tell()
        return places

    def _own_edited(self) -> None:
        if self._quiet or self._filling.putting or not self.shown:
            self._filling.begin()
            return
        self.similarity = None
        if self._filling.typed(Side.SOURCE) and not self.stale:
            self._made_of = self._view.own_text  # the same follows on the other side, see `settle`
            return
        has_target = bool(self._view.target.text.toPlainText().strip())
        stale = has_target and self._view.own_text.strip() != self._made_of.strip()
        if stale != self.stale:
            self.stale = stale
            self.tell()

    def _target_edited(self) -> None:
        """A person changed it: it is theirs, and as new as their own words."""
        if self._quiet or self._filling.putting or not self.shown:
            self._filling.begin()
            return
        self.similarity = None
        if self._filling.typed(Side.TARGET):
            return
        before = self.provenance, self.stale, self._view.target.made.isHidden()
        self.provenance, self.stale, self._made_of = Provenance.HUMAN, False, self._view.own_text
        if before != (self.provenance, self.stale, not self._view.target.text.toPlainText()):
            self.tell()

    def _fill(self) -> None:
        """Put the value of a placeholder that was typed on one side on the other; it is nobody's translation."""
        if self._filling.put() and not self.stale:
            self._made_of = self._view.own_text

    # -- checks ----------------------------------------------------------------------------------------------------

    def check(self) -> tuple[Finding, ...]:
        """Everything that is wrong between the two; quick enough for each keystroke."""
        if not self.shown:
            self.findings = ()
            return ()
        self._fill()
        view, agreed = self._view, self.agreement
        own, target = view.own_text, view.text
        glossary = agreed.concerning(own)
        found = compare(
            own, target, agreed.kept, glossary, pair=self.pair, formality=self.formality,
            detected=self.detected, similarity=self.similarity,
        )  # fmt: skip
        if self.stale and target.strip():
            text = lazy("Your text was changed after this was made of it.")
            found = (*found, Finding(Kind.SIMILARITY, Severity.WARN, text, Side.TARGET))
        self.findings = found
        view.strip.show_findings(found, _tallies(own, target, found, agreed.kept, glossary))
        return found


def _tallies(
    own: str, target: str, findings: Sequence[Finding], kept: tuple[str, ...], glossary: Sequence[Wording]
) -> list[Tally]:
    if not target.strip():
        return []
    parts = scan(own, kept)
    tallies = []
    for name, kinds, about in _COUNTED:
        whole = sum(part.kind in kinds for part in parts)
        bad = sum(finding.kind in about for finding in findings)
        if whole and bad < whole:
            tallies.append(Tally(name, whole - bad, whole))
    bad = sum(finding.kind is Kind.GLOSSARY for finding in findings)
    if bad < len(glossary):
        tallies.append(Tally(lazy("glossary"), len(glossary) - bad, len(glossary)))
    return tallies
