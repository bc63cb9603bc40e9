"""Cards that several columns show: a message that comes into eight columns is laid out and drawn once."""

from collections import OrderedDict

import msgspec

from workstation.domain.cases import Case, Entry
from workstation.domain.outbox import Outgoing
from workstation.views.deck.card import Card, Style

KEPT = 48
"""Cards: what arrives while all columns have their turn once."""


class Made(msgspec.Struct, frozen=True):
    """A card with what it was made of: it is right as long as that is the same."""

    card: Card
    entry: Entry
    look: Case | None
    outgoing: Outgoing | None

    def holds(self, entry: Entry, look: Case | None, outgoing: Outgoing | None) -> bool:
        """Whether a card made of these would be this one."""
        return self.look is look and self.outgoing is outgoing and (self.entry is entry or self.entry == entry)


class CardPool:
    """The latest plain cards of all columns of a window: nothing unfolded, no thumbnails."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[int, Style], Made] = OrderedDict()

    def find(self, entry: Entry, style: Style, look: Case | None, outgoing: Outgoing | None) -> Made | None:
        """The card that another column made of the same, or None."""
        found = self._made.get((entry.message.id, style))
        return found if found is not None and found.holds(entry, look, outgoing) else None

    def put(self, style: Style, made: Made) -> None:
        """Offer a card to the other columns."""
        self._made[(made.entry.message.id, style)] = made
        if len(self._made) > KEPT:
            self._made.popitem(last=False)

    def clear(self) -> None:
        """Cards say something else now: the minute, the language or the look changed."""
        self._made.clear()
