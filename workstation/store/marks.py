"""Marks of messages as they are stored."""

import sqlite3
from collections.abc import Iterable

from workstation.domain.messages import Mark
from workstation.store.rows import MARK_BITS


def change_marks(connection: sqlite3.Connection, message: int, add: Iterable[Mark], remove: Iterable[Mark]) -> None:
    """Add and take away marks of one message."""
    on = sum(MARK_BITS[mark] for mark in set(add))
    off = sum(MARK_BITS[mark] for mark in set(remove))
    connection.execute("UPDATE messages SET marks = (marks | ?) & ~? WHERE id = ?", (on, off, message))
