"""Loading older messages from the networks on purpose: what it will cost first, then page by page, until called off.

Nothing of it touches a cursor: live reading goes on as if it were not there, and what is read twice merges by its id.
Requests go in the lane that leaves most of the rate limit to everything else. What comes in opens no cases.
"""

import asyncio
import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from workstation.connectors.base import ReadsBack
from workstation.domain.channels import RateHint
from workstation.domain.errors import AuthExpiredError, MeridianError
from workstation.domain.filter_terms import All, Name, Named, Term
from workstation.domain.filters import Filter
from workstation.domain.messages import Batch, Kind, Micros
from workstation.domain.text import LazyText
from workstation.services.background import Background, Sink, log_failure
from workstation.services.clock import Clock
from workstation.services.ingest import Ingest
from workstation.services.observers import Observers
from workstation.services.supervisor import Supervisor

if TYPE_CHECKING:
    from workstation.store.past import Reach
    from workstation.store.store import Store

DAY: Micros = 86_400_000_000
HOUR: Micros = 3_600_000_000
PAGE = 40
"""Items of a page, as networks usually give them."""
FEWEST = 3
"""Requests for a source that are always allowed: an estimate is one."""
SLACK = 2
"""How many times the estimate may be spent before the agent is asked again."""
_KINDS = {Kind.MENTION: "mentions", Kind.DIRECT: "direct", Kind.REPORT: "reports"}


class Way(msgspec.Struct, frozen=True):
    """One source of one channel to be loaded, and about how many requests and messages that takes."""

    channel: int
    source: str
    reached: Micros
    requests: int
    messages: int


class Cost(msgspec.Struct, frozen=True):
    """What loading back to `until` would take. `rates` are what the networks said of their limits, by channel."""

    until: Micros
    ways: tuple[Way, ...] = ()
    refused: tuple[int, ...] = ()
    """Channels that cannot be read backwards, or that nobody is signed in to."""
    rates: tuple[tuple[int, RateHint], ...] = ()

    @property
    def requests(self) -> int:
        """About how many requests."""
        return sum(way.requests for way in self.ways)

    @property
    def most(self) -> int:
        """At which number of requests it stops by itself."""
        return sum(max(FEWEST, way.requests * SLACK) for way in self.ways)

    @property
    def messages(self) -> int:
        """About how many messages."""
        return sum(way.messages for way in self.ways)

    def share(self, channel: int) -> float:
        """Which part of the channel's whole limit its requests are, 0 to 1 and more; -1 where the limit is unknown."""
        rate = dict(self.rates).get(channel, RateHint())
        asked = sum(way.requests for way in self.ways if way.channel == channel)
        return asked / rate.limit if rate.limit > 0 else -1.0


class Stage(StrEnum):
    """How far a loading has come."""

    RUNNING = "running"
    DONE = "done"
    SPENT = "spent"
    """Stopped because it took more requests than was said."""
    CANCELLED = "cancelled"
    FAILED = "failed"


class Progress(msgspec.Struct, frozen=True):
    """A loading as it stands. `reached`: everything since then is here, of the source that is least far."""

    stage: Stage
    until: Micros
    begun: Micros
    """What had been reached before."""
    reached: Micros
    requests: int = 0
    most: int = 0
    received: int = 0
    stored: int = 0
    """Of those received, the ones that were not here yet."""
    channel: int = 0
    error: LazyText | None = None

    @property
    def part(self) -> float:
        """How much of the way is done, 0 to 1."""
        if self.stage is Stage.DONE:
            return 1.0
        way = self.begun - self.until
        return min(1.0, max(0.0, (self.begun - self.reached) / way)) if way > 0 else 0.0


def sources_of(filter_: Filter, known: Sequence[str]) -> tuple[str, ...]:
    """The sources among `known` that a filter can let anything through of; all where it does not say."""
    wanted = {named for term in _terms(filter_.term) if (named := _source(term))}
    chosen = tuple(key for key in known if any(key == name or key.startswith(f"{name}:") for name in wanted))
    return chosen if wanted else tuple(known)


def parted(batch: Batch, before: Micros) -> tuple[Batch, ...]:
    """A page's batch in two: what is older than that time is history; the rest may be work that is just arriving."""
    late = tuple(message for message in batch.messages if message.created_at >= before)
    if not late:
        return (batch,)
    old = tuple(message for message in batch.messages if message.created_at < before)
    return (msgspec.structs.replace(batch, messages=old), Batch(batch.source, late))


def _terms(term: Term | None) -> tuple[Term, ...]:
    if isinstance(term, All):
        return term.terms
    return () if term is None else (term,)


def _source(term: Term) -> str:
    if isinstance(term, Named) and term.field is Name.SOURCE:
        return term.value
    if isinstance(term, Named) and term.field is Name.KIND:
        return _KINDS.get(Kind(term.value), "")
    return ""


class Backfill:
    """One loading at a time; `progress` is the latest, also after its end."""

    def __init__(
        self, store: "Store", supervisor: Supervisor, ingest: Ingest, clock: Clock, sink: Sink = log_failure
    ) -> None:
        self._store, self._supervisor, self._ingest, self._clock = store, supervisor, ingest, clock
        self._tasks = Background(sink)
        self._task: asyncio.Task[None] | None = None
        self._observers: Observers[Progress] = Observers()
        self.progress: Progress | None = None

    def subscribe(self, callback: Callable[[Progress], None]) -> Callable[[], None]:
        """Call `callback` after every page; returns what ends it."""
        return self._observers.subscribe(callback)

    @property
    def running(self) -> bool:
        """Whether something is being loaded."""
        return self._task is not None and not self._task.done()

    def _reader(self, channel: int) -> ReadsBack | None:
        found = self._supervisor.channel(channel)
        return found if isinstance(found, ReadsBack) else None

    # Before -------------------------------------------------------------------------------------------------------

    async def cost(self, channels: Sequence[int], filter_: Filter, until: Micros) -> Cost:
        """What it would take to load what a column shows of these channels back to `until`."""
        ways: list[Way] = []
        refused: list[int] = []
        for channel in channels:
            opened = self._supervisor.opened(channel)
            if opened is None or self._reader(channel) is None:
                refused.append(channel)
                continue
            reaches = {reach.source: reach for reach in await self._store.past.reach(channel)}
            for source in sources_of(filter_, opened.sources):
                way = self._way(channel, source, reaches.get(source), until)
                if way is not None:
                    ways.append(way)
        health = self._supervisor.health
        rates = tuple((channel, health[channel].rate) for channel in channels if channel in health)
        return Cost(until, tuple(ways), tuple(refused), rates)

    def _way(self, channel: int, source: str, reach: "Reach | None", until: Micros) -> Way | None:
        now = self._clock.now()
        reached = reach.reached if reach is not None and reach.reached else now
        if reached <= until:
            return None
        # Lists that cannot be entered in the middle are read from their newest end once more.
        known = bool(reach is not None and (reach.position or reach.oldest))
        back = (reached if known else now) - until
        rate = reach.counted / max(reach.span, HOUR) if reach is not None and reach.counted > 1 else 0.0
        messages = math.ceil(rate * back)
        return Way(channel, source, reached, max(1, math.ceil(messages / PAGE)) + 1, messages)

    # The run ------------------------------------------------------------------------------------------------------

    def start(self, cost: Cost) -> None:
        """Load what was shown, unless something is being loaded already."""
        if self.running or not cost.ways:
            return
        begun = max(way.reached for way in cost.ways)
        self.progress = Progress(Stage.RUNNING, cost.until, begun, begun, most=cost.most)
        self._task = self._tasks.spawn(self._run(cost), "backfill")

    def cancel(self) -> None:
        """Stop now; what is loaded stays, and the next time goes on from there."""
        if self._task is not None and not self._task.done():
            self._task.cancel()

    async def _run(self, cost: Cost) -> None:
        stage, error = Stage.DONE, None
        try:
            for way in sorted(cost.ways, key=lambda way: (way.channel, way.source)):
                if not await self._load(way, cost):
                    stage = Stage.SPENT
                    break
        except asyncio.CancelledError:
            self._tell(stage=Stage.CANCELLED)
            raise
        except MeridianError as failure:
            stage, error = Stage.FAILED, failure.text
        self._tell(stage=stage, error=error)

    async def _load(self, way: Way, cost: Cost) -> bool:
        """Load one source; False if the requests that were agreed on are spent."""
        known = {reach.source: reach for reach in await self._store.past.reach(way.channel)}.get(way.source)
        position, oldest = (known.position, known.oldest) if known is not None else ("", "")
        config, spent = self._supervisor.config(way.channel), 0
        fresh = self._clock.now() - HOUR
        while True:
            reader = self._reader(way.channel)
            if reader is None or config is None:
                raise AuthExpiredError
            if spent >= max(FEWEST, way.requests * SLACK):
                return False
            found = await reader.earlier(way.source, position, oldest, cost.until)
            spent += 1
            received = stored = 0
            for batch in (part for whole in found.batches for part in parted(whole, min(way.reached, fresh))):
                changes = await self._ingest.accept(config, batch)
                received += batch.received
                stored += len(changes.added) if changes is not None else 0
            position = found.position
            if found.reached:
                await self._store.past.note(way.channel, way.source, position, found.reached)
            self._count(way, found.reached, received, stored)
            if not found.more:
                return True

    def _count(self, way: Way, reached: Micros, received: int, stored: int) -> None:
        now = self.progress
        if now is not None:
            self._tell(
                requests=now.requests + 1,
                received=now.received + received,
                stored=now.stored + stored,
                reached=min(now.begun, reached or now.reached),
                channel=way.channel,
            )

    def _tell(self, **values: object) -> None:
        if self.progress is not None:
            self.progress = msgspec.structs.replace(self.progress, **values)
            self._observers.tell(self.progress)

    async def close(self) -> None:
        """Stop, and wait until it has."""
        await self._tasks.close()
