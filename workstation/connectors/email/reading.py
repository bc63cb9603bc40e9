"""Everything new, for ever: the first folder live by IDLE, the others looked at in turn.

Two connections, besides the one for what is asked: a server that permits few of them is content, and an answer never
waits for a long read.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing

import msgspec

from workstation.connectors.email.folder import Folder
from workstation.connectors.email.imap.connection import Imap
from workstation.connectors.email.session import Session
from workstation.domain.channels import Condition, Health
from workstation.domain.errors import ChannelError, TransientError
from workstation.domain.messages import Batch

log = logging.getLogger(__name__)

WAITING_BATCHES = 32
RENEWED = 240.0
"""Seconds of IDLE before it is begun anew: far below the 29 minutes that servers permit, and soon enough to notice
that a connection has died without a word."""
BUSY = 0.2
"""Seconds between two pieces of news from which on mails are gathered: one at a time costs a cursor each."""
GATHERED = 0.06
SECOND = 1_000_000


class Reading:
    """One run of `Channel.events`."""

    def __init__(
        self,
        session: Session,
        folders: Sequence[Folder],
        report: Callable[[Health], None],
        channel: int,
        nudge: asyncio.Event,
        poll: float,
        renewed: float = RENEWED,
        each_round: Callable[[], Awaitable[Batch | None]] | None = None,
    ) -> None:
        self._session, self._folders, self._report = session, folders, report
        self._nudge, self._poll, self._renewed = nudge, poll, renewed
        self._each_round = each_round
        self._health = Health(channel)
        self._caught_up = 0

    async def run(self) -> AsyncGenerator[Batch, None]:
        """Batches, until an error."""
        queue: asyncio.Queue[Batch | Exception] = asyncio.Queue(WAITING_BATCHES)
        self._set(Condition.CATCHING_UP)
        tasks = [asyncio.create_task(self._guarded(self._follow, queue), name="mail live")]
        if len(self._folders) > 1:
            tasks.append(asyncio.create_task(self._guarded(self._visit, queue), name="mail folders"))
        try:
            while True:
                item = await queue.get()
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _guarded(
        self,
        doing: Callable[[asyncio.Queue[Batch | Exception]], Awaitable[None]],
        queue: asyncio.Queue[Batch | Exception],
    ) -> None:
        """Hand over whatever ends a task."""
        try:
            await doing(queue)
        except ChannelError as error:
            await queue.put(error)
        except Exception as error:
            log.exception("reading mail failed")
            await queue.put(TransientError(why=type(error).__name__))

    async def _follow(self, queue: asyncio.Queue[Batch | Exception]) -> None:
        """The first folder, live."""
        first = self._folders[0]
        imap = await self._session.imap()
        try:
            resync = await imap.enable("QRESYNC")
            async with aclosing(first.catch_up(imap, resync=resync)) as batches:
                async for batch in batches:
                    await queue.put(batch)
            self._reached(imap)
            clock, heard = asyncio.get_running_loop(), 0.0
            while True:
                await self._wait(imap)
                if imap.news:
                    if clock.time() - heard < BUSY:
                        await asyncio.sleep(GATHERED)
                    heard = clock.time()
                    async with aclosing(first.news(imap)) as batches:
                        async for batch in batches:
                            await queue.put(batch)
                    self._alive(first)
        finally:
            self._session.drop(imap)

    async def _wait(self, imap: Imap) -> None:
        if imap.news:
            return
        if imap.can("IDLE"):
            await imap.idle(self._renewed)
        else:
            await asyncio.sleep(self._poll)
            await imap.ask_for_news()
        if not imap.news:
            self._report(self._health)  # it still stands

    async def _visit(self, queue: asyncio.Queue[Batch | Exception]) -> None:
        """The other folders, again and again."""
        imap = await self._session.imap()
        try:
            resync = await imap.enable("QRESYNC")
            while True:
                for folder in self._folders[1:]:
                    async with aclosing(folder.catch_up(imap, resync=resync)) as batches:
                        async for batch in batches:
                            await queue.put(batch)
                self._reached(imap)
                if self._each_round is not None and (news := await self._each_round()) is not None:
                    await queue.put(news)
                self._nudge.clear()
                try:
                    async with asyncio.timeout(self._poll):
                        await self._nudge.wait()
                except TimeoutError:
                    pass
        finally:
            self._session.drop(imap)

    def _reached(self, imap: Imap) -> None:
        """One of the two has caught up; when both have, the channel is live."""
        self._caught_up += 1
        if self._health.condition is Condition.CATCHING_UP and self._caught_up >= min(2, len(self._folders)):
            live = imap.can("IDLE")
            self._set(Condition.LIVE if live else Condition.POLLING, "idle" if live else "poll")

    def _set(self, condition: Condition, transport: str = "") -> None:
        self._health = msgspec.structs.replace(self._health, condition=condition, transport=transport)
        self._report(self._health)

    def _alive(self, folder: Folder) -> None:
        now = self._session.now()
        lag = max(0, now - folder.lag) if folder.lag else 0
        self._health = msgspec.structs.replace(self._health, last_event_at=now, lag=min(lag, 3_600 * SECOND))
        self._report(self._health)
