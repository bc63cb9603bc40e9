"""Stand-ins for what a service is given: a clock that is set, a connector whose channel does as it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import msgspec

from tests.waiting import told
from workstation.connectors.base import Channel, Opened, Report, Sent
from workstation.connectors.registry import Registry
from workstation.domain.channels import (
    Account,
    Capabilities,
    ChannelConfig,
    Idempotency,
    Length,
    LengthUnit,
    Manifest,
    Offer,
)
from workstation.domain.messages import Author, Batch, Cursor, IncomingMessage, Kind, Micros
from workstation.domain.outbox import Act, Operation
from workstation.domain.text import lazy
from workstation.net.client import Client
from workstation.services.supervisor import Supervisor

START: Micros = 1_800_000_000_000_000


class SetClock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: Micros = START) -> None:
        self.at = now

    def now(self) -> Micros:
        """Microseconds since 1970, UTC."""
        return self.at

    def __call__(self) -> Micros:
        return self.at


class Script:
    """What a scripted channel is to do; each list is used up from its front; `reading` is called as a stream begins."""

    def __init__(self, reading: Callable[[], object] = lambda: None) -> None:
        self.openings: list[Exception] = []
        self.streams: list[list[Batch | Exception]] = []
        self.sends: list[Callable[[Operation], Sent]] = []
        self.find: Callable[[Operation], Sent | None] = lambda _: None
        self.sent: list[Operation] = []
        self.opened = 0
        self.closed = 0
        self.cursors: list[dict[str, Cursor]] = []
        self.idempotency = Idempotency.NONE
        self.busy = asyncio.Event()
        self.reading = reading


class ScriptedChannel:
    """A channel that plays a script; where it has no more lines, it is live and silent, and sends succeed."""

    def __init__(self, script: Script) -> None:
        self.script = script

    async def open(self) -> Opened:
        """The next opening."""
        self.script.opened += 1
        if self.script.openings:
            raise self.script.openings.pop(0)
        offers = tuple(Offer(act, lazy(act.value)) for act in (Act.REPLY, Act.POST, Act.FAVOURITE))
        can = Capabilities(("websocket",), offers=offers, idempotency=self.script.idempotency, length_limit=20)
        return Opened(Account("me", "me@here", "Me"), can, ("mentions",))

    async def events(self, cursors: Mapping[str, Cursor], report: Report) -> AsyncIterator[Batch]:
        """The next stream."""
        self.script.cursors.append(dict(cursors))
        self.script.reading()
        for line in self.script.streams.pop(0) if self.script.streams else []:
            if isinstance(line, Exception):
                raise line
            yield line
        await asyncio.Event().wait()

    async def send(self, operation: Operation) -> Sent:
        """The next send."""
        self.script.sent.append(operation)
        self.script.busy.set()
        if self.script.sends:
            return self.script.sends.pop(0)(operation)
        return Sent(f"r-{operation.id}", f"https://here/{operation.id}")

    async def find_sent(self, operation: Operation, since: Micros) -> Sent | None:
        """The next look."""
        return self.script.find(operation)

    async def thread(self, remote_id: str) -> Batch:
        """Nothing new."""
        return Batch("thread")

    async def history(self, account: str) -> Batch:
        """Nothing new."""
        return Batch("history")

    async def refresh(self, remote_ids: tuple[str, ...]) -> Batch:
        """Nothing new."""
        return Batch("refresh")

    async def media(self, url: str) -> bytes:
        """No picture."""
        return b""

    def measure(self, operation: Operation) -> Length:
        """Characters, 20 at most."""
        return Length(len(operation.text), 20, LengthUnit.CHARACTERS)

    async def close(self) -> None:
        """Count it."""
        self.script.closed += 1


class ScriptedConnector:
    """Makes channels for scripts by the configuration's name."""

    manifest = Manifest("scripted", "Scripted", lazy("For tests"), "scripted", (), "S", "#000000")

    def __init__(self, reading: Callable[[], object] = lambda: None) -> None:
        self.scripts: dict[str, Script] = {}
        self._reading = reading

    def script(self, name: str) -> Script:
        """The script of a channel."""
        return self.scripts.setdefault(name, Script(self._reading))

    def create(self, config: ChannelConfig, secret: str, client: Client) -> Channel:
        """A channel that plays it."""
        return ScriptedChannel(self.script(config.name))

    def sign_in(self, client: Client, pages: object = None) -> None:
        """There is none."""
        return


async def signed_in(supervisor: Supervisor, channel: int) -> None:
    """Wait until a channel is open."""

    async def look() -> bool:
        return supervisor.channel(channel) is not None

    await told(supervisor.subscribe, look, "signed in")


def registry(connector: ScriptedConnector) -> Registry:
    """A registry of that connector alone."""
    found = Registry()
    found.add(connector.manifest, lambda: connector)
    return found


def mention(number: int, at: Micros = START, author: str = "ana") -> IncomingMessage:
    """A mention by a customer."""
    who = Author("scripted", author, f"{author}@there", author.title())
    return IncomingMessage(f"m{number}", Kind.MENTION, who, f"Question {number}", at, branch=f"m{number}")


def batch(*messages: IncomingMessage, cursor: str = "") -> Batch:
    """A batch of the source "mentions"."""
    return Batch("mentions", messages, cursor=Cursor(1, cursor) if cursor else None)


def changed(config: ChannelConfig, **values: object) -> ChannelConfig:
    """A configuration with some values changed."""
    return msgspec.structs.replace(config, **values)
