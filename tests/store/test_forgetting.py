"""Whatever strangers send: an erasure leaves a sound store without the person, and hearing it again changes nothing."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.empty import empty
from tests.store.conftest import Clock
from tests.store.factories import OWN, batches
from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import Batch
from workstation.domain.privacy import OurselvesError
from workstation.store.store import Store

if TYPE_CHECKING:
    import sqlite3

TABLES = ("authors", "messages", "revisions", "cases", "case_tags", "message_sources", "early_deletions", "masked")


def _rows(connection: "sqlite3.Connection") -> dict[str, list[tuple[object, ...]]]:
    return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}  # noqa: S608


def _faults(connection: "sqlite3.Connection") -> list[object]:
    orphans = (
        "SELECT id FROM messages WHERE author NOT IN (SELECT id FROM authors)",
        "SELECT id FROM messages WHERE case_id > 0 AND case_id NOT IN (SELECT id FROM cases)",
        "SELECT id FROM cases WHERE face NOT IN (SELECT id FROM messages)",
        "SELECT id FROM cases WHERE customer NOT IN (SELECT id FROM authors)",
        "SELECT message FROM revisions WHERE message NOT IN (SELECT id FROM messages)",
        "SELECT case_id FROM case_tags WHERE case_id NOT IN (SELECT id FROM cases)",
    )
    found: list[object] = [(query, row) for query in orphans for row in connection.execute(query).fetchall()]
    sound = connection.execute("PRAGMA integrity_check").fetchall()
    return found if sound == [("ok",)] else [*found, *sound]


def _by_others(batch: Batch) -> Batch:
    """What is the desk's own is written by the desk's account."""
    return structs.replace(
        batch, messages=tuple(structs.replace(m, author=OWN) if m.own else m for m in batch.messages)
    )


@settings(max_examples=60)
@given(st.lists(batches().map(_by_others), min_size=1, max_size=5), st.sampled_from(["a1", "a2", "a3"]))
async def test_erased_and_told_again(told: list[Batch], who: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(empty(Path(folder) / "desk.sqlite3"), lambda _: None, clock=Clock())
        try:
            await _try(store, told, who)
        finally:
            await store.close()


async def _try(store: Store, told: list[Batch], who: str) -> None:
    acme = await store.channels.add(ChannelConfig(0, "mastodon", "Acme"))
    for batch in told:
        await store.messages.accept(acme, batch)
    row = await store.database.read(
        lambda c: c.execute("SELECT id FROM authors WHERE remote_id = ?", (who,)).fetchone()
    )
    person = await store.privacy.of_author(row[0]) if row is not None else None
    if person is None:
        return
    preview = await store.privacy.preview(person)
    try:
        begun = await store.privacy.begin(person, preview.terms)
    except OurselvesError:
        return
    await store.privacy.finish(begun, await store.privacy.erase(begun, lambda _: None))
    await store.privacy.merge()
    await store.privacy.compact()
    assert not await store.privacy.is_named(person, preview.terms)
    assert await store.database.read(_faults) == []
    kept = await store.database.read(_rows)
    for batch in told:
        await store.messages.accept(acme, batch)
    after = await store.database.read(_rows)
    assert after["authors"] == kept["authors"]
    assert {row[2] for row in after["messages"]} == {row[2] for row in kept["messages"]}
    assert not await store.privacy.is_named(person, preview.terms)
    assert all(not ledger.missing for ledger in await store.messages.ledger(acme.id))
    assert await store.database.read(_faults) == []
