"""Approval: what a trainee writes waits in the outbox until somebody has looked at it a second time.

Two ways lead out: another person at this desk approves it, or whoever wrote it looks again, after a while and with the
thread read anew. The desk cannot know who sits at it: this is an agreement that it keeps, not a lock.
"""

from enum import StrEnum

import msgspec

from workstation.domain.errors import MeridianError
from workstation.domain.messages import Micros
from workstation.domain.outbox import Outgoing
from workstation.domain.text import N_

SECOND = 1_000_000
LOOK_LASTS: Micros = 15 * 60 * SECOND
"""How long a look at the thread counts; conversations move on."""


class Way(StrEnum):
    """By which way something was approved."""

    PERSON = "person"
    """Somebody else says that it may go."""
    LOOK = "look"
    """Who wrote it looked again."""


class Ended(StrEnum):
    """How a review ended."""

    OPEN = ""
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    TAKEN_BACK = "taken_back"


class Review(msgspec.Struct, frozen=True):
    """What is remembered of something that waits: the words as they were first, and how far it has come."""

    operation: str
    original: str
    spoiler: str
    waits_since: Micros
    """Since its words are as they are: changed words wait anew."""
    looked_at: Micros = 0
    """When its thread was read anew for the second look; 0 for not yet."""
    ended_at: Micros = 0
    ended: Ended = Ended.OPEN
    remark: str = ""


class Waiting(msgspec.Struct, frozen=True):
    """A row of the outbox with its review."""

    row: Outgoing
    review: Review


class Look(StrEnum):
    """How far a second look is."""

    EARLY = "early"
    DUE = "due"
    DONE = "done"


class TooEarlyError(MeridianError):
    """One's own words are approved after a while only."""

    code = "too_early"
    sentence = N_("Your own words can be looked at again from {time} on. Somebody else can approve them now.")


class NotLookedError(MeridianError):
    """The second look has not been taken, or is too long ago."""

    code = "not_looked"
    sentence = N_("Read the thread again first: that is the second look.")


class WordsChangedError(MeridianError):
    """What is approved is not what was read."""

    code = "words_changed"
    sentence = N_("The words have changed since you read them. Read them again.")


class NotWaitingError(MeridianError):
    """It was decided already."""

    code = "not_waiting"
    sentence = N_("This no longer waits for approval.")


class LeftError(MeridianError):
    """An approval cannot be taken back any more."""

    code = "left"
    sentence = N_("It is too late to take this back: it has already left.")


def look(review: Review, now: Micros, wait: Micros) -> Look:
    """How far the second look is, `wait` after the words became what they are."""
    due = review.waits_since + wait
    if now < due:
        return Look.EARLY
    return Look.DONE if due <= review.looked_at and now - review.looked_at <= LOOK_LASTS else Look.DUE
