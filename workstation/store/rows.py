"""From rows to the domain's structs: the columns that are read, in one order, and their decoding."""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from workstation.domain.cases import Case, Entry, Holder, Outcome, Status
from workstation.domain.messages import Author, Kind, Mark, Media, Message, Visibility

Row = tuple[Any, ...]

KINDS = {str(kind): kind for kind in Kind}
VISIBILITIES = {str(visibility): visibility for visibility in Visibility}
STATUSES = {str(status): status for status in Status}
HOLDERS = {str(holder): holder for holder in Holder}
OUTCOMES = {str(outcome): outcome for outcome in Outcome}
MARK_BITS = {mark: 1 << place for place, mark in enumerate(Mark)}

MESSAGE = (
    "m.id, m.channel, m.remote_id, m.kind, m.text, m.created_at, m.received_at, m.case_id, m.branch, m.reply_to,"
    " m.address, m.language, m.visibility, m.spoiler, m.edited_at, m.deleted_at, m.revision, m.own, m.marks,"
    " m.media, m.mentions, m.subject,"
    " a.id, a.network, a.remote_id, a.handle, a.name, a.url, a.avatar_url, a.bot, a.followers"
)
CASE = (
    "c.id, c.channel, c.branch, c.customer, c.episode, c.status, c.outcome, c.holder, c.tags, c.opened_at,"
    " c.inbound_at, c.waiting_since, c.replied_at, c.answered_at, c.solved_at, c.snoozed_until, c.due_at,"
    " c.priority, c.language, c.notes, c.version, c.issue, c.escalated_at"
)
AUTHOR_AT = 22
CASE_AT = 31
SOURCES_AT = 54

_SOURCES = (
    "(SELECT json_group_array(s.key) FROM message_sources AS ms CROSS JOIN sources AS s ON s.id = ms.source"
    " WHERE ms.message = m.id) || ''"
)
"""As text inside of JSON, so that what repeats is decoded once."""

STREAM = (
    "messages AS m CROSS JOIN authors AS a ON a.id = m.author"
    " LEFT JOIN cases AS c ON c.id = m.case_id AND m.case_id > 0"
)
"""Messages with their case; CROSS JOIN keeps the planner from starting at the authors."""
QUEUE = "cases AS c CROSS JOIN messages AS m ON m.id = c.face CROSS JOIN authors AS a ON a.id = m.author"
"""Cases with their face."""

_media = msgspec.json.Decoder(tuple[Media, ...])
_texts = msgspec.json.Decoder(tuple[str, ...])
_rows = msgspec.json.Decoder(list[tuple[Any, ...]])
encode = msgspec.json.Encoder().encode


def json_text(value: object) -> str:
    """A value as JSON text."""
    return encode(value).decode()


def bits(marks: Iterable[Mark]) -> int:
    """Marks as stored."""
    total = 0
    for mark in marks:
        total |= MARK_BITS[mark]
    return total


@lru_cache(maxsize=64)
def marks(value: int) -> tuple[Mark, ...]:
    """Marks as the domain has them, in the order of their definition."""
    return tuple(mark for mark, bit in MARK_BITS.items() if value & bit)


@lru_cache(maxsize=4_096)
def texts(value: str) -> tuple[str, ...]:
    """A stored list of short texts; cached, because tags and mentions repeat."""
    return _texts.decode(value) if value else ()


def media(value: str) -> tuple[Media, ...]:
    """Stored attachments."""
    return _media.decode(value) if value else ()


def author(row: Row, at: int = 0) -> Author:
    """The author in a row's columns from `at` on."""
    number, network, remote_id, handle, name, url, avatar_url, bot, followers = row[at : at + 9]
    return Author(network, remote_id, handle, name, url, avatar_url, bool(bot), followers, number)


def message(row: Row, writer: Author, sources: tuple[str, ...]) -> Message:
    """The message in a row that starts with MESSAGE."""
    return Message(
        row[0], row[1], row[2], KINDS[row[3]], writer, row[4], row[5], row[6], row[7], row[8], row[9], row[10],
        row[11], VISIBILITIES[row[12]], row[13], row[14], row[15], row[16], bool(row[17]), marks(row[18]),
        media(row[19]), texts(row[20]), row[21], sources,
    )  # fmt: skip


def case(row: Row, at: int = 0) -> Case:
    """The case in a row's columns from `at` on, in the order of CASE."""
    outcome = row[at + 6]
    return Case(
        row[at], row[at + 1], row[at + 2], row[at + 3], row[at + 4], STATUSES[row[at + 5]],
        None if outcome is None else OUTCOMES[outcome], HOLDERS[row[at + 7]], texts(row[at + 8]),
        *row[at + 9 : at + 23],
    )  # fmt: skip


@lru_cache(maxsize=4_096)
def _sorted_texts(value: str) -> tuple[str, ...]:
    return tuple(sorted(texts(value)))


def _entries(rows: Iterable[Row]) -> tuple[Entry, ...]:
    """Entries from rows of MESSAGE, CASE and the keys of the message's sources."""
    writers: dict[int, Author] = {}
    found: list[Entry] = []
    for row in rows:
        number = row[AUTHOR_AT]
        writer = writers.get(number)
        if writer is None:
            writer = writers[number] = author(row, AUTHOR_AT)
        held = None if row[CASE_AT] is None else case(row, CASE_AT)
        found.append(Entry(message(row, writer, _sorted_texts(row[SOURCES_AT])), held))
    return tuple(found)


def select_entries(
    connection: sqlite3.Connection, rest: str, values: Sequence[object] | dict[str, object] = (), base: str = STREAM
) -> tuple[Entry, ...]:
    """Entries of `SELECT ... FROM base` continued by `rest` (WHERE, ORDER BY, LIMIT).

    All rows come as one text, in one step: fetched one by one, each would wait for Python's lock while the interface
    has it, and a page of fifty would wait fifty times.
    """
    query = (
        f"SELECT '[' || group_concat(line) || ']' FROM (SELECT json_array({MESSAGE}, {CASE}, {_SOURCES}) AS line"
        f" FROM {base} {rest})"
    )
    found = connection.execute(query, values).fetchone()[0]
    return _entries(_rows.decode(found)) if found else ()


def entries_by_id(connection: sqlite3.Connection, ids: Iterable[int]) -> tuple[Entry, ...]:
    """Messages with their cases by id, in the order of ids; those that do not exist are left out."""
    rest = "WHERE m.id IN (SELECT value FROM json_each(?)) ORDER BY m.id"
    return select_entries(connection, rest, (json_text(sorted(ids)),))


def faces_of(connection: sqlite3.Connection, cases: Iterable[int]) -> tuple[Entry, ...]:
    """The faces of cases."""
    rest = "WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY c.id"
    return select_entries(connection, rest, (json_text(sorted(cases)),), QUEUE)


def case_by_id(connection: sqlite3.Connection, number: int) -> Case | None:
    """One case, or None."""
    row = connection.execute(f"SELECT {CASE} FROM cases AS c WHERE c.id = ?", (number,)).fetchone()
    return None if row is None else case(row)
