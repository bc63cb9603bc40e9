"""Live columns: each tests what a commit changed with its own filter and keeps a window of rows; no Qt, no SQL.

A column subscribes first, then loads a page at sequence S, then drops changes up to S, so that nothing falls between.
`apply` only marks dirt; `drain` brings it into the rows when the view has time. While a column is held (paused, or
scrolled back) arrivals wait and are counted, so that what one reads does not move; changes of rows in sight go on.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.cases import Case, Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.errors import MeridianError
from workstation.domain.filters import Context, Predicate, parse
from workstation.domain.outbox import Outgoing, State
from workstation.services.clock import SECOND, Clock
from workstation.services.column_rows import PAGE, Page, Pages, case_id, message_id, queue_key, stream_key
from workstation.services.column_window import LIMIT, Merged, Window
from workstation.services.feed import Feed
from workstation.services.highlights import Highlight

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.domain.text import LazyText

RECOUNT_AFTER = 3 * SECOND
"""How long a live count may rest on estimates before it is counted anew."""


class Severity(StrEnum):
    """How loudly a column tells of arrivals."""

    OFF = "off"
    BADGE = "badge"
    """Only counted, where the system shows a figure."""
    QUIET = "quiet"
    URGENT = "urgent"
    """Stays until it is read; may break through "do not disturb"."""


class Placement(msgspec.Struct, frozen=True):
    """Where a column stands that has a window of its own: the screen's name, and pixels on the whole desktop."""

    screen: str = ""
    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0


class ColumnSpec(msgspec.Struct, frozen=True):
    """One column as it is saved: its filter, and how it looks. `width` in logical pixels, 0 for the theme's own."""

    id: str
    title: str = ""
    """As the agent named it; empty shows the name of its preset."""
    filter: str = ""
    queue: bool = False
    """Rows are cases in the order of work, not messages by time."""
    width: int = 0
    order: str = ""
    """Reserved for orders other than newest first and the order of work."""
    paused: bool = False
    preset: str = ""
    """Where it came from: gives the title and the icon while `title` is empty."""
    window: Placement | None = None
    """Set for a column that was torn off; it stays set while that screen is gone."""
    notify: Severity = Severity.OFF
    highlights: tuple[Highlight, ...] = ()
    alike: bool = False
    """Of a queue: cases that say the same stand as one row."""


class Phase(StrEnum):
    """How far loading has come."""

    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


def _nothing(_entry: Entry) -> bool:
    """The filter of a column that is not open: nothing is tested before its context is known."""
    return False


class ColumnModel:
    """One column's rows, live. `on_dirty` is called when there is something to drain; it must only arm a timer."""

    def __init__(self, spec: ColumnSpec, pages: Pages, feed: Feed, clock: Clock) -> None:
        self.spec = spec
        self.filter = parse(spec.filter)
        self.row_id = case_id if spec.queue else message_id
        self.window = Window(self.row_id, queue_key if spec.queue else stream_key)
        self.phase = Phase.LOADING
        self.error: LazyText | None = None
        self.total = 0
        """Rows of the column, loaded or not; as of the last count, corrected by every change seen since."""
        self.on_dirty: Callable[[], None] = lambda: None
        self.on_waiting: Callable[[], None] = lambda: None
        """Called instead when a held column has more waiting and nothing to drain: only a figure changed."""
        self._pages, self._feed, self._clock = pages, feed, clock
        self._matches: Predicate = _nothing
        self._leave: Callable[[], None] = lambda: None
        self._early: list[ChangeSet] = []
        self._since = 0
        self._dirty = False
        self._held = spec.paused
        self._paging = False
        self._uncertain = False
        self._counted_at = 0
        self._overlays: dict[int, Case] = {}

    @property
    def rows(self) -> list[Entry]:
        """The rows in memory, top first. Not to be changed; stable between drains."""
        return self.window.rows

    @property
    def pending(self) -> int:
        """Arrivals that wait while the column is held."""
        return self.window.pending if self._held or not self.window.at_top else 0

    @property
    def held(self) -> bool:
        """Whether arrivals wait."""
        return self._held

    @property
    def stale_count(self) -> bool:
        """Whether `total` should be counted anew (see `recount`)."""
        return self._uncertain and self._clock.now() - self._counted_at > RECOUNT_AFTER

    async def open(self) -> None:
        """Subscribe, load the first page, go live; also how to start anew. An error is kept in `error`."""
        self._leave()
        self._early = []
        self.phase = Phase.LOADING
        self._leave = self._feed.subscribe(self.apply)
        try:
            self._matches = self.filter.predicate(await self._pages.context())
            page = await self._pages.page(self.filter, queue=self.spec.queue, limit=LIMIT)
            self._install(page)
            await self.recount()
        except MeridianError as error:
            self.phase, self.error = Phase.FAILED, error.text
        self._mark()

    def close(self) -> None:
        """Hear no more changes."""
        self._leave()
        self.on_dirty = self.on_waiting = lambda: None

    def _install(self, page: Page) -> None:
        rows = page.entries
        self.window.install(rows, at_top=True, at_end=len(rows) < LIMIT)
        self._since = page.sequence
        self.phase, self.error = Phase.READY, None
        self.total = max(self.total, len(rows))
        early, self._early = self._early, []
        for changes in early:
            self.apply(changes)
        if not self._held:
            self.window.merge()

    def apply(self, changes: ChangeSet) -> None:
        """Take note of a commit. About a microsecond for each of its entries; the rows change in `drain`."""
        if self.phase is Phase.LOADING:
            self._early.append(changes)
            return
        if changes.sequence <= self._since:
            return
        entries = changes.faces if self.spec.queue else changes.entries
        if entries:
            self._sort_in(entries, changes.added)
        for ident in changes.gone if self.spec.queue else changes.removed:
            self._drop(ident)
        if changes.outbox or changes.reload:
            self._uncertain = self._uncertain or changes.reload
            self._mark()

    def _take_new(self, entries: tuple[Entry, ...], added: frozenset[int]) -> tuple[bool, tuple[Entry, ...]]:
        """In a stream: let in what is new. Returns whether there was any, and the entries that remain to be looked at.

        Every column sees every commit, also while it is held: so a row costs no more than its filter and its place.
        """
        new = [entry for entry in entries if entry.message.id in added]
        mine = list(filter(self._matches, new))
        if mine:
            self.total += self.window.offer_new(mine, added)
        if len(new) == len(entries):
            return bool(mine), ()
        return bool(mine), tuple(entry for entry in entries if entry.message.id not in added)

    def _sort_in(self, entries: tuple[Entry, ...], added: frozenset[int]) -> None:
        matches, window, row_id = self._matches, self.window, self.row_id
        complete, queue = window.complete, self.spec.queue
        touched = False
        if added and not queue:
            touched, entries = self._take_new(entries, added)
        for entry in entries:
            ident = row_id(entry)
            if matches(entry):
                fresh = ident not in window
                touched |= window.offer(entry) or fresh
                if fresh and (complete or (not queue and ident in added)):
                    self.total += 1
                elif fresh:
                    self._uncertain = True
            elif queue or ident not in added:
                if window.withdraw(ident):
                    self.total -= 1
                    touched = True
                elif not complete:
                    self._uncertain = True
        if touched and self._held and not window.dirty:
            self.on_waiting()
        elif touched:
            self._mark()

    def _drop(self, ident: int) -> None:
        """A message was erased, or in a queue a case."""
        if self.window.withdraw(ident):
            self.total -= 1
            self._mark()

    def _mark(self) -> None:
        self._dirty = True
        self.on_dirty()

    @property
    def dirty(self) -> bool:
        """Whether `drain` has something to do."""
        return self._dirty

    def drain(self) -> Merged:
        """Bring what was noted into the rows; while held, only changes of rows that are there."""
        self._dirty = False
        return self.window.merge(arrivals=not self._held)

    def hold(self, held: bool) -> None:
        """Let arrivals wait, or stop doing so; what waits comes in with the next drain."""
        if held != self._held:
            self._held = held
            if not held and self.window.pending:
                self._mark()

    def show_new(self) -> Merged:
        """Bring what waits into the rows although the column is held."""
        return self.window.merge()

    async def load_older(self) -> int:
        """Load the page below the window; returns how many rows came."""
        if self.window.at_end or self._paging or not self.rows:
            return 0
        return await self._load(before=self.rows[-1])

    async def load_newer(self) -> int:
        """Load the page above the window after it was scrolled far back; returns how many rows came."""
        if self.window.at_top or self._paging or not self.rows:
            return 0
        return await self._load(after=self.rows[0])

    async def _load(self, before: Entry | None = None, after: Entry | None = None) -> int:
        self._paging = True
        try:
            page = await self._pages.page(self.filter, queue=self.spec.queue, before=before, after=after, limit=PAGE)
        finally:
            self._paging = False
        last = len(page.entries) < PAGE
        if before is not None:
            return self.window.extend_down(page.entries, at_end=last)
        return self.window.extend_up(page.entries, at_top=last)

    async def load_top(self) -> None:
        """Put the newest rows into the window, whatever it showed."""
        page = await self._pages.page(self.filter, queue=self.spec.queue, limit=LIMIT)
        self._since = max(self._since, page.sequence)
        self.window.install(page.entries, at_top=True, at_end=len(page.entries) < LIMIT)
        self._mark()

    async def recount(self) -> None:
        """Count the column's rows anew."""
        self._uncertain = False
        self._counted_at = self._clock.now()
        if self.window.complete and self.phase is Phase.READY:
            self.total = len(self.window) + self.window.pending
        else:
            self.total = await self._pages.count(self.filter, queue=self.spec.queue)

    def alike(self, entry: Entry) -> int:
        """How many cases a row stands for."""
        del entry
        return 1

    def members(self, entry: Entry) -> tuple[Entry, ...]:
        """The entries that a row stands for."""
        return (entry,)

    async def every(self, most: int) -> tuple[Entry, ...]:
        """The rows of the whole column, from the top, at most so many."""
        found: list[Entry] = []
        while len(found) < most:
            last = found[-1] if found else None
            page = await self._pages.page(self.filter, queue=self.spec.queue, before=last, limit=LIMIT)
            found += page.entries
            if len(page.entries) < LIMIT:
                break
        return tuple(found[:most])

    def overlay(self, case: int, look: Case | None) -> None:
        """Show a case as it will be once a command is done; None shows it as it is."""
        if look is None:
            self._overlays.pop(case, None)
        else:
            self._overlays[case] = look
        self._mark()

    def pending_look(self, entry: Entry) -> Case | None:
        """How the entry's case will be once a command is done, or None if nothing is under way."""
        return self._overlays.get(entry.case.id) if self._overlays and entry.case is not None else None

    def shown(self, entry: Entry) -> Entry:
        """The entry with its pending look, if it has one."""
        look = self.pending_look(entry)
        return entry if look is None else Entry(entry.message, look)


class Columns:
    """Makes columns, counts what a filter would show, and knows which replies are on their way."""

    def __init__(self, pages: Pages, feed: Feed, clock: Clock) -> None:
        self._pages, self._feed, self._clock = pages, feed, clock
        self._outgoing: dict[int, Outgoing] = {}
        feed.subscribe(self._follow)

    def model(self, spec: ColumnSpec) -> ColumnModel:
        """A column that is not open yet. FilterError where its filter cannot be read."""
        if spec.alike and spec.queue:
            from workstation.services.alike import AlikeModel  # it is a column too

            return AlikeModel(spec, self._pages, self._feed, self._clock)
        return ColumnModel(spec, self._pages, self._feed, self._clock)

    async def count(self, text: str, *, queue: bool) -> int:
        """How many rows a column with this filter would have. FilterError where it cannot be read."""
        return await self._pages.count(parse(text), queue=queue)

    async def context(self) -> Context:
        """What filters need to know now to be tested."""
        return await self._pages.context()

    def restore(self, outgoing: tuple[Outgoing, ...]) -> None:
        """Learn at start what the outbox holds."""
        self._note(outgoing)

    def outgoing(self, message: int) -> Outgoing | None:
        """What is on its way, or stuck, in answer to a message."""
        return self._outgoing.get(message)

    def _follow(self, changes: ChangeSet) -> None:
        if changes.outbox:
            self._note(changes.outbox)

    def _note(self, outgoing: tuple[Outgoing, ...]) -> None:
        for item in outgoing:
            if not item.message:
                continue
            if item.state in (State.SENT, State.CANCELLED):
                self._outgoing.pop(item.message, None)
            else:
                self._outgoing[item.message] = item
