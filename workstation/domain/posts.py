"""Posts of our own on several channels: one text with what differs on a channel, pictures, and when it goes out."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from workstation.domain.messages import Micros, Visibility
from workstation.domain.outbox import Outgoing, State


class Way(StrEnum):
    """How a post comes onto a channel."""

    WRITE = "write"
    BOOST = "boost"
    """What exists already is passed on there, as the network itself does it."""


class Stage(StrEnum):
    """Whether a post is still being written."""

    DRAFT = "draft"
    PLANNED = "planned"
    """It has rows in the outbox; how it fares is told by them."""
    THROWN = "thrown"
    """A draft that nobody wants any more; it can be had back for a while."""


class Picture(msgspec.Struct, frozen=True):
    """A picture that goes with a post, without its bytes. `kind` is its MIME type, `size` in bytes."""

    id: int
    name: str
    kind: str
    size: int
    alt: str = ""


class PictureData(msgspec.Struct, frozen=True):
    """A picture with its bytes, as a channel is handed it."""

    kind: str
    data: bytes
    alt: str = ""
    name: str = ""


class Part(msgspec.Struct, frozen=True):
    """A post on one channel; None where it says what all of them say."""

    channel: int
    text: str | None = None
    spoiler: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    way: Way = Way.WRITE
    target: str = ""
    """Remote id there of what is boosted; empty where only its address is known."""


class Post(msgspec.Struct, frozen=True):
    """A post to several channels. `id` is 0 until it is stored."""

    id: int = 0
    text: str = ""
    spoiler: str = ""
    language: str = ""
    parts: tuple[Part, ...] = ()
    pictures: tuple[Picture, ...] = ()
    at: Micros = 0
    """When it goes out; 0: as soon as the undo window is over."""
    zone: str = ""
    """The time zone in which the time was chosen, for people; empty for the system's."""
    stage: Stage = Stage.DRAFT
    replaces: int = 0
    """The planned post that this draft is an edit of."""
    source: int = 0
    """Local id of the message that is passed on; 0 for none."""
    address: str = ""
    """Its address on the network."""
    caret: int = 0
    updated_at: Micros = 0

    @property
    def empty(self) -> bool:
        """Whether nothing was written, attached or passed on."""
        own = any(part.text or part.spoiler for part in self.parts)
        return not (self.text.strip() or self.spoiler or own or self.pictures or self.source)

    def part(self, channel: int) -> Part | None:
        """What goes to a channel, or None."""
        return next((part for part in self.parts if part.channel == channel), None)

    def text_on(self, part: Part) -> str:
        """The text as it leaves on that channel."""
        return self.text if part.text is None else part.text

    def spoiler_on(self, part: Part) -> str:
        """The content warning on that channel."""
        return self.spoiler if part.spoiler is None else part.spoiler


class Fate(StrEnum):
    """How a post fares on one channel."""

    SCHEDULED = "scheduled"
    MISSED = "missed"
    """Its time passed while nothing could be sent; nobody has said yet what is to become of it."""
    APPROVAL = "approval"
    """Somebody has to look at it first."""
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = frozenset({Fate.SCHEDULED, Fate.MISSED, Fate.APPROVAL, Fate.WAITING})
"""What can still be taken back, moved or changed."""


def is_missed(row: Outgoing, now: Micros) -> bool:
    """Whether a row waits beyond the time until which it may leave by itself."""
    return row.state is State.QUEUED and 0 < row.latest < now


def fate(row: Outgoing, now: Micros) -> Fate:
    """How a row of the outbox fares at `now`."""
    if row.state is State.WAITS:
        return Fate.APPROVAL
    if row.state is not State.QUEUED:
        return Fate(row.state.value)
    if is_missed(row, now):
        return Fate.MISSED
    return Fate.SCHEDULED if row.latest else Fate.WAITING


class Posted(msgspec.Struct, frozen=True):
    """A planned post with its rows of the outbox, those that were replaced left out."""

    post: Post
    rows: tuple[Outgoing, ...] = ()

    def tally(self, now: Micros) -> dict[Fate, int]:
        """How many channels fare how, in the order of Fate."""
        found = Counter(fate(row, now) for row in self.rows)
        return {kind: found[kind] for kind in Fate if found[kind]}

    def open(self, now: Micros) -> bool:
        """Whether anything of it can still be taken back, moved or changed."""
        return any(fate(row, now) in OPEN for row in self.rows)

    @property
    def left(self) -> frozenset[int]:
        """Channels on which it has left, or may have."""
        gone = (State.SENDING, State.SENT, State.UNKNOWN)
        return frozenset(row.channel for row in self.rows if row.state in gone)


def latest_rows(rows: Iterable[Outgoing]) -> tuple[Outgoing, ...]:
    """Of each channel the row that counts: the living one, else the last; in the order of channels."""
    found: dict[int, Outgoing] = {}
    for row in sorted(rows, key=lambda row: (row.state is not State.CANCELLED, row.id)):
        found[row.channel] = row
    return tuple(sorted(found.values(), key=lambda row: row.id))
