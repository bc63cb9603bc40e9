"""Erasing messages and cases for good: rows, versions, index, outbox, and what others' rows say of them.

Everything here works on whatever tables a file has, so that copies from before a change of format can be erased too.
"""

import sqlite3
from collections.abc import Iterable
from functools import lru_cache

from workstation.domain.messages import Micros
from workstation.store import search_index, stones
from workstation.store.personal import OWNED
from workstation.store.rows import json_text

CHOSEN = "IN (SELECT value FROM json_each(?))"
MERGED_PAGES = 500
"""Pages of the search index that one step merges."""
_UNSENT = "('waits', 'queued', 'failed', 'unknown')"
_BLANK = (
    "text = '', spoiler = '', options = '{}', target = '', account = '', address = '', remote_id = '', detail = '{}'"
)


def tables(connection: sqlite3.Connection) -> frozenset[str]:
    """Names of the tables in the file."""
    return frozenset(row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))


@lru_cache(maxsize=16)
def _owned(to: str, known: frozenset[str]) -> tuple[tuple[str, str], ...]:
    return tuple((table, column) for table, column, owner in OWNED if owner == to and table in known)


def owned(connection: sqlite3.Connection, to: str) -> tuple[tuple[str, str], ...]:
    """Tables of this file whose rows go with a "message", "case", "author" or "operation", and by which column."""
    return _owned(to, tables(connection))


def erase(connection: sqlite3.Connection, ids: Iterable[int], now: Micros) -> set[int]:
    """Remove messages; returns the cases they belonged to.

    Drafts and notes of a case go when none of its messages is left. The caller merges the index and empties the
    journal afterwards: until then the words are in the files.
    """
    rows = connection.execute(
        f"SELECT id, channel, remote_id, case_id FROM messages WHERE id {CHOSEN}", (json_text(sorted(ids)),)
    ).fetchall()
    if not rows:
        return set()
    cases = {row[3] for row in rows if row[3]}
    drop_messages(connection, [(row[0], row[1], row[2]) for row in rows], now)
    for case in cases:
        _empty(connection, case)
    return cases


def drop_messages(connection: sqlite3.Connection, rows: list[tuple[int, int, str]], now: Micros) -> None:
    """Remove messages given by id, channel and the network's id, and raise their tombstones; cases stay as they are."""
    secret = stones.key(connection)
    wanted = json_text([row[0] for row in rows])
    addresses = connection.execute(f"SELECT address FROM messages WHERE id {CHOSEN} AND address <> ''", (wanted,))
    keys = [stones.address(secret, row[0]) for row in addresses]
    keys += [stones.message(secret, channel, remote_id) for _, channel, remote_id in rows]
    stones.put(connection, keys, now)
    connection.execute(
        "INSERT INTO desk (name, value) SELECT 'last_message', max(id) FROM messages WHERE true"
        " ON CONFLICT (name) DO UPDATE SET value = max(CAST(value AS INTEGER), excluded.value)"
    )
    for number, _, _ in rows:
        search_index.remove(connection, number)
    _drop_operations(connection, "message", wanted)
    for table, column in owned(connection, "message"):
        connection.execute(f"DELETE FROM {table} WHERE {column} {CHOSEN}", (wanted,))
    drafts = json_text([f"{act}:{row[0]}" for row in rows for act in ("reply", "edit")])
    connection.execute(f"DELETE FROM drafts WHERE key {CHOSEN}", (drafts,))
    connection.execute(f"DELETE FROM messages WHERE id {CHOSEN}", (wanted,))
    by_channel: dict[int, list[str]] = {}
    for _, channel, remote_id in rows:
        by_channel.setdefault(channel, []).append(remote_id)
    for channel, remote_ids in by_channel.items():
        _drop_references(connection, secret, channel, remote_ids)


def _drop_operations(connection: sqlite3.Connection, column: str, wanted: str) -> None:
    """Blank what the outbox holds of these; what has not left is taken back. The rows stay: nothing is sent twice."""
    for table, name in owned(connection, "operation"):
        connection.execute(
            f"DELETE FROM {table} WHERE {name} IN (SELECT operation FROM outbox WHERE {column} {CHOSEN})", (wanted,)
        )
    connection.execute(
        f"UPDATE outbox SET state = CASE WHEN state IN {_UNSENT} THEN 'cancelled' ELSE state END, {_BLANK}"
        f" WHERE {column} {CHOSEN}",
        (wanted,),
    )


def _drop_references(connection: sqlite3.Connection, secret: bytes, channel: int, remote_ids: list[str]) -> None:
    """Where others answer an erased message, an opaque id keeps their thread together."""
    known = json_text(remote_ids)
    pairs = [(stones.opaque(secret, channel, each), channel, each) for each in remote_ids if each]
    connection.executemany(
        "UPDATE messages SET reply_to = ? WHERE channel = ? AND reply_to = ? AND reply_to <> ''", pairs
    )
    connection.executemany(
        "UPDATE messages SET branch = ? WHERE channel = ? AND branch = ? AND branch <> remote_id", pairs
    )
    connection.executemany("UPDATE cases SET branch = ? WHERE channel = ? AND branch = ?", pairs)
    connection.execute(
        f"UPDATE messages SET subject = '' WHERE kind <> 'post' AND channel = ? AND subject {CHOSEN}", (channel, known)
    )
    connection.execute(
        f"UPDATE outbox SET {_BLANK} WHERE channel = ?1 AND (target IN (SELECT value FROM json_each(?2))"
        " OR remote_id IN (SELECT value FROM json_each(?2) WHERE value <> ''))",
        (channel, known),
    )
    for table in ("early_deletions", "rejects"):
        connection.execute(f"DELETE FROM {table} WHERE channel = ? AND remote_id {CHOSEN}", (channel, known))


def drop_cases(connection: sqlite3.Connection, cases: Iterable[int]) -> None:
    """Remove cases with everything written about them; messages of others in them stay, without a case."""
    numbers = sorted(cases)
    wanted = json_text(numbers)
    _drop_operations(connection, "case_id", wanted)
    for table, column in owned(connection, "case"):
        connection.execute(f"DELETE FROM {table} WHERE {column} {CHOSEN}", (wanted,))
    connection.execute(f"DELETE FROM drafts WHERE key {CHOSEN}", (json_text([f"case:{each}" for each in numbers]),))
    connection.execute(f"UPDATE messages SET case_id = 0 WHERE case_id {CHOSEN} AND case_id > 0", (wanted,))
    connection.execute(f"DELETE FROM cases WHERE id {CHOSEN}", (wanted,))


def _empty(connection: sqlite3.Connection, case: int) -> None:
    """Move a case's face, or drop everything written about a case that has no message left."""
    if not move_face(connection, case):
        drop_cases(connection, (case,))


def move_face(connection: sqlite3.Connection, case: int) -> bool:
    """Let the latest message that is left stand for the case; False if none is."""
    row = connection.execute(
        "SELECT id FROM messages WHERE case_id = ? AND case_id > 0 ORDER BY own, created_at DESC, id DESC LIMIT 1",
        (case,),
    ).fetchone()
    if row is not None:
        connection.execute("UPDATE cases SET face = ? WHERE id = ?", (row[0], case))
    return row is not None


def indexes(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The search indexes in the file."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5(%'")
    return tuple(row[0] for row in rows)


def merge_step(connection: sqlite3.Connection, index: str, *, first: bool) -> bool:
    """Merge a search index a little further; whether there may be more to do.

    Words leave the index only when the part that holds them is merged with the part that took them out.
    """
    before = connection.total_changes
    pages = -MERGED_PAGES if first else MERGED_PAGES
    connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", (pages,))
    return connection.total_changes - before > 1


def merge_index(connection: sqlite3.Connection) -> None:
    """Merge all search indexes in one go."""
    for index in indexes(connection):
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")
