"""The writer and its readers: order, groups, failures, cancelled callers, closing, and who may open a file."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from tests.store.factories import batch, mention
from workstation.domain.changes import ChangeSet
from workstation.domain.channels import ChannelConfig
from workstation.store import migrations
from workstation.store.connections import connect
from workstation.store.database import Database, Transaction
from workstation.store.errors import (
    StoreBusyError,
    StoreClosedError,
    StoreCorruptError,
    StoreError,
    StoreNewerError,
)
from workstation.store.store import Store
from workstation.store.writer import CHECKPOINT_ROWS, SLICE


def count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM desk").fetchone()[0])


def put(name: str) -> Callable[[Transaction], str]:
    def job(transaction: Transaction) -> str:
        transaction.connection.execute("INSERT INTO desk (name, value) VALUES (?, '')", (name,))
        transaction.publish(ChangeSet(0, origin=name))
        return name

    return job


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.sqlite3"


async def test_between_two_steps_of_telling_the_loop_goes_on_and_the_order_stays(path: Path) -> None:
    told: list[str] = []

    def tell(changes: ChangeSet) -> Iterator[None]:
        for step in "ab":
            told.append(f"{changes.origin}{step}")
            asyncio.get_running_loop().call_soon(told.append, "input")
            until = perf_counter() + SLICE
            while perf_counter() <= until:
                pass
            yield

    database = await Database.open(path, tell)

    async def write(number: int) -> None:
        told.append(f"resumed {await database.write(put(str(number)))}")

    await asyncio.gather(write(1), write(2))
    await database.close()
    assert [each for each in told if each[0] in "12"] == ["1a", "1b", "2a", "2b"]
    assert all("input" in told[told.index(f"{job}a") : told.index(f"{job}b")] for job in "12")
    assert told.index("1b") < told.index("resumed 1")
    assert told.index("2b") < told.index("resumed 2")


async def test_publications_come_in_commit_order_before_their_callers_resume(path: Path) -> None:
    told: list[str] = []
    database = await Database.open(path, lambda changes: told.append(changes.origin))

    async def write(number: int) -> None:
        name = await database.write(put(str(number)), durable=number % 3 == 0)
        assert told.index(name) == number

    await asyncio.gather(*(write(number) for number in range(200)))
    assert told == [str(number) for number in range(200)]
    await database.close()


async def test_a_failing_job_takes_back_its_own_rows_only(path: Path) -> None:
    told: list[str] = []
    forgotten: list[str] = []
    database = await Database.open(path, lambda changes: told.append(changes.origin))

    def broken(transaction: Transaction) -> None:
        put("broken")(transaction)
        transaction.on_rollback(lambda: forgotten.append("broken"))
        transaction.connection.execute("INSERT INTO desk (name, value) VALUES ('a', '')")

    results: Sequence[object] = await asyncio.gather(
        database.write(put("a")),
        database.write(broken),
        database.write(put("b")),
        return_exceptions=True,
    )
    assert results[0] == "a"
    assert isinstance(results[1], StoreError)
    assert results[2] == "b"
    assert told == ["a", "b"]
    assert forgotten == ["broken", "broken"]  # once with its group, once alone
    assert await database.read(count) == 2
    await database.close()


class Refusing(sqlite3.Connection):
    """A connection whose commits can be made to fail, as on a full disk."""

    refuse = False

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql == "COMMIT" and self.refuse:
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, *values)


async def test_when_the_commit_fails_nothing_happened_and_everyone_learns_so(path: Path) -> None:
    opened: list[Refusing] = []

    def refusing(file: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, factory=Refusing)
        opened.append(connection)
        return connection

    told: list[str] = []
    database = await Database.open(path, lambda changes: told.append(changes.origin), connect=refusing)
    opened[0].refuse = True
    results = await asyncio.gather(*(database.write(put(n)) for n in "abc"), return_exceptions=True)
    assert all(isinstance(result, StoreError) for result in results)
    assert not told
    opened[0].refuse = False
    await database.write(put("d"))
    assert told == ["d"]
    assert await database.read(count) == 1
    await database.close()


async def test_a_cancelled_caller_loses_nothing_for_the_others(path: Path) -> None:
    told: list[str] = []
    started, go_on = threading.Event(), threading.Event()
    database = await Database.open(path, lambda changes: told.append(changes.origin))

    def slow(transaction: Transaction) -> None:
        started.set()
        assert go_on.wait(60)
        put("slow")(transaction)

    waiting = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(started.wait, 10)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go_on.set()
    await database.write(put("next"))
    assert told == ["slow", "next"]
    await database.close()
    await asyncio.get_running_loop().shutdown_default_executor()


async def test_closing_finishes_what_is_queued(path: Path) -> None:
    told: list[str] = []
    database = await Database.open(path, lambda changes: told.append(changes.origin))
    writes = [asyncio.create_task(database.write(put(str(n)))) for n in range(50)]
    await asyncio.sleep(0)
    await database.close()
    await database.close()
    assert [await write for write in writes] == told
    with pytest.raises(StoreClosedError):
        await database.write(put("late"))
    with pytest.raises(StoreClosedError):
        await database.read(count)
    assert not path.with_name(path.name + "-wal").exists()


async def test_readers_cannot_write_and_see_one_moment(path: Path) -> None:
    database = await Database.open(path, lambda _: None)
    with pytest.raises(StoreError):
        await database.read(lambda c: c.execute("DELETE FROM desk"))
    with pytest.raises(StoreError):
        await database.read(lambda c: c.execute("SELECT * FROM nothing"), lane="search")
    started, go_on = threading.Event(), threading.Event()

    def look_twice(connection: sqlite3.Connection) -> tuple[int, int]:
        first = count(connection)
        started.set()
        assert go_on.wait(60)
        return first, count(connection)

    looking = asyncio.create_task(database.read(look_twice))
    await asyncio.to_thread(started.wait, 10)
    await database.write(put("meanwhile"))
    go_on.set()
    assert await looking == (0, 0)
    await database.close()
    await asyncio.get_running_loop().shutdown_default_executor()


async def test_a_listener_that_fails_swallows_nothing(path: Path) -> None:
    def listener(changes: ChangeSet) -> None:
        raise ValueError(changes.origin)

    database = await Database.open(path, listener)
    assert await database.write(put("a")) == "a"
    await database.close()


async def test_outbox_commits_are_full_and_others_normal(path: Path) -> None:
    database = await Database.open(path, lambda _: None)

    def level(transaction: Transaction) -> int:
        return int(transaction.connection.execute("PRAGMA synchronous").fetchone()[0])

    found = await asyncio.gather(
        database.write(level), database.write(level, durable=True), database.write(level), database.write(level)
    )
    assert (found[0], found[1]) == (1, 2)
    assert await database.write(level) == 1
    await database.close()


async def test_one_owner_at_a_time(path: Path) -> None:
    database = await Database.open(path, lambda _: None)
    with pytest.raises(StoreBusyError):
        await Database.open(path, lambda _: None)
    await database.close()
    await (await Database.open(path, lambda _: None)).close()


@pytest.mark.parametrize("content", [b"this is no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 8_000])
async def test_a_damaged_file_is_left_as_it_is(path: Path, content: bytes) -> None:
    await asyncio.to_thread(path.write_bytes, content)
    with pytest.raises(StoreCorruptError):
        await Database.open(path, lambda _: None)
    assert await asyncio.to_thread(path.read_bytes) == content
    await asyncio.get_running_loop().shutdown_default_executor()


async def test_a_newer_file_is_refused(path: Path) -> None:
    connection = connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreNewerError) as caught:
        await Database.open(path, lambda _: None)
    assert caught.value.params == {"found": 99, "known": len(migrations.NAMES)}


async def test_what_was_accepted_is_there_after_opening_again(path: Path) -> None:
    store = await Store.open(path, lambda _: None)
    acme = await store.channels.add(ChannelConfig(0, "mastodon", "Acme", settings={"tags": "a,b"}))
    await store.messages.accept(acme, batch(mention("1")))
    sequence = await store.sequence()
    await store.close()
    store = await Store.open(path, lambda _: None)
    assert await store.channels.list() == (acme,)
    found = await store.messages.by_remote(acme.id, "1")
    assert found is not None
    assert found.case is not None
    assert await store.sequence() == sequence
    changes = await store.messages.accept(acme, batch(mention("2")))
    assert changes.sequence == sequence + 1
    assert changes.added == {found.message.id + 1}
    await store.close()


def put_many(start: int) -> Callable[[Transaction], None]:
    """A job after which the journal is to be copied into the file."""

    def job(transaction: Transaction) -> None:
        transaction.connection.execute(
            "WITH RECURSIVE n(i) AS (VALUES (?) UNION ALL SELECT i + 1 FROM n LIMIT ?)"
            " INSERT INTO desk (name, value) SELECT 'n' || i, 'some words of the journal' FROM n",
            (start, CHECKPOINT_ROWS),
        )

    return job


async def test_the_journal_is_copied_while_the_desk_is_open(path: Path) -> None:
    copied = threading.Event()

    def watched(where: Path) -> sqlite3.Connection:
        connection = connect(where)
        connection.set_trace_callback(lambda statement: copied.set() if "PASSIVE" in statement else None)
        return connection

    database = await Database.open(path, lambda _: None, connect=watched)
    await database.write(put_many(0))
    assert await asyncio.to_thread(copied.wait, 30)
    await database.checkpoint()  # comes after the copy, which has its turn
    assert path.with_name(path.name + "-wal").stat().st_size == 0
    await database.close()


async def test_the_journal_can_be_emptied_whatever_is_being_copied(path: Path) -> None:
    database = await Database.open(path, lambda _: None)
    for turn in range(5):
        await database.write(put_many(turn * CHECKPOINT_ROWS))
        await database.checkpoint()
        assert path.with_name(path.name + "-wal").stat().st_size == 0
    assert await database.read(count) >= 5 * CHECKPOINT_ROWS
    await database.close()
    assert not path.with_name(path.name + "-wal").exists()
