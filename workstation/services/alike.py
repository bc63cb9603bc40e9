"""A queue column in which alike cases stand as one row: the one that waits longest, with how many it stands for.

Nothing waits for a comparison: a case that arrives is shown at once and drawn into its group by a later drain, within
a bound of time. Pages leave out who stands behind another row; the rest of the queue is read after the first page is
shown, so that a group's figure is that of the whole queue and not of what is in memory.
"""

import asyncio
from collections.abc import Iterable
from heapq import heappop, heappush
from time import perf_counter

import msgspec

from workstation.domain.cases import Entry
from workstation.domain.errors import MeridianError
from workstation.domain.filters import Context, Filter
from workstation.services.background import Background
from workstation.services.clock import Clock
from workstation.services.column_rows import PAGE, Page, Pages, case_id, queue_key
from workstation.services.column_window import LIMIT, Key, Merged
from workstation.services.columns import ColumnModel, ColumnSpec
from workstation.services.feed import Feed
from workstation.services.likeness import Likeness

MOST = 5_000
"""Cases of a column that are compared; those behind them stand by themselves."""
SLICE = 0.002
"""Seconds of comparing in one go while a page is read."""
DRAWN_IN = 0.001
"""Seconds of comparing in one drain."""


class Alike:
    """Who stands for whom among the cases of one column."""

    def __init__(self) -> None:
        self._likeness = Likeness()
        self._entries: dict[int, Entry] = {}
        self._heads: dict[int, int] = {}
        self._heirs: dict[int, list[tuple[Key, int]]] = {}
        """Heaps of who comes next in each group; what has left or moved since is passed over when it is met."""

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, case: object) -> bool:
        return case in self._entries

    def clear(self) -> None:
        """Know nobody."""
        self._likeness = Likeness()
        self._entries.clear()
        self._heads.clear()
        self._heirs.clear()

    def same(self, entry: Entry) -> bool:
        """Whether the case is known with these very words."""
        known = self._entries.get(case_id(entry))
        return known is not None and known.message.text == entry.message.text

    def put(self, entry: Entry) -> int:
        """Compare a case, or take note of its change; returns the case that stands for it, which may be itself."""
        ident = case_id(entry)
        if not self.same(entry):
            self.leave(ident)
            group = self._likeness.put(ident, entry.message.text)
            self._heads.setdefault(group, ident)
        self._entries[ident] = entry
        group = self._likeness.group(ident)
        heappush(self._heirs.setdefault(group, []), (queue_key(entry), ident))
        return self._heads[group]

    def leave(self, case: int) -> Entry | None:
        """Forget a case; the one that stands for the others from now on, if this one did."""
        group = self._likeness.group(case)
        if not group:
            return None
        self._likeness.remove(case)
        del self._entries[case]
        if self._heads[group] != case:
            return None
        del self._heads[group]
        heirs = self._heirs.pop(group)
        while heirs:
            key, ident = heirs[0]
            heir = self._entries.get(ident)
            if heir is not None and queue_key(heir) == key and self._likeness.group(ident) == group:
                self._heads[group], self._heirs[group] = ident, heirs
                return heir
            heappop(heirs)
        return None

    def head(self, case: int) -> int:
        """The case that stands for this one; 0 for one that was not compared."""
        return self._heads.get(self._likeness.group(case), 0)

    def hidden(self, case: int) -> bool:
        """Whether another case stands for this one."""
        return self.head(case) not in (0, case)

    def members(self, case: int) -> tuple[Entry, ...]:
        """The cases that are alike, in the order of work; empty for one that was not compared."""
        members = self._likeness.members(self._likeness.group(case))
        return tuple(sorted((self._entries[member] for member in members), key=queue_key))

    def size(self, case: int) -> int:
        """How many are alike, this one included."""
        return max(1, self._likeness.size(self._likeness.group(case)))

    def renewed(self, case: int) -> Entry | None:
        """The same case as another object: what is drawn of it is to be drawn anew."""
        entry = self._entries.get(case)
        if entry is None:
            return None
        self._entries[case] = msgspec.structs.replace(entry)
        return self._entries[case]


class _Shown(msgspec.Struct, frozen=True):
    """A page without those that stand behind others."""

    entries: tuple[Entry, ...]
    sequence: int


class AlikePages:
    """The pages of a column, as far as they are shown."""

    def __init__(self, pages: Pages, alike: Alike) -> None:
        self._pages, self._alike = pages, alike

    async def page(
        self,
        filter_: Filter,
        *,
        queue: bool,
        before: Entry | None = None,
        after: Entry | None = None,
        limit: int = PAGE,
    ) -> Page:
        """Rows that stand for themselves or for others: as many as asked for, unless the queue ends."""
        found: list[Entry] = []
        sequence = -1
        while True:
            page = await self._pages.page(filter_, queue=queue, before=before, after=after, limit=limit)
            # That of the first page: what changed since is told again, which does no harm.
            sequence = page.sequence if sequence < 0 else sequence
            shown = await compared(self._alike, page.entries)
            found = [*found, *shown] if after is None else [*shown, *found]
            if len(page.entries) < limit or len(found) >= limit:
                break
            before, after = (page.entries[-1], None) if after is None else (None, page.entries[0])
        cut = found[:limit] if after is None else found[-limit:]
        return _Shown(tuple(cut), sequence)

    async def count(self, filter_: Filter, *, queue: bool) -> int:
        """How many cases match, whoever stands for them."""
        return await self._pages.count(filter_, queue=queue)

    async def context(self) -> Context:
        """What a filter's text leaves open."""
        return await self._pages.context()


async def compared(alike: Alike, entries: tuple[Entry, ...]) -> list[Entry]:
    """Compare a page in slices, with room for everything else between them; those that are shown."""
    shown: list[Entry] = []
    end = perf_counter() + SLICE
    for entry in entries:
        ident = case_id(entry)
        beyond = len(alike) >= MOST and ident not in alike
        if beyond or alike.put(entry) == ident:
            shown.append(entry)
        if perf_counter() > end:
            await asyncio.sleep(0)
            end = perf_counter() + SLICE
    return shown


class AlikeModel(ColumnModel):
    """A live queue whose alike cases stand as one row."""

    def __init__(self, spec: ColumnSpec, pages: Pages, feed: Feed, clock: Clock) -> None:
        self._alike = Alike()
        self._whole = pages
        super().__init__(spec, AlikePages(pages, self._alike), feed, clock)
        self._waiting: dict[int, Entry] = {}
        """Cases that are shown and not compared yet, in the order in which they came."""
        self._tasks = Background()
        self._reading: asyncio.Task[None] | None = None

    def alike(self, entry: Entry) -> int:
        """How many cases the row stands for."""
        return self._alike.size(self.row_id(entry))

    def members(self, entry: Entry) -> tuple[Entry, ...]:
        """The cases that the row stands for, in the order of work."""
        return self._alike.members(self.row_id(entry)) or (entry,)

    async def open(self) -> None:
        """Load the first page, go live, then read the rest of the queue for the groups' figures."""
        if self._reading is not None:
            self._reading.cancel()
        self._alike.clear()
        self._waiting.clear()
        await super().open()
        if not self.window.at_end and self.rows:
            self._reading = self._tasks.spawn(self._read_on(self.rows[-1]), "alike")

    def close(self) -> None:
        """Hear no more changes and compare nothing more."""
        self._tasks.cancel()
        super().close()

    async def _read_on(self, last: Entry) -> None:
        while len(self._alike) < MOST:
            try:
                page = await self._whole.page(self.filter, queue=True, before=last, limit=LIMIT)
            except MeridianError:
                return
            fresh = [entry for entry in page.entries if self.row_id(entry) not in self._alike]
            shown = {self.row_id(entry) for entry in await compared(self._alike, tuple(fresh))}
            self._renew(self._alike.head(self.row_id(entry)) for entry in fresh if self.row_id(entry) not in shown)
            if len(page.entries) < LIMIT:
                return
            last = page.entries[-1]

    def _renew(self, heads: Iterable[int]) -> None:
        """Draw rows anew: they stand for more, or fewer, than they did."""
        for head in set(heads):
            if head in self.window and (entry := self._alike.renewed(head)) is not None:
                self.window.offer(entry)
                self._mark()

    def _sort_in(self, entries: tuple[Entry, ...], added: frozenset[int]) -> None:
        complete = self.window.complete
        rows: list[Entry] = []
        for entry in entries:
            rows += self._stays(entry) if self._matches(entry) else self._leaves(entry, complete=complete)
        if rows:
            super()._sort_in(tuple(rows), added)

    def _stays(self, entry: Entry) -> list[Entry]:
        """A case of the column, new or changed: its row, unless it stands behind another's and says what it said."""
        ident = self.row_id(entry)
        if self._alike.same(entry):
            self._alike.put(entry)
            return [] if self._alike.hidden(ident) else [entry]
        # It may have been counted behind another row, as whoever takes its place was.
        self._uncertain = self._uncertain or ident in self._alike
        heir = self._depart(ident)
        if len(self._alike) + len(self._waiting) < MOST:
            self._waiting[ident] = entry
        return [entry] if heir is None else [entry, heir]

    def _leaves(self, entry: Entry, *, complete: bool) -> list[Entry]:
        """A case that left the column: its row goes, and who waits longest of the others takes its place."""
        ident = self.row_id(entry)
        self._waiting.pop(ident, None)
        if self._alike.hidden(ident):
            self._depart(ident)
            self.total -= complete
            self._uncertain = self._uncertain or not complete
            return []
        heir = self._depart(ident)
        if heir is None:
            return [entry]
        self.total -= complete  # who comes in for it has been counted before
        return [entry, heir]

    def _depart(self, ident: int) -> Entry | None:
        head = self._alike.head(ident)
        heir = self._alike.leave(ident)
        if head not in (0, ident):
            self._renew((head,))
        return heir

    def drain(self) -> Merged:
        """Draw what arrived into its groups, within a bound, then bring what was noted into the rows."""
        end = perf_counter() + DRAWN_IN
        heads: list[int] = []
        while self._waiting and perf_counter() < end:
            ident = next(iter(self._waiting))
            head = self._alike.put(self._waiting.pop(ident))
            if head != ident:
                self.window.withdraw(ident)
                heads.append(head)
        self._renew(heads)
        merged = super().drain()
        if self._waiting:
            self._mark()
        return merged

    def _drop(self, ident: int) -> None:
        """A case was erased: nothing of it is remembered, and who waits longest of the others takes its place."""
        self._waiting.pop(ident, None)
        heir = self._depart(ident)
        self.window.withdraw(ident)
        if heir is not None:
            self.window.offer(heir)
        self._uncertain = True
        self._mark()

    async def recount(self) -> None:
        """Count the column's cases, whoever stands for them."""
        self._uncertain = False
        self._counted_at = self._clock.now()
        self.total = await self._pages.count(self.filter, queue=True)
