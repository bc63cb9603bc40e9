"""The time as services see it: injectable, so that a shift of weeks can be tested in milliseconds."""

import time
from typing import Protocol

from workstation.domain.messages import Micros

SECOND: Micros = 1_000_000
MINUTE: Micros = 60 * SECOND


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> Micros:
        """Microseconds since 1970, UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> Micros:
        """Microseconds since 1970, UTC."""
        return time.time_ns() // 1_000
