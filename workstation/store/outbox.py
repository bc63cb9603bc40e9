"""The outbox: what is to leave the desk, durable before the first byte, with the hold that stops it.

Every write here is committed with synchronous=FULL: after a loss of power the desk still knows what it tried.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable

from workstation.domain.actions import Resolve
from workstation.domain.cases import Status
from workstation.domain.changes import ChangeSet
from workstation.domain.errors import NotFoundError
from workstation.domain.messages import Author, Batch, IncomingMessage, Kind, Mark, Micros, Visibility
from workstation.domain.outbox import HOLDING, Act, Operation, Outgoing, State, move
from workstation.store import changelog, evidence, merging, signing, waiting
from workstation.store.cases import Executed, execute
from workstation.store.casework import Casework
from workstation.store.cleaning import clean_struct
from workstation.store.database import Database, Transaction
from workstation.store.ingest import Intake
from workstation.store.marks import change_marks
from workstation.store.outbox_rows import COLUMNS, insert, outgoing, outgoing_by_id, outgoing_by_operation
from workstation.store.rows import json_text

SOURCE = "outbox"
"""Source of what we sent and the network has not shown to us yet."""

_MARKS: dict[Act, tuple[tuple[Mark, ...], tuple[Mark, ...]]] = {
    Act.FAVOURITE: ((Mark.FAVOURITED,), ()),
    Act.UNFAVOURITE: ((), (Mark.FAVOURITED,)),
    Act.BOOST: ((Mark.BOOSTED,), ()),
    Act.UNBOOST: ((), (Mark.BOOSTED,)),
    Act.RESOLVE_REPORT: ((Mark.RESOLVED,), ()),
    Act.REOPEN_REPORT: ((), (Mark.RESOLVED,)),
    Act.APPROVE: ((), (Mark.HELD, Mark.JUNK, Mark.TRASHED)),
    Act.HOLD: ((Mark.HELD,), (Mark.JUNK, Mark.TRASHED)),
    Act.JUNK: ((Mark.JUNK,), (Mark.HELD, Mark.TRASHED)),
    Act.UNJUNK: ((), (Mark.JUNK,)),
    Act.TRASH: ((Mark.TRASHED,), ()),
    Act.RESTORE: ((), (Mark.TRASHED,)),
    Act.HIDE: ((Mark.HIDDEN,), ()),
    Act.UNHIDE: ((), (Mark.HIDDEN,)),
    Act.TAKE_DOWN: ((Mark.HIDDEN,), ()),
    Act.REVERSE_TAKE_DOWN: ((), (Mark.HIDDEN,)),
}
"""What an act leaves on the message it was done to: (added, taken away)."""


class Outbox:
    """Everything about the outbox; see the module's text."""

    def __init__(self, database: Database, intake: Intake, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._intake = intake
        self._clock = clock

    async def put(
        self, channel: int, operation: Operation, *, case: int = 0, message: int = 0, not_before: Micros = 0
    ) -> ChangeSet:
        """Queue an operation; nothing is sent before `not_before`. Putting the same id again changes nothing."""

        def job(transaction: Transaction) -> ChangeSet:
            connection, now = transaction.connection, self._clock()
            if insert(connection, channel, operation, now, not_before, case=case, message=message):
                evidence.take(connection, channel, operation, message, now)
            return self._told(transaction, now, operation.id)

        return await self._database.write(job, durable=True)

    async def put_resolving(
        self, channel: int, operation: Operation, resolve: Resolve, *, message: int = 0, not_before: Micros = 0
    ) -> Executed:
        """Queue an answer and end its case, both or neither, whatever happens to the process.

        Returns what changed, and the command that opens the case again: None where it is not ended, because the
        answer waits for approval or the case was ended before. Raises as commands on cases do.
        """

        def job(transaction: Transaction) -> Executed:
            connection, now = transaction.connection, self._clock()
            work, inverse = Casework(connection, now), None
            if insert(connection, channel, operation, now, not_before, case=resolve.case, message=message):
                evidence.take(connection, channel, operation, message, now)
                row, case = outgoing_by_operation(connection, operation.id), work.case(resolve.case)
                waits = row is not None and row.state is State.WAITS
                if not waits and (case is None or case.status is not Status.SOLVED):
                    inverse = execute(work, connection, resolve, now)
                    work.flush()
            return self._told(transaction, now, operation.id, cases=work.changed), inverse

        return await self._database.write(job, durable=True)

    async def claim_next(self, now: Micros, ready: Collection[int]) -> Outgoing | None:
        """Take the oldest operation that is due on one of these channels: durable as "sending" before any byte leaves.

        None while held, or while nothing is due; what may no longer leave by itself is passed over. Within a case
        nothing overtakes what is still on its way.
        """

        def job(transaction: Transaction) -> Outgoing | None:
            connection = transaction.connection
            if _held(connection):
                return None
            row = connection.execute(
                "SELECT id, operation FROM outbox AS o WHERE state = 'queued' AND not_before <= ?1"
                " AND (latest = 0 OR latest >= ?1) AND channel IN (SELECT value FROM json_each(?2))"
                " AND (case_id = 0 OR NOT EXISTS (SELECT 1 FROM outbox"
                " AS p WHERE p.case_id = o.case_id AND p.case_id > 0 AND p.id < o.id"
                " AND (p.state IN ('queued', 'sending')"
                " OR (p.state = 'waits' AND o.act IN ('post', 'reply', 'edit')))))"
                " AND NOT EXISTS (SELECT 1 FROM reviews AS r WHERE r.operation = o.operation AND r.ended <> 'approved')"
                " ORDER BY id LIMIT 1",
                (now, json_text(sorted(ready))),
            ).fetchone()
            if row is None:
                return None
            connection.execute(
                "UPDATE outbox SET state = 'sending', attempts = attempts + 1, error = '', detail = '{}' WHERE id = ?",
                (row[0],),
            )
            self._told(transaction, self._clock(), row[1])
            return outgoing_by_id(connection, row[0])

        return await self._database.write(job, durable=True)

    async def settle(
        self,
        number: int,
        state: State,
        *,
        remote_id: str = "",
        address: str = "",
        error: str = "",
        detail: dict[str, str | int] | None = None,
        not_before: Micros = 0,
        echo: Batch | None = None,
        author: Author | None = None,
    ) -> ChangeSet:
        """Note what became of an attempt, or what the agent decided.

        On SENT the case counts the answer in the same transaction, and what the network returned (`echo`), or else
        our own text as `author`, becomes a message, unless the stream brought it already. Proof wins: a row that is
        SENT stays so. Raises NotAllowedError for a move that `MOVES` does not have.
        """

        def job(transaction: Transaction) -> ChangeSet:
            connection, now = transaction.connection, self._clock()
            row = outgoing_by_id(connection, number)
            if row is None:
                raise NotFoundError(what="operation")
            if row.state is State.SENT:
                if state is State.SENT and remote_id and not row.remote_id:
                    connection.execute(
                        "UPDATE outbox SET remote_id = ?, address = ? WHERE id = ?", (remote_id, address, number)
                    )
                return self._told(transaction, now, row.operation.id)
            move(row.state, state)
            connection.execute(
                "UPDATE outbox SET state = ?1, remote_id = CASE ?2 WHEN '' THEN remote_id ELSE ?2 END,"
                " address = CASE ?3 WHEN '' THEN address ELSE ?3 END, error = ?4, detail = ?5, not_before = ?6,"
                " finished_at = ?7 WHERE id = ?8",
                (
                    state, remote_id, address, error, json_text(detail or {}), not_before or row.not_before,
                    0 if state is State.QUEUED else now, number,
                ),
            )  # fmt: skip
            if state is State.SENT:
                return self._sent(transaction, row, remote_id, address, echo, author, now)
            return self._told(transaction, now, row.operation.id)

        return await self._database.write(job, durable=True)

    async def cancel(self, operation: str) -> ChangeSet | None:
        """Take an operation back; None when it is too late (or there is none)."""

        def job(transaction: Transaction) -> ChangeSet | None:
            connection, now = transaction.connection, self._clock()
            changed = connection.execute(
                "UPDATE outbox SET state = 'cancelled', finished_at = ? WHERE operation = ?"
                " AND state IN ('waits', 'queued', 'failed', 'unknown')",
                (now, operation),
            )
            if changed.rowcount:
                waiting.take_back(connection, operation, now)
            return self._told(transaction, now, operation) if changed.rowcount else None

        return await self._database.write(job, durable=True)

    async def recover(self) -> ChangeSet | None:
        """At the start: what was being sent when the last process ended is unknown; None if nothing was."""

        def job(transaction: Transaction) -> ChangeSet | None:
            connection, now = transaction.connection, self._clock()
            rows = connection.execute(
                "UPDATE outbox SET state = 'unknown', error = 'ambiguous', detail = '{}', finished_at = ?"
                " WHERE state = 'sending' RETURNING operation",
                (now,),
            ).fetchall()
            return self._told(transaction, now, *(row[0] for row in rows)) if rows else None

        return await self._database.write(job, durable=True)

    async def send_now(self, operation: str) -> ChangeSet | None:
        """Let a queued operation leave at once, however late; None if it is not queued."""

        def job(transaction: Transaction) -> ChangeSet | None:
            connection, now = transaction.connection, self._clock()
            changed = connection.execute(
                "UPDATE outbox SET not_before = 0, latest = 0 WHERE operation = ? AND state = 'queued'", (operation,)
            )
            return self._told(transaction, now, operation) if changed.rowcount else None

        return await self._database.write(job, durable=True)

    async def extend(self, by: Micros, longest: Micros) -> ChangeSet | None:
        """Let what can still be taken back wait `by` longer, up to `longest` after it was written; None if nothing can.

        What was planned for a time keeps its time.
        """

        def job(transaction: Transaction) -> ChangeSet | None:
            connection, now = transaction.connection, self._clock()
            waiting = connection.execute(
                "SELECT operation FROM outbox WHERE state = 'queued' AND latest = 0 AND not_before > ?"
                " AND attempts = 0 AND not_before + ? <= created_at + ?",
                (now, by, longest),
            ).fetchall()
            names = [str(name) for (name,) in waiting]
            connection.executemany(
                "UPDATE outbox SET not_before = not_before + ? WHERE operation = ?", [(by, name) for name in names]
            )
            return self._told(transaction, now, *names) if names else None

        return await self._database.write(job, durable=True)

    async def sent_as(self, channel: int, remote_ids: Iterable[str]) -> Outgoing | None:
        """What was sent and has one of these ids on the network."""
        wanted = json_text([remote_id for remote_id in remote_ids if remote_id])

        def job(connection: sqlite3.Connection) -> Outgoing | None:
            row = connection.execute(
                f"SELECT {COLUMNS} FROM outbox WHERE channel = ? AND state = 'sent'"
                " AND remote_id IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1",
                (channel, wanted),
            ).fetchone()
            return outgoing(row) if row is not None else None

        return await self._database.read(job)

    async def list(self, states: Iterable[State] = (), limit: int = 500) -> tuple[Outgoing, ...]:
        """Operations in these states (all if none is named), oldest first; of very many, the latest."""
        wanted = json_text([str(state) for state in states or State])

        def job(connection: sqlite3.Connection) -> tuple[Outgoing, ...]:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM outbox WHERE state IN (SELECT value FROM json_each(?))"
                " ORDER BY id DESC LIMIT ?",
                (wanted, limit),
            )
            return tuple(outgoing(row) for row in reversed(rows.fetchall()))

        return await self._database.read(job)

    async def get(self, operation: str) -> Outgoing | None:
        """An operation by its id."""
        return await self._database.read(lambda c: outgoing_by_operation(c, operation))

    async def hold(self) -> ChangeSet:
        """Stop the outbox, across restarts, until `release`."""
        return await self._set_hold(True)

    async def release(self) -> ChangeSet:
        """Let the outbox go on."""
        return await self._set_hold(False)

    async def held(self) -> bool:
        """Whether the outbox is stopped."""
        return await self._database.read(_held)

    async def next_due(self) -> Micros | None:
        """When the next queued operation is due; None if none is queued that may leave by itself."""

        def job(connection: sqlite3.Connection) -> Micros | None:
            row = connection.execute(
                "SELECT min(not_before) FROM outbox WHERE state = 'queued' AND state NOT IN ('sent', 'cancelled')"
                " AND (latest = 0 OR latest >= ?)",
                (self._clock(),),
            ).fetchone()
            return None if row[0] is None else int(row[0])

        return await self._database.read(job)

    async def _set_hold(self, held: bool) -> ChangeSet:
        def job(transaction: Transaction) -> ChangeSet:
            transaction.connection.execute(
                "INSERT INTO desk (name, value) VALUES ('outbox_held', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (str(int(held)),),
            )
            return changelog.publish(transaction, self._clock())

        return await self._database.write(job, durable=True)

    def _told(self, transaction: Transaction, now: Micros, *operations: str, cases: Collection[int] = ()) -> ChangeSet:
        rows = (outgoing_by_operation(transaction.connection, operation) for operation in operations)
        found = tuple(row for row in rows if row is not None)
        origin = operations[0] if len(operations) == 1 else ""
        return changelog.publish(transaction, now, origin=origin, outbox=found, cases=cases)

    def _sent(
        self,
        transaction: Transaction,
        row: Outgoing,
        remote_id: str,
        address: str,
        echo: Batch | None,
        author: Author | None,
        now: Micros,
    ) -> ChangeSet:
        """What follows from a success, in its transaction: the message, the marks, the case's answer."""
        connection, operation = transaction.connection, row.operation
        if echo is None and author is not None and remote_id and operation.act in (Act.POST, Act.REPLY):
            echo = Batch(SOURCE, (_own_message(operation, remote_id, address, author, now),))
        if echo is not None:
            self._intake.accept(transaction, row.channel, clean_struct(echo), now)
        changed = self._done_to_target(transaction, row, echo, now)
        work = Casework(connection, now)
        if row.case and operation.act is Act.REPLY:
            found = connection.execute(
                "SELECT id, created_at, case_id FROM messages WHERE channel = ? AND remote_id = ?",
                (row.channel, remote_id),
            ).fetchone()
            if found is not None and found[2] != row.case:
                work.attach(found[0], row.case)
            if HOLDING not in operation.options:
                work.replied(row.case, found[1] if found is not None else now)
        work.flush()
        after = outgoing_by_id(connection, row.id)
        return changelog.publish(
            transaction,
            now,
            origin=operation.id,
            messages=changed | work.attached,
            cases=work.changed,
            outbox=() if after is None else (after,),
        )

    def _done_to_target(self, transaction: Transaction, row: Outgoing, echo: Batch | None, now: Micros) -> set[int]:
        """What an act did to the message it was about, unless the network's answer said it already."""
        connection, operation = transaction.connection, row.operation
        found = connection.execute(
            "SELECT id FROM messages WHERE channel = ? AND remote_id = ?", (row.channel, operation.target)
        ).fetchone()
        if found is None:
            return set()
        added, removed = _MARKS.get(operation.act, ((), ()))
        if added or removed:
            change_marks(connection, found[0], added, removed)
        elif operation.act in (Act.DELETE, Act.REMOVE):
            merging.mark_deleted(connection, found[0], now)
        elif operation.act is Act.EDIT and echo is None:
            merging.revise(connection, found[0], signing.unsigned(operation), operation.spoiler, now)
        else:
            return set()
        return {int(found[0])}


def _held(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM desk WHERE name = 'outbox_held' AND value = '1'").fetchone() is not None


def _own_message(operation: Operation, remote_id: str, address: str, author: Author, now: Micros) -> IncomingMessage:
    return IncomingMessage(
        remote_id,
        Kind.DIRECT if operation.visibility is Visibility.DIRECT else Kind.POST,
        author,
        operation.text,
        now,
        reply_to=operation.target if operation.act is Act.REPLY else "",
        address=address,
        language=operation.language,
        visibility=operation.visibility,
        spoiler=operation.spoiler,
        own=True,
        operation=operation.id,
    )
