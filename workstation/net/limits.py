"""One limiter per (account, bucket): who may ask next, and when, by what the server said of its limits.

Four lanes share a bucket: an agent's write goes before catching up, that before polling, that before loading older
messages; and each lane leaves something for the ones above it.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count

from workstation.domain.channels import RateHint

SECOND = 1_000_000
JITTER = 0.5
"""Seconds added at most to every wait, so that clients do not come back in step."""


class Lane(IntEnum):
    """In order of precedence."""

    WRITE = 0
    CATCH_UP = 1
    POLL = 2
    BACKFILL = 3
    """What nobody waits for."""


RESERVED = {Lane.WRITE: 0.0, Lane.CATCH_UP: 0.08, Lane.POLL: 0.2, Lane.BACKFILL: 0.4}
"""Share of the limit that a lane leaves alone."""


class Limiter:
    """Turns for one bucket. `now` gives microseconds UTC; `parallel` requests are under way at most."""

    def __init__(
        self, now: Callable[[], int], parallel: int = 4, rng: random.Random | None = None, jitter: float = JITTER
    ) -> None:
        self._now = now
        self._free = parallel
        self._rng = rng or random.Random()  # noqa: S311 - spreads load, guards nothing
        self._jitter = jitter
        self._waiting: list[tuple[Lane, int, asyncio.Future[None]]] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None
        self._blocked_until = 0
        self.hint = RateHint()

    @asynccontextmanager
    async def turn(self, lane: Lane) -> AsyncIterator[None]:
        """Wait for a turn; hold it while the request is under way."""
        await self._acquire(lane)
        try:
            yield
        finally:
            self._free += 1
            self._serve()

    async def _acquire(self, lane: Lane) -> None:
        future = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (lane, next(self._order), future))
        self._serve()
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._free += 1  # the turn had been given just before
            self._serve()
            raise

    def heard(self, hint: RateHint) -> None:
        """The server told its limit."""
        self.hint = hint
        self._serve()

    def blocked(self, until: int) -> None:
        """The server told to wait until then."""
        self._blocked_until = max(self._blocked_until, until)
        self._serve()

    def opens_at(self, lane: Lane) -> int:
        """When the next request of a lane may start; 0 for now."""
        now = self._now()
        until = self._blocked_until
        hint = self.hint
        if hint.remaining >= 0 and hint.reset_at > now:
            limit = max(hint.limit, 0)
            # Of a small bucket at least one is left for the lanes above.
            reserve = max(int(limit * RESERVED[lane]), int(lane > Lane.WRITE and limit > 1))
            if hint.remaining <= reserve:
                until = max(until, hint.reset_at)
        return until if until > now else 0

    def _serve(self) -> None:
        """Give turns in order of lanes; if the first must wait for the clock, set it."""
        while self._waiting and self._free > 0:
            lane, _, future = self._waiting[0]
            if future.done():
                heappop(self._waiting)
                continue
            opens = self.opens_at(lane)
            if opens:
                self._wake_at(opens)
                return
            heappop(self._waiting)
            self._free -= 1
            self._spend()
            future.set_result(None)

    def _spend(self) -> None:
        """Count the request at once: its answer, which will tell, is still far."""
        hint = self.hint
        if hint.remaining > 0:
            self.hint = RateHint(hint.bucket, hint.limit, hint.remaining - 1, hint.reset_at)

    def _wake_at(self, until: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
        delay = max(0.0, (until - self._now()) / SECOND) + self._rng.uniform(0, self._jitter)
        self._timer = asyncio.get_running_loop().call_later(delay, self._serve)

    def close(self) -> None:
        """Forget the clock; those who wait are cancelled with their owners."""
        if self._timer is not None:
            self._timer.cancel()
