"""A homeserver double, opened channels on it, and the real server where this machine has it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from tests.conformance.doubles.matrix import OWN, TOKEN, Homeserver
from tests.servers.conftest import synapse
from workstation.connectors.matrix.channel import MatrixChannel
from workstation.connectors.matrix.connector import MatrixConnector
from workstation.domain.channels import ChannelConfig
from workstation.net.client import Client

__all__ = ["synapse"]

Opening = Callable[..., Awaitable[MatrixChannel]]


class Double(Homeserver):
    """A homeserver with its address."""

    base = ""


@pytest.fixture
async def server() -> AsyncIterator[Double]:
    """An empty homeserver."""
    made = Double()
    runner = web.AppRunner(made.application(), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await made.close()
    await runner.cleanup()


@pytest.fixture
async def opened(client: Client) -> AsyncIterator[Opening]:
    """Opens channels: `await opened(base, secret=..., user=..., join="always")`."""
    made: list[MatrixChannel] = []

    async def open_one(base: str, secret: str = TOKEN, user: str = OWN, **settings: str) -> MatrixChannel:
        config = ChannelConfig(1, "matrix", "m", base, user, "env:SECRET", settings)
        channel = MatrixConnector().create(config, secret, client)
        assert isinstance(channel, MatrixChannel)
        made.append(channel)
        await channel.open()
        return channel

    yield open_one
    for channel in made:
        await channel.close()
