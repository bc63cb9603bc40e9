"""Records and views to the desk's messages; pure. Every item is decoded by itself: a bad one is a reject.

Authors are known by their DID, which stays when a handle changes. A post says the same from whichever source it comes.
"""

import re
from datetime import UTC, datetime, timedelta

import msgspec

from workstation.connectors.bluesky import entities, labels, media
from workstation.connectors.bluesky import text as plain
from workstation.connectors.bluesky.addresses import (
    DID,
    HANDLE,
    POST,
    UNKNOWN_HANDLE,
    known_place,
    place,
    profile_address,
    repo,
    web_address,
)
from workstation.connectors.bluesky.directory import Directory, Seen
from workstation.connectors.bluesky.media import UNREADABLE
from workstation.domain.errors import ProtocolChangedError
from workstation.domain.messages import Author, IncomingMessage, Kind, Mark, Micros, Reject
from workstation.net.plain import one_line

NETWORK = "bluesky"
FOR_US = frozenset({"mention", "reply", "quote"})
"""Notifications that open a case; likes, reposts, follows and the rest do not."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
URI = re.compile(rb'"uri"\s*:\s*"(at://[A-Za-z0-9._~:/%-]{1,600})"')

_post = msgspec.json.Decoder(entities.PostView)
_record = msgspec.json.Decoder(entities.PostRecord)
_notification = msgspec.json.Decoder(entities.Notification)
_feed_item = msgspec.json.Decoder(entities.FeedItem)
_self_labels = msgspec.json.Decoder(entities.SelfLabels)
_gate = msgspec.json.Decoder(entities.GateRecord)
_profile = msgspec.json.Decoder(entities.Profile)
_page = msgspec.json.Decoder(entities.Page)


def micros(text: str) -> Micros:
    """Microseconds UTC of an ISO time; one without zone is taken as UTC, 0 where it is none."""
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC)
        return max(0, (found - EPOCH) // MICROSECOND)
    except (ValueError, OverflowError):
        return 0


def iso(at: Micros) -> str:
    """A moment as the lexicons write it, in milliseconds."""
    return (EPOCH + timedelta(microseconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Whole(msgspec.Struct, frozen=True):
    """A record with what is known around it; from a view or from a stream."""

    uri: str
    record: entities.PostRecord
    author: Author
    cid: str = ""
    embed: msgspec.Raw = entities.ABSENT
    seen_at: Micros = 0
    labels: tuple[entities.Label, ...] = ()
    viewer: entities.PostViewer | None = None
    edited_at: Micros = 0


class Parser:
    """Turns what one account sees into messages; `own` is its DID."""

    def __init__(self, own: str, directory: Directory) -> None:
        self.own = own
        self.directory = directory

    def author(self, profile: entities.Profile) -> Author:
        """The author as the desk knows one; ValueError where the DID is none."""
        if not DID.fullmatch(profile.did):
            raise ValueError("no DID")
        handle = profile.handle.lower()
        handle = handle if HANDLE.fullmatch(handle) and handle != UNKNOWN_HANDLE else profile.did
        name = one_line(profile.display_name) if profile.display_name else ""
        avatar = plain.web(profile.avatar) if profile.avatar else ""
        if avatar:
            self.directory.name(avatar)
        made = Author(
            NETWORK,
            profile.did,
            handle,
            name or handle,
            profile_address(profile.did),
            avatar,
            labels.BOT in labels.values(profile.labels),
            max(0, profile.followers_count or 0),
        )
        self.directory.learn(made)
        return made

    def profile(self, data: bytes | msgspec.Raw) -> Author:
        """The author of a profile view; raises one of UNREADABLE."""
        return self.author(_profile.decode(data))

    def stranger(self, did: str) -> Author:
        """An author of whom only the DID is known, unless seen lately."""
        known = self.directory.author(did)
        if known is not None:
            return known
        if not DID.fullmatch(did):
            raise ValueError("no DID")
        return Author(NETWORK, did, did, did, profile_address(did))

    def post(self, data: bytes | msgspec.Raw) -> IncomingMessage:
        """The message of a postView; raises one of UNREADABLE."""
        return self.view(_post.decode(data))

    def view(self, view: entities.PostView) -> IncomingMessage:
        """The message of a decoded postView."""
        record = _record.decode(view.record)
        if view.threadgate is not None and entities.given(view.threadgate.record) and repo(view.uri) == self.own:
            self._learn_hidden(view.threadgate.record)
        whole = Whole(
            view.uri,
            record,
            self.author(view.author),
            view.cid,
            view.embed if entities.given(view.embed) else record.embed,
            micros(view.indexed_at),
            view.labels or (),
            view.viewer,
        )
        return self.message(whole)

    def _learn_hidden(self, gate: msgspec.Raw) -> None:
        try:
            self.directory.hidden.update(_gate.decode(gate).hidden_replies[:1_000])
        except UNREADABLE:
            return

    def message(self, whole: Whole) -> IncomingMessage:
        """The message of a record; ValueError where its address is none."""
        record, uri = whole.record, whole.uri
        found = place(uri)
        if found is None or found.collection != POST or found.repo != whole.author.remote_id:
            raise ValueError("no post")
        facets = media.facets(record.facets)
        shown = media.shown(whole.embed, found.repo)
        named = plain.mentioned(record.text, facets)
        reply = record.reply
        own = found.repo == self.own
        for item in shown.media:
            if item.preview_url:
                self.directory.name(item.preview_url)
        root = Seen(whole.cid, reply.root.uri, reply.root.cid) if reply is not None else Seen(whole.cid)
        self.directory.keep(uri, root)
        created = micros(record.created_at)
        return IncomingMessage(
            remote_id=uri,
            kind=Kind.POST if own or not self._is_for_us(record, named, shown.quotes) else Kind.MENTION,
            author=whole.author,
            text=_text(record.text, facets, shown),
            created_at=min(created, whole.seen_at) if created and whole.seen_at else created or whole.seen_at,
            reply_to=reply.parent.uri if reply is not None else "",
            address=web_address(uri),
            language=one_line(record.langs[0], 35) if record.langs else "",
            edited_at=whole.edited_at,
            own=own,
            marks=self._marks(uri, whole),
            media=shown.media,
            mentions=tuple(handle for did, handle in named.items() if handle and did != self.own),
        )

    def _is_for_us(self, record: entities.PostRecord, named: dict[str, str], quotes: str) -> bool:
        """Whether a post mentions us, answers in our thread, or quotes us: the same from every source."""
        if self.own in named or (quotes and repo(quotes) == self.own):
            return True
        reply = record.reply
        return reply is not None and self.own in (repo(reply.parent.uri), repo(reply.root.uri))

    def _marks(self, uri: str, whole: Whole) -> tuple[Mark, ...]:
        said: tuple[entities.Label, ...] = ()
        if entities.given(whole.record.labels):
            try:
                said = _self_labels.decode(whole.record.labels).values[:100]
            except UNREADABLE:
                said = ()
        found = list(labels.marks(labels.values(whole.labels[:100], said)))
        viewer = whole.viewer
        if viewer is not None:
            found += [Mark.FAVOURITED] if viewer.like else []
            found += [Mark.BOOSTED] if viewer.repost else []
        if uri in self.directory.hidden and Mark.HIDDEN not in found:
            found.append(Mark.HIDDEN)
        return tuple(found)

    def hidden_marked(self, message: IncomingMessage) -> IncomingMessage:
        """The message with the mark of an answer that we have hidden."""
        if message.remote_id not in self.directory.hidden or Mark.HIDDEN in message.marks:
            return message
        return msgspec.structs.replace(message, marks=(*message.marks, Mark.HIDDEN))

    def feed_item(self, data: bytes | msgspec.Raw) -> IncomingMessage:
        """The message of a feedViewPost: the post, or whoever reposted it; raises one of UNREADABLE."""
        item = _feed_item.decode(data)
        inner = self.view(item.post)
        reason = item.reason
        if reason is None or reason.by is None or not reason.type.endswith("#reasonRepost"):
            return inner
        author = self.author(reason.by)
        # Older servers do not tell the repost's own address; one account can repost a post only once.
        uri = reason.uri if place(reason.uri) else f"{inner.remote_id}#{author.remote_id}"
        return self.boost(inner, uri, author, micros(reason.indexed_at) or inner.created_at)

    def boost(self, inner: IncomingMessage, uri: str, author: Author, at: Micros) -> IncomingMessage:
        """A repost of a post."""
        seen = self.directory.post(inner.remote_id) or Seen("")
        self.directory.keep(uri, msgspec.structs.replace(seen, original=inner.remote_id))
        return msgspec.structs.replace(
            inner,
            remote_id=uri,
            kind=Kind.BOOST,
            author=author,
            created_at=at,
            own=author.remote_id == self.own,
            subject=inner.remote_id,
        )

    def notification(self, data: bytes | msgspec.Raw) -> tuple[str, IncomingMessage | None]:
        """The reason of a notification, and the message of one that is for us; raises one of UNREADABLE."""
        found = _notification.decode(data)
        if found.reason not in FOR_US or not entities.given(found.record):
            return found.reason, None
        record = _record.decode(found.record)
        author = self.author(found.author)
        seen_at = micros(found.indexed_at)
        whole = Whole(found.uri, record, author, found.cid, record.embed, seen_at, found.labels or ())
        # The network says that it is for us, also of an answer deep in a thread.
        return found.reason, msgspec.structs.replace(self.message(whole), kind=Kind.MENTION)


def _text(said: str, facets: tuple[entities.Facet, ...], shown: media.Shown) -> str:
    text = plain.to_text(said, facets)
    title, address = shown.card
    card = ""
    if address and address not in text:
        card = f"{title} ({address})" if title else address
    elif title and title not in text:
        card = title
    return plain.joined(text, card, shown.quote)


def sort_key(data: bytes | msgspec.Raw) -> tuple[str, Micros]:
    """What a feed's item is recognised by, and its place in the feed; raises one of UNREADABLE."""
    found = _place_in_feed.decode(data)
    if entities.given(found.event):
        return f"event|{found.id}", micros(found.created_at)
    if found.post is None:
        return f"{found.uri}|{found.reason or ''}", micros(found.indexed_at)
    by = ""
    at = found.post.indexed_at
    if isinstance(found.reason, dict):
        who = found.reason.get("by")
        by = str(who.get("did", "")) if isinstance(who, dict) else ""
        at = str(found.reason.get("indexedAt", "")) if by else at
    return f"{found.post.uri}|{by}", micros(at)


class _Where(entities.Entity, frozen=True):
    uri: str = ""
    indexed_at: str = ""


class _PlaceInFeed(entities.Entity, frozen=True):
    uri: str = ""
    indexed_at: str = ""
    reason: str | dict[str, object] | None = None
    post: _Where | None = None
    event: msgspec.Raw = entities.ABSENT
    id: int | str = 0
    created_at: str = ""


_place_in_feed = msgspec.json.Decoder(_PlaceInFeed)


def page(body: bytes, where: str) -> tuple[tuple[msgspec.Raw, ...], str]:
    """The items of a page, not decoded, and where the next one begins; ProtocolChangedError if it is no page."""
    try:
        found = _page.decode(body)
    except UNREADABLE:
        raise ProtocolChangedError(where=where) from None
    items = found.items
    if items is None:
        raise ProtocolChangedError(where=where)
    return items, found.cursor or ""


def reject(data: bytes | msgspec.Raw, where: str) -> Reject:
    """The ledger's entry for an item that cannot be read, with its address if that much can be read."""
    found = URI.search(bytes(data[:4_000]) if isinstance(data, bytes) else bytes(data)[:4_000])
    return Reject(ProtocolChangedError.code, where, len(bytes(data)), found[1].decode() if found else "")


def decoded_record(data: bytes | msgspec.Raw) -> entities.PostRecord:
    """A post's record; raises one of UNREADABLE."""
    return _record.decode(data)


def original(directory: Directory, remote_id: str) -> str:
    """The post that a message is about: of a repost what it reposts, else itself; GoneError where it is no record."""
    seen = directory.post(remote_id)
    if seen is not None and seen.original:
        return seen.original
    if "#" in remote_id:
        return remote_id.partition("#")[0]
    return known_place(remote_id).uri
