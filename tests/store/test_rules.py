"""The dry run equals what the rules then do: any rules, any past, on a real file."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.rule_strategies import rules
from tests.empty import empty
from tests.store.conftest import Clock
from tests.store.factories import DAY, MINUTE, NOW, author, batch, batches, channel, mention
from workstation.domain.actions import AnyCommand, ChangeTags, Claim, Promise, Reopen, Resolve, Snooze
from workstation.domain.cases import Outcome
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import MeridianError
from workstation.domain.filters import parse
from workstation.domain.messages import Batch, Deletion, Mark
from workstation.domain.rules import Fired, Rule, book
from workstation.store.store import Store

Step = Batch | tuple[int, int]
"""What came, or which command was done to which case."""
PEOPLE = {f"a{n}": author(n, name=f"Ada {n}", handle=f"ada{n}@example.org", bot=n == 3) for n in range(1, 4)}


def _of_lasting_names(found: Batch) -> Batch:
    messages = (msgspec.structs.replace(each, author=PEOPLE[each.author.remote_id]) for each in found.messages)
    return msgspec.structs.replace(found, messages=tuple(messages))


deletions = st.lists(st.sampled_from("12345"), max_size=2).map(
    lambda ids: Batch("home", deletions=tuple(Deletion(each, NOW) for each in ids))
)
steps: st.SearchStrategy[Step] = (
    batches().map(_of_lasting_names) | deletions | st.tuples(st.integers(0, 5), st.integers(1, 4))
)
pasts = st.lists(steps, min_size=1, max_size=8)


def command(which: int, case: int) -> AnyCommand:
    # Agents use tags of their own here: whether a tag that a rule had set would have been set again by hand, the past
    # cannot tell.
    return (
        Claim(operation="1", case=case, token="ab" * 16),
        ChangeTags(operation="2", case=case, add=("late",)),
        ChangeTags(operation="3", case=case, remove=("late",)),
        Promise(operation="4", case=case, due_at=NOW + MINUTE),
        Snooze(operation="5", case=case, until=NOW + DAY),
        Resolve(operation="6", case=case, outcome=Outcome.ANSWERED) if case % 2 else Reopen(operation="6", case=case),
    )[which]


class Worlds:
    """The same past twice: judged afterwards, and judged as it happens."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()

    def both(self, past: list[Step], wanted: tuple[Rule, ...]) -> tuple[list[Fired], list[Fired], list[int]]:
        return self.loop.run_until_complete(self._both(past, wanted))

    async def _both(self, past: list[Step], wanted: tuple[Rule, ...]) -> tuple[list[Fired], list[Fired], list[int]]:
        with tempfile.TemporaryDirectory() as folder:
            dry, _ = await self._live(Path(folder) / "dry.sqlite3", past, ())
            wet, _ = await self._live(Path(folder) / "wet.sqlite3", past, wanted)
            try:
                seen: list[Fired] = []
                report = await dry.rules.replay(book(wanted), 0, lambda _done, _all: None, seen.append)
                return seen, list(await wet.rules.firings()), [tally.matched for tally in report.tallies]
            finally:
                await dry.close()
                await wet.close()

    async def _live(self, path: Path, past: list[Step], wanted: tuple[Rule, ...]) -> tuple[Store, ChannelConfig]:
        clock = Clock()
        store = await Store.open(empty(path), lambda _: None, clock=clock)
        acme = await store.channels.add(channel("Acme"))
        await store.rules.use(book(wanted))
        for step in past:
            clock.now += MINUTE
            if isinstance(step, Batch):
                await store.messages.accept(acme, step)
                continue
            try:
                await store.cases.execute(command(*step))
            except MeridianError:
                continue
        return store, acme


@pytest.fixture(scope="module")
def worlds() -> Iterator[Worlds]:
    made = Worlds()
    yield made
    made.loop.close()


def plain(fired: Fired) -> Fired:
    return msgspec.structs.replace(fired, id=0)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(pasts, rules)
def test_the_dry_run_is_what_then_happens(worlds: Worlds, past: list[Step], wanted: tuple[Rule, ...]) -> None:
    said, done, counted = worlds.both(past, wanted)
    assert [plain(each) for each in said] == [plain(each) for each in done]
    assert sum(counted) == len(done)


# -- one by one --------------------------------------------------------------------------------------------------------

REFUND = Rule("refunds", "Refunds", "refund", add=("refund",), priority=5)


async def test_what_a_rule_did_is_in_the_timeline(store: Store, acme: ChannelConfig) -> None:
    await store.rules.use(book((REFUND,)))
    changes = await store.messages.accept(acme, batch(mention("1", "refund please")))
    (case,) = changes.cases
    assert (case.tags, case.priority) == (("refund",), 5)
    (fired,) = changes.fired
    assert (fired.rule, fired.case, fired.did.add) == ("refunds", case.id, ("refund",))
    timeline = await store.cases.timeline(case.id)
    assert [each.what for each in timeline] == ["opened", "rule"]
    assert timeline[1].detail == {"rule": "Refunds", "add": "refund", "priority": "5"}
    page = await store.messages.page(parse("tag:refund"))
    assert len(page.entries) == 1


async def test_an_edit_is_judged_again_but_no_rule_acts_twice(store: Store, acme: ChannelConfig) -> None:
    await store.rules.use(book((REFUND,)))
    (case,) = (await store.messages.accept(acme, batch(mention("1", "hello")))).cases
    assert case.tags == ()
    changes = await store.messages.accept(acme, batch(mention("1", "refund!", edited_at=NOW + 1)))
    assert changes.cases[0].tags == ("refund",)
    await store.cases.execute(ChangeTags(operation="x", case=case.id, remove=("refund",)))
    changes = await store.messages.accept(acme, batch(mention("1", "refund!!", edited_at=NOW + 2)))
    now = await store.cases.get(case.id)
    assert now is not None
    assert now.tags == ()
    assert len(await store.rules.firings()) == 1


async def test_a_folded_card_stays_and_can_be_unfolded(store: Store, acme: ChannelConfig) -> None:
    await store.rules.use(book((Rule("f", "Fold", "refund", collapse=True),)))
    changes = await store.messages.accept(acme, batch(mention("1", "refund please")))
    assert Mark.FOLDED in changes.messages[0].marks
    # The network, which knows nothing of it, does not unfold it.
    await store.messages.accept(acme, batch(mention("1", "refund please"), source="home"))
    entry = await store.messages.by_remote(acme.id, "1")
    assert entry is not None
    assert Mark.FOLDED in entry.message.marks
    await store.rules.unfold((entry.message.id,))
    entry = await store.messages.get(entry.message.id)
    assert entry is not None
    assert entry.message.marks == ()


async def test_a_holding_reply_is_asked_for_once_for_each_case(store: Store, acme: ChannelConfig) -> None:
    await store.rules.use(book((Rule("h", "Hold", "", holding="wait"),)))
    await store.messages.accept(acme, batch(mention("1"), mention("2", author=author(2))))
    await store.messages.accept(acme, batch(mention("3", branch="1", reply_to="1")))
    due = await store.rules.due()
    assert [(each.template, each.case) for each in due] == [("wait", 1), ("wait", 2)]
    for each in due:
        await store.rules.held(each.case, "queued")
    await store.messages.accept(acme, batch(mention("4", branch="1", reply_to="1")))
    assert await store.rules.due() == ()


async def test_our_own_messages_and_loaded_history_are_not_judged(store: Store, acme: ChannelConfig) -> None:
    await store.rules.use(book((Rule("a", "All", "", collapse=True),)))
    await store.messages.accept(acme, batch(mention("1", own=True)))
    await store.messages.accept(acme, batch(mention("2"), history=True))
    assert await store.rules.firings() == ()


async def test_what_is_erased_leaves_nothing_behind(store: Store, acme: ChannelConfig) -> None:
    await store.rules.use(book((REFUND,)))
    changes = await store.messages.accept(acme, batch(mention("1", "refund please")))
    await store.messages.erase([changes.messages[0].id])
    assert await store.rules.firings() == ()
    report = await store.rules.replay(book((REFUND,)), 0)
    assert (report.seen, report.messages) == (0, 0)


async def test_the_dry_run_sees_texts_as_they_were(store: Store, acme: ChannelConfig, clock: Clock) -> None:
    await store.messages.accept(acme, batch(mention("1", "refund please")))
    clock.now += MINUTE
    await store.messages.accept(acme, batch(mention("1", "never mind", edited_at=NOW + 1)))
    told: list[tuple[int, int]] = []
    report = await store.rules.replay(book((REFUND,)), NOW - DAY, lambda done, whole: told.append((done, whole)))
    assert (report.seen, report.messages) == (2, 1)
    (tally,) = report.tallies
    assert (tally.matched, tally.cases, tally.added, tally.priorities) == (1, {1}, {"refund": 1}, 1)
    assert told[-1] == (2, 2)
    assert (await store.rules.replay(book((REFUND,)), NOW + DAY)).seen == 0
    assert await store.rules.firings() == ()
