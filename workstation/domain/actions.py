"""Commands on cases: frozen data, a pure function that computes the case after, and the inverse that undoes it."""

import msgspec

from workstation.domain.cases import Case, Event, Holder, Outcome, Status, advance
from workstation.domain.errors import HeldError, NotAllowedError, StaleError
from workstation.domain.messages import Micros
from workstation.domain.ties import NotEscalatedError, TieKind


class Command(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Something to do to one case. `version` 0 means "whatever it is now"; `operation` is a UUIDv4 text."""

    operation: str
    case: int
    version: int = 0


class Claim(Command, frozen=True, tag="claim"):
    """Take the case; `token` is 128 random bits in hexadecimal, of which the store keeps only the hash."""

    token: str


class Release(Command, frozen=True, tag="release"):
    """Give the case back."""


class ChangeTags(Command, frozen=True, tag="tags"):
    """Add and remove tags in one step."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class Snooze(Command, frozen=True, tag="snooze"):
    """Hide the case from the queue until a time; the customer's clock goes on."""

    until: Micros


class Wake(Command, frozen=True, tag="wake"):
    """End a snooze: by the clock or by hand."""


class Resolve(Command, frozen=True, tag="resolve"):
    """End the case with an outcome."""

    outcome: Outcome


class Reopen(Command, frozen=True, tag="reopen"):
    """Take a solved case up again."""


class Promise(Command, frozen=True, tag="promise"):
    """Set or clear (0) the time by which the customer was promised something."""

    due_at: Micros
    kept: bool = False
    """Cleared because it was kept: only the timeline tells it from one that was taken back."""


class Prioritise(Command, frozen=True, tag="priority"):
    """Move the case up or down in its queue; higher comes first."""

    priority: int


class UndoRule(Command, frozen=True, tag="undo_rule"):
    """Take back what rules did to the case; `rule` names them, `priority` None leaves it as it is."""

    rule: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    priority: int | None = None


class AddNote(Command, frozen=True, tag="add_note"):
    """Write an internal note."""

    text: str


class RemoveNote(Command, frozen=True, tag="remove_note"):
    """Take back the note that the command `noted` wrote."""

    noted: str


class LinkCase(Command, frozen=True, tag="link"):
    """Link the case to another."""

    other: int
    kind: TieKind


class UnlinkCase(Command, frozen=True, tag="unlink"):
    """Take that link away."""

    other: int
    kind: TieKind


class FileUnder(Command, frozen=True, tag="issue"):
    """Say which known issue the case is about; 0 for none."""

    issue: int


class Escalate(Command, frozen=True, tag="escalate"):
    """Note that people inside were asked, at an internal address; their answer is awaited."""

    to: str


class WithdrawEscalation(Command, frozen=True, tag="withdraw"):
    """Take back what the command `withdrawn` noted; since `before` another answer was awaited (0: none)."""

    withdrawn: str
    before: Micros = 0


class AnswerEscalation(Command, frozen=True, tag="answer"):
    """The answer from inside came: it is kept as a note, nothing is awaited any more."""

    text: str


class AwaitEscalation(Command, frozen=True, tag="await"):
    """Take back the answer that the command `noted` wrote down; it is awaited since `since` again."""

    noted: str
    since: Micros


class Restore(Command, frozen=True, tag="restore"):
    """Undo: put these fields of the case back as they were; refused if the case changed since (`version`)."""

    fields: dict[str, int | str | tuple[str, ...] | None]
    token: str = ""
    """The claim token to put back when the undone command released the case."""


Joining = LinkCase | UnlinkCase | FileUnder | Escalate | WithdrawEscalation | AnswerEscalation | AwaitEscalation
AnyCommand = (
    Claim | Release | ChangeTags | Snooze | Wake | Resolve | Reopen | Promise | Prioritise | UndoRule | AddNote
    | RemoveNote | Joining | Restore
)  # fmt: skip

RESTORABLE = (
    "status", "outcome", "holder", "tags", "solved_at", "snoozed_until", "due_at", "waiting_since", "priority",
    "issue", "escalated_at",
)  # fmt: skip


class Step(msgspec.Struct, frozen=True):
    """What a command does to a case: the case after, and the command that undoes it (None: cannot be undone)."""

    case: Case
    inverse: AnyCommand | None


def _restore_fields(before: Case, after: Case) -> dict[str, int | str | tuple[str, ...] | None]:
    return {name: getattr(before, name) for name in RESTORABLE if getattr(before, name) != getattr(after, name)}


def _restored(case: Case, fields: dict[str, int | str | tuple[str, ...] | None]) -> Case:
    known = {name: value for name, value in fields.items() if name in RESTORABLE}
    values = msgspec.to_builtins(case)
    values.update(known)
    return msgspec.convert(values, Case)


def _tagged(case: Case, command: ChangeTags) -> Case:
    tags = (set(case.tags) | {tag.lower() for tag in command.add}) - {tag.lower() for tag in command.remove}
    return msgspec.structs.replace(case, tags=tuple(sorted(tags)))


def _held_by_us(case: Case, command: Claim | Release) -> Case:
    if case.holder is Holder.HELD:
        raise HeldError
    if isinstance(command, Release):
        return msgspec.structs.replace(case, holder=Holder.FREE)
    return msgspec.structs.replace(case, holder=Holder.MINE, status=advance(case.status, Event.TAKEN))


def _resolved(case: Case, outcome: Outcome, now: Micros) -> Case:
    return msgspec.structs.replace(
        case,
        status=advance(case.status, Event.RESOLVED),
        outcome=outcome,
        solved_at=now,
        snoozed_until=0,
        due_at=0,
        holder=Holder.FREE if case.holder is Holder.MINE else case.holder,
        waiting_since=0,
    )


def _joined(case: Case, command: Joining, now: Micros) -> Case:
    """What joins a case to others, to an issue, to people inside."""
    replace = msgspec.structs.replace
    match command:
        case LinkCase() | UnlinkCase():
            return case  # the link is no part of either case; both are told of it
        case FileUnder(issue=issue):
            return replace(case, issue=issue)
        case Escalate():
            return replace(case, escalated_at=now)
        case WithdrawEscalation(before=before):
            return replace(case, escalated_at=before)
        case AnswerEscalation():
            if not case.escalated_at:
                raise NotEscalatedError
            return replace(case, escalated_at=0, notes=case.notes + 1)
        case AwaitEscalation(since=since):
            return replace(case, escalated_at=since, notes=max(0, case.notes - 1))


def _after(case: Case, command: AnyCommand, now: Micros) -> Case:
    replace = msgspec.structs.replace
    match command:
        case Claim() | Release():
            return _held_by_us(case, command)
        case ChangeTags():
            return _tagged(case, command)
        case Snooze(until=until):
            return replace(case, status=advance(case.status, Event.SNOOZED), snoozed_until=until)
        case Wake():
            return replace(case, status=advance(case.status, Event.WOKEN), snoozed_until=0)
        case Resolve(outcome=outcome):
            return _resolved(case, outcome, now)
        case Reopen():
            return replace(case, status=advance(case.status, Event.REOPENED), outcome=None, solved_at=0)
        case Promise(due_at=due_at):
            return replace(case, due_at=due_at)
        case Prioritise(priority=priority):
            return replace(case, priority=priority)
        case UndoRule(add=add, remove=remove, priority=wanted):
            tags = tuple(sorted((set(case.tags) | set(add)) - set(remove)))
            return replace(case, tags=tags, priority=case.priority if wanted is None else wanted)
        case AddNote() | RemoveNote():
            return replace(case, notes=max(0, case.notes + (1 if isinstance(command, AddNote) else -1)))
        case Restore(fields=fields):
            return _restored(case, fields)
        case _:
            return _joined(case, command, now)


def apply(case: Case, command: AnyCommand, now: Micros, token: str = "") -> Step:
    """The step that `command` is on `case`; pure. `token` is our claim token before, kept by the inverse.

    Raises StaleError on another version, HeldError, NotAllowedError.
    """
    if command.version and command.version != case.version:
        raise StaleError
    if isinstance(command, Claim) and case.status is Status.SOLVED:
        raise NotAllowedError(status=case.status.value, event=Event.TAKEN.value)
    after = msgspec.structs.replace(_after(case, command, now), version=case.version + 1)
    return Step(after, _inverse(case, after, command, token))


def _inverse(case: Case, after: Case, command: AnyCommand, token: str) -> AnyCommand | None:
    name, number, version = command.operation, case.id, after.version
    match command:
        case AddNote():
            return RemoveNote(operation=name, case=number, version=version, noted=name)
        case LinkCase(other=other, kind=kind):
            return UnlinkCase(operation=name, case=number, version=version, other=other, kind=kind)
        case UnlinkCase(other=other, kind=kind):
            return LinkCase(operation=name, case=number, version=version, other=other, kind=kind)
        case Escalate():
            return WithdrawEscalation(
                operation=name, case=number, version=version, withdrawn=name, before=case.escalated_at
            )
        case AnswerEscalation():
            return AwaitEscalation(operation=name, case=number, version=version, noted=name, since=case.escalated_at)
        case RemoveNote() | WithdrawEscalation() | AwaitEscalation():
            return None
        case _:
            fields = _restore_fields(case, after)
            return Restore(operation=name, case=number, version=version, fields=fields, token=token)
