"""What was changed in a text, word by word: kept, taken out, put in."""

import re
from difflib import SequenceMatcher
from enum import StrEnum

import msgspec

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
LONGEST = 4_000
"""Words; of longer texts only beginning and end are compared."""


class Change(StrEnum):
    """What became of a piece."""

    KEPT = "kept"
    OUT = "out"
    IN = "in"


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text."""

    change: Change
    text: str


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """Pieces in reading order; kept and taken out give `before`, kept and put in give `after`."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) > LONGEST or len(new) > LONGEST:
        return _around(before, after)
    pieces: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            _append(pieces, Change.KEPT, "".join(old[a:b]))
            continue
        _append(pieces, Change.OUT, "".join(old[a:b]))
        _append(pieces, Change.IN, "".join(new[c:d]))
    return tuple(pieces)


def _append(pieces: list[Piece], change: Change, text: str) -> None:
    if text:
        pieces.append(Piece(change, text))


def _around(before: str, after: str) -> tuple[Piece, ...]:
    shortest = min(len(before), len(after))
    start = next((n for n in range(shortest) if before[n] != after[n]), shortest)
    end = next((n for n in range(shortest - start) if before[-1 - n] != after[-1 - n]), shortest - start)
    pieces: list[Piece] = []
    _append(pieces, Change.KEPT, before[:start])
    _append(pieces, Change.OUT, before[start : len(before) - end])
    _append(pieces, Change.IN, after[start : len(after) - end])
    _append(pieces, Change.KEPT, before[len(before) - end :])
    return tuple(pieces)
