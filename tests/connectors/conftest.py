"""A client and opened channels, closed at the end of each test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import pytest

from tests.practice_network import practice, practices
from workstation.connectors.mastodon.channel import MastodonChannel
from workstation.connectors.mastodon.reading import Pace
from workstation.domain.channels import ChannelConfig, Condition, Health
from workstation.domain.messages import Batch, Cursor, IncomingMessage
from workstation.net.client import Client

__all__ = ["practice", "practices"]

QUICK = Pace(sweep=3_600, poll=0.05, reports=3_600, stream_again=3_600, health=0.0, reconnect=0.01)
PATIENCE = 60.0


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client."""
    made = Client()
    yield made
    await made.close()


Opening = Callable[..., Awaitable[MastodonChannel]]


@pytest.fixture
async def opened(client: Client) -> AsyncIterator[Opening]:
    """Opens channels: `await opened(base_url, token, sources="home", pace=...)`."""
    made: list[MastodonChannel] = []

    async def open_one(server: str, token: str, pace: Pace = QUICK, **settings: str) -> MastodonChannel:
        config = ChannelConfig(1, "mastodon", "m", server, settings=settings)
        channel = MastodonChannel(config, token, client, pace=pace)
        made.append(channel)
        await channel.open()
        return channel

    yield open_one
    for channel in made:
        await channel.close()


class Watch:
    """Runs a channel's events in a task and remembers what came; as a block, it ends with it."""

    def __init__(self, channel: MastodonChannel, cursors: Mapping[str, Cursor] | None = None) -> None:
        self._channel = channel
        self._given = dict(cursors or {})
        self.batches: list[Batch] = []
        self.health: list[Health] = []
        self.cursors: dict[str, Cursor] = dict(cursors or {})
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    async def _run(self) -> None:
        async for batch in self._channel.events(self._given, self._report):
            self.batches.append(batch)
            if batch.cursor is not None:
                self.cursors[batch.source] = batch.cursor
            async with self._changed:
                self._changed.notify_all()

    def _report(self, health: Health) -> None:
        self.health.append(health)
        asyncio.get_running_loop().create_task(self._notify()).add_done_callback(lambda _: None)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def __aenter__(self) -> "Watch":
        self._task = asyncio.create_task(self._run(), name="watch")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait until the condition holds; an error of the channel is raised here."""
        async with asyncio.timeout(PATIENCE), self._changed:
            while not condition():
                task = self._task
                if task is not None and task.done():
                    task.result()
                    raise AssertionError("the events ended")
                waiting = asyncio.ensure_future(self._changed.wait())
                try:
                    await asyncio.wait({waiting, *([task] if task else [])}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if not waiting.done():
                        waiting.cancel()
                        await asyncio.gather(waiting, return_exceptions=True)

    async def live(self, condition: Condition = Condition.LIVE) -> None:
        """Wait until the catch-up is over."""
        await self.until(lambda: self.health and self.health[-1].condition is condition)

    async def over(self) -> None:
        """Wait for the error that ends the events, and raise it."""
        assert self._task is not None
        async with asyncio.timeout(PATIENCE):
            await self._task

    def messages(self, source: str = "") -> list[IncomingMessage]:
        """What came, in order, of one source or of all."""
        return [item for batch in self.batches if not source or batch.source == source for item in batch.messages]

    def ids(self, source: str = "") -> list[str]:
        """The remote ids of it."""
        return [message.remote_id for message in self.messages(source)]
