"""An empty database where a store is to be opened, not made anew each time: how it is made has tests of its own."""

import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from workstation.store.connections import connect, prepare_writer
from workstation.store.migrations import migrate


def empty(path: Path) -> Path:
    """`path`, where an empty database lies now; one that lay there stays."""
    if not path.exists():
        path.write_bytes(_made())
    return path


@cache
def _made() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.sqlite3"
        with closing(connect(path)) as connection:
            prepare_writer(connection)
            migrate(connection, path)
            (blocked, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if blocked:
            raise sqlite3.OperationalError("the log was not written back")
        return path.read_bytes()
