"""Python's cyclic garbage collector, on the main thread only.

It runs in whatever thread happens to allocate, and destroys what it finds there. A Qt object with a timer that dies in
another thread leaves the timer behind, and the process dies with it: pyqtgraph's plots alone are full of such cycles.
"""

import gc
from time import monotonic

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 50
"""Often, so that what a flood of messages leaves is collected in small steps."""
REST_MS = 1_000
"""Before the first look: what a start makes stays, and is frozen at its end."""
TURNS = 4
"""Collections of the youngest before those that outlived one are looked at too: ten, as the interpreter has it, let so
many gather in a flood that input waits 5 ms for them."""
FULL_SECONDS = 60.0
"""Between two collections of everything: they take the longest, and what lives long is mostly still in use."""


class Collector(QObject):
    """Collects by the thresholds that the interpreter would use, at moments when the main thread is free."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        self._full = monotonic()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Take over from the interpreter."""
        gc.disable()
        self._timer.start(REST_MS)

    def stop(self) -> None:
        """Collect what is left, here, and hand back."""
        self._timer.stop()
        gc.collect()
        if self._was_on:
            gc.enable()

    def _look(self) -> None:
        self._timer.setInterval(LOOK_MS)
        counts, thresholds = gc.get_count(), gc.get_threshold()
        if counts[2] > thresholds[2] > 0 and monotonic() - self._full > FULL_SECONDS:
            gc.collect()
            self._full = monotonic()
            return
        if counts[1] > min(TURNS, thresholds[1]) > 0:
            gc.collect(1)
        elif counts[0] > thresholds[0] > 0:
            gc.collect(0)
