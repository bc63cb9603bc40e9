"""The thread that writes: what waits becomes one commit, and what it changed is told on the loop, in order.

The writer gathers whatever is waiting into one transaction and commits when its queue runs empty, so a lone write
is durable at once and a flood is committed in groups. What a job publishes is told after the commit, in commit order,
before its caller resumes.

A job that fails takes back its own rows only: if it had written any, the group is rolled back and its jobs are run
again, each in a transaction of its own. So a job may run twice; it acts on the transaction alone. Savepoints would do
it too, but each makes the search index flush, and failures after a write are rare.
"""

import asyncio
import contextlib
import logging
import math
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from workstation.domain.changes import ChangeSet
from workstation.store.checkpoints import Checkpointer, empty_journal
from workstation.store.connections import Ownership
from workstation.store.workers import Task, Transaction, Worker

log = logging.getLogger(__name__)

SLICE = 0.0005
"""Seconds of telling in one go."""
GROUP_ROWS = 5_000
"""A group commits at the latest when it changed this many rows, about a thousand messages; each commit costs the
search index a merge."""


CHECKPOINT_ROWS = 25_000
"""Changed rows after which the journal is copied into the file, about 16 MB of it."""

Committed = Callable[[ChangeSet], Iterator[None] | None]
"""Told of what was committed, on the loop; what it returns is gone through in steps, with input let in between."""


class SpoiledError(Exception):
    """A job failed after it had written; its cause is the reason."""


class Writer(Worker):
    """Runs write jobs in groups; see the module's text."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        open_: Callable[[], sqlite3.Connection],
        committed: Committed,
        owning: Path,
        checkpointer: Checkpointer,
    ) -> None:
        super().__init__("store-writer", loop, lambda: self._own_and_open(open_, owning))
        self._committed = committed
        self._checkpointer = checkpointer
        self._uncopied = 0
        """Rows that were changed since the journal was last to be copied."""
        self._untold: deque[Task] = deque()
        self._telling = self._tell()
        self._ownership: Ownership | None = None
        self._durable: bool | None = None
        """How the connection commits; None until the first group."""

    def _own_and_open(self, open_: Callable[[], sqlite3.Connection], owning: Path) -> sqlite3.Connection:
        ownership = Ownership(owning)
        try:
            connection = open_()
        except BaseException:
            ownership.release()
            raise
        self._ownership = ownership
        return connection

    def work(self, connection: sqlite3.Connection) -> None:
        task = self.queue.get()
        while task is not None:
            done = [task]
            after, ended = self._group(connection, done)
            self.tell(self._deliver, done)
            task = after if ended else self.queue.get()

    def _group(self, connection: sqlite3.Connection, done: list[Task]) -> tuple[Task | None, bool]:
        """Run and commit the one in `done` and what waits behind it, adding to it.

        Returns what was taken from the queue but belongs to no group, and whether anything was.
        """
        durable = done[0].durable
        after: Task | None = None
        ended = False
        if done[0].alone:
            self._run_alone(connection, done[0])
            return None, False
        try:
            if durable is not self._durable:
                connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                self._durable = durable
            connection.execute("BEGIN IMMEDIATE")
            rows = connection.total_changes
            self._run(connection, done[0])
            while not ended and not self.queue.empty() and connection.total_changes - rows < GROUP_ROWS:
                after = self.queue.get()
                ended = after is None or after.alone or after.durable > durable
                if after is not None and not ended:
                    done.append(after)
                    self._run(connection, after)
            connection.execute("COMMIT")
            self._count(connection.total_changes - rows)
        except SpoiledError:
            self._one_by_one(connection, done)
        except sqlite3.Error as error:
            log.error("commit failed", extra={"error": type(error).__name__, "jobs": len(done)})
            self._abandon(connection, done, error)
        return after, ended

    def _run_alone(self, connection: sqlite3.Connection, task: Task) -> None:
        """What SQLite does not do inside a transaction."""
        try:
            with self._checkpointer.turn:
                task.result = task.job(connection)
        except sqlite3.Error as error:
            task.fail(error)

    def _count(self, rows: int) -> None:
        """Have the journal copied from time to time."""
        self._uncopied += rows
        if self._uncopied >= CHECKPOINT_ROWS:
            self._uncopied = 0
            self._checkpointer.ask()

    def _run(self, connection: sqlite3.Connection, task: Task) -> None:
        """Run one job; one that fails before it wrote anything hurts nobody, otherwise the group is spoiled."""
        transaction = Transaction(connection)
        task.undone = transaction.undone
        rows = connection.total_changes
        try:
            task.result = task.job(transaction)
        except BaseException as error:
            if connection.total_changes != rows or not connection.in_transaction:
                raise SpoiledError from error
            task.fail(error)
        else:
            task.changes = transaction.changes

    def _one_by_one(self, connection: sqlite3.Connection, tasks: list[Task]) -> None:
        """A job failed after writing: take the group back and give each job a transaction of its own."""
        with contextlib.suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        for task in tasks:
            task.take_back()
        for task in tasks:
            try:
                connection.execute("BEGIN IMMEDIATE")
                self._run(connection, task)
                connection.execute("COMMIT")
            except SpoiledError as spoiled:
                self._abandon(connection, [task], spoiled.__cause__ or spoiled)
            except sqlite3.Error as error:
                self._abandon(connection, [task], error)

    def _abandon(self, connection: sqlite3.Connection, tasks: list[Task], error: BaseException) -> None:
        """These could not be committed: none of it happened, and every caller learns so."""
        if connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        for task in tasks:
            if task.error is None:
                task.fail(error)

    async def end(self) -> None:
        """Wait until everything queued is done and told, and the connection is closed."""
        await super().end()
        self._pass_on(math.inf)

    def _deliver(self, tasks: list[Task]) -> None:
        """On the loop: what a group did is to be told, after what the groups before it did."""
        waiting = bool(self._untold)
        self._untold.extend(tasks)
        if not waiting:
            self._pass_on()

    def _pass_on(self, seconds: float = SLICE) -> None:
        """Publish and resume in commit order, a slice at a time: a flood must not keep input waiting."""
        until = perf_counter() + seconds
        while self._untold:
            next(self._telling)
            if self._untold and perf_counter() > until:
                self._loop.call_soon(self._pass_on)
                return

    def _tell(self) -> Iterator[None]:
        """What is untold, in steps; it goes on whenever there is more."""
        while True:
            task = self._untold[0]
            for changes in task.changes:
                try:
                    yield from self._committed(changes) or iter(())
                except Exception as error:  # noqa: BLE001 - a listener must not swallow its neighbours' results
                    log.error("publishing failed", extra={"error": type(error).__name__})
            task.settle()
            self._untold.popleft()
            yield

    def close(self, connection: sqlite3.Connection) -> None:
        with contextlib.suppress(sqlite3.Error), self._checkpointer.turn:
            empty_journal(connection)
        connection.close()
        if self._ownership is not None:
            self._ownership.release()
