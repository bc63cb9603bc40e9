"""One feed, for ever: asked for what changed, at the pace that it and its site ask for."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress

import msgspec

from workstation.connectors.feed import parse
from workstation.connectors.feed.discovery import named, usual
from workstation.connectors.feed.entries import Entry, Feed, UnreadableError
from workstation.connectors.feed.messages import deletion, message, reject
from workstation.connectors.feed.position import Position, Told, remembered, sorted_out
from workstation.connectors.feed.session import FeedEndedError, Session, Stamp, fresh_for, stamp_of
from workstation.domain.channels import Condition, Health
from workstation.domain.errors import ConfigurationError, PermissionDeniedError, ProtocolChangedError, TransientError
from workstation.domain.messages import Batch
from workstation.net.client import Response

ITEMS = "items"
FIRST = 50
"""Items that a new channel begins with."""
PART = 100
"""Items in one batch."""
USUAL = 300.0
"""Seconds between two questions where a feed asks nothing."""
LEAST = 60.0
MOST = 86_400.0
ALIVE = 120.0
"""Seconds between two signs of life while nothing is asked."""
IN_LINE = 32 << 10
"""Bytes of a document that are read at once; larger ones beside, so that the window does not wait."""
NOT_HERE = (UnreadableError, TransientError, PermissionDeniedError, ProtocolChangedError, FeedEndedError)


class Document(msgspec.Struct, frozen=True):
    """A feed as it came."""

    url: str
    feed: Feed
    stamp: Stamp
    fresh: float
    moved: str = ""


async def read(response: Response) -> Document:
    """The feed in an answer. UnreadableError."""
    kind = response.header("content-type")
    if len(response.body) > IN_LINE:
        feed = await asyncio.to_thread(parse.feed, response.body, kind, response.url)
    else:
        feed = parse.feed(response.body, kind, response.url)
    return Document(response.url, feed, stamp_of(response), fresh_for(response), response.moved)


async def discover(session: Session, url: str) -> Document:
    """The feed at an address, or the main one that the page there names. UnreadableError, or why it cannot be had."""
    response = await session.look(url)
    try:
        found = await read(response)
        return msgspec.structs.replace(found, url=response.moved or url)
    except UnreadableError as error:
        reason = error
    for address in named(response):
        with suppress(*NOT_HERE, ConfigurationError):
            return msgspec.structs.replace(await read(await session.look(address)), url=address)
    for address in usual(response.url):
        with suppress(*NOT_HERE):
            return msgspec.structs.replace(await read(await session.look(address)), url=address)
    raise reason


class Reading:
    """One run of `Channel.events`."""

    def __init__(
        self,
        session: Session,
        site: str,
        channel: int,
        seconds: float | None,
        found: Callable[[Document], None],
        now: Callable[[], int],
    ) -> None:
        self._session, self._site, self._seconds, self._found, self._now = session, site, seconds, found, now
        self._health = Health(channel, transport="poll")
        self._rng = random.Random()  # noqa: S311 - spreads load, guards nothing
        self._wait = USUAL
        self._cut: tuple[str, ...] = ()

    async def run(
        self, position: Position | None, first: Document | None, report: Callable[[Health], None]
    ) -> AsyncGenerator[Batch, None]:
        """Batches, until an error. `first` is what opening read a moment ago."""
        self._set(report, Condition.CATCHING_UP)
        document = first
        while True:
            if document is None:
                document, position = await self._asked(position)
            if document is not None:
                self._found(document)
                self._wait = self._interval(document)
                known = position or Position(document.url)
                for batch in self._batches(document, known, first=position is None):
                    yield batch
                    position = known = self._after(batch, known)
                position = known
            document = None
            self._set(report, Condition.POLLING)
            await self._pause(report)

    def _after(self, batch: Batch, position: Position) -> Position:
        return msgspec.json.decode(batch.cursor.value, type=Position) if batch.cursor is not None else position

    async def _asked(self, position: Position | None) -> tuple[Document | None, Position | None]:
        """What changed; None where nothing did."""
        url = (position.url if position else "") or self._site
        response = await self._session.look(url, position.stamp if position else None)
        if response.status == 304:
            return None, position
        document = await read(response)
        return msgspec.structs.replace(document, url=response.moved or url), position

    def _interval(self, document: Document) -> float:
        """Seconds until the next question: as the channel's settings say, else as the feed and its server ask."""
        if self._seconds is not None:
            return self._seconds
        return min(max(document.feed.every, document.fresh, LEAST if not document.feed.whole else USUAL), MOST)

    async def _pause(self, report: Callable[[Health], None]) -> None:
        left = self._wait * self._rng.uniform(1.0, 1.1)
        while left > 0:
            await asyncio.sleep(min(left, ALIVE))
            left -= ALIVE
            if left > 0:
                report(self._health)

    def _set(self, report: Callable[[Health], None], condition: Condition) -> None:
        self._health = msgspec.structs.replace(self._health, condition=condition, last_event_at=self._now())
        report(self._health)

    # -- what is new ---------------------------------------------------------------------------------------------

    def _batches(self, document: Document, position: Position, *, first: bool) -> list[Batch]:
        """What is new or changed, oldest first; the last batch has how the server calls this state."""
        feed = document.feed
        entries = self._settled(feed, first=first)
        told = sorted_out(entries, position.known)
        news = [each for each in told if each.new or each.changed]
        skipped = 0
        if first and len(news) > FIRST:
            latest = sorted(news, key=lambda each: each.entry.published or each.entry.updated or self._now())[-FIRST:]
            kept = {each.key for each in latest}
            skipped = len(news) - len(latest)
            news = [each for each in news if each.key in kept]
        news.reverse()
        # A document that was cut may be whole the next time under the same name.
        stamp = document.stamp if feed.whole else Stamp()
        final = Position(document.url, stamp.etag, stamp.modified, remembered(position.known, told))
        if not news and not feed.withdrawn and not skipped and final == position:
            return []
        return self._in_parts(document, position, final, news, skipped)

    def _settled(self, feed: Feed, *, first: bool) -> tuple[Entry, ...]:
        """The items without one that the document ends in, until it ends there twice."""
        cut = tuple(entry.guid or entry.link or entry.title for entry in feed.entries if entry.cut)
        known, self._cut = self._cut, cut
        if feed.whole or first or (cut and cut == known):
            return feed.entries
        return tuple(entry for entry in feed.entries if not entry.cut)

    def _in_parts(
        self, document: Document, position: Position, final: Position, news: list[Told], skipped: int
    ) -> list[Batch]:
        batches: list[Batch] = []
        known = dict(position.known)
        for start in range(0, max(len(news), 1), PART):
            part = news[start : start + PART]
            last = start + PART >= len(news)
            known |= {each.key: each.state for each in part}
            onward = final if last else msgspec.structs.replace(position, known=dict(known))
            readable = [each for each in part if each.entry.readable]
            batches.append(
                Batch(
                    ITEMS,
                    tuple(message(each, document.feed, document.url, self._now()) for each in readable),
                    tuple(map(deletion, document.feed.withdrawn)) if last else (),
                    tuple(reject(each, ITEMS) for each in part if not each.entry.readable),
                    skipped + document.feed.left_out if last and (skipped or not position.known) else 0,
                    onward.cursor(),
                )
            )
        return batches
