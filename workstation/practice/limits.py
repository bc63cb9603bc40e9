"""Requests counted per client in windows on the clock, as Mastodon's middleware does."""

import time
from dataclasses import dataclass

from workstation.practice.clock import iso

CLIENTS_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a client in this window."""

    limit: int
    remaining: int
    resets_at_ms: int

    def headers(self) -> dict[str, str]:
        """Return the headers of an answer; the reset is an ISO instant, not seconds."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.remaining)),
            "X-RateLimit-Reset": iso(self.resets_at_ms),
        }


class Limits:
    """A counter per client; a new window begins at every multiple of its length."""

    def __init__(self, limit: int, window_s: int) -> None:
        self._limit = limit
        self._window_ms = window_s * 1000
        self._window = 0
        self._used: dict[str, int] = {}

    def take(self, client: str) -> Allowance:
        """Count one request of a client."""
        now = time.time_ns() // 1_000_000
        if now // self._window_ms != self._window or len(self._used) > CLIENTS_KEPT:
            self._window = now // self._window_ms
            self._used.clear()
        self._used[client] = self._used.get(client, 0) + 1
        return Allowance(self._limit, self._limit - self._used[client], (self._window + 1) * self._window_ms)
