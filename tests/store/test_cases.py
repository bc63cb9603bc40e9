"""Commands on stored cases: versions, inverses, claims, notes, alarms, timelines."""

import pytest

from tests.store.conftest import Clock
from tests.store.factories import MINUTE, NOW, author, batch, channel, mention, message
from workstation.domain.actions import AddNote, ChangeTags, Claim, Promise, Release, Resolve, Snooze
from workstation.domain.cases import Case, Holder, Outcome, Status
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import NotAllowedError, NotFoundError, StaleError
from workstation.domain.filters import parse
from workstation.store.store import Store

TOKEN = "ab" * 16


@pytest.fixture
async def case(store: Store, acme: ChannelConfig) -> Case:
    """One new case."""
    return (await store.messages.accept(acme, batch(mention("1")))).cases[0]


async def test_claiming_keeps_a_token_here_and_a_hash_for_the_store(store: Store, case: Case) -> None:
    changes, inverse = await store.cases.execute(Claim(operation="o", case=case.id, token=TOKEN))
    assert (changes.cases[0].holder, changes.cases[0].status) == (Holder.MINE, Status.OPEN)
    assert await store.cases.token(case.id) == TOKEN
    assert inverse is not None
    await store.cases.execute(inverse)
    after = await store.cases.get(case.id)
    assert after is not None
    assert (after.holder, after.status) == (Holder.FREE, Status.NEW)
    assert not await store.cases.token(case.id)


async def test_undoing_a_release_claims_again_with_the_same_token(store: Store, case: Case) -> None:
    await store.cases.execute(Claim(operation="o", case=case.id, token=TOKEN))
    _, inverse = await store.cases.execute(Release(operation="p", case=case.id))
    assert not await store.cases.token(case.id)
    assert inverse is not None
    await store.cases.execute(inverse)
    assert await store.cases.token(case.id) == TOKEN


async def test_a_stale_command_changes_nothing(store: Store, case: Case) -> None:
    await store.cases.execute(ChangeTags(operation="o", case=case.id, add=("Refund",)))
    before = await store.cases.get(case.id)
    with pytest.raises(StaleError):
        await store.cases.execute(Promise(operation="p", case=case.id, version=case.version, due_at=NOW))
    with pytest.raises(NotFoundError):
        await store.cases.execute(Promise(operation="p", case=999, due_at=NOW))
    assert await store.cases.get(case.id) == before


async def test_many_commands_are_all_or_none(store: Store, acme: ChannelConfig, case: Case) -> None:
    other = (await store.messages.accept(acme, batch(mention("2", author=author(2))))).cases[0]
    good = [Resolve(operation=str(n), case=n, outcome=Outcome.NO_REPLY_NEEDED) for n in (case.id, other.id)]
    with pytest.raises(NotAllowedError):
        await store.cases.execute_many([*good, good[0]])
    assert await store.messages.count(parse("is:solved"), queue=True) == 0
    changes, inverses = await store.cases.execute_many(good)
    assert {each.status for each in changes.cases} == {Status.SOLVED}
    await store.cases.execute_many([inverse for inverse in inverses if inverse is not None])
    assert await store.messages.count(parse("is:new"), queue=True) == 2


async def test_tags_are_found_counted_and_taken_back(store: Store, case: Case) -> None:
    await store.cases.execute(ChangeTags(operation="o", case=case.id, add=("Refund", "vip")))
    _, inverse = await store.cases.execute(ChangeTags(operation="p", case=case.id, add=("late",), remove=("VIP",)))
    assert await store.cases.tags() == (("late", 1), ("refund", 1))
    assert await store.kpi.topics(0) == (("late", 1), ("refund", 1))
    assert inverse is not None
    await store.cases.execute(inverse)
    assert await store.cases.tags() == (("refund", 1), ("vip", 1))


async def test_a_note_and_taking_it_back(store: Store, case: Case) -> None:
    _, inverse = await store.cases.execute(AddNote(operation="n1", case=case.id, text="called back"))
    await store.cases.execute(AddNote(operation="n2", case=case.id, text="left a message"))
    assert [note.text for note in await store.cases.notes(case.id)] == ["called back", "left a message"]
    assert inverse is not None
    with pytest.raises(StaleError):
        await store.cases.execute(inverse)
    after = await store.cases.get(case.id)
    assert after is not None
    assert after.notes == 2


async def test_snoozed_cases_wake_by_the_clock(store: Store, case: Case, clock: Clock) -> None:
    await store.cases.execute(Snooze(operation="o", case=case.id, until=NOW + MINUTE))
    assert await store.cases.next_alarm() == NOW + MINUTE
    assert await store.cases.sweep(NOW + MINUTE - 1) is None
    woken = await store.cases.sweep(NOW + MINUTE)
    assert woken is not None
    assert woken.cases[0].status is Status.OPEN
    assert await store.cases.next_alarm() is None


async def test_the_timeline_tells_what_but_not_by_whom(store: Store, case: Case) -> None:
    await store.cases.execute(Claim(operation="o", case=case.id, token=TOKEN))
    await store.cases.execute(AddNote(operation="n", case=case.id, text="secret words"))
    await store.cases.execute(Resolve(operation="p", case=case.id, outcome=Outcome.ESCALATED))
    found = await store.cases.timeline(case.id)
    assert [each.what for each in found] == ["opened", "claim", "add_note", "resolve"]
    assert found[-1].detail == {"outcome": "escalated"}
    assert TOKEN not in repr(found)
    assert "secret" not in repr(found)


async def test_a_stream_message_can_be_taken_up_by_hand(store: Store, acme: ChannelConfig) -> None:
    changes = await store.messages.accept(acme, batch(message("1"), message("2", own=True)))
    number, own = sorted(changes.added)
    changes, opened = await store.cases.open(number)
    assert changes.cases == (opened,)
    assert changes.messages[0].case == opened.id
    assert (await store.cases.open(number))[1].id == opened.id
    with pytest.raises(NotFoundError):
        await store.cases.open(own)


async def test_the_customers_other_cases(store: Store, acme: ChannelConfig, case: Case) -> None:
    elsewhere = await store.channels.add(channel("Other"))
    second = (await store.messages.accept(elsewhere, batch(mention("9")))).cases[0]
    await store.messages.accept(acme, batch(mention("5", author=author(2))))
    assert await store.cases.others(case.id) == (second,)
    await store.cases.execute(Resolve(operation="o", case=second.id, outcome=Outcome.ANSWERED))
    assert await store.cases.others(case.id) == ()


async def test_the_queue_in_figures(store: Store, acme: ChannelConfig, clock: Clock) -> None:
    ages = (5, 30, 100, 600, 3_000, 4_000)
    asked = (
        mention(str(n), author=author(n), created_at=NOW - age * MINUTE, language="de" if n else "")
        for n, age in enumerate(ages)
    )
    await store.messages.accept(acme, batch(*asked))
    assert await store.kpi.backlog() == (1, 1, 1, 1, 2)
    (oldest,) = await store.kpi.oldest()
    assert oldest.message.remote_id == "5"
    assert oldest.case is not None
    await store.cases.execute(Snooze(operation="o", case=oldest.case.id, until=NOW + MINUTE))
    assert await store.kpi.backlog() == (1, 1, 1, 1, 1)
    assert [(row.language, row.count) for row in await store.kpi.waiting()] == [("de", 4), ("", 1)]
