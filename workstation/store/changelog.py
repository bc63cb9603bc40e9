"""The change log: what each commit changed, numbered in commit order, and the ChangeSet that tells of it."""

import sqlite3
from collections.abc import Iterable

import msgspec

from workstation.domain.cases import Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.messages import Micros
from workstation.domain.outbox import Outgoing
from workstation.domain.rules import Fired
from workstation.store.database import Transaction
from workstation.store.rows import entries_by_id, faces_of, json_text

LISTED = 5_000
"""More changed messages than this are not listed one by one; views load their page again."""
KEPT = 200_000
"""Rows of the change log that are kept; whoever is further behind loads everything again."""
_TRIM_EVERY = 1_000
_numbered = msgspec.json.Decoder(list[tuple[int, int]]).decode


def append(connection: sqlite3.Connection, at: Micros, origin: str, what: dict[str, object]) -> int:
    """Write a row and return its sequence."""
    row = connection.execute("INSERT INTO changes (at, origin, what) VALUES (?, ?, ?)", (at, origin, json_text(what)))
    sequence = row.lastrowid or 0
    if sequence % _TRIM_EVERY == 0:
        connection.execute("DELETE FROM changes WHERE sequence <= ?", (sequence - KEPT,))
    return sequence


def latest(connection: sqlite3.Connection) -> int:
    """The sequence of the latest change that this connection sees; 0 for none."""
    row = connection.execute("SELECT max(sequence) FROM changes").fetchone()
    return int(row[0] or 0)


class Now(msgspec.Struct, frozen=True):
    """Messages and cases as a transaction leaves them."""

    listed: frozenset[int]
    """Ids of the messages, those of the changed cases among them."""
    entries: tuple[Entry, ...]
    """None of them if they are more than LISTED."""
    faces: tuple[Entry, ...]


def read(connection: sqlite3.Connection, messages: Iterable[int], cases: Iterable[int]) -> Now:
    """These messages and cases, with all messages of the cases, as they are now."""
    cases = sorted(set(cases))
    of_cases = _of_cases(connection, cases) if cases else []
    listed = frozenset(messages).union(number for number, _ in of_cases)
    entries = entries_by_id(connection, listed) if 0 < len(listed) <= LISTED else ()
    shown = {number for number, face in of_cases if face}
    faces = [entry for entry in entries if entry.message.id in shown and entry.case is not None]
    if len(faces) < len(cases):  # the face may be where it was before two cases were brought together
        return Now(listed, entries, faces_of(connection, cases))
    return Now(listed, entries, tuple(sorted(faces, key=_case_id)))


def _case_id(entry: Entry) -> int:
    return entry.case.id if entry.case is not None else 0


def publish(
    transaction: Transaction,
    at: Micros,
    *,
    origin: str = "",
    ready: tuple[Entry, ...] = (),
    added: Iterable[int] = (),
    messages: Iterable[int] = (),
    cases: Iterable[int] = (),
    now: Now | None = None,
    removed: Iterable[int] = (),
    outbox: tuple[Outgoing, ...] = (),
    channels: tuple[int, ...] = (),
    templates: bool = False,
    reload: bool = False,
    fired: tuple[Fired, ...] = (),
    gone: Iterable[int] = (),
) -> ChangeSet:
    """Log what changed and publish it; the entries of `messages` and `cases` are read as they are now.

    `ready` are entries that need no reading; `messages` must not repeat them. `now` is what `read` told of the same
    messages and cases, if nothing changed since.
    """
    connection = transaction.connection
    new, cases = frozenset(added), sorted(set(cases))
    now = read(connection, messages, cases) if now is None else now
    taken, left = tuple(sorted(removed)), tuple(sorted(gone))
    reload = reload or len(ready) + len(now.listed) > LISTED
    what: dict[str, object] = {
        "added": sorted(new),
        "messages": sorted(now.listed - new),
        "cases": cases,
        "removed": taken,
        "gone": left,
        "outbox": [outgoing.id for outgoing in outbox],
        "channels": channels,
        "templates": templates,
    }
    sequence = append(connection, at, origin, {name: value for name, value in what.items() if value})
    entries = () if reload else (*(entry for entry in ready if entry.message.id not in now.listed), *now.entries)
    return transaction.publish(
        ChangeSet(
            sequence, entries, now.faces, new, taken, outbox, channels, templates, origin, reload, fired, left,
        )
    )  # fmt: skip


def _of_cases(connection: sqlite3.Connection, cases: list[int]) -> list[tuple[int, int]]:
    """The ids of the messages of cases, each with whether it is its case's face."""
    query = (
        "SELECT json_group_array(json_array(id, face)) FROM (SELECT m.id, m.id = c.face AS face FROM json_each(?) AS j"
        " CROSS JOIN cases AS c ON c.id = j.value CROSS JOIN messages AS m ON m.case_id = c.id AND m.case_id > 0"
        " LIMIT ?)"
    )
    return _numbered(connection.execute(query, (json_text(cases), LISTED + 1)).fetchone()[0])
