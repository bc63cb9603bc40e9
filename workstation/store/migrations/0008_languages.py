"""Several languages at one desk: memory, glossary, learned languages, a translation's cache and cost, sign-offs."""

import sqlite3

from workstation.store.migrations import run_script

TABLES = """
CREATE TABLE segments (
    id INTEGER PRIMARY KEY AUTOINCREMENT, source_language TEXT NOT NULL, target_language TEXT NOT NULL,
    source TEXT NOT NULL, target TEXT NOT NULL, uses INTEGER NOT NULL, used_at INTEGER NOT NULL)

CREATE UNIQUE INDEX segments_said ON segments (source_language, target_language, source, target)

CREATE TABLE terms (
    id INTEGER PRIMARY KEY AUTOINCREMENT, source_language TEXT NOT NULL, target_language TEXT NOT NULL,
    source TEXT NOT NULL, target TEXT NOT NULL, note TEXT NOT NULL, forbidden TEXT NOT NULL)

CREATE UNIQUE INDEX terms_agreed ON terms (source_language, target_language, source, target)

CREATE TABLE own_words (language TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (language, word)) WITHOUT ROWID

CREATE TABLE author_languages (
    author INTEGER NOT NULL, language TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (author, language))
    WITHOUT ROWID

CREATE TABLE corrected_languages (
    message INTEGER PRIMARY KEY, language TEXT NOT NULL, was TEXT NOT NULL, at INTEGER NOT NULL)

CREATE TABLE detected_languages (
    message INTEGER PRIMARY KEY, language TEXT NOT NULL, confidence INTEGER NOT NULL, sure INTEGER NOT NULL,
    hint TEXT NOT NULL, why TEXT NOT NULL)

CREATE TABLE sign_offs (channel INTEGER PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL)

CREATE TABLE signed (channel INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (channel, text)) WITHOUT ROWID

CREATE TABLE translations (
    key BLOB PRIMARY KEY, provider TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID

CREATE TABLE provider_usage (
    provider TEXT NOT NULL, day INTEGER NOT NULL, characters INTEGER NOT NULL, requests INTEGER NOT NULL,
    PRIMARY KEY (provider, day)) WITHOUT ROWID

ALTER TABLE drafts ADD COLUMN written TEXT NOT NULL DEFAULT ''

ALTER TABLE drafts ADD COLUMN beside TEXT NOT NULL DEFAULT '{}'
"""


def up(connection: sqlite3.Connection) -> None:
    """Create the tables."""
    run_script(connection, TABLES)
