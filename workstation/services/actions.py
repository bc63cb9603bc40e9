"""Commands on cases: shown at once, done in one transaction, taken back by their inverses."""

import asyncio
import secrets
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from workstation.domain.actions import AnyCommand, Claim, apply
from workstation.domain.cases import Case
from workstation.domain.changes import ChangeSet
from workstation.domain.errors import MeridianError
from workstation.domain.text import N_, LazyText, lazy_plural
from workstation.services.clock import Clock
from workstation.services.feed import Feed
from workstation.services.labels import label
from workstation.services.observers import Observers
from workstation.services.undo import Step, UndoStack, backwards, highest, made, part

if TYPE_CHECKING:
    from workstation.store.store import Store


class Overlay(msgspec.Struct, frozen=True):
    """How a case will look once a command is done; None: the command is settled, show the store's case again."""

    operation: str
    case_id: int
    case: Case | None


class Outcome(msgspec.Struct, frozen=True):
    """What became of a step. Refused: `error` says why, nothing was changed."""

    label: LazyText
    changes: ChangeSet | None = None
    undoable: bool = False
    error: MeridianError | None = None
    kept: bool = False
    """Refused, but what is left of the step can still be taken back, or done again."""

    @property
    def done(self) -> bool:
        """Whether it took effect."""
        return self.error is None


class ChangedError(MeridianError):
    """Some cases of a step have changed since; nothing was done to the others either."""

    code = "changed"
    sentence = N_("{changed} Nothing was done yet; press again to go on with the {left} others.")

    def __init__(self, changed: int, left: int) -> None:
        words = lazy_plural("{count} case has changed meanwhile.", "{count} cases have changed meanwhile.", changed)
        super().__init__(changed=words, left=left)


def operation() -> str:
    """A new operation id."""
    return str(uuid4())


def claim(case: Case) -> Claim:
    """A claim of this case with a new capability: 128 random bits that only this desk knows."""
    return Claim(operation=operation(), case=case.id, version=case.version, token=secrets.token_hex(16))


class Actions:
    """Carries out commands. One undo stack per window: each window has an Actions of its own over the same store."""

    def __init__(self, store: "Store", feed: Feed, clock: Clock) -> None:
        self._store = store
        self._feed = feed
        self._clock = clock
        self._overlays: Observers[Overlay] = Observers()
        self._changed: Observers[None] = Observers()
        self._stack = UndoStack()
        self._underway = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    def subscribe(self, callback: Callable[[Overlay], None]) -> Callable[[], None]:
        """Call `callback` with pending looks of cases, and when they are settled."""
        return self._overlays.subscribe(callback)

    def forget(self) -> None:
        """Nothing done so far can be taken back or done again: it may hold what somebody erased wrote."""
        self._stack = UndoStack()
        self._changed.tell(None)

    def watch_undo(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` whenever what can be undone or redone changes."""
        return self._changed.subscribe(lambda _: callback())

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self._stack.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return self._stack.can_redo

    @property
    def undo_label(self) -> LazyText | None:
        """What `undo` would take back."""
        return self._stack.undo_label

    @property
    def redo_label(self) -> LazyText | None:
        """What `redo` would do again."""
        return self._stack.redo_label

    async def settled(self) -> None:
        """Wait until the store has what is shown already: whoever reads it before that reads of a while ago."""
        await self._quiet.wait()

    async def execute(self, command: AnyCommand, case: Case | None = None) -> Outcome:
        """Do one thing. With the `case` as it is shown, its look after it is shown before the store has answered."""
        return await self.execute_many((command,), () if case is None else (case,))

    async def execute_many(
        self,
        commands: Sequence[AnyCommand],
        cases: Sequence[Case] = (),
        progress: Callable[[int], None] | None = None,
    ) -> Outcome:
        """Do the same thing to several cases: all or none, undone in one go. `progress` as in the store's cases."""
        done, inverses = await self._carry_out(commands, cases, label(commands), progress)
        if done.done and inverses:
            self._note(done.label, commands, inverses)
        return done

    def did(self, commands: Sequence[AnyCommand], inverses: Sequence[AnyCommand]) -> Outcome:
        """Take note of commands that were carried out together with something else: one step, undone in one go."""
        said = label(commands)
        self._note(said, commands, inverses)
        return Outcome(said, undoable=True)

    def _note(self, said: LazyText, commands: Sequence[AnyCommand], inverses: Sequence[AnyCommand]) -> None:
        self._stack.did(made(said, tuple(commands), tuple(inverses)))
        self._changed.tell(None)

    async def undo(self, only: Collection[int] | None = None, *, again: bool = True) -> Outcome | None:
        """Take the latest step back; None if there is none. Refused where a case has changed meanwhile.

        `only` takes back what was done to these cases and lets the rest stand; without `again` it is not to be redone.
        """
        step = self._stack.pop_undo()
        if step is None:
            return None
        step = step if only is None else part(step, only)
        done, _ = await self._carry_out(backwards(step), (), step.label)
        if done.changes is not None:
            self._stack.undone(step, {case.id: case.version for case in done.changes.cases}, again=again)
        elif done.error is not None:
            done = await self._refused(step, done, highest(step.inverses), self._stack.keep_undo)
        self._changed.tell(None)
        return done

    async def redo(self) -> Outcome | None:
        """Do the step again that was taken back last; None if there is none."""
        step = self._stack.pop_redo()
        if step is None:
            return None
        done, inverses = await self._carry_out(step.commands, (), step.label)
        if done.done:
            self._stack.redone(step, inverses)
        else:
            done = await self._refused(step, done, highest(step.commands), self._stack.keep_redo)
        self._changed.tell(None)
        return done

    async def _refused(
        self, step: Step, done: Outcome, versions: dict[int, int], keep: Callable[[Step], None]
    ) -> Outcome:
        """Nothing was done: keep what can still be, and say what has changed.

        A case that has changed meanwhile never gets its version back, so its part of the step ends here. What failed
        for another reason, a full disk say, is kept whole.
        """
        try:
            now = await self._store.cases.versions(versions)
        except MeridianError:
            now = versions
        left = {case for case, version in versions.items() if now.get(case) == version}
        if len(left) == len(versions) or not left:
            if left:
                keep(step)
            return msgspec.structs.replace(done, kept=bool(left))
        keep(part(step, left))
        changed = len(versions) - len(left)
        return msgspec.structs.replace(done, error=ChangedError(changed, len(left)), kept=True)

    async def _carry_out(
        self,
        commands: Sequence[AnyCommand],
        cases: Sequence[Case],
        said: LazyText,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[Outcome, tuple[AnyCommand, ...]]:
        known = {case.id: case for case in cases}
        shown: list[AnyCommand] = []
        self._underway += 1
        self._quiet.clear()
        try:
            for command in commands:
                if (case := known.get(command.case)) is not None:
                    after = known[command.case] = apply(case, command, self._clock.now()).case
                    self._overlays.tell(Overlay(command.operation, command.case, after))
                    shown.append(command)
            changes, inverses = await self._store.cases.execute_many(tuple(commands), progress)
        except MeridianError as error:
            return Outcome(said, error=error), ()
        finally:
            for command in shown:
                self._overlays.tell(Overlay(command.operation, command.case, None))
            self._underway -= 1
            if not self._underway:
                self._quiet.set()
        usable = tuple(inverse for inverse in inverses if inverse is not None)
        # A step that can be taken back only in part is not offered: half an undo surprises more than none.
        whole = usable if len(usable) == len(commands) else ()
        return Outcome(said, changes, undoable=bool(whole)), whole
