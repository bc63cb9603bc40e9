"""Retention: solved cases of a channel go with their messages after so many days, a few at a time; and legal holds."""

import sqlite3
from collections.abc import Callable

from workstation.domain.changes import ChangeSet
from workstation.domain.messages import Micros
from workstation.domain.privacy import Expiring, Hold, RetentionRule
from workstation.store import changelog, erasure
from workstation.store.database import Database, Transaction
from workstation.store.ingest import Intake
from workstation.store.rows import json_text

DAY: Micros = 86_400_000_000
CASES_AT_ONCE = 20
"""Cases in one step: a step is short, so that nothing else waits for it."""

_PERSON = (
    "SELECT b.id FROM holds AS h JOIN authors AS a ON a.id = h.author JOIN authors AS b ON b.id = a.id"
    " OR (a.person IS NOT NULL AND b.person = a.person) WHERE h.author > 0"
)
HELD_CASES = (
    f"SELECT case_id FROM holds WHERE case_id > 0 UNION SELECT c.id FROM cases AS c WHERE c.customer IN ({_PERSON})"
)
"""Cases under hold: by themselves, or because of the person they are about."""
_OLD = (
    "c.channel = ?1 AND c.solved_at > 0 AND c.solved_at < ?2 AND c.status = 'solved' AND NOT EXISTS (SELECT 1 FROM"
    " outbox AS o WHERE o.case_id = c.id AND o.case_id > 0 AND o.state IN ('queued', 'sending', 'unknown'))"
)
"""Solved long enough ago, with nothing on its way."""


def held_cases(connection: sqlite3.Connection) -> frozenset[int]:
    """Ids of all cases under hold."""
    return frozenset(row[0] for row in connection.execute(HELD_CASES))


class Retention:
    """Rules by channel, what they would remove, and the removing."""

    def __init__(self, database: Database, intake: Intake, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._intake = intake
        self._clock = clock

    async def rules(self) -> tuple[RetentionRule, ...]:
        """The rules there are."""

        def job(connection: sqlite3.Connection) -> tuple[RetentionRule, ...]:
            rows = connection.execute("SELECT channel, days, ran_at FROM retention ORDER BY channel")
            return tuple(RetentionRule(*row) for row in rows)

        return await self._database.read(job)

    async def set_days(self, channel: int, days: int) -> None:
        """Keep solved cases of a channel for so many days; 0 keeps them for ever."""

        def job(transaction: Transaction) -> None:
            if not days:
                transaction.connection.execute("DELETE FROM retention WHERE channel = ?", (channel,))
                return
            transaction.connection.execute(
                "INSERT INTO retention (channel, days, ran_at) VALUES (?, ?, 0)"
                " ON CONFLICT (channel) DO UPDATE SET days = excluded.days",
                (channel, days),
            )

        await self._database.write(job)

    async def expiring(self, channel: int, days: int) -> Expiring:
        """What a rule of so many days would remove of a channel now."""
        before = self._clock() - days * DAY

        def job(connection: sqlite3.Connection) -> Expiring:
            cases, held, oldest = connection.execute(
                f"SELECT count(*) FILTER (WHERE h IS NULL), count(h), min(solved_at) FROM (SELECT c.solved_at, held.id"
                f" AS h FROM cases AS c LEFT JOIN (SELECT case_id AS id FROM ({HELD_CASES})) AS held ON held.id = c.id"
                f" WHERE {_OLD})",
                (channel, before),
            ).fetchone()
            (messages,) = connection.execute(
                f"SELECT count(*) FROM cases AS c JOIN messages AS m ON m.case_id = c.id AND m.case_id > 0 WHERE {_OLD}"
                f" AND c.id NOT IN ({HELD_CASES})",
                (channel, before),
            ).fetchone()
            return Expiring(channel, cases, messages, held, oldest or 0)

        return await self._database.read(job, lane="search")

    async def step(self, channel: int, days: int) -> int:
        """Remove the next few cases that are too old; how many messages went, 0 at the end."""
        now = self._clock()

        def job(transaction: Transaction) -> int:
            connection = transaction.connection
            transaction.on_rollback(self._intake.forget)
            cases = [
                row[0]
                for row in connection.execute(
                    f"SELECT c.id FROM cases AS c WHERE {_OLD} AND c.id NOT IN ({HELD_CASES}) LIMIT {CASES_AT_ONCE}",
                    (channel, now - days * DAY),
                )
            ]
            if not cases:
                connection.execute("UPDATE retention SET ran_at = ? WHERE channel = ?", (now, channel))
                return 0
            rows = connection.execute(
                f"SELECT id, channel, remote_id FROM messages WHERE case_id {erasure.CHOSEN} AND case_id > 0",
                (json_text(cases),),
            ).fetchall()
            if rows:
                erasure.drop_messages(connection, rows, now)
            erasure.drop_cases(connection, cases)
            self._intake.forget()
            changelog.publish(transaction, now, removed=[row[0] for row in rows], gone=cases, reload=True)
            return max(1, len(rows))

        return await self._database.write(job)

    # -- holds -----------------------------------------------------------------------------------------------------

    async def holds(self) -> tuple[Hold, ...]:
        """All legal holds, newest first."""
        return await self._database.read(holds)

    async def hold(self, reason: str, *, case: int = 0, author: int = 0) -> ChangeSet:
        """Put a case or an account, and so its person, under hold; a hold that is there gets the new reason."""

        def job(transaction: Transaction) -> ChangeSet:
            now = self._clock()
            transaction.connection.execute(
                "INSERT INTO holds (case_id, author, reason, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (case_id, author) DO UPDATE SET reason = excluded.reason",
                (case, author, reason, now),
            )
            return changelog.publish(transaction, now, cases=[case] if case else ())

        return await self._database.write(job)

    async def lift(self, hold: int) -> ChangeSet:
        """End a hold."""

        def job(transaction: Transaction) -> ChangeSet:
            transaction.connection.execute("DELETE FROM holds WHERE id = ?", (hold,))
            return changelog.publish(transaction, self._clock())

        return await self._database.write(job)


def holds(connection: sqlite3.Connection) -> tuple[Hold, ...]:
    """All legal holds, newest first, each with the handle it is about."""
    rows = connection.execute(
        "SELECT h.id, h.case_id, h.author, h.reason, h.at, ifnull(a.handle, '') FROM holds AS h"
        " LEFT JOIN cases AS c ON c.id = h.case_id AND h.case_id > 0"
        " LEFT JOIN authors AS a ON a.id = CASE WHEN h.author > 0 THEN h.author ELSE c.customer END ORDER BY h.id DESC"
    )
    return tuple(Hold(*row) for row in rows)
