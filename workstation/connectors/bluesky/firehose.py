"""Jetstream as a source: the stream opened again and again from where it broke off, its lines in batches."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from workstation.connectors.bluesky import jetstream
from workstation.connectors.bluesky.directory import SEEN
from workstation.connectors.bluesky.entities import given
from workstation.connectors.bluesky.jetstream import Outcome, Reader, Wanted
from workstation.connectors.bluesky.media import UNREADABLE
from workstation.connectors.bluesky.pages import AT_ONCE, Pages
from workstation.connectors.bluesky.parse import Whole
from workstation.connectors.bluesky.sources import JETSTREAM, Position, cursor, position
from workstation.domain.errors import ChannelError, ConfigurationError
from workstation.domain.messages import Batch, Cursor, IncomingMessage, Kind, Micros, Reject
from workstation.net.asking import Clock
from workstation.net.client import Client
from workstation.net.limits import Lane
from workstation.net.retry import Backoff

if TYPE_CHECKING:
    from workstation.net.websocket import Socket

log = logging.getLogger(__name__)

AT_A_TIME = 64
"""Lines that are read before others have their turn on the loop: a few milliseconds even where all are wanted."""
COLLECT = 0.03
"""Seconds in which lines come together, so that each commit stores several."""
QUIET = 1.0
"""Seconds after which lines of no interest are told of, and the position with them."""
LINE_CAP = 2 << 20
AHEAD: Micros = 600_000_000
UNKNOWN_AUTHORS = AT_ONCE
"""Authors who are looked up for one batch; those beyond are shown by their DID until they are seen elsewhere."""
LOOK_UP = 3.0
"""Seconds that a look-up may hold up a batch."""
AGAIN = 0.4
"""Seconds until a post that the network does not show yet is looked for again."""
IDLE = 120.0
"""Seconds without a line, after which the stream is opened anew: a dead socket looks just like a quiet network."""

Put = Callable[[Batch], Awaitable[None]]
Fares = Callable[[Micros, ChannelError | None], None]


class Firehose:
    """One account's view of a stream."""

    def __init__(
        self,
        client: Client,
        server: str,
        wants: Wanted,
        reader: Reader,
        pages: Pages,
        now: Clock,
        *,
        insecure: bool = False,
        reconnect: float = 1.0,
    ) -> None:
        jetstream.address(server, 0, wants)
        self._client, self._server, self._wants = client, server, wants
        self._reader, self._pages, self._now = reader, pages, now
        self._insecure = insecure
        self._backoff = Backoff(reconnect, 60.0)
        self._at: Micros = 0
        self._asked: set[str] = set()
        self.connected = False

    @property
    def brings_all(self) -> bool:
        """Whether everything that concerns us comes by it now; a stream of some accounts leaves out all others."""
        return self.connected and not self._wants.dids

    async def run(self, saved: Cursor | None, put: Put, fares: Fares) -> None:
        """Read for ever; a break is told of and mended here, the lists go on meanwhile."""
        found = position(saved)
        self._at = found.newest if found is not None else 0
        while True:
            try:
                await self._session(put, fares)
            except ConfigurationError:
                raise
            except ChannelError as error:
                log.info("the stream broke off: %s", error.code)
                self.connected = False
                fares(0, error)
            await asyncio.sleep(self._backoff.next())

    async def _session(self, put: Put, fares: Fares) -> None:
        address = jetstream.address(self._server, self._at, self._wants)
        socket = await self._client.websocket(address, cap=LINE_CAP, insecure=self._insecure)
        try:
            greeting = jetstream.hello(self._wants)
            if greeting:
                await socket.send(greeting)
            self.connected = True
            fares(0, None)
            await self._read(socket, put, fares)
        finally:
            self.connected = False
            await socket.close()

    async def _read(self, socket: "Socket", put: Put, fares: Fares) -> None:
        clock = asyncio.get_running_loop().time
        waiting: list[Outcome] = []
        since = clock()
        while True:
            try:
                async with asyncio.timeout(IDLE if not waiting else max(0.0, QUIET - (clock() - since))):
                    lines = await socket.receive(AT_A_TIME)
            except TimeoutError:
                if not waiting:
                    return  # opened anew from the same place
                lines = []
            if not waiting:
                since = clock()
            found = [self._reader.read(line) for line in lines]
            waiting += found
            if lines:
                self._backoff.reset()
            wanted = any(outcome.post or outcome.deletion or outcome.reject for outcome in found)
            if wanted or clock() - since >= QUIET:
                await put(await self._batch(waiting))
                fares(self._now() - self._at, None)
                waiting = []
            await asyncio.sleep(COLLECT if len(lines) < AT_A_TIME else 0)

    async def _batch(self, outcomes: Sequence[Outcome]) -> Batch:
        posts = [outcome.post for outcome in outcomes if outcome.post is not None]
        await self._look_up([post.author.remote_id for post in posts if post.author.handle == post.author.remote_id])
        messages: dict[str, IncomingMessage] = {}
        rejects: list[Reject] = [outcome.reject for outcome in outcomes if outcome.reject is not None]
        for post in posts:
            try:
                message = self._reader.message(post)
            except UNREADABLE:
                rejects.append(Reject("protocol_changed", "jetstream:post", len(post.record.text), post.uri[:600]))
                continue
            messages[message.remote_id] = message
        await self._complete(messages, posts)
        deletions = tuple(outcome.deletion for outcome in outcomes if outcome.deletion is not None)
        latest = self._now() + AHEAD  # a clock far ahead of ours would make us skip what is still to come
        self._at = max((outcome.at for outcome in outcomes if outcome.at <= latest), default=0) or self._at
        left = len(outcomes) - len(messages) - len(deletions) - len(rejects)
        at = cursor(Position(self._at))
        return Batch(JETSTREAM, tuple(messages.values()), deletions, tuple(rejects), left, at, live=True)

    async def _complete(self, messages: dict[str, IncomingMessage], posts: Sequence[Whole]) -> None:
        """Take pictures and quotes of what concerns us from views, as notifications will tell them.

        Otherwise the same post would seem to have been edited. The network may need a moment to have them.
        """
        missing = [post.uri for post in posts if given(post.embed) and not post.edited_at]
        missing = [uri for uri in missing if uri in messages and messages[uri].kind is Kind.MENTION][:AT_ONCE]
        try:
            async with asyncio.timeout(LOOK_UP):
                while missing:
                    for shown in (await self._pages.posts(missing, Lane.POLL)).messages:
                        if shown.remote_id in missing:
                            messages[shown.remote_id] = shown
                            missing.remove(shown.remote_id)
                    await asyncio.sleep(AGAIN if missing else 0)
        except (TimeoutError, ChannelError) as error:
            log.info("posts could not be looked at: %s", type(error).__name__)

    async def _look_up(self, dids: list[str]) -> None:
        """Learn the handles of strangers; where that takes too long, they are shown by their DID."""
        unknown = [did for did in dict.fromkeys(dids) if did not in self._asked][:UNKNOWN_AUTHORS]
        if not unknown:
            return
        if len(self._asked) > SEEN:
            self._asked.clear()
        self._asked.update(unknown)  # of some nothing can be learned: they are not asked for again and again
        try:
            async with asyncio.timeout(LOOK_UP):
                await self._pages.profiles(unknown, Lane.POLL)
        except (TimeoutError, ChannelError) as error:
            log.info("authors could not be looked up: %s", type(error).__name__)
