"""Translating without losing what must not change: a text is masked, translated by somebody else, and unmasked.

A mask is ``⟦K1⟧``: a letter for what it hides, and its number in the text. Every occurrence has a mask of its own, so
each comes back exactly once; their order may change, because languages order differently. What comes back otherwise is
a `MaskFault`, never a guess.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from enum import StrEnum

import msgspec

from workstation.domain.fixed_parts import CUT_SHORT, Part, PartKind, continues, scan
from workstation.domain.streets import streets
from workstation.domain.text import N_, LazyText, lazy

OPEN, CLOSE = "⟦", "⟧"
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u061c\u2060\u202a-\u202e\u2066-\u2069\ufeff"
_LOOSE = re.compile(rf"{OPEN}([^{OPEN}{CLOSE}]{{0,24}}){CLOSE}")
_INSIDE = re.compile(r"([a-z])([1-9]\d{0,5})")
_SPACES = re.compile(rf"[\s{_INVISIBLE}]+")
_RESERVED = re.compile(f"[{OPEN}{CLOSE}]+")


class Pair(msgspec.Struct, frozen=True):
    """From which language into which; BCP 47."""

    source: str
    target: str

    @property
    def back(self) -> "Pair":
        """The way back."""
        return Pair(self.target, self.source)


class Provenance(StrEnum):
    """Where a translation is from."""

    HUMAN = "human"
    """Written or changed by a person; never overwritten."""
    MACHINE = "machine"
    STALE = "stale"
    """What it was made from was changed after it."""


class Translated(msgspec.Struct, frozen=True):
    """A translation. `provider` is the kind that made it, empty for people; `cost` is in characters."""

    text: str
    provenance: Provenance = Provenance.HUMAN
    provider: str = ""
    cost: int = 0


class Kept(msgspec.Struct, frozen=True):
    """What one mask hides. `joined`: a letter stood directly before it."""

    kind: PartKind
    text: str
    joined: bool = False


class Masked(msgspec.Struct, frozen=True):
    """A text with masks; the mask of number n hides `kept[n - 1]`."""

    text: str
    kept: tuple[Kept, ...] = ()


class Fault(StrEnum):
    """What happened to a mask."""

    DROPPED = "dropped"
    DOUBLED = "doubled"
    ALTERED = "altered"
    INVENTED = "invented"


SENTENCES: dict[Fault, str] = {
    Fault.DROPPED: N_("The translation lost “{what}”."),
    Fault.DOUBLED: N_("The translation repeats “{what}”."),
    Fault.ALTERED: N_("The translation changed “{what}”."),
    Fault.INVENTED: N_("The translation adds “{what}”."),
}


class MaskFault(msgspec.Struct, frozen=True):
    """Why a translation cannot be used; `what` is the part of the text that it is about."""

    fault: Fault
    what: str

    @property
    def text(self) -> LazyText:
        """The sentence for people."""
        return lazy(SENTENCES[self.fault], what=self.what)


def mark(kind: PartKind, number: int) -> str:
    """The mask of a number, from 1."""
    return f"{OPEN}{kind.value}{number}{CLOSE}"


def mask(text: str, terms: Iterable[str] = (), names: Collection[str] = ()) -> Masked:
    """Hide what must not change and what tells who somebody is.

    `terms` are not to be translated and looked for as they are written; `names` are of people, looked for in whatever
    case, whole and word by word. Everything with digits, addresses, handles, hashtags, placeholders and emoji are
    found by themselves. `unmask` of the text as it is gives the text again.
    """
    pieces: list[str] = []
    kept: list[Kept] = []
    end = 0
    for part in _with_reserved(text, _with_streets(text, scan(text, tuple(terms), tuple(names)))):
        pieces.append(text[end : part.start])
        joined = part.start > 0 and text[part.start - 1].isalnum()
        kept.append(Kept(part.kind, part.text, joined))
        pieces.append(mark(part.kind, len(kept)))
        end = part.end
    pieces.append(text[end:])
    return Masked("".join(pieces), tuple(kept))


def _with_streets(text: str, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Also hide where somebody lives; the number of the house is a part already."""
    found = list(parts)
    for start, end in streets(text):
        if all(part.end <= start or part.start >= end for part in found):
            found.append(Part(PartKind.NAME, text[start:end], start, end))
    return tuple(sorted(found, key=lambda part: part.start))


def _with_reserved(text: str, parts: tuple[Part, ...]) -> list[Part]:
    """Also hide the brackets of masks where the text itself has some."""
    if OPEN not in text and CLOSE not in text:
        return list(parts)
    taken = [False] * len(text)
    for part in parts:
        taken[part.start : part.end] = [True] * (part.end - part.start)
    found = list(parts)
    for hit in _RESERVED.finditer(text):
        found += [
            Part(PartKind.SIGN, text[place], place, place + 1)
            for place in range(hit.start(), hit.end())
            if not taken[place]
        ]
    return sorted(found, key=lambda part: part.start)


def unmask(masked: str, kept: tuple[Kept, ...]) -> str | MaskFault:
    """The text with everything put back exactly as it was, or what is wrong.

    Blanks, invisible characters, wide letters and digits of other scripts inside a mask are seen through.
    """
    pieces: list[str] = []
    seen: set[int] = set()
    end = 0
    for hit in _LOOSE.finditer(masked):
        number = _number(hit[1], kept)
        if number == 0:
            return MaskFault(Fault.ALTERED, _shown(hit[0], kept, seen))
        if number in seen:
            return MaskFault(Fault.DOUBLED, kept[number - 1].text)
        seen.add(number)
        pieces += [masked[end : hit.start()], *_put_back(kept[number - 1], masked, hit.start(), hit.end())]
        end = hit.end()
    pieces.append(masked[end:])
    missing = next((item for number, item in enumerate(kept, 1) if number not in seen), None)
    if missing is not None:
        return MaskFault(Fault.DROPPED, missing.text)
    stray = _RESERVED.search(_LOOSE.sub("", masked))
    if stray is not None:
        return MaskFault(Fault.ALTERED, stray[0])
    return _verified("".join(pieces), kept)


def _number(inside: str, kept: tuple[Kept, ...]) -> int:
    """The number of the mask with this inside; 0 if it is none of ours."""
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", inside)).casefold()
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in plain)
    found = _INSIDE.fullmatch(plain)
    if found is None or int(found[2]) > len(kept):
        return 0
    number = int(found[2])
    return number if kept[number - 1].kind.value.casefold() == found[1] else 0


def _shown(hit: str, kept: tuple[Kept, ...], seen: set[int]) -> str:
    """What a broken mask was about: the part it hid where its number still says so."""
    digits = "".join(str(unicodedata.decimal(sign, "")) for sign in hit)
    number = int(digits) if digits and len(digits) < 7 else 0
    return kept[number - 1].text if 0 < number <= len(kept) and number not in seen else hit


def _put_back(item: Kept, masked: str, start: int, end: int) -> tuple[str, str, str]:
    """The part, and a blank where a neighbour would become part of an address, a handle or a hashtag."""
    before = " " if item.kind in CUT_SHORT and start and not item.joined and masked[start - 1].isalnum() else ""
    after = " " if item.kind in CUT_SHORT and end < len(masked) and continues(item.text, masked[end]) else ""
    return before, item.text, after


def _verified(text: str, kept: tuple[Kept, ...]) -> str | MaskFault:
    """The text, unless an address, a handle, a hashtag or a placeholder in it is none that was put back."""
    expected = [item.text for item in kept if item.kind in CUT_SHORT or item.kind is PartKind.PLACEHOLDER]
    for part in scan(text):
        if part.kind not in CUT_SHORT and part.kind is not PartKind.PLACEHOLDER:
            continue
        if part.text not in expected:
            return MaskFault(Fault.INVENTED, part.text)
        expected.remove(part.text)
    return MaskFault(Fault.ALTERED, expected[0]) if expected else text
