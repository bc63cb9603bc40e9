"""One `z` for everything: what was done to cases and what waits in the outbox, in the order it was done."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

import msgspec

from workstation.domain.actions import AnyCommand
from workstation.domain.cases import Case
from workstation.domain.outbox import Outgoing, State
from workstation.domain.text import LazyText, lazy, lazy_plural
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


class _Group(msgspec.Struct, frozen=True):
    """Operations that went out in one go, with the cases they are about; what is `sent` is undone by its opposite."""

    waiting: dict[str, int]
    restore: Callable[[frozenset[int]], object]
    """Told the cases whose operations were taken back."""
    steps: bool
    """Whether a step of `Actions` was made with it."""
    reverse: Callable[[str], object] | None = None
    sent: frozenset[str] = frozenset()


class _Deed(msgspec.Struct, frozen=True):
    """Something done to the desk itself: each call of `swing` takes it back, or does it again."""

    label: LazyText
    swing: Callable[[], Awaitable[object]]


class Undoing:
    """Carries out commands with a notice that offers the way back, and takes back the latest thing done."""

    def __init__(self, actions: Actions, outbox: Outbox, notices: Notices, tasks: Tasks) -> None:
        self._actions = actions
        self._outbox = outbox
        self._notices = notices
        self._tasks = tasks
        self._done: list[_Sending | _Group | _Deed | None] = []
        """In order; None is a step of `Actions`, which knows it itself."""
        self._undone: list[_Deed | None] = []
        self._turn = asyncio.Lock()

    def start(self, command: AnyCommand, case: Case | None) -> None:
        """Do a command; what came of it is told."""
        self._tasks.spawn(self.do(command, case), "command")

    async def do(self, command: AnyCommand, case: Case | None, *, quiet: bool = False) -> bool:
        """Do a command and say so; whether it was done."""
        outcome = await self._actions.execute(command, case)
        if outcome.error is not None:
            self._notices.say(outcome.error.text, tone="danger", key="command")
            return False
        self.did(outcome, quiet=quiet)
        return True

    def ended(self, command: AnyCommand, inverse: AnyCommand) -> None:
        """A case was ended together with something else that tells of it."""
        self.did(self._actions.did((command,), (inverse,)), quiet=True)

    def did(self, outcome: Outcome, *, quiet: bool = False) -> None:
        """A step was done: it can be taken back from now on."""
        if outcome.undoable:
            self._done.append(None)
            self._undone.clear()
        if not quiet:
            action = UNDO if outcome.undoable else None
            handler = self.undo if outcome.undoable else None
            self._notices.say(outcome.label, tone="ok", key="command", action=action, handler=handler)

    def together(
        self,
        operations: Mapping[str, int],
        restore: Callable[[frozenset[int]], object],
        *,
        steps: bool = False,
        reverse: Callable[[str], object] | None = None,
    ) -> None:
        """Operations went to the outbox in one go, by the case each is about (0: none): one undo takes all back.

        `steps`: a step of `Actions` belongs to it, and is undone for the cases whose operations were taken back.
        """
        self._done.append(_Group(dict(operations), restore, steps, reverse))

    def never(self, operations: Collection[str]) -> None:
        """These operations of a group did not come into the outbox after all."""
        for at, step in reversed(list(enumerate(self._done))):
            if isinstance(step, _Group) and not step.waiting.keys().isdisjoint(operations):
                waiting = {name: case for name, case in step.waiting.items() if name not in operations}
                left = msgspec.structs.replace(step, waiting=waiting)
                self._done[at : at + 1] = [left] if waiting or left.sent else []

    def deed(self, label: LazyText, swing: Callable[[], Awaitable[object]], *, tell: bool = False) -> None:
        """Something was done to the desk itself; each call of `swing` takes it back or does it again, in turns."""
        self._done.append(_Deed(label, swing))
        self._undone.clear()
        if tell:
            self._notices.say(label, tone="ok", key="command", action=UNDO, handler=self.undo)

    def queued(
        self, operation: str, restore: Callable[[], object], reverse: Callable[[], object] | None = None
    ) -> None:
        """An operation went to the outbox; `restore` gives the agent back what was written, if it is taken back.

        `reverse` asks the network for the opposite, for what can be undone after it was done.
        """
        self._done.append(_Sending(operation, restore, reverse))

    def left(self, row: Outgoing) -> None:
        """An operation can no longer be taken back before it is done."""
        at = next((n for n, step in enumerate(self._done) if _is_about(step, row.operation.id)), -1)
        if at < 0:
            return
        step = self._done[at]
        if isinstance(step, _Group):
            step = _without(step, row)
            self._done[at : at + 1] = [step] if step.waiting or step.sent else [None] if step.steps else []
        elif isinstance(step, _Sending) and step.reverse is not None and row.state in (State.SENDING, State.SENT):
            self._done[at] = msgspec.structs.replace(step, sent=row.state is State.SENT)
        else:
            del self._done[at]

    def reversible(self, operation: str) -> bool:
        """Whether an operation that was done can be undone by its opposite."""
        return any(isinstance(step, _Sending) and step.operation == operation and step.sent for step in self._done)

    def undo(self) -> None:
        """Take back the latest thing done."""
        self._tasks.spawn(self._in_turn(self._undo), "undo")

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._tasks.spawn(self._in_turn(self._redo), "redo")

    async def _in_turn(self, work: Callable[[], Awaitable[None]]) -> None:
        """One after the other: quick keys must not overtake what is still being done, or taken back."""
        async with self._turn:
            await self._actions.settled()
            await work()

    def take_back(self, operation: str) -> None:
        """Take back one operation of the outbox, wherever it stands in the order."""
        singles = (step for step in self._done if isinstance(step, _Sending))
        step = next((step for step in singles if step.operation == operation), None)
        if step is not None:
            self._done.remove(step)
        self._tasks.spawn(self._take_back(step) if step else self._cancel(operation, None), "take back")

    async def _undo(self) -> None:
        step = self._done.pop() if self._done else None
        if isinstance(step, _Deed):
            await self._swing(step, self._undone, lazy("Undone: {what}", what=step.label))
            return
        if isinstance(step, _Group):
            await self._take_group_back(step)
            return
        if step is not None:
            await self._take_back(step)
            return
        outcome = await self._tell(self._actions.undo, "undone")
        if outcome is not None and outcome.kept:
            self._done.append(None)
        elif outcome is not None and outcome.done:
            self._undone.append(None)

    async def _swing(self, deed: _Deed, onto: list[Any], told: LazyText) -> None:
        await deed.swing()
        onto.append(deed)
        self._notices.say(told, tone="ok", key="command")

    async def _redo(self) -> None:
        step = self._undone.pop() if self._undone else None
        if step is not None:
            await self._swing(step, self._done, lazy("Done again: {what}", what=step.label))
            return
        outcome = await self._tell(self._actions.redo, "redone")
        if outcome is not None and outcome.done:
            self._done.append(None)
        elif outcome is not None and outcome.kept:
            self._undone.append(None)

    async def _take_group_back(self, group: _Group) -> None:
        # Asked together, so that they share a commit instead of waiting for one each.
        asked = await asyncio.gather(*(self._outbox.cancel(name) for name in group.waiting))
        taken = [name for name, done in zip(group.waiting, asked, strict=True) if done]
        cases = frozenset(group.waiting[name] for name in taken)
        for name in group.sent:
            if group.reverse is not None:
                group.reverse(name)
        if group.steps and cases:
            outcome = await self._actions.undo(cases, again=False)
            if outcome is not None and outcome.kept:
                self._done.append(None)
        elif group.steps:
            self._done.append(None)
        group.restore(cases)
        self._notices.drop("together")
        self._tell_group(len(taken), len(group.waiting) - len(taken), len(group.sent))

    def _tell_group(self, taken: int, late: int, reversed_: int) -> None:
        said = lazy_plural("{count} taken back before it was sent.", "{count} taken back before they were sent.", taken)
        if reversed_:
            said = lazy_plural("{count} is being undone.", "{count} are being undone.", taken + reversed_)
        if late:
            too_late = lazy_plural("{count} had left already.", "{count} had left already.", late)
            said = lazy("{taken} {late}", taken=said, late=too_late)
        self._notices.say(said, tone="warn" if late else "ok", key="command")

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

    async def _tell(self, work: Callable[[], Awaitable[object]], what: str) -> Outcome | None:
        outcome = await work()
        if not isinstance(outcome, Outcome):
            self._notices.say(
                lazy("There is nothing to undo.") if what == "undone" else lazy("There is nothing to redo."),
                key="command",
            )
            return None
        if outcome.error is not None:
            refused = lazy("{what}: {why}", what=outcome.label, why=outcome.error.text)
            self._notices.say(refused, tone="danger", key="command")
            return outcome
        again = lazy("Done again: {what}", what=outcome.label)
        text = lazy("Undone: {what}", what=outcome.label) if what == "undone" else again
        self._notices.say(text, tone="ok", key="command")
        return outcome


def _is_about(step: _Sending | _Group | _Deed | None, operation: str) -> bool:
    if isinstance(step, _Group):
        return operation in step.waiting or operation in step.sent
    return isinstance(step, _Sending) and step.operation == operation


def _without(group: _Group, row: Outgoing) -> _Group:
    """A group after one of its operations left: it waits no longer, and its opposite undoes it once it is sent."""
    name = row.operation.id
    if row.state is State.SENDING and group.reverse is not None:
        return group
    waiting = {other: case for other, case in group.waiting.items() if other != name}
    sent = group.sent | {name} if row.state is State.SENT and group.reverse is not None else group.sent - {name}
    return msgspec.structs.replace(group, waiting=waiting, sent=sent)
