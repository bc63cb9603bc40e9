"""Time and identifiers: milliseconds UTC, and snowflake-like ids that grow with time."""

import time
from datetime import UTC, datetime

SEQUENCE_BITS = 16


class Clock:
    """The network's time, real or virtual.

    A virtual clock starts at a given instant and moves only when it is told to, so that ids and timestamps are
    the same in every run.
    """

    def __init__(self, epoch_ms: int = 0) -> None:
        self._virtual_us = epoch_ms * 1000
        self.virtual = epoch_ms > 0

    def now_ms(self) -> int:
        """Return milliseconds since 1970, UTC."""
        return self._virtual_us // 1000 if self.virtual else time.time_ns() // 1_000_000

    def advance(self, seconds: float) -> None:
        """Move a virtual clock; a real one moves by itself."""
        self._virtual_us += round(seconds * 1_000_000)


class Ids:
    """Identifiers as Mastodon builds them: milliseconds, then a sequence; strictly increasing."""

    def __init__(self) -> None:
        self._last = 0

    def at(self, moment_ms: int) -> int:
        """Return an id for that moment, larger than every id given before."""
        self._last = max(moment_ms << SEQUENCE_BITS, self._last + 1)
        return self._last


def iso(moment_ms: int) -> str:
    """Return the moment as the API writes it: 2025-11-22T03:04:05.678Z."""
    moment = datetime.fromtimestamp(moment_ms / 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment_ms % 1000:03d}Z"


def day(moment_ms: int) -> str:
    """Return the day as the API writes it: 2025-11-22."""
    return f"{datetime.fromtimestamp(moment_ms / 1000, UTC):%Y-%m-%d}"
