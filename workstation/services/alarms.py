"""Wakes what was snoozed, by one timer for the earliest of all."""

import asyncio
from typing import TYPE_CHECKING

from workstation.domain.changes import ChangeSet
from workstation.services.background import Background, Sink, log_failure
from workstation.services.clock import Clock
from workstation.services.feed import Feed

if TYPE_CHECKING:
    from workstation.store.store import Store

LONGEST = 600.0
"""Seconds between two looks at the clock: it may be set, and a laptop sleeps without its timers noticing."""


class Alarms:
    """Sweeps the snoozed cases when the first of them is due."""

    def __init__(self, store: "Store", feed: Feed, clock: Clock, sink: Sink = log_failure) -> None:
        self._store = store
        self._feed = feed
        self._clock = clock
        self._tasks = Background(sink)
        self._wake = asyncio.Event()

    def start(self) -> None:
        """Begin."""
        self._tasks.spawn(self._run(), "alarms")

    async def close(self) -> None:
        """End."""
        await self._tasks.close()

    async def _run(self) -> None:
        end = self._feed.subscribe(self._on_change)
        try:
            while True:
                self._wake.clear()
                while await self._store.cases.sweep(self._clock.now()) is not None:
                    pass
                await self._until(await self._store.cases.next_alarm())
        finally:
            end()

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.reload or any(case.snoozed_until or case.due_at for case in changes.cases):
            self._wake.set()

    async def _until(self, at: int | None) -> None:
        left = LONGEST if at is None else (at - self._clock.now()) / 1_000_000
        try:
            async with asyncio.timeout(min(LONGEST, max(0.0, left))):
                await self._wake.wait()
        except TimeoutError:
            pass
