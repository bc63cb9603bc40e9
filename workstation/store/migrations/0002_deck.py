"""How far back each source was loaded on purpose, so that the next time goes on from there. No text of people."""

import sqlite3

from workstation.store.migrations import run_script

TABLES = """
ALTER TABLE sources ADD COLUMN past_position TEXT NOT NULL DEFAULT ''

ALTER TABLE sources ADD COLUMN past_reached INTEGER NOT NULL DEFAULT 0
"""


def up(connection: sqlite3.Connection) -> None:
    """Add the columns."""
    run_script(connection, TABLES)
