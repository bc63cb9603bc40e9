"""One `z` for everything: what was done to cases and what waits in the outbox, in the order it was done."""

from collections.abc import Awaitable, Callable

import msgspec

from workstation.domain.actions import AnyCommand
from workstation.domain.cases import Case
from workstation.domain.outbox import Outgoing, State
from workstation.domain.text import lazy
from workstation.qt.tasks import Tasks
from workstation.services.actions import Actions, Outcome
from workstation.services.outbox import Outbox
from workstation.views.notices import Notices

UNDO = lazy("Undo")


class _Sending(msgspec.Struct, frozen=True):
    """An operation that may still be taken back, and what to do then; once `sent`, by its opposite if it has one."""

    operation: str
    restore: Callable[[], object]
    reverse: Callable[[], object] | None = None
    sent: bool = False


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

    def queued(
        self, operation: str, restore: Callable[[], object], reverse: Callable[[], object] | None = None
    ) -> None:
        """An operation went to the outbox; `restore` gives the agent back what was written, if it is taken back.

        `reverse` asks the network for the opposite, for what can be undone after it was done.
        """
        self._done.append(_Sending(operation, restore, reverse))

    def left(self, row: Outgoing) -> None:
        """An operation can no longer be taken back before it is done."""
        at = next((n for n, step in enumerate(self._done) if step and step.operation == row.operation.id), -1)
        if at < 0:
            return
        step = self._done[at]
        if step is not None and step.reverse is not None and row.state in (State.SENDING, State.SENT):
            self._done[at] = msgspec.structs.replace(step, sent=row.state is State.SENT)
        else:
            del self._done[at]

    def reversible(self, operation: str) -> bool:
        """Whether an operation that was done can be undone by its opposite."""
        return any(step is not None and step.operation == operation and step.sent for step in self._done)

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
        self._tasks.spawn(self._take_back(step) if step else self._cancel(operation, None), "take back")

    async def _undo(self) -> None:
        step = self._done.pop() if self._done else None
        if step is not None:
            await self._take_back(step)
            return
        await self._tell(self._actions.undo, "undone")

    async def _redo(self) -> None:
        if await self._tell(self._actions.redo, "redone"):
            self._done.append(None)

    async def _take_back(self, step: _Sending) -> None:
        if step.sent and step.reverse is not None:
            self._notices.drop(f"send:{step.operation}")
            step.reverse()
            return
        await self._cancel(step.operation, step)

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
