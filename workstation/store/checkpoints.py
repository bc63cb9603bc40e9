"""The journal is written into the file: beside the writer in a flood, and by it where nothing may stay behind."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable

from workstation.store.workers import Task, Worker

log = logging.getLogger(__name__)


class Checkpointer(Worker):
    """Copies the journal into the file while the writer goes on: commits do not wait for the disk to have it all.

    Its thread begins when it is first asked, which most runs of a desk never do.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, open_: Callable[[], sqlite3.Connection]) -> None:
        super().__init__("store-checkpoint", loop, open_)
        self.turn = threading.Lock()
        """Held while it copies: SQLite turns others away meanwhile, and who empties the journal must not be."""
        self._asked = Task(empty_journal, loop.create_future())
        self._life = threading.Lock()
        self._begun = self._over = False

    def ask(self) -> None:
        """Copy soon; may be called by any thread."""
        with self._life:
            if self._over or not self.queue.empty():
                return
            self.queue.put(self._asked)
            if not self._begun:
                self._begun = True
                self.start()

    async def end(self) -> None:
        with self._life:
            self._over = True
        if self._begun:
            await super().end()
            self.opened.exception()  # it could not be opened: the writer has copied all by itself

    def work(self, connection: sqlite3.Connection) -> None:
        while self.queue.get() is not None:
            try:
                with self.turn:
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            except sqlite3.Error as error:  # the writer does it in the end, and tells of a full disk
                log.warning("checkpoint failed", extra={"error": type(error).__name__})


def empty_journal(connection: sqlite3.Connection) -> None:
    """Write the journal into the file and empty it; not inside a transaction."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def compact(connection: sqlite3.Connection) -> None:
    """Write the whole file anew, so that nothing of deleted rows is left in it; not inside a transaction."""
    # The new file is built beside the old one: in memory it might not fit.
    connection.execute("PRAGMA temp_store = FILE").fetchall()
    try:
        connection.execute("VACUUM")
    finally:
        connection.execute("PRAGMA temp_store = MEMORY").fetchall()
    empty_journal(connection)
