"""The outbox: durable before the first byte, one attempt at a time, and every order of answer and echo."""

import pytest

from tests.store.conftest import Clock
from tests.store.factories import MINUTE, NOW, OWN, batch, mention, message
from workstation.domain.cases import Case, Status
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import NotAllowedError
from workstation.domain.filters import Filter
from workstation.domain.messages import Mark
from workstation.domain.outbox import Act, Operation, Outgoing, State
from workstation.store.store import Store

REPLY = Operation("op-1", Act.REPLY, "1", text="On its way!")


@pytest.fixture
async def case(store: Store, acme: ChannelConfig) -> Case:
    """A customer waits."""
    return (await store.messages.accept(acme, batch(mention("1")))).cases[0]


async def sending(store: Store, acme: ChannelConfig, case: Case, operation: Operation = REPLY) -> Outgoing:
    await store.outbox.put(acme.id, operation, case=case.id, message=1)
    claimed = await store.outbox.claim_next(NOW, {acme.id})
    assert claimed is not None
    assert claimed.state is State.SENDING
    return claimed


async def answered(store: Store, case: Case) -> None:
    """The reply is there once, the case counts it once."""
    after = await store.cases.get(case.id)
    assert after is not None
    assert (after.status, after.waiting_since) == (Status.PENDING, 0)
    thread = await store.messages.thread(case=case.id)
    assert [(e.message.remote_id, e.message.own, e.message.case) for e in thread] == [
        ("1", False, case.id),
        ("2", True, case.id),
    ]
    assert [each.what for each in await store.cases.timeline(case.id)].count("replied") == 1
    (row,) = await store.outbox.list()
    assert (row.state, row.remote_id) == (State.SENT, "2")
    assert all(not each.missing for each in await store.messages.ledger())


ECHO = {"own": True, "reply_to": "1", "created_at": NOW + 3}


async def test_an_answer_then_its_echo(store: Store, acme: ChannelConfig, case: Case) -> None:
    claimed = await sending(store, acme, case)
    changes = await store.outbox.settle(claimed.id, State.SENT, remote_id="2", address="https://x/2", author=OWN)
    assert changes.origin == "op-1"
    assert changes.outbox[0].state is State.SENT
    assert changes.cases[0].status is Status.PENDING
    echoed = await store.messages.accept(acme, batch(message("2", "On its way!!", **ECHO), source="home"))
    assert not echoed.added
    assert echoed.messages[0].revision == 0
    assert echoed.messages[0].text == "On its way!!"
    await answered(store, case)


async def test_an_echo_then_the_answer(store: Store, acme: ChannelConfig, case: Case) -> None:
    claimed = await sending(store, acme, case)
    await store.messages.accept(acme, batch(message("2", "On its way!", **ECHO), source="home"))
    await store.outbox.settle(claimed.id, State.SENT, remote_id="2", author=OWN)
    await answered(store, case)


async def test_the_answer_brings_the_echo(store: Store, acme: ChannelConfig, case: Case) -> None:
    claimed = await sending(store, acme, case)
    echo = batch(message("2", "On its way!", **ECHO), source="outbox")
    await store.outbox.settle(claimed.id, State.SENT, remote_id="2", echo=echo, author=OWN)
    await store.messages.accept(acme, batch(message("2", "On its way!", **ECHO), source="home"))
    await answered(store, case)


@pytest.mark.parametrize("afterwards", [State.SENT, State.UNKNOWN, State.FAILED])
async def test_an_echo_with_our_operation_is_proof(
    store: Store, acme: ChannelConfig, case: Case, afterwards: State
) -> None:
    claimed = await sending(store, acme, case)
    changes = await store.messages.accept(
        acme, batch(message("2", "On its way!", operation="op-1", **ECHO), source="home")
    )
    assert changes.outbox[0].state is State.SENT
    await store.outbox.settle(claimed.id, afterwards, remote_id="2" if afterwards is State.SENT else "")
    await answered(store, case)


async def test_what_was_being_sent_when_the_process_died_is_unknown(
    store: Store, acme: ChannelConfig, case: Case
) -> None:
    claimed = await sending(store, acme, case)
    changes = await store.outbox.recover()
    assert changes is not None
    assert [(row.state, row.error) for row in changes.outbox] == [(State.UNKNOWN, "ambiguous")]
    assert await store.outbox.recover() is None
    assert await store.outbox.claim_next(NOW + MINUTE, {acme.id}) is None
    with pytest.raises(NotAllowedError):
        await store.outbox.settle(claimed.id, State.FAILED)
    await store.outbox.settle(claimed.id, State.SENT, remote_id="2", author=OWN)
    await answered(store, case)


async def test_the_undo_window(store: Store, acme: ChannelConfig, clock: Clock) -> None:
    await store.outbox.put(acme.id, REPLY, not_before=NOW + 5)
    assert await store.outbox.next_due() == NOW + 5
    assert await store.outbox.claim_next(NOW + 4, {acme.id}) is None
    assert await store.outbox.claim_next(NOW + 5, set()) is None
    cancelled = await store.outbox.cancel("op-1")
    assert cancelled is not None
    assert cancelled.outbox[0].state is State.CANCELLED
    assert await store.outbox.cancel("op-1") is None
    assert await store.outbox.next_due() is None
    assert await store.outbox.claim_next(NOW + 5, {acme.id}) is None


async def test_taken_for_sending_is_too_late_to_cancel(store: Store, acme: ChannelConfig, case: Case) -> None:
    await sending(store, acme, case)
    assert await store.outbox.cancel("op-1") is None
    assert await store.outbox.send_now("op-1") is None


async def test_putting_twice_is_one_row(store: Store, acme: ChannelConfig) -> None:
    await store.outbox.put(acme.id, REPLY)
    await store.outbox.put(acme.id, REPLY)
    assert len(await store.outbox.list([State.QUEUED])) == 1


async def test_the_hold_stops_everything_and_is_remembered(store: Store, acme: ChannelConfig) -> None:
    await store.outbox.put(acme.id, REPLY)
    await store.outbox.hold()
    assert await store.outbox.held()
    assert await store.outbox.claim_next(NOW, {acme.id}) is None
    await store.outbox.release()
    assert not await store.outbox.held()
    assert await store.outbox.claim_next(NOW, {acme.id}) is not None


async def test_within_a_case_nothing_overtakes(store: Store, acme: ChannelConfig, case: Case) -> None:
    first = await sending(store, acme, case)
    await store.outbox.put(acme.id, Operation("op-2", Act.REPLY, "1", text="and more"), case=case.id)
    await store.outbox.put(acme.id, Operation("op-3", Act.FAVOURITE, "9"))
    other = await store.outbox.claim_next(NOW, {acme.id})
    assert other is not None
    assert other.operation.id == "op-3"
    assert await store.outbox.claim_next(NOW, {acme.id}) is None
    await store.outbox.settle(first.id, State.QUEUED, error="transient", not_before=NOW + 9)
    assert await store.outbox.claim_next(NOW, {acme.id}) is None
    again = await store.outbox.claim_next(NOW + 9, {acme.id})
    assert again is not None
    assert (again.operation.id, again.attempts) == ("op-1", 2)


async def test_a_refusal_is_kept_with_its_reason(store: Store, acme: ChannelConfig, case: Case) -> None:
    claimed = await sending(store, acme, case)
    await store.outbox.settle(claimed.id, State.FAILED, error="too_long", detail={"used": 900, "limit": 500})
    row = await store.outbox.get("op-1")
    assert row is not None
    assert (row.state, row.error, row.detail) == (State.FAILED, "too_long", {"used": 900, "limit": 500})
    waiting = await store.cases.get(case.id)
    assert waiting is not None
    assert waiting.status is Status.NEW


@pytest.mark.parametrize(
    ("act", "marks"), [(Act.FAVOURITE, (Mark.FAVOURITED,)), (Act.BOOST, (Mark.BOOSTED,)), (Act.UNFAVOURITE, ())]
)
async def test_acts_leave_their_mark(
    store: Store, acme: ChannelConfig, case: Case, act: Act, marks: tuple[Mark, ...]
) -> None:
    claimed = await sending(store, acme, case, Operation("op-1", act, "1"))
    changes = await store.outbox.settle(claimed.id, State.SENT)
    assert [each.marks for each in changes.messages] == [marks]


async def test_editing_and_deleting_our_own(store: Store, acme: ChannelConfig, case: Case) -> None:
    await store.messages.accept(acme, batch(message("7", "tpyo", own=True), source="home"))
    edit = await sending(store, acme, case, Operation("op-1", Act.EDIT, "7", text="typo"))
    changes = await store.outbox.settle(edit.id, State.SENT, remote_id="7")
    assert [(each.text, each.revision) for each in changes.messages] == [("typo", 1)]
    delete = await sending(store, acme, case, Operation("op-2", Act.DELETE, "7"))
    changes = await store.outbox.settle(delete.id, State.SENT)
    assert changes.messages[0].deleted_at == NOW
    assert not (await store.search.find("typo ")).entries


async def test_a_new_post_becomes_a_message(store: Store, acme: ChannelConfig) -> None:
    await store.outbox.put(acme.id, Operation("op-1", Act.POST, text="We are closed on Monday"))
    claimed = await store.outbox.claim_next(NOW, {acme.id})
    assert claimed is not None
    await store.outbox.settle(claimed.id, State.SENT, remote_id="5", author=OWN)
    (entry,) = (await store.messages.page(Filter())).entries
    assert (entry.message.own, entry.message.remote_id, entry.case) == (True, "5", None)
