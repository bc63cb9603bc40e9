"""The rows of a live column that are in memory: a sorted window of at most 200, and an inbox of what has arrived since.

Pure bookkeeping, no store and no filter. Keys sort ascending, so that the row on top has the smallest. Arrivals wait
in the inbox until `merge`; while a column is held nobody calls that, and the inbox merely counts. However many arrive,
the inbox keeps only those that could come to stand in the window: the rest are counted as skipped, and remembered by
`_gap`, the smallest key that was let go, under which the rows in memory are no longer known to be without holes.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence, Set
from operator import itemgetter

import msgspec

from workstation.domain.cases import Entry

Key = tuple[int, int, int]
LIMIT = 200
SPARE = 4
"""So many times what a window holds may wait in its inbox before the rest is let go."""


class Merged(msgspec.Struct, frozen=True):
    """What a merge did: rows that came in, went, and changed in place."""

    arrived: int = 0
    removed: int = 0
    changed: int = 0

    def __bool__(self) -> bool:
        return bool(self.arrived or self.removed or self.changed)


class Window:
    """See the module. `ident` and `key` tell a row's identity and place; both must be pure and quick."""

    def __init__(self, ident: Callable[[Entry], int], key: Callable[[Entry], Key], limit: int = LIMIT) -> None:
        self._ident, self._key, self._limit = ident, key, limit
        self.rows: list[Entry] = []
        self._keys: list[Key] = []
        self._places: dict[int, Key] = {}
        self._inbox: dict[int, tuple[Key, Entry]] = {}
        self._changed: dict[int, Entry] = {}
        self._gone: set[int] = set()
        self._gap: Key | None = None
        self.at_top = True
        """No row of the column stands above the window, but for the inbox."""
        self.at_end = True
        """No row of the column stands below the window."""
        self.pending = 0
        """Arrivals that wait for a merge, those let go included."""
        self.skipped = 0
        """Rows that were let go because they could not have come to be seen."""

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, ident: object) -> bool:
        return ident in self._places or ident in self._inbox

    @property
    def complete(self) -> bool:
        """Whether every row of the column is here."""
        return self.at_top and self.at_end and self._gap is None

    @property
    def dirty(self) -> bool:
        """Whether rows of the window changed or went since the last merge."""
        return bool(self._changed or self._gone)

    def index(self, ident: int) -> int | None:
        """Where a row stands, counted from the top, or None."""
        key = self._places.get(ident)
        return None if key is None else bisect_left(self._keys, key)

    def install(self, rows: Sequence[Entry], *, at_top: bool, at_end: bool) -> None:
        """Start anew with a page in the column's order; the inbox is emptied."""
        self.rows, self._keys = list(rows), [self._key(row) for row in rows]
        self._places = {self._ident(row): key for row, key in zip(self.rows, self._keys, strict=True)}
        self._inbox.clear()
        self._changed.clear()
        self._gone.clear()
        self._gap, self.pending = None, 0
        self.at_top, self.at_end = at_top, at_end

    def offer(self, row: Entry) -> bool:
        """Take in a row that belongs to the column, new or changed; False if it was neither here nor could be kept."""
        ident = self._ident(row)
        if ident in self._places:
            self._changed[ident] = row
            self._gone.discard(ident)
            return True
        key = self._key(row)
        if ident in self._inbox:
            self._inbox[ident] = (key, row)
            return True
        if not self.at_end and self._keys and key > self._keys[-1]:
            return False
        self.pending += 1
        if self._gap is not None and key > self._gap:
            self.skipped += 1
            return False
        self._inbox[ident] = (key, row)
        if len(self._inbox) > SPARE * self._limit:
            self._shed()
        return True

    def offer_new(self, rows: Sequence[Entry], idents: Set[int]) -> int:
        """Take in rows that are new to the desk, in few steps for all of them; returns how many were not here yet.

        `idents` contains at least theirs; where one of them is here already, a page was read after its commit.
        """
        here = not (idents.isdisjoint(self._places) and idents.isdisjoint(self._inbox))
        keys = list(map(self._key, rows))
        outside = not self.at_end and bool(self._keys) and max(keys, default=self._keys[-1]) > self._keys[-1]
        if here or outside or (self._gap is not None and max(keys, default=self._gap) > self._gap):
            fresh = sum(self._ident(row) not in self for row in rows)
            for row in rows:
                self.offer(row)
            return fresh
        self._inbox.update(zip(map(self._ident, rows), zip(keys, rows, strict=True), strict=True))
        self.pending += len(rows)
        if len(self._inbox) > SPARE * self._limit:
            self._shed()
        return len(rows)

    def withdraw(self, ident: int) -> bool:
        """A row no longer belongs to the column; whether it was here."""
        if ident in self._places:
            if ident in self._gone:
                return False
            self._changed.pop(ident, None)
            self._gone.add(ident)
            return True
        if self._inbox.pop(ident, None) is not None:
            self.pending -= 1
            return True
        return False

    def merge(self, arrivals: bool = True) -> Merged:
        """Bring changes into the rows, and, unless `arrivals` is False (a held column), what waits in the inbox."""
        removed = sum(self._cut(ident) for ident in self._gone)
        self._gone.clear()
        changed = 0
        for ident, row in self._changed.items():
            changed += self._replace(ident, row)
        self._changed.clear()
        arrived = self._take_in() if arrivals and self.pending else 0
        return Merged(arrived, removed, changed)

    def extend_down(self, rows: Sequence[Entry], *, at_end: bool) -> int:
        """Append a page that follows the last row; rows that go over the limit leave at the top."""
        added = self._splice(rows)
        self.at_end = at_end
        over = len(self.rows) - self._limit
        if over > 0:
            moved = self._forget(slice(0, over))
            self.at_top = False
            self._offer_again(moved)
        return added

    def extend_up(self, rows: Sequence[Entry], *, at_top: bool) -> int:
        """Prepend a page that precedes the first row, in the column's order; the limit cuts at the bottom."""
        added = self._splice(rows)
        self.at_top = at_top
        if at_top:
            self._gap = None
            self.pending = len(self._inbox)
        self._trim()
        return added

    def _splice(self, rows: Sequence[Entry]) -> int:
        added = 0
        for row in rows:
            ident = self._ident(row)
            if self._inbox.pop(ident, None) is not None:
                self.pending -= 1
            if ident not in self._places:
                self._insert(ident, self._key(row), row)
                added += 1
        return added

    def _shed(self) -> None:
        """Keep the rows of the inbox that stand highest; runs once in a few times `limit` arrivals."""
        ranked = sorted(self._inbox.values(), key=itemgetter(0))
        self._inbox = {self._ident(pair[1]): pair for pair in ranked[: self._limit]}
        lost = ranked[self._limit][0]
        self._gap = lost if self._gap is None else min(self._gap, lost)
        self.skipped += len(ranked) - self._limit

    def _take_in(self) -> int:
        if not self.at_top:
            # Rows between here and the top are not known; what belongs above has to be loaded.
            return 0
        if self._gap is not None:
            below = bisect_left(self._keys, self._gap)
            self._forget(slice(below, None))
            self.at_end = False
        arrived = 0
        for ident, (key, row) in self._inbox.items():
            if self._gap is None or key < self._gap:
                self._insert(ident, key, row)
                arrived += 1
        self._inbox.clear()
        self._gap, self.pending = None, 0
        self._trim()
        return arrived

    def _trim(self) -> None:
        if len(self.rows) > self._limit:
            moved = self._forget(slice(self._limit, None))
            self.at_end = False
            self._offer_again(moved)

    def _insert(self, ident: int, key: Key, row: Entry) -> None:
        at = bisect_left(self._keys, key)
        self._keys.insert(at, key)
        self.rows.insert(at, row)
        self._places[ident] = key

    def _cut(self, ident: int) -> bool:
        key = self._places.pop(ident, None)
        if key is None:
            return False
        at = bisect_left(self._keys, key)
        del self._keys[at], self.rows[at]
        return True

    def _replace(self, ident: int, row: Entry) -> bool:
        old, new = self._places.get(ident), self._key(row)
        if old is None:
            return False
        if old == new:
            self.rows[bisect_left(self._keys, old)] = row
            return True
        self._cut(ident)
        outside = (not self.at_end and self._keys and new > self._keys[-1]) or (
            not self.at_top and self._keys and new < self._keys[0]
        )
        if not outside:
            self._insert(ident, new, row)
        return True

    def _forget(self, part: slice) -> list[Entry]:
        """Let rows go; returns those that have changed since: their new place may well be in the window."""
        idents = [self._ident(row) for row in self.rows[part]]
        for ident in idents:
            self._places.pop(ident, None)
        del self.rows[part], self._keys[part]
        return [self._changed.pop(ident) for ident in idents if ident in self._changed]

    def _offer_again(self, moved: list[Entry]) -> None:
        for row in moved:
            self.offer(row)
