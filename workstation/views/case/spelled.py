"""Joins editors with the desk's speller and with the words that are not to be translated."""

from PySide6.QtCore import QObject
from shiboken6 import isValid

from workstation.qt.tasks import Tasks
from workstation.services.desk import Desk
from workstation.views.case.editor import DraftEditor
from workstation.views.case.squiggles import Squiggles


class Speller(QObject):
    """One for a window; every editor that is joined follows the settings, taught words and agreed words."""

    def __init__(self, desk: Desk, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tasks = tasks
        self._joined: list[Squiggles] = []
        self.destroyed.connect(desk.terms.subscribe(self._read))

    def join(self, editor: DraftEditor) -> Squiggles:
        """Mark unknown words in an editor; `speak` of what is returned says in which language one writes there."""
        squiggles = editor.spell_with(self._desk.spelling)
        self._joined.append(squiggles)
        self._read()
        return squiggles

    def _read(self) -> None:
        self._tasks.latest(self._keep(), "kept words")

    async def _keep(self) -> None:
        kept = tuple(term.source for term in await self._desk.terms.list() if term.kept)
        self._joined = [each for each in self._joined if isValid(each)]
        for squiggles in self._joined:
            squiggles.keep(kept)
