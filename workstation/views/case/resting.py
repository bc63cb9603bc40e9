"""Work that waits until typing rests: none of it is in the way of a key, and it can be had at once."""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer


class Resting(QObject):
    """Does `work` when nobody asked for it again for `milliseconds`, at the latest `longest` after the first asking."""

    def __init__(self, owner: QObject, milliseconds: int, longest: int, work: Callable[[], None]) -> None:
        super().__init__(owner)
        self._work = work
        self._longest = longest / 1_000
        self._since = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(self.flush)
        self.waiting = False
        """Whether something is still to be done."""

    def later(self) -> None:
        """Ask for it."""
        now = monotonic()
        if not self.waiting:
            self.waiting, self._since = True, now
        elif now - self._since >= self._longest:
            return  # the rest that runs already is the last
        self._timer.start()

    def flush(self) -> None:
        """Do now what is still to be done."""
        if self.waiting:
            self.cancel()
            self._work()

    def cancel(self) -> None:
        """Forget what was asked for."""
        self.waiting = False
        self._timer.stop()
