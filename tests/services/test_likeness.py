"""Near duplicates: groups as they come, measured on waves whose truth is known."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.waves import f1, post, stream
from tests.empty import empty
from tests.services.parts import START, SetClock, batch
from workstation.domain.actions import Prioritise, Resolve
from workstation.domain.cases import Entry, Outcome
from workstation.domain.changes import ChangeSet
from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import Author, IncomingMessage, Kind
from workstation.services.actions import Actions, operation
from workstation.services.alike import AlikeModel
from workstation.services.columns import Columns, ColumnSpec
from workstation.services.feed import Feed
from workstation.services.likeness import Likeness, essence
from workstation.services.pages import StorePages
from workstation.store.store import Store


@pytest.mark.parametrize("seed", range(4))
def test_pairs_of_a_wave_are_found(seed: int) -> None:
    posts, likeness = stream(seed), Likeness()
    truth: dict[int, list[int]] = {}
    for number, (wave, text) in enumerate(posts, start=1):
        truth.setdefault(wave, []).append(number)
        likeness.put(number, text)
    score = f1(truth.values(), likeness.groups())
    assert score >= 0.98, score


def test_what_is_not_said_does_not_count() -> None:
    assert essence("@acme My ORDER 4711 is late!!! https://t.co/x1 😡") == "my order 0 is late"
    likeness = Likeness()
    assert likeness.put(1, "@a Where is my order 4711?") == likeness.put(2, "where is my ORDER 98 @b https://x.yz/1")
    assert likeness.put(3, "thanks") != likeness.put(4, "thanks a lot")
    assert likeness.put(5, "😡😡") != likeness.put(6, "😡😡")


SAID = st.sampled_from(["alpha beta gamma delta", "wholly other words here", "alpha beta gamma delt", "", "x"])


@given(st.lists(st.tuples(st.integers(1, 12), SAID | st.none())))
def test_groups_hold_everybody_once_and_forget_whom_they_lost(steps: list[tuple[int, str | None]]) -> None:
    likeness, known = Likeness(), set[int]()
    for ident, text in steps:
        if text is None:
            likeness.remove(ident)
            known.discard(ident)
        else:
            likeness.put(ident, text)
            known.add(ident)
        counted = Counter(member for group in likeness.groups() for member in group)
        assert counted == Counter(known)
    for ident in list(known):
        likeness.remove(ident)
    assert not likeness._examples
    assert not likeness._same
    assert not likeness._shared


# A column that gathers ------------------------------------------------------------------------------------------------


def arriving(number: int, text: str, at: int = 0) -> IncomingMessage:
    who = Author("scripted", f"a{number}", f"a{number}@there", f"Ana {number}")
    return IncomingMessage(f"m{number}", Kind.MENTION, who, text, START + (at or number), branch=f"m{number}")


class Queue:
    """A store, a queue column that gathers, and the way messages come in."""

    def __init__(self, store: Store, feed: Feed, clock: SetClock) -> None:
        self.store, self.clock = store, clock
        self.config = ChannelConfig(0, "scripted", "one")
        self.actions = Actions(store, feed, clock)
        self.columns = Columns(StorePages(store), feed, clock)
        self.model = AlikeModel(
            ColumnSpec("q", filter="is:unanswered", queue=True, alike=True), StorePages(store), feed, clock
        )

    async def arrive(self, *messages: IncomingMessage) -> None:
        await self.store.messages.accept(self.config, batch(*messages))

    async def settled(self) -> list[Entry]:
        while self.model.dirty or len(self.model._tasks):
            self.model.drain()
            await asyncio.sleep(0)
        return list(self.model.rows)

    async def figures(self) -> list[int]:
        return [self.model.alike(row) for row in await self.settled()]


@pytest.fixture
async def queue(folder: Path) -> AsyncIterator[Queue]:
    clock, feed = SetClock(), Feed()
    store = await Store.open(empty(folder / "desk.sqlite3"), feed.publish, clock=clock)
    made = Queue(store, feed, clock)
    made.config = await store.channels.add(made.config)
    yield made
    made.model.close()
    await made.model._tasks.close()
    await store.close()


WAVE = "The payment page is down and I cannot finish my order {}"


async def test_a_wave_stands_as_one_row_with_its_figure(queue: Queue) -> None:
    await queue.arrive(
        *(arriving(n, WAVE.format(n)) for n in range(1, 215)), arriving(300, "Do you sell tents at all?")
    )
    await queue.model.open()
    assert await queue.figures() == [214, 1]
    assert queue.model.total == 215
    members = queue.model.members(queue.model.rows[0])
    assert len(members) == 214
    assert [entry.case.id for entry in members if entry.case] == sorted(e.case.id for e in members if e.case)


async def test_arrivals_are_shown_at_once_and_drawn_in_later(queue: Queue) -> None:
    await queue.arrive(arriving(1, WAVE.format("now")))
    await queue.model.open()
    await queue.settled()
    await queue.arrive(arriving(2, WAVE.format("please")), arriving(3, "Something else entirely, about shoes"))
    assert queue.model.dirty  # told, whatever it is alike to
    assert await queue.figures() == [2, 1]
    assert queue.model.total == 3


async def test_who_waits_longest_stands_for_the_rest_when_the_first_is_answered(queue: Queue) -> None:
    await queue.arrive(*(arriving(n, WAVE.format(n)) for n in (1, 2, 3)))
    await queue.model.open()
    for left in (2, 1):
        (row,) = await queue.settled()
        assert row.case is not None
        made = Resolve(operation=operation(), case=row.case.id, outcome=Outcome.ANSWERED)
        assert (await queue.actions.execute(made)).done
        assert await queue.figures() == [left]
    assert queue.model.total == 1


async def test_an_answer_to_one_behind_the_row_lowers_its_figure(queue: Queue) -> None:
    await queue.arrive(*(arriving(n, WAVE.format(n)) for n in (1, 2, 3)))
    await queue.model.open()
    (row,) = await queue.settled()
    last = queue.model.members(row)[-1]
    assert last.case is not None
    await queue.actions.execute(Resolve(operation=operation(), case=last.case.id, outcome=Outcome.ANSWERED))
    assert await queue.figures() == [2]
    undone = await queue.actions.undo()
    assert undone is not None
    assert undone.done
    assert await queue.figures() == [3]


async def test_a_customer_who_writes_something_else_stands_alone(queue: Queue) -> None:
    await queue.arrive(*(arriving(n, WAVE.format(n)) for n in (1, 2, 3)))
    await queue.model.open()
    await queue.settled()
    other = arriving(2, "By the way, where is your shop in Rotterdam?")
    again = msgspec.structs.replace(other, remote_id="m2b", reply_to="m2", created_at=START + 99)
    await queue.arrive(again)
    assert sorted(await queue.figures()) == [1, 2]


async def test_what_was_erased_is_not_remembered(queue: Queue) -> None:
    await queue.arrive(*(arriving(n, WAVE.format(n)) for n in (1, 2, 3)))
    await queue.model.open()
    (row,) = await queue.settled()
    assert row.case is not None
    queue.model.apply(ChangeSet(10**9, removed=(row.message.id,), gone=(row.case.id,)))
    assert await queue.figures() == [2]
    assert row.case.id not in queue.model._alike


async def test_the_whole_queue_counts_however_long_it_is(queue: Queue) -> None:
    chance = Random(5)
    texts = [WAVE.format(n) if n % 3 == 0 else f"{n} {post(chance)}" for n in range(1, 901)]
    for start in range(0, 900, 300):
        await queue.arrive(*(arriving(n + 1, texts[n]) for n in range(start, start + 300)))
    await queue.model.open()
    figures = await queue.figures()
    assert max(figures) == 300
    while await queue.model.load_older():
        await queue.settled()
    assert queue.model.total == 900


async def test_a_group_that_is_answered_in_one_go_leaves_in_one_go(queue: Queue) -> None:
    await queue.arrive(*(arriving(n, WAVE.format(n)) for n in range(1, 901)), arriving(1000, "Do you sell tents?"))
    await queue.model.open()
    assert sorted(await queue.figures()) == [1, 900]
    cases = [entry.case.id for entry in queue.model.members(queue.model.rows[0]) if entry.case]
    made = [Resolve(operation=operation(), case=case, outcome=Outcome.ANSWERED) for case in cases]
    assert (await queue.actions.execute_many(made)).done
    assert await queue.figures() == [1]
    assert (await queue.actions.undo() or None) is not None
    await queue.settled()
    while await queue.model.load_older():  # as a view does whose rows have become few
        await queue.settled()
    assert sorted(await queue.figures()) == [1, 900]


MATTERS = (
    "the payment page is down and nobody can finish an order",
    "where is my parcel it should have come a week ago",
    "do you sell tents for two people at all",
)
DEEDS = st.lists(
    st.tuples(st.sampled_from(["arrive", "resolve", "undo", "again", "up"]), st.integers(0, 9), st.integers(0, 2)),
    max_size=25,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
async def test_every_case_of_the_queue_is_a_row_or_behind_one(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, int, int]]
) -> None:
    clock, feed = SetClock(), Feed()
    store = await Store.open(empty(tmp_path_factory.mktemp("desk") / "desk.sqlite3"), feed.publish, clock=clock)
    queue = Queue(store, feed, clock)
    try:
        queue.config = await store.channels.add(queue.config)
        await queue.model.open()
        for number, (deed, which, matter) in enumerate(deeds, start=1):
            text, case = f"{MATTERS[matter]} {number}", which + 1
            if deed == "arrive":
                await queue.arrive(arriving(number, text))
            elif deed == "resolve":
                await queue.actions.execute(Resolve(operation=operation(), case=case, outcome=Outcome.ANSWERED))
            elif deed == "up":
                await queue.actions.execute(Prioritise(operation=operation(), case=case, priority=matter))
            elif deed == "undo":
                await queue.actions.undo()
            elif (face := await store.cases.face(case)) is not None:
                again = arriving(int(face.message.author.remote_id[1:]), text, at=number)
                made = msgspec.structs.replace(again, remote_id=f"m{number}b", branch=face.message.branch)
                await queue.arrive(made)
            await _agrees(queue)
    finally:
        queue.model.close()
        await queue.model._tasks.close()
        await store.close()


async def _agrees(queue: Queue) -> None:
    rows = await queue.settled()
    while await queue.model.load_older():
        rows = await queue.settled()
    waiting = await StorePages(queue.store).page(queue.model.filter, queue=True, limit=500)
    behind = [entry.case.id for row in rows for entry in queue.model.members(row) if entry.case is not None]
    assert sorted(behind) == sorted(entry.case.id for entry in waiting.entries if entry.case is not None)
    assert [queue.model.alike(row) for row in rows] == [len(queue.model.members(row)) for row in rows]
    for row in rows:
        words = {essence(entry.message.text).rstrip(" 0") for entry in queue.model.members(row)}
        assert len(words) == 1
