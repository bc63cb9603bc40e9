"""Cases: commands with version checks and inverses, their notes, timelines, alarms and tags."""

import sqlite3
from collections.abc import Callable, Iterable

import msgspec

from workstation.domain.actions import (
    AddNote,
    AnswerEscalation,
    AnyCommand,
    AwaitEscalation,
    ChangeTags,
    Claim,
    Escalate,
    FileUnder,
    LinkCase,
    Prioritise,
    Promise,
    RemoveNote,
    Resolve,
    Restore,
    Snooze,
    UndoRule,
    UnlinkCase,
    Wake,
    WithdrawEscalation,
    apply,
)
from workstation.domain.cases import Case, Entry, Happening, Holder, Note, Status
from workstation.domain.changes import ChangeSet
from workstation.domain.errors import NotFoundError
from workstation.domain.messages import Micros
from workstation.domain.ties import Escalation, Tie
from workstation.store import changelog, ties
from workstation.store.casework import Casework, claim_token, keep_claim
from workstation.store.database import Database, Transaction
from workstation.store.past_cases import Inbound
from workstation.store.rows import CASE, case, case_by_id, faces_of, json_text

Executed = tuple[ChangeSet, AnyCommand | None]
_detail = msgspec.json.Decoder(dict[str, str])


class Cases:
    """Everything about cases; see the module's text."""

    def __init__(self, database: Database, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._clock = clock

    async def execute(self, command: AnyCommand) -> Executed:
        """Do it and return what changed with the command that undoes it.

        Raises StaleError, HeldError, NotAllowedError, NotFoundError; then nothing was done.
        """
        (inverse,), changes = await self._run((command,))
        return changes, inverse

    async def execute_many(
        self, commands: Iterable[AnyCommand], progress: Callable[[int], None] | None = None
    ) -> tuple[ChangeSet, tuple[AnyCommand | None, ...]]:
        """Do all of them or none, in order; the inverses are in the order of the commands.

        `progress` is called on the writer's thread with how many are done; what it raises takes all of them back.
        """
        inverses, changes = await self._run(tuple(commands), progress)
        return changes, inverses

    async def _run(
        self, commands: tuple[AnyCommand, ...], progress: Callable[[int], None] | None = None
    ) -> tuple[tuple[AnyCommand | None, ...], ChangeSet]:
        def job(transaction: Transaction) -> tuple[tuple[AnyCommand | None, ...], ChangeSet]:
            now = self._clock()
            work = Casework(transaction.connection, now)
            inverses: list[AnyCommand | None] = []
            for number, command in enumerate(commands, start=1):
                inverses.append(execute(work, transaction.connection, command, now))
                if progress is not None:
                    progress(number)
            work.flush()
            origin = commands[0].operation if commands else ""
            return tuple(inverses), changelog.publish(transaction, now, origin=origin, cases=work.changed)

        return await self._database.write(job)

    async def open(self, message: int, *, origin: str = "") -> tuple[ChangeSet, Case]:
        """Open a case for a message of a stream that opened none by itself, or return the one it has."""

        def job(transaction: Transaction) -> tuple[ChangeSet, Case]:
            connection, now = transaction.connection, self._clock()
            row = connection.execute(
                "SELECT id, channel, remote_id, branch, author, created_at, language, address, case_id, own"
                " FROM messages WHERE id = ?",
                (message,),
            ).fetchone()
            if row is None or row[9]:
                raise NotFoundError(what=f"message {message}")
            work = Casework(connection, now)
            found = work.case(row[8]) if row[8] else None
            opened = found or work.open_by_hand(Inbound(*row[:8]))
            work.flush()
            return changelog.publish(transaction, now, origin=origin, cases={opened.id}), opened

        return await self._database.write(job)

    async def get(self, number: int) -> Case | None:
        """A case."""
        return await self._database.read(lambda c: case_by_id(c, number))

    async def face(self, number: int) -> Entry | None:
        """A case with its latest inbound message, as a queue shows it."""
        return await self._database.read(lambda c: next(iter(faces_of(c, (number,))), None))

    async def faces(self, numbers: Iterable[int]) -> tuple[Entry, ...]:
        """Cases with their faces, in the order of ids; those that do not exist are left out."""
        wanted = tuple(numbers)
        return await self._database.read(lambda c: faces_of(c, wanted))

    async def versions(self, numbers: Iterable[int]) -> dict[int, int]:
        """The versions of cases as they are now, by id; those that do not exist are left out."""
        wanted = json_text(sorted(numbers))

        def job(connection: sqlite3.Connection) -> dict[int, int]:
            rows = connection.execute(
                "SELECT id, version FROM cases WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
            )
            return dict(rows.fetchall())

        return await self._database.read(job)

    async def ties(self, number: int) -> tuple[Tie, ...]:
        """A case's links to others, newest first."""
        return await self._database.read(lambda c: ties.ties_of(c, number))

    async def escalation(self, number: int) -> Escalation | None:
        """The latest question about a case to people inside."""
        return await self._database.read(lambda c: ties.escalation_of(c, number))

    async def asked_before(self) -> tuple[str, ...]:
        """Internal addresses that were asked before, the latest first."""
        return await self._database.read(ties.addresses)

    async def notes(self, number: int) -> tuple[Note, ...]:
        """A case's notes, oldest first."""

        def job(connection: sqlite3.Connection) -> tuple[Note, ...]:
            rows = connection.execute(
                "SELECT id, case_id, text, at FROM notes WHERE case_id = ? ORDER BY id", (number,)
            )
            return tuple(Note(*row) for row in rows)

        return await self._database.read(job)

    async def others(self, number: int) -> tuple[Case, ...]:
        """The customer's other cases that are not solved, newest first, on whatever channel."""

        def job(connection: sqlite3.Connection) -> tuple[Case, ...]:
            rows = connection.execute(
                f"SELECT {CASE} FROM cases AS k JOIN authors AS a ON a.id = k.customer JOIN authors AS b"
                " ON b.id = a.id OR (a.person IS NOT NULL AND b.person = a.person)"
                " JOIN cases AS c ON c.customer = b.id WHERE k.id = ? AND c.id <> k.id AND c.status <> 'solved'"
                " ORDER BY c.inbound_at DESC LIMIT 100",
                (number,),
            )
            return tuple(case(row) for row in rows.fetchall())

        return await self._database.read(job)

    async def timeline(self, number: int) -> tuple[Happening, ...]:
        """What happened to a case, oldest first, never by whom."""

        def job(connection: sqlite3.Connection) -> tuple[Happening, ...]:
            rows = connection.execute(
                "SELECT at, what, detail FROM (SELECT at, what, detail, 0 AS later, id FROM audits WHERE case_id = ?1"
                " UNION ALL SELECT finished_at, 'act:' || act, '{}', 1, id FROM outbox WHERE case_id = ?1"
                " AND case_id > 0 AND state = 'sent' AND act NOT IN ('post', 'reply')) ORDER BY at, later, id",
                (number,),
            )
            return tuple(Happening(at, what, _detail.decode(detail)) for at, what, detail in rows)

        return await self._database.read(job)

    async def token(self, number: int) -> str:
        """This desk's claim token of a case; empty if it holds none."""
        return await self._database.read(lambda c: claim_token(c, number))

    async def sweep(self, now: Micros) -> ChangeSet | None:
        """Wake the cases whose snooze is over; None if there are none."""

        def job(transaction: Transaction) -> ChangeSet | None:
            connection = transaction.connection
            rows = connection.execute(
                "SELECT id FROM cases WHERE snoozed_until > 0 AND snoozed_until <= ? AND status = 'snoozed' LIMIT 500",
                (now,),
            ).fetchall()
            if not rows:
                return None
            work = Casework(connection, now)
            for (number,) in rows:
                execute(work, connection, Wake(operation="", case=number), now)
            work.flush()
            return changelog.publish(transaction, now, cases=work.changed)

        return await self._database.write(job)

    async def next_alarm(self) -> Micros | None:
        """When the next snooze ends."""

        def job(connection: sqlite3.Connection) -> Micros | None:
            row = connection.execute(
                "SELECT min(snoozed_until) FROM cases WHERE snoozed_until > 0 AND status = ?", (Status.SNOOZED,)
            ).fetchone()
            return None if row[0] is None else int(row[0])

        return await self._database.read(job)

    async def next_promise(self, after: Micros) -> Micros | None:
        """When the next promise falls due after a moment."""

        def job(connection: sqlite3.Connection) -> Micros | None:
            row = connection.execute(
                "SELECT min(due_at) FROM cases WHERE due_at > 0 AND due_at > ? AND status <> 'solved'", (after,)
            ).fetchone()
            return None if row[0] is None else int(row[0])

        return await self._database.read(job)

    async def fallen_due(self, after: Micros, until: Micros, limit: int = 100) -> tuple[Entry, ...]:
        """Cases whose promise fell due after one moment and not after the other, with their faces, oldest first."""

        def job(connection: sqlite3.Connection) -> tuple[Entry, ...]:
            rows = connection.execute(
                "SELECT id FROM cases WHERE due_at > 0 AND due_at > ? AND due_at <= ? AND status <> 'solved'"
                " ORDER BY due_at LIMIT ?",
                (after, until, limit),
            )
            return faces_of(connection, [row[0] for row in rows])

        return await self._database.read(job)

    async def tags(self) -> tuple[tuple[str, int], ...]:
        """Every tag with how many cases have it, most used first."""

        def job(connection: sqlite3.Connection) -> tuple[tuple[str, int], ...]:
            rows = connection.execute(
                "SELECT tag, count(*) FROM case_tags GROUP BY tag ORDER BY 2 DESC, tag LIMIT 1000"
            )
            return tuple((tag, count) for tag, count in rows)

        return await self._database.read(job)


def execute(work: Casework, connection: sqlite3.Connection, command: AnyCommand, now: Micros) -> AnyCommand | None:
    """One command in a transaction: the case after, its claim, its notes, its audit line; returns the inverse."""
    before = work.case(command.case)
    if before is None:
        raise NotFoundError(what=f"case {command.case}")
    token = claim_token(connection, before.id)
    step = apply(before, command, now, token)
    _keep(work, connection, command, step.case, now)
    work.put(step.case, str(command.__struct_config__.tag), _told(command, before))
    return step.inverse


def _keep(work: Casework, connection: sqlite3.Connection, command: AnyCommand, after: Case, now: Micros) -> None:
    """What a command writes beside the case's own row."""
    match command:
        case Claim(token=token):
            keep_claim(connection, after.id, token)
        case Restore(token=token) if after.holder is Holder.MINE and token:
            keep_claim(connection, after.id, token)
        case AddNote(operation=operation, text=text) | AnswerEscalation(operation=operation, text=text):
            connection.execute(
                "INSERT INTO notes (case_id, operation, text, at) VALUES (?, ?, ?, ?)", (after.id, operation, text, now)
            )
        case RemoveNote(noted=noted) | AwaitEscalation(noted=noted):
            gone = connection.execute("DELETE FROM notes WHERE case_id = ? AND operation = ?", (after.id, noted))
            if not gone.rowcount:
                raise NotFoundError(what="note")
        case LinkCase(other=other, kind=kind):
            ties.link(work, connection, Tie(after.id, other, kind, now))
        case UnlinkCase(other=other, kind=kind):
            ties.unlink(work, connection, Tie(after.id, other, kind, now))
        case Escalate(operation=operation, to=to):
            ties.escalate(connection, after.id, operation, to, now)
        case WithdrawEscalation(withdrawn=withdrawn):
            ties.withdraw(connection, after.id, withdrawn)
        case _:
            pass


def _told(command: AnyCommand, before: Case) -> dict[str, str]:
    """What the timeline says of a command; never a note's text, a token, or to whom a question went."""
    match command:
        case ChangeTags(add=add, remove=remove):
            return {"add": ", ".join(add), "remove": ", ".join(remove)}
        case Resolve(outcome=outcome):
            promised = {"promised": str(before.due_at)} if before.due_at else {}
            return {"outcome": str(outcome)} | promised
        case UndoRule(rule=rule):
            return {"rule": rule}
        case Snooze(until=until):
            return {"until": str(until)}
        case Promise(due_at=due_at):
            return {"due_at": str(due_at), "kept": "yes" if command.kept else ""}
        case LinkCase(other=other, kind=kind) | UnlinkCase(other=other, kind=kind):
            return {"other": str(other), "kind": str(kind)}
        case FileUnder(issue=issue):
            return {"issue": str(issue), "before": str(before.issue)}
        case Prioritise(priority=priority):
            return {"priority": str(priority)}
        case _:
            return {}
