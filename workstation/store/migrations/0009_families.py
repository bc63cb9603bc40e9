"""What a variant was written for, who wrote it, and replies of families whose cases may be reopened.

`family_replies` holds for seven days which families a case was answered from: never who answered, and nothing of what
was written. What comes of it is one number of the family.
"""

import sqlite3

from workstation.store.migrations import run_script

TABLES = """
ALTER TABLE families ADD COLUMN reopened INTEGER NOT NULL DEFAULT 0

ALTER TABLE variants ADD COLUMN made_for TEXT NOT NULL DEFAULT ''

ALTER TABLE variants ADD COLUMN machine INTEGER NOT NULL DEFAULT 0

CREATE TABLE family_replies (
    case_id INTEGER NOT NULL, family INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (case_id, family))
    WITHOUT ROWID
"""


def up(connection: sqlite3.Connection) -> None:
    """Add what is new; what was there stays as it is."""
    run_script(connection, TABLES)
