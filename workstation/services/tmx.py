"""Translation memories as TMX 1.4b: plain text and placeholders. Codes of other programs' formats are left out."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import permutations

from workstation.domain.memory import Segment
from workstation.domain.messages import Micros
from workstation.domain.segments import LONGEST, SLOT, segments, slotted
from workstation.domain.text import N_, lazy
from workstation.services.marked_up import FlawError, WordFileError, escaped, read

MOST = 200_000
"""Segments of one file."""
MOST_LANGUAGES = 30
"""Languages of one unit: every two of them are a pair."""
_CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})
"""Inline elements whose content is markup of the original, not text; ``hi`` and ``sub`` hold text."""
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HEADER = 'segtype="sentence" o-tmf="Meridian" adminlang="en" srclang="*all*" datatype="plaintext"'
_SLOT_CODE = re.compile(r"[UEMHCNA]\d{1,3}")


class _Units:
    """Gathers the units of a file."""

    def __init__(self) -> None:
        self.units: list[tuple[dict[str, str], str, Micros, int]] = []
        self._unit: dict[str, str] = {}
        self._source = self._header_source = ""
        self._language = ""
        self._seg: list[str] | None = None
        self._hidden = 0
        self._at: Micros = 0
        self._uses = 1
        self.is_tmx = False

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """Begin a unit, a language's side, its text, or a code in it."""
        if not self.is_tmx and name != "tmx":
            raise FlawError(line, lazy(N_("This is not valid {format}."), format="TMX"))
        self.is_tmx = True
        if name == "header":
            self._header_source = _language(attributes.get("srclang", ""))
        elif name == "tu":
            self._unit, self._uses = {}, _count(attributes.get("usagecount", ""))
            self._source = _language(attributes.get("srclang", "")) or self._header_source
            self._at = _moment(attributes.get("changedate") or attributes.get("creationdate") or "")
        elif name == "tuv":
            self._language = _language(attributes.get("lang", ""))
        elif name == "seg":
            self._seg, self._hidden = [], 0
        elif self._seg is not None:
            self._code(name, attributes)

    def _code(self, name: str, attributes: dict[str, str]) -> None:
        if name in _CODES:
            slot = attributes.get("type", "")
            if name == "ph" and not self._hidden and _SLOT_CODE.fullmatch(slot) and self._seg is not None:
                self._seg.append(f"⟦{slot}⟧")
            self._hidden += 1

    def end(self, name: str) -> None:
        """End it."""
        if name == "seg" and self._seg is not None:
            text = " ".join("".join(self._seg).split())
            self._seg = None
            if self._language and text and len(self._unit) < MOST_LANGUAGES:
                self._unit.setdefault(self._language, text)
        elif name == "tu":
            if len(self._unit) > 1:
                self.units.append((self._unit, self._source, self._at, self._uses))
        elif self._seg is not None and name in _CODES:
            self._hidden -= 1

    def words(self, text: str) -> None:
        """Text of a segment, unless it is a code of the original; a note (``sub``) inside one goes with it."""
        if self._seg is not None and not self._hidden:
            self._seg.append(text.replace("⟦", "").replace("⟧", ""))


def parsed(data: bytes, name: str, terms: tuple[str, ...] = ()) -> tuple[tuple[Segment, ...], int]:
    """As `parse`; a WordFileError names the file."""
    try:
        return parse(data, terms)
    except FlawError as flaw:
        raise WordFileError(file=name, why=flaw.why, line=flaw.line) from flaw


def parse(data: bytes, terms: tuple[str, ...] = ()) -> tuple[tuple[Segment, ...], int]:
    """The segments of a file, masked, and how many units were left out: too long, without words, not paired.

    A unit of several languages is a segment from its source into each other one; where the source is any ("*all*"),
    between every two. FlawError says what is wrong and in which line.
    """
    units = _Units()
    read(data, units, "TMX")
    if not units.is_tmx:
        raise FlawError(0, lazy(N_("This is not valid {format}."), format="TMX"))
    found: dict[tuple[str, str, str, str], Segment] = {}
    left = 0
    for texts, source, at, uses in units.units:
        for pair in _pairs(texts, source):
            segment = _segment(pair, texts[pair[0]], texts[pair[1]], terms)
            if segment is None:
                left += 1
                continue
            key = (*pair, segment.source, segment.target)
            found[key] = Segment(*key, uses, at)
            if len(found) > MOST:
                raise FlawError(0, lazy(N_("There are more than {count} segments in it."), count=MOST))
    return tuple(found.values()), left


def _pairs(texts: dict[str, str], source: str) -> Iterable[tuple[str, str]]:
    known = next((each for each in texts if each.lower() == source.lower()), "") or next(
        (each for each in texts if source and _primary(each) == _primary(source)), ""
    )
    if known:
        return [(known, other) for other in texts if other != known]
    return permutations(texts, 2)


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()


def _segment(pair: tuple[str, str], source: str, target: str, terms: tuple[str, ...]) -> Segment | None:
    if max(len(source), len(target)) > LONGEST:
        return None
    if SLOT.search(source) or SLOT.search(target):
        # One of our own exports. What a slot does not cover may be of a person all the same.
        covered = all(not slotted(piece).slots for text in (source, target) for piece in SLOT.split(text)[::3])
        return Segment(*pair, source, target) if covered else None
    # A file's unit is one segment, however many sentences: whoever made it has aligned it.
    found = segments(pair, source, target, terms=terms, whole=True)
    return found[0] if found else None


def written(found: Iterable[Segment], made_at: Micros) -> bytes:
    """Segments as TMX 1.4b, one unit for each; slots are placeholder codes, which other programs leave as they are."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">',
        '<tmx version="1.4">',
        f'<header creationtool="Meridian" creationtoolversion="1" {_HEADER} creationdate="{_stamp(made_at)}"/>',
        "<body>",
    ]
    for segment in found:
        lines.append(
            f'<tu srclang="{escaped(segment.source_language)}" usagecount="{segment.uses}"'
            f' changedate="{_stamp(segment.used_at)}">'
        )
        for language, text in (
            (segment.source_language, segment.source),
            (segment.target_language, segment.target),
        ):
            lines.append(f'<tuv xml:lang="{escaped(language)}"><seg>{_coded(text)}</seg></tuv>')
        lines.append("</tu>")
    lines += ["</body>", "</tmx>", ""]
    return "\n".join(lines).encode()


def _coded(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for hit in SLOT.finditer(text):
        slot = f"{hit[1]}{hit[2]}"
        pieces += [escaped(text[end : hit.start()]), f'<ph x="{int(hit[2]) + 1}" type="{slot}">{slot}</ph>']
        end = hit.end()
    return "".join(pieces) + escaped(text[end:])


def _language(tag: str) -> str:
    from workstation.i18n.tags import normalise

    return normalise(tag) if _TAG.fullmatch(tag.replace("_", "-")) else ""


def _count(text: str) -> int:
    return min(1_000_000, max(1, int(text))) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _moment(text: str) -> Micros:
    try:
        return int(datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()) * 1_000_000
    except ValueError:
        return 0


def _stamp(at: Micros) -> str:
    return datetime.fromtimestamp(max(0, at) // 1_000_000, UTC).strftime("%Y%m%dT%H%M%SZ")
