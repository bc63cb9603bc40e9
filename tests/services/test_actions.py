"""Commands through the store: overlays, undo and redo, versions, groups."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.empty import empty
from tests.services.parts import START, SetClock, batch, mention
from workstation.domain.actions import AddNote, ChangeTags, Claim, Resolve, Snooze
from workstation.domain.cases import Case, Holder, Outcome, Status
from workstation.domain.channels import ChannelConfig
from workstation.services.actions import Actions, Overlay, claim, operation
from workstation.services.feed import Feed
from workstation.store.store import Store


class Bench:
    """A store with three cases and the actions of one window."""

    def __init__(self, store: Store, feed: Feed, clock: SetClock) -> None:
        self.store, self.clock = store, clock
        self.actions = Actions(store, feed, clock)
        self.config = ChannelConfig(0, "scripted", "one")

    async def fill(self) -> None:
        """Three customers write."""
        self.config = await self.store.channels.add(self.config)
        messages = [mention(n, START + n, f"author{n}") for n in range(3)]
        await self.store.messages.accept(self.config, batch(*messages))

    async def case(self, number: int = 1) -> Case:
        """A case as it is."""
        found = await self.store.cases.get(number)
        assert found is not None
        return found


@pytest.fixture
async def bench(folder: Path) -> AsyncIterator[Bench]:
    clock, feed = SetClock(), Feed()
    store = await Store.open(empty(folder / "desk.sqlite3"), feed.publish, clock=clock)
    made = Bench(store, feed, clock)
    await made.fill()
    yield made
    await store.close()


async def test_a_command_is_shown_before_it_is_done_and_settled_after(bench: Bench) -> None:
    seen: list[Overlay] = []
    bench.actions.subscribe(seen.append)
    case = await bench.case()
    done = await bench.actions.execute(claim(case), case)
    assert done.done
    assert done.undoable
    assert [overlay.case.holder if overlay.case else None for overlay in seen] == [Holder.MINE, None]
    assert (await bench.case()).holder is Holder.MINE


async def test_a_refused_command_is_rolled_back_and_says_why(bench: Bench) -> None:
    seen: list[Overlay] = []
    bench.actions.subscribe(seen.append)
    case = await bench.case()
    await bench.actions.execute(ChangeTags(operation=operation(), case=case.id, add=("x",)))
    stale = await bench.actions.execute(claim(case), case)
    assert not stale.done
    assert stale.error is not None
    assert stale.error.code == "stale"
    assert seen[-1].case is None
    assert (await bench.case()).holder is Holder.FREE


async def test_several_steps_are_taken_back_and_done_again_in_order(bench: Bench) -> None:
    actions, states = bench.actions, [await bench.case()]
    for command in (
        Claim(operation=operation(), case=1, token="a" * 32),
        ChangeTags(operation=operation(), case=1, add=("refund",)),
        AddNote(operation=operation(), case=1, text="called"),
        Resolve(operation=operation(), case=1, outcome=Outcome.ANSWERED),
    ):
        assert (await actions.execute(command)).done
        states.append(await bench.case())
    for before in reversed(states[:-1]):
        undone = await actions.undo()
        assert undone is not None
        assert undone.done, undone.error
        assert _look(await bench.case()) == _look(before)
    assert not actions.can_undo
    assert await actions.undo() is None
    for after in states[1:]:
        again = await actions.redo()
        assert again is not None
        assert again.done, again.error
        assert _look(await bench.case()) == _look(after)
    assert not actions.can_redo


async def test_what_changed_elsewhere_is_not_undone(bench: Bench) -> None:
    case = await bench.case()
    await bench.actions.execute(claim(case), case)
    other = Actions(bench.store, Feed(), bench.clock)
    await other.execute(ChangeTags(operation=operation(), case=1, add=("spam",)))
    refused = await bench.actions.undo()
    assert refused is not None
    assert not refused.done
    assert refused.error is not None
    assert refused.error.code == "stale"
    assert (await bench.case()).tags == ("spam",)


async def test_a_group_is_all_or_nothing_and_undone_in_one_go(bench: Bench) -> None:
    cases = [await bench.case(number) for number in (1, 2, 3)]
    await bench.actions.execute(ChangeTags(operation=operation(), case=2, add=("x",)))
    snoozes = [Snooze(operation=operation(), case=case.id, version=case.version, until=START + 10**9) for case in cases]
    refused = await bench.actions.execute_many(snoozes, cases)
    assert not refused.done
    assert (await bench.case(1)).status is Status.NEW
    snoozes = [Snooze(operation=operation(), case=case.id, until=START + 10**9) for case in cases]
    done = await bench.actions.execute_many(snoozes)
    assert done.label.count == 3
    assert {(await bench.case(number)).status for number in (1, 2, 3)} == {Status.SNOOZED}
    undone = await bench.actions.undo()
    assert undone is not None
    assert undone.done
    assert {(await bench.case(number)).status for number in (1, 2, 3)} == {Status.NEW}


STEPS = st.lists(st.sampled_from(["tag a", "tag b", "claim", "note", "undo", "redo"]), min_size=1, max_size=20)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
async def test_undo_and_redo_walk_a_history(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    clock, feed = SetClock(), Feed()
    store = await Store.open(empty(tmp_path_factory.mktemp("desk") / "desk.sqlite3"), feed.publish, clock=clock)
    bench = Bench(store, feed, clock)
    try:
        await bench.fill()
        history, place = [_look(await bench.case())], 0
        for step in steps:
            if step == "undo":
                done, reached = await bench.actions.undo(), max(0, place - 1)
            elif step == "redo":
                done, reached = await bench.actions.redo(), min(len(history) - 1, place + 1)
            else:
                done = await bench.actions.execute(_command(step))
                assert done.undoable
                history[place + 1 :] = [_look(await bench.case())]
                reached = place + 1
            assert (done is not None and done.done) == (reached != place)  # None: there was no step that way
            place = reached
            assert _look(await bench.case()) == history[place]
            assert bench.actions.can_undo == (place > 0)
            assert bench.actions.can_redo == (place < len(history) - 1)
    finally:
        await store.close()


def _command(step: str) -> ChangeTags | Claim | AddNote:
    if step == "claim":
        return Claim(operation=operation(), case=1, token="b" * 32)
    if step == "note":
        return AddNote(operation=operation(), case=1, text="seen")
    return ChangeTags(operation=operation(), case=1, add=(step[-1],))


def _look(case: Case) -> tuple[object, ...]:
    return case.status, case.outcome, case.holder, case.tags, case.notes, case.solved_at
