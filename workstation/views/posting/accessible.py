"""The days of the calendar for screen readers: cells that say their date and how many posts they hold."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from workstation.views.posting.calendar_parts import DayCell


class _Days:
    """Gives every day its counterpart; Python owns what a factory makes, so each is kept as long as its day lives."""

    def __init__(self) -> None:
        self._kept: dict[int, QAccessibleWidget] = {}
        self._installed = False

    def install(self) -> None:
        """Answer Qt's questions from now on; more than once does no harm."""
        if not self._installed:
            self._installed = True
            QAccessible.installFactory(self._make)

    def _make(self, _class_name: str, thing: QObject) -> QAccessibleInterface | None:
        if not isinstance(thing, DayCell):
            return None
        found = self._kept.get(id(thing))
        if found is None:
            key = id(thing)
            found = self._kept[key] = QAccessibleWidget(thing, QAccessible.Role.Cell)
            thing.destroyed.connect(lambda: self._kept.pop(key, None))
        return found


_DAYS = _Days()
"""Qt keeps one list of factories for the process, so there is one of these."""


def install() -> None:
    """Let screen readers find the days of calendars; to be called before the first is shown."""
    _DAYS.install()
