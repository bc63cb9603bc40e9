"""What was going on in the longest turns of the loop: which key came before, which handler ran, what it called.

A timer's signal a thousand times a second looks at the stack of the main thread, but only once a turn is already long.
The processor time since the look before is put down to the handler that is running: the outermost function of the
product. Qt's work for itself (layouts, painting of plain widgets) has no frame and is told as such. Works where there
are interval timers; elsewhere nothing is told.
"""

import signal
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from benchmarks.turns import Turns

EVERY = 0.001
QUIET = 0.003
"""Seconds of a turn before its stack is looked at."""
LONG = 0.008
"""Seconds of processor time from which a turn is told of."""
DEPTH = 4
_OURS, _LOOP = "/workstation/", "/workstation/qt/loop.py"
_ITSELF = "Qt itself"


@dataclass
class Stall:
    """Long turns in which the same handler took the most."""

    key: str
    handler: str
    count: int = 0
    longest: float = 0.0
    total: float = 0.0
    inside: Counter[str] = field(default_factory=Counter)
    """Microseconds by what the handler had called."""

    def as_json(self) -> dict[str, Any]:
        """A row of the table, milliseconds of processor time."""
        return {
            "key": self.key,
            "handler": self.handler,
            "count": self.count,
            "longest_ms": round(self.longest * 1000, 1),
            "total_ms": round(self.total * 1000, 1),
            "inside": [f"{name} {spent / 1000:.1f}" for name, spent in self.inside.most_common(6)],
        }


class Stalls(Turns):
    """Turns that know what was long in them; `key` names what the agent did last."""

    def __init__(self, key: Callable[[], str] = str) -> None:
        super().__init__()
        self._key = key
        self._looked: list[tuple[float, str, str]] = []
        self._found: dict[tuple[str, str], Stall] = {}
        self._last_look = 0.0
        self._before: Any = None
        if hasattr(signal, "setitimer"):
            self._before = signal.signal(signal.SIGALRM, self._look)
            signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)

    def _look(self, _number: int, frame: FrameType | None) -> None:
        now = time.thread_time()
        if now - self._last >= QUIET:
            since = now - max(self._last, self._last_look)
            self._looked.append((since, *_named(frame)))
        self._last_look = now

    def ended(self, spent: float) -> None:
        """Put a turn down to what took the most of it."""
        looked, self._looked = self._looked, []
        if spent < LONG:
            return
        shares: defaultdict[str, float] = defaultdict(float)
        for since, handler, _inside in looked:
            shares[handler] += since
        handler = max(shares, key=lambda name: shares[name], default=_ITSELF)
        key = self._key()
        stall = self._found.setdefault((key, handler), Stall(key, handler))
        stall.count += 1
        stall.longest = max(stall.longest, spent)
        stall.total += spent
        for since, whose, inside in looked:
            stall.inside[inside if whose == handler else whose] += int(since * 1e6)

    def close(self) -> None:
        """Look no more."""
        if self._before is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)
        super().close()

    def table(self) -> list[dict[str, Any]]:
        """The rows, what took the most first."""
        return [stall.as_json() for stall in sorted(self._found.values(), key=lambda stall: -stall.total)]


def _named(frame: FrameType | None) -> tuple[str, str]:
    """The handler that runs, and the innermost functions of the product in it."""
    ours: list[str] = []
    while frame is not None:
        file = frame.f_code.co_filename
        if _OURS in file and not file.endswith(_LOOP):
            ours.append(frame.f_code.co_qualname)
        frame = frame.f_back
    if not ours:
        return _ITSELF, _ITSELF
    return ours[-1], " < ".join(ours[:DEPTH])
