"""What the desk knows about a person, and what is done to forget them: plain data."""

from enum import StrEnum

import msgspec

from workstation.domain.errors import MeridianError
from workstation.domain.messages import Author, Micros
from workstation.domain.text import N_


class NoPersonError(MeridianError):
    """Nobody of that name is known here."""

    code = "no_person"
    sentence = N_("Nobody called “{who}” is known here. “people find” searches.")


class SeveralPeopleError(MeridianError):
    """The handle belongs to several people that are not linked."""

    code = "several_people"
    sentence = N_("“{who}” names several people: {handles}")


class OurselvesError(MeridianError):
    """The desk's own account is no customer."""

    code = "ourselves"
    sentence = N_("{who} is an account of this desk, not a customer.")


class OnHoldError(MeridianError):
    """A legal hold stands against it."""

    code = "on_hold"
    sentence = N_("{who} is under legal hold and cannot be erased: {reason}")


class OnItsWayError(MeridianError):
    """Something is being sent to the person at this moment."""

    code = "on_its_way"
    sentence = N_("A reply to {who} is being sent at this moment. Try again when it is settled.")


class Person(msgspec.Struct, frozen=True):
    """Accounts that are one human. `id` is 0 where nothing was linked; without `authors` only `name` is known."""

    id: int
    authors: tuple[Author, ...]
    name: str = ""
    """The handle that was asked for, where no account of that name ever wrote to us."""

    @property
    def handle(self) -> str:
        """What the person is called by."""
        return self.authors[0].handle if self.authors else self.name


class Known(msgspec.Struct, frozen=True):
    """A row of what a search for people found."""

    person: Person
    messages: int = 0
    cases: int = 0
    last_at: Micros = 0
    held: bool = False


class TermKind(StrEnum):
    """What a term is, and so how it is looked for."""

    HANDLE = "handle"
    """A whole handle, with or without the @."""
    LOCAL = "local"
    """The first part of a handle, only behind an @."""
    ADDRESS = "address"
    """A web address and everything below it."""
    WORD = "word"
    """A name, a nickname or anything else that somebody named."""


class Term(msgspec.Struct, frozen=True):
    """Something that points to the person in texts of others; `hits` counts those texts."""

    text: str
    kind: TermKind
    hits: int = 0
    on: bool = True
    """Whether it is masked; common words are not unless asked for."""


class Stored(msgspec.Struct, frozen=True):
    """How much of a person is kept in one place; `place` is an id of `PLACE_NAMES`."""

    place: str
    count: int


PLACE_NAMES: dict[str, str] = {
    "accounts": N_("Accounts: handle, name, addresses"),
    "messages": N_("Messages of the person"),
    "answers": N_("Our answers in the person’s cases"),
    "shared": N_("Posts of the person that others shared or reported"),
    "revisions": N_("Earlier versions of these messages"),
    "cases": N_("Cases with their tags and their timeline"),
    "notes": N_("Internal notes on these cases"),
    "drafts": N_("Drafts of answers"),
    "outbox": N_("Outbox: what was sent to the person"),
    "unsent": N_("Replies that wait to be sent; they are taken back"),
    "evidence": N_("Evidence snapshots"),
    "mentions": N_("Texts of others and of ours that name the person; masked"),
    "pictures": N_("Pictures in the cache"),
    "files": N_("Files of the profile that name the person"),
    "exports": N_("Files that were exported"),
    "backups": N_("Copies of the database"),
}
"""What people read of the places, in their order."""


class Hold(msgspec.Struct, frozen=True):
    """A legal hold on a case or on an account (and so on the person it belongs to)."""

    id: int
    case: int
    author: int
    reason: str
    at: Micros
    who: str = ""
    """The handle that it is about."""


class Preview(msgspec.Struct, frozen=True):
    """What erasing a person would take away."""

    person: Person
    places: tuple[Stored, ...]
    terms: tuple[Term, ...]
    hold: Hold | None = None
    kept: int = 0
    """Texts that name the person and stay as they are, because a case of somebody else is under legal hold."""

    def count(self, place: str) -> int:
        """How much there is in one place."""
        return next((stored.count for stored in self.places if stored.place == place), 0)


class Stage(StrEnum):
    """Where an erasure stands, in this order."""

    MESSAGES = "messages"
    MENTIONS = "mentions"
    FILES = "files"
    INDEX = "index"
    CHECK = "check"


class Progress(msgspec.Struct, frozen=True):
    """How far an erasure is: `done` of `total` steps of its stage."""

    stage: Stage
    done: int
    total: int


class Left(msgspec.Struct, frozen=True):
    """A file in which something of the person was found after all, and why it was left."""

    path: str
    why: str


class Erased(msgspec.Struct, frozen=True):
    """What an erasure did."""

    messages: int
    cases: int
    masked: int
    files: int
    searched: int
    """Bytes that were searched for the person afterwards."""
    left: tuple[Left, ...] = ()


class RetentionRule(msgspec.Struct, frozen=True):
    """How long a channel's solved cases are kept; 0 days: for ever."""

    channel: int
    days: int
    ran_at: Micros = 0


class Expiring(msgspec.Struct, frozen=True):
    """What retention would remove of a channel now."""

    channel: int
    cases: int
    messages: int
    held: int
    """Cases that are old enough and stay, because of a legal hold."""
    oldest: Micros = 0


class Snapshot(msgspec.Struct, frozen=True):
    """Evidence taken before an act: canonical JSON, its SHA-256, and the link to the snapshot before it."""

    id: int
    at: Micros
    expires_at: Micros
    act: str
    channel: int
    message: int
    author: int
    body: str
    """Empty once it has gone; the hashes stay, so that the chain can still be verified."""
    digest: str
    link: str
    gone: str = ""
    """Why the body has gone: "expired" or "erased"."""


class Verified(msgspec.Struct, frozen=True):
    """Whether the chain of evidence is whole; `broken` is the first snapshot that is not as it was taken."""

    checked: int
    broken: int = 0
