"""Channels run, fail, wait and come back, each for itself."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.empty import empty
from tests.services.parts import START, ScriptedConnector, SetClock, batch, mention, registry
from workstation.domain.channels import ChannelConfig, Condition, Health
from workstation.domain.errors import AuthExpiredError, ProtocolChangedError, RateLimitedError, TransientError
from workstation.net.client import Client
from workstation.services.feed import Feed
from workstation.services.ingest import Ingest
from workstation.services.secrets import Secrets
from workstation.services.supervisor import Supervisor
from workstation.store.store import Store


class Yard:
    """A supervisor over a scripted connector, with what it told."""

    def __init__(self, store: Store, clock: SetClock) -> None:
        self.store, self.clock = store, clock
        self._changed = asyncio.Event()
        self.connector = ScriptedConnector(self._changed.set)
        self.told: list[Health] = []
        self.ingest = Ingest(store)
        self.supervisor = Supervisor(
            store, registry(self.connector), self.ingest, Secrets({}), Client(), clock, first_delay=1_000
        )
        self.supervisor.subscribe(self.note)

    def note(self, health: Health) -> None:
        self.told.append(health)
        self._changed.set()

    async def add(self, name: str, secret: str = "") -> ChannelConfig:
        """A channel in the store."""
        return await self.store.channels.add(ChannelConfig(0, "scripted", name, secret=secret))

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until it is true; looked at whenever the supervisor tells something or a channel begins to read."""
        async with asyncio.timeout(60):
            while True:
                self._changed.clear()
                if condition():
                    return
                await self._changed.wait()

    def condition(self, config: ChannelConfig) -> Condition:
        """How a channel fares."""
        return self.supervisor.health[config.id].condition


@pytest.fixture
async def yard(folder: Path) -> AsyncIterator[Yard]:
    clock = SetClock()
    store = await Store.open(empty(folder / "desk.sqlite3"), Feed().publish, clock=clock)
    made = Yard(store, clock)
    yield made
    await made.supervisor.close()
    await store.close()


async def test_a_channel_that_fails_comes_back_where_it_was(yard: Yard) -> None:
    config = await yard.add("one")
    script = yard.connector.script("one")
    script.streams = [[batch(mention(1), cursor="1"), TransientError(why="gone")], [batch(mention(2), cursor="2")]]
    await yard.supervisor.start()
    await yard.until(lambda: yard.supervisor.health[config.id].restarts == 1)
    await yard.until(lambda: len(script.cursors) == 2)
    assert script.cursors[0] == {}
    assert script.cursors[1]["mentions"].value == "1"
    assert script.opened == 2
    assert Condition.WAITING in {health.condition for health in yard.told}


async def test_one_channel_never_ends_another(yard: Yard) -> None:
    good, bad = await yard.add("good"), await yard.add("bad")
    yard.connector.script("bad").streams = [[RuntimeError("a fault of ours")] for _ in range(3)]
    await yard.supervisor.start()
    await yard.until(lambda: yard.supervisor.health[bad.id].restarts >= 3)
    assert yard.supervisor.channel(good.id) is not None
    assert yard.supervisor.health[good.id].restarts == 0


async def test_an_expired_sign_in_waits_for_the_agent(yard: Yard) -> None:
    config = await yard.add("one")
    script = yard.connector.script("one")
    script.openings = [AuthExpiredError()]
    await yard.supervisor.start()
    await yard.until(lambda: yard.condition(config) is Condition.SIGN_IN)
    assert yard.supervisor.channel(config.id) is None
    assert yard.supervisor.ready() == frozenset()
    await yard.supervisor.restart(config.id)
    await yard.until(lambda: yard.supervisor.channel(config.id) is not None)


async def test_a_missing_secret_asks_for_the_sign_in(yard: Yard) -> None:
    config = await yard.add("one", "env:NOWHERE")
    await yard.supervisor.start()
    await yard.until(lambda: yard.condition(config) is Condition.SIGN_IN)
    error = yard.supervisor.health[config.id].error
    assert error is not None
    assert dict(error.params)["reference"] == "env:NOWHERE"


async def test_a_rate_limit_is_waited_for(yard: Yard) -> None:
    config = await yard.add("one")
    yard.connector.script("one").openings = [RateLimitedError(retry_at=START + 3_600_000_000)]
    await yard.supervisor.start()
    await yard.until(lambda: yard.condition(config) is Condition.WAITING)
    assert yard.supervisor.health[config.id].retry_at >= START + 3_600_000_000


async def test_a_strange_protocol_is_tried_again(yard: Yard) -> None:
    config = await yard.add("one")
    yard.connector.script("one").openings = [ProtocolChangedError(where="instance")]
    await yard.supervisor.start()
    await yard.until(lambda: yard.supervisor.channel(config.id) is not None)


async def test_a_silent_stream_is_read_anew(folder: Path) -> None:
    clock = SetClock()
    store = await Store.open(empty(folder / "desk.sqlite3"), Feed().publish, clock=clock)
    yard = Yard(store, clock)
    yard.supervisor = Supervisor(
        store, registry(yard.connector), yard.ingest, Secrets({}), Client(), clock, silence=1_000, first_delay=1_000
    )
    try:
        config = await yard.add("one")
        script = yard.connector.script("one")
        await yard.supervisor.start()
        yard.supervisor.subscribe(yard.note)
        await yard.until(lambda: yard.supervisor.channel(config.id) is not None and len(script.cursors) == 1)
        clock.at += 1_000
        await yard.until(lambda: len(script.cursors) == 2)
        assert yard.supervisor.health[config.id].restarts == 0
    finally:
        await yard.supervisor.close()
        await store.close()


async def test_stopping_lets_go_of_the_channel(yard: Yard) -> None:
    config = await yard.add("one")
    await yard.supervisor.start()
    await yard.until(lambda: yard.supervisor.channel(config.id) is not None)
    await yard.supervisor.stop(config.id)
    assert yard.connector.script("one").closed == 1
    assert yard.told[-1].condition is Condition.STOPPED
    assert yard.supervisor.health == {}
