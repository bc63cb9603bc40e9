"""What customers write comes to the same cases in one batch as one at a time, in the order of writing."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.empty import empty
from tests.store.factories import DAY, NOW, author, batch, channel, message
from workstation.domain.cases import Case, Happening
from workstation.domain.filters import parse
from workstation.domain.messages import IncomingMessage, Kind
from workstation.store.store import Store

Outcome = tuple[dict[str, int], dict[int, Case], dict[int, tuple[Happening, ...]]]


@st.composite
def conversations(draw: st.DrawFn) -> tuple[IncomingMessage, ...]:
    """Customers write one after the other, now and then in answer to something before."""
    made: list[IncomingMessage] = []
    for number in range(draw(st.integers(1, 10))):
        made.append(
            message(
                f"r{number}",
                kind=draw(st.sampled_from([Kind.POST, Kind.MENTION, Kind.DIRECT])),
                author=author(draw(st.integers(1, 2))),
                reply_to=draw(st.sampled_from(["", *(each.remote_id for each in made)])),
                address=draw(st.sampled_from(["", f"https://example.org/{number}", "https://example.org/same"])),
                language=draw(st.sampled_from(["", "de"])),
                created_at=NOW + number * DAY,
            )
        )
    return tuple(made)


async def _outcome(parts: Sequence[Sequence[IncomingMessage]]) -> Outcome:
    with TemporaryDirectory() as folder:
        store = await Store.open(empty(Path(folder) / "desk.sqlite3"), lambda _: None, clock=lambda: NOW)
        try:
            acme = await store.channels.add(channel())
            for part in parts:
                await store.messages.accept(acme, batch(*part))
            entries = (await store.messages.page(parse(""), limit=100)).entries
            cases = {entry.case.id: entry.case for entry in entries if entry.case is not None}
            lines = {number: await store.cases.timeline(number) for number in cases}
            return {entry.message.remote_id: entry.message.case for entry in entries}, cases, lines
        finally:
            await store.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(conversations())
def test_a_batch_comes_to_the_same_cases_as_its_messages_one_by_one(written: tuple[IncomingMessage, ...]) -> None:
    assert asyncio.run(_outcome([written])) == asyncio.run(_outcome([(each,) for each in written]))
