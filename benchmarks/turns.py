"""What the main thread does in each turn of the loop, in its own processor time: others on the machine count less.

Input waits for the turn that is under way. So the share of the time in which an event would wait longer than x is the
sum of what each turn takes beyond x, divided by the time: `wait` finds the x for a share.
"""

import time

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication


class Turns:
    """Notes how much processor time of this thread each turn of the loop takes, until `close`."""

    def __init__(self) -> None:
        app = QCoreApplication.instance()
        dispatcher = QAbstractEventDispatcher.instance(app.thread()) if app is not None else None
        if dispatcher is None:
            raise RuntimeError("there is no loop")
        self._dispatcher = dispatcher
        self._spent: list[float] = []
        self._last, self._started, self._seconds = time.thread_time(), time.monotonic(), 0.0
        self._dispatcher.aboutToBlock.connect(self._ended)

    def _ended(self) -> None:
        now = time.thread_time()
        spent = now - self._last
        self._spent.append(spent)
        self.ended(spent)
        self._last = time.thread_time()

    def ended(self, spent: float) -> None:
        """Told of each turn, with the seconds that it took."""

    def close(self) -> None:
        """Note nothing more."""
        self._seconds = time.monotonic() - self._started
        self._dispatcher.aboutToBlock.disconnect(self._ended)

    @property
    def busy(self) -> float:
        """Share of the time in which the main thread worked."""
        return sum(self._spent) / self._seconds

    def wait(self, share: float) -> float:
        """Seconds that an event at a random moment waits at most, but for this share of the time."""
        low, high = 0.0, max(self._spent, default=0.0)
        while high - low > 1e-5:
            middle = (low + high) / 2
            low, high = (middle, high) if self._beyond(middle) > share * self._seconds else (low, middle)
        return high

    def _beyond(self, seconds: float) -> float:
        return sum(spent - seconds for spent in self._spent if spent > seconds)
