"""Connections to SQLite: their settings, the functions that SQL calls, the lock of the one owner."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from workstation.domain.filters import folded
from workstation.store.errors import (
    StoreBusyError,
    StoreClosedError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
)
from workstation.store.search_text import search_text
from workstation.store.search_words import add_words

Connect = Callable[[Path], sqlite3.Connection]
"""Opens a bare connection in autocommit mode; tests and launchers pass their own to watch or break it."""

PAGE_CACHE_KIB = 65_536
CHECKPOINT_PAGES = 16_000
"""Pages of journal after which the writer copies them itself, because the checkpointer has not kept up with it."""
JOURNAL_LIMIT = 64 * 1024 * 1024
OLDEST_SQLITE = (3, 35, 0)
"""RETURNING came with 3.35."""

_ERRORS: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_BUSY: StoreBusyError,
    sqlite3.SQLITE_LOCKED: StoreBusyError,
    sqlite3.SQLITE_CORRUPT: StoreCorruptError,
    sqlite3.SQLITE_NOTADB: StoreCorruptError,
    sqlite3.SQLITE_FULL: StoreFullError,
    sqlite3.SQLITE_READONLY: StoreFullError,
    sqlite3.SQLITE_IOERR: StoreFullError,
    sqlite3.SQLITE_INTERRUPT: StoreClosedError,
}


def translate(error: sqlite3.Error) -> StoreError:
    """The store's own error for SQLite's; extended codes count as their primary one."""
    code = getattr(error, "sqlite_errorcode", None)
    kind = _ERRORS.get(code & 0xFF, StoreError) if isinstance(code, int) else StoreError
    return kind(why=str(error)) if kind is StoreError else kind()


def connect(path: Path) -> sqlite3.Connection:
    """A bare connection in autocommit mode: transactions are ours to begin and end."""
    return sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False, cached_statements=256)


def prepare_writer(connection: sqlite3.Connection) -> None:
    """Settings of the one connection that writes."""
    _add_functions(connection)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "fullfsync = ON",  # macOS: a plain fsync stops at the drive's cache
        "foreign_keys = OFF",  # every reference is written by this room; checking costs a look-up per row
        "secure_delete = ON",  # erased text must not stay in free pages
        f"cache_size = -{PAGE_CACHE_KIB}",
        "temp_store = MEMORY",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
        f"journal_size_limit = {JOURNAL_LIMIT}",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def prepare_reader(connection: sqlite3.Connection) -> None:
    """Settings of a connection that can only read."""
    _add_functions(connection)
    for pragma in (f"cache_size = -{PAGE_CACHE_KIB // 2}", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    add_words(connection)
    connection.execute("PRAGMA query_only = ON").fetchall()


def _add_functions(connection: sqlite3.Connection) -> None:
    connection.create_function("search_text", 2, search_text, deterministic=True)
    connection.create_function("fold", 1, folded, deterministic=True)


class Ownership:
    """The right to write to a store: an exclusive lock on a file beside it, which the system drops if we die.

    SQLite's own locking is used because it is the same on every platform.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            self._connection.close()
            raise translate(error) from error

    def release(self) -> None:
        """Let the next process in."""
        self._connection.close()
