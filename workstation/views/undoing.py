"""One `z` for everything: what was done to cases and what waits in the outbox, in the order it was done."""

from collections.abc import Awaitable, Callable

import msgspec

from workstation.domain.actions import AnyCommand
from workstation.domain.cases import Case
from workstation.domain.text import lazy
from workstation.qt.tasks import Tasks
from workstation.services.actions import Actions, Outcome
from workstation.services.outbox import Outbox
from workstation.views.notices import Notices

UNDO = lazy("Undo")


class _Sending(msgspec.Struct, frozen=True):
    """A queued operation that may still be taken back, and what to do then."""

    operation: str
    restore: Callable[[], object]


class Undoing:
    """Carries out commands with a notice that offers the way back, and takes back the latest thing done."""

    def __init__(self, actions: Actions, outbox: Outbox, notices: Notices, tasks: Tasks) -> None:
        self._actions = actions
        self._outbox = outbox
        self._notices = notices
        self._tasks = tasks
        self._done: list[_Sending | None] = []
        """In order; None is a step of `Actions`, which knows it itself."""

    def start(self, command: AnyCommand, case: Case | None) -> None:
        """Do a command; what came of it is told."""
        self._tasks.spawn(self.do(command, case), "command")

    async def do(self, command: AnyCommand, case: Case | None, *, quiet: bool = False) -> bool:
        """Do a command and say so; whether it was done."""
        outcome = await self._actions.execute(command, case)
        if outcome.error is not None:
            self._notices.say(outcome.error.text, tone="danger", key="command")
            return False
        if outcome.undoable:
            self._done.append(None)
        if not quiet:
            action = UNDO if outcome.undoable else None
            handler = self.undo if outcome.undoable else None
            self._notices.say(outcome.label, tone="ok", key="command", action=action, handler=handler)
        return True

    def queued(self, operation: str, restore: Callable[[], object]) -> None:
        """An operation went to the outbox; `restore` gives the agent back what was written, if it is taken back."""
        self._done.append(_Sending(operation, restore))

    def left(self, operation: str) -> None:
        """An operation can no longer be taken back."""
        self._done = [step for step in self._done if step is None or step.operation != operation]

    def undo(self) -> None:
        """Take back the latest thing done."""
        self._tasks.spawn(self._undo(), "undo")

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._tasks.spawn(self._redo(), "redo")

    def take_back(self, operation: str) -> None:
        """Take back one operation of the outbox, wherever it stands in the order."""
        step = next((step for step in self._done if step is not None and step.operation == operation), None)
        if step is not None:
            self._done.remove(step)
        self._tasks.spawn(self._cancel(operation, step), "take back")

    async def _undo(self) -> None:
        step = self._done.pop() if self._done else None
        if step is not None:
            await self._cancel(step.operation, step)
            return
        await self._tell(self._actions.undo, "undone")

    async def _redo(self) -> None:
        if await self._tell(self._actions.redo, "redone"):
            self._done.append(None)

    async def _cancel(self, operation: str, step: _Sending | None) -> None:
        self._notices.drop(f"send:{operation}")
        if await self._outbox.cancel(operation):
            if step is not None:
                step.restore()
            self._notices.say(lazy("Taken back: nothing was sent."), tone="ok", key="command")
        else:
            too_late = lazy("It is too late to take this back: it has already left.")
            self._notices.say(too_late, tone="warn", key="command")

    async def _tell(self, work: Callable[[], Awaitable[object]], what: str) -> bool:
        outcome = await work()
        if not isinstance(outcome, Outcome):
            self._notices.say(
                lazy("There is nothing to undo.") if what == "undone" else lazy("There is nothing to redo."),
                key="command",
            )
            return False
        if outcome.error is not None:
            self._notices.say(outcome.error.text, tone="danger", key="command")
            return False
        again = lazy("Done again: {what}", what=outcome.label)
        text = lazy("Undone: {what}", what=outcome.label) if what == "undone" else again
        self._notices.say(text, tone="ok", key="command")
        return True
