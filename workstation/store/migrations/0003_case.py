"""What joins cases: links, known issues, questions to people inside; and who is certainly not the same person.

Text of people: issues.title and issues.text are written by agents, escalations.address names where a question went.
"""

import sqlite3

from workstation.store.migrations import run_script

CHANGES = """
ALTER TABLE cases ADD COLUMN issue INTEGER NOT NULL DEFAULT 0

ALTER TABLE cases ADD COLUMN escalated_at INTEGER NOT NULL DEFAULT 0

CREATE TABLE case_links (
    case_id INTEGER NOT NULL, other INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (case_id, other, kind)) WITHOUT ROWID

CREATE INDEX case_links_other ON case_links (other)

CREATE TABLE issues (
    id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, text TEXT NOT NULL, state TEXT NOT NULL,
    created_at INTEGER NOT NULL, closed_at INTEGER NOT NULL, version INTEGER NOT NULL)

CREATE INDEX cases_issue ON cases (issue) WHERE issue > 0

CREATE INDEX cases_due ON cases (due_at) WHERE due_at > 0

CREATE TABLE escalations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, case_id INTEGER NOT NULL, operation TEXT NOT NULL, address TEXT NOT NULL,
    at INTEGER NOT NULL)

CREATE INDEX escalations_case ON escalations (case_id)

CREATE TABLE not_same (one INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID
"""


def up(connection: sqlite3.Connection) -> None:
    """Add the columns and tables."""
    run_script(connection, CHANGES)
