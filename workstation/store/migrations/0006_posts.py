"""Posts to several channels: what was written, its pictures, and which rows of the outbox belong to it.

Text of people is in posts (text, spoiler, parts) and post_pictures (name, alt, data).
"""

import sqlite3

from workstation.store.migrations import run_script

SCRIPT = """
CREATE TABLE posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, stage TEXT NOT NULL, text TEXT NOT NULL, spoiler TEXT NOT NULL,
    language TEXT NOT NULL, parts TEXT NOT NULL, at INTEGER NOT NULL, zone TEXT NOT NULL, replaces INTEGER NOT NULL,
    source INTEGER NOT NULL, address TEXT NOT NULL, caret INTEGER NOT NULL, updated_at INTEGER NOT NULL)

CREATE TABLE post_pictures (
    id INTEGER PRIMARY KEY AUTOINCREMENT, post INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
    alt TEXT NOT NULL, data BLOB NOT NULL)

CREATE INDEX posts_at ON posts (at) WHERE stage = 'planned'

CREATE INDEX posts_drafts ON posts (updated_at) WHERE stage = 'draft'

CREATE INDEX post_pictures_post ON post_pictures (post)

ALTER TABLE outbox ADD COLUMN latest INTEGER NOT NULL DEFAULT 0

ALTER TABLE outbox ADD COLUMN post INTEGER NOT NULL DEFAULT 0

CREATE UNIQUE INDEX outbox_post ON outbox (post, channel) WHERE post > 0 AND state <> 'cancelled'

CREATE INDEX outbox_latest ON outbox (latest) WHERE state = 'queued' AND latest > 0
"""


def up(connection: sqlite3.Connection) -> None:
    """Create the tables; the unique index is what keeps a post from being on its way to a channel twice."""
    run_script(connection, SCRIPT)
