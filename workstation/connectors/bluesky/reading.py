"""Reading an account: every source followed by a task of its own, brought together in one stream of batches."""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from typing import Any

import msgspec

from workstation.connectors.base import Report
from workstation.connectors.bluesky.firehose import Firehose
from workstation.connectors.bluesky.pages import Pages
from workstation.connectors.bluesky.polling import Follower
from workstation.connectors.bluesky.queue import Queue
from workstation.connectors.bluesky.session import Session
from workstation.connectors.bluesky.sources import Feed, Position, Shape, cursor, position
from workstation.domain.channels import Condition, Health
from workstation.domain.errors import AuthExpiredError, ChannelError, RateLimitedError
from workstation.domain.messages import Batch, Cursor, Micros
from workstation.net.limits import Lane
from workstation.net.retry import Backoff

log = logging.getLogger(__name__)
SECOND = 1_000_000
SELDOM = 6.0
"""How much less often lists are asked for while a stream brings the same."""
WAITING = 16
"""Batches that wait to be stored; beyond it reading waits."""


class Pace(msgspec.Struct, frozen=True):
    """Seconds between two questions: for what opens cases, for other lists, for those that fail; and of health."""

    notifications: float = 5.0
    lists: float = 30.0
    reports: float = 20.0
    faulty: float = 60.0
    health: float = 1.0
    reconnect: float = 1.0


class Reading:
    """One run of an account's events."""

    def __init__(
        self,
        session: Session,
        pages: Pages,
        refresh: Callable[[tuple[str, ...]], Awaitable[Batch]],
        queue: Queue | None,
        firehose: Firehose | None,
        report: Report,
        channel: int,
        pace: Pace,
    ) -> None:
        self._session = session
        self._pages = pages
        self._refresh = refresh
        self._queue = queue
        self._firehose = firehose
        self._tell = report
        self._pace = pace
        self._health = Health(channel=channel)
        self._told = -1e9
        self._rng = random.Random()  # noqa: S311 - spreads load, guards nothing
        self._out: asyncio.Queue[Batch | BaseException] = asyncio.Queue(WAITING)
        self._behind: set[str] = set()
        self._faults: dict[str, ChannelError] = {}

    async def run(self, feeds: tuple[Feed, ...], cursors: Mapping[str, Cursor]) -> AsyncGenerator[Batch, None]:
        """Batches for ever; raises what stops the account."""
        self._behind = {feed.source for feed in feeds if not feed.optional}
        self._set(Condition.CATCHING_UP)
        tasks = [self._start(self._follow(feed, cursors.get(feed.source)), feed.source) for feed in feeds]
        if self._firehose is not None:
            streaming = self._firehose.run(cursors.get("jetstream"), self._out.put, self._streaming)
            tasks.append(self._start(streaming, "jetstream"))
        try:
            while True:
                found = await self._out.get()
                if isinstance(found, BaseException):
                    raise found
                yield found
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        async def guarded() -> None:
            try:
                await work
            except Exception as error:  # noqa: BLE001 - whatever ends one source ends the run, and is raised there
                await self._out.put(error)

        return asyncio.create_task(guarded(), name=f"bluesky:{name.partition(':')[0]}")

    async def _follow(self, feed: Feed, saved: Cursor | None) -> None:
        follower = Follower(feed, self._pages, position(saved))
        faults = Backoff(self._pace.faulty, 20 * self._pace.faulty)
        lane = Lane.CATCH_UP
        while True:
            try:
                await self._poll(follower, lane)
            except AuthExpiredError:
                raise
            except RateLimitedError as error:
                self._note(feed.source, error)
                await asyncio.sleep(max(1.0, (error.retry_at - self._session.now()) / SECOND))
                continue
            except ChannelError as error:
                if not feed.optional:
                    raise
                log.info("a list cannot be read: %s", error.code)
                self._note(feed.source, error)
                await asyncio.sleep(faults.next())
                continue
            faults.reset()
            self._caught_up(feed)
            lane = Lane.POLL
            await asyncio.sleep(self._seconds(feed) * self._rng.uniform(0.9, 1.1))

    async def _poll(self, follower: Follower, lane: Lane) -> None:
        live = lane is Lane.POLL
        async for batch in follower.poll(lane):
            await self._out.put(batch)
            newest = max((message.created_at for message in batch.messages), default=0)
            if live and newest:
                self._health = msgspec.structs.replace(self._health, lag=max(0, self._session.now() - newest))
        missing = follower.take_missing()
        if missing:
            looked = await self._refresh(missing)
            await self._out.put(msgspec.structs.replace(looked, source=follower.feed.source))
        if follower.feed.shape is Shape.REPORT and self._queue is not None and follower.at is not None:
            await self._review(follower, self._queue, follower.at, lane)

    async def _review(self, follower: Follower, queue: Queue, at: Position, lane: Lane) -> None:
        """What other moderators have decided, which no list of new reports tells."""
        (messages, rejects, filtered), latest = await queue.reviewed(at.note, lane)
        if latest != at.note or messages or rejects:
            follower.at = msgspec.structs.replace(at, note=latest)
            source = follower.feed.source
            await self._out.put(Batch(source, messages, (), rejects, filtered, cursor(follower.at)))

    def _seconds(self, feed: Feed) -> float:
        if feed.shape is Shape.REPORT:
            return self._pace.reports
        # What concerns us comes by the stream as well, and sooner: the lists only make sure.
        seldom = SELDOM if self._firehose is not None and self._firehose.brings_all else 1.0
        return seldom * (self._pace.notifications if feed.shape is Shape.NOTIFICATION else self._pace.lists)

    # -- health --------------------------------------------------------------------------------------------------

    def _caught_up(self, feed: Feed) -> None:
        self._behind.discard(feed.source)
        self._faults.pop(feed.source, None)
        self._health = msgspec.structs.replace(self._health, last_event_at=self._session.now())
        if not self._behind and self._health.condition is Condition.CATCHING_UP:
            self._set(self._steady())
        else:
            self._alive()

    def _steady(self) -> Condition:
        return Condition.LIVE if self._firehose is not None and self._firehose.connected else Condition.POLLING

    def _streaming(self, lag: Micros, error: ChannelError | None) -> None:
        """The stream tells how it fares."""
        if error is not None:
            self._faults["jetstream"] = error
        else:
            self._faults.pop("jetstream", None)
            now = self._session.now()
            self._health = msgspec.structs.replace(self._health, lag=max(0, lag), last_event_at=now)
        condition = self._steady() if not self._behind else self._health.condition
        if condition is not self._health.condition or error is not None:
            self._set(condition)
        else:
            self._alive()

    def _note(self, source: str, error: ChannelError) -> None:
        self._faults[source] = error
        self._set(self._health.condition)

    def _set(self, condition: Condition) -> None:
        streams = self._firehose is not None and self._firehose.connected
        self._health = msgspec.structs.replace(
            self._health,
            condition=condition,
            transport="jetstream" if streams else "poll",
            rate=self._session.reads,
            error=next((fault.text for fault in self._faults.values()), None),
        )
        self._told = asyncio.get_running_loop().time()
        self._tell(self._health)

    def _alive(self) -> None:
        """Tell how it fares, once in a while."""
        clock = asyncio.get_running_loop().time()
        if clock - self._told >= self._pace.health:
            self._set(self._health.condition)
