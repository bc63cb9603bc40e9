"""A case: one customer, one branch of a conversation, one unit of work. Its states are a table.

Why a table: every view, command and rule asks the same question, "what may happen now?", and a table can be read,
drawn and tested exhaustively, while conditions spread over the code cannot.
"""

from enum import StrEnum

import msgspec

from workstation.domain.errors import NotAllowedError
from workstation.domain.messages import Message, Micros

DAY: Micros = 86_400_000_000
REOPEN_WITHIN: Micros = 7 * DAY
"""An inbound message up to this long after "solved" reopens; later it starts a new episode (KPI definition)."""


class Status(StrEnum):
    """Where the work stands."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    """Answered, waiting for the customer."""
    SNOOZED = "snoozed"
    SOLVED = "solved"


ACTIVE = frozenset({Status.NEW, Status.OPEN, Status.PENDING, Status.SNOOZED})


class Event(StrEnum):
    """What can happen to a case."""

    INBOUND = "inbound"
    TAKEN = "taken"
    REPLIED = "replied"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    RESTORED = "restored"
    """Undo of one of the above; the state before is restored as a whole, so it is no row of the table."""


class Outcome(StrEnum):
    """How a case ended."""

    ANSWERED = "answered"
    NO_REPLY_NEEDED = "no_reply_needed"
    ESCALATED = "escalated"
    KNOWN_ISSUE = "known_issue"


class Holder(StrEnum):
    """Who holds a case; never a name."""

    FREE = "free"
    MINE = "mine"
    HELD = "held"


# Rows: the state; columns: the event; the cell: the state after. A missing cell is refused with a reason.
# A snoozed case wakes when the customer writes again: a snooze never hides new words. Taking up a pending case does
# not reopen it: the customer still has the word. Solved cases are reopened by INBOUND only within REOPEN_WITHIN;
# later, `episode_after` asks for a new episode instead.
TRANSITIONS: dict[Status, dict[Event, Status]] = {
    Status.NEW: {
        Event.INBOUND: Status.NEW,
        Event.TAKEN: Status.OPEN,
        Event.REPLIED: Status.PENDING,
        Event.SNOOZED: Status.SNOOZED,
        Event.RESOLVED: Status.SOLVED,
    },
    Status.OPEN: {
        Event.INBOUND: Status.OPEN,
        Event.TAKEN: Status.OPEN,
        Event.REPLIED: Status.PENDING,
        Event.SNOOZED: Status.SNOOZED,
        Event.RESOLVED: Status.SOLVED,
    },
    Status.PENDING: {
        Event.INBOUND: Status.OPEN,
        Event.TAKEN: Status.PENDING,
        Event.REPLIED: Status.PENDING,
        Event.SNOOZED: Status.SNOOZED,
        Event.RESOLVED: Status.SOLVED,
    },
    Status.SNOOZED: {
        Event.INBOUND: Status.OPEN,
        Event.TAKEN: Status.SNOOZED,
        Event.REPLIED: Status.PENDING,
        Event.SNOOZED: Status.SNOOZED,
        Event.WOKEN: Status.OPEN,
        Event.RESOLVED: Status.SOLVED,
    },
    Status.SOLVED: {
        Event.INBOUND: Status.OPEN,
        Event.REPLIED: Status.SOLVED,
        Event.REOPENED: Status.OPEN,
    },
}


def advance(status: Status, event: Event) -> Status:
    """The state after `event`; raises NotAllowedError where the table has no cell."""
    try:
        return TRANSITIONS[status][event]
    except KeyError:
        raise NotAllowedError(status=status.value, event=event.value) from None


class Case(msgspec.Struct, frozen=True, gc=False):
    """A unit of work that one person holds at a time; times in microseconds UTC, 0 for "not"."""

    id: int
    channel: int
    branch: str
    customer: int
    """Author id."""
    episode: int = 1
    status: Status = Status.NEW
    outcome: Outcome | None = None
    holder: Holder = Holder.FREE
    tags: tuple[str, ...] = ()
    """Sorted, lower case."""
    opened_at: Micros = 0
    inbound_at: Micros = 0
    """Latest message of the customer."""
    waiting_since: Micros = 0
    """First message of the customer that has no answer yet."""
    replied_at: Micros = 0
    """First answer of this episode."""
    answered_at: Micros = 0
    """Latest answer of this episode: what the customer wrote before it is answered, in whatever order both arrive."""
    solved_at: Micros = 0
    snoozed_until: Micros = 0
    due_at: Micros = 0
    """A promise made to the customer."""
    priority: int = 0
    language: str = ""
    notes: int = 0
    version: int = 1
    """Raised by every change; commands may name the version they were made on."""
    issue: int = 0
    """The known issue it is about; 0 for none."""
    escalated_at: Micros = 0
    """Since when an answer from people inside is awaited; 0 for not."""


def starts_new_episode(case: Case, inbound_at: Micros) -> bool:
    """Whether an inbound message at that time is a new request rather than a reopen."""
    return case.status is Status.SOLVED and inbound_at - case.solved_at > REOPEN_WITHIN


def after_inbound(case: Case, at: Micros) -> Case:
    """The case after the customer wrote at `at`; expects that no new episode is due.

    Words older than our latest answer, found late by a catch-up, only join the case: they are answered.
    """
    if at <= case.answered_at:
        return msgspec.structs.replace(case, inbound_at=max(case.inbound_at, at), version=case.version + 1)
    return msgspec.structs.replace(
        case,
        status=advance(case.status, Event.INBOUND),
        outcome=None if case.status is Status.SOLVED else case.outcome,
        solved_at=0 if case.status is Status.SOLVED else case.solved_at,
        snoozed_until=0,
        inbound_at=max(case.inbound_at, at),
        waiting_since=min(case.waiting_since or at, at),
        version=case.version + 1,
    )


def after_reply(case: Case, at: Micros) -> Case:
    """The case after our answer went out (or was seen to have gone out) at `at`.

    An answer that is older than the customer's latest message leaves the case with us: they still wait.
    """
    answered = at >= case.inbound_at
    return msgspec.structs.replace(
        case,
        status=advance(case.status, Event.REPLIED if answered else Event.INBOUND)
        if case.status is not Status.SOLVED
        else case.status,
        replied_at=case.replied_at or at,
        answered_at=max(case.answered_at, at),
        waiting_since=0 if answered else case.waiting_since,
        snoozed_until=0,
        version=case.version + 1,
    )


class Happening(msgspec.Struct, frozen=True, gc=False):
    """One line of a case's timeline: what was done and when, never by whom."""

    at: Micros
    what: str
    """Tag of the command or event: "claim", "resolve", "opened", "inbound", "replied", "sent", ..."""
    detail: dict[str, str] = {}


class Note(msgspec.Struct, frozen=True, gc=False):
    """An internal remark on a case; it never leaves the desk and names no writer."""

    id: int
    case: int
    text: str
    at: Micros


class Entry(msgspec.Struct, frozen=True, gc=False):
    """What a card shows and a filter tests: a message with its case, if it has one.

    In a queue column the message is the case's face: its latest inbound message.
    """

    message: Message
    case: Case | None = None
