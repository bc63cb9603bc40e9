"""A mail server on loopback, and channels on it that are closed at the end of each test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, cast

import pytest

from tests.conformance.doubles.email import ADDRESS, ALL, PASSWORD, USER, MailServer
from tests.connectors.conftest import Watch
from workstation.connectors.email.channel import EmailChannel
from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import Cursor

__all__ = ["ALL", "Desk", "Watch"]


class Desk:
    """A server and a channel on it."""

    def __init__(self, server: MailServer, channel: EmailChannel) -> None:
        self.server, self.channel = server, channel

    def watch(self, cursors: Mapping[str, Cursor] | None = None) -> Watch:
        """Run the channel's events."""
        return Watch(cast("Any", self.channel), cursors)


Beginning = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def begin() -> AsyncIterator[Beginning]:
    """Starts a server and opens a channel on it: `await begin(capabilities=..., poll_seconds="5", ...)`."""
    servers: list[MailServer] = []
    channels: list[EmailChannel] = []

    async def start(server: MailServer | None = None, renewed: float = 240.0, **settings: str) -> Desk:
        running = server or MailServer()
        if running not in servers:
            servers.append(running)
            running.ports = await running.start()
        imap, smtp = running.ports
        given = {"smtp": f"smtp://127.0.0.1:{smtp}", "address": ADDRESS} | settings
        scheme = given.pop("scheme", "imap")
        config = ChannelConfig(1, "email", "e", f"{scheme}://127.0.0.1:{imap}", USER, "env:X", given)
        channel = EmailChannel(config, running.token or PASSWORD, renewed=renewed)
        channels.append(channel)
        await channel.open()
        return Desk(running, channel)

    yield start
    for channel in channels:
        await channel.close()
    for running in servers:
        await running.close()
