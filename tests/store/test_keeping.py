"""What goes by itself after its time, what a legal hold keeps, and evidence that shows when it was touched."""

import json
from pathlib import Path

import pytest

from tests.store.conftest import Clock
from tests.store.factories import DAY, NOW, author, batch, mention, message
from workstation.domain.actions import AddNote, Resolve
from workstation.domain.cases import Case, Outcome
from workstation.domain.channels import ChannelConfig
from workstation.domain.drafts import Draft
from workstation.domain.outbox import Act, Operation
from workstation.domain.privacy import Verified
from workstation.store.database import Transaction
from workstation.store.evidence import KEPT, canonical, digest_of, link_of, verify
from workstation.store.store import Store


async def solved(store: Store, acme: ChannelConfig, number: int, text: str = "thanks") -> Case:
    """A customer's case, solved now."""
    said = mention(f"m{number}", text, author=author(number))
    case = (await store.messages.accept(acme, batch(said))).cases[0]
    await store.cases.execute(Resolve(operation=f"r{number}", case=case.id, outcome=Outcome.ANSWERED))
    return case


async def test_retention_takes_solved_cases_after_their_time(store: Store, acme: ChannelConfig, clock: Clock) -> None:
    old = await solved(store, acme, 1)
    held = await solved(store, acme, 2)
    by_person = await solved(store, acme, 3)
    waiting = await solved(store, acme, 6)
    await store.outbox.put(acme.id, Operation("w", Act.REPLY, "m6", text="soon"), case=waiting.id, not_before=10**18)
    opened = (await store.messages.accept(acme, batch(mention("m4", author=author(4)), message("p")))).cases[0]
    clock.now += 20 * DAY
    young = await solved(store, acme, 5)
    await store.retention.hold("court", case=held.id)
    await store.retention.hold("court", author=by_person.customer)
    clock.now += 11 * DAY
    expiring = await store.retention.expiring(acme.id, 30)
    assert (expiring.cases, expiring.messages, expiring.held) == (1, 1, 2)
    assert expiring.oldest == NOW
    await store.retention.set_days(acme.id, 30)
    assert await store.retention.step(acme.id, 30) == 1
    assert await store.retention.step(acme.id, 30) == 0
    (rule,) = await store.retention.rules()
    assert (rule.days, rule.ran_at) == (30, clock.now)
    assert await store.cases.get(old.id) is None
    assert await store.messages.by_remote(acme.id, "m1") is None
    for case in (held, by_person, opened, young, waiting):
        assert await store.cases.get(case.id) is not None
    assert await store.messages.by_remote(acme.id, "p") is not None
    await store.messages.accept(acme, batch(mention("m1", author=author(1))))
    assert await store.messages.by_remote(acme.id, "m1") is None, "a catch-up does not bring it back"
    await store.messages.accept(acme, batch(mention("new", author=author(1))))
    assert await store.messages.by_remote(acme.id, "new") is not None, "who wrote it is welcome"
    await store.retention.set_days(acme.id, 0)
    assert await store.retention.rules() == ()


async def test_retention_goes_in_small_steps(store: Store, acme: ChannelConfig, clock: Clock) -> None:
    for number in range(50):
        await solved(store, acme, number)
    clock.now += 31 * DAY
    steps = []
    while count := await store.retention.step(acme.id, 30):
        steps.append(count)
    assert steps == [20, 20, 10]


async def test_a_hold_has_one_reason_and_names_whom_it_is_about(store: Store, acme: ChannelConfig) -> None:
    case = await solved(store, acme, 1)
    await store.retention.hold("first", case=case.id)
    await store.retention.hold("second", case=case.id)
    await store.retention.hold("person", author=case.customer)
    held = await store.retention.holds()
    assert [(hold.reason, hold.who) for hold in held] == [
        ("person", "customer1@example.org"),
        ("second", "customer1@example.org"),
    ]
    for hold in held:
        await store.retention.lift(hold.id)
    assert await store.retention.holds() == ()


async def block(store: Store, acme: ChannelConfig, number: int) -> None:
    await store.messages.accept(acme, batch(mention(f"m{number}", f"rude {number}", author=author(number))))
    found = await store.messages.by_remote(acme.id, f"m{number}")
    assert found is not None
    done = Operation(f"o{number}", Act.BLOCK, f"m{number}", f"a{number}", options={"comment": "rude"})
    await store.outbox.put(acme.id, done, message=found.message.id, case=found.message.case)
    await store.outbox.put(acme.id, done, message=found.message.id)  # the same again takes no second snapshot


async def test_a_snapshot_holds_what_was_there_before(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, batch(mention("m1", "first", author=author(1))))
    await store.messages.accept(acme, batch(mention("m1", "edited", author=author(1), edited_at=NOW + 1)))
    found = await store.messages.by_remote(acme.id, "m1")
    assert found is not None
    await store.outbox.put(acme.id, Operation("f", Act.FAVOURITE, "m1"), message=found.message.id)
    await store.outbox.put(acme.id, Operation("d", Act.REPORT, "m1", options={"comment": "x"}))
    (taken,) = await store.evidence.list()
    body = json.loads(taken.body)
    assert canonical(body) == taken.body
    assert digest_of(taken.body) == taken.digest
    assert taken.link == link_of("", taken.digest)
    assert (body["message"]["text"], body["revisions"][0]["text"]) == ("edited", "first")
    assert body["author"]["handle"] == "customer1@example.org"
    assert body["options"] == {"comment": "x"}
    assert taken.expires_at - taken.at == KEPT


async def test_the_chain_shows_every_change(store: Store, acme: ChannelConfig, tmp_path: Path) -> None:
    for number in range(1, 5):
        await block(store, acme, number)
    assert await store.evidence.verify() == Verified(4)
    for change, broken in (
        ("UPDATE evidence SET body = replace(body, 'rude 2', 'nice 2') WHERE id = 2", 2),
        ("UPDATE evidence SET body = '' WHERE id = 3", 3),
        ("DELETE FROM evidence WHERE id = 2", 3),
        ("UPDATE evidence SET digest = 'x', link = 'x' WHERE id = 1", 1),
    ):
        spoiled: list[int] = []

        def spoil(transaction: Transaction, change: str = change, spoiled: list[int] = spoiled) -> None:
            connection = transaction.connection
            kept = connection.execute("SELECT * FROM evidence").fetchall()
            connection.execute(change)
            spoiled.append(verify(connection).broken)
            connection.execute("DELETE FROM evidence")
            marks = ", ".join("?" * len(kept[0]))
            connection.executemany(f"INSERT INTO evidence VALUES ({marks})", kept)  # noqa: S608

        await store.database.write(spoil)
        assert spoiled == [broken], change
    assert not (await store.evidence.verify()).broken


async def test_snapshots_expire_unless_they_are_held(store: Store, acme: ChannelConfig, clock: Clock) -> None:
    for number in (1, 2, 3):
        await block(store, acme, number)
    second = await store.messages.by_remote(acme.id, "m2")
    third = await store.messages.by_remote(acme.id, "m3")
    assert second is not None
    assert third is not None
    await store.retention.hold("court", case=second.message.case)
    await store.retention.hold("court", author=third.message.author.id)
    clock.now += KEPT
    assert await store.evidence.expire() == 1
    rows = await store.evidence.list()
    assert [(row.gone, bool(row.body)) for row in rows] == [("", True), ("", True), ("expired", False)]
    assert not (await store.evidence.verify()).broken
    await store.evidence.set_days(5)
    await block(store, acme, 4)
    (newest, *_) = await store.evidence.list()
    assert newest.expires_at - newest.at == await store.evidence.days() * DAY == 5 * DAY


@pytest.mark.parametrize("key", ["case", "reply"])
async def test_drafts_of_what_was_erased_are_refused(store: Store, acme: ChannelConfig, key: str) -> None:
    case = (await store.messages.accept(acme, batch(mention("m1")))).cases[0]
    found = await store.messages.by_remote(acme.id, "m1")
    assert found is not None
    name = case.id if key == "case" else f"reply:{found.message.id}"
    await store.drafts.save(name, Draft("x"))
    await store.cases.execute(AddNote(operation="n", case=case.id, text="y"))
    await store.messages.erase([found.message.id])
    assert await store.drafts.load(name) is None
    await store.drafts.save(name, Draft("again"))
    assert await store.drafts.load(name) is None
