"""How to make each kind of command at random, and what it does to a case, in words apart from the domain's."""

from collections.abc import Callable
from random import Random
from typing import Any

from tests.services.parts import START
from workstation.domain import actions as commands
from workstation.domain.actions import AnyCommand, Command
from workstation.domain.cases import Case, Holder, Outcome, Status
from workstation.domain.ties import TieKind
from workstation.services.actions import operation

CASES = 6
SECOND = 1_000_000

Link = tuple[int, int, str]
Expected = dict[str, object] | None
"""Fields of the case after, None: refused."""


class Around:
    """What else decides what a command does: the time, and how cases are linked."""

    def __init__(self, now: int, links: set[Link]) -> None:
        self.now, self.links = now, set(links)


class Kind:
    """How to make one kind of command at random, and what it does to a case."""

    def __init__(
        self, make: Callable[[Random, Case], AnyCommand], expect: Callable[[Case, Any, Around], Expected]
    ) -> None:
        self.make, self.expect = make, expect


def of(kind: type[Command], /, **values: Callable[[Random], object]) -> Callable[[Random, Case], AnyCommand]:
    """Make a command with values drawn for it; every other one names the version it was made on."""

    def make(chance: Random, case: Case) -> AnyCommand:
        drawn = {name: draw(chance) for name, draw in values.items()}
        version = case.version if chance.random() < 0.5 else 0
        made: AnyCommand = kind(operation=operation(), case=case.id, version=version, **drawn)  # type: ignore[assignment]
        return made

    return make


def _tags(chance: Random) -> tuple[str, ...]:
    return tuple(chance.sample(["refund", "parcel", "press", "Lob", "späti"], chance.randint(0, 2)))


def _lower(chance: Random) -> tuple[str, ...]:
    return tuple(tag.lower() for tag in _tags(chance))


def _moment(chance: Random) -> int:
    return START + chance.randint(1, 10_000) * SECOND


def _claimed(case: Case, command: commands.Claim, around: Around) -> Expected:
    if case.holder is Holder.HELD or case.status is Status.SOLVED:
        return None
    return {"holder": Holder.MINE, "status": Status.OPEN if case.status is Status.NEW else case.status}


def _released(case: Case, command: commands.Release, around: Around) -> Expected:
    return None if case.holder is Holder.HELD else {"holder": Holder.FREE}


def _tagged(case: Case, command: commands.ChangeTags | commands.UndoRule, around: Around) -> dict[str, object]:
    add, remove = ({tag.lower() for tag in tags} for tags in (command.add, command.remove))
    return {"tags": tuple(sorted((set(case.tags) | add) - remove))}


def _resolved(case: Case, command: commands.Resolve, around: Around) -> Expected:
    if case.status is Status.SOLVED:
        return None
    holder = Holder.FREE if case.holder is Holder.MINE else case.holder
    return {
        "status": Status.SOLVED, "outcome": command.outcome, "solved_at": around.now, "snoozed_until": 0,
        "waiting_since": 0, "due_at": 0,
        "holder": holder,
    }  # fmt: skip


def _link(command: commands.LinkCase | commands.UnlinkCase) -> Link:
    return (min(command.case, command.other), max(command.case, command.other), str(command.kind))


def _linked(case: Case, command: commands.LinkCase, around: Around) -> Expected:
    if command.other == case.id or _link(command) in around.links:
        return None
    around.links.add(_link(command))
    return {}


def _unlinked(case: Case, command: commands.UnlinkCase, around: Around) -> Expected:
    if _link(command) not in around.links:
        return None
    around.links.remove(_link(command))
    return {}


def _any_case(chance: Random) -> int:
    return chance.randint(1, CASES)


def _tie(chance: Random) -> TieKind:
    return chance.choice([TieKind.RELATED, TieKind.CONTINUES])


KINDS: dict[type[Command], Kind] = {
    commands.Claim: Kind(of(commands.Claim, token=lambda chance: f"{chance.getrandbits(128):032x}"), _claimed),
    commands.Release: Kind(of(commands.Release), _released),
    commands.ChangeTags: Kind(of(commands.ChangeTags, add=_tags, remove=_tags), _tagged),
    commands.Snooze: Kind(
        of(commands.Snooze, until=_moment),
        lambda case, command, around: (
            None if case.status is Status.SOLVED else {"status": Status.SNOOZED, "snoozed_until": command.until}
        ),
    ),
    commands.Wake: Kind(
        of(commands.Wake),
        lambda case, command, around: (
            {"status": Status.OPEN, "snoozed_until": 0} if case.status is Status.SNOOZED else None
        ),
    ),
    commands.Resolve: Kind(of(commands.Resolve, outcome=lambda chance: chance.choice(list(Outcome))), _resolved),
    commands.Reopen: Kind(
        of(commands.Reopen),
        lambda case, command, around: (
            {"status": Status.OPEN, "outcome": None, "solved_at": 0} if case.status is Status.SOLVED else None
        ),
    ),
    commands.Promise: Kind(
        of(commands.Promise, due_at=lambda chance: chance.choice([0, _moment(chance)])),
        lambda case, command, around: {"due_at": command.due_at},
    ),
    commands.Prioritise: Kind(
        of(commands.Prioritise, priority=lambda chance: chance.randint(0, 3)),
        lambda case, command, around: {"priority": command.priority},
    ),
    commands.UndoRule: Kind(
        of(
            commands.UndoRule,
            rule=lambda chance: "late parcels",
            add=_lower,
            remove=_lower,
            priority=lambda chance: chance.choice([None, 0, 2]),
        ),
        lambda case, command, around: {
            **_tagged(case, command, around),
            "priority": case.priority if command.priority is None else command.priority,
        },
    ),
    commands.LinkCase: Kind(of(commands.LinkCase, other=_any_case, kind=_tie), _linked),
    commands.UnlinkCase: Kind(of(commands.UnlinkCase, other=_any_case, kind=_tie), _unlinked),
    commands.FileUnder: Kind(
        of(commands.FileUnder, issue=lambda chance: chance.randint(0, 3)),
        lambda case, command, around: {"issue": command.issue},
    ),
    commands.Escalate: Kind(
        of(commands.Escalate, to=lambda chance: f"desk{chance.randint(1, 3)}@inside.example"),
        lambda case, command, around: {"escalated_at": around.now},
    ),
    commands.AnswerEscalation: Kind(
        of(commands.AnswerEscalation, text=lambda chance: f"answer {chance.randint(0, 99)}"),
        lambda case, command, around: {"escalated_at": 0, "notes": case.notes + 1} if case.escalated_at else None,
    ),
    commands.AddNote: Kind(
        of(commands.AddNote, text=lambda chance: f"note {chance.randint(0, 99)}"),
        lambda case, command, around: {"notes": case.notes + 1},
    ),
}
BACKWARDS = {commands.Restore, commands.RemoveNote, commands.WithdrawEscalation, commands.AwaitEscalation}
"""Made by undoing alone; the run below carries each of them out."""
