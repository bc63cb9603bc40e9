"""Forgetting people and keeping what must be kept: holds, evidence, retention, erasures, exported files."""

import sqlite3

from workstation.store.migrations import run_script

TABLES = """
CREATE TABLE holds (
    id INTEGER PRIMARY KEY AUTOINCREMENT, case_id INTEGER NOT NULL, author INTEGER NOT NULL, reason TEXT NOT NULL,
    at INTEGER NOT NULL)

CREATE UNIQUE INDEX holds_on ON holds (case_id, author)

CREATE TABLE evidence (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, expires_at INTEGER NOT NULL, act TEXT NOT NULL,
    channel INTEGER NOT NULL, message INTEGER NOT NULL, author INTEGER NOT NULL, case_id INTEGER NOT NULL,
    body TEXT NOT NULL, digest TEXT NOT NULL, link TEXT NOT NULL, gone TEXT NOT NULL DEFAULT '')

CREATE INDEX evidence_author ON evidence (author) WHERE body <> ''

CREATE INDEX evidence_expires ON evidence (expires_at) WHERE body <> ''

CREATE TABLE retention (channel INTEGER PRIMARY KEY, days INTEGER NOT NULL, ran_at INTEGER NOT NULL)

CREATE TABLE erasures (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, done_at INTEGER NOT NULL, authors TEXT NOT NULL,
    terms TEXT NOT NULL, messages INTEGER NOT NULL, cases INTEGER NOT NULL, masked INTEGER NOT NULL)

CREATE TABLE exports (path TEXT PRIMARY KEY, at INTEGER NOT NULL, authors TEXT NOT NULL) WITHOUT ROWID

CREATE TABLE veils (
    key BLOB PRIMARY KEY, words INTEGER NOT NULL, length INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID

CREATE TABLE masked (message INTEGER PRIMARY KEY, hash BLOB NOT NULL)

CREATE INDEX cases_solved ON cases (channel, solved_at) WHERE solved_at > 0
"""


def up(connection: sqlite3.Connection) -> None:
    """Create the tables, and count what is filtered because its author was erased."""
    run_script(connection, TABLES)
    connection.execute("ALTER TABLE sources ADD COLUMN erased INTEGER NOT NULL DEFAULT 0")
