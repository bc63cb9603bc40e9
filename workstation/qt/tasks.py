"""Asyncio tasks that belong to a Qt object: they end when it does, and their errors are shown, not lost."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject

from workstation.services.background import Background, Sink, log_failure


class Tasks:
    """Spawns work for `owner`. The sink is told of every error; the window's shows a notice."""

    def __init__(self, owner: QObject, sink: Sink = log_failure) -> None:
        self._background = Background(sink)
        # A bound method of ours would keep us and the callback alive; Qt drops the plain function with the object.
        owner.destroyed.connect(_canceller(self._background))

    def __len__(self) -> int:
        return len(self._background)

    @property
    def closed(self) -> bool:
        """Whether nothing can be spawned any more."""
        return self._background.closed

    def spawn(self, work: Coroutine[Any, Any, Any], name: str = "") -> asyncio.Task[Any]:
        """Start `work`; the name appears in the log, so it says what is done."""
        return self._background.spawn(work, name or getattr(work, "__qualname__", "task"))

    def latest(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Start `work` in place of an unfinished one of that name: only the latest answer is of interest."""
        for task in self._background.tasks():
            if task.get_name() == name:
                task.cancel()
        return self.spawn(work, name)

    def cancel(self) -> None:
        """End all work now; nothing can be spawned after it."""
        self._background.cancel()

    async def close(self) -> None:
        """End all work and wait for it."""
        await self._background.close()


def _canceller(background: Background) -> Callable[[], None]:
    def cancel(*_: object) -> None:
        background.cancel()

    return cancel
