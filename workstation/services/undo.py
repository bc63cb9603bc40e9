"""The undo stack of a window: what was done, how to take it back, checked against each case's version.

Undoing a step leaves its case in the state before, but with a higher version. Deeper steps on that case were made
against the lower one and would be refused as stale, so they are moved to the new version, and only they: a change
that came from elsewhere still makes them stale, which is what the check is for. A step on several cases of which some
have changed is refused as a whole, and what is left of it stays on the stack: taking back only a part is a decision.
"""

from collections.abc import Collection, Iterable, Sequence
from uuid import uuid4

import msgspec

from workstation.domain.actions import AnyCommand
from workstation.domain.text import LazyText

DEPTH = 200


class Step(msgspec.Struct, frozen=True):
    """One thing done in one go: its commands, and the commands that take them back."""

    label: LazyText
    commands: tuple[AnyCommand, ...]
    inverses: tuple[AnyCommand, ...] = ()
    base: dict[int, int] = {}
    """The version that each case had before it; kept, because the inverses' versions may be moved."""
    reached: dict[int, int] = {}
    """Of a step taken back: the version that each case had when the step had just been done."""


def made(label: LazyText, commands: tuple[AnyCommand, ...], inverses: tuple[AnyCommand, ...]) -> Step:
    """A step that was just done."""
    return Step(label, commands, inverses, {case: version - 1 for case, version in _lowest(inverses).items()})


def renewed(command: AnyCommand, version: int | None = None) -> AnyCommand:
    """The same command as a new operation, on another version if given."""
    values: dict[str, object] = {"operation": str(uuid4())}
    if version is not None:
        values["version"] = version
    return msgspec.structs.replace(command, **values)


class UndoStack:
    """Steps done and steps taken back."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return bool(self._undone)

    @property
    def undo_label(self) -> LazyText | None:
        """What would be taken back."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> LazyText | None:
        """What would be done again."""
        return self._undone[-1].label if self._undone else None

    def did(self, step: Step) -> None:
        """A new step; what was taken back before can no longer be done again."""
        self._undone.clear()
        self._done.append(step)
        del self._done[:-DEPTH]

    def pop_undo(self) -> Step | None:
        """Take the step that is to be taken back."""
        return self._done.pop() if self._done else None

    def pop_redo(self) -> Step | None:
        """Take the step that is to be done again."""
        return self._undone.pop() if self._undone else None

    def keep_undo(self, step: Step) -> None:
        """What is left of a step that could not be taken back."""
        self._done.append(step)

    def keep_redo(self, step: Step) -> None:
        """What is left of a step that could not be done again."""
        self._undone.append(step)

    def undone(self, step: Step, versions: dict[int, int], *, again: bool = True) -> None:
        """`step` was taken back; `versions` are its cases' versions now. Without `again` it is not offered again."""
        self._done = [
            msgspec.structs.replace(other, inverses=_moved(other.inverses, step.base, versions)) for other in self._done
        ]
        if again:
            anew = tuple(renewed(command, 0) for command in step.commands)
            self._undone.append(Step(step.label, first_checked(anew, versions), reached=highest(step.inverses)))
        else:
            # What was taken back before stood on this step.
            self._undone.clear()

    def redone(self, step: Step, inverses: tuple[AnyCommand, ...]) -> None:
        """`step`, taken back before, was done again and can be taken back by `inverses`."""
        self._done.append(made(step.label, step.commands, inverses))
        versions = highest(inverses)
        self._undone = [
            msgspec.structs.replace(other, commands=_moved(other.commands, step.reached, versions))
            for other in self._undone
        ]


def first_checked(commands: Sequence[AnyCommand], versions: dict[int, int]) -> tuple[AnyCommand, ...]:
    """The commands, the first on each case checked against its version; the others follow in one transaction."""
    left = dict(versions)
    return tuple(msgspec.structs.replace(command, version=left.pop(command.case, 0)) for command in commands)


def backwards(step: Step) -> tuple[AnyCommand, ...]:
    """The inverses in the order they are carried out, as new operations."""
    inverses = [renewed(inverse) for inverse in reversed(step.inverses)]
    return first_checked(inverses, highest(step.inverses))


def part(step: Step, cases: Collection[int]) -> Step:
    """As much of a step as is about these cases."""
    return msgspec.structs.replace(
        step,
        commands=tuple(command for command in step.commands if command.case in cases),
        inverses=tuple(inverse for inverse in step.inverses if inverse.case in cases),
    )


def _moved(commands: Iterable[AnyCommand], old: dict[int, int], new: dict[int, int]) -> tuple[AnyCommand, ...]:
    return tuple(
        msgspec.structs.replace(command, version=new[command.case])
        if command.case in new and command.version == old.get(command.case)
        else command
        for command in commands
    )


def highest(inverses: Iterable[AnyCommand]) -> dict[int, int]:
    """The latest version that commands were made on, by case."""
    found: dict[int, int] = {}
    for inverse in inverses:
        found[inverse.case] = max(found.get(inverse.case, 0), inverse.version)
    return found


def _lowest(inverses: Iterable[AnyCommand]) -> dict[int, int]:
    found: dict[int, int] = {}
    for inverse in inverses:
        found[inverse.case] = min(found.get(inverse.case, inverse.version), inverse.version)
    return found
