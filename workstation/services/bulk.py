"""The same thing done to many cases: its differences are shown first, then all are done in one transaction or none."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec

from workstation.domain import actions as commands
from workstation.domain.actions import AnyCommand, apply
from workstation.domain.cases import Case, Entry, Holder, Outcome
from workstation.domain.errors import MeridianError
from workstation.domain.messages import Micros
from workstation.domain.text import N_, LazyText, lazy
from workstation.services.actions import Actions, claim, operation
from workstation.services.actions import Outcome as Done
from workstation.services.clock import Clock

if TYPE_CHECKING:
    from workstation.store.store import Store

Wish = Callable[[Case], AnyCommand | None]
"""What is to be done to a case, made on it as it is; None where it is so already."""

MOST = 2_000
"""Cases in one go."""
FEW = 60
"""Up to so many cases are shown as they will be before they are done; more get a bar of progress instead."""
SLICE = 0.004
"""Seconds of planning in one go."""
NO_CASE = lazy(N_("This message has no case."))
GONE = lazy(N_("The case is no longer there."))


class StoppedError(MeridianError):
    """The agent stopped it before it was done."""

    code = "stopped"
    sentence = N_("Stopped. Nothing was changed.")


class Verdict(StrEnum):
    """What doing it would mean for one case."""

    CHANGES = "changes"
    SAME = "same"
    """It is so already."""
    REFUSED = "refused"


class Effect(msgspec.Struct, frozen=True):
    """One case of a plan: its face with the case as it is, and how it would be after."""

    entry: Entry
    verdict: Verdict
    after: Case | None = None
    command: AnyCommand | None = None
    why: LazyText | None = None
    """Why it is refused."""


class Plan(msgspec.Struct, frozen=True):
    """What a wish would do, case by case, in the order in which they were marked."""

    effects: tuple[Effect, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """How many cases it means this for."""
        return sum(effect.verdict is verdict for effect in self.effects)

    @property
    def commands(self) -> tuple[AnyCommand, ...]:
        """The commands of the cases that change."""
        return tuple(effect.command for effect in self.effects if effect.command is not None)

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases that change, as they are."""
        return tuple(effect.entry.case for effect in self.effects if effect.command and effect.entry.case)


class Progress:
    """How far a transaction has come, and the wish to stop it; called on the writer's thread, read on the loop."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._stopped = False

    def __call__(self, done: int) -> None:
        """So many are done. StoppedError if it is to stop, which takes all of them back."""
        self.done = done
        if self._stopped:
            raise StoppedError

    def stop(self) -> None:
        """Do no more; what was done in this transaction is not kept."""
        self._stopped = True


class Bulk:
    """Plans and carries out. `faces` in the plan are as the store has them, not as they were when they were marked."""

    def __init__(self, store: "Store", actions: Actions, clock: Clock) -> None:
        self._store, self._actions, self._clock = store, actions, clock

    async def faces(self, cases: Iterable[int]) -> dict[int, Entry]:
        """The cases as they are now, by id, each with its latest message of the customer."""
        found = await self._store.cases.faces(tuple(cases))
        return {entry.case.id: entry for entry in found if entry.case is not None}

    async def plan(self, wish: Wish, entries: Sequence[Entry]) -> Plan:
        """What `wish` would do to the cases of these entries; each case once, with what was just done to it."""
        await self._actions.settled()
        marked = {entry.case.id if entry.case else -entry.message.id: entry for entry in entries[:MOST]}
        faces = await self.faces(case for case in marked if case > 0)
        effects, now = [], self._clock.now()
        end = perf_counter() + SLICE
        for case, entry in marked.items():
            effects.append(_effect(wish, faces.get(case), entry, now))
            if perf_counter() > end:
                await asyncio.sleep(0)
                end = perf_counter() + SLICE
        return Plan(tuple(effects))

    async def carry_out(self, plan: Plan, progress: Progress | None = None) -> Done:
        """Do it to the cases that change, as one step to be undone; refused if one of them changed since."""
        if not plan.commands:
            return Done(lazy(N_("Nothing changes.")))
        cases = plan.cases if len(plan.commands) <= FEW else ()
        return await self._actions.execute_many(plan.commands, cases, progress=progress)


def _effect(wish: Wish, face: Entry | None, marked: Entry, now: Micros) -> Effect:
    if face is None or face.case is None:
        return Effect(marked, Verdict.REFUSED, why=NO_CASE if marked.case is None else GONE)
    command = wish(face.case)
    if command is None:
        return Effect(face, Verdict.SAME, after=face.case)
    try:
        after = apply(face.case, command, now).case
    except MeridianError as error:
        return Effect(face, Verdict.REFUSED, why=error.text)
    if _looks(after) == _looks(face.case):
        return Effect(face, Verdict.SAME, after=after)
    return Effect(face, Verdict.CHANGES, after=after, command=command)


def _looks(case: Case) -> Case:
    """A case without what every command changes."""
    return msgspec.structs.replace(case, version=0)


# What can be wished for -----------------------------------------------------------------------------------------------


def claiming(case: Case) -> AnyCommand | None:
    """Take the case; who holds it already keeps what proves it."""
    return None if case.holder is Holder.MINE else claim(case)


def releasing(case: Case) -> AnyCommand:
    """Give the case back."""
    return commands.Release(operation=operation(), case=case.id, version=case.version)


def tagging(add: Sequence[str] = (), remove: Sequence[str] = ()) -> Wish:
    """Put tags on and take tags off."""
    return lambda case: commands.ChangeTags(
        operation=operation(), case=case.id, version=case.version, add=tuple(add), remove=tuple(remove)
    )


def snoozing(until: Micros) -> Wish:
    """Hide the case until a time."""
    return lambda case: commands.Snooze(operation=operation(), case=case.id, version=case.version, until=until)


def promising(due_at: Micros) -> Wish:
    """Promise the customer an answer by a time; 0: no promise."""
    return lambda case: commands.Promise(operation=operation(), case=case.id, version=case.version, due_at=due_at)


def waking(case: Case) -> AnyCommand:
    """End the snooze."""
    return commands.Wake(operation=operation(), case=case.id, version=case.version)


def resolving(outcome: Outcome) -> Wish:
    """End the case."""
    return lambda case: commands.Resolve(operation=operation(), case=case.id, version=case.version, outcome=outcome)


def reopening(case: Case) -> AnyCommand:
    """Take a solved case up again."""
    return commands.Reopen(operation=operation(), case=case.id, version=case.version)


def prioritising(priority: int) -> Wish:
    """Move the case up or down in its queue."""
    return lambda case: commands.Prioritise(
        operation=operation(), case=case.id, version=case.version, priority=priority
    )
