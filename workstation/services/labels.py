"""What a command did, in words for notices and for the undo menu."""

from collections.abc import Sequence

from workstation.domain.actions import (
    AddNote,
    AnswerEscalation,
    AnyCommand,
    AwaitEscalation,
    ChangeTags,
    Claim,
    Escalate,
    FileUnder,
    LinkCase,
    Prioritise,
    Promise,
    Release,
    RemoveNote,
    Reopen,
    Resolve,
    Restore,
    Snooze,
    UndoRule,
    UnlinkCase,
    Wake,
    WithdrawEscalation,
)
from workstation.domain.cases import Outcome
from workstation.domain.text import N_, LazyText, Moment, N_plural, lazy, lazy_plural
from workstation.domain.ties import TieKind

OUTCOMES = {
    Outcome.ANSWERED: N_("answered"),
    Outcome.NO_REPLY_NEEDED: N_("no reply needed"),
    Outcome.ESCALATED: N_("escalated"),
    Outcome.KNOWN_ISSUE: N_("known issue"),
}

TIES = {
    TieKind.RELATED: N_("related"),
    TieKind.DUPLICATE: N_("the same request"),
    TieKind.CONTINUES: N_("one conversation"),
}

# Singular for one case, plural for several; the plural fills {count}.
_MANY = {
    Claim: N_plural("Claimed", "{count} cases claimed"),
    Release: N_plural("Given back", "{count} cases given back"),
    ChangeTags: N_plural("Tags changed", "Tags of {count} cases changed"),
    Snooze: N_plural("Snoozed", "{count} cases snoozed"),
    Wake: N_plural("Woken", "{count} cases woken"),
    Resolve: N_plural("Resolved", "{count} cases resolved"),
    Reopen: N_plural("Reopened", "{count} cases reopened"),
    Promise: N_plural("Promise changed", "Promises of {count} cases changed"),
    Prioritise: N_plural("Priority changed", "Priority of {count} cases changed"),
    UndoRule: N_plural("What rules did is undone", "What rules did to {count} cases is undone"),
    AddNote: N_plural("Note added", "{count} notes added"),
    RemoveNote: N_plural("Note removed", "{count} notes removed"),
    LinkCase: N_plural("Linked", "{count} links made"),
    UnlinkCase: N_plural("Link removed", "{count} links removed"),
    FileUnder: N_plural("Known issue changed", "Known issue of {count} cases changed"),
    Escalate: N_plural("Escalated, waiting for the answer", "{count} cases escalated, waiting for the answers"),
    WithdrawEscalation: N_plural("Escalation taken back", "{count} escalations taken back"),
    AnswerEscalation: N_plural("Answer kept as a note", "{count} answers kept as notes"),
    AwaitEscalation: N_plural("Waiting for the answer again", "Waiting for {count} answers again"),
    Restore: N_plural("Restored", "{count} cases restored"),
}


def _one(command: AnyCommand) -> LazyText:
    match command:
        case ChangeTags(add=(tag,), remove=()):
            return lazy(N_("Tagged “{tag}”"), tag=tag)
        case ChangeTags(add=(), remove=(tag,)):
            return lazy(N_("Tag “{tag}” removed"), tag=tag)
        case Snooze(until=until):
            return lazy(N_("Snoozed until {time}"), time=Moment(until))
        case Resolve(outcome=outcome):
            return lazy(N_("Resolved: {outcome}"), outcome=lazy(OUTCOMES[outcome]))
        case Promise(due_at=due_at) if due_at:
            return lazy(N_("Promised by {time}"), time=Moment(due_at))
        case Promise(kept=kept):
            return lazy(N_("Promise kept") if kept else N_("Promise removed"))
        case LinkCase(other=other, kind=kind):
            return lazy(N_("Linked with case {number}: {kind}"), number=str(other), kind=lazy(TIES[kind]))
        case UnlinkCase(other=other):
            return lazy(N_("No longer linked with case {number}"), number=str(other))
        case FileUnder(issue=issue):
            return lazy(N_("Filed under a known issue") if issue else N_("No longer filed under a known issue"))
        case _:
            return lazy(_MANY[type(command)][0])


def label(commands: Sequence[AnyCommand]) -> LazyText:
    """What these commands, of one kind and made in one step, did."""
    if len(commands) == 1:
        return _one(commands[0])
    singular, plural = _MANY[type(commands[0])]
    return lazy_plural(singular, plural, len(commands))
