"""What leaves the desk: operations on a network, and the states of an attempt."""

from enum import StrEnum

import msgspec

from workstation.domain.errors import NotAllowedError
from workstation.domain.messages import Micros, Visibility


class Act(StrEnum):
    """What can be asked of a network. A connector offers a subset, account by account."""

    POST = "post"
    REPLY = "reply"
    EDIT = "edit"
    DELETE = "delete"
    FAVOURITE = "favourite"
    UNFAVOURITE = "unfavourite"
    BOOST = "boost"
    UNBOOST = "unboost"
    MUTE = "mute"
    UNMUTE = "unmute"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REPORT = "report"
    ASSIGN_REPORT = "assign_report"
    UNASSIGN_REPORT = "unassign_report"
    RESOLVE_REPORT = "resolve_report"
    REOPEN_REPORT = "reopen_report"
    WARN_ACCOUNT = "warn_account"
    FREEZE_ACCOUNT = "freeze_account"
    UNFREEZE_ACCOUNT = "unfreeze_account"
    MARK_SENSITIVE = "mark_sensitive"
    UNMARK_SENSITIVE = "unmark_sensitive"
    LIMIT_ACCOUNT = "limit_account"
    UNLIMIT_ACCOUNT = "unlimit_account"
    SUSPEND_ACCOUNT = "suspend_account"
    UNSUSPEND_ACCOUNT = "unsuspend_account"
    APPROVE = "approve"
    """Let through what waits for a moderator."""
    HOLD = "hold"
    JUNK = "junk"
    """Treat as spam, on the network."""
    UNJUNK = "unjunk"
    TRASH = "trash"
    RESTORE = "restore"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    HIDE = "hide"
    """Take somebody's message out of sight of others, in our thread."""
    UNHIDE = "unhide"
    REMOVE = "remove"
    """Delete somebody else's message for good, as a moderator."""
    KICK = "kick"
    BAN = "ban"
    """From the room or community that the message was written in."""
    UNBAN = "unban"
    TAKE_DOWN = "take_down"
    """Remove from a whole network, as its moderator."""
    REVERSE_TAKE_DOWN = "reverse_take_down"
    LABEL = "label"
    UNLABEL = "unlabel"
    ESCALATE_REPORT = "escalate_report"


WRITES_TEXT = frozenset({Act.POST, Act.REPLY, Act.EDIT})


HOLDING = "holding"
"""Option of a reply that a rule drafted: the customer goes on waiting, it is no answer. Its value is the rule's id."""

WRITTEN, WRITTEN_IN = "written", "written_in"
"""Options of a text that was made of the agent's own words: these, and their language. They are sent nowhere."""
OUTDATED = "outdated"
"""Option beside these: they were changed after the text was made of them, and do not say the same."""


SIGNED = "signed"
"""Option of a reply: what was put under it as its sign-off, with the line break before it. `text` ends with it."""


class Operation(msgspec.Struct, frozen=True):
    """One thing to do on a network, stored before the first attempt. `id` is a UUIDv4 text.

    `target` is the remote id of the message, `account` that of the author, whichever the act is about.
    """

    id: str
    act: Act
    target: str = ""
    account: str = ""
    text: str = ""
    visibility: Visibility = Visibility.PUBLIC
    language: str = ""
    spoiler: str = ""
    options: dict[str, str] = {}
    """Further fields that the act's form asked for, such as `comment` or `duration`."""
    at: Micros = 0
    """When it was stored: the same at every attempt, so that what is derived from it is the same too."""


class State(StrEnum):
    """Where an operation stands."""

    WAITS = "waits"
    """Waits for approval; no way leads from here to the network but through QUEUED."""
    QUEUED = "queued"
    """Waits for the end of its undo window, for its channel, or for the hold to be lifted."""
    SENDING = "sending"
    """An attempt has begun; its end is not known yet."""
    SENT = "sent"
    FAILED = "failed"
    """Refused by the network or by us; certainly not done."""
    UNKNOWN = "unknown"
    """An attempt got no answer: looked for first, then decided by the agent."""
    CANCELLED = "cancelled"


# After a restart, SENDING becomes UNKNOWN: we cannot know how far it got. UNKNOWN leaves only by proof (found or
# provably absent where the account is idempotent) or by the agent's explicit decision.
# WAITS is left by approval alone, which may be taken back while it has not been tried.
MOVES: dict[State, frozenset[State]] = {
    State.WAITS: frozenset({State.QUEUED, State.CANCELLED}),
    State.QUEUED: frozenset({State.SENDING, State.CANCELLED, State.SENT, State.WAITS}),
    State.SENDING: frozenset({State.SENT, State.FAILED, State.UNKNOWN, State.QUEUED}),
    State.UNKNOWN: frozenset({State.SENT, State.QUEUED, State.CANCELLED}),
    State.FAILED: frozenset({State.QUEUED, State.CANCELLED, State.SENT}),
    State.SENT: frozenset(),
    State.CANCELLED: frozenset(),
}


def move(state: State, to: State) -> State:
    """The state after the move; raises NotAllowedError where MOVES has none."""
    if to not in MOVES[state]:
        raise NotAllowedError(status=state.value, event=to.value)
    return to


class Outgoing(msgspec.Struct, frozen=True):
    """A row of the outbox. `message` is the local id answered or acted on, `case` its case; 0 for none."""

    id: int
    channel: int
    operation: Operation
    state: State
    case: int = 0
    message: int = 0
    created_at: Micros = 0
    not_before: Micros = 0
    """End of the undo window or of a wait that the network asked for."""
    attempts: int = 0
    remote_id: str = ""
    address: str = ""
    error: str = ""
    """Code of the last error, see `errors`."""
    detail: dict[str, str | int] = {}
    """Parameters of its sentence."""
    finished_at: Micros = 0
    latest: Micros = 0
    """Until when it may leave by itself; later the agent is asked first. 0: whenever it can."""
    post: int = 0
    """The post to several channels that it is a part of; 0 for none."""
