"""A WordPress site on loopback and channels on it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import cast

import pytest

from tests.conformance.doubles.wordpress import PASSWORD, USER, Site
from workstation.connectors.wordpress.channel import WordPressChannel
from workstation.connectors.wordpress.connector import WordPressConnector
from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import Batch, Cursor
from workstation.domain.outbox import Act, Operation
from workstation.net.client import Client
from workstation.services.actions import operation as new_operation

Opening = Callable[..., Awaitable[WordPressChannel]]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """An empty site."""
    made = Site()
    host, port = await made.start()
    made.base = f"http://{host}:{port}"
    yield made
    await made.close()


@pytest.fixture
async def opened(client: Client) -> AsyncIterator[Opening]:
    """Opens channels: `await opened(base, user=..., secret=..., spam="leave")`."""
    made: list[WordPressChannel] = []

    async def open_one(base: str, user: str = USER, secret: str = PASSWORD, **settings: str) -> WordPressChannel:
        config = ChannelConfig(1, "wordpress", "w", base, user, settings={"poll_seconds": "0"} | settings)
        channel = cast("WordPressChannel", WordPressConnector().create(config, secret, client))
        made.append(channel)
        await channel.open()
        return channel

    yield open_one
    for channel in made:
        await channel.close()


async def batches(
    channel: WordPressChannel, cursors: Mapping[str, Cursor] | None = None, until: Callable[[list[Batch]], bool] = bool
) -> list[Batch]:
    """What comes, until it is enough."""
    found: list[Batch] = []
    async with asyncio.timeout(60), aclosing(channel.events(cursors or {}, lambda _: None)) as events:  # type: ignore[type-var]
        async for batch in events:
            found.append(batch)
            if until(found):
                break
    return found


def last(found: list[Batch]) -> dict[str, Cursor]:
    """The cursors that are stored then."""
    return {batch.source: batch.cursor for batch in found if batch.cursor is not None}


def texts(found: list[Batch]) -> list[str]:
    """What people said."""
    return [message.text.partition("\n")[2] or message.text for batch in found for message in batch.messages]


def act(kind: Act, target: int, text: str = "") -> Operation:
    """An operation on a comment."""
    return Operation(new_operation(), kind, target=str(target), text=text, at=1_800_000_000_000_000)
