"""A site with a feed on loopback and channels that read it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, suppress
from typing import cast

import pytest

from tests.conformance.doubles.feed import FeedSite
from workstation.connectors.feed.channel import FeedChannel
from workstation.connectors.feed.connector import FeedConnector
from workstation.domain.channels import ChannelConfig, Health
from workstation.domain.messages import Batch, Cursor
from workstation.net.client import Client


class Reader:
    """Channels of one connector, read batch by batch."""

    def __init__(self, client: Client, base: str) -> None:
        self.base = base
        self._client = client
        self._connector = FeedConnector()
        self.health: list[Health] = []

    def channel(self, path: str = "/", **settings: str) -> FeedChannel:
        """A channel at a path of the site."""
        config = ChannelConfig(1, "feed", "f", self.base + path, settings={"poll_seconds": "0"} | settings)
        return cast("FeedChannel", self._connector.create(config, "", self._client))

    async def batches(
        self, channel: FeedChannel, cursors: Mapping[str, Cursor] | None = None, *, count: int = 1
    ) -> list[Batch]:
        """The next batches of what comes."""
        found: list[Batch] = []
        await channel.open()
        async with asyncio.timeout(60), aclosing(channel.events(cursors or {}, self.health.append)) as events:  # type: ignore[type-var]
            async for batch in events:
                found.append(batch)
                if len(found) == count:
                    break
        return found


@pytest.fixture
async def site() -> AsyncIterator[FeedSite]:
    """An empty site."""
    made = FeedSite()
    host, port = await made.start()
    made.base = f"http://{host}:{port}"
    yield made
    with suppress(OSError):
        await made.close()


@pytest.fixture
async def reader(client: Client, site: FeedSite) -> Reader:
    """Reads the site."""
    return Reader(client, site.base)
