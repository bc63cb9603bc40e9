"""What is wrong with a translation beside its source, by name and place: what keeps it from being sent, what warns.

Pure and quick enough for every keystroke.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache

import msgspec

from workstation.domain.addressing import addresses
from workstation.domain.fixed_parts import Part, PartKind, edge, scan
from workstation.domain.numbers import Number, ascii_digits, differences
from workstation.domain.tags import same_language
from workstation.domain.templates import Formality
from workstation.domain.text import N_, LazyText, lazy
from workstation.domain.translation import Pair

SIMILAR = 70
"""Percent: a back-translation less like the source than this is a warning."""
SMALL = 12
"""Numbers up to this may have been a word in the source."""


class Kind(StrEnum):
    """What a finding is about."""

    PLACEHOLDER = "placeholder"
    NUMBER = "number"
    URL = "url"
    EMAIL = "email"
    MENTION = "mention"
    HASHTAG = "hashtag"
    CODE = "code"
    TERM = "term"
    EMOJI = "emoji"
    GLOSSARY = "glossary"
    FORMALITY = "formality"
    LANGUAGE = "language"
    SIMILARITY = "similarity"


class Severity(StrEnum):
    """Whether Send is off."""

    BLOCK = "block"
    WARN = "warn"


class Side(StrEnum):
    """In which text a finding stands."""

    TARGET = "target"
    SOURCE = "source"


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong; `start` and `end` are characters of the text of `side`, -1: of the whole text."""

    kind: Kind
    severity: Severity
    text: LazyText
    side: Side = Side.TARGET
    start: int = -1
    end: int = -1

    @property
    def blocks(self) -> bool:
        """Whether it keeps the text from being sent."""
        return self.severity is Severity.BLOCK


class Wording(msgspec.Struct, frozen=True):
    """A word of the glossary and what it is to be in the other language; further permitted forms after the first."""

    source: str
    target: tuple[str, ...]


_EXACT: dict[PartKind, Kind] = {
    PartKind.URL: Kind.URL,
    PartKind.EMAIL: Kind.EMAIL,
    PartKind.MENTION: Kind.MENTION,
    PartKind.HASHTAG: Kind.HASHTAG,
    PartKind.CODE: Kind.CODE,
    PartKind.TERM: Kind.TERM,
}
_LOST: dict[Kind, str] = {
    Kind.URL: N_("The address “{what}” is missing."),
    Kind.EMAIL: N_("The e-mail address “{what}” is missing."),
    Kind.MENTION: N_("The mention “{what}” is missing."),
    Kind.HASHTAG: N_("The hashtag “{what}” is missing."),
    Kind.CODE: N_("The code “{what}” is missing."),
    Kind.TERM: N_("“{what}” is not to be translated, and is missing."),
    Kind.NUMBER: N_("The number “{what}” is missing."),
    Kind.PLACEHOLDER: N_("The placeholder “{what}” is missing."),
    Kind.EMOJI: N_("The emoji {what} is missing."),
}
_ADDED: dict[Kind, str] = {
    Kind.URL: N_("The address “{what}” is not in your text."),
    Kind.EMAIL: N_("The e-mail address “{what}” is not in your text."),
    Kind.MENTION: N_("The mention “{what}” is not in your text."),
    Kind.HASHTAG: N_("The hashtag “{what}” is not in your text."),
    Kind.CODE: N_("The code “{what}” is not in your text."),
    Kind.TERM: N_("“{what}” is there more often than in your text."),
    Kind.NUMBER: N_("The number “{what}” is not in your text."),
    Kind.PLACEHOLDER: N_("The placeholder “{what}” is not in your text."),
    Kind.EMOJI: N_("The emoji {what} is not in your text."),
}
CHANGED = N_("“{what}” became “{other}”.")
MISREAD = N_("“{what}” reads as another number in this language.")
UNFILLED = N_("Fill in “{blank}” first.")


def compare(
    source: str,
    target: str,
    terms: Iterable[str] = (),
    glossary: Iterable[Wording] = (),
    *,
    pair: Pair | None = None,
    formality: Formality = Formality.NEUTRAL,
    detected: str = "",
    similarity: float | None = None,
    template: bool = False,
) -> tuple[Finding, ...]:
    """Everything that is wrong with a target, what blocks first.

    `detected`: the language that the target was found to be in, empty where that is not known. `similarity`: percent
    between the source and the back-translation, None while there is none. `template`: placeholders stay, but must be
    those of the source.
    """
    if not target.strip():
        return ()
    words, pair = tuple(terms), pair or Pair("", "")
    ours, theirs = scan(source, words), scan(target, words)
    found = [
        *_placed(ours, theirs, pair, template),
        *_glossary(source, target, glossary),
        *_formality(target, pair.target, formality),
        *_language(source, target, pair, detected),
    ]
    if similarity is not None and similarity < SIMILAR:
        unlike = lazy(N_("Translated back, it is only {percent} % like your text."), percent=round(similarity))
        found.append(Finding(Kind.SIMILARITY, Severity.WARN, unlike))
    return tuple(sorted(found, key=lambda finding: not finding.blocks))


def blocked(findings: Iterable[Finding]) -> bool:
    """Whether Send is off."""
    return any(finding.blocks for finding in findings)


def _placed(ours: tuple[Part, ...], theirs: tuple[Part, ...], pair: Pair, template: bool) -> Iterator[Finding]:
    """What is wrong with the parts of two texts, each finding where its part stands."""
    kept = _unplaced(_bare(ours), _bare(theirs), pair, template)
    for finding in kept:
        part = (ours if finding.side is Side.SOURCE else theirs)[finding.start]
        yield msgspec.structs.replace(finding, start=part.start, end=part.end)


def _bare(parts: tuple[Part, ...]) -> tuple[tuple[PartKind, str], ...]:
    return tuple((part.kind, part.text) for part in parts)


@lru_cache(maxsize=64)
def _unplaced(
    ours: tuple[tuple[PartKind, str], ...], theirs: tuple[tuple[PartKind, str], ...], pair: Pair, template: bool
) -> tuple[Finding, ...]:
    """As `_placed`, with a part's number in place of its characters: most keys move parts and change none."""
    sources, targets = (
        tuple(Part(kind, text, number, number) for number, (kind, text) in enumerate(side)) for side in (ours, theirs)
    )
    return (
        *_placeholders(sources, targets, template=template),
        *_numbers(sources, targets, pair),
        *_exact(sources, targets),
        *_emoji(sources, targets),
    )


def _of(parts: tuple[Part, ...], kind: PartKind) -> list[Part]:
    return [part for part in parts if part.kind is kind]


def _placeholders(ours: tuple[Part, ...], theirs: tuple[Part, ...], *, template: bool) -> Iterator[Finding]:
    sources, targets = _of(ours, PartKind.PLACEHOLDER), _of(theirs, PartKind.PLACEHOLDER)
    if template:
        yield from _unequal(Kind.PLACEHOLDER, sources, targets)
        return
    for part in _alone(Kind.PLACEHOLDER, sources, targets):
        lost = lazy(_LOST[Kind.PLACEHOLDER], what=part.text)
        yield Finding(Kind.PLACEHOLDER, Severity.BLOCK, lost, Side.SOURCE, part.start, part.end)
    for part in targets:
        blank = part.text.strip("{}").partition("|")[0]
        text = lazy(UNFILLED, blank=blank)
        yield Finding(Kind.PLACEHOLDER, Severity.BLOCK, text, Side.TARGET, part.start, part.end)


def _exact(ours: tuple[Part, ...], theirs: tuple[Part, ...]) -> Iterator[Finding]:
    for part, kind in _EXACT.items():
        yield from _unequal(kind, _of(ours, part), _of(theirs, part))


def _emoji(ours: tuple[Part, ...], theirs: tuple[Part, ...]) -> Iterator[Finding]:
    for finding in _unequal(Kind.EMOJI, _of(ours, PartKind.EMOJI), _of(theirs, PartKind.EMOJI)):
        yield msgspec.structs.replace(finding, severity=Severity.WARN)


def _spelling(kind: Kind, part: Part) -> str:
    if kind is Kind.CODE:
        return ascii_digits(part.text).replace(" ", "")
    return part.text.casefold() if kind is Kind.EMAIL else part.text


def _unequal(kind: Kind, ours: list[Part], theirs: list[Part]) -> Iterator[Finding]:
    """One finding for each part that only one side has; a term may be there more often."""
    lost, added = _alone(kind, ours, theirs), _alone(kind, theirs, ours)
    if kind is Kind.TERM:
        added = []
    for one, other in zip(lost, added, strict=False):
        changed = lazy(CHANGED, what=one.text, other=other.text)
        yield Finding(kind, Severity.BLOCK, changed, Side.TARGET, other.start, other.end)
    for one in lost[len(added) :]:
        yield Finding(kind, Severity.BLOCK, lazy(_LOST[kind], what=one.text), Side.SOURCE, one.start, one.end)
    for other in added[len(lost) :]:
        yield Finding(kind, Severity.BLOCK, lazy(_ADDED[kind], what=other.text), Side.TARGET, other.start, other.end)


def _alone(kind: Kind, ours: list[Part], theirs: list[Part]) -> list[Part]:
    stock = Counter(_spelling(kind, part) for part in theirs)
    alone = []
    for part in ours:
        spelling = _spelling(kind, part)
        if stock[spelling] > 0:
            stock[spelling] -= 1
        else:
            alone.append(part)
    return alone


def _numbers(ours: tuple[Part, ...], theirs: tuple[Part, ...], pair: Pair) -> Iterator[Finding]:
    found = differences(_of(ours, PartKind.NUMBER), _of(theirs, PartKind.NUMBER), (pair.source, pair.target))
    for one, other in found.changed:
        yield _number(lazy(CHANGED, what=one.part.text, other=other.part.text), other, Side.TARGET)
    for one in found.missing:
        yield _number(lazy(_LOST[Kind.NUMBER], what=one.part.text), one, Side.SOURCE)
    for other in found.added:
        small = all(value.isdecimal() and len(value) < 3 and int(value) <= SMALL for value in other.values)
        severity = Severity.WARN if small and not found.missing and not found.changed else Severity.BLOCK
        yield _number(lazy(_ADDED[Kind.NUMBER], what=other.part.text), other, Side.TARGET, severity)
    for one, other in found.misread:
        yield _number(lazy(MISREAD, what=one.part.text), other, Side.TARGET, Severity.WARN)


def _number(text: LazyText, number: Number, side: Side, severity: Severity = Severity.BLOCK) -> Finding:
    return Finding(Kind.NUMBER, severity, text, side, number.part.start, number.part.end)


def _glossary(source: str, target: str, glossary: Iterable[Wording]) -> Iterator[Finding]:
    folded, below = source.casefold(), target.casefold()
    for wording in glossary:
        word = wording.source.casefold()
        # Most words of a glossary are not in a text: one quick look before the thorough one.
        if not word or word not in folded:
            continue
        place = _word(folded, word)
        if place < 0 or any(form.casefold() in below for form in wording.target if form):
            continue
        text = lazy(
            N_("The glossary says “{wanted}” for “{word}”."), wanted=next(iter(wording.target), ""), word=wording.source
        )
        end = place + len(word)
        whole = len(folded) == len(source)  # folding may change lengths: then there is no place to show
        yield Finding(Kind.GLOSSARY, Severity.WARN, text, Side.SOURCE, place if whole else -1, end if whole else -1)


def _word(text: str, word: str) -> int:
    place = text.find(word)
    while place >= 0:
        if _ends(text, place) and _ends(text, place + len(word)):
            return place
        place = text.find(word, place + 1)
    return -1


def _ends(text: str, place: int) -> bool:
    """As `edge`, which asks far more of each letter; a glossary's words are found inside of many others."""
    around = text[place - 1 : place + 1] if place else ""
    return not around.isalnum() if len(around) == 2 and around.isascii() else edge(text, place)


def _formality(target: str, language: str, wanted: Formality) -> Iterator[Finding]:
    found = _addresses(target, language)
    if not found:
        return
    if wanted is not Formality.NEUTRAL:
        for each in found:
            if each.formality is not wanted:
                said = FORMAL if wanted is Formality.FORMAL else INFORMAL
                text = lazy(said, word=each.word)
                yield Finding(Kind.FORMALITY, Severity.WARN, text, Side.TARGET, each.start, each.end)
        return
    first = found[0]
    other = next((each for each in found if each.formality is not first.formality), None)
    if other is not None:
        text = lazy(N_("“{one}” and “{other}”: formal and informal are mixed."), one=first.word, other=other.word)
        yield Finding(Kind.FORMALITY, Severity.WARN, text, Side.TARGET, other.start, other.end)


_addresses = lru_cache(maxsize=8)(addresses)
FORMAL = N_("“{word}” is informal; this customer is addressed formally.")
INFORMAL = N_("“{word}” is formal; this customer is addressed informally.")
_LETTERS = re.compile(r"[^\W\d_]")


def _language(source: str, target: str, pair: Pair, detected: str) -> Iterator[Finding]:
    if not pair.target:
        return
    if detected and not same_language(detected, pair.target):
        # The view names languages in the reader's own.
        text = lazy(
            N_("This looks like another language: {detected} instead of {wanted}."),
            detected=detected,
            wanted=pair.target,
        )
        yield Finding(Kind.LANGUAGE, Severity.WARN, text)
    elif (
        not same_language(pair.source, pair.target)
        and source.strip() == target.strip()
        and len(_LETTERS.findall(_without_parts(source))) > 3
    ):
        yield Finding(Kind.LANGUAGE, Severity.WARN, lazy(N_("This is your own text, not translated.")))


def _without_parts(text: str) -> str:
    kept, end = [], 0
    for part in scan(text):
        kept.append(text[end : part.start])
        end = part.end
    return "".join([*kept, text[end:]])
