"""A channel that nothing comes by: its messages are noted by `services.contacts`."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING

from workstation.connectors.base import Opened, Report, Sent
from workstation.connectors.logged.manifest import MANIFEST, typical
from workstation.domain.channels import Account, ChannelConfig, Condition, Health, Length, LengthUnit, Manifest
from workstation.domain.errors import UnsupportedError
from workstation.domain.messages import Batch, Cursor, Micros
from workstation.domain.outbox import Operation

if TYPE_CHECKING:
    from workstation.connectors.base import Channel, SignIn
    from workstation.net.client import Client
    from workstation.net.oauth import Pages

SOURCE = "by hand"
PULSE = 60.0
"""Seconds between two signs of life: there is no network that could be silent."""


class LoggedChannel:
    """See `connectors.base.Channel`."""

    def __init__(self, config: ChannelConfig) -> None:
        self._config = config

    async def open(self) -> Opened:
        """See Channel."""
        return Opened(Account(self._config.name, self._config.name, self._config.name), typical(), (SOURCE,))

    async def events(self, cursors: Mapping[str, Cursor], report: Report) -> AsyncIterator[Batch]:
        """See Channel; nothing comes, and it never ends."""
        while True:
            report(Health(channel=self._config.id, condition=Condition.LIVE, transport=SOURCE))
            await asyncio.sleep(PULSE)
            yield Batch(SOURCE)  # with nothing in it: a sign of life

    async def send(self, operation: Operation) -> Sent:
        """See Channel."""
        raise UnsupportedError

    async def find_sent(self, operation: Operation, since: Micros) -> Sent | None:
        """See Channel."""
        return None

    async def thread(self, remote_id: str) -> Batch:
        """See Channel; nobody else knows more."""
        return Batch(SOURCE, history=True)

    async def history(self, account: str) -> Batch:
        """See Channel."""
        return Batch(SOURCE, history=True)

    async def refresh(self, remote_ids: tuple[str, ...]) -> Batch:
        """See Channel."""
        return Batch(SOURCE, history=True)

    async def media(self, url: str) -> bytes:
        """See Channel."""
        raise UnsupportedError

    def measure(self, operation: Operation) -> Length:
        """See Channel."""
        return Length(len(operation.text), 0, LengthUnit.CHARACTERS)

    async def close(self) -> None:
        """See Channel."""


class LoggedConnector:
    """See `connectors.base.Connector`."""

    manifest: Manifest = MANIFEST

    def create(self, config: ChannelConfig, secret: str, client: "Client") -> "Channel":
        """See Connector."""
        return LoggedChannel(config)

    def sign_in(self, client: "Client", pages: "Pages | None" = None) -> "SignIn | None":
        """See Connector."""
        return None
