"""What a command did, in words for notices and for the undo menu."""

from collections.abc import Sequence

from workstation.domain.actions import (
    AddNote,
    AnyCommand,
    ChangeTags,
    Claim,
    Promise,
    Release,
    RemoveNote,
    Reopen,
    Resolve,
    Restore,
    Snooze,
    Wake,
)
from workstation.domain.cases import Outcome
from workstation.domain.text import N_, LazyText, Moment, lazy, lazy_plural

OUTCOMES = {
    Outcome.ANSWERED: N_("answered"),
    Outcome.NO_REPLY_NEEDED: N_("no reply needed"),
    Outcome.ESCALATED: N_("escalated"),
    Outcome.KNOWN_ISSUE: N_("known issue"),
}

# Singular for one case, plural for several; the plural fills {count}.
_MANY = {
    Claim: (N_("Claimed"), N_("{count} cases claimed")),
    Release: (N_("Given back"), N_("{count} cases given back")),
    ChangeTags: (N_("Tags changed"), N_("Tags of {count} cases changed")),
    Snooze: (N_("Snoozed"), N_("{count} cases snoozed")),
    Wake: (N_("Woken"), N_("{count} cases woken")),
    Resolve: (N_("Resolved"), N_("{count} cases resolved")),
    Reopen: (N_("Reopened"), N_("{count} cases reopened")),
    Promise: (N_("Promise changed"), N_("Promises of {count} cases changed")),
    AddNote: (N_("Note added"), N_("{count} notes added")),
    RemoveNote: (N_("Note removed"), N_("{count} notes removed")),
    Restore: (N_("Restored"), N_("{count} cases restored")),
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
        case Promise():
            return lazy(N_("Promise removed"))
        case _:
            return lazy(_MANY[type(command)][0])


def label(commands: Sequence[AnyCommand]) -> LazyText:
    """What these commands, of one kind and made in one step, did."""
    if len(commands) == 1:
        return _one(commands[0])
    singular, plural = _MANY[type(commands[0])]
    return lazy_plural(singular, plural, len(commands))
