"""When columns bring what they noted onto the screen: one precise timer, armed by dirt, in rounds within a budget.

A timer that fires only when something is dirty costs nothing at rest. The budget bounds how long an input event may
have to wait; the pause after it, longer than the go was, leaves the loop to input and to the network even when
everything is always dirty: what is not read in time grows old before it is shown. A loop that has nothing else to do
ends the pause.

All columns of a round take in what arrived at its beginning, however many goes it takes to show that: so what comes
into several columns is laid out and drawn once, for none is a few messages ahead of the others.
"""

import math
from collections import deque
from time import perf_counter
from typing import Protocol

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Qt, QTimer

from workstation.views.deck.card_pool import CardPool

BUDGET = 0.003
"""Seconds of painting in one go, measured to the flush."""
SHARE = 0.4
"""Of the loop's time that painting takes at most: what is painted faster than it is read would only be older."""
FRAME = 0.012
"""From one go to the next at the least, unless the budget cut it short: no screen shows more."""


class Drains(Protocol):
    """A column as the drainer sees it."""

    def take(self) -> None:
        """Take in what was noted; the screen stays as it is."""

    def refresh(self, until: float = math.inf) -> bool:
        """Bring what was taken in onto the screen; False if `until` (of perf_counter) came first, to go on later."""


class Drainer(QObject):
    """Shared by the columns of a window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dirty: dict[int, Drains] = {}
        """By identity, in their order: the next round."""
        self._round: deque[Drains] = deque()
        """What this round has still to show."""
        self._next = 0.0
        self.cards = CardPool()
        """What more than one of the columns shows."""
        self.longest = 0.0
        """Seconds of the longest go, for the benchmarks."""
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.drain)
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.aboutToBlock.connect(self._go_on)

    def mark(self, column: Drains) -> None:
        """Column is dirty: its turn comes within a frame, or as soon as the round before it is done."""
        self._dirty.setdefault(id(column), column)
        if not self._timer.isActive():
            self._start()

    def forget(self, column: Drains) -> None:
        """Column goes away."""
        self._dirty.pop(id(column), None)
        if column in self._round:
            self._round = deque(other for other in self._round if other is not column)
        if not self.busy:
            self._timer.stop()

    @property
    def busy(self) -> bool:
        """Whether a column waits for its turn."""
        return bool(self._dirty or self._round)

    def drain(self) -> None:
        """Refresh columns in turn until the budget is spent; what is left gets the next go."""
        started = perf_counter()
        if not self._round:
            self._begin_round()
        while self._round:
            if not self._round[0].refresh(started + BUDGET):
                break
            self._round.popleft()
            if perf_counter() - started >= BUDGET:
                break
        ended = perf_counter()
        spent = ended - started
        self.longest = max(self.longest, spent)
        self._next = ended + spent * (1 - SHARE) / SHARE
        if not self._round:
            self._next = max(self._next, started + FRAME)
        if self.busy:
            self._start()

    def _begin_round(self) -> None:
        self._round.extend(self._dirty.values())
        self._dirty.clear()
        for column in self._round:
            column.take()

    def _go_on(self) -> None:
        """The loop is about to wait: nothing needs the rest of the pause between two goes of a round."""
        if self._round and self._timer.isActive():
            self._timer.start(0)

    def _start(self) -> None:
        self._timer.start(max(0, round((self._next - perf_counter()) * 1000)))
