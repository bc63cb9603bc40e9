"""The change log: what each commit changed, numbered in commit order, and the ChangeSet that tells of it."""

import sqlite3
from collections.abc import Iterable

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


def publish(
    transaction: Transaction,
    at: Micros,
    *,
    origin: str = "",
    ready: tuple[Entry, ...] = (),
    added: Iterable[int] = (),
    messages: Iterable[int] = (),
    cases: Iterable[int] = (),
    removed: Iterable[int] = (),
    outbox: tuple[Outgoing, ...] = (),
    channels: tuple[int, ...] = (),
    templates: bool = False,
    reload: bool = False,
    fired: tuple[Fired, ...] = (),
    gone: Iterable[int] = (),
) -> ChangeSet:
    """Log what changed and publish it; the entries of `messages` and `cases` are read as they are now.

    `ready` are entries that need no reading; `messages` must not repeat them.
    """
    connection = transaction.connection
    new, cases = frozenset(added), sorted(set(cases))
    changed = {*messages, *(_of_cases(connection, cases) if cases else ())}
    taken, left = tuple(sorted(removed)), tuple(sorted(gone))
    reload = reload or len(ready) + len(changed) > LISTED
    what: dict[str, object] = {
        "added": sorted(new),
        "messages": sorted(changed - new),
        "cases": cases,
        "removed": taken,
        "gone": left,
        "outbox": [outgoing.id for outgoing in outbox],
        "channels": channels,
        "templates": templates,
    }
    sequence = append(connection, at, origin, {name: value for name, value in what.items() if value})
    entries = () if reload else _as_now(connection, ready, changed)
    faces = faces_of(connection, cases) if cases else ()
    return transaction.publish(
        ChangeSet(
            sequence, entries, faces, new, taken, outbox, channels, templates, origin, reload, fired, left,
        )
    )  # fmt: skip


def _as_now(connection: sqlite3.Connection, ready: tuple[Entry, ...], changed: set[int]) -> tuple[Entry, ...]:
    """Entries that are ready, and those that changed as they are read now; what is in both is read."""
    if not changed:
        return ready
    return (*(entry for entry in ready if entry.message.id not in changed), *entries_by_id(connection, changed))


def _of_cases(connection: sqlite3.Connection, cases: list[int]) -> list[int]:
    rows = connection.execute(
        "SELECT m.id FROM json_each(?) AS j CROSS JOIN messages AS m ON m.case_id = j.value AND m.case_id > 0 LIMIT ?",
        (json_text(cases), LISTED + 1),
    )
    return [row[0] for row in rows]
