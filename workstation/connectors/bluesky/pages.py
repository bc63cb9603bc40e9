"""Pages of the account's lists: read, decoded item by item, completed with what only a view tells."""

from collections.abc import Iterable, Sequence

import msgspec

from workstation.connectors.bluesky import parse, salvage, xrpc
from workstation.connectors.bluesky.entities import PostView, Profiles, Records
from workstation.connectors.bluesky.media import UNREADABLE
from workstation.connectors.bluesky.parse import Parser
from workstation.connectors.bluesky.queue import Queue
from workstation.connectors.bluesky.session import Session
from workstation.connectors.bluesky.sources import Feed, Shape, digest
from workstation.domain.errors import ProtocolChangedError
from workstation.domain.messages import IncomingMessage, Kind, Micros, Reject
from workstation.net.client import ANSWER_CAP
from workstation.net.errors import TooLargeError
from workstation.net.limits import Lane

LARGE = 64 << 20
"""Bytes of a page with few items, one of which is very large: its text is cut, its neighbours are kept."""
FEW = 5
AT_ONCE = 25
"""Posts or profiles that one question may name."""

Raw = msgspec.Raw
_view = msgspec.json.Decoder(PostView)


class Item(msgspec.Struct, frozen=True):
    """An item of a page as it came, and its place in the list."""

    raw: Raw
    name: str
    at: Micros


class Page(msgspec.Struct, frozen=True):
    """Items newest first; `cursor` is empty at the end of the list."""

    items: tuple[Item, ...] = ()
    cursor: str = ""


class Read(msgspec.Struct, frozen=True):
    """What items became."""

    messages: tuple[IncomingMessage, ...] = ()
    rejects: tuple[Reject, ...] = ()
    filtered: int = 0


class Pages:
    """Reads lists of one account. `queue` is None where it is no moderator."""

    def __init__(self, session: Session, parser: Parser, queue: Queue | None) -> None:
        self._session = session
        self._parser = parser
        self._queue = queue

    async def page(self, feed: Feed, cursor: str, lane: Lane, limit: int = 0) -> Page:
        """One page; where it is over the cap a smaller one, down to few items that may be large."""
        limit = limit or feed.limit
        params = (*feed.params, ("limit", str(limit)), *((("cursor", cursor),) if cursor else ()))
        proxy = self._queue.proxy if self._queue is not None and feed.shape is Shape.REPORT else ""
        try:
            cap = LARGE if limit <= FEW else ANSWER_CAP
            response = await self._session.query(feed.nsid, params, lane, proxy=proxy, cap=cap)
        except TooLargeError:
            if limit <= 1:
                raise
            return await self.page(feed, cursor, lane, max(1, limit // 4))
        raws, onward = _split(response.body, feed.nsid)
        items = tuple(map(_item, raws))
        # Some servers name a next page for ever; one without items is the end.
        return Page(items, onward if items and onward != cursor else "")

    async def read(self, feed: Feed, items: Sequence[Item], lane: Lane) -> Read:
        """The messages of these items, oldest first."""
        raws = [item.raw for item in reversed(items)]
        match feed.shape:
            case Shape.NOTIFICATION:
                return await self._notifications(raws, lane)
            case Shape.REPORT if self._queue is not None:
                return Read(*await self._queue.read(raws, lane))
            case _:
                decode = self._parser.feed_item if feed.shape is Shape.FEED else self._parser.post
                messages: list[IncomingMessage] = []
                rejects: list[Reject] = []
                for raw in raws:
                    try:
                        messages.append(decode(raw))
                    except UNREADABLE:
                        rejects.append(parse.reject(raw, feed.shape.value))
                return Read(tuple(messages), tuple(rejects))

    async def _notifications(self, raws: Iterable[Raw], lane: Lane) -> Read:
        """Mentions, replies and quotes; one post can be all of these at once, each counts."""
        found: dict[str, IncomingMessage] = {}
        rejects: list[Reject] = []
        filtered = 0
        for raw in raws:
            try:
                _, message = self._parser.notification(raw)
            except UNREADABLE:
                rejects.append(parse.reject(raw, Shape.NOTIFICATION.value))
                continue
            if message is None or message.remote_id in found:
                filtered += 1
            else:
                found[message.remote_id] = message
        shown = await self._views(tuple(found), lane)
        whole = tuple(self._whole(message, shown.get(uri)) for uri, message in found.items())
        return Read(whole, tuple(rejects), filtered)

    async def _views(self, uris: tuple[str, ...], lane: Lane) -> dict[str, IncomingMessage]:
        """Posts as views show them: pictures, quotes, labels and our own reactions, which a notification lacks."""
        found: dict[str, IncomingMessage] = {}
        for message in (await self.posts(uris, lane)).messages:
            found[message.remote_id] = message
        return found

    @staticmethod
    def _whole(noted: IncomingMessage, shown: IncomingMessage | None) -> IncomingMessage:
        """The view, or the notification's own record where it is gone already, or not there yet."""
        return noted if shown is None else msgspec.structs.replace(shown, kind=Kind.MENTION)

    async def posts(self, uris: Sequence[str], lane: Lane) -> Read:
        """Posts by address; those that the network does not show are missing."""
        messages: list[IncomingMessage] = []
        rejects: list[Reject] = []
        for start in range(0, len(uris), AT_ONCE):
            for raw in await self._shown(uris[start : start + AT_ONCE], lane):
                try:
                    messages.append(self._parser.post(raw))
                except UNREADABLE:
                    rejects.append(parse.reject(raw, Shape.POST.value))
        return Read(tuple(messages), tuple(rejects))

    async def _shown(self, uris: Sequence[str], lane: Lane) -> tuple[Raw, ...]:
        """Views of these; where they are over the cap together, in two halves, down to one that may be large."""
        params = tuple(("uris", uri) for uri in uris)
        try:
            cap = LARGE if len(uris) == 1 else ANSWER_CAP
            response = await self._session.query("app.bsky.feed.getPosts", params, lane, cap=cap)
        except TooLargeError:
            if len(uris) == 1:
                raise
            half = len(uris) // 2
            return (*await self._shown(uris[:half], lane), *await self._shown(uris[half:], lane))
        return _split(response.body, "getPosts")[0]

    async def view(self, uri: str, lane: Lane) -> PostView | None:
        """One post as the network shows it to us, or None; ProtocolChangedError."""
        response = await self._session.query("app.bsky.feed.getPosts", (("uris", uri),), lane)
        raws, _ = parse.page(response.body, "getPosts")
        for raw in raws:
            try:
                found = _view.decode(raw)
                self._parser.view(found)  # so that what an answer must name is known
            except UNREADABLE:
                raise ProtocolChangedError(where="getPosts") from None
            return found
        return None

    async def profiles(self, dids: Sequence[str], lane: Lane) -> None:
        """Learn who these are; those that cannot be found stay unknown."""
        for start in range(0, len(dids), AT_ONCE):
            params = tuple(("actors", did) for did in dids[start : start + AT_ONCE])
            response = await self._session.query("app.bsky.actor.getProfiles", params, lane)
            for raw in xrpc.decoded(response, Profiles, "getProfiles").profiles:
                try:
                    self._parser.profile(raw)
                except UNREADABLE:
                    continue

    async def records(self, repo: str, collection: str, cursor: str = "", lane: Lane = Lane.WRITE) -> Records:
        """A page of a collection, newest keys first."""
        params = (("repo", repo), ("collection", collection), ("limit", "100"))
        onward = (("cursor", cursor),) if cursor else ()
        response = await self._session.query("com.atproto.repo.listRecords", (*params, *onward), lane)
        return xrpc.decoded(response, Records, "listRecords")


def _split(body: bytes, where: str) -> tuple[tuple[Raw, ...], str]:
    """The items of a page and where the next one begins, also of one that nests too deep; ProtocolChangedError."""
    try:
        return parse.page(body, where)
    except ProtocolChangedError:
        saved = salvage.items(body)
        if saved is None:
            raise
        return tuple(map(Raw, saved[0])), saved[1]


def _item(raw: Raw) -> Item:
    try:
        name, at = parse.sort_key(raw)
    except UNREADABLE:
        # Counts in it change with every look; its address does not.
        known = parse.reject(raw, "").remote_id or digest(bytes(raw).decode("utf-8", "replace"))
        return Item(raw, f"?{known}", 0)
    return Item(raw, name, at)
