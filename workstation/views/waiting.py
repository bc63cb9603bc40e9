"""How many customers wait, for the bar at the top: the same number that the live figures show."""

from PySide6.QtCore import QObject

from workstation.qt.tasks import Tasks
from workstation.qt.throttle import Throttle
from workstation.services.kpi import Kpi
from workstation.services.supervisor import Supervisor
from workstation.views.top_bar import TopBar

PACE_MS = 1_500
"""How often the number may change on the screen."""


class WaitingCount:
    """Counts when something has changed; asked for as often as one likes."""

    def __init__(self, owner: QObject, bar: TopBar, kpi: Kpi, supervisor: Supervisor, tasks: Tasks) -> None:
        self._bar, self._kpi, self._supervisor, self._tasks = bar, kpi, supervisor, tasks
        self._throttle = Throttle(owner, PACE_MS, self._recount)
        self.request, self.cancel = self._throttle.request, self._throttle.cancel

    def _recount(self) -> None:
        if not self._tasks.closed:  # the window may go first
            self._tasks.latest(self._count(), "waiting")

    async def _count(self) -> None:
        self._bar.show_state(await self._kpi.waiting_count(), len(self._supervisor.configs()))
