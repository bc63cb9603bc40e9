"""A store's file: opening, owning and closing it, and the way for work to its threads (see `workers`)."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from workstation.store.checkpoints import Checkpointer, compact, empty_journal
from workstation.store.connections import Connect, connect, prepare_reader, prepare_writer
from workstation.store.errors import StoreClosedError
from workstation.store.migrations import migrate
from workstation.store.workers import Lanes, Reader, ReadJob, Task, Transaction, WriteJob
from workstation.store.writer import Committed, Writer

__all__ = ["Database", "Transaction"]

T = TypeVar("T")

READERS = ("read", "read", "search")
"""Lanes of the reader threads: search and export have one to themselves, so that they never delay a column."""


class Database:
    """A store's file with its threads. Open with `Database.open`, end with `close`."""

    def __init__(self, writer: Writer, readers: list[Reader], checkpointer: Checkpointer, lanes: Lanes) -> None:
        self._writer = writer
        self._readers = readers
        self._checkpointer = checkpointer
        self._lanes = lanes
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._ends: list[Callable[[], None]] = []

    def at_end(self, call: Callable[[], None]) -> None:
        """Have `call` called when the readers have ended."""
        self._ends.append(call)

    @classmethod
    async def open(cls, path: Path, committed: Committed, *, connect: Connect = connect) -> "Database":
        """Own, migrate and open the file; `committed` is called on this loop, see `writer.Committed`.

        Raises StoreBusyError, StoreCorruptError, StoreNewerError, StoreFullError.
        """
        loop = asyncio.get_running_loop()

        def open_writer() -> sqlite3.Connection:
            connection = connect(path)
            try:
                prepare_writer(connection)
                migrate(connection, path)
            except BaseException:
                connection.close()
                raise
            return connection

        def open_reader() -> sqlite3.Connection:
            connection = connect(path)
            prepare_reader(connection)
            return connection

        checkpointer = Checkpointer(loop, lambda: connect(path))
        writer = Writer(loop, open_writer, committed, path.with_name(path.name + ".lock"), checkpointer)
        readers: list[Reader] = []
        lanes: Lanes = {lane: SimpleQueue() for lane in READERS}
        try:
            writer.start()
            await writer.opened
            for number, lane in enumerate(READERS):
                reader = Reader(f"store-{lane}-{number}", loop, open_reader, lanes[lane])
                reader.start()
                readers.append(reader)
                await reader.opened
        except BaseException:
            await asyncio.gather(*(worker.end() for worker in (*readers, writer)))
            raise
        return cls(writer, readers, checkpointer, lanes)

    async def write(self, job: WriteJob[T], *, durable: bool = False) -> T:
        """Run `job` on the writer and return its result after the commit.

        `durable` commits survive a loss of power, the others a crash of the process. A caller that is cancelled
        does not undo the job, and what it changed is published all the same.
        """
        if self._closed:
            raise StoreClosedError
        task = Task(job, self._loop.create_future(), durable)
        self._writer.queue.put(task)
        result: T = await task.future
        return result

    async def read(self, job: ReadJob[T], *, lane: str = "read") -> T:
        """Run `job` on a reader thread ("read" or "search") in a transaction that sees one moment."""
        if self._closed:
            raise StoreClosedError
        task = Task(job, self._loop.create_future())
        self._lanes[lane].put(task)
        result: T = await task.future
        return result

    async def checkpoint(self) -> None:
        """Write the journal into the file and empty it, so that nothing erased stays readable beside it."""
        if self._closed:
            raise StoreClosedError
        task = Task(empty_journal, self._loop.create_future(), alone=True)
        self._writer.queue.put(task)
        await task.future

    async def compact(self) -> None:
        """Write the file anew without its free space, and empty the journal; other writes wait meanwhile."""
        if self._closed:
            raise StoreClosedError
        task = Task(compact, self._loop.create_future(), alone=True)
        self._writer.queue.put(task)
        await task.future

    async def close(self) -> None:
        """Do what is queued, tell of it, and let go of the file. May be called again."""
        if self._closed:
            return
        self._closed = True
        # Together: readers of one lane share its queue, and any of them may take the other's sign to end.
        await asyncio.gather(*(worker.end() for worker in (*self._readers, self._checkpointer)))
        for end in self._ends:
            end()
        await self._writer.end()  # last: whoever closes last removes the journal
