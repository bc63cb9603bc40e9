"""When columns bring what they noted onto the screen: one precise timer, armed by dirt, in turns within a budget.

A timer that fires only when something is dirty costs nothing at rest. The budget bounds how long an input event may
have to wait; the pause after it leaves the loop to input and to the network even when everything is always dirty.
"""

import math
from collections import deque
from time import perf_counter
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer

BUDGET = 0.004
"""Seconds of painting in one go, measured to the flush."""
PAUSE_MS = 1
"""Between two goes while there is more to do: input and network have their turn there, however short it is."""
FRAME = 0.012
"""A column that was drained less than this ago waits for the rest of it: faster than a screen shows is for nothing."""


class Drains(Protocol):
    """A column as the drainer sees it."""

    def refresh(self, until: float = math.inf) -> bool:
        """Bring what was noted onto the screen; False if `until` (of perf_counter) came first, to go on later."""


class Drainer(QObject):
    """Shared by the columns of a window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Drains] = deque()
        self._queued: set[int] = set()
        self._last = 0.0
        self.longest = 0.0
        """Seconds of the longest go, for the benchmarks."""
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.drain)

    def mark(self, column: Drains) -> None:
        """Column is dirty: its turn comes within a frame, or as soon as those before it are done."""
        if id(column) in self._queued:
            return
        self._queued.add(id(column))
        self._waiting.append(column)
        if not self._timer.isActive():
            rest = FRAME - (perf_counter() - self._last)
            self._timer.start(max(0, round(rest * 1000)))

    def forget(self, column: Drains) -> None:
        """Column goes away."""
        if id(column) in self._queued:
            self._queued.discard(id(column))
            self._waiting = deque(other for other in self._waiting if other is not column)
        if not self._waiting:
            self._timer.stop()

    @property
    def busy(self) -> bool:
        """Whether a column waits for its turn."""
        return bool(self._waiting)

    def drain(self) -> None:
        """Refresh columns in turn until the budget is spent; what is left gets the next go."""
        started = perf_counter()
        while self._waiting:
            column = self._waiting.popleft()
            self._queued.discard(id(column))
            if not column.refresh(started + BUDGET):
                self._waiting.appendleft(column)
                self._queued.add(id(column))
                break
            if perf_counter() - started >= BUDGET:
                break
        self._last = perf_counter()
        self.longest = max(self.longest, self._last - started)
        if self._waiting:
            self._timer.start(PAUSE_MS)
