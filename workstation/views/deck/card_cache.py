"""The cards of a column that were made lately, each remembered with what it was made of."""

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtGui import QPixmap

from workstation.domain.cases import Case, Entry
from workstation.domain.outbox import Outgoing
from workstation.services.columns import ColumnModel
from workstation.services.highlights import Marker, Marks
from workstation.views.deck.card import Card, Style, lay_out
from workstation.views.deck.card_pool import CardPool, Made
from workstation.views.deck.content import Content, Surroundings, describe, gathered

Pictures = Callable[[Entry], tuple[QPixmap, ...]]
"""The loaded thumbnails of an entry, if any."""

KEPT = 24
"""Cards kept beside those in sight: a screen or two either way, a few megabytes of pixels."""
_FIRST_GUESS = 150


class CardCache:
    """Makes cards on demand; a card is right as long as everything it was made of is the same object."""

    def __init__(
        self, model: ColumnModel, around: Surroundings, pictures: Pictures, style: Style, pool: CardPool
    ) -> None:
        self._model, self._around, self._pictures, self._pool = model, around, pictures, pool
        self.style = style
        self.marks: Marks = Marker()
        self._made: OrderedDict[int, Made] = OrderedDict()
        self._heights: dict[int, int] = {}
        self._typical = _FIRST_GUESS
        self._unfolded: set[int] = set()

    def restyle(self, style: Style) -> None:
        """Look different from now on."""
        if style != self.style:
            self.style = style
            self.clear()

    def clear(self) -> None:
        """Make every card anew: style or language changed."""
        self._pool.clear()
        self._made.clear()
        self._heights.clear()

    def forget(self, ident: int) -> None:
        """Make this card anew when it is seen next."""
        self._made.pop(ident, None)

    def forget_message(self, message: int) -> None:
        """Make a message's card anew when it is seen next: its thumbnails arrived."""
        for ident in [ident for ident, made in self._made.items() if made.entry.message.id == message]:
            del self._made[ident]

    def tick(self) -> None:
        """A minute went by: cards that would say something else now are made anew when they are seen next."""
        self._pool.clear()
        for ident, made in list(self._made.items()):
            if self._describe(made.entry) != made.card.content:
                del self._made[ident]

    def fold(self, ident: int) -> bool:
        """Show or cover what a content warning covers; returns whether it is open now."""
        self._unfolded ^= {ident}
        self.forget(ident)
        return ident in self._unfolded

    def get(self, index: int, visible: int) -> Card:
        """The card of a row; `visible` is how many are in sight."""
        entry = self._model.rows[index]
        ident = self._model.row_id(entry)
        look, outgoing = self._model.pending_look(entry), self._around.outgoing(entry.message.id)
        made = self._made.get(ident)
        if made is not None and made.entry is entry and made.look is look and made.outgoing is outgoing:
            return made.card
        made = self._made[ident] = self._make(entry, ident, look, outgoing)
        self._made.move_to_end(ident)
        if len(self._made) > KEPT + visible:
            self._made.popitem(last=False)
        self._remember(ident, made.card.height)
        return made.card

    def _make(self, entry: Entry, ident: int, look: Case | None, outgoing: Outgoing | None) -> Made:
        pictures = () if self.style.masked else self._pictures(entry)
        unfolded = ident in self._unfolded
        plain = not pictures and not unfolded and self._model.alike(entry) == 1
        found = self._pool.find(entry, self.style, look, outgoing) if plain else None
        if found is not None:
            return Made(found.card, entry, look, outgoing)
        content = self._describe(entry)
        made = Made(lay_out(content, self.style, unfolded=unfolded, pictures=pictures), entry, look, outgoing)
        if plain:
            self._pool.put(self.style, made)
        return made

    def _describe(self, entry: Entry) -> Content:
        shown = self._model.shown(entry)
        return gathered(describe(shown, self._around, self.marks(shown)), self._model.alike(entry))

    def _remember(self, ident: int, height: int) -> None:
        self._heights[ident] = height
        self._typical += round((height - self._typical) / 8)
        if len(self._heights) > 1_000:
            known = set(map(self._model.row_id, self._model.rows))
            self._heights = {row: tall for row, tall in self._heights.items() if row in known}

    @property
    def typical(self) -> int:
        """How high a row is that nobody has seen yet, probably."""
        return self._typical

    def guess(self, index: int) -> int:
        """How high a row is, or probably is, without making its card."""
        return self._heights.get(self._model.row_id(self._model.rows[index]), self._typical)

    def guess_all(self, start: int, end: int) -> int:
        """How high the rows from `start` up to `end` probably are together, without what is between them."""
        known, typical, ident = self._heights.get, self._typical, self._model.row_id
        return sum([known(ident(entry), typical) for entry in self._model.rows[start:end]])
