"""When columns bring what they noted onto the screen: one precise timer, armed by dirt, in turns within a budget.

A timer that fires only when something is dirty costs nothing at rest. The budget bounds how long an input event may
have to wait; the pause after it, longer than the go was, leaves the loop to input and to the network even when
everything is always dirty: what is not read in time grows old before it is shown.
"""

import math
from collections import deque
from time import perf_counter
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer

from workstation.views.deck.card_pool import CardPool

BUDGET = 0.004
"""Seconds of painting in one go, measured to the flush."""
SHARE = 0.4
"""Of the loop's time that painting takes at most: what is painted faster than it is read would only be older."""
FRAME = 0.012
"""From one go to the next at the least, unless the budget cut it short: no screen shows more."""


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
        self._next = 0.0
        self.cards = CardPool()
        """What more than one of the columns shows."""
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
            self._start()

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
        ended = perf_counter()
        spent = ended - started
        self.longest = max(self.longest, spent)
        self._next = ended + spent * (1 - SHARE) / SHARE
        if self._waiting:
            self._start()
        else:
            self._next = max(self._next, started + FRAME)

    def _start(self) -> None:
        self._timer.start(max(0, round((self._next - perf_counter()) * 1000)))
