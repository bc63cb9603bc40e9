"""Posts to several channels against networks that lose answers and a desk that crashes: nothing twice, nothing early,
nothing late unasked, nothing while it is held.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.empty import empty
from tests.services.parts import START, ScriptedConnector, SetClock, batch, mention, registry, signed_in
from workstation.connectors.base import Sent
from workstation.domain.channels import ChannelConfig, Idempotency
from workstation.domain.errors import AmbiguousError, InvalidError, NotAllowedError, NotFoundError, TransientError
from workstation.domain.outbox import Act, Operation, State
from workstation.domain.posts import OPEN, Fate, Part, Post, fate
from workstation.net.client import Client
from workstation.services.drafting import Drafting
from workstation.services.feed import Feed
from workstation.services.ingest import Ingest
from workstation.services.outbox import Outbox
from workstation.services.posting import Posts
from workstation.services.secrets import Secrets
from workstation.services.settings import Settings
from workstation.services.supervisor import Supervisor
from workstation.store.store import Store

T = TypeVar("T")
MINUTE = 60_000_000
LIMIT = 15
NAMES = ("one", "two")
FATES = ("taken", "request lost", "answer lost", "refused", "unreachable", "crash")


async def _undrawn(data: bytes, width: int, height: int) -> bytes:
    raise ValueError("no decoder")


class Networks:
    """Two networks that remember what they were given, and the desk on them, which can crash and start again."""

    def __init__(self, idempotency: Idempotency) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="posting-"))
        self.clock = SetClock()
        self.connector = ScriptedConnector()
        self.fates: list[str] = []
        self.taken: Counter[tuple[str, str]] = Counter()
        """How often a text was taken by a network, by (network, text)."""
        self.early: list[str] = []
        self.late: list[str] = []
        self.while_held: list[str] = []
        self.due: dict[str, tuple[int, int]] = {}
        """When a text may leave by itself: from, until (0: whenever)."""
        self.asked: set[str] = set()
        """Texts that the agent has said are to be sent now."""
        self.held = False
        self.crashed = asyncio.Event()
        self.configs = {name: ChannelConfig(0, "scripted", name) for name in NAMES}
        for name in NAMES:
            script = self.connector.script(name)
            script.idempotency = idempotency
            script.sends = Endless(partial(self.send, name))
            script.find = partial(self.find, name)

    def send(self, name: str, operation: Operation) -> Sent:
        """One attempt, as fate has it."""
        fate_now = self.fates.pop(0) if self.fates else "taken"
        self._judge(operation.text)
        if fate_now == "request lost":
            raise AmbiguousError
        if fate_now == "refused":
            raise InvalidError(why="no")
        if fate_now == "unreachable":
            raise TransientError(why="down")
        keyed = self.connector.script(name).idempotency is Idempotency.KEY
        if not (keyed and self.taken[name, operation.text]):
            self.taken[name, operation.text] += 1
        if fate_now == "answer lost":
            raise AmbiguousError
        if fate_now == "crash":
            self.crashed.set()
            raise asyncio.CancelledError
        return Sent(f"{name}-{operation.id}")

    def _judge(self, text: str) -> None:
        first, last = self.due.get(text, (0, 0))
        if self.held:
            self.while_held.append(text)
        if text in self.asked:
            return
        if self.clock.at < first:
            self.early.append(text)
        if last and self.clock.at > last:
            self.late.append(text)

    def find(self, name: str, operation: Operation) -> Sent | None:
        """One look."""
        return Sent(f"{name}-{operation.id}") if self.taken[name, operation.text] else None

    async def open(self) -> None:
        """Start the desk."""
        self.crashed.clear()
        feed = Feed()
        self.store = await Store.open(empty(self.folder / "desk.sqlite3"), feed.publish, clock=self.clock)
        for name, config in self.configs.items():
            if not config.id:
                self.configs[name] = await self.store.channels.add(config)
                await self.store.messages.accept(self.configs[name], batch(mention(1, START)))
        preferences = Settings(self.folder / "settings.toml")
        preferences.change(undo_seconds=0, late_minutes=LIMIT)
        self.supervisor = Supervisor(
            self.store, registry(self.connector), Ingest(self.store), Secrets({}), Client(), self.clock
        )
        self.outbox = Outbox(self.store, self.supervisor, feed, preferences, self.clock, looks=(0,))
        drafting = Drafting(self.store, self.supervisor, preferences, self.clock)
        self.posts = Posts(self.store, self.supervisor, drafting, preferences, self.clock, _undrawn)
        await self.supervisor.start()
        for config in self.configs.values():
            await signed_in(self.supervisor, config.id)
        await self.outbox.start()

    async def close(self) -> None:
        """End the desk; what a crash left in "sending" stays so."""
        await self.outbox.close()
        await self.supervisor.close()
        await self.store.close()

    async def rest(self) -> None:
        """Let everything happen that is due; start anew after a crash."""
        for _ in range(20):
            rows = await self.store.outbox.list((State.QUEUED, State.SENDING, State.UNKNOWN))
            due = [row for row in rows if self._moves(row)]
            if self.crashed.is_set():
                await self.close()
                await self.open()
                continue
            if not due:
                return
            waits = [asyncio.ensure_future(self.outbox.settled(row.operation.id)) for row in due]
            crash = asyncio.ensure_future(self.crashed.wait())
            await asyncio.wait((*waits, crash), timeout=0.2, return_when=asyncio.FIRST_COMPLETED)
            for task in (*waits, crash):
                task.cancel()
            await asyncio.gather(*waits, crash, return_exceptions=True)
            if all(row.state is State.QUEUED and row.not_before > self.clock.at for row in due):
                return

    def _moves(self, row: Any) -> bool:
        if row.state is State.QUEUED:
            return not self.held and row.not_before <= self.clock.at and fate(row, self.clock.at) is not Fate.MISSED
        return row.state is State.SENDING or self.outbox.is_looking(row.operation.id)


class Endless(list[Any]):
    """A script's list of sends that never ends."""

    def __init__(self, send: Any) -> None:
        super().__init__([send])

    def pop(self, _: Any = -1) -> Any:
        return self[0]


class PostingMachine(RuleBasedStateMachine):
    """Posts are written, planned, moved, changed, taken back, missed and decided on, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.numbers: list[int] = []
        self.texts: dict[int, list[str]] = {}
        self.again: Counter[str] = Counter()
        self.count = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end."""
        return self.loop.run_until_complete(work)

    @initialize(idempotency=st.sampled_from([Idempotency.KEY, Idempotency.NONE]))
    def start(self, idempotency: Idempotency) -> None:
        self.world = Networks(idempotency)
        self.run(self.world.open())

    def _text(self) -> str:
        self.count += 1
        return f"text {self.count}"

    def _promise(self, post: Post) -> None:
        """A text of this post may leave from its time on, and by itself for so long."""
        self.world.due[post.text] = (post.at, post.at + LIMIT * MINUTE if post.at else 0)

    @rule(
        delay=st.sampled_from([0, 0, 2, 5, 15]),
        fates=st.lists(st.sampled_from(FATES), max_size=3),
        both=st.booleans(),
    )
    def write(self, delay: int, fates: list[str], both: bool) -> None:
        world = self.world
        world.fates = list(fates)
        at = world.clock.at + delay * MINUTE if delay >= 2 else 0
        channels = [world.configs[name].id for name in (NAMES if both else NAMES[:1])]
        post = Post(text=self._text(), parts=tuple(Part(channel) for channel in channels), at=at)
        assert world.posts.check(post).sendable
        self._promise(post)
        posted = self.run(world.posts.send(post))
        self.numbers.append(posted.post.id)
        self.texts[posted.post.id] = [post.text]
        self.run(world.rest())

    @precondition(lambda self: self.numbers)
    @rule(data=st.data(), delay=st.sampled_from([2, 5, 20]))
    def move(self, data: st.DataObject, delay: int) -> None:
        world, number = self.world, data.draw(st.sampled_from(self.numbers))
        at = world.clock.at + delay * MINUTE
        if self.run(world.posts.move(number, at, "")):
            posted = self.run(world.posts.posted(number))
            assert posted is not None
            self._promise(posted.post)
        self.run(world.rest())

    @precondition(lambda self: self.numbers)
    @rule(data=st.data(), plan_again=st.booleans())
    def take_back(self, data: st.DataObject, plan_again: bool) -> None:
        world, number = self.world, data.draw(st.sampled_from(self.numbers))
        before = self.run(world.posts.posted(number))
        taken = self.run(world.posts.take_back(number))
        assert before is not None
        assert taken == any(row.state is State.QUEUED for row in before.rows)
        if taken and plan_again and before.post.at > world.clock.at:
            self.run(world.posts.plan_again(number))
        self.run(world.rest())

    @precondition(lambda self: self.numbers)
    @rule(data=st.data(), delay=st.sampled_from([2, 5, 20]), fates=st.lists(st.sampled_from(FATES), max_size=2))
    def change(self, data: st.DataObject, delay: int, fates: list[str]) -> None:
        world, number = self.world, data.draw(st.sampled_from(self.numbers))
        before = self.run(world.posts.posted(number))
        assert before is not None
        if not before.open(world.clock.at):
            return
        world.fates = list(fates)
        draft = self.run(world.posts.edit(number))
        draft = msgspec.structs.replace(draft, text=self._text(), at=world.clock.at + delay * MINUTE)
        self._promise(draft)
        posted = self.run(world.posts.send(draft, before.left))
        assert posted.post.id == number
        self.texts[number].append(draft.text)
        try:  # a second press of the key
            self.run(world.posts.send(draft, before.left))
            raise AssertionError("a draft was sent twice")
        except NotFoundError:
            pass
        self.run(world.rest())

    @precondition(lambda self: self.numbers)
    @rule(data=st.data(), decision=st.sampled_from(["now", "resend", "retry", "confirm"]))
    def decide(self, data: st.DataObject, decision: str) -> None:
        world, number = self.world, data.draw(st.sampled_from(self.numbers))
        posted = self.run(world.posts.posted(number))
        assert posted is not None
        world.fates = []
        for row in posted.rows:
            name = row.operation.id
            try:
                match decision:
                    case "now" if fate(row, world.clock.at) in OPEN:
                        world.asked.add(row.operation.text)
                        self.run(world.outbox.send_now(name))
                    case "resend" if row.state is State.UNKNOWN:
                        world.asked.add(row.operation.text)
                        self.again[f"{row.channel}/{row.operation.text}"] += 1
                        self.run(world.outbox.resend(name))
                    case "retry" if row.state is State.FAILED:
                        world.asked.add(row.operation.text)
                        self.run(world.outbox.retry(name))
                    case "confirm" if row.state is State.UNKNOWN:
                        self.run(world.outbox.confirm_sent(name))
            except NotAllowedError:
                pass
        self.run(world.rest())

    @rule(minutes=st.sampled_from([1, 4, 12, 30]), off=st.booleans())
    def time_passes(self, minutes: int, off: bool) -> None:
        """In steps while the desk runs; at once while the machine is off."""
        world = self.world
        if off:
            self.run(world.close())
            world.clock.at += minutes * MINUTE
            self.run(world.open())
        else:
            for _ in range(minutes):
                world.clock.at += MINUTE
                self.run(self._nudge())
        self.run(world.rest())

    async def _nudge(self) -> None:
        """The outbox waits by the real clock; a change makes it look at ours."""
        if not self.world.held:
            await self.world.outbox.release()
        await asyncio.sleep(0)

    @rule()
    def hold_or_release(self) -> None:
        world = self.world
        world.held = not world.held
        self.run(world.outbox.hold() if world.held else world.outbox.release())
        self.run(world.rest())

    @invariant()
    def nothing_twice_early_late_or_held(self) -> None:
        if not hasattr(self, "world"):
            return
        world = self.world
        assert (world.early, world.late, world.while_held) == ([], [], [])
        missed = {posted.post.id for posted in self.run(world.posts.missed())}
        for number in self.numbers:
            posted = self.run(world.posts.posted(number))
            assert posted is not None
            rows = {row.channel: row for row in posted.rows}
            assert len(rows) == len(posted.rows)
            for name, config in world.configs.items():
                seen = sum(world.taken[name, text] for text in self.texts[number])
                decided = sum(self.again[f"{config.id}/{text}"] for text in self.texts[number])
                assert seen <= 1 + decided
                row = rows.get(config.id)
                assert row is not None or seen == 0
                if row is not None and row.state in (State.FAILED, State.CANCELLED, State.QUEUED):
                    assert seen == 0 or decided
            late = any(fate(row, world.clock.at) is Fate.MISSED for row in posted.rows)
            assert late == (number in missed)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.run(self.world.close())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


PostingMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestPosting = PostingMachine.TestCase


async def test_the_hold_stops_posts_replies_and_holding_replies_alike_across_restarts(tmp_path: Path) -> None:
    world = Networks(Idempotency.NONE)
    world.folder = tmp_path
    await world.open()
    await world.outbox.hold()
    world.held = True
    channel = world.configs["one"].id
    await world.posts.send(Post(text="now", parts=(Part(channel),)))
    await world.posts.send(Post(text="later", parts=(Part(channel),), at=world.clock.at + 5 * MINUTE))
    reply = Operation("", Act.REPLY, "m1", text="a reply")
    await world.outbox.queue(reply, channel, 1, 1)
    holding = Operation("", Act.REPLY, "m1", text="a holding reply")
    await world.outbox.queue(holding, channel, 1, 1, undo=False)
    await world.close()
    world.clock.at += 6 * MINUTE
    await world.open()
    assert await world.outbox.held()
    await world.rest()
    assert not world.taken
    world.held = False
    await world.outbox.release()
    await world.rest()
    await world.close()
    texts = {text for (_name, text), count in world.taken.items() if count == 1}
    assert texts == {"now", "later", "a reply", "a holding reply"}


async def test_what_was_missed_while_held_is_asked_about(tmp_path: Path) -> None:
    world = Networks(Idempotency.NONE)
    world.folder = tmp_path
    await world.open()
    await world.outbox.hold()
    world.held = True
    channel = world.configs["one"].id
    posted = await world.posts.send(Post(text="planned", parts=(Part(channel),), at=world.clock.at + 5 * MINUTE))
    world.clock.at += (5 + LIMIT + 1) * MINUTE
    world.held = False
    await world.outbox.release()
    await world.rest()
    assert not world.taken
    assert [one.post.id for one in await world.posts.missed()] == [posted.post.id]
    await world.outbox.send_now(posted.rows[0].operation.id)
    await world.outbox.settled(posted.rows[0].operation.id)
    assert world.taken == {("one", "planned"): 1}
    assert await world.posts.missed() == ()
    await world.close()
