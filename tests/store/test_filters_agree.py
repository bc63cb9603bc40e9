"""SQL and Python select the same entries, for any filter and anything that strangers may have written."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.strategies import terms
from tests.empty import empty
from tests.store.factories import NOW, batches, channel
from workstation.domain.actions import (
    AddNote,
    AnyCommand,
    ChangeTags,
    Claim,
    Escalate,
    FileUnder,
    Promise,
    Resolve,
    Snooze,
)
from workstation.domain.cases import Entry, Outcome
from workstation.domain.errors import MeridianError
from workstation.domain.filter_terms import Term
from workstation.domain.filters import Context, Filter
from workstation.domain.messages import Batch, Deletion
from workstation.store.pages import Order, key_of
from workstation.store.store import Store

contents = st.lists(st.tuples(st.integers(0, 1), batches()), min_size=1, max_size=6)


class Desk:
    """A store with its own loop, filled anew for each of hypothesis' contents."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()

    def select(
        self, filled: list[tuple[int, Batch]], wanted: list[Term]
    ) -> list[tuple[list[Entry], list[Entry], list[Entry], list[Entry], Context, Filter]]:
        return self.loop.run_until_complete(self._select(filled, wanted))

    async def _select(
        self, filled: list[tuple[int, Batch]], wanted: list[Term]
    ) -> list[tuple[list[Entry], list[Entry], list[Entry], list[Entry], Context, Filter]]:
        with tempfile.TemporaryDirectory() as folder:
            store = await Store.open(empty(Path(folder) / "desk.sqlite3"), lambda _: None, clock=lambda: NOW)
            try:
                channels = [await store.channels.add(channel("Acme")), await store.channels.add(channel("Beta Shop"))]
                for which, batch in filled:
                    await store.messages.accept(channels[which], batch)
                await store.messages.accept(channels[0], Batch("home", deletions=(Deletion("2", NOW),)))
                await self.work(store)
                every = await store.messages.page(Filter(), limit=1_000)
                cases = await store.messages.page(Filter(), queue=True, limit=1_000)
                context = await store.messages.context()
                return [
                    (
                        list(every.entries),
                        list((await store.messages.page(Filter(term), limit=1_000)).entries),
                        list(cases.entries),
                        list((await store.messages.page(Filter(term), queue=True, limit=1_000)).entries),
                        context,
                        Filter(term),
                    )
                    for term in wanted
                ]
            finally:
                await store.close()

    async def work(self, store: Store) -> None:
        """Bring the cases into different states."""

        def steps(number: int) -> tuple[AnyCommand, ...]:
            return (
                Claim(operation="1", case=number, token="ab" * 16),
                ChangeTags(operation="2", case=number, add=("refund", "Late")),
                Promise(operation="3", case=number, due_at=NOW - 1),
                FileUnder(operation="7", case=number, issue=1),
                Escalate(operation="8", case=number, to="billing"),
                Promise(operation="9", case=number, due_at=NOW + 3_600_000_000),
                Snooze(operation="4", case=number, until=NOW + 1),
                Resolve(operation="5", case=number, outcome=Outcome.ANSWERED),
                AddNote(operation=f"6{number}", case=number, text="x"),
            )

        for number in range(1, 12):
            for place, step in enumerate(steps(number)):
                if (number + place) % 3 == 0:
                    try:
                        await store.cases.execute(step)
                    except MeridianError:
                        continue


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.loop.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(contents, st.lists(terms, min_size=15, max_size=15))
def test_sql_and_python_agree(desk: Desk, filled: list[tuple[int, Batch]], wanted: list[Term]) -> None:
    for every, streamed, cases, queued, context, filter_ in desk.select(filled, wanted):
        test = filter_.predicate(context)
        assert [e.message.id for e in streamed] == [e.message.id for e in every if test(e)]
        assert [e.case for e in queued] == [e.case for e in cases if test(e)]
        assert streamed == sorted(streamed, key=lambda e: key_of(e, queue=False))
        assert queued == sorted(queued, key=lambda e: key_of(e, queue=True, order=Order.URGENT))
