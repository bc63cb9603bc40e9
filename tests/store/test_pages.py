"""Pages by key: every order is gapless and stable, and the usual columns never sort a whole table."""

import sqlite3
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.empty import empty
from tests.store.factories import MINUTE, NOW, author, batch, mention, message
from workstation.domain.actions import ChangeTags, Resolve
from workstation.domain.cases import Entry, Outcome
from workstation.domain.channels import ChannelConfig
from workstation.domain.filters import Context, Filter, parse
from workstation.store import pages
from workstation.store.database import Transaction
from workstation.store.pages import COMMON, COUNTED, Key, Order, key_of
from workstation.store.rows import QUEUE, STREAM
from workstation.store.store import Store


async def everything(store: Store, text: str, queue: bool, order: Order | None, limit: int) -> list[Entry]:
    seen: list[Entry] = []
    before: Key | None = None
    while True:
        page = await store.messages.page(parse(text), queue=queue, before=before, limit=limit, order=order)
        seen += page.entries
        before = page.next
        if before is None:
            return seen


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    times=st.lists(st.integers(0, 3), min_size=1, max_size=12),
    order=st.sampled_from([None, *Order]),
    queue=st.booleans(),
    limit=st.integers(1, 5),
)
async def test_pages_join_without_gap_or_overlap(
    store: Store, acme: ChannelConfig, times: list[int], order: Order | None, queue: bool, limit: int
) -> None:
    for place, at in enumerate(times):
        writer = author(place % 3)
        await store.messages.accept(acme, batch(mention(author=writer, created_at=NOW + at)))
    solved = await everything(store, "is:new", True, None, 100)
    if len(solved) > 4 and solved[0].case:
        await store.cases.execute(Resolve(operation="o", case=solved[0].case.id, outcome=Outcome.ANSWERED))
    paged = await everything(store, "", queue, order, limit)
    whole = await everything(store, "", queue, order, 10_000)
    assert paged == whole
    assert len(whole) == await store.messages.count(Filter(), queue=queue)
    keys = [key_of(entry, queue=queue, order=order) for entry in whole]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def prioritise(transaction: Transaction, case: int, priority: int) -> None:
    """No command gives a priority yet; the order knows of it all the same."""
    transaction.connection.execute("UPDATE cases SET priority = ? WHERE id = ?", (priority, case))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    customers=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()), min_size=1, max_size=9),
    order=st.sampled_from([None, *Order]),
    queue=st.booleans(),
    limit=st.integers(1, 5),
)
async def test_what_stands_above_a_row_is_what_comes_before_it_in_the_whole(
    tmp_path_factory: pytest.TempPathFactory,
    customers: list[tuple[int, int, bool]],
    order: Order | None,
    queue: bool,
    limit: int,
) -> None:
    store = await Store.open(empty(tmp_path_factory.mktemp("desk") / "desk.sqlite3"), lambda _: None, clock=lambda: NOW)
    try:
        acme = await store.channels.add(ChannelConfig(0, "mastodon", "Acme"))
        for number, (at, priority, solved) in enumerate(customers):
            said = mention(f"{number}-1", author=author(number), created_at=NOW + at)
            (case,) = (await store.messages.accept(acme, batch(said))).cases
            await store.database.write(partial(prioritise, case=case.id, priority=priority))
            if solved:
                await store.cases.execute(Resolve(operation=f"r{number}", case=case.id, outcome=Outcome.ANSWERED))
        whole = await everything(store, "-tag:none", queue, order, 1_000)
        for place, entry in enumerate(whole):
            above = await store.messages.page(
                parse("-tag:none"), queue=queue, after=key_of(entry, queue=queue, order=order), limit=limit, order=order
            )
            assert list(above.entries) == whole[:place][-limit:]
    finally:
        await store.close()


async def test_who_waits_longest_comes_first_and_who_does_not_wait_last(store: Store, acme: ChannelConfig) -> None:
    ages = {"young": 1, "old": 9, "solved": 5}
    for number, (name, age) in enumerate(ages.items()):
        await store.messages.accept(acme, batch(mention(name, author=author(number), created_at=NOW - age * MINUTE)))
    (entry,) = [e for e in await everything(store, "", True, None, 9) if e.message.remote_id == "solved"]
    assert entry.case is not None
    await store.cases.execute(Resolve(operation="o", case=entry.case.id, outcome=Outcome.ANSWERED))
    assert [e.message.remote_id for e in await everything(store, "", True, None, 9)] == ["old", "young", "solved"]


async def test_a_page_says_as_of_which_change(store: Store, acme: ChannelConfig) -> None:
    changes = await store.messages.accept(acme, batch(message("1")))
    assert (await store.messages.page(Filter())).sequence == changes.sequence


async def test_counting_stops(store: Store, acme: ChannelConfig) -> None:
    await store.messages.accept(acme, batch(*(message(f"c{n}") for n in range(COUNTED + 5))))
    assert await store.messages.count(Filter()) == COUNTED + 1
    assert await store.messages.count(parse("nowhere")) == 0


def steps(connection: sqlite3.Connection, queue: bool, rest: str, values: tuple[str | int, ...]) -> str:
    """How SQLite would walk."""
    query = f"EXPLAIN QUERY PLAN SELECT m.id FROM {QUEUE if queue else STREAM} {rest} LIMIT 200"  # noqa: S608 - ours
    return " | ".join(row[3] for row in connection.execute(query, values))


USUAL = [
    ("", False),
    ("channel:acme", False),
    ("kind:mention", False),
    ("is:deleted", False),
    ("is:own", False),
    ("is:unanswered", False),
    ("source:mentions", False),
    ("after:-1d", False),
    ("tag:common", False),
    ("channel:acme -is:own lang:de", False),
    ("", True),
    ("channel:acme", True),
    ("is:new", True),
    ("is:unanswered -is:snoozed", True),
    ("-is:solved", True),
    ("tag:common", True),
    ("priority:>=1", True),
]


@pytest.mark.parametrize(("text", "queue"), USUAL)
async def test_usual_columns_walk_an_index(store: Store, acme: ChannelConfig, text: str, queue: bool) -> None:
    context = Context({"acme": acme.id}, NOW)
    common = frozenset({"common"})
    key = (0, 0, 0) if queue else (0, 0)
    for before, after in ((None, None), (key, None), (None, key)):
        rest, values = pages.statement(parse(text), context, queue=queue, before=before, after=after, common=common)
        plan = await store.database.read(partial(steps, queue=queue, rest=rest, values=values))
        assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize(
    ("text", "queue", "index"),
    [
        ("tag:rare", True, "case_tags"),
        ("tag:rare", False, "messages_case"),
        ("is:mine", True, "cases_mine"),
        ("author:ada", False, "messages_author"),
    ],
)
async def test_rare_things_are_started_from(store: Store, text: str, queue: bool, index: str) -> None:
    rest, values = pages.statement(parse(text), Context({}, NOW), queue=queue)
    plan = await store.database.read(partial(steps, queue=queue, rest=rest, values=values))
    assert index in plan


async def test_a_tag_of_very_many_cases_is_found_to_be_common(store: Store, acme: ChannelConfig) -> None:
    many = (mention(author=author(n)) for n in range(COMMON + 1))
    changes = await store.messages.accept(acme, batch(*many))
    await store.cases.execute_many([ChangeTags(operation="o", case=c.id, add=("wave",)) for c in changes.cases])
    tagged = await everything(store, "tag:wave", True, None, 500)
    assert len(tagged) == COMMON + 1
    assert tagged == await everything(store, "", True, None, 500)
