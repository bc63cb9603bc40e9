"""Evidence: what a message and its author looked like before we acted on them, hashed, chained and expiring.

A body is canonical JSON (sorted keys, no spaces, UTF-8) with 128 random bits in it. Its digest is the SHA-256 of those
bytes; the link is the SHA-256 of the link before and the digest, so that nothing can be changed, put in or taken out
unseen. A body that expired or was erased leaves digest and link behind: they tell nothing, and the chain stays whole.
"""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from workstation.domain.messages import Micros
from workstation.domain.outbox import Act, Operation
from workstation.domain.privacy import Snapshot, Verified
from workstation.store.database import Database, Transaction
from workstation.store.rows import json_text

KEPT: Micros = 90 * 86_400_000_000
"""How long a snapshot is kept unless the desk says otherwise."""
FORMAT = 1
TAKEN = frozenset(
    {
        Act.DELETE, Act.MUTE, Act.BLOCK, Act.REPORT, Act.RESOLVE_REPORT, Act.WARN_ACCOUNT, Act.FREEZE_ACCOUNT,
        Act.MARK_SENSITIVE, Act.LIMIT_ACCOUNT, Act.SUSPEND_ACCOUNT,
    }
)  # fmt: skip
"""Acts before which a snapshot is taken."""
_COLUMNS = "id, at, expires_at, act, channel, message, author, body, digest, link, gone"
_MESSAGE = (
    "remote_id", "kind", "text", "created_at", "received_at", "branch", "reply_to", "address", "language",
    "visibility", "spoiler", "edited_at", "deleted_at", "revision", "own", "subject",
)  # fmt: skip
_AUTHOR = ("network", "remote_id", "handle", "name", "url", "bot", "followers")


def canonical(value: Any) -> str:
    """The one JSON text of a value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(body: str) -> str:
    """SHA-256 of a body, in hexadecimal."""
    return hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()


def link_of(before: str, digest: str) -> str:
    """The link that follows `before`, in hexadecimal."""
    return hashlib.sha256(f"{before}{digest}".encode()).hexdigest()


def take(connection: sqlite3.Connection, channel: int, operation: Operation, message: int, now: Micros) -> int:
    """A snapshot before an operation, in its transaction; its id, or 0 where there is nothing to keep."""
    if operation.act not in TAKEN:
        return 0
    row = connection.execute(
        f"SELECT id, author, case_id, media, mentions, {', '.join(_MESSAGE)} FROM messages WHERE id = ? OR (? = 0 AND"
        " channel = ? AND remote_id = ?) LIMIT 1",
        (message, message, channel, operation.target),
    ).fetchone()
    if row is None:
        return 0
    number, author, case, media, mentions, *values = row
    body = canonical(
        {
            "format": FORMAT,
            "nonce": secrets.token_hex(16),
            "taken_at": now,
            "act": str(operation.act),
            "options": operation.options,
            "channel": _channel(connection, channel),
            "message": dict(zip(_MESSAGE, values, strict=True))
            | {"media": json.loads(media or "[]"), "mentions": json.loads(mentions or "[]")},
            "revisions": _revisions(connection, number),
            "author": _author(connection, author),
            "case": _case(connection, case),
        }
    )
    before = connection.execute("SELECT link FROM evidence ORDER BY id DESC LIMIT 1").fetchone()
    digest = digest_of(body)
    inserted = connection.execute(
        "INSERT INTO evidence (at, expires_at, act, channel, message, author, case_id, body, digest, link)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            now, now + _kept(connection), operation.act, channel, number, author, case, body, digest,
            link_of(before[0] if before else "", digest),
        ),
    )  # fmt: skip
    return inserted.lastrowid or 0


def _kept(connection: sqlite3.Connection) -> Micros:
    row = connection.execute("SELECT value FROM desk WHERE name = 'evidence_days'").fetchone()
    return int(row[0]) * 86_400_000_000 if row is not None else KEPT


def _channel(connection: sqlite3.Connection, channel: int) -> dict[str, Any]:
    row = connection.execute("SELECT kind, name, server FROM channels WHERE id = ?", (channel,)).fetchone()
    return dict(zip(("kind", "name", "server"), row or ("", "", ""), strict=True))


def _revisions(connection: sqlite3.Connection, message: int) -> list[dict[str, Any]]:
    rows = connection.execute(
        "SELECT number, text, spoiler, at FROM revisions WHERE message = ? ORDER BY number", (message,)
    )
    return [dict(zip(("number", "text", "spoiler", "at"), row, strict=True)) for row in rows]


def _author(connection: sqlite3.Connection, author: int) -> dict[str, Any]:
    row = connection.execute(f"SELECT {', '.join(_AUTHOR)} FROM authors WHERE id = ?", (author,)).fetchone()
    return {} if row is None else dict(zip(_AUTHOR, row, strict=True))


def _case(connection: sqlite3.Connection, case: int) -> dict[str, Any]:
    row = connection.execute("SELECT status, outcome, tags, opened_at FROM cases WHERE id = ?", (case,)).fetchone()
    if row is None:
        return {}
    status, outcome, tags, opened_at = row
    return {"status": status, "outcome": outcome, "tags": json.loads(tags or "[]"), "opened_at": opened_at}


def drop(connection: sqlite3.Connection, column: str, numbers: Iterable[int], why: str) -> int:
    """Take the bodies away of snapshots whose `column` is one of these; how many went."""
    wanted = json_text([each for each in numbers if each])
    chosen = f"{column} IN (SELECT value FROM json_each(?)) AND body <> ''"
    return connection.execute(f"UPDATE evidence SET body = '', gone = ? WHERE {chosen}", (why, wanted)).rowcount


def verify(connection: sqlite3.Connection) -> Verified:
    """Recompute the chain from its beginning."""
    before, checked = "", 0
    for number, body, digest, link, gone in connection.execute(
        "SELECT id, body, digest, link, gone FROM evidence ORDER BY id"
    ):
        whole = digest_of(body) == digest if body else bool(gone)
        if not whole or link != link_of(before, digest):
            return Verified(checked, number)
        before, checked = link, checked + 1
    return Verified(checked)


class Evidence:
    """Everything about snapshots."""

    def __init__(self, database: Database, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._clock = clock

    async def list(self, limit: int = 500) -> tuple[Snapshot, ...]:
        """The latest snapshots, newest first."""

        def job(connection: sqlite3.Connection) -> tuple[Snapshot, ...]:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM evidence ORDER BY id DESC LIMIT ?", (limit,))
            return tuple(Snapshot(*row) for row in rows)

        return await self._database.read(job)

    async def verify(self) -> Verified:
        """Whether every snapshot is as it was taken, and none is missing between two others."""
        return await self._database.read(verify, lane="search")

    async def expire(self) -> int:
        """Take away the bodies whose time is over, unless they are under legal hold; how many went."""
        now = self._clock()

        def job(transaction: Transaction) -> int:
            rows = transaction.connection.execute(
                "SELECT id FROM evidence WHERE body <> '' AND expires_at <= ?"
                " AND case_id NOT IN (SELECT case_id FROM holds WHERE case_id > 0)"
                " AND author NOT IN (SELECT author FROM holds WHERE author > 0)",
                (now,),
            ).fetchall()
            return drop(transaction.connection, "id", [row[0] for row in rows], "expired")

        return await self._database.write(job)

    async def days(self) -> int:
        """How many days a new snapshot is kept."""
        return await self._database.read(lambda connection: _kept(connection) // 86_400_000_000)

    async def set_days(self, days: int) -> None:
        """Keep new snapshots for so many days."""

        def job(transaction: Transaction) -> None:
            transaction.connection.execute(
                "INSERT INTO desk (name, value) VALUES ('evidence_days', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (str(days),),
            )

        await self._database.write(job)
