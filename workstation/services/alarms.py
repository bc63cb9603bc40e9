"""Wakes what was snoozed and tells what falls due, by one timer for the earliest of all."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.cases import Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.messages import Micros
from workstation.services.background import Background, Sink, log_failure
from workstation.services.clock import Clock
from workstation.services.feed import Feed
from workstation.services.observers import Observers

if TYPE_CHECKING:
    from workstation.store.store import Store

LONGEST = 600.0
"""Seconds between two looks at the clock: it may be set, and a laptop sleeps without its timers noticing."""


class Alarm(msgspec.Struct, frozen=True):
    """What time brought: cases that are awake again, and cases whose promise falls due now."""

    woken: tuple[Entry, ...] = ()
    due: tuple[Entry, ...] = ()


class Alarms:
    """Sweeps the snoozed cases when the first of them is due, and tells whoever watches."""

    def __init__(self, store: "Store", feed: Feed, clock: Clock, sink: Sink = log_failure) -> None:
        self._store = store
        self._feed = feed
        self._clock = clock
        self._tasks = Background(sink)
        self._wake = asyncio.Event()
        self._watchers: Observers[Alarm] = Observers()
        self._looked: Micros = 0

    def subscribe(self, callback: Callable[[Alarm], None]) -> Callable[[], None]:
        """Call `callback` with what wakes and what falls due; returns what ends it."""
        return self._watchers.subscribe(callback)

    def start(self) -> None:
        """Begin. What fell due while nobody looked is told with the first look."""
        self._tasks.spawn(self._run(), "alarms")

    async def close(self) -> None:
        """End."""
        await self._tasks.close()

    async def _run(self) -> None:
        end = self._feed.subscribe(self._on_change)
        try:
            while True:
                self._wake.clear()
                await self._look()
                await self._until(await self._next())
        finally:
            end()

    async def _look(self) -> None:
        while (changes := await self._store.cases.sweep(self._clock.now())) is not None:
            self._watchers.tell(Alarm(woken=changes.faces))
        now = self._clock.now()
        due = await self._store.cases.fallen_due(self._looked, now)
        self._looked = now
        if due:
            self._watchers.tell(Alarm(due=due))

    async def _next(self) -> Micros | None:
        moments = (await self._store.cases.next_alarm(), await self._store.cases.next_promise(self._looked))
        return min((moment for moment in moments if moment is not None), default=None)

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.reload or any(case.snoozed_until or case.due_at for case in changes.cases):
            self._wake.set()

    async def _until(self, at: Micros | None) -> None:
        left = LONGEST if at is None else (at - self._clock.now()) / 1_000_000
        try:
            async with asyncio.timeout(min(LONGEST, max(0.0, left))):
                await self._wake.wait()
        except TimeoutError:
            pass
