"""Messages, authors and media as the desk knows them, and what a connector delivers before it is stored."""

from enum import StrEnum

import msgspec

Micros = int
"""Microseconds since 1970-01-01 UTC."""


class Kind(StrEnum):
    """What a message is to the desk. All but posts and boosts are for us and open cases."""

    POST = "post"
    MENTION = "mention"
    DIRECT = "direct"
    REPORT = "report"
    BOOST = "boost"
    COMMENT = "comment"
    """Written below something that is ours: an article, a page, a film."""
    MAIL = "mail"
    ITEM = "item"
    """An entry of a feed."""
    CALL = "call"
    """Noted by hand, as letters and talks are."""
    LETTER = "letter"
    TALK = "talk"


OPENS_CASE = frozenset(Kind) - {Kind.POST, Kind.BOOST}
LOGGED = frozenset({Kind.CALL, Kind.LETTER, Kind.TALK})
"""Noted by hand."""


class Visibility(StrEnum):
    """How public a message is, from everyone to the people named in it."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    DIRECT = "direct"
    INTERNAL = "internal"
    """Seen by moderators only, such as a report."""


class Mark(StrEnum):
    """Flags of a message: our own reactions, and what triage or the network says of it."""

    FAVOURITED = "favourited"
    BOOSTED = "boosted"
    SENSITIVE = "sensitive"
    SPAM = "spam"
    RESOLVED = "resolved"
    """A report that moderators have closed on the network."""
    FOLDED = "folded"
    """A rule wants the card shown folded."""
    TITLED = "titled"
    """The first line of its text is a title: the subject of a mail, the headline of a feed's entry."""
    HELD = "held"
    """Waits on the network until a moderator lets it through."""
    HIDDEN = "hidden"
    """Moderators have taken it out of sight on the network."""
    TRASHED = "trashed"
    """In the network's trash, from where it can be restored."""
    JUNK = "junk"
    """The network or its moderators took it for spam."""
    AUTOMATIC = "automatic"
    """Written by a machine on its own, such as a notice of absence or of a failed delivery: never answered by one."""
    ENCRYPTED = "encrypted"
    """Some or all of it cannot be read here; `reading.remark` says so where it is shown, as of the last marks below."""
    GUESSED = "guessed"
    """Its language was found by the desk, which is not sure of it."""
    EMPTY = "empty"
    """It says nothing, and nothing came with it."""
    INVITED = "invited"
    """An invitation; its text is what we are invited to. It waits for an answer while it is held."""
    SEALED = "sealed"
    """What is written there from now on is encrypted."""
    MOVED = "moved"
    """The conversation goes on elsewhere; its text is what was said of that, as below."""
    LEFT = "left"
    """Somebody has put us out."""
    BANNED = "banned"
    """Somebody has shut us out."""


class MediaKind(StrEnum):
    """What an attachment is."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    OTHER = "other"


class Author(msgspec.Struct, frozen=True, gc=False):
    """An account on a network; unique by (network, remote_id). `id` is 0 until it is stored."""

    network: str
    remote_id: str
    handle: str
    name: str
    url: str = ""
    avatar_url: str = ""
    bot: bool = False
    followers: int = 0
    id: int = 0


class Media(msgspec.Struct, frozen=True, gc=False):
    """An attachment by address only; nothing is loaded until someone asks for it. Sizes in pixels, 0 if unknown.

    `name` and `size` (bytes, 0 if unknown) are of a file that can be saved.
    """

    kind: MediaKind
    url: str
    preview_url: str = ""
    alt: str = ""
    width: int = 0
    height: int = 0
    blurhash: str = ""
    name: str = ""
    size: int = 0


class IncomingMessage(msgspec.Struct, frozen=True, gc=False):
    """One item as a connector parsed it: plain text, no local ids. Unique by (channel, remote_id)."""

    remote_id: str
    kind: Kind
    author: Author
    text: str
    created_at: Micros
    branch: str = ""
    """The conversation's branch that a case is about; the remote id of its first message if known, else ours."""
    reply_to: str = ""
    address: str = ""
    """Canonical address: the same for one post seen through two accounts."""
    language: str = ""
    """The network's own hint, BCP 47, or empty."""
    visibility: Visibility = Visibility.PUBLIC
    spoiler: str = ""
    edited_at: Micros = 0
    own: bool = False
    """Written by the channel's own account."""
    marks: tuple[Mark, ...] = ()
    media: tuple[Media, ...] = ()
    mentions: tuple[str, ...] = ()
    """Handles to name when answering, without ours."""
    subject: str = ""
    """Remote id of what a report is about."""
    operation: str = ""
    """Our operation id when the network echoes one back."""


class Message(msgspec.Struct, frozen=True, gc=False):
    """A stored message. `case` is 0 where none was opened; `revision` counts edits from 0."""

    id: int
    channel: int
    remote_id: str
    kind: Kind
    author: Author
    text: str
    created_at: Micros
    received_at: Micros
    case: int = 0
    branch: str = ""
    reply_to: str = ""
    address: str = ""
    language: str = ""
    visibility: Visibility = Visibility.PUBLIC
    spoiler: str = ""
    edited_at: Micros = 0
    deleted_at: Micros = 0
    revision: int = 0
    own: bool = False
    marks: tuple[Mark, ...] = ()
    media: tuple[Media, ...] = ()
    mentions: tuple[str, ...] = ()
    subject: str = ""
    sources: tuple[str, ...] = ()
    """Keys of the sources it was seen in, such as `mentions` or `hashtag:acme`."""


class Revision(msgspec.Struct, frozen=True, gc=False):
    """What a message said before an edit; number 0 is the first text."""

    message: int
    number: int
    text: str
    at: Micros


class Deletion(msgspec.Struct, frozen=True, gc=False):
    """The network says that a message is gone."""

    remote_id: str
    at: Micros = 0


class Reject(msgspec.Struct, frozen=True, gc=False):
    """An item that could not be read: an error code of `errors`, where it was seen, and how large it was (bytes)."""

    code: str
    where: str
    size: int = 0
    remote_id: str = ""


class Cursor(msgspec.Struct, frozen=True, gc=False):
    """Where reading of a source goes on: opaque, versioned JSON that only its connector reads."""

    version: int
    value: str


class Batch(msgspec.Struct, frozen=True):
    """What one answer or a few stream events brought from one source, with the cursor that is saved with it.

    `received` counts every item on the wire; the ledger checks it against messages + deletions + filtered + rejects.
    """

    source: str
    messages: tuple[IncomingMessage, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    rejects: tuple[Reject, ...] = ()
    filtered: int = 0
    cursor: Cursor | None = None
    live: bool = False
    """From a stream rather than from a catch-up page."""
    history: bool = False
    """Older messages, loaded on purpose: they join the cases there are and open none."""

    @property
    def received(self) -> int:
        """Items on the wire."""
        return len(self.messages) + len(self.deletions) + len(self.rejects) + self.filtered
