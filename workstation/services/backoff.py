"""Waiting longer after each failure, spread at random so that many clients do not return at once."""

import random

from workstation.domain.messages import Micros
from workstation.services.clock import MINUTE, SECOND


class Backoff:
    """Exponential delays with full jitter above one half: 1 s, 2 s, 4 s ... up to `most` microseconds."""

    def __init__(self, first: Micros = SECOND, most: Micros = 5 * MINUTE, seed: int | None = None) -> None:
        self._first = first
        self._most = most
        self._random = random.Random(seed)  # noqa: S311 - spreads load, protects nothing
        self.failures = 0

    def delay(self) -> Micros:
        """Count a failure and return how long to wait after it."""
        whole = min(self._most, self._first << min(self.failures, 40))
        self.failures += 1
        return whole // 2 + self._random.randrange(whole // 2 + 1)

    def reset(self) -> None:
        """It worked: the next failure starts from the shortest delay."""
        self.failures = 0


def delay_after(attempts: int, first: Micros = SECOND, most: Micros = 2 * MINUTE) -> Micros:
    """The delay after that many failed attempts (1 or more), for what keeps its own count."""
    backoff = Backoff(first, most)
    backoff.failures = max(0, attempts - 1)
    return backoff.delay()
