"""A desk without a window: store, supervisor and outbox as they run in the product, on one channel."""

from collections.abc import Callable
from pathlib import Path

from tests.conformance.kit import Kit
from tests.empty import empty
from tests.waiting import PATIENCE, told
from workstation.connectors.base import Channel
from workstation.connectors.registry import Registry
from workstation.domain.cases import Entry
from workstation.domain.channels import ChannelConfig, Condition, Health
from workstation.domain.outbox import Act, Operation, Outgoing
from workstation.net.client import Client
from workstation.services.actions import operation as new_operation
from workstation.services.clock import SystemClock
from workstation.services.feed import Feed
from workstation.services.ingest import Ingest
from workstation.services.outbox import Outbox
from workstation.services.secrets import Secrets
from workstation.services.settings import Settings
from workstation.services.supervisor import Supervisor
from workstation.store.store import Store

Fits = Callable[[Entry], bool]


class Desk:
    """Everything that a message passes on its way in and out."""

    def __init__(self, kit: Kit, config: ChannelConfig, folder: Path) -> None:
        self._kit = kit
        self._folder = folder
        self.config = config
        self.feed = Feed()
        self.client = Client()
        self.healths: list[Health] = []

    async def open(self) -> "Desk":
        """Begin to read."""
        clock = SystemClock()
        self.store = await Store.open(empty(self._folder / "desk.sqlite3"), self.feed.publish, clock=clock.now)
        if not self.config.id:
            self.config = await self.store.channels.add(self.config)
        registry = Registry()
        registry.add(self._kit.connector().manifest, self._kit.connector)
        secrets = Secrets({"SECRET": self._kit.secret})
        settings = Settings(self._folder / "settings.toml")
        settings.change(undo_seconds=0)
        self.supervisor = Supervisor(
            self.store, registry, Ingest(self.store), secrets, self.client, clock, first_delay=10_000
        )
        self.supervisor.subscribe(self.healths.append)
        self.outbox = Outbox(self.store, self.supervisor, self.feed, settings, clock)
        await self.supervisor.start()
        await self.outbox.start()
        return self

    async def close(self) -> None:
        """End it; what is stored stays."""
        await self.outbox.close()
        await self.supervisor.close()
        await self.client.close()
        await self.store.close()

    async def entries(self) -> dict[str, Entry]:
        """Everything stored, by remote id; the store holds each once."""
        found = [entry async for chunk in self.store.messages.export() for entry in chunk]
        assert len({entry.message.remote_id for entry in found}) == len(found)
        return {entry.message.remote_id: entry for entry in found}

    async def until_stored(self, *remote_ids: str, patience: float = PATIENCE) -> dict[str, Entry]:
        """Wait until all of these are stored."""

        async def look() -> dict[str, Entry]:
            found = await self.entries()
            return found if set(remote_ids) <= set(found) else {}

        missing = set(remote_ids) - set(await self.entries())
        if not missing:
            return await self.entries()
        return await told(self.feed.subscribe, look, f"stored: {sorted(missing)[:5]} of {len(remote_ids)}", patience)

    async def until_entry(self, remote_id: str, what: str, fits: Fits) -> Entry:
        """Wait until the stored message is as wanted."""

        async def look() -> Entry | None:
            found = (await self.entries()).get(remote_id)
            return found if found is not None and fits(found) else None

        found = await told(self.feed.subscribe, look, what)
        assert found is not None
        return found

    async def until_health(self, *conditions: Condition) -> Health:
        """Wait until the channel fares so."""

        async def look() -> Health | None:
            health = self.supervisor.health.get(self.config.id)
            return health if health is not None and health.condition in conditions else None

        found = await told(self.supervisor.subscribe, look, f"{conditions}")
        assert found is not None
        return found

    async def until_read(self) -> None:
        """Wait until the channel is live, or polls, with everything caught up."""
        await self.until_health(Condition(self._kit.live))

    def channel(self) -> Channel:
        """The opened channel."""
        channel = self.supervisor.channel(self.config.id)
        assert channel is not None
        return channel

    def reply(self, entry: Entry, text: str) -> Operation:
        """A reply to a stored message."""
        message = entry.message
        return Operation(
            new_operation(),
            Act.REPLY,
            target=message.remote_id,
            account=message.author.remote_id,
            text=text,
            visibility=message.visibility,
            at=message.received_at,
        )

    async def send(self, entry: Entry, text: str) -> Operation:
        """Put a reply into the outbox."""
        operation = self.reply(entry, text)
        await self.outbox.queue(operation, self.config.id, case=entry.message.case, message=entry.message.id)
        return operation

    async def settled(self, operation: Operation) -> Outgoing:
        """Wait until it is sent, has failed or is in doubt for good."""
        return await self.outbox.settled(operation.id)

    async def nothing_missing(self) -> None:
        """The ledger of every source adds up."""
        for row in await self.store.messages.ledger(self.config.id):
            assert row.missing == 0, row
