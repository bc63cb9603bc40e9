"""The outbox against a network that loses requests and answers: nothing lost, nothing twice without a decision."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.empty import empty
from tests.services.parts import START, ScriptedConnector, SetClock, batch, mention, registry
from workstation.connectors.base import Sent
from workstation.domain.channels import ChannelConfig, Idempotency
from workstation.domain.errors import (
    AmbiguousError,
    AuthExpiredError,
    InvalidError,
    NotAllowedError,
    RateLimitedError,
    TransientError,
)
from workstation.domain.outbox import Act, Operation, Outgoing, State
from workstation.net.client import Client
from workstation.services.actions import operation as new_operation
from workstation.services.feed import Feed
from workstation.services.ingest import Ingest
from workstation.services.outbox import Outbox
from workstation.services.secrets import Secrets
from workstation.services.settings import Settings
from workstation.services.supervisor import Supervisor
from workstation.store.store import Store

T = TypeVar("T")
FATES = ("taken", "request lost", "answer lost", "refused", "unreachable", "limited", "expired", "crash")
MINUTE = 60_000_000
ENDS = (State.SENT, State.FAILED, State.CANCELLED, State.UNKNOWN)


class World:
    """A network that remembers posts by operation, and a desk on it that can crash and be started again."""

    def __init__(self, idempotency: Idempotency) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="outbox-"))
        self.clock = SetClock()
        self.connector = ScriptedConnector()
        self.script = self.connector.script("one")
        self.script.idempotency = idempotency
        self.fates: list[str] = []
        self.visible = True
        """Whether a look tells the truth; otherwise it cannot tell."""
        self.posts: Counter[str] = Counter()
        self.crashed = asyncio.Event()
        self.config = ChannelConfig(0, "scripted", "one")

    def send(self, operation: Operation) -> Sent:
        """One attempt, as fate has it."""
        fate = self.fates.pop(0) if self.fates else "taken"
        if fate == "request lost":
            raise AmbiguousError
        if fate == "refused":
            raise InvalidError(why="no")
        if fate == "unreachable":
            raise TransientError(why="down")
        if fate == "limited":
            raise RateLimitedError(retry_at=self.clock.at + MINUTE)
        if fate == "expired":
            raise AuthExpiredError
        if not (self.script.idempotency is Idempotency.KEY and self.posts[operation.id]):
            self.posts[operation.id] += 1
        if fate == "answer lost":
            raise AmbiguousError
        if fate == "crash":
            self.crashed.set()
            raise asyncio.CancelledError
        return Sent(f"r-{operation.id}")

    def find(self, operation: Operation) -> Sent | None:
        """One look."""
        if not self.visible:
            raise AmbiguousError
        return Sent(f"r-{operation.id}") if self.posts[operation.id] else None

    async def open(self) -> None:
        """Start the desk."""
        self.crashed.clear()
        feed = Feed()
        self.store = await Store.open(empty(self.folder / "desk.sqlite3"), feed.publish, clock=self.clock)
        if not self.config.id:
            self.config = await self.store.channels.add(self.config)
            await self.store.messages.accept(self.config, batch(*(mention(n, START, f"a{n}") for n in range(4))))
        preferences = Settings(self.folder / "settings.toml")
        preferences.change(undo_seconds=0)
        self.supervisor = Supervisor(
            self.store, registry(self.connector), Ingest(self.store), Secrets({}), Client(), self.clock
        )
        self.outbox = Outbox(self.store, self.supervisor, feed, preferences, self.clock, looks=(0, 0))
        await self.supervisor.start()
        await self.outbox.start()

    async def close(self) -> None:
        """End the desk; what a crash left in "sending" stays so."""
        await self.outbox.close()
        await self.supervisor.close()
        await self.store.close()

    async def rest(self) -> None:
        """Let everything happen that happens by itself, waits for the network included; restart after a crash."""
        for _ in range(40):
            for row in await self.store.outbox.list():
                if self.crashed.is_set():
                    break
                await self._end_of(row)
            if self.crashed.is_set():
                await self.close()
                await self.open()
                continue
            rows = await self.store.outbox.list()
            if all(row.state in ENDS for row in rows) or await self.outbox.held():
                return
            self.clock.at += MINUTE
            await self.outbox.release()
        raise AssertionError("the outbox never came to rest")

    async def _end_of(self, row: Outgoing) -> None:
        if await self.outbox.held():
            return
        waits = asyncio.ensure_future(self.outbox.settled(row.operation.id))
        crash = asyncio.ensure_future(self.crashed.wait())
        # A wait that the network asked for is not sat out: the clock is moved on by who calls.
        await asyncio.wait((waits, crash), timeout=0.1, return_when=asyncio.FIRST_COMPLETED)
        for task in (waits, crash):
            task.cancel()
        await asyncio.gather(waits, crash, return_exceptions=True)


class OutboxMachine(RuleBasedStateMachine):
    """Random fates, crashes, holds and decisions."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.queued: list[str] = []
        self.decided: Counter[str] = Counter()
        self.confirmed: set[str] = set()
        self.is_held = False

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end."""
        return self.loop.run_until_complete(work)

    @initialize(idempotency=st.sampled_from([Idempotency.KEY, Idempotency.NONE]))
    def start(self, idempotency: Idempotency) -> None:
        self.world = World(idempotency)
        world = self.world
        # The scripted channel asks the world, attempt by attempt.
        world.script.sends = _Endless(world.send)
        world.script.find = world.find
        self.run(world.open())

    @rule(fates=st.lists(st.sampled_from(FATES), max_size=4), case=st.integers(0, 4), visible=st.booleans())
    def reply(self, fates: list[str], case: int, visible: bool) -> None:
        self.world.fates, self.world.visible = list(fates), visible
        operation = Operation(new_operation(), Act.REPLY, f"m{case}", text=f"answer {len(self.queued)}")
        self.run(self.world.outbox.queue(operation, self.world.config.id, case if case else 0))
        self.queued.append(operation.id)
        self.run(self.world.rest())

    @precondition(lambda self: self.queued)
    @rule(data=st.data(), decision=st.sampled_from(["resend", "confirm", "cancel", "retry", "look"]))
    def decide(self, data: st.DataObject, decision: str) -> None:
        operation = data.draw(st.sampled_from(self.queued))
        outbox = self.world.outbox
        self.world.fates = []
        before = self.run(self.world.store.outbox.get(operation))
        assert before is not None
        refused = False
        try:
            match decision:
                case "resend":
                    self.run(outbox.resend(operation))
                    self.decided[operation] += 1
                case "confirm":
                    self.run(outbox.confirm_sent(operation))
                    self.confirmed.add(operation)
                case "cancel":
                    self.run(outbox.cancel(operation))
                case "retry":
                    self.run(outbox.retry(operation))
                case _:
                    self.world.visible = True
                    self.run(outbox.look_again(operation))
        except NotAllowedError:
            refused = True
        # A decision is about one state; taking back and looking are asked for at any time, and do what they can.
        assert refused == (decision in DECIDED and before.state is not DECIDED[decision])
        self.run(self.world.rest())

    @rule()
    def hold_or_release(self) -> None:
        self.is_held = not self.is_held
        self.run(self.world.outbox.hold() if self.is_held else self.world.outbox.release())
        self.run(self.world.rest())

    @rule()
    def restart(self) -> None:
        self.run(self.world.close())
        self.run(self.world.open())
        assert self.run(self.world.outbox.held()) == self.is_held
        self.run(self.world.rest())

    @invariant()
    def nothing_twice_and_nothing_lost(self) -> None:
        if not hasattr(self, "world"):
            return
        posts = self.world.posts
        for operation in self.queued:
            row = self.run(self.world.store.outbox.get(operation))
            assert row is not None
            assert posts[operation] <= 1 + self.decided[operation]
            if row.state is State.SENT:
                assert posts[operation] or operation in self.confirmed
            elif row.state is State.FAILED:
                assert posts[operation] == 0
            elif row.state is State.QUEUED:
                assert self.is_held

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.run(self.world.close())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


DECIDED = {"resend": State.UNKNOWN, "confirm": State.UNKNOWN, "retry": State.FAILED}


class _Endless(list[Any]):
    """A script's list of sends that never ends."""

    def __init__(self, send: Any) -> None:
        super().__init__([send])

    def pop(self, _: Any = -1) -> Any:
        return self[0]


OutboxMachine.TestCase.settings = settings(
    max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
TestOutbox = OutboxMachine.TestCase
