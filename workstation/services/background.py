"""Background tasks with an owner: cancelled together, and no error of theirs is ever swallowed."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)

Sink = Callable[[str, BaseException], None]
"""Told the task's name and what it died of; called on the loop."""


def log_failure(name: str, error: BaseException) -> None:
    """The sink of last resort: the log, with the place of the error but none of its values."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"
    log.error("task failed", extra={"task": name, "error": type(error).__name__, "where": where})


class Background:
    """Owns tasks. `close` cancels and awaits them all; after it nothing can be spawned."""

    def __init__(self, sink: Sink = log_failure) -> None:
        self._sink = sink
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def closed(self) -> bool:
        """Whether nothing can be spawned any more."""
        return self._closed

    def tasks(self) -> tuple[asyncio.Task[Any], ...]:
        """The tasks that have not ended."""
        return tuple(self._tasks)

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Start `work` as a task of ours."""
        if self._closed:
            work.close()
            raise RuntimeError(f"{name}: its owner is closed")
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._sink(task.get_name(), error)

    def cancel(self) -> None:
        """Ask every task to stop, without waiting; for owners that cannot await."""
        self._closed = True
        for task in tuple(self._tasks):
            task.cancel()

    async def close(self) -> None:
        """Stop every task and wait until it has ended."""
        self.cancel()
        waiting = [task for task in self._tasks if task is not asyncio.current_task()]
        if waiting:
            await asyncio.wait(waiting)

    async def settle(self, seconds: float) -> bool:
        """Wait for the tasks to end by themselves, at most so long; whether they did."""
        if not self._tasks:
            return True
        _, pending = await asyncio.wait(tuple(self._tasks), timeout=seconds)
        return not pending
