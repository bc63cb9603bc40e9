"""Nothing leaves without approval: moves, words, second looks, restarts, kills at any commit."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.empty import empty
from tests.lives import Life
from tests.store import trainee
from tests.store.conftest import Clock
from tests.store.factories import MINUTE, NOW, batch, channel, mention
from workstation.domain.actions import Resolve
from workstation.domain.approval import (
    Ended,
    NotLookedError,
    NotWaitingError,
    TooEarlyError,
    Way,
    WordsChangedError,
)
from workstation.domain.cases import Case, Outcome, Status
from workstation.domain.channels import ChannelConfig
from workstation.domain.drafts import Draft
from workstation.domain.errors import MeridianError
from workstation.domain.outbox import Act, Operation, State
from workstation.store.store import Store

T = TypeVar("T")
WAIT = 10 * MINUTE
DECISIONS = ("approve", "own", "look", "reword", "back", "cancel", "withdraw", "now")
REPLY = Operation("op-1", Act.REPLY, "1", text="On its way!")


@pytest.fixture
async def case(store: Store, acme: ChannelConfig) -> Case:
    """A customer waits, and a trainee sits at the desk."""
    await store.approvals.require(True)
    return (await store.messages.accept(acme, batch(mention("1")))).cases[0]


async def written(store: Store, acme: ChannelConfig, case: Case, operation: Operation = REPLY) -> None:
    changes = await store.outbox.put(acme.id, operation, case=case.id, message=1)
    assert changes.outbox[0].state is State.WAITS


async def test_it_waits_across_restarts_until_somebody_approves(tmp_path: Path) -> None:
    clock = Clock()
    store = await Store.open(empty(tmp_path / "desk.sqlite3"), lambda _: None, clock=clock)
    acme = await store.channels.add(channel())
    await store.approvals.require(True)
    await store.outbox.put(acme.id, REPLY)
    await store.close()
    store = await Store.open(empty(tmp_path / "desk.sqlite3"), lambda _: None, clock=clock)
    assert await store.approvals.required()
    clock.now += 100 * WAIT
    assert await store.outbox.claim_next(clock.now, {acme.id}) is None
    assert await store.outbox.next_due() is None
    assert await store.outbox.send_now("op-1") is None
    assert [each.row.operation.id for each in await store.approvals.waiting()] == ["op-1"]
    changes = await store.approvals.approve("op-1", REPLY.text, Way.PERSON, wait=WAIT, undo=5)
    assert changes.outbox[0].state is State.QUEUED
    assert await store.outbox.claim_next(clock.now + 4, {acme.id}) is None
    claimed = await store.outbox.claim_next(clock.now + 5, {acme.id})
    assert claimed is not None
    await store.close()


async def test_reactions_do_not_wait(store: Store, acme: ChannelConfig, case: Case) -> None:
    await written(store, acme, case)
    changes = await store.outbox.put(acme.id, Operation("op-2", Act.FAVOURITE, "1"), case=case.id, message=1)
    assert changes.outbox[0].state is State.QUEUED
    claimed = await store.outbox.claim_next(NOW, {acme.id})
    assert claimed is not None
    assert claimed.operation.id == "op-2"


async def test_a_later_reply_does_not_overtake_what_waits(store: Store, acme: ChannelConfig, case: Case) -> None:
    await written(store, acme, case)
    await store.approvals.require(False)
    changes = await store.outbox.put(acme.id, Operation("op-2", Act.REPLY, "1", text="Later"), case=case.id, message=1)
    assert changes.outbox[0].state is State.QUEUED
    assert await store.outbox.claim_next(NOW, {acme.id}) is None


async def test_ones_own_words_need_time_and_a_look(store: Store, acme: ChannelConfig, case: Case, clock: Clock) -> None:
    await written(store, acme, case)

    async def own(text: str = REPLY.text) -> State:
        return (await store.approvals.approve("op-1", text, Way.LOOK, wait=WAIT, undo=0)).outbox[0].state

    with pytest.raises(TooEarlyError):
        await own()
    with pytest.raises(TooEarlyError):
        await store.approvals.looked("op-1", WAIT)
    clock.now += WAIT
    with pytest.raises(NotLookedError):
        await own()
    await store.approvals.looked("op-1", WAIT)
    await store.approvals.reword("op-1", REPLY.text, "On its way, sorry!")
    with pytest.raises(TooEarlyError):
        await own("On its way, sorry!")
    clock.now += WAIT
    await store.approvals.looked("op-1", WAIT)
    clock.now += 16 * MINUTE
    with pytest.raises(NotLookedError):
        await own("On its way, sorry!")
    await store.approvals.looked("op-1", WAIT)
    assert await own("On its way, sorry!") is State.QUEUED


async def test_what_is_approved_is_what_was_read(store: Store, acme: ChannelConfig, case: Case) -> None:
    await written(store, acme, case)
    await store.approvals.reword("op-1", REPLY.text, "Better")
    with pytest.raises(WordsChangedError):
        await store.approvals.approve("op-1", REPLY.text, Way.PERSON, wait=WAIT, undo=0)
    with pytest.raises(WordsChangedError):
        await store.approvals.reword("op-1", REPLY.text, "Other")
    (waiting,) = await store.approvals.waiting()
    assert (waiting.review.original, waiting.row.operation.text) == (REPLY.text, "Better")
    await store.approvals.approve("op-1", "Better", Way.PERSON, wait=WAIT, undo=0)
    claimed = await store.outbox.claim_next(NOW, {acme.id})
    assert claimed is not None
    assert claimed.operation.text == "Better"
    with pytest.raises(NotWaitingError):
        await store.approvals.reword("op-1", "Better", "Too late")


async def test_an_approval_can_be_taken_back_until_it_leaves(store: Store, acme: ChannelConfig, case: Case) -> None:
    await written(store, acme, case)
    await store.approvals.approve("op-1", REPLY.text, Way.PERSON, wait=WAIT, undo=5)
    assert await store.approvals.withdraw("op-1") is not None
    assert await store.outbox.claim_next(NOW + 10, {acme.id}) is None
    await store.approvals.approve("op-1", REPLY.text, Way.PERSON, wait=WAIT, undo=0)
    assert await store.outbox.claim_next(NOW + 10, {acme.id}) is not None
    assert await store.approvals.withdraw("op-1") is None


async def test_sent_back_it_is_a_draft_with_a_note(store: Store, acme: ChannelConfig, case: Case) -> None:
    await store.cases.execute(Resolve(operation="r", case=case.id, outcome=Outcome.ANSWERED))
    await written(store, acme, case)
    await store.drafts.save(case.id, Draft("Begun anew"))
    await store.approvals.send_back("op-1", "Too short", note="n-1")
    row = await store.outbox.get("op-1")
    assert row is not None
    assert row.state is State.CANCELLED
    draft = await store.drafts.load(case.id)
    assert draft is not None
    assert draft.text == "Begun anew\n\nOn its way!"
    assert [note.text for note in await store.cases.notes(case.id)] == ["Too short"]
    now = await store.cases.get(case.id)
    assert now is not None
    assert now.status is Status.OPEN
    timeline = [each.what for each in await store.cases.timeline(case.id)]
    assert timeline == ["opened", "resolve", "waits", "reopen", "add_note", "sent_back"]
    assert not any(each.detail.get("by") for each in await store.cases.timeline(case.id))
    (back,) = await store.approvals.ended()
    assert (back.review.ended, back.review.remark) == (Ended.SENT_BACK, "Too short")
    with pytest.raises(NotWaitingError):
        await store.approvals.approve("op-1", REPLY.text, Way.PERSON, wait=WAIT, undo=0)


async def test_a_post_sent_back_is_the_draft_of_its_channel(store: Store, acme: ChannelConfig, case: Case) -> None:
    del case
    await store.outbox.put(acme.id, Operation("p-1", Act.POST, text="Hello all"))
    await store.approvals.send_back("p-1", "", note="n-1")
    draft = await store.drafts.load(f"post:{acme.id}")
    assert draft is not None
    assert draft.text == "Hello all"


async def test_even_a_row_that_is_queued_by_mistake_does_not_leave(
    store: Store, acme: ChannelConfig, case: Case
) -> None:
    await written(store, acme, case)
    mistake = "UPDATE outbox SET state = 'queued'"
    await store.database.write(lambda transaction: transaction.connection.execute(mistake).rowcount)
    assert await store.outbox.claim_next(NOW, {acme.id}) is None


async def test_who_wrote_it_can_take_it_back(store: Store, acme: ChannelConfig, case: Case) -> None:
    await written(store, acme, case)
    assert await store.outbox.cancel("op-1") is not None
    assert await store.approvals.waiting() == ()
    with pytest.raises(NotWaitingError):
        await store.approvals.approve("op-1", REPLY.text, Way.PERSON, wait=WAIT, undo=0)


# -- at random ---------------------------------------------------------------------------------------------------------


class ApprovalMachine(RuleBasedStateMachine):
    """Everything in any order: what leaves was approved, word for word."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = Clock()
        self.must: dict[str, bool] = {}
        self.approved: dict[str, str] = {}
        self.left: dict[str, str] = {}
        self.is_held = False
        self.required = False

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "desk.sqlite3"
        self.store = self.run(Store.open(empty(self.path), lambda _: None, clock=self.clock))
        self.acme = self.run(self.store.channels.add(channel()))
        self.run(self.store.messages.accept(self.acme, batch(mention("1"))))

    @rule(text=st.text(max_size=5), act=st.sampled_from([Act.REPLY, Act.POST, Act.EDIT, Act.FAVOURITE]))
    def write(self, text: str, act: Act) -> None:
        name = f"op-{len(self.must)}"
        operation = Operation(name, act, "1", text=text)
        self.run(self.store.outbox.put(self.acme.id, operation, case=1 if act is Act.REPLY else 0, message=1))
        self.must[name] = self.required and act is not Act.FAVOURITE

    @rule(required=st.booleans())
    def require(self, required: bool) -> None:
        self.run(self.store.approvals.require(required))
        self.required = required

    @precondition(lambda self: self.must)
    @rule(data=st.data(), what=st.sampled_from(DECISIONS))
    def decide(self, data: st.DataObject, what: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.must)))
        approvals, outbox = self.store.approvals, self.store.outbox
        row = self.run(outbox.get(name))
        assert row is not None
        text = row.operation.text
        try:
            if what in ("approve", "own"):
                way = Way.PERSON if what == "approve" else Way.LOOK
                self.run(approvals.approve(name, text, way, wait=WAIT, undo=MINUTE))
                self.approved[name] = text
            elif what == "look":
                self.run(approvals.looked(name, WAIT))
            elif what == "reword":
                self.run(approvals.reword(name, text, text + "!"))
            elif what == "back":
                self.run(approvals.send_back(name, "why", note=f"n{name}{self.clock.now}"))
            elif what == "cancel":
                self.run(outbox.cancel(name))
            elif what == "withdraw":
                if self.run(approvals.withdraw(name)):
                    del self.approved[name]
            else:
                self.run(outbox.send_now(name))
        except MeridianError:
            return

    @rule()
    def hold(self) -> None:
        self.is_held = not self.is_held
        self.run(self.store.outbox.hold() if self.is_held else self.store.outbox.release())

    @rule(minutes=st.integers(1, 30))
    def wait(self, minutes: int) -> None:
        self.clock.now += minutes * MINUTE

    @rule(end=st.sampled_from([State.SENT, State.FAILED, State.UNKNOWN, State.QUEUED]))
    def send(self, end: State) -> None:
        row = self.run(self.store.outbox.claim_next(self.clock.now, {self.acme.id}))
        if row is None:
            return
        name = row.operation.id
        assert not self.is_held
        assert not self.must[name] or self.approved.get(name) == row.operation.text
        self.left[name] = row.operation.text
        self.run(self.store.outbox.settle(row.id, end, remote_id=f"r-{name}" if end is State.SENT else ""))

    @rule()
    def restart(self) -> None:
        self.run(self.store.close())
        self.store = self.run(Store.open(empty(self.path), lambda _: None, clock=self.clock))

    @invariant()
    def what_waits_is_open(self) -> None:
        if not hasattr(self, "store"):
            return
        for row in self.run(self.store.outbox.list()):
            name = row.operation.id
            if row.state is State.WAITS:
                assert self.must[name]
                assert name not in self.approved
            elif row.state is not State.CANCELLED and self.must[name]:
                assert self.approved[name] == row.operation.text

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.run(self.store.close())
            self.folder.cleanup()
        self.loop.close()


ApprovalMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestApproval = ApprovalMachine.TestCase


# -- killed ------------------------------------------------------------------------------------------------------------

PLACES = [(count, when) for count in (3, 5, 6, 8, 11) for when in ("before", "after")]


@pytest.mark.parametrize(("count", "when"), PLACES)
def test_killed_at_a_commit_nothing_has_left_without_approval(tmp_path: Path, count: int, when: str) -> None:
    path = tmp_path / "desk.sqlite3"
    killed, sent = life(path, count, when)
    assert killed
    for _again in range(2):
        check(path, sent)
        _killed, more = life(path, 1_000, "before")
        sent += more
    check(path, sent)
    assert sent


def life(path: Path, count: int, when: str) -> tuple[bool, list[str]]:
    """One life of a desk with a trainee: whether it was killed, and what it handed to the network."""
    begun = Life(trainee.begin, path, count, after=when == "after")
    sent = list(begun.listen())
    return begun.end(), sent


def check(path: Path, sent: list[str]) -> None:
    """Everything handed to the network was approved before, in these words."""
    if not path.exists():
        assert not sent
        return
    connection = sqlite3.connect(path)
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if "reviews" in tables:
        rows = connection.execute(
            "SELECT o.operation, o.text, o.state, r.ended FROM outbox AS o LEFT JOIN reviews AS r"
            " ON r.operation = o.operation"
        ).fetchall()
        approved = {f"{name} {text}" for name, text, _state, ended in rows if ended == "approved"}
        assert set(sent) <= approved
        assert all(ended is not None for *_rest, ended in rows)
        assert all(ended == "approved" for *_rest, state, ended in rows if state not in ("waits", "cancelled"))
    connection.close()
