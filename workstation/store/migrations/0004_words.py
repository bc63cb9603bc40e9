"""Folders and shortcuts of templates, articles with their index, guidelines.

Text that agents or colleagues write is in families, variants, articles, article_index and guidelines; an erasure may
have to look there too.
"""

import sqlite3

from workstation.store.migrations import run_script
from workstation.store.search_text import TOKENIZER

TABLES = """
ALTER TABLE families ADD COLUMN folder TEXT NOT NULL DEFAULT ''

ALTER TABLE families ADD COLUMN shortcut TEXT NOT NULL DEFAULT ''

CREATE TABLE shelves (
    name TEXT PRIMARY KEY, place TEXT NOT NULL, imported_at INTEGER NOT NULL) WITHOUT ROWID

CREATE TABLE articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT, shelf TEXT NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL,
    text TEXT NOT NULL, link TEXT NOT NULL, language TEXT NOT NULL, updated_at INTEGER NOT NULL)

CREATE TABLE guidelines (
    channel INTEGER PRIMARY KEY, text TEXT NOT NULL, updated_at INTEGER NOT NULL)

CREATE UNIQUE INDEX families_shortcut ON families (shortcut) WHERE shortcut <> ''

CREATE UNIQUE INDEX articles_path ON articles (shelf, path)
"""


def up(connection: sqlite3.Connection) -> None:
    """Add what is new; what was there stays as it is."""
    run_script(connection, TABLES)
    connection.execute(f'CREATE VIRTUAL TABLE article_index USING fts5(title, text, tokenize="{TOKENIZER}")')
    connection.execute("CREATE VIRTUAL TABLE article_words USING fts5vocab('article_index', 'row')")
