"""Sentences as the memory keeps them: what is personal or changes from case to case is a slot, the rest is words.

A slot is ``⟦N1⟧``: a letter for what stood there and its number in the source. In the target the same number stands
for the same thing; ``⟦N0⟧`` for what the source does not have. Emoji, agreed terms and placeholders stay as they are.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

import msgspec

from workstation.domain.fixed_parts import PartKind, scan
from workstation.domain.memory import Segment

LONGEST = 2_000
"""Characters of a segment; longer ones are no sentences."""
SHORTEST = 2
"""Letters that a segment has at least."""
SLOTTED = frozenset(
    {PartKind.URL, PartKind.EMAIL, PartKind.MENTION, PartKind.HASHTAG, PartKind.CODE, PartKind.NUMBER, PartKind.NAME}
)
_TELLING = frozenset({PartKind.URL, PartKind.EMAIL, PartKind.CODE, PartKind.NUMBER})
"""What must be said in the target if it is in the source."""
BLANKS: dict[PartKind, str] = {
    PartKind.URL: "link",
    PartKind.EMAIL: "email",
    PartKind.MENTION: "handle",
    PartKind.HASHTAG: "hashtag",
    PartKind.CODE: "code",
    PartKind.NUMBER: "number",
    PartKind.NAME: "name",
}
"""The placeholder that stays where nothing is known to fill a slot; Send is off until somebody fills it."""

SLOT = re.compile(r"⟦([UEMHCNA])(\d{1,3})⟧")
_RESERVED = re.compile("[⟦⟧]")
_ENDS = re.compile(r"(?<=[.!?…؟۔।॥])[\"'”’»)\]]*(?=\s)|(?<=[。！？｡])[」』）”’]*(?=[^。！？｡」』）”’]|$)|\n+")
"""Where a sentence ends: a full stop before a blank, one of Chinese and Japanese anywhere, the end of a line."""
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|No|Nr|vs|etc|e\.g|i\.e|z\.B|bzw|ca|Sr|Sra|approx|p\.ej|av|env)\.)$"
)
_LETTER = re.compile(r"[^\W\d_]")
_SPACE = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+")


class Slot(msgspec.Struct, frozen=True, gc=False):
    """What stood at a slot."""

    kind: PartKind
    text: str


class Slotted(msgspec.Struct, frozen=True):
    """A text with slots numbered from 1, in order."""

    text: str
    slots: tuple[Slot, ...] = ()


class Filling(msgspec.Struct, frozen=True):
    """A remembered target with its slots filled from the text that is being written.

    `adapted` are the places (start, end) that were filled and are to be shown as such; `blanks` those that stayed open.
    """

    text: str
    adapted: tuple[tuple[int, int], ...] = ()
    blanks: tuple[tuple[int, int], ...] = ()


def slotted(text: str, terms: Iterable[str] = (), names: Collection[str] = ()) -> Slotted:
    """Put a slot wherever something personal or changing stands."""
    pieces: list[str] = []
    slots: list[Slot] = []
    end = 0
    for part in scan(text, tuple(terms), tuple(names)):
        if part.kind not in SLOTTED:
            continue
        pieces.append(_RESERVED.sub("", text[end : part.start]))
        slots.append(Slot(part.kind, part.text))
        pieces.append(f"⟦{part.kind.value}{len(slots)}⟧")
        end = part.end
    pieces.append(_RESERVED.sub("", text[end:]))
    return Slotted("".join(pieces), tuple(slots))


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, without blanks around them; an address or a number is never cut where it is a slot."""
    found: list[str] = []
    start = 0
    for end in _ENDS.finditer(text):
        piece = text[start : end.end()]
        if end[0][:1] != "\n" and _ABBREVIATION.search(piece):
            continue
        found.append(piece.strip())
        start = end.end()
    found.append(text[start:].strip())
    return tuple(piece for piece in found if piece)


def sentence_at(text: str, place: int) -> tuple[int, int]:
    """Where the sentence around a place (in characters) begins and ends: the one that is being written."""
    start = 0
    for end in _ENDS.finditer(text):
        if end[0][:1] != "\n" and _ABBREVIATION.search(text[start : end.end()]):
            continue
        if end.end() >= place and not (end.end() == place and text[place:].strip() == ""):
            return _trimmed(text, start, end.end())
        start = end.end()
    return _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def align(source: str, target: str) -> tuple[tuple[str, str], ...]:
    """The sentences of two texts side by side where their counts agree, line by line first; else both as a whole."""
    if not source.strip() or not target.strip():
        return ()
    lines = [[line for line in text.splitlines() if line.strip()] for text in (source, target)]
    found: list[tuple[str, str]] = []
    if len(lines[0]) == len(lines[1]):
        for one, other in zip(*lines, strict=True):
            left, right = sentences(one), sentences(other)
            found += zip(left, right, strict=True) if len(left) == len(right) else [(one.strip(), other.strip())]
        return tuple(found)
    left, right = sentences(source), sentences(target)
    if len(left) == len(right):
        return tuple(zip(left, right, strict=True))
    return ((source.strip(), target.strip()),)


def segments(
    languages: tuple[str, str],
    source: str,
    target: str,
    *,
    terms: Iterable[str] = (),
    names: Collection[str] = (),
    whole: bool = False,
) -> tuple[Segment, ...]:
    """What is to be remembered of a text and its translation, sentence by sentence, or as it is (`whole`)."""
    terms = tuple(terms)
    left, right = slotted(source, terms, names), slotted(target, terms, names)
    pairs = ((left.text, right.text),) if whole else align(left.text, right.text)
    found = (_segment(languages, one, other, left.slots, right.slots) for one, other in pairs)
    return tuple(dict.fromkeys(segment for segment in found if segment is not None))


def _segment(
    languages: tuple[str, str], source: str, target: str, left: tuple[Slot, ...], right: tuple[Slot, ...]
) -> Segment | None:
    """One segment with slots of its own numbers; None for what is not worth remembering."""
    if max(len(source), len(target)) > LONGEST or len(_LETTER.findall(SLOT.sub("", source))) < SHORTEST:
        return None
    if not _LETTER.search(SLOT.sub("", target)):
        return None
    numbers: dict[int, int] = {}
    values: list[tuple[PartKind, str]] = []

    def of_source(hit: re.Match[str]) -> str:
        numbers[int(hit[2])] = len(numbers) + 1
        slot = left[int(hit[2]) - 1]
        values.append((slot.kind, _value(slot)))
        return f"⟦{hit[1]}{len(values)}⟧"

    masked = SLOT.sub(of_source, source)
    free = list(range(len(values)))

    def of_target(hit: re.Match[str]) -> str:
        slot = right[int(hit[2]) - 1]
        wanted = (slot.kind, _value(slot))
        at = next((at for at in free if values[at] == wanted), -1)
        if at < 0:  # said twice in the target, once in the source
            at = next((at for at, value in enumerate(values) if value == wanted), -1)
        elif at in free:
            free.remove(at)
        return f"⟦{hit[1]}{at + 1}⟧"

    answer = SLOT.sub(of_target, target)
    said = {number for _, number in kinds(answer)}
    if any(kind in _TELLING and at not in said for at, (kind, _) in enumerate(values, 1)):
        return None  # "14 days" said as "two weeks": with another number it would be wrong, and nobody would see it
    return Segment(*languages, _SPACE.sub(" ", masked).strip(), _SPACE.sub(" ", answer).strip())


def _value(slot: Slot) -> str:
    """What makes two slots the same thing: numbers whatever their script and separators, the rest without case."""
    if slot.kind is PartKind.NUMBER:
        digits = "".join(_DIGITS.findall(slot.text))
        return "".join(str(int(sign)) for sign in digits)
    return slot.text.casefold().strip()


def plain(text: str) -> str:
    """A source as it is compared: case and blanks say nothing."""
    return _SPACE.sub(" ", text).strip().casefold()


def kinds(text: str) -> tuple[tuple[PartKind, int], ...]:
    """The slots of a masked text in order: kind and number."""
    return tuple((PartKind(hit[1]), int(hit[2])) for hit in SLOT.finditer(text))


def fill(segment: Segment, query: Slotted, rewrite: Mapping[str, str] | None = None) -> Filling:
    """The target of a segment for what is being written.

    A slot is filled with what stands at the same place among its kind in the query, if both have as many of that kind;
    what cannot be known stays a placeholder. `rewrite` are separators of numbers, from the source's language to the
    target's.
    """
    pieces: list[str] = []
    adapted: list[tuple[int, int]] = []
    blanks: list[tuple[int, int]] = []
    known = _values(segment.source, query)
    end = length = 0
    for hit in SLOT.finditer(segment.target):
        pieces.append(segment.target[end : hit.start()])
        length += len(pieces[-1])
        kind, number = PartKind(hit[1]), int(hit[2])
        value = known.get(number)
        if value is not None and kind is PartKind.NUMBER and rewrite:
            value = respelled(value, rewrite)
        shown = value if value is not None else f"{{{BLANKS[kind]}}}"
        (adapted if value is not None else blanks).append((length, length + len(shown)))
        pieces.append(shown)
        length += len(shown)
        end = hit.end()
    pieces.append(segment.target[end:])
    return Filling("".join(pieces), tuple(adapted), tuple(blanks))


def _values(source: str, query: Slotted) -> dict[int, str]:
    """By the number of a slot in a remembered source, what stands there in the query."""
    found: dict[int, str] = {}
    theirs = kinds(source)
    for kind in {kind for kind, _ in theirs}:
        numbers = [number for each, number in theirs if each is kind]
        given = [slot.text for slot in query.slots if slot.kind is kind]
        if len(numbers) == len(given):
            found |= dict(zip(numbers, given, strict=True))
    return found


def respelled(number: str, rewrite: Mapping[str, str]) -> str:
    """A number with the separators of another language; one that is not written as its own language does stays."""
    group, decimal = rewrite.get("group", ","), rewrite.get("decimal", ".")
    shape = _shape(group, decimal)
    hit = shape.fullmatch(number)
    if hit is None:
        return number
    whole = hit["whole"].replace(group, rewrite.get("to_group", group)) if hit["whole"].count(group) else hit["whole"]
    return whole + (rewrite.get("to_decimal", decimal) + hit["part"] if hit["part"] is not None else "")


@lru_cache(maxsize=64)
def _shape(group: str, decimal: str) -> re.Pattern[str]:
    grouped = rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+" if group else r"\d+"
    return re.compile(rf"(?P<whole>{grouped}|\d+)(?:{re.escape(decimal)}(?P<part>\d+))?")
