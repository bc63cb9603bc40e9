"""Messages: taking batches in, and reading them by id, page, thread and author."""

import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping
from functools import partial

from workstation.domain.cases import Case, Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.channels import ChannelConfig, Ledger
from workstation.domain.messages import Batch, Cursor, Mark, Reject, Revision
from workstation.store import changelog, erasure, ledger, sources
from workstation.store.cleaning import clean_struct
from workstation.store.database import Database, Transaction
from workstation.store.ingest import UNSTORABLE, Intake
from workstation.store.marks import change_marks
from workstation.store.reading import Clock, ColumnReads
from workstation.store.rows import (
    CASE,
    case,
    case_by_id,
    entries_by_id,
    json_text,
    select_entries,
)
from workstation.store.ties import joined

LONGEST_THREAD = 1_000


class Messages(ColumnReads):
    """Everything about messages; see the module's text."""

    def __init__(self, database: Database, intake: Intake, clock: Clock) -> None:
        super().__init__(database, clock)
        self._intake = intake

    async def accept(self, channel: ChannelConfig, batch: Batch) -> ChangeSet:
        """Store a batch with its cursor and ledger; what it changed is published and returned."""
        now = self._clock()
        try:
            return await self._database.write(lambda tx: self._intake.accept(tx, channel.id, batch, now))
        except UNSTORABLE:
            clean = clean_struct(batch)
            return await self._database.write(lambda tx: self._intake.accept(tx, channel.id, clean, now))

    async def get(self, message: int) -> Entry | None:
        """A message with its case."""
        return await self._database.read(lambda c: next(iter(entries_by_id(c, (message,))), None))

    async def by_remote(self, channel: int, remote_id: str) -> Entry | None:
        """A message by the id that its network gave it."""

        def job(connection: sqlite3.Connection) -> Entry | None:
            rest = "WHERE m.channel = ? AND m.remote_id = ?"
            return next(iter(select_entries(connection, rest, (channel, remote_id))), None)

        return await self._database.read(job)

    async def revisions(self, message: int) -> tuple[Revision, ...]:
        """What a message said before each edit, oldest first."""

        def job(connection: sqlite3.Connection) -> tuple[Revision, ...]:
            rows = connection.execute(
                "SELECT message, number, text, at FROM revisions WHERE message = ? ORDER BY number", (message,)
            )
            return tuple(Revision(*row) for row in rows)

        return await self._database.read(job)

    async def thread(self, *, case: int = 0, message: int = 0) -> tuple[Entry, ...]:
        """The conversation of a case or around a message, oldest first: its branch, and what it answers."""
        return await self._database.read(lambda c: _thread(c, case, message))

    async def history(self, author: int, limit: int = 50) -> tuple[Entry, ...]:
        """An author's messages, newest first; those of the same person on other networks are among them."""

        def job(connection: sqlite3.Connection) -> tuple[Entry, ...]:
            rest = (
                "WHERE m.author IN (SELECT ?1 UNION SELECT id FROM authors WHERE person IS NOT NULL AND person ="
                " (SELECT person FROM authors WHERE id = ?1)) ORDER BY m.created_at DESC, m.id DESC LIMIT ?2"
            )
            return select_entries(connection, rest, (author, limit))

        return await self._database.read(job)

    async def mark(self, marks: Mapping[int, tuple[Iterable[Mark], Iterable[Mark]]], *, origin: str = "") -> ChangeSet:
        """Add and take away marks of messages: id -> (add, remove)."""

        def job(transaction: Transaction) -> ChangeSet:
            for number, (add, remove) in marks.items():
                change_marks(transaction.connection, number, add, remove)
            return changelog.publish(transaction, self._clock(), origin=origin, messages=marks)

        return await self._database.write(job)

    async def cursors(self, channel: int) -> dict[str, Cursor]:
        """Where each source of a channel goes on."""
        return await self._database.read(lambda c: sources.cursors(c, channel))

    async def ledger(self, channel: int | None = None) -> tuple[Ledger, ...]:
        """What became of everything received, a row per source."""
        return await self._database.read(lambda c: ledger.ledgers(c, channel))

    async def rejects(self, channel: int, limit: int = 100) -> tuple[Reject, ...]:
        """What could not be read lately, newest first."""
        return await self._database.read(lambda c: ledger.rejects(c, channel, limit))

    async def erase(self, messages: Iterable[int]) -> ChangeSet:
        """Remove messages for good, wherever their text is, the journal of the file included."""
        ids = tuple(messages)

        def job(transaction: Transaction) -> ChangeSet:
            transaction.on_rollback(self._intake.forget)
            cases = erasure.erase(transaction.connection, ids, self._clock())
            self._intake.forget()
            gone = [case for case in cases if case_by_id(transaction.connection, case) is None]
            return changelog.publish(
                transaction, self._clock(), removed=ids, cases=cases - set(gone), gone=gone, reload=True
            )

        changes = await self._database.write(job, durable=True)
        await self._database.write(lambda transaction: erasure.merge_index(transaction.connection))
        await self._database.checkpoint()
        return changes

    async def export(self, chunk: int = 500) -> AsyncIterator[tuple[Entry, ...]]:
        """Every message, in chunks, in the order of their ids."""
        last = 0
        while True:
            rest = "WHERE m.id > ? ORDER BY m.id LIMIT ?"
            found = await self._database.read(partial(select_entries, rest=rest, values=(last, chunk)), lane="search")
            if not found:
                return
            yield found
            last = found[-1].message.id

    async def export_cases(self, chunk: int = 500) -> AsyncIterator[tuple[Case, ...]]:
        """Every case, in chunks, in the order of their ids."""
        last = 0
        while True:
            found = await self._database.read(partial(_cases_after, last=last, limit=chunk), lane="search")
            if not found:
                return
            yield found
            last = found[-1].id


def _cases_after(connection: sqlite3.Connection, last: int, limit: int) -> tuple[Case, ...]:
    query = f"SELECT {CASE} FROM cases AS c WHERE c.id > ? ORDER BY c.id LIMIT ?"
    return tuple(case(row) for row in connection.execute(query, (last, limit)).fetchall())


def _thread(connection: sqlite3.Connection, number: int, message: int) -> tuple[Entry, ...]:
    """The conversation of the case and of those that continue it on another way, or around the message."""
    if not number and message:
        row = connection.execute("SELECT case_id FROM messages WHERE id = ?", (message,)).fetchone()
        number = row[0] if row else 0
    ids = {found for case in joined(connection, number) for found in _thread_ids(connection, case, message)}
    rest = "WHERE m.id IN (SELECT value FROM json_each(?)) ORDER BY m.created_at, m.id"
    return select_entries(connection, rest, (json_text(sorted(ids)),))


def _thread_ids(connection: sqlite3.Connection, number: int, message: int) -> list[int]:
    """Members of the case, of its branch, and the chain upwards of what they answer."""
    if number:
        row = connection.execute("SELECT channel, branch FROM cases WHERE id = ?", (number,)).fetchone()
    else:
        row = connection.execute("SELECT channel, branch FROM messages WHERE id = ?", (message,)).fetchone()
    if row is None:
        return []
    channel, branch = row
    rows = connection.execute(
        "WITH RECURSIVE members (id) AS ("
        " SELECT id FROM messages WHERE case_id = ?1 AND case_id > 0"
        " UNION SELECT id FROM messages WHERE channel = ?2 AND branch = ?3 AND branch <> remote_id"
        " UNION SELECT id FROM messages WHERE channel = ?2 AND remote_id = ?3"
        "), way (id, reply_to, depth) AS ("
        " SELECT m.id, m.reply_to, 0 FROM members JOIN messages AS m ON m.id = members.id"
        " UNION SELECT up.id, up.reply_to, way.depth + 1 FROM way JOIN messages AS up"
        " ON up.channel = ?2 AND up.remote_id = way.reply_to WHERE way.reply_to <> '' AND way.depth < 100"
        ") SELECT DISTINCT id FROM way LIMIT ?4",
        (number, channel, branch, LONGEST_THREAD),
    ).fetchall()
    return [row[0] for row in rows]
