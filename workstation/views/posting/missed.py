"""Posts that missed their time are asked about: a strip over the window; nothing is sent before somebody decides."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from workstation.domain.posts import Posted
from workstation.domain.text import lazy, lazy_plural
from workstation.qt.tasks import Tasks
from workstation.services.desk import Desk
from workstation.views.main_window import MainWindow
from workstation.views.widgets.banner import BannerText

MISSED = "missed"
LONGEST_MS = 60 * 60 * 1000
"""A timer that sleeps for longer than that would trust a machine not to."""


class Missed(QObject):
    """Looks at the start, whenever rows of posts change, and when the next one may be missed."""

    def __init__(self, window: MainWindow, desk: Desk, tasks: Tasks, show: Callable[[Posted], object]) -> None:
        super().__init__(window)
        self._window, self._desk, self._tasks, self._show = window, desk, tasks, show
        self._stopped = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)

    def look(self) -> None:
        """Look whether any is missed."""
        self._tasks.latest(self.look_now(), MISSED)

    async def look_now(self) -> None:
        """Look whether any is missed, and set the time of the next look."""
        missed = await self._desk.posts.missed()
        if missed:
            text = lazy_plural(
                "{count} planned post has missed its time and was not sent.",
                "{count} planned posts have missed their time and were not sent.",
                len(missed),
            )
            self._window.banners.put(BannerText(MISSED, text, icon="alarm-clock-off", action=lazy("Decide…")))
        else:
            self._window.banners.drop(MISSED)
        self._window.actions_table.allow("posts.missed", None if missed else lazy("No post has missed its time."))
        due = await self._desk.posts.next_missed()
        if due is not None and not self._stopped:
            wait = (due - self._desk.clock.now()) // 1000 + 1000
            self._timer.start(max(1000, min(LONGEST_MS, wait)))

    def decide(self) -> None:
        """Show the one that was missed first, to be decided on."""
        self._tasks.spawn(self._decide(), MISSED)

    async def _decide(self) -> None:
        missed = await self._desk.posts.missed()
        if missed:
            self._show(missed[0])

    def stop(self) -> None:
        """The window is about to go."""
        self._stopped = True
        self._timer.stop()
