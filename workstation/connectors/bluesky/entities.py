"""What is read of records and views; every struct takes less than the lexicons promise, because strangers write them.

Names are those of the lexicons (app.bsky, com.atproto, tools.ozone). What is not read stands in `ignored`.
"""

import msgspec

Raw = msgspec.Raw
ABSENT = Raw(b"")
NULL = Raw(b"null")


def given(raw: Raw) -> bool:
    """Whether there is anything in a part that is decoded later."""
    return raw not in (ABSENT, NULL)


class Entity(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """Base: JSON names in camelCase."""


def named_type() -> str:
    """The field `$type`."""
    return msgspec.field(default="", name="$type")


class Ref(Entity, frozen=True):
    """com.atproto.repo.strongRef."""

    uri: str
    cid: str = ""


class ReplyRef(Entity, frozen=True):
    """app.bsky.feed.post#replyRef."""

    root: Ref
    parent: Ref


class ByteSlice(Entity, frozen=True):
    """app.bsky.richtext.facet#byteSlice: offsets in UTF-8."""

    byte_start: int
    byte_end: int


class Feature(Entity, frozen=True):
    """A link, mention or tag; unknown kinds have none of these."""

    type: str = named_type()
    uri: str = ""
    did: str = ""
    tag: str = ""


class Facet(Entity, frozen=True):
    """app.bsky.richtext.facet."""

    index: ByteSlice
    features: tuple[Feature, ...] = ()


class Label(Entity, frozen=True):
    """com.atproto.label.defs#label, or a value of #selfLabels."""

    val: str = ""
    src: str = ""
    neg: bool = False


class SelfLabels(Entity, frozen=True):
    """com.atproto.label.defs#selfLabels."""

    values: tuple[Label, ...] = ()


class PostRecord(Entity, frozen=True):
    """app.bsky.feed.post."""

    text: str
    created_at: str = ""
    type: str = named_type()
    facets: Raw = ABSENT
    reply: ReplyRef | None = None
    embed: Raw = ABSENT
    langs: tuple[str, ...] | None = None
    labels: Raw = ABSENT
    tags: tuple[str, ...] | None = None


class SubjectRecord(Entity, frozen=True):
    """app.bsky.feed.like and repost."""

    subject: Ref
    created_at: str = ""


class GateRecord(Entity, frozen=True):
    """app.bsky.feed.threadgate."""

    post: str = ""
    hidden_replies: tuple[str, ...] = ()


class GateView(Entity, frozen=True):
    """app.bsky.feed.defs#threadgateView."""

    record: Raw = ABSENT


class ActorViewer(Entity, frozen=True):
    """app.bsky.actor.defs#viewerState."""

    muted: bool = False
    blocked_by: bool = False
    blocking: str = ""


class Profile(Entity, frozen=True):
    """app.bsky.actor.defs#profileViewBasic and its larger kin."""

    did: str
    handle: str = ""
    display_name: str | None = None
    avatar: str | None = None
    labels: tuple[Label, ...] | None = None
    followers_count: int | None = None
    viewer: ActorViewer | None = None


class PostViewer(Entity, frozen=True):
    """app.bsky.feed.defs#viewerState."""

    like: str = ""
    repost: str = ""
    reply_disabled: bool = False


class PostView(Entity, frozen=True):
    """app.bsky.feed.defs#postView."""

    uri: str
    author: Profile
    record: Raw
    cid: str = ""
    embed: Raw = ABSENT
    indexed_at: str = ""
    viewer: PostViewer | None = None
    labels: tuple[Label, ...] | None = None
    threadgate: GateView | None = None


class Reason(Entity, frozen=True):
    """Why a post is in a feed: app.bsky.feed.defs#reasonRepost or #reasonPin."""

    type: str = named_type()
    by: Profile | None = None
    uri: str = ""
    indexed_at: str = ""


class FeedItem(Entity, frozen=True):
    """app.bsky.feed.defs#feedViewPost."""

    post: PostView
    reason: Reason | None = None


class Notification(Entity, frozen=True):
    """app.bsky.notification.listNotifications#notification."""

    uri: str
    author: Profile
    reason: str
    cid: str = ""
    record: Raw = ABSENT
    indexed_at: str = ""
    labels: tuple[Label, ...] | None = None


class Blocked(Entity, frozen=True):
    """Whose post is not shown."""

    did: str = ""


class ThreadNode(Entity, frozen=True):
    """app.bsky.feed.defs#threadViewPost, #notFoundPost or #blockedPost."""

    type: str = named_type()
    uri: str = ""
    post: Raw = ABSENT
    parent: "ThreadNode | None" = None
    replies: tuple["ThreadNode", ...] | None = None
    not_found: bool = False
    blocked: bool = False


class Thread(Entity, frozen=True):
    """The answer of getPostThread."""

    thread: ThreadNode


class Link(Entity, frozen=True):
    """A CID in JSON."""

    link: str = msgspec.field(default="", name="$link")


class Blob(Entity, frozen=True):
    """A file that a record names; before 2023 `cid` stood in place of `ref`."""

    ref: Link | None = None
    mime_type: str = ""
    size: int = 0
    cid: str = ""


class Ratio(Entity, frozen=True):
    """app.bsky.embed.defs#aspectRatio."""

    width: int = 0
    height: int = 0


class Picture(Entity, frozen=True):
    """A picture of app.bsky.embed.images or gallery, in a record or in a view."""

    alt: str = ""
    thumb: str = ""
    thumbnail: str = ""
    fullsize: str = ""
    image: Blob | None = None
    aspect_ratio: Ratio | None = None


class External(Entity, frozen=True):
    """A link card. `thumb` is a blob in a record and an address in a view, and not shown."""

    uri: str = ""
    title: str = ""


class Embed(Entity, frozen=True):
    """Any app.bsky.embed, in a record or in a view."""

    type: str = named_type()
    images: tuple[Picture, ...] = ()
    items: tuple[Picture, ...] = ()
    external: External | None = None
    record: Raw = ABSENT
    media: Raw = ABSENT
    video: Blob | None = None
    playlist: str = ""
    thumbnail: str = ""
    alt: str = ""
    aspect_ratio: Ratio | None = None


class Quoted(Entity, frozen=True):
    """What an embed quotes: a post, what stands in its place, or a list, feed, labeler or starter pack."""

    type: str = named_type()
    uri: str = ""
    author: Profile | None = None
    value: Raw = ABSENT
    record: Raw = ABSENT
    display_name: str = ""
    name: str = ""


class Page(Entity, frozen=True):
    """A page of any list: whichever of its names is there holds the items."""

    cursor: str | None = None
    notifications: tuple[Raw, ...] | None = None
    feed: tuple[Raw, ...] | None = None
    posts: tuple[Raw, ...] | None = None
    events: tuple[Raw, ...] | None = None

    @property
    def items(self) -> tuple[Raw, ...] | None:
        """The items; None where there is no list of them."""
        found = (self.notifications, self.feed, self.posts, self.events)
        return next((items for items in found if items is not None), None)


class Profiles(Entity, frozen=True):
    """The answer of getProfiles."""

    profiles: tuple[Raw, ...] = ()


class Record(Entity, frozen=True):
    """The answer of com.atproto.repo.getRecord, and an item of listRecords."""

    uri: str
    value: Raw
    cid: str = ""


class Records(Entity, frozen=True):
    """The answer of com.atproto.repo.listRecords."""

    records: tuple[Raw, ...] = ()
    cursor: str | None = None


class Written(Entity, frozen=True):
    """The answer of putRecord."""

    uri: str
    cid: str = ""


class Uploaded(Entity, frozen=True):
    """The answer of uploadBlob."""

    blob: Raw


class Handle(Entity, frozen=True):
    """The answer of resolveHandle."""

    did: str


class Named(Entity, frozen=True):
    """A list or feed by name, in the answers of getList and getFeedGenerator."""

    name: str = ""
    display_name: str = ""


class Titled(Entity, frozen=True):
    """The answers of getList and getFeedGenerator."""

    list: Named | None = None
    view: Named | None = None


class Service(Entity, frozen=True):
    """A service of a DID document."""

    id: str = ""
    type: str = ""
    service_endpoint: str | dict[str, object] | list[object] = ""


class DidDocument(Entity, frozen=True):
    """A DID document."""

    service: tuple[Service, ...] = ()

    def endpoint(self, fragment: str) -> str:
        """The address of a service, or empty."""
        for found in self.service:
            if found.id.endswith(fragment) and isinstance(found.service_endpoint, str):
                return found.service_endpoint.rstrip("/")
        return ""


class SignedIn(Entity, frozen=True):
    """The answers of createSession, refreshSession and getSession."""

    did: str
    handle: str = ""
    access_jwt: str = ""
    refresh_jwt: str = ""
    did_doc: DidDocument | None = None
    active: bool = True

    def __repr__(self) -> str:
        return "SignedIn()"


class ServerDescription(Entity, frozen=True):
    """The answer of describeServer."""

    did: str = ""


class Failure(Entity, frozen=True):
    """The body of an answer that is not good."""

    error: str = ""
    message: str = ""
