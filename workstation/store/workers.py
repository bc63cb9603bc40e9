"""The threads of a store: work goes in by queue, results and what changed come back to the loop in order.

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
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter
from typing import Any, TypeVar

from workstation.domain.changes import ChangeSet
from workstation.store.connections import Ownership, translate

log = logging.getLogger(__name__)

T = TypeVar("T")

SLICE = 0.0005
"""Seconds of telling in one go."""
GROUP_ROWS = 5_000
"""A group commits at the latest when it changed this many rows, about a thousand messages; each commit costs the
search index a merge."""


CHECKPOINT_ROWS = 25_000
"""Changed rows after which the journal is copied into the file, about 16 MB of it."""

Committed = Callable[[ChangeSet], Iterator[None] | None]
"""Told of what was committed, on the loop; what it returns is gone through in steps, with input let in between."""


class Transaction:
    """What a write job works with: the connection, what to publish after the commit, what to forget if it fails."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.changes: list[ChangeSet] = []
        self.undone: list[Callable[[], None]] = []

    def publish(self, changes: ChangeSet) -> ChangeSet:
        """Tell everyone after the commit; returns it for the caller."""
        self.changes.append(changes)
        return changes

    def on_rollback(self, forget: Callable[[], None]) -> None:
        """Call `forget` on the writer thread if this job or its group is taken back: caches must not outlive rows."""
        self.undone.append(forget)


class SpoiledError(Exception):
    """A job failed after it had written; its cause is the reason."""


WriteJob = Callable[[Transaction], T]
ReadJob = Callable[[sqlite3.Connection], T]


class Task:
    """A job on its way: what to do, who waits, and what came of it."""

    __slots__ = ("alone", "changes", "durable", "error", "future", "job", "result", "undone")

    def __init__(
        self, job: Callable[[Any], Any], future: "asyncio.Future[Any]", durable: bool = False, alone: bool = False
    ) -> None:
        self.job = job
        self.future = future
        self.durable = durable
        self.alone = alone
        self.result: Any = None
        self.error: BaseException | None = None
        self.changes: list[ChangeSet] = []
        self.undone: list[Callable[[], None]] = []

    def fail(self, error: BaseException) -> None:
        """Take the job back for good: its caller gets the error."""
        self.take_back()
        self.error = translate(error) if isinstance(error, sqlite3.Error) else error

    def take_back(self) -> None:
        """Nothing is published, caches forget."""
        self.error = None
        self.result = None
        self.changes = []
        for forget in self.undone:
            forget()
        self.undone = []

    def settle(self) -> None:
        """Resume the caller, if it still waits."""
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


Lanes = dict[str, "SimpleQueue[Task | None]"]
"""The queues that the readers of each lane share."""


class Worker:
    """A thread with a connection and a queue; None in the queue ends it after everything before."""

    def __init__(
        self,
        name: str,
        loop: asyncio.AbstractEventLoop,
        open_: Callable[[], sqlite3.Connection],
        queue: "SimpleQueue[Task | None] | None" = None,
    ) -> None:
        self.queue: SimpleQueue[Task | None] = SimpleQueue() if queue is None else queue
        self.opened: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[None] = loop.create_future()
        self._loop = loop
        self._open = open_
        self._thread = threading.Thread(target=self._main, name=name, daemon=True)

    def start(self) -> None:
        """Open the connection and begin to work; `opened` tells how it went."""
        self._thread.start()

    async def end(self) -> None:
        """Wait until everything queued is done and the connection is closed."""
        self.queue.put(None)
        await self.ended
        self._thread.join()

    def tell(self, call: Callable[..., object], *args: object) -> None:
        """Run `call` on the loop; a loop that is gone has nobody left to tell."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(call, *args)

    def _main(self) -> None:
        try:
            connection = self._open()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the caller of open() is to see it
            shown = translate(error) if isinstance(error, sqlite3.Error) else error
            self.tell(_resolve, self.opened, shown)
            self.tell(_resolve, self.ended, None)
            return
        self.tell(_resolve, self.opened, None)
        try:
            self.work(connection)
        finally:
            self.close(connection)
            self.tell(_resolve, self.ended, None)

    def work(self, connection: sqlite3.Connection) -> None:
        """Do what is queued until the sign to end."""
        raise NotImplementedError

    def close(self, connection: sqlite3.Connection) -> None:
        """Let go of the connection."""
        connection.close()


def _resolve(future: "asyncio.Future[None]", error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)


class Reader(Worker):
    """Runs read jobs one by one, each in a transaction of its own: everything it reads is of one moment."""

    def work(self, connection: sqlite3.Connection) -> None:
        while (task := self.queue.get()) is not None:
            if task.future.done():
                continue
            try:
                connection.execute("BEGIN")
                task.result = task.job(connection)
            except BaseException as error:  # noqa: BLE001 - goes to whoever waits for the result
                task.fail(error)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            self.tell(task.settle)


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
