"""The parts of Mastodon's entities that we read; compatible servers leave out, null or add fields at will.

Source: docs.joinmastodon.org/entities. What is not read is listed in `ignored` with the reason.
"""

from datetime import datetime

import msgspec

Ident = str | int
"""Ids are opaque: decimal, ULID or flake; a few servers write numbers."""


class Entity(msgspec.Struct, frozen=True, gc=False):
    """Base of what is decoded."""


class Account(Entity, frozen=True, gc=False):
    """Account, and CredentialAccount without its own part."""

    id: Ident
    acct: str = ""
    username: str = ""
    display_name: str | None = ""
    url: str | None = ""
    avatar: str | None = ""
    avatar_static: str | None = ""
    bot: bool | None = False
    followers_count: int | None = 0


class Mention(Entity, frozen=True, gc=False):
    """Status::Mention."""

    id: Ident
    acct: str = ""
    username: str = ""
    url: str | None = ""


class Size(Entity, frozen=True, gc=False):
    """Dimensions of an attachment."""

    width: int | float | None = 0
    height: int | float | None = 0


class Meta(Entity, frozen=True, gc=False):
    """Metadata of an attachment."""

    original: Size | None = None
    small: Size | None = None


class MediaAttachment(Entity, frozen=True, gc=False):
    """MediaAttachment; `url` is null while the server still works on it."""

    id: Ident = ""
    type: str | None = "unknown"
    url: str | None = ""
    preview_url: str | None = ""
    remote_url: str | None = ""
    description: str | None = ""
    blurhash: str | None = ""
    meta: Meta | None = None


class Found(Entity, frozen=True, gc=False):
    """Search, as far as we read it."""

    statuses: tuple[msgspec.Raw, ...] = ()


class Option(Entity, frozen=True, gc=False):
    """An answer of a poll."""

    title: str | None = ""


class Poll(Entity, frozen=True, gc=False):
    """Poll."""

    options: tuple[Option, ...] = ()


class PleromaStatus(Entity, frozen=True, gc=False):
    """What Pleroma and Akkoma add to a status."""

    conversation_id: Ident | None = None


class Quoted(Entity, frozen=True, gc=False):
    """The post inside a quote, as far as a card needs it."""

    account: Account
    content: str | None = ""
    url: str | None = ""
    uri: str | None = ""


class Quote(Entity, frozen=True, gc=False):
    """Quote, or ShallowQuote, which has an id only."""

    state: str | None = ""
    quoted_status: Quoted | None = None


class Status(Entity, frozen=True, gc=False):
    """Status."""

    id: Ident
    created_at: datetime
    account: Account
    content: str | None = ""
    uri: str | None = ""
    url: str | None = ""
    in_reply_to_id: Ident | None = None
    sensitive: bool | None = False
    spoiler_text: str | None = ""
    visibility: str | None = "public"
    language: str | None = ""
    edited_at: datetime | None = None
    favourited: bool | None = False
    reblogged: bool | None = False
    reblog: "Status | None" = None
    media_attachments: tuple[MediaAttachment, ...] | None = ()
    mentions: tuple[Mention, ...] | None = ()
    poll: Poll | None = None
    quote: Quote | msgspec.UnsetType | None = None
    pleroma: PleromaStatus | None = None


class Made(Entity, frozen=True, gc=False):
    """The least that tells of a Status that it exists."""

    id: Ident = ""


class Notification(Entity, frozen=True, gc=False):
    """Notification; the status is decoded by itself, so that the kind is known even where it is broken."""

    id: Ident
    type: str = ""
    status: Status | None = None


class Conversation(Entity, frozen=True, gc=False):
    """Conversation."""

    id: Ident
    last_status: Status | None = None


class Context(Entity, frozen=True, gc=False):
    """The posts around one, each decoded by itself."""

    ancestors: tuple[msgspec.Raw, ...] = ()
    descendants: tuple[msgspec.Raw, ...] = ()


class AdminAccount(Entity, frozen=True, gc=False):
    """Admin::Account."""

    id: Ident
    account: Account
    suspended: bool | None = False
    silenced: bool | None = False
    sensitized: bool | None = False
    disabled: bool | None = False


class Rule(Entity, frozen=True, gc=False):
    """A server rule."""

    text: str | None = ""


class AdminReport(Entity, frozen=True, gc=False):
    """Admin::Report."""

    id: Ident
    created_at: datetime
    account: AdminAccount
    target_account: AdminAccount
    updated_at: datetime | None = None
    action_taken: bool | None = False
    category: str | None = ""
    comment: str | None = ""
    assigned_account: AdminAccount | None = None
    statuses: tuple[msgspec.Raw, ...] | None = ()
    rules: tuple[Rule, ...] | None = ()


class Role(Entity, frozen=True, gc=False):
    """Role of a CredentialAccount; `permissions` is a bit mask written as a string (or a number)."""

    permissions: str | int | None = 0


class Credentials(Entity, frozen=True, gc=False):
    """CredentialAccount."""

    id: Ident
    acct: str = ""
    username: str = ""
    display_name: str | None = ""
    url: str | None = ""
    avatar_static: str | None = ""
    role: Role | None = None


class Relationship(Entity, frozen=True, gc=False):
    """Relationship, as far as acts change it."""

    id: Ident
    muting: bool | None = False
    blocking: bool | None = False


class StatusSource(Entity, frozen=True, gc=False):
    """StatusSource: the text as it was typed."""

    id: Ident
    text: str | None = ""


class Token(Entity, frozen=True, gc=False):
    """Token."""

    access_token: str
    scope: str | None = ""

    def __repr__(self) -> str:
        return "Token()"


class Application(Entity, frozen=True, gc=False):
    """A registered application; `scopes` since 4.3."""

    client_id: str | None = ""
    client_secret: str | None = ""
    scopes: tuple[str, ...] | None = None

    def __repr__(self) -> str:
        return "Application()"


class Failure(Entity, frozen=True, gc=False):
    """Error."""

    error: str | None = ""
    error_description: str | None = ""


class AuthorizationServer(Entity, frozen=True, gc=False):
    """OAuth authorization server metadata (RFC 8414), offered since 4.3."""

    authorization_endpoint: str = ""
    token_endpoint: str = ""
    app_registration_endpoint: str = ""
    scopes_supported: tuple[str, ...] | None = ()
    code_challenge_methods_supported: tuple[str, ...] | None = ()
