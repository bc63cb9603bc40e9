"""Real servers that end and begin again a minute later: nothing is lost or doubled, the desk is not restarted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import uuid4

import pytest

from tests.conformance.desk import Desk
from tests.connectors.email.outsider import Mailboxes
from tests.connectors.matrix.people import people
from tests.connectors.wordpress.visitors import Visitors
from tests.servers.running import Server, end
from workstation.connectors.registry import built_in
from workstation.domain.channels import ChannelConfig, Condition
from workstation.domain.outbox import State

if TYPE_CHECKING:
    from tests.conformance.kit import Kit

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.timeout(420)]

MINUTE = 60
PATIENCE = 120.0
"""Seconds from the server's return to the last message: the longest pause between two attempts, and reading."""


class RealKit:
    """What a desk needs to know of a network."""

    def __init__(self, kind: str, secret: str, live: str) -> None:
        self._kind, self.secret, self.live = kind, secret, live

    def connector(self) -> object:
        """The connector."""
        return built_in().connector(self._kind)


@dataclass
class Network:
    """A channel on a real server, the process that is ended, and somebody who writes; writing tells the remote id."""

    kind: str
    process: str
    server: str
    write: Callable[[str], Awaitable[str]]
    secret: str = ""
    user: str = ""
    live: str = "live"
    settings: dict[str, str] = field(default_factory=dict)
    answers: bool = True


@asynccontextmanager
async def matrix(server: Server) -> AsyncIterator[Network]:
    """A room of Alice's."""
    async with people(server.values) as (agent, alice, _):
        room = await alice.room(agent)
        yield Network(
            "matrix", "synapse", server["BASE"], lambda text: alice.write(room, text), server["AGENT_TOKEN"], "agent"
        )


@asynccontextmanager
async def email(server: Server) -> AsyncIterator[Network]:
    """An empty mailbox."""
    boxes = Mailboxes(server)
    await asyncio.to_thread(boxes.empty)

    async def write(text: str) -> str:
        return (await asyncio.to_thread(boxes.post, text, "Order")).strip("<>")

    address = f"imap://{server['IMAP_HOST']}:{server['IMAP_PORT']}"
    settings = {"smtp": f"smtp://{server['SMTP_HOST']}:{server['SMTP_PORT']}", "address": server["AGENT_ADDRESS"]}
    yield Network("email", "dovecot", address, write, server["AGENT_PASSWORD"], "agent", settings=settings)


@asynccontextmanager
async def comments(server: Server) -> AsyncIterator[Network]:
    """A site without comments."""
    visitors = Visitors(server)
    await asyncio.to_thread(visitors.empty)

    async def write(text: str) -> str:
        return await asyncio.to_thread(visitors.write, text)

    secret, settings = server["AGENT_APP_PASSWORD"], {"poll_seconds": "1"}
    yield Network("wordpress", "php", server["SITE"], write, secret, "agent", "polling", settings)


@asynccontextmanager
async def articles(server: Server) -> AsyncIterator[Network]:
    """The feed of a site."""
    visitors = Visitors(server)

    async def write(text: str) -> str:
        made = await asyncio.to_thread(
            visitors.call, "POST", "/posts", {"title": text, "content": text, "status": "publish"}
        )
        return str(made["guid"]["rendered"]).replace("&#038;", "&")

    site, settings = server["SITE"], {"poll_seconds": "1"}
    yield Network("feed", "php", f"{site}/feed/", write, live="polling", settings=settings, answers=False)


NETWORKS = {"matrix": ("synapse", matrix), "email": ("mail", email), "wordpress": ("wordpress", comments),
            "feed": ("wordpress", articles)}  # fmt: skip


@pytest.mark.parametrize("kind", NETWORKS)
async def test_a_server_is_away_for_a_minute(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    name, opened = NETWORKS[kind]
    server: Server = request.getfixturevalue(name)
    async with AsyncExitStack() as stack:
        network = await stack.enter_async_context(opened(server))
        secret = "env:SECRET" if network.secret else ""
        config = ChannelConfig(0, kind, kind, network.server, network.user, secret, network.settings)
        kit = cast("Kit", RealKit(kind, network.secret, network.live))
        desk = await Desk(kit, config, tmp_path).open()
        stack.push_async_callback(desk.close)
        await desk.until_read()
        said = {await network.write(text): text for text in _texts("before", 3)}
        await desk.until_stored(*said, patience=PATIENCE)
        seen = len(desk.healths)
        begin = await asyncio.to_thread(end, server, network.process)
        try:
            health = await desk.until_health(Condition.WAITING)
            assert health.error is not None
            entry = (await desk.entries())[next(iter(said))]
            waiting = await desk.send(entry, "We answer while you are away.") if network.answers else None
            await asyncio.sleep(MINUTE)
        finally:
            await asyncio.to_thread(begin)
        said |= {await network.write(text): text for text in _texts("after", 10)}
        found = await desk.until_stored(*said, patience=PATIENCE)
        await desk.until_read()
        for remote_id, text in said.items():
            assert text in found[remote_id].message.text
        texts = [entry.message.text for entry in found.values()]
        for text in said.values():
            assert sum(text in each for each in texts) == 1
        if waiting is not None:
            assert (await desk.settled(waiting)).state is State.SENT
        assert Condition.WAITING in {each.condition for each in desk.healths[seen:]}
        await desk.nothing_missing()


def _texts(when: str, count: int) -> list[str]:
    run = uuid4().hex[:6]
    return [f"{when} the minute {run}.{number}" for number in range(count)]
