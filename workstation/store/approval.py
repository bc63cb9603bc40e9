"""Second looks in the store: what waits, what was changed in it, how it ended. Nothing here lets a byte out.

Whether approval is wanted stands beside the hold in the store itself, so that it is known in the same transaction that
queues an operation, whoever queues it, and survives a lost settings file.
"""

import sqlite3
from collections.abc import Callable

import msgspec

from workstation.domain.actions import AddNote, Reopen
from workstation.domain.approval import (
    Ended,
    Look,
    NotLookedError,
    NotWaitingError,
    Review,
    TooEarlyError,
    Waiting,
    Way,
    WordsChangedError,
    look,
)
from workstation.domain.cases import Status
from workstation.domain.changes import ChangeSet
from workstation.domain.drafts import Written
from workstation.domain.messages import Micros
from workstation.domain.outbox import WRITTEN, WRITTEN_IN, Act, Outgoing, State, move
from workstation.domain.text import Moment
from workstation.store import changelog
from workstation.store.cases import execute
from workstation.store.casework import Casework
from workstation.store.cleaning import clean_text
from workstation.store.database import Database, Transaction
from workstation.store.outbox_rows import COLUMNS, outgoing, outgoing_by_operation
from workstation.store.waiting import REQUIRED, audit, required

REVIEW = "operation, original, spoiler, waits_since, looked_at, ended_at, ended, remark"


class Approvals:
    """Everything about approval; every write is durable, as the outbox's are."""

    def __init__(self, database: Database, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._clock = clock

    async def require(self, wanted: bool) -> ChangeSet:
        """Let everything that is written from now on wait, or no longer; what waits goes on waiting."""

        def job(transaction: Transaction) -> ChangeSet:
            transaction.connection.execute(
                "INSERT INTO desk (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (REQUIRED, str(int(wanted))),
            )
            return changelog.publish(transaction, self._clock())

        return await self._database.write(job, durable=True)

    async def required(self) -> bool:
        """Whether what is written waits for approval."""
        return await self._database.read(required)

    async def waiting(self) -> tuple[Waiting, ...]:
        """What waits, oldest first."""
        return await self._database.read(lambda c: _joined(c, "o.state = 'waits' ORDER BY o.id LIMIT 500"))

    async def ended(self, limit: int = 50) -> tuple[Waiting, ...]:
        """What was sent back lately, latest first."""
        rest = f"r.ended = 'sent_back' ORDER BY r.ended_at DESC LIMIT {int(limit)}"
        return await self._database.read(lambda c: _joined(c, rest))

    async def get(self, operation: str) -> Waiting | None:
        """One operation with its review."""

        def job(connection: sqlite3.Connection) -> Waiting | None:
            return next(iter(_joined(connection, "o.operation = ?", operation)), None)

        return await self._database.read(job)

    async def looked(self, operation: str, wait: Micros) -> Review:
        """Note that the thread was read anew for the second look; raises TooEarlyError, NotWaitingError."""

        def job(transaction: Transaction) -> Review:
            connection, now = transaction.connection, self._clock()
            found = _open(connection, operation)
            if look(found.review, now, wait) is Look.EARLY:
                raise TooEarlyError(time=Moment(found.review.waits_since + wait, "time"))
            connection.execute("UPDATE reviews SET looked_at = ? WHERE operation = ?", (now, operation))
            return msgspec.structs.replace(found.review, looked_at=now)

        return await self._database.write(job, durable=True)

    async def reword(self, operation: str, seen: str, text: str) -> ChangeSet:
        """Change the words of what waits; they wait anew. `seen` are the words that were changed."""

        def job(transaction: Transaction) -> ChangeSet:
            connection, now = transaction.connection, self._clock()
            found = _open(connection, operation, seen)
            clean = clean_text(text)
            if clean != found.row.operation.text:
                connection.execute("UPDATE outbox SET text = ? WHERE operation = ?", (clean, operation))
                connection.execute(
                    "UPDATE reviews SET waits_since = ?, looked_at = 0 WHERE operation = ?", (now, operation)
                )
                audit(connection, found.row.case, now, "reworded")
            return _told(transaction, found.row, now)

        return await self._database.write(job, durable=True)

    async def approve(self, operation: str, seen: str, way: Way, *, wait: Micros, undo: Micros) -> ChangeSet:
        """Let it go after its undo window. `seen` are the words that were read: they and no others are approved.

        Raises NotWaitingError, WordsChangedError; of one's own words TooEarlyError and NotLookedError.
        """

        def job(transaction: Transaction) -> ChangeSet:
            connection, now = transaction.connection, self._clock()
            found = _open(connection, operation, seen)
            if way is Way.LOOK:
                _check_look(found.review, now, wait)
            move(found.row.state, State.QUEUED)
            connection.execute(
                "UPDATE outbox SET state = 'queued', not_before = max(not_before, ?) WHERE operation = ?",
                (now + undo, operation),
            )
            _end(connection, operation, Ended.APPROVED, now)
            audit(connection, found.row.case, now, "approved", way=way.value)
            return _told(transaction, found.row, now)

        return await self._database.write(job, durable=True)

    async def withdraw(self, operation: str) -> ChangeSet | None:
        """Take an approval back while it has not left; None if it is too late."""

        def job(transaction: Transaction) -> ChangeSet | None:
            connection, now = transaction.connection, self._clock()
            changed = connection.execute(
                "UPDATE outbox SET state = 'waits' WHERE operation = ?1 AND state = 'queued' AND attempts = 0"
                " AND EXISTS (SELECT 1 FROM reviews WHERE operation = ?1 AND ended = 'approved')",
                (operation,),
            )
            row = outgoing_by_operation(connection, operation)
            if not changed.rowcount or row is None:
                return None
            _end(connection, operation, Ended.OPEN, 0)
            audit(connection, row.case, now, "waits")
            return _told(transaction, row, now)

        return await self._database.write(job, durable=True)

    async def send_back(self, operation: str, remark: str, *, note: str) -> ChangeSet:
        """Give it back: the words become a draft again, the remark a note of the case (under the id `note`).

        A case that was resolved with it is open again: nothing was answered.
        """

        def job(transaction: Transaction) -> ChangeSet:
            connection, now = transaction.connection, self._clock()
            found = _open(connection, operation)
            row = found.row
            move(row.state, State.CANCELLED)
            connection.execute(
                "UPDATE outbox SET state = 'cancelled', finished_at = ? WHERE operation = ?", (now, operation)
            )
            _end(connection, operation, Ended.SENT_BACK, now, clean_text(remark))
            _give_back(connection, row, now)
            work = Casework(connection, now)
            case = work.case(row.case) if row.case else None
            if case is not None:
                if case.status is Status.SOLVED:
                    execute(work, connection, Reopen(operation=note, case=case.id), now)
                if remark:
                    execute(work, connection, AddNote(operation=note, case=case.id, text=clean_text(remark)), now)
                work.flush()
            audit(connection, row.case, now, "sent_back")
            return _told(transaction, row, now)

        return await self._database.write(job, durable=True)


def _check_look(review: Review, now: Micros, wait: Micros) -> None:
    match look(review, now, wait):
        case Look.EARLY:
            raise TooEarlyError(time=Moment(review.waits_since + wait, "time"))
        case Look.DUE:
            raise NotLookedError
        case Look.DONE:
            return


def _open(connection: sqlite3.Connection, operation: str, seen: str | None = None) -> Waiting:
    found = next(iter(_joined(connection, "o.operation = ?", operation)), None)
    if found is None or found.row.state is not State.WAITS:
        raise NotWaitingError
    if seen is not None and seen != found.row.operation.text:
        raise WordsChangedError
    return found


def _end(connection: sqlite3.Connection, operation: str, ended: Ended, now: Micros, remark: str = "") -> None:
    connection.execute(
        "UPDATE reviews SET ended = ?, ended_at = ?, remark = ? WHERE operation = ?", (ended, now, remark, operation)
    )


def _told(transaction: Transaction, row: Outgoing, now: Micros) -> ChangeSet:
    after = outgoing_by_operation(transaction.connection, row.operation.id)
    cases = (row.case,) if row.case else ()
    outbox = () if after is None else (after,)
    return changelog.publish(transaction, now, origin=row.operation.id, cases=cases, outbox=outbox)


def _joined(connection: sqlite3.Connection, rest: str, *values: str) -> tuple[Waiting, ...]:
    width = len(COLUMNS.split(","))
    rows = connection.execute(
        f"SELECT {_of('o', COLUMNS)}, {_of('r', REVIEW)} FROM reviews AS r JOIN outbox AS o"
        f" ON o.operation = r.operation WHERE {rest}",
        values,
    ).fetchall()
    return tuple(Waiting(outgoing(row[:width]), _review(row[width:])) for row in rows)


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{name.strip()}" for name in columns.split(","))


def _review(row: tuple[str, str, str, int, int, int, str, str]) -> Review:
    operation, original, spoiler, waits_since, looked_at, ended_at, ended, remark = row
    return Review(operation, original, spoiler, waits_since, looked_at, ended_at, Ended(ended), remark)


def _give_back(connection: sqlite3.Connection, row: Outgoing, now: Micros) -> None:
    """The words as the draft of their composer; what has been begun there meanwhile stays above them."""
    operation, key = row.operation, draft_key(row)
    found = connection.execute("SELECT text FROM drafts WHERE key = ?", (key,)).fetchone()
    text = operation.text if found is None or not found[0].strip() else f"{found[0]}\n\n{operation.text}"
    written, beside = operation.options.get(WRITTEN, ""), "{}"
    if written:
        own = Written(language=operation.options.get(WRITTEN_IN, ""), caret=len(written))
        beside = msgspec.json.encode(own).decode()
    connection.execute(
        "INSERT INTO drafts (key, text, language, visibility, family, caret, updated_at, spoiler, written, beside)"
        " VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET text = excluded.text,"
        " caret = excluded.caret, updated_at = excluded.updated_at",
        (key, text, operation.language, operation.visibility, len(text), now, operation.spoiler, written, beside),
    )


def draft_key(row: Outgoing) -> str:
    """Under which key the composer keeps the draft of what a row sends."""
    act = row.operation.act
    if act is Act.REPLY and row.case:
        return f"case:{row.case}"
    return f"post:{row.channel}" if act is Act.POST else f"{act.value}:{row.message}"
