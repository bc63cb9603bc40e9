"""What joins cases to each other and to what is known: links, known issues, questions to people inside the house."""

from enum import StrEnum

import msgspec

from workstation.domain.errors import MeridianError
from workstation.domain.messages import Message, Micros, Visibility
from workstation.domain.text import N_


class TieKind(StrEnum):
    """How one case stands to another."""

    RELATED = "related"
    DUPLICATE = "duplicate"
    """The same request, written twice."""
    CONTINUES = "continues"
    """The same conversation on another way, such as direct messages after a public post: they are read as one."""


class Tie(msgspec.Struct, frozen=True, gc=False):
    """A link from a case to another; both show it."""

    case: int
    other: int
    kind: TieKind
    at: Micros = 0

    def beyond(self, case: int) -> int:
        """The case at the other end."""
        return self.case if self.other == case else self.other


class LinkedAlreadyError(MeridianError):
    """These two cases are linked in that way."""

    code = "linked_already"
    sentence = N_("These cases are linked already.")


class NotLinkedError(MeridianError):
    """The link is not there any more."""

    code = "not_linked"
    sentence = N_("These cases are not linked any more.")


class NotEscalatedError(MeridianError):
    """Nobody inside was asked, or the answer is here."""

    code = "not_escalated"
    sentence = N_("No answer from inside is awaited for this case.")


class IssueState(StrEnum):
    """Whether a known issue still troubles customers."""

    OPEN = "open"
    CLOSED = "closed"


class Issue(msgspec.Struct, frozen=True, gc=False):
    """Something known that many cases are about. `id` is 0 until it is stored."""

    id: int
    title: str
    text: str = ""
    """What is known and what to tell customers; for colleagues, it is never sent by itself."""
    state: IssueState = IssueState.OPEN
    created_at: Micros = 0
    closed_at: Micros = 0
    cases: int = 0
    """Cases that link to it."""
    active: int = 0
    """Those of them that are not solved."""
    version: int = 0
    """Raised by every change; 0 until it is stored."""


class Escalation(msgspec.Struct, frozen=True, gc=False):
    """A question that went to people inside: to which address, and when."""

    case: int
    to: str
    at: Micros


def is_private(visibility: Visibility) -> bool:
    """Whether only the people named see it; what moderators see among themselves counts too."""
    return visibility in (Visibility.DIRECT, Visibility.INTERNAL)


def private_words(thread: "tuple[Message, ...] | list[Message]") -> bool:
    """Whether a customer wrote something in this conversation that not everybody can read."""
    return any(
        is_private(message.visibility) or message.visibility is Visibility.FOLLOWERS
        for message in thread
        if not message.own and message.visibility is not Visibility.INTERNAL
    )
