"""Rules and approval: what the desk saw when it saw it, what rules did, holding replies, second looks.

Text of people is in `reviews` (what an agent wrote first, and the remark) and goes with its message and its case. What
was seen (`sightings.state`) holds states and tags as JSON, no text, no names.
"""

import sqlite3

from workstation.store.migrations import run_script
from workstation.store.sightings import KEPT, CaseState, Sighting, encode

TABLES = """
CREATE TABLE sightings (id INTEGER PRIMARY KEY, message INTEGER NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL)

CREATE TABLE firings (
    id INTEGER PRIMARY KEY, rule TEXT NOT NULL, name TEXT NOT NULL, message INTEGER NOT NULL,
    case_id INTEGER NOT NULL, at INTEGER NOT NULL, did TEXT NOT NULL)

CREATE TABLE holdings (
    case_id INTEGER PRIMARY KEY, operation TEXT NOT NULL, rule TEXT NOT NULL, template TEXT NOT NULL,
    message INTEGER NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL)

CREATE TABLE reviews (
    operation TEXT PRIMARY KEY, case_id INTEGER NOT NULL, message INTEGER NOT NULL, original TEXT NOT NULL,
    spoiler TEXT NOT NULL, waits_since INTEGER NOT NULL,
    looked_at INTEGER NOT NULL DEFAULT 0, ended_at INTEGER NOT NULL DEFAULT 0, ended TEXT NOT NULL DEFAULT '',
    remark TEXT NOT NULL DEFAULT '') WITHOUT ROWID

CREATE UNIQUE INDEX firings_message ON firings (message, rule)

CREATE INDEX firings_case ON firings (case_id) WHERE case_id > 0

CREATE INDEX holdings_due ON holdings (at) WHERE state = 'due'

CREATE INDEX reviews_ended ON reviews (ended_at)
"""

BEFORE = """
SELECT m.id, m.received_at, m.kind, m.visibility, m.revision, m.language, m.marks, m.media <> '', m.deleted_at,
    (SELECT group_concat(s.key, char(10)) FROM message_sources AS ms JOIN sources AS s ON s.id = ms.source
        WHERE ms.message = m.id), c.id, c.status, c.holder, ifnull(c.outcome, ''),
    (SELECT group_concat(t.tag, char(10)) FROM case_tags AS t WHERE t.case_id = c.id), c.waiting_since, c.due_at,
    c.priority, c.notes
FROM messages AS m LEFT JOIN cases AS c ON c.id = m.case_id AND m.case_id > 0
WHERE m.own = 0 AND m.received_at >= (SELECT max(received_at) FROM messages) - ? ORDER BY m.id
"""


def up(connection: sqlite3.Connection) -> None:
    """Create the tables; what is here already counts as seen as it is now, since nobody noted how it was."""
    run_script(connection, TABLES)
    rows = connection.execute(BEFORE, (KEPT,))
    while found := rows.fetchmany(1_000):
        connection.executemany(
            "INSERT INTO sightings (message, at, state) VALUES (?, ?, ?)",
            [(row[0], row[1], encode(_state(row)).decode()) for row in found],
        )


def _state(row: tuple[str | int | None, ...]) -> Sighting:
    kind, visibility, revision, language, marks, media, deleted_at, sources, case = row[2:11]
    held = None
    if case is not None:
        status, holder, outcome, tags, waiting_since, due_at, priority, notes = row[11:]
        held = CaseState(
            int(case), str(status), str(holder), str(outcome), tuple(sorted(_lines(tags))), int(waiting_since or 0),
            int(due_at or 0), int(priority or 0), int(notes or 0),
        )  # fmt: skip
    return Sighting(
        str(kind), str(visibility), int(revision or 0), str(language), int(marks or 0), bool(media),
        int(deleted_at or 0), tuple(sorted(_lines(sources))), held,
    )  # fmt: skip


def _lines(text: str | int | None) -> list[str]:
    return str(text).split("\n") if text else []
