"""A network on loopback and channels on it, closed at the end of each test."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.conformance.doubles.bluesky import HANDLES, OWN, PASSWORD, Habits, Network, double
from tests.servers.conftest import atproto
from workstation.connectors.bluesky.channel import BlueskyChannel
from workstation.connectors.bluesky.connector import BlueskyConnector
from workstation.domain.channels import ChannelConfig
from workstation.net.client import Client

__all__ = ["atproto"]

Opening = Callable[..., Awaitable[BlueskyChannel]]


@pytest.fixture
def habits() -> Habits:
    """What the network does its own way; a test changes it."""
    return Habits()


@pytest.fixture
async def network(habits: Habits) -> AsyncIterator[Network]:
    """A running network."""
    async with double(habits) as made:
        yield made


@pytest.fixture
async def channel_of(network: Network, client: Client) -> AsyncIterator[Opening]:
    """Opens channels: `await channel_of(sources="mentions")`."""
    made: list[BlueskyChannel] = []

    async def open_one(**settings: str) -> BlueskyChannel:
        settings = {"poll_seconds": "0"} | settings
        config = ChannelConfig(1, "bluesky", "b", network.reached, HANDLES[OWN], settings=settings)
        channel = BlueskyConnector().create(config, PASSWORD, client)
        assert isinstance(channel, BlueskyChannel)
        made.append(channel)
        await channel.open()
        return channel

    yield open_one
    for channel in made:
        await channel.close()
