"""Python's cyclic garbage collector, on the main thread only.

It runs in whatever thread happens to allocate, and destroys what it finds there. A Qt object with a timer that dies in
another thread leaves the timer behind, and the process dies with it: pyqtgraph's plots alone are full of such cycles.
"""

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 250


class Collector(QObject):
    """Collects by the thresholds that the interpreter would use, at moments when the main thread is free."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Take over from the interpreter."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Collect what is left, here, and hand back."""
        self._timer.stop()
        gc.collect()
        if self._was_on:
            gc.enable()

    @staticmethod
    def _look() -> None:
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation] > 0:
                gc.collect(generation)
                return
