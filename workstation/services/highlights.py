"""Highlights: what of a column is to catch the eye, by filter; told by a shape and a word as well as by a colour."""

from collections.abc import Callable, Sequence
from enum import StrEnum

import msgspec

from workstation.domain.cases import Entry
from workstation.domain.errors import FilterError
from workstation.domain.filters import Context, Predicate, parse

MOST = 24
"""Highlights of a column and of the deck each; a file with more was not written by us."""
LONGEST_LABEL = 40


class Colour(StrEnum):
    """Which of the theme's colours; each has a shape of its own."""

    ACCENT = "accent"
    OK = "ok"
    WARN = "warn"
    DANGER = "danger"
    NEUTRAL = "neutral"


class Highlight(msgspec.Struct, frozen=True):
    """One highlight: messages that `filter` lets through bear `label` in `colour`."""

    filter: str
    label: str = ""
    colour: Colour = Colour.ACCENT


class Marker:
    """Finds an entry's highlight: the first in order that matches. A filter that cannot be read marks nothing."""

    def __init__(self, highlights: Sequence[Highlight] = (), context: Context | None = None) -> None:
        self.highlights = tuple(highlights)[: MOST * 2]
        self.relative = False
        self._tests: list[tuple[Predicate, Highlight]] = []
        for highlight in self.highlights:
            try:
                filter_ = parse(highlight.filter)
            except FilterError:
                continue
            self.relative = self.relative or filter_.relative
            self._tests.append((filter_.predicate(context or Context()), highlight))

    def __call__(self, entry: Entry) -> Highlight | None:
        """The highlight of an entry; about a microsecond for each filter that is tried."""
        for matches, highlight in self._tests:
            if matches(entry):
                return highlight
        return None


Marks = Callable[[Entry], Highlight | None]
