"""Erasing messages for good, and keyed tombstones that stop a catch-up from bringing them back."""

import hmac
import secrets
import sqlite3
from collections.abc import Iterable

from workstation.domain.messages import IncomingMessage, Micros
from workstation.store import search_index
from workstation.store.rows import json_text


class Tombstones:
    """The writer's memory of whether there are any, and of the key they are made with."""

    def __init__(self) -> None:
        self._any: bool | None = None

    def forget(self) -> None:
        """Remember nothing: a transaction was taken back, or something was erased."""
        self._any = None

    def among(self, connection: sqlite3.Connection, channel: int, messages: Iterable[IncomingMessage]) -> set[str]:
        """Remote ids among these that were erased here."""
        if self._any is None:
            self._any = connection.execute("SELECT 1 FROM tombstones LIMIT 1").fetchone() is not None
        if not self._any:
            return set()
        secret = key(connection)
        return {
            message.remote_id
            for message in messages
            if connection.execute(
                "SELECT 1 FROM tombstones WHERE key = ?", (stone(secret, channel, message.remote_id),)
            ).fetchone()
        }


def key(connection: sqlite3.Connection) -> bytes:
    """The desk's key; without it a tombstone does not tell what lies under it."""
    connection.execute("INSERT OR IGNORE INTO desk (name, value) VALUES ('tombstone_key', ?)", (secrets.token_hex(32),))
    row = connection.execute("SELECT value FROM desk WHERE name = 'tombstone_key'").fetchone()
    return bytes.fromhex(row[0])


def stone(secret: bytes, channel: int, remote_id: str) -> bytes:
    """The tombstone of a message."""
    return hmac.digest(secret, f"{channel}\0{remote_id}".encode("utf-8", "replace"), "sha256")


def erase(connection: sqlite3.Connection, ids: Iterable[int], now: Micros) -> set[int]:
    """Remove messages from rows, revisions, index and the outbox's texts; returns the cases they belonged to.

    Drafts and notes of a case go when none of its messages is left. The caller empties the journal afterwards.
    """
    wanted = json_text(sorted(ids))
    chosen = "IN (SELECT value FROM json_each(?))"
    rows = connection.execute(
        f"SELECT id, channel, remote_id, case_id FROM messages WHERE id {chosen}", (wanted,)
    ).fetchall()
    if not rows:
        return set()
    secret = key(connection)
    connection.executemany(
        "INSERT OR IGNORE INTO tombstones (key, at) VALUES (?, ?)",
        [(stone(secret, channel, remote_id), now) for _, channel, remote_id, _ in rows],
    )
    connection.execute(
        "INSERT INTO desk (name, value) SELECT 'last_message', max(id) FROM messages WHERE true"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    )
    for number, channel, remote_id, _ in rows:
        search_index.remove(connection, number)
        connection.execute(
            "UPDATE outbox SET text = '', spoiler = '', options = '{}', target = '', account = '', detail = '{}'"
            " WHERE message = ? OR (channel = ? AND remote_id = ? AND remote_id <> '')",
            (number, channel, remote_id),
        )
    for table, column in (("revisions", "message"), ("message_sources", "message"), ("messages", "id")):
        connection.execute(f"DELETE FROM {table} WHERE {column} {chosen}", (wanted,))
    connection.execute("INSERT INTO search (search) VALUES ('optimize')")  # terms leave the index only by merging
    cases = {row[3] for row in rows if row[3]}
    for case in cases:
        _empty(connection, case)
    return cases


def _empty(connection: sqlite3.Connection, case: int) -> None:
    """Move a case's face, or drop everything written about a case that has no message left."""
    row = connection.execute(
        "SELECT id FROM messages WHERE case_id = ? AND case_id > 0 ORDER BY own, created_at DESC, id DESC LIMIT 1",
        (case,),
    ).fetchone()
    if row is not None:
        connection.execute("UPDATE cases SET face = ? WHERE id = ?", (row[0], case))
        return
    for table in ("notes", "audits", "claims", "case_tags"):
        connection.execute(f"DELETE FROM {table} WHERE case_id = ?", (case,))
    connection.execute("DELETE FROM drafts WHERE key = ?", (f"case:{case}",))
    connection.execute("DELETE FROM cases WHERE id = ?", (case,))
