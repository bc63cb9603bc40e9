"""Posts to several channels: drafts journalled as they are typed, and planned ones with their rows of the outbox.

A post has at most one living row for each channel (a unique index): whatever is edited, moved or taken back and
planned again, it cannot be on its way to a channel twice.
"""

import sqlite3
from collections.abc import Callable, Sequence

import msgspec

from workstation.domain.changes import ChangeSet
from workstation.domain.errors import NotFoundError
from workstation.domain.messages import Micros
from workstation.domain.outbox import Operation
from workstation.domain.posts import Part, Picture, PictureData, Post, Posted, Stage, latest_rows
from workstation.store import changelog
from workstation.store.cleaning import clean_text
from workstation.store.database import Database, Transaction
from workstation.store.outbox_rows import COLUMNS, insert, outgoing
from workstation.store.rows import json_text

_POST = "id, stage, text, spoiler, language, parts, at, zone, replaces, source, address, caret, updated_at"
_parts = msgspec.json.Decoder(tuple[Part, ...])
LISTED = 1_000
"""Posts that a calendar shows at most."""
UNSENT = ("queued", "waits")
"""States of rows that have certainly not left, and may still."""
THROWN_KEPT: Micros = 3_600_000_000
"""How long a draft that was thrown away can be had back at least."""


class Posts:
    """Everything about posts."""

    def __init__(self, database: Database, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._clock = clock

    # -- drafts ----------------------------------------------------------------------------------------------------

    async def save(self, post: Post) -> Post:
        """Journal a draft, new if its id is 0; returns it with its id."""
        now = self._clock()

        def job(transaction: Transaction) -> Post:
            return _save(transaction.connection, msgspec.structs.replace(post, stage=Stage.DRAFT, updated_at=now))

        return await self._database.write(job)

    async def drafts(self) -> tuple[Post, ...]:
        """Every draft, the latest first."""

        def job(connection: sqlite3.Connection) -> tuple[Post, ...]:
            rows = connection.execute(f"SELECT {_POST} FROM posts WHERE stage = 'draft' ORDER BY updated_at DESC, id")
            return tuple(_post(connection, row) for row in rows.fetchall())

        return await self._database.read(job)

    async def discard(self, draft: int) -> None:
        """Throw a draft away; those thrown away some time ago are forgotten with their pictures."""
        now = self._clock()

        def job(transaction: Transaction) -> None:
            connection = transaction.connection
            connection.execute(
                "UPDATE posts SET stage = 'thrown', updated_at = ? WHERE id = ? AND stage = 'draft'", (now, draft)
            )
            old = "SELECT id FROM posts WHERE stage = 'thrown' AND updated_at < ?"
            connection.execute(f"DELETE FROM post_pictures WHERE post IN ({old})", (now - THROWN_KEPT,))
            connection.execute("DELETE FROM posts WHERE stage = 'thrown' AND updated_at < ?", (now - THROWN_KEPT,))

        await self._database.write(job)

    async def restore(self, draft: int) -> None:
        """Have back what was thrown away."""

        def job(transaction: Transaction) -> None:
            transaction.connection.execute(
                "UPDATE posts SET stage = 'draft' WHERE id = ? AND stage = 'thrown'", (draft,)
            )

        await self._database.write(job)

    async def attach(self, draft: int, picture: PictureData) -> Picture:
        """Keep a picture with a draft."""
        name, alt = clean_text(picture.name), clean_text(picture.alt)

        def job(transaction: Transaction) -> Picture:
            row = transaction.connection.execute(
                "INSERT INTO post_pictures (post, name, kind, alt, data) VALUES (?, ?, ?, ?, ?)",
                (draft, name, picture.kind, alt, picture.data),
            )
            return Picture(row.lastrowid or 0, name, picture.kind, len(picture.data), alt)

        return await self._database.write(job)

    async def detach(self, picture: int) -> None:
        """Forget a picture."""

        def job(transaction: Transaction) -> None:
            transaction.connection.execute("DELETE FROM post_pictures WHERE id = ?", (picture,))

        await self._database.write(job)

    async def pictures(self, post: int) -> tuple[PictureData, ...]:
        """A post's pictures with their bytes, in their order."""

        def job(connection: sqlite3.Connection) -> tuple[PictureData, ...]:
            rows = connection.execute(
                "SELECT kind, data, alt, name FROM post_pictures WHERE post = ? ORDER BY id", (post,)
            )
            return tuple(PictureData(kind, bytes(data), alt, name) for kind, data, alt, name in rows)

        return await self._database.read(job)

    async def picture(self, number: int) -> PictureData | None:
        """One picture with its bytes."""

        def job(connection: sqlite3.Connection) -> PictureData | None:
            row = connection.execute(
                "SELECT kind, data, alt, name FROM post_pictures WHERE id = ?", (number,)
            ).fetchone()
            return None if row is None else PictureData(row[0], bytes(row[1]), row[2], row[3])

        return await self._database.read(job)

    async def copy(self, post: Post) -> Post:
        """A draft with the content of `post`, its pictures copied from those of `post.id`."""
        now = self._clock()

        def job(transaction: Transaction) -> Post:
            connection = transaction.connection
            bare = msgspec.structs.replace(post, id=0, stage=Stage.DRAFT, pictures=(), updated_at=now)
            made = _save(connection, bare)
            connection.execute(
                "INSERT INTO post_pictures (post, name, kind, alt, data)"
                " SELECT ?, name, kind, alt, data FROM post_pictures WHERE post = ? ORDER BY id",
                (made.id, post.id),
            )
            return msgspec.structs.replace(made, pictures=_pictures(connection, made.id))

        return await self._database.write(job)

    # -- planned posts ---------------------------------------------------------------------------------------------

    async def plan(
        self, draft: Post, operations: Sequence[tuple[int, Operation]], not_before: Micros, latest: Micros
    ) -> tuple[Posted, ChangeSet]:
        """Put a draft's operations, as (channel, operation), into the outbox: all in one step, durable on return.

        `latest` is until when they may leave by themselves, 0 for ever. An edit takes what it replaces out of the
        outbox in the same step; channels on which that has left already get nothing more. NotFoundError for a draft
        that is none any more.
        """

        def job(transaction: Transaction) -> tuple[Posted, ChangeSet]:
            connection, now = transaction.connection, self._clock()
            number = _settle(connection, draft, draft.at or not_before, now)
            replaced = _cancel(connection, number, (*UNSENT, "failed"), now)
            living = {
                row[0]
                for row in connection.execute(
                    "SELECT channel FROM outbox WHERE post = ? AND state <> 'cancelled'", (number,)
                )
            }
            fresh = [(channel, operation) for channel, operation in operations if channel not in living]
            for channel, operation in fresh:
                insert(connection, channel, operation, now, not_before, latest=latest, post=number)
            changes = _told(transaction, now, [*replaced, *(operation.id for _, operation in fresh)])
            planned = _posted(connection, number)
            assert planned is not None  # noqa: S101 - it was written above
            return planned, changes

        return await self._database.write(job, durable=True)

    async def move(self, number: int, at: Micros, latest: Micros, zone: str) -> ChangeSet | None:
        """Let what has not left go out at another time; None if everything has."""

        def job(transaction: Transaction) -> ChangeSet | None:
            connection = transaction.connection
            rows = connection.execute(
                "UPDATE outbox SET not_before = ?, latest = ? WHERE post = ? AND post > 0"
                " AND state IN (SELECT value FROM json_each(?)) RETURNING operation",
                (at, latest, number, json_text(UNSENT)),
            ).fetchall()
            if not rows:
                return None
            connection.execute("UPDATE posts SET at = ?, zone = ? WHERE id = ?", (at, zone, number))
            return _told(transaction, self._clock(), [row[0] for row in rows])

        return await self._database.write(job, durable=True)

    async def take_back(self, number: int) -> ChangeSet | None:
        """Take everything of a post back that has not left; None if there is nothing."""

        def job(transaction: Transaction) -> ChangeSet | None:
            now = self._clock()
            taken = _cancel(transaction.connection, number, UNSENT, now)
            return _told(transaction, now, taken) if taken else None

        return await self._database.write(job, durable=True)

    async def whenever(self, operation: str) -> None:
        """Let a queued operation leave however late it has become."""

        def job(transaction: Transaction) -> None:
            connection = transaction.connection
            rows = connection.execute(
                "UPDATE outbox SET latest = 0 WHERE operation = ? AND state = 'queued' AND latest > 0", (operation,)
            )
            if rows.rowcount:
                _told(transaction, self._clock(), [operation])

        await self._database.write(job, durable=True)

    async def get(self, number: int) -> Posted | None:
        """A planned post."""
        return await self._database.read(lambda connection: _posted(connection, number))

    async def between(self, start: Micros, end: Micros) -> tuple[Posted, ...]:
        """Planned posts whose time lies in [start, end), earliest first; those taken back everywhere are left out."""

        def job(connection: sqlite3.Connection) -> tuple[Posted, ...]:
            rows = connection.execute(
                "SELECT id FROM posts WHERE stage = 'planned' AND at >= ? AND at < ? AND EXISTS (SELECT 1 FROM outbox"
                " AS o WHERE o.post = posts.id AND o.post > 0 AND o.state <> 'cancelled') ORDER BY at, id LIMIT ?",
                (start, end, LISTED),
            ).fetchall()
            found = (_posted(connection, row[0]) for row in rows)
            return tuple(posted for posted in found if posted is not None)

        return await self._database.read(job)

    async def missed(self) -> tuple[Posted, ...]:
        """Posts whose time has passed unsent and that wait for a decision, the earliest first."""

        def job(connection: sqlite3.Connection) -> tuple[Posted, ...]:
            rows = connection.execute(
                "SELECT post, min(latest) FROM outbox WHERE state = 'queued' AND latest > 0 AND latest < ?"
                " AND post > 0 GROUP BY post ORDER BY 2",
                (self._clock(),),
            ).fetchall()
            found = (_posted(connection, row[0]) for row in rows)
            return tuple(posted for posted in found if posted is not None)

        return await self._database.read(job)

    async def next_missed(self) -> Micros | None:
        """When the next post is missed if it does not leave before; None if none is planned."""

        def job(connection: sqlite3.Connection) -> Micros | None:
            row = connection.execute(
                "SELECT min(latest) FROM outbox WHERE state = 'queued' AND latest > 0 AND latest >= ?", (self._clock(),)
            ).fetchone()
            return None if row[0] is None else int(row[0])

        return await self._database.read(job)


def _save(connection: sqlite3.Connection, post: Post) -> Post:
    values = (
        str(post.stage), clean_text(post.text), clean_text(post.spoiler), post.language, _parts_text(post.parts),
        post.at, post.zone, post.replaces, post.source, post.address, post.caret, post.updated_at,
    )  # fmt: skip
    number = post.id
    if number:
        # A draft that was sent or thrown away meanwhile is not brought back by a late keystroke's journal.
        connection.execute(
            "UPDATE posts SET stage = ?, text = ?, spoiler = ?, language = ?, parts = ?, at = ?, zone = ?,"
            " replaces = ?, source = ?, address = ?, caret = ?, updated_at = ? WHERE id = ? AND stage = 'draft'",
            (*values, number),
        )
    else:
        made = connection.execute(
            "INSERT INTO posts (stage, text, spoiler, language, parts, at, zone, replaces, source, address, caret,"
            " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        number = made.lastrowid or 0
    connection.executemany(
        "UPDATE post_pictures SET alt = ? WHERE id = ? AND post = ?",
        [(clean_text(picture.alt), picture.id, number) for picture in post.pictures],
    )
    return msgspec.structs.replace(post, id=number)


def _parts_text(parts: Sequence[Part]) -> str:
    cleaned = [
        msgspec.structs.replace(
            part,
            text=None if part.text is None else clean_text(part.text),
            spoiler=None if part.spoiler is None else clean_text(part.spoiler),
        )
        for part in parts
    ]
    return json_text(cleaned)


def _settle(connection: sqlite3.Connection, draft: Post, at: Micros, now: Micros) -> int:
    """Make the draft a planned post, or the planned post that it replaces what the draft says; returns its id."""
    number = draft.id
    if connection.execute("SELECT 1 FROM posts WHERE id = ? AND stage = 'draft'", (number,)).fetchone() is None:
        raise NotFoundError(what="post")  # sent or thrown away meanwhile: a second key press sends nothing more
    _save(connection, msgspec.structs.replace(draft, stage=Stage.DRAFT, updated_at=now))
    before = connection.execute("SELECT 1 FROM posts WHERE id = ? AND stage = 'planned'", (draft.replaces,)).fetchone()
    if before is not None:
        connection.execute("DELETE FROM post_pictures WHERE post = ?", (draft.replaces,))
        connection.execute("UPDATE post_pictures SET post = ? WHERE post = ?", (draft.replaces, number))
        connection.execute("DELETE FROM posts WHERE id = ?", (draft.replaces,))
        connection.execute("UPDATE posts SET id = ? WHERE id = ?", (draft.replaces, number))
        number = draft.replaces
    connection.execute("UPDATE posts SET stage = 'planned', at = ?, replaces = 0 WHERE id = ?", (at, number))
    return number


def _cancel(connection: sqlite3.Connection, number: int, states: Sequence[str], now: Micros) -> list[str]:
    """The operations that were taken back."""
    rows = connection.execute(
        "UPDATE outbox SET state = 'cancelled', finished_at = ? WHERE post = ? AND post > 0"
        " AND state IN (SELECT value FROM json_each(?)) RETURNING operation",
        (now, number, json_text(list(states))),
    )
    return [row[0] for row in rows.fetchall()]


def _told(transaction: Transaction, now: Micros, operations: Sequence[str]) -> ChangeSet:
    rows = transaction.connection.execute(
        f"SELECT {COLUMNS} FROM outbox WHERE operation IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json_text(list(operations)),),
    )
    return changelog.publish(transaction, now, outbox=tuple(outgoing(row) for row in rows.fetchall()))


def _pictures(connection: sqlite3.Connection, post: int) -> tuple[Picture, ...]:
    rows = connection.execute(
        "SELECT id, name, kind, length(data), alt FROM post_pictures WHERE post = ? ORDER BY id", (post,)
    )
    return tuple(Picture(*row) for row in rows)


def _post(connection: sqlite3.Connection, row: tuple[object, ...]) -> Post:
    number, stage, text, spoiler, language, parts, at, zone, replaces, source, address, caret, updated_at = row
    return msgspec.convert(
        {
            "id": number, "stage": stage, "text": text, "spoiler": spoiler, "language": language,
            "parts": _parts.decode(str(parts)), "pictures": _pictures(connection, int(str(number))), "at": at,
            "zone": zone, "replaces": replaces, "source": source, "address": address, "caret": caret,
            "updated_at": updated_at,
        },
        Post,
    )  # fmt: skip


def _posted(connection: sqlite3.Connection, number: int) -> Posted | None:
    row = connection.execute(f"SELECT {_POST} FROM posts WHERE id = ? AND stage = 'planned'", (number,)).fetchone()
    if row is None:
        return None
    rows = connection.execute(f"SELECT {COLUMNS} FROM outbox WHERE post = ? AND post > 0 ORDER BY id", (number,))
    return Posted(_post(connection, row), latest_rows(outgoing(each) for each in rows.fetchall()))
