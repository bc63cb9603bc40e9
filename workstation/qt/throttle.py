"""Does something at most so often, and always once more after the last request."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer


class Throttle(QObject):
    """Runs `work` at once when it has rested for `milliseconds`, else at the end of that time; dies with `owner`."""

    def __init__(self, owner: QObject, milliseconds: int, work: Callable[[], None]) -> None:
        super().__init__(owner)
        self._work = work
        self._again = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(self._rested)

    def request(self) -> None:
        """Ask for the work to be done."""
        if self._timer.isActive():
            self._again = True
        else:
            self._timer.start()
            self._work()

    def later(self) -> None:
        """Ask for the work to be done at the end of the rest, never now; for keystrokes that still go on."""
        self._again = True
        self._timer.start()

    def flush(self) -> None:
        """Do now what is still asked for."""
        if self._again:
            self._timer.stop()
            self._rested()

    def cancel(self) -> None:
        """Forget what is asked for."""
        self._again = False
        self._timer.stop()

    def _rested(self) -> None:
        if self._again:
            self._again = False
            self._timer.start()
            self._work()
