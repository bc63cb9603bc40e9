"""What the practice network remembers: accounts, statuses, notifications, reports, tokens."""

from dataclasses import dataclass, field

from workstation.practice.timeline import Timeline

DOMAIN = "practice.invalid"
PUBLIC_VISIBILITIES = ("public", "unlisted")
VISIBILITIES = ("public", "unlisted", "private", "direct")
ACCOUNT_MEMORY = 400


@dataclass(slots=True, eq=False)
class Account:
    """A person, a shop or a bot on the network; `domain` is empty for local accounts."""

    id: int
    username: str
    display_name: str
    created_at: int
    domain: str = ""
    note: str = ""
    language: str = ""
    bot: bool = False
    role: str = ""
    followers: int = 0
    following: int = 0
    statuses_count: int = 0
    last_status_at: int = 0
    suspended: bool = False
    silenced: bool = False
    sensitized: bool = False
    disabled: bool = False
    approved: bool = True
    statuses: Timeline = field(default_factory=lambda: Timeline(ACCOUNT_MEMORY))
    pinned: list[int] = field(default_factory=list)
    encoded: bytes = b""  # the entity as last sent; emptied when anything it shows has changed

    @property
    def acct(self) -> str:
        """The address without the leading @; local accounts have no domain in it."""
        return f"{self.username}@{self.domain}" if self.domain else self.username


@dataclass(slots=True, eq=False)
class Media:
    """An uploaded file; `picture` names the generated test picture where nothing was uploaded."""

    id: int
    account_id: int
    kind: str
    content_type: str
    data: bytes
    width: int
    height: int
    description: str | None = None
    ready_at: int = 0  # milliseconds; until then it is being prepared and no status may show it


@dataclass(frozen=True, slots=True)
class Edit:
    """One version of a status that was replaced."""

    text: str
    spoiler: str
    sensitive: bool
    at: int
    media: tuple[Media, ...]


@dataclass(slots=True, eq=False)
class Status:
    """A post. `html` overrides the rendered text: hostile content that no honest server would send."""

    id: int
    account: Account
    text: str
    created_at: int
    visibility: str = "public"
    language: str | None = None
    kind: str = ""
    in_reply_to: int | None = None
    in_reply_to_account: int | None = None
    root: int = 0
    spoiler: str = ""
    sensitive: bool = False
    mentions: tuple[Account, ...] = ()
    tags: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    reblog_of: "Status | None" = None
    application: str = ""
    html: str | None = None
    edited_at: int | None = None
    history: list[Edit] | None = None
    replies: list[int] | None = None
    favourited_by: set[int] | None = None
    reblogged_by: dict[int, int] | None = None


@dataclass(slots=True, eq=False)
class Notification:
    """Something an account is told of; ids are a small serial number, as on real servers."""

    id: int
    type: str
    created_at: int
    account: Account
    status: Status | None = None
    report: "Report | None" = None


@dataclass(slots=True, eq=False)
class Conversation:
    """Direct messages of one thread, as one participant sees them."""

    id: int
    owner: int
    root: int
    accounts: tuple[Account, ...]
    last_status: int
    unread: bool = True


@dataclass(slots=True, eq=False)
class Report:
    """A complaint of one account about another, for the moderators."""

    id: int
    account: Account
    target: Account
    category: str
    comment: str
    created_at: int
    updated_at: int
    status_ids: tuple[int, ...] = ()
    rule_ids: tuple[str, ...] = ()
    forwarded: bool = False
    assigned: Account | None = None
    resolved_by: Account | None = None
    resolved_at: int | None = None


@dataclass(slots=True, eq=False)
class UserList:
    """A list of accounts that one account keeps."""

    id: int
    owner: int
    title: str
    replies_policy: str = "list"
    exclusive: bool = False
    members: set[int] = field(default_factory=set)
    statuses: Timeline = field(default_factory=lambda: Timeline(4_000))


@dataclass(frozen=True, slots=True)
class Application:
    """A registered client."""

    id: int
    name: str
    website: str | None
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    client_id: str
    client_secret: str


@dataclass(slots=True, eq=False)
class Token:
    """An access token; `account_id` is empty for one of an application itself."""

    value: str
    account_id: int | None
    scopes: frozenset[str]
    application: str
    created_at: int
    expired: bool = False

    def allows(self, scope: str) -> bool:
        """Tell whether the token covers a scope such as write:statuses or admin:read:reports."""
        if scope in self.scopes:
            return True
        parts = scope.split(":")
        return any(":".join(parts[:length]) in self.scopes for length in range(len(parts) - 1, 0, -1))


@dataclass(slots=True)
class Relations:
    """What one account thinks of the others, by their ids."""

    following: set[int] = field(default_factory=set)
    followed_by: set[int] = field(default_factory=set)
    muting: dict[int, int | None] = field(default_factory=dict)
    muting_notifications: set[int] = field(default_factory=set)
    blocking: set[int] = field(default_factory=set)
    notifying: set[int] = field(default_factory=set)
    hiding_reblogs: set[int] = field(default_factory=set)
    endorsed: set[int] = field(default_factory=set)
    blocked_domains: set[str] = field(default_factory=set)
    notes: dict[int, str] = field(default_factory=dict)
    followed_tags: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Mailbox:
    """What belongs to one signed-in account: its home, its notifications, its conversations, its marks."""

    account: Account
    home: Timeline = field(default_factory=lambda: Timeline(20_000))
    notifications: dict[int, Notification] = field(default_factory=dict)
    order: Timeline = field(default_factory=lambda: Timeline(20_000))
    conversations: dict[int, Conversation] = field(default_factory=dict)
    bookmarks: dict[int, int] = field(default_factory=dict)
    favourites: dict[int, int] = field(default_factory=dict)
    muted_threads: set[int] = field(default_factory=set)
    relations: Relations = field(default_factory=Relations)
    markers: dict[str, tuple[str, int, int]] = field(default_factory=dict)
