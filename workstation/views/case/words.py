"""The words for states, holders, outcomes and visibilities, as message ids."""

from workstation.domain.cases import Holder, Outcome, Status
from workstation.domain.channels import Condition, LengthUnit
from workstation.domain.languages import MIXED, UNKNOWN
from workstation.domain.messages import Kind, Mark, Message, Visibility
from workstation.domain.outbox import State
from workstation.domain.text import LazyText, lazy, lazy_in
from workstation.domain.ties import TieKind
from workstation.i18n import _, formats

STATUS: dict[Status, LazyText] = {
    Status.NEW: lazy_in("case", "New"),
    Status.OPEN: lazy_in("case", "Open"),
    Status.PENDING: lazy_in("case", "Waiting for the customer"),
    Status.SNOOZED: lazy_in("case", "Snoozed"),
    Status.SOLVED: lazy_in("case", "Solved"),
}
STATUS_TONE = {Status.NEW: "accent", Status.OPEN: "accent", Status.SNOOZED: "warn", Status.SOLVED: "ok"}

HOLDER: dict[Holder, LazyText] = {
    Holder.FREE: lazy_in("case", "Free"),
    Holder.MINE: lazy_in("case", "Mine"),
    Holder.HELD: lazy_in("case", "Held by somebody else"),
}

OUTCOME: dict[Outcome, LazyText] = {
    Outcome.ANSWERED: lazy("Answered"),
    Outcome.NO_REPLY_NEEDED: lazy("No reply needed"),
    Outcome.ESCALATED: lazy("Escalated"),
    Outcome.KNOWN_ISSUE: lazy("Duplicate of a known issue"),
}

TIE: dict[TieKind, LazyText] = {
    TieKind.RELATED: lazy("related"),
    TieKind.DUPLICATE: lazy("the same request"),
    TieKind.CONTINUES: lazy("one conversation"),
}

VISIBILITY: dict[Visibility, LazyText] = {
    Visibility.PUBLIC: lazy("Public"),
    Visibility.UNLISTED: lazy("Public, not listed"),
    Visibility.FOLLOWERS: lazy("Followers only"),
    Visibility.DIRECT: lazy("Only the people named"),
    Visibility.INTERNAL: lazy("Moderators only"),
}
VISIBILITY_ICON = {
    Visibility.PUBLIC: "globe",
    Visibility.UNLISTED: "lock-open",
    Visibility.FOLLOWERS: "users",
    Visibility.DIRECT: "mail",
    Visibility.INTERNAL: "shield",
}
WIDTH = {
    Visibility.INTERNAL: 0,
    Visibility.DIRECT: 1,
    Visibility.FOLLOWERS: 2,
    Visibility.UNLISTED: 3,
    Visibility.PUBLIC: 4,
}
"""How many can see it, as an order."""

KIND: dict[Kind, LazyText] = {
    Kind.POST: lazy("Post"),
    Kind.MENTION: lazy("Mention"),
    Kind.DIRECT: lazy("Direct message"),
    Kind.REPORT: lazy("Report"),
    Kind.BOOST: lazy("Boost"),
    Kind.COMMENT: lazy("Comment"),
    Kind.MAIL: lazy("E-mail"),
    Kind.ITEM: lazy("Entry of a feed"),
    Kind.CALL: lazy("Phone call"),
    Kind.LETTER: lazy("Letter"),
    Kind.TALK: lazy("Talk"),
}

STATE: dict[State, LazyText] = {
    State.WAITS: lazy("Waits for approval"),
    State.QUEUED: lazy("Waiting to be sent"),
    State.SENDING: lazy("Being sent"),
    State.SENT: lazy("Sent"),
    State.FAILED: lazy("Not sent"),
    State.UNKNOWN: lazy("Not known whether sent"),
    State.CANCELLED: lazy("Taken back"),
}
STATE_TONE = {State.SENT: "ok", State.FAILED: "danger", State.UNKNOWN: "warn", State.SENDING: "accent"}
STATE_ICON = {
    State.WAITS: "hourglass",
    State.QUEUED: "clock",
    State.SENDING: "loader-circle",
    State.SENT: "check",
    State.FAILED: "circle-alert",
    State.UNKNOWN: "circle-help",
    State.CANCELLED: "undo-2",
}

UNIT: dict[LengthUnit, LazyText] = {
    LengthUnit.CHARACTERS: lazy("characters"),
    LengthUnit.GRAPHEMES: lazy("characters"),
    LengthUnit.BYTES: lazy("bytes"),
    LengthUnit.UTF16: lazy("UTF-16 units"),
    LengthUnit.WEIGHTED: lazy("weighted characters"),
}

CONDITION: dict[Condition, LazyText] = {
    Condition.STARTING: lazy("Starting"),
    Condition.LIVE: lazy("Live"),
    Condition.CATCHING_UP: lazy("Catching up"),
    Condition.POLLING: lazy("Asking at intervals"),
    Condition.WAITING: lazy("Not reachable, trying again"),
    Condition.STOPPED: lazy("Stopped"),
    Condition.SIGN_IN: lazy("Sign-in needed"),
}
CONDITION_TONE = {
    Condition.LIVE: "ok",
    Condition.POLLING: "ok",
    Condition.CATCHING_UP: "accent",
    Condition.WAITING: "warn",
    Condition.STOPPED: "danger",
    Condition.SIGN_IN: "danger",
}


def doubtful_language(message: Message) -> str:
    """What a message's language seems to be, where the desk is not sure of it or it is none; else nothing."""
    if message.language == MIXED:
        return _("In several languages")
    if message.language == UNKNOWN:
        return _("Language unknown")
    if Mark.GUESSED not in message.marks:
        return ""
    return _("{language}?", language=formats().language(message.language))
