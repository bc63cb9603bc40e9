"""What the palette offers: items from sources. A source is anything with a title and a way to list its items."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, runtime_checkable

import msgspec

from workstation.domain.text import LazyText
from workstation.views.widgets.fuzzy import folded, score_folded

KEPT = 40
"""How many of the latest choices are remembered."""
LATEST = 90
"""What having been chosen last is worth beside how well a text fits; earlier choices are worth less."""
REFUSED = 60
"""What an item loses that is not possible now: it is still found, after those that are."""


class Item(msgspec.Struct, frozen=True):
    """One line. `words` find it too; `hint` is a key or a language; `reason` says why it is not possible now."""

    id: str
    """The same each time, so that it is known again: "case.claim", "column:2"."""
    text: str
    run: Callable[[], object]
    hint: str = ""
    icon: str = ""
    words: str = ""
    reason: str = ""
    lasting: bool = True
    """Whether it is remembered as used lately; not for what somebody wrote."""
    kind: LazyText | None = None
    """What kind of thing it is, where its source has several."""


class Extra(msgspec.Struct, frozen=True):
    """The shortest way to offer something: an item that says its kind itself."""

    id: str
    text: str
    kind: LazyText
    icon: str
    run: Callable[[], object]


class Source(Protocol):
    """Where items come from; it is asked each time the palette opens, so it must answer at once."""

    title: LazyText
    """The kind of its items, written beside each."""

    def items(self, query: str) -> Iterable[Item]:
        """The items there are now. `query` is what is typed; the palette sorts and leaves out by itself."""
        ...


@runtime_checkable
class Searching(Protocol):
    """A source that has to look something up; what it finds joins the list when it is found."""

    async def find(self, query: str) -> Sequence[Item]:
        """The items for what is typed, "" when the palette opens."""
        ...


class Recent:
    """What was chosen lately, newest first; ids only."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self.ids = list(ids)[:KEPT]

    def chose(self, item: Item) -> None:
        """Remember a choice."""
        if item.lasting:
            self.ids = [item.id, *(known for known in self.ids if known != item.id)][:KEPT]

    def worth(self) -> dict[str, int]:
        """Points by id."""
        return {ident: LATEST - LATEST * place // KEPT for place, ident in enumerate(self.ids)}


class Line(msgspec.Struct, frozen=True):
    """An item with its kind, in the language spoken now."""

    item: Item
    kind: str


class Ranking:
    """Sorts the lines of one opened palette: each is folded once, when something is typed."""

    def __init__(self, lines: Sequence[Line], recent: Recent) -> None:
        self._lines = lines
        self._worth = recent.worth()
        self._folded: list[tuple[str, str]] = []

    def fitting(self, query: str) -> list[Line]:
        """The lines that fit, best first; with nothing typed, what was used lately and then all in their order."""
        words = folded(query).split()
        if not words:
            used = sorted((line for line in self._lines if line.item.id in self._worth), key=self._by_use)
            return used + [line for line in self._lines if line.item.id not in self._worth]
        if not self._folded:
            self._folded = [(folded(line.item.text), folded(f"{line.kind} {line.item.words}")) for line in self._lines]
        hits: list[tuple[int, int]] = []
        for place, (text, more) in enumerate(self._folded):
            # A hit in what is read counts for more than one in what is only meant.
            points = 2 * score_folded(words, text) or score_folded(words, f"{text} {more}")
            if points:
                item = self._lines[place].item
                hits.append((points + self._worth.get(item.id, 0) - (REFUSED if item.reason else 0), place))
        hits.sort(key=lambda hit: (-hit[0], hit[1]))
        return [self._lines[place] for _points, place in hits]

    def _by_use(self, line: Line) -> int:
        return -self._worth[line.item.id]
