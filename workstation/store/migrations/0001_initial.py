"""The first format: everything a desk remembers.

Text of people is in messages, revisions, notes, drafts, outbox, authors and the search index, and nowhere else:
that is the list an erasure walks. Times are microseconds UTC, 0 for "not"; references are plain integers.
"""

import sqlite3

from workstation.store.migrations import run_script
from workstation.store.search_text import TOKENIZER

TABLES = """
CREATE TABLE desk (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID

CREATE TABLE channels (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL, server TEXT NOT NULL,
    user TEXT NOT NULL, secret TEXT NOT NULL, settings TEXT NOT NULL, enabled INTEGER NOT NULL,
    practice INTEGER NOT NULL, removed_at INTEGER NOT NULL DEFAULT 0)

CREATE TABLE sources (
    id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, key TEXT NOT NULL,
    cursor_version INTEGER NOT NULL DEFAULT 0, cursor_value TEXT NOT NULL DEFAULT '',
    received INTEGER NOT NULL DEFAULT 0, stored INTEGER NOT NULL DEFAULT 0, merged INTEGER NOT NULL DEFAULT 0,
    filtered INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0)

CREATE TABLE rejects (
    id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL,
    code TEXT NOT NULL, place TEXT NOT NULL, size INTEGER NOT NULL, remote_id TEXT NOT NULL)

CREATE TABLE people (id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL)

CREATE TABLE authors (
    id INTEGER PRIMARY KEY, network TEXT NOT NULL, remote_id TEXT NOT NULL, handle TEXT NOT NULL,
    name TEXT NOT NULL, url TEXT NOT NULL, avatar_url TEXT NOT NULL, bot INTEGER NOT NULL,
    followers INTEGER NOT NULL, folded TEXT NOT NULL, person INTEGER)

CREATE TABLE messages (
    id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, remote_id TEXT NOT NULL, kind TEXT NOT NULL,
    author INTEGER NOT NULL, text TEXT NOT NULL, created_at INTEGER NOT NULL, received_at INTEGER NOT NULL,
    case_id INTEGER NOT NULL, branch TEXT NOT NULL, reply_to TEXT NOT NULL, address TEXT NOT NULL,
    language TEXT NOT NULL, visibility TEXT NOT NULL, spoiler TEXT NOT NULL, edited_at INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL, revision INTEGER NOT NULL, own INTEGER NOT NULL, marks INTEGER NOT NULL,
    media TEXT NOT NULL, mentions TEXT NOT NULL, subject TEXT NOT NULL, operation TEXT NOT NULL)

CREATE TABLE message_sources (
    message INTEGER NOT NULL, source INTEGER NOT NULL, PRIMARY KEY (message, source)) WITHOUT ROWID

CREATE TABLE revisions (
    message INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, spoiler TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (message, number)) WITHOUT ROWID

CREATE TABLE early_deletions (
    channel INTEGER NOT NULL, remote_id TEXT NOT NULL, at INTEGER NOT NULL, seen_at INTEGER NOT NULL,
    PRIMARY KEY (channel, remote_id)) WITHOUT ROWID

CREATE TABLE cases (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel INTEGER NOT NULL, branch TEXT NOT NULL,
    customer INTEGER NOT NULL, episode INTEGER NOT NULL, status TEXT NOT NULL, outcome TEXT,
    holder TEXT NOT NULL, tags TEXT NOT NULL, opened_at INTEGER NOT NULL, inbound_at INTEGER NOT NULL,
    waiting_since INTEGER NOT NULL, replied_at INTEGER NOT NULL, answered_at INTEGER NOT NULL,
    solved_at INTEGER NOT NULL, snoozed_until INTEGER NOT NULL, due_at INTEGER NOT NULL,
    priority INTEGER NOT NULL, language TEXT NOT NULL, notes INTEGER NOT NULL, version INTEGER NOT NULL,
    face INTEGER NOT NULL)

CREATE TABLE case_tags (
    tag TEXT NOT NULL, case_id INTEGER NOT NULL, PRIMARY KEY (tag, case_id)) WITHOUT ROWID

CREATE TABLE claims (
    case_id INTEGER PRIMARY KEY, hash BLOB NOT NULL, token TEXT NOT NULL, lease_until INTEGER NOT NULL)

CREATE TABLE notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, case_id INTEGER NOT NULL, operation TEXT NOT NULL, text TEXT NOT NULL,
    at INTEGER NOT NULL)

CREATE TABLE audits (
    id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL,
    detail TEXT NOT NULL)

CREATE TABLE drafts (
    key TEXT PRIMARY KEY, text TEXT NOT NULL, language TEXT NOT NULL, visibility TEXT NOT NULL,
    family INTEGER NOT NULL, caret INTEGER NOT NULL, updated_at INTEGER NOT NULL, spoiler TEXT NOT NULL) WITHOUT ROWID

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, operation TEXT NOT NULL, channel INTEGER NOT NULL, act TEXT NOT NULL,
    target TEXT NOT NULL, account TEXT NOT NULL, text TEXT NOT NULL, visibility TEXT NOT NULL,
    language TEXT NOT NULL, spoiler TEXT NOT NULL, options TEXT NOT NULL, state TEXT NOT NULL,
    case_id INTEGER NOT NULL, message INTEGER NOT NULL, created_at INTEGER NOT NULL, not_before INTEGER NOT NULL,
    attempts INTEGER NOT NULL, remote_id TEXT NOT NULL, address TEXT NOT NULL, error TEXT NOT NULL,
    detail TEXT NOT NULL, finished_at INTEGER NOT NULL)

CREATE TABLE families (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, title TEXT NOT NULL, source TEXT NOT NULL,
    tags TEXT NOT NULL, used INTEGER NOT NULL)

CREATE TABLE variants (
    family INTEGER NOT NULL, position INTEGER NOT NULL, language TEXT NOT NULL, formality TEXT NOT NULL,
    text TEXT NOT NULL, updated_at INTEGER NOT NULL, PRIMARY KEY (family, position)) WITHOUT ROWID

CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, origin TEXT NOT NULL, what TEXT NOT NULL)

CREATE TABLE tombstones (key BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID

CREATE TABLE arrivals (
    channel INTEGER NOT NULL, hour INTEGER NOT NULL, messages INTEGER NOT NULL, requests INTEGER NOT NULL,
    PRIMARY KEY (channel, hour)) WITHOUT ROWID
"""

INDEXES = """
CREATE UNIQUE INDEX channels_name ON channels (name COLLATE NOCASE) WHERE removed_at = 0

CREATE UNIQUE INDEX sources_key ON sources (channel, key)

CREATE INDEX rejects_channel ON rejects (channel)

CREATE UNIQUE INDEX authors_remote ON authors (network, remote_id)

CREATE INDEX authors_folded ON authors (folded)

CREATE INDEX authors_person ON authors (person) WHERE person IS NOT NULL

CREATE UNIQUE INDEX messages_remote ON messages (channel, remote_id)

CREATE INDEX messages_stream ON messages (created_at, id)

CREATE INDEX messages_channel ON messages (channel, created_at, id)

CREATE INDEX messages_author ON messages (author, created_at, id)

CREATE INDEX messages_case ON messages (case_id, created_at, id) WHERE case_id > 0

CREATE INDEX messages_kind ON messages (kind, created_at, id) WHERE kind <> 'post'

CREATE INDEX messages_branch ON messages (channel, branch) WHERE branch <> remote_id

CREATE INDEX messages_reply ON messages (channel, reply_to) WHERE reply_to <> ''

CREATE INDEX messages_address ON messages (address) WHERE case_id > 0 AND address <> ''

CREATE INDEX messages_deleted ON messages (created_at, id) WHERE deleted_at > 0

CREATE UNIQUE INDEX cases_episode ON cases (channel, branch, customer, episode)

CREATE INDEX cases_customer ON cases (customer)

CREATE INDEX cases_queue ON cases (
    priority DESC, (CASE waiting_since WHEN 0 THEN 9223372036854775807 ELSE waiting_since END), id)

CREATE INDEX cases_inbound ON cases (inbound_at, id)

CREATE INDEX cases_waiting ON cases (waiting_since) WHERE waiting_since > 0

CREATE INDEX cases_opened ON cases (opened_at)

CREATE INDEX cases_snoozed ON cases (snoozed_until) WHERE snoozed_until > 0

CREATE INDEX cases_mine ON cases (id) WHERE holder = 'mine'

CREATE INDEX case_tags_case ON case_tags (case_id)

CREATE INDEX notes_case ON notes (case_id)

CREATE INDEX audits_case ON audits (case_id)

CREATE UNIQUE INDEX outbox_operation ON outbox (operation)

CREATE INDEX outbox_state ON outbox (state, not_before) WHERE state NOT IN ('sent', 'cancelled')

CREATE INDEX outbox_case ON outbox (case_id) WHERE case_id > 0

CREATE INDEX outbox_remote ON outbox (channel, remote_id) WHERE remote_id <> ''

CREATE UNIQUE INDEX families_key ON families (key)
"""


def up(connection: sqlite3.Connection) -> None:
    """Create the tables, their indexes and the search index."""
    run_script(connection, TABLES)
    run_script(connection, INDEXES)
    # An index for beginnings of two letters; longer ones are few enough terms, and each index costs every insert.
    connection.execute(
        f"CREATE VIRTUAL TABLE search USING fts5(text, content='', columnsize=0, prefix='2', tokenize=\"{TOKENIZER}\")"
    )
