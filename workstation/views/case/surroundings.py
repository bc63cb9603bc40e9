"""What the parts of a case's desk work with: one struct, so that each of them takes what it needs and no more."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Case
from workstation.qt.tasks import Tasks
from workstation.services.desk import Desk
from workstation.views.case.composer import Composer
from workstation.views.case.panel import CasePanel
from workstation.views.desk_actions import DeskActions
from workstation.views.notices import Notices
from workstation.views.undoing import Undoing


@dataclass(frozen=True)
class CaseRoom:
    """The window's parts that have to do with the open case."""

    desk: Desk
    actions: DeskActions
    panel: CasePanel
    composer: Composer
    undoing: Undoing
    notices: Notices
    tasks: Tasks
    window: QWidget
    current: Callable[[], Case | None]
    """The case that keys are about."""
    show_case: Callable[[int], object]
    search: Callable[[str], object]
    """Show what a filter finds as a column."""

    def channels(self) -> dict[int, str]:
        """The names of the channels by id."""
        return {config.id: config.name for config in self.desk.supervisor.configs()}
