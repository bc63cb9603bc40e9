"""Known issues: what many cases are about, with the cases that link to each."""

import sqlite3
from collections.abc import Callable

from workstation.domain.cases import Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.errors import NotFoundError, StaleError
from workstation.domain.messages import Micros
from workstation.domain.ties import Issue, IssueState
from workstation.store import changelog
from workstation.store.database import Database, Transaction
from workstation.store.rows import Row, faces_of

LISTED = 1_000
_ISSUE = (
    "i.id, i.title, i.text, i.state, i.created_at, i.closed_at,"
    " (SELECT count(*) FROM cases AS c WHERE c.issue = i.id AND c.issue > 0),"
    " (SELECT count(*) FROM cases AS c WHERE c.issue = i.id AND c.issue > 0 AND c.status <> 'solved'), i.version"
)


class Issues:
    """Everything about known issues; see the module's text."""

    def __init__(self, database: Database, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._clock = clock

    async def list(self) -> tuple[Issue, ...]:
        """All of them: open ones first, the latest first."""

        def job(connection: sqlite3.Connection) -> tuple[Issue, ...]:
            rows = connection.execute(
                f"SELECT {_ISSUE} FROM issues AS i ORDER BY i.state = 'closed', i.created_at DESC, i.id DESC LIMIT ?",
                (LISTED,),
            )
            return tuple(_issue(row) for row in rows)

        return await self._database.read(job)

    async def get(self, number: int) -> Issue | None:
        """One of them."""
        return await self._database.read(lambda c: _get(c, number))

    async def cases(self, number: int, limit: int = 500) -> tuple[Entry, ...]:
        """The cases that link to it with their faces, those that are not solved first."""

        def job(connection: sqlite3.Connection) -> tuple[Entry, ...]:
            rows = connection.execute(
                "SELECT id FROM cases WHERE issue = ? AND issue > 0 ORDER BY status = 'solved', inbound_at LIMIT ?",
                (number, limit),
            )
            order = {row[0]: place for place, row in enumerate(rows)}
            faces = faces_of(connection, order)
            return tuple(sorted(faces, key=lambda face: order[face.case.id] if face.case is not None else 0))

        return await self._database.read(job)

    async def save(self, issue: Issue) -> tuple[ChangeSet, Issue]:
        """Write a new one (id 0) or a change down and return it as it is now.

        StaleError if it was changed since it was read: what it had then is not what would be lost now.
        """

        def job(transaction: Transaction) -> tuple[ChangeSet, Issue]:
            connection, now = transaction.connection, self._clock()
            number = _write(connection, issue, now)
            rows = connection.execute("SELECT id FROM cases WHERE issue = ? AND issue > 0 LIMIT 500", (number,))
            changes = changelog.publish(transaction, now, cases=[row[0] for row in rows])
            stored = _get(connection, number)
            if stored is None:
                raise NotFoundError(what="issue")
            return changes, stored

        return await self._database.write(job)

    async def remove(self, number: int, version: int) -> ChangeSet:
        """Take a new one back; StaleError if it was changed, or a case links to it."""

        def job(transaction: Transaction) -> ChangeSet:
            connection = transaction.connection
            gone = connection.execute(
                "DELETE FROM issues WHERE id = ? AND version = ?"
                " AND NOT EXISTS (SELECT 1 FROM cases WHERE issue = issues.id AND issue > 0)",
                (number, version),
            )
            if not gone.rowcount:
                raise StaleError
            return changelog.publish(transaction, self._clock())

        return await self._database.write(job)


def _write(connection: sqlite3.Connection, issue: Issue, now: Micros) -> int:
    closed_at = (issue.closed_at or now) if issue.state is IssueState.CLOSED else 0
    if not issue.id:
        row = connection.execute(
            "INSERT INTO issues (title, text, state, created_at, closed_at, version) VALUES (?, ?, ?, ?, ?, 1)",
            (issue.title, issue.text, issue.state, now, closed_at),
        )
        return row.lastrowid or 0
    changed = connection.execute(
        "UPDATE issues SET title = ?, text = ?, state = ?, closed_at = ?, version = version + 1"
        " WHERE id = ? AND version = ?",
        (issue.title, issue.text, issue.state, closed_at, issue.id, issue.version),
    )
    if not changed.rowcount:
        raise StaleError
    return issue.id


def _get(connection: sqlite3.Connection, number: int) -> Issue | None:
    row = connection.execute(f"SELECT {_ISSUE} FROM issues AS i WHERE i.id = ?", (number,)).fetchone()
    return None if row is None else _issue(row)


def _issue(row: Row) -> Issue:
    return Issue(row[0], row[1], row[2], IssueState(row[3]), *row[4:9])
