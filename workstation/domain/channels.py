"""Channels: their configuration, the form it is entered in, what an account can do, and how it fares."""

from enum import StrEnum

import msgspec

from workstation.domain.messages import Micros, Visibility
from workstation.domain.outbox import Act
from workstation.domain.text import LazyText

YES = frozenset({"1", "true", "yes", "on"})


class FieldKind(StrEnum):
    """How a field of a channel's form is entered."""

    TEXT = "text"
    URL = "url"
    SECRET = "secret"  # noqa: S105 -- a kind of field, not a secret
    """Kept as a reference `env:VAR` or `keyring:NAME`, never as itself."""
    CHOICE = "choice"
    FLAG = "flag"
    NUMBER = "number"
    LIST = "list"
    """Comma-separated."""


class Field(msgspec.Struct, frozen=True):
    """One field of a manifest's form."""

    name: str
    label: LazyText
    kind: FieldKind = FieldKind.TEXT
    help: LazyText | None = None
    required: bool = False
    default: str = ""
    choices: tuple[tuple[str, LazyText], ...] = ()
    placeholder: str = ""
    advanced: bool = False


class Manifest(msgspec.Struct, frozen=True):
    """What a kind of channel is, before any account of it is opened."""

    kind: str
    title: str
    summary: LazyText
    network: str
    """Authors are unique within it."""
    fields: tuple[Field, ...]
    badge: str
    """One letter for the badge on a card."""
    colour: str
    """#RRGGBB of the badge."""
    sign_in: tuple[str, ...] = ("token",)
    """Ways to sign in: "oauth" (browser), "token", "password"."""
    documentation: str = ""


class ChannelConfig(msgspec.Struct, frozen=True):
    """A configured account. `id` is 0 until it is stored; `settings` follow the manifest's fields."""

    id: int
    kind: str
    name: str
    server: str = ""
    user: str = ""
    secret: str = ""
    """Reference to the secret: `env:VAR` or `keyring:NAME`."""
    settings: dict[str, str] = {}
    enabled: bool = True
    practice: bool = False
    """Set for accounts of the practice network, which never look like live ones."""

    def is_on(self, flag: str) -> bool:
        """Whether a flag of the settings is set."""
        return is_on(self.settings.get(flag, ""))


def is_on(value: str) -> bool:
    """Whether what was entered for a flag means yes; files and command lines are written by people."""
    return value.strip().lower() in YES


class LengthUnit(StrEnum):
    """What a network counts."""

    CHARACTERS = "characters"
    GRAPHEMES = "graphemes"
    BYTES = "bytes"
    UTF16 = "utf16"
    WEIGHTED = "weighted"


class Length(msgspec.Struct, frozen=True):
    """How long a text is as the channel counts it; `limit` 0 means none."""

    used: int
    limit: int
    unit: LengthUnit

    @property
    def fits(self) -> bool:
        """Whether the channel takes it."""
        return not self.limit or self.used <= self.limit


class Idempotency(StrEnum):
    """What protects a repeated attempt from doing it twice on this account."""

    KEY = "key"
    TXN = "txn"
    RKEY = "rkey"
    MESSAGE_ID = "message-id"
    UPSERT = "upsert"
    DEDUPE = "dedupe"
    NONE = "none"


class Resume(StrEnum):
    """How reading goes on after a break."""

    EXACT = "exact"
    OVERLAP = "overlap"
    HORIZON = "horizon"
    NONE = "none"


class Scope(StrEnum):
    """Whose messages an act works on."""

    OWN = "own"
    ANY = "any"
    OTHERS = "others"


class Offer(msgspec.Struct, frozen=True):
    """An act on this account: available, or disabled with the reason that is shown."""

    act: Act
    label: LazyText
    scope: Scope = Scope.ANY
    available: bool = True
    reason: LazyText | None = None
    undone_by: Act | None = None
    fields: tuple[Field, ...] = ()
    danger: bool = False
    on: str = "message"
    """"message", "account" or "report": what it is about."""


class Pictures(msgspec.Struct, frozen=True):
    """What pictures a post may have: how many at most (0: none), their MIME types, bytes of one, letters of its
    description; 0 and () where the network does not say.
    """

    most: int = 0
    kinds: tuple[str, ...] = ()
    size: int = 0
    alt: int = 0


class Capabilities(msgspec.Struct, frozen=True):
    """What an opened account can do; discovered, because servers of one API differ."""

    transport: tuple[str, ...] = ()
    """In order of preference, such as ("websocket", "sse", "poll")."""
    resume: Resume = Resume.EXACT
    idempotency: Idempotency = Idempotency.NONE
    offers: tuple[Offer, ...] = ()
    edits: str = "event"
    """How edits are signalled: "event", "poll", "none"."""
    deletions: str = "event"
    length_limit: int = 0
    length_unit: LengthUnit = LengthUnit.CHARACTERS
    visibilities: tuple[Visibility, ...] = (Visibility.PUBLIC,)
    server: str = ""
    """Software and version as the server tells it."""
    pictures: Pictures = Pictures()

    def offer(self, act: Act) -> Offer | None:
        """The offer for an act, or None where the network has no such thing."""
        return next((offer for offer in self.offers if offer.act is act), None)


class Account(msgspec.Struct, frozen=True):
    """Whom we are signed in as."""

    remote_id: str
    handle: str
    name: str
    url: str = ""
    avatar_url: str = ""


class Condition(StrEnum):
    """A channel's condition in one word."""

    STARTING = "starting"
    LIVE = "live"
    CATCHING_UP = "catching_up"
    POLLING = "polling"
    WAITING = "waiting"
    """Failed, tries again at `retry_at`."""
    STOPPED = "stopped"
    SIGN_IN = "sign_in"
    """Cannot go on without the agent."""


class RateHint(msgspec.Struct, frozen=True):
    """What the last answer said of a rate limit; -1 where it said nothing."""

    bucket: str = ""
    limit: int = -1
    remaining: int = -1
    reset_at: Micros = 0


class Health(msgspec.Struct, frozen=True):
    """How a channel fares. `lag` in microseconds from the network's time to ours, of the latest live message."""

    channel: int
    condition: Condition = Condition.STARTING
    transport: str = ""
    lag: Micros = 0
    last_event_at: Micros = 0
    token_expires_at: Micros = 0
    rate: RateHint = RateHint()
    error: LazyText | None = None
    retry_at: Micros = 0
    restarts: int = 0


class Ledger(msgspec.Struct, frozen=True):
    """What became of everything a source received; nothing may be missing."""

    channel: int
    source: str
    received: int = 0
    stored: int = 0
    merged: int = 0
    """Seen before: another source, an echo, an edit or deletion of what is here."""
    filtered: int = 0
    """Of no use to the desk by documented rule."""
    rejected: int = 0
    """Unreadable: each has an entry with its reason."""
    erased: int = 0
    """Of the filtered: of people who were erased."""

    @property
    def missing(self) -> int:
        """0, or the loss."""
        return self.received - self.stored - self.merged - self.filtered - self.rejected
