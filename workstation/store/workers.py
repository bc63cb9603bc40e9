"""The threads of a store: work goes in by queue, results and what changed come back to the loop in order."""

import asyncio
import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from workstation.domain.changes import ChangeSet
from workstation.store.connections import translate

log = logging.getLogger(__name__)

T = TypeVar("T")


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
