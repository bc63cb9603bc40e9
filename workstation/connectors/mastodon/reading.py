"""Everything new, for ever, without a gap.

A stream replays nothing. So: open it and let it fill its buffer, catch up by REST from the saved positions, then
drain the buffer. A stream may also swallow an event while it is open; so what it brought counts as read only when a
sweep by REST has been over it, or when enough came after it. A cursor thus lies a little behind, and what is read
twice merges by its id.
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

import msgspec

from workstation.connectors.mastodon.events import Frame, Item, Reader, batches, joined
from workstation.connectors.mastodon.pages import Page, Pages
from workstation.connectors.mastodon.reports import OpenReports
from workstation.connectors.mastodon.session import Session
from workstation.connectors.mastodon.sources import Feed, Positions, Shape
from workstation.connectors.mastodon.streams import Frames, Stream, StreamName, Streams
from workstation.domain.channels import Condition, Health
from workstation.domain.errors import AuthExpiredError, ChannelError, RateLimitedError, TransientError
from workstation.domain.messages import Batch, Micros, Reject
from workstation.domain.text import N_, LazyText, lazy
from workstation.net.errors import ClosedError
from workstation.net.limits import Lane
from workstation.net.retry import Backoff

log = logging.getLogger(__name__)

TRAIL = 400
"""Live items that lie between a feed's cursor and its live end at most."""
WAITING_BATCHES = 64
DELETED_KEPT = 5_000
SECOND = 1_000_000
STEADY = 10.0
"""Seconds after which a stream counts as one that works."""
BRIEF_STREAMS = 3
SOONEST = 8.0
"""Seconds before the next question after news, where there is no stream."""
FAULT = N_("{what}: {why}")


class Pace(msgspec.Struct, frozen=True):
    """Seconds between things."""

    sweep: float = 90.0
    """REST over what the stream brought."""
    poll: float = 30.0
    """REST where there is no stream, when nothing came for a while; sooner after news."""
    reports: float = 60.0
    stream_again: float = 300.0
    """Before a stream is tried again on a server that refused it."""
    health: float = 1.0
    reconnect: float = 1.0
    opening: float = 3.0
    """Before REST is read while a stream still opens."""


class Reading:
    """One run of `Channel.events`."""

    def __init__(
        self,
        session: Session,
        feeds: tuple[Feed, ...],
        pages: Pages,
        reader: Reader,
        streams: Streams | None,
        transports: tuple[str, ...],
        positions: Positions,
        report: Callable[[Health], None],
        channel: int,
        pace: Pace,
        reports: OpenReports | None = None,
    ) -> None:
        self._session, self._feeds, self._pages, self._reader = session, feeds, pages, reader
        self._streams, self._transports, self._positions = streams, transports, positions
        self._tell, self._pace, self._reports = report, pace, reports
        self._health = Health(channel)
        self._told = 0.0
        self._trails: dict[tuple[str, str], deque[str]] = {}
        self._deleted: deque[str] = deque(maxlen=DELETED_KEPT)
        self._gone: set[str] = set()
        self._nudge = asyncio.Event()
        self._rng = random.Random()  # noqa: S311 - spreads load, guards nothing
        self._backoff = Backoff(pace.reconnect, 60.0)
        self._streamed = self._heard = False
        self._brief = 0
        self._avoided: dict[str, float] = {}
        self._fault: LazyText | None = None
        self._faults = Backoff(max(pace.reconnect, 0.01), pace.sweep)
        self._quiet = Backoff(SOONEST, pace.poll, self._rng)

    async def run(self) -> AsyncGenerator[Batch, None]:
        """Batches, until an error that the stream's own reconnecting cannot mend."""
        while True:
            # Whoever stops in the middle of a batch ends our tasks at once, not when the collector comes by.
            async with aclosing(self._turn()) as batches:
                async for batch in batches:
                    yield batch
            if self._streamed:
                await self._pause()

    async def _turn(self) -> AsyncGenerator[Batch, None]:
        """From the opening of a stream to its end; of polling, until it is time to try for a stream again."""
        opening = asyncio.create_task(self._open(), name="open stream")
        try:
            await asyncio.wait({opening}, timeout=self._pace.opening)
            if not opening.done():  # what REST can tell need not wait for a stream that may never come
                async with aclosing(self._told_by_rest("poll")) as batches:
                    async for batch in batches:
                        yield batch
            stream = await opening
            self._streamed = stream is not None
            async with aclosing(self._told_by_rest(stream.transport if stream else "poll")) as batches:
                async for batch in batches:
                    yield batch
            self._set(Condition.LIVE if stream else Condition.POLLING)
            started = asyncio.get_running_loop().time()
            async with aclosing(self._follow(stream)) as batches:
                async for batch in batches:
                    yield batch
            if stream is not None:
                self._judge(stream.transport, started)
        finally:
            await _closed(opening)

    async def _told_by_rest(self, transport: str) -> AsyncGenerator[Batch, None]:
        self._set(Condition.CATCHING_UP, transport=transport)
        async with aclosing(self._catch_up(Lane.CATCH_UP)) as batches:
            async for batch in batches:
                yield batch

    def _judge(self, transport: str, started: float) -> None:
        """Streams that end at once and never brought anything do not work, whatever the server says."""
        now = asyncio.get_running_loop().time()
        if self._heard or now - started >= STEADY:
            self._backoff.reset()
            self._brief = 0
            return
        self._brief += 1
        if self._brief >= BRIEF_STREAMS:
            self._brief = 0
            self._avoided[transport] = now + self._pace.stream_again

    async def _pause(self) -> None:
        delay = self._backoff.next()
        self._set(Condition.WAITING, retry_at=self._session.now() + int(delay * SECOND))
        await asyncio.sleep(delay)

    async def _open(self) -> Stream | None:
        """The best stream that works; None where the server has none."""
        names, self._heard = self._names(), False
        if self._streams is None or not names:
            return None
        for transport in self._transports:
            if transport == "poll":
                break
            if self._avoided.get(transport, 0.0) > asyncio.get_running_loop().time():
                continue
            try:
                if transport == "websocket":
                    return await self._streams.websocket(names)
                return await self._streams.events(names)
            except RateLimitedError:
                raise
            except ChannelError as error:
                log.info("no stream by %s: %s", transport, error.code)
        return None

    def _names(self) -> list[StreamName]:
        return list(dict.fromkeys(feed.stream for feed in self._feeds if feed.stream))

    async def _catch_up(self, lane: Lane) -> AsyncGenerator[Batch, None]:
        """Feed by feed. One that cannot be read does not stop the others; the error of the first if none can be."""
        faults: dict[str, ChannelError] = {}
        for feed in self._feeds:
            try:
                async for batch in self._sweep(feed, lane):
                    yield batch
            except RateLimitedError:
                raise
            except ChannelError as error:
                log.info("a feed of %s cannot be read: %s", feed.shape, error.code)
                faults.setdefault(feed.source if feed.name == "statuses" else feed.name, error)
        if self._feeds and len(faults) == len(self._feeds):
            raise next(iter(faults.values()))
        self._fault = next((lazy(FAULT, what=name, why=error.text) for name, error in faults.items()), None)
        if self._fault is None:
            self._faults.reset()
        if self._reports is not None and Shape.REPORT not in faults:
            changed = await self._reports.changed(lane)
            if changed is not None:
                yield changed

    async def _sweep(self, feed: Feed, lane: Lane) -> AsyncIterator[Batch]:
        """What is newer than the feed's position; of a new feed the latest page."""
        position = self._positions.get(feed)
        if position is None:
            page = await self._pages.latest(feed, lane)
            if page.fault is None:
                self._positions.begin(feed)
            found = self._reached(feed, page)
            for batch in found:
                yield batch
            if page.fault is not None:
                raise page.fault
            if not found or found[-1].cursor is None:
                yield Batch(feed.source, cursor=self._positions.cursor(feed.source))
            return
        pages = self._pages.newer(feed, position, lane) if position else self._pages.everything(feed, lane)
        async for page in pages:
            for batch in self._reached(feed, page):
                yield batch
            if page.fault is not None:
                raise page.fault

    def _reached(self, feed: Feed, page: Page) -> list[Batch]:
        """The batches of a page, the last of them with the cursor that the page reaches."""
        found = [self._without_deleted(batch) for batch in page.batches]
        if self._positions.advance(feed, page.newest) and found:
            found[-1] = msgspec.structs.replace(found[-1], cursor=self._positions.cursor(feed.source))
        return found

    def _without_deleted(self, batch: Batch) -> Batch:
        """A page that was asked for before a deletion came must not bring the message back."""
        if not self._gone:
            return batch
        kept = tuple(message for message in batch.messages if message.remote_id not in self._gone)
        dropped = len(batch.messages) - len(kept)
        return msgspec.structs.replace(batch, messages=kept, filtered=batch.filtered + dropped) if dropped else batch

    async def _follow(self, stream: Stream | None) -> AsyncGenerator[Batch, None]:
        """Live batches and those of sweeps, as they come, until the stream ends; all its tasks end with it."""
        queue: asyncio.Queue[Batch | ChannelError] = asyncio.Queue(WAITING_BATCHES)
        tasks = [asyncio.create_task(self._sweep_on(queue, live=stream is not None), name="sweep")]
        if stream is not None:
            tasks.append(asyncio.create_task(self._listen(stream, queue), name="listen"))
        try:
            while True:
                waiting, end = _waiting(queue, await queue.get())
                for batch in joined(waiting):
                    yield batch
                if isinstance(end, ClosedError):
                    return
                if end is not None:
                    raise end
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, stream: Stream, queue: asyncio.Queue[Batch | ChannelError]) -> None:
        try:
            while True:
                for batch in self._live(await stream.receive()):
                    await queue.put(batch)
                await asyncio.sleep(0)  # a flood must not keep the window waiting
        except ChannelError:
            await queue.put(ClosedError())
        except Exception as error:
            log.exception("the stream's reader failed")
            await queue.put(TransientError(why=type(error).__name__))

    def _live(self, frames: Frames) -> list[Batch]:
        self._heard = self._heard or bool(frames)
        items = [self._item(found) for found in frames]
        found = batches(items)
        moved = {item.feed.source for item in items if item.feed is not None and self._trail(item)}
        now = self._session.now()
        latest = max((item.message.created_at for item in items if item.message is not None), default=0)
        self._alive(now, now - latest if latest else self._health.lag)
        return [
            msgspec.structs.replace(batch, cursor=self._positions.cursor(batch.source))
            if batch.source in moved
            else batch
            for batch in found
        ]

    def _item(self, found: Frame | Reject) -> Item:
        if isinstance(found, Reject):
            self._nudge.set()  # unreadable, so it may have been anything: REST will tell
            return Item(self._reader.first, reject=found)
        item = self._reader.read(found)
        if item.deletion is not None:
            self._forget(item.deletion.remote_id)
        if item.nudge or item.reject is not None:
            self._nudge.set()
        return item

    def _forget(self, remote_id: str) -> None:
        if len(self._deleted) == DELETED_KEPT:
            self._gone.discard(self._deleted[0])
        self._deleted.append(remote_id)
        self._gone.add(remote_id)

    def _trail(self, item: Item) -> bool:
        """Let a feed's position follow its live end at a distance. Whether it moved."""
        if item.feed is None or not item.position:
            return False
        trail = self._trails.setdefault((item.feed.source, item.feed.name), deque())
        trail.append(item.position)
        return len(trail) > TRAIL and self._positions.advance(item.feed, trail.popleft())

    async def _sweep_on(self, queue: asyncio.Queue[Batch | ChannelError], *, live: bool) -> None:
        """Go over everything by REST again and again. A failure waits for the next time, unless it needs the agent."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        lane = Lane.POLL
        while True:
            await self._until_next(live)
            try:
                async for batch in self._catch_up(lane):
                    if batch.cursor is not None:
                        self._quiet.reset()
                    await queue.put(batch)
                for trail in self._trails.values():
                    trail.clear()
                self._alive(self._session.now(), self._health.lag)
            except AuthExpiredError as error:
                await queue.put(error)
                return
            except ChannelError as error:
                log.info("a sweep failed: %s", error.code)
                if not live:
                    await queue.put(error)
                    return
            if not live and self._streams is not None and loop.time() - started > self._pace.stream_again:
                await queue.put(ClosedError())  # time to see whether the stream works again
                return

    async def _until_next(self, live: bool) -> None:
        seconds = self._pace.sweep if live else self._quiet.next()
        if self._fault is not None:
            seconds = min(seconds, self._faults.next())
        if self._reports is not None:
            seconds = min(seconds, self._pace.reports)
        try:
            async with asyncio.timeout(seconds * self._rng.uniform(0.85, 1.15)):
                await self._nudge.wait()
            await asyncio.sleep(self._pace.reconnect * self._rng.uniform(0.5, 1.0))
        except TimeoutError:
            pass
        self._nudge.clear()

    def _set(self, condition: Condition, *, transport: str | None = None, retry_at: Micros = 0) -> None:
        self._health = msgspec.structs.replace(
            self._health,
            condition=condition,
            transport=self._health.transport if transport is None else transport,
            retry_at=retry_at,
            error=self._fault,
            rate=self._session.reads,
        )
        self._tell(self._health)

    def _alive(self, at: Micros, lag: Micros) -> None:
        """Note the latest event; tell it once a second at most."""
        self._health = msgspec.structs.replace(
            self._health, last_event_at=at, lag=max(0, lag), rate=self._session.reads, error=self._fault
        )
        clock = asyncio.get_running_loop().time()
        if clock - self._told >= self._pace.health:
            self._told = clock
            self._tell(self._health)


def _waiting(
    queue: asyncio.Queue[Batch | ChannelError], first: Batch | ChannelError
) -> tuple[list[Batch], ChannelError | None]:
    """What waits in the queue behind `first`, and the error that ends it."""
    found: list[Batch] = []
    item: Batch | ChannelError = first
    while isinstance(item, Batch):
        found.append(item)
        if queue.empty():
            return found, None
        item = queue.get_nowait()
    return found, item


async def _closed(opening: asyncio.Task[Stream | None]) -> None:
    """End the opening of a stream, or the stream that it gave."""
    opening.cancel()
    await asyncio.wait({opening})
    if opening.cancelled() or opening.exception() is not None:
        return
    stream = opening.result()
    if stream is not None:
        await stream.close()
