"""What is seen again: edits become revisions, marks and sources are joined, deletions are noted."""

import sqlite3

import msgspec

from workstation.domain.messages import OPENS_CASE, Deletion, IncomingMessage, Mark, Micros
from workstation.store import search_index, spoken
from workstation.store.rows import KINDS, bits, json_text

EARLY_KEPT = 10_000
"""Deletions of messages that never came are kept for this many, then the oldest are dropped."""
_LOCAL = bits((Mark.SPAM, Mark.FOLDED, Mark.GUESSED))
"""Marks that are ours alone: the network never takes them away."""
_TOLD = bits((Mark.TITLED, Mark.HELD, Mark.HIDDEN, Mark.TRASHED, Mark.JUNK, Mark.AUTOMATIC, Mark.ENCRYPTED, Mark.EMPTY))
"""Marks that whoever tells of a message always tells in full; streams leave out the others."""


class Merged(msgspec.Struct, frozen=True):
    """What seeing a message again did; `upgraded` if it opens a case only now, `edited` if it says something else."""

    id: int
    changed: bool
    upgraded: bool
    edited: bool = False


def merge(
    connection: sqlite3.Connection, channel: int, message: IncomingMessage, source: int, live: bool, now: Micros
) -> Merged:
    """Join what is told now with the stored row."""
    row = connection.execute(
        "SELECT id, kind, text, spoiler, media, marks, edited_at, language, visibility, reply_to, operation"
        " FROM messages WHERE channel = ? AND remote_id = ?",
        (channel, message.remote_id),
    ).fetchone()
    number, kind, text, spoiler, media, mark_bits, edited_at, language, visibility, reply_to, operation = row
    joined = connection.execute(
        "INSERT OR IGNORE INTO message_sources (message, source) VALUES (?, ?)", (number, source)
    ).rowcount
    upgraded = KINDS[kind] not in OPENS_CASE and message.kind in OPENS_CASE and not message.own
    if upgraded:
        connection.execute("UPDATE messages SET kind = ? WHERE id = ?", (message.kind, number))
    if message.edited_at < edited_at:
        return Merged(number, bool(joined) or upgraded, upgraded)
    told = json_text(message.media) if message.media else ""
    edited = message.text != text or message.spoiler != spoiler or told != media
    if edited and operation and not edited_at and not message.edited_at:
        _confirm(connection, number, message, told)
    elif edited:
        revise(connection, number, message.text, message.spoiler, message.edited_at or now, told)
    new_marks = bits(message.marks) | (mark_bits & ~_TOLD if live else mark_bits & _LOCAL)
    hint = message.language or language
    if hint != language and spoken.hinted(connection, number, hint):
        hint = language
    current = (new_marks, hint, message.visibility, message.reply_to or reply_to)
    touched = current != (mark_bits, language, visibility, reply_to)
    if touched:
        connection.execute(
            "UPDATE messages SET marks = ?, language = ?, visibility = ?, reply_to = ? WHERE id = ?",
            (*current, number),
        )
    return Merged(number, bool(joined) or upgraded or edited or touched, upgraded, edited)


def revise(
    connection: sqlite3.Connection, number: int, text: str, spoiler: str, at: Micros, media: str | None = None
) -> None:
    """Replace a message's text, keeping what it said before as a revision, and the index true."""
    search_index.remove(connection, number)
    connection.execute(
        "INSERT INTO revisions (message, number, text, spoiler, at) SELECT id, revision, text, spoiler,"
        " CASE edited_at WHEN 0 THEN created_at ELSE edited_at END FROM messages WHERE id = ?",
        (number,),
    )
    connection.execute(
        "UPDATE messages SET text = ?, spoiler = ?, edited_at = ?, media = ifnull(?, media), revision = revision + 1"
        " WHERE id = ?",
        (text, spoiler, at, media, number),
    )
    search_index.add(connection, number)


def _confirm(connection: sqlite3.Connection, number: int, message: IncomingMessage, media: str) -> None:
    """The network's wording of what we sent replaces ours: it is no edit."""
    search_index.remove(connection, number)
    connection.execute(
        "UPDATE messages SET text = ?, spoiler = ?, media = ?, edited_at = ?, operation = '' WHERE id = ?",
        (message.text, message.spoiler, media, message.edited_at, number),
    )
    search_index.add(connection, number)


def withdraw(connection: sqlite3.Connection, channel: int, deletion: Deletion, now: Micros) -> int:
    """Note that a message is gone from its network; returns its id, or 0 if it is not here (yet)."""
    remote_id = deletion.remote_id
    row = connection.execute(
        "SELECT id FROM messages WHERE channel = ? AND remote_id = ?", (channel, remote_id)
    ).fetchone()
    if row is not None:
        mark_deleted(connection, row[0], deletion.at or now)
        return int(row[0])
    connection.execute(
        "INSERT OR IGNORE INTO early_deletions (channel, remote_id, at, seen_at) VALUES (?, ?, ?, ?)",
        (channel, remote_id, deletion.at or now, now),
    )
    connection.execute(
        "DELETE FROM early_deletions WHERE seen_at < (SELECT seen_at FROM early_deletions ORDER BY seen_at DESC"
        " LIMIT 1 OFFSET ?)",
        (EARLY_KEPT,),
    )
    return 0


def mark_deleted(connection: sqlite3.Connection, number: int, at: Micros) -> None:
    """The message stays readable on the desk, marked, and is no longer found."""
    search_index.remove(connection, number)
    connection.execute("UPDATE messages SET deleted_at = ? WHERE id = ? AND deleted_at = 0", (at, number))


def any_early(connection: sqlite3.Connection) -> bool:
    """Whether deletions of messages that are not here yet are noted."""
    return connection.execute("SELECT 1 FROM early_deletions LIMIT 1").fetchone() is not None


def withdraw_early(connection: sqlite3.Connection, channel: int, ids: dict[str, int]) -> set[int]:
    """Mark new messages whose deletion came before them; streams overtake each other."""
    if not ids:
        return set()
    rows = connection.execute(
        "DELETE FROM early_deletions WHERE channel = ? AND remote_id IN (SELECT value FROM json_each(?))"
        " RETURNING remote_id, at",
        (channel, json_text(list(ids))),
    ).fetchall()
    for remote_id, at in rows:
        mark_deleted(connection, ids[remote_id], at)
    return {ids[remote_id] for remote_id, _ in rows}
