"""Alike texts: the near duplicates of a wave, grouped as they come; no Qt, no store, about 60 microseconds for each.

A text is reduced to what it says: folded, without addresses, names, signs and figures. A sketch of its smallest shingle
hashes finds who could be alike, however many there are; the ratio of rapidfuzz decides (TRIAGE: 75 of 100). A group is
known by a few examples rather than by its first text alone, for the words of a wave drift while it grows.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from zlib import crc32

from rapidfuzz.fuzz import ratio

ALIKE = 75.0
"""Least ratio, of 100, at which two texts say the same."""
CLOSE = 92.0
"""A member less close than this to the examples of its group becomes one of them."""
READ = 480
"""Characters that are compared; what a wave has in common stands at the beginning."""
SHORT = 16
"""Shorter texts are alike only if they are the same: there is too little to tell a variant from another matter."""
EXAMPLES = 4
_SHINGLE = 8
_SKETCH = 20
_LISTED = 48
"""Examples remembered by one shingle: what more of them share says nothing."""
_TRIED = 8
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_NAMES = re.compile(r"(?<!\w)@[\w.-]+(?:@[\w.-]+)?")
_FIGURES = re.compile(r"\d+")
_SIGNS = re.compile(r"[\W_]+")


def essence(text: str) -> str:
    """What a text says, for comparison only: folded, without addresses, names and signs, every figure a 0."""
    folded = text[: READ * 2]
    if not folded.isascii():
        folded = unicodedata.normalize("NFKC", folded)
    folded = _NAMES.sub(" ", _ADDRESS.sub(" ", folded.casefold()))
    return _SIGNS.sub(" ", _FIGURES.sub("0", folded)).strip()[:READ]


def sketch(said: str) -> tuple[int, ...]:
    """The smallest hashes of a text's shingles: texts that share many shingles share most of these."""
    data = said.encode()
    if len(data) <= _SHINGLE:
        return (crc32(data),)
    hashes = {crc32(data[at : at + _SHINGLE]) for at in range(len(data) - _SHINGLE + 1)}
    return tuple(sorted(hashes)[:_SKETCH])


class _Example:
    """A text that a group is known by."""

    __slots__ = ("group", "said")

    def __init__(self, group: int, said: str) -> None:
        self.group, self.said = group, said


class Likeness:
    """Groups of alike texts. Each has a number that is never used again; one without members is forgotten."""

    def __init__(self) -> None:
        self._group_of: dict[int, int] = {}
        self._members: dict[int, dict[int, None]] = {}
        self._examples: dict[int, list[_Example]] = {}
        self._same: dict[str, int] = {}
        """Groups by what their examples say, word for word."""
        self._shared: dict[int, list[_Example]] = {}
        self._next = 1

    def __len__(self) -> int:
        return len(self._group_of)

    def __contains__(self, ident: object) -> bool:
        return ident in self._group_of

    def put(self, ident: int, text: str) -> int:
        """Find the group of a text, or begin one; `ident` leaves the group it was in."""
        self.remove(ident)
        said = essence(text)
        group = self._find(said) if said else 0
        if not group:
            group, self._next = self._next, self._next + 1
            self._members[group] = {}
            self._examples[group] = []
            if said:
                self._remember(group, said)
        self._members[group][ident] = None
        self._group_of[ident] = group
        return group

    def remove(self, ident: int) -> None:
        """Forget a text; a group without members is forgotten with it."""
        group = self._group_of.pop(ident, 0)
        if not group:
            return
        members = self._members[group]
        del members[ident]
        if not members:
            del self._members[group]
            for example in self._examples.pop(group):
                self._forget(example)

    def group(self, ident: int) -> int:
        """The group of a text; 0 for one that was never put."""
        return self._group_of.get(ident, 0)

    def members(self, group: int) -> tuple[int, ...]:
        """Who is in a group, first come first."""
        return tuple(self._members.get(group, ()))

    def size(self, group: int) -> int:
        """How many are in a group."""
        return len(self._members.get(group, ()))

    def groups(self) -> Iterator[tuple[int, ...]]:
        """The members of every group."""
        return (tuple(members) for members in self._members.values())

    def _find(self, said: str) -> int:
        found = self._same.get(said, 0)
        if found or len(said) < SHORT:
            return found
        best, closest = ALIKE, None
        for example in self._candidates(said):
            points = ratio(said, example.said, score_cutoff=best)
            if points >= best and points:
                best, closest = points, example
                if points >= CLOSE:
                    break
        if closest is None:
            return 0
        if best < CLOSE and len(self._examples[closest.group]) < EXAMPLES:
            self._remember(closest.group, said)
        return closest.group

    def _candidates(self, said: str) -> list[_Example]:
        """Who shares most of the sketch, closest first."""
        shared: Counter[_Example] = Counter()
        for shingle in sketch(said):
            shared.update(self._shared.get(shingle, ()))
        room = len(said)
        return [
            example
            for example, _count in shared.most_common(_TRIED * 2)
            # No ratio of 75 is possible between texts that differ more in length.
            if 5 * min(room, len(example.said)) >= 3 * max(room, len(example.said))
        ][:_TRIED]

    def _remember(self, group: int, said: str) -> None:
        example = _Example(group, said)
        self._examples[group].append(example)
        self._same.setdefault(said, group)
        if len(said) < SHORT:
            return
        for shingle in sketch(said):
            listed = self._shared.setdefault(shingle, [])
            listed.append(example)
            if len(listed) > _LISTED:
                del listed[0]

    def _forget(self, example: _Example) -> None:
        if self._same.get(example.said) == example.group:
            del self._same[example.said]
        for shingle in sketch(example.said) if len(example.said) >= SHORT else ():
            listed = self._shared.get(shingle, [])
            if example in listed:
                listed.remove(example)
            if not listed:
                self._shared.pop(shingle, None)
