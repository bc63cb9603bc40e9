"""Looking again: the thread around a post, an author's posts, single posts as they are now, thumbnails."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from workstation.connectors.bluesky import parse, xrpc
from workstation.connectors.bluesky.addresses import POST, REPORT, REPOST, known_place, place
from workstation.connectors.bluesky.entities import Record, SubjectRecord, Thread, ThreadNode, given
from workstation.connectors.bluesky.media import CDN, UNREADABLE
from workstation.connectors.bluesky.outbound import Outbound
from workstation.connectors.bluesky.pages import Pages
from workstation.connectors.bluesky.parse import Parser, Whole
from workstation.connectors.bluesky.queue import Queue
from workstation.connectors.bluesky.session import Session
from workstation.connectors.bluesky.sources import Feed
from workstation.domain.errors import GoneError, InvalidError, PermissionDeniedError, UnsupportedError
from workstation.domain.messages import Batch, Deletion, IncomingMessage, Kind, Reject
from workstation.domain.text import N_
from workstation.net import answers
from workstation.net.client import Client, Request, origin
from workstation.net.limits import Lane

THREAD, HISTORY, REFRESH = "thread", "history", "refresh"
DEPTH, ABOVE = "6", "80"
NODES = 2_000
"""Posts of a thread that are read."""
NO_PICTURE = N_("it is no picture")
NOT_NAMED = N_("no message of this channel names this address")

_subject = msgspec.json.Decoder(SubjectRecord)


class Views:
    """Reads of one account that no list brings."""

    def __init__(
        self, session: Session, parser: Parser, pages: Pages, queue: Queue | None, outbound: Outbound, client: Client
    ) -> None:
        self._session = session
        self._parser = parser
        self._pages = pages
        self._queue = queue
        self._outbound = outbound
        self._client = client

    async def thread(self, remote_id: str) -> Batch:
        """See Channel.thread."""
        if remote_id.startswith(REPORT):
            return msgspec.structs.replace(await self.refresh((remote_id,)), source=THREAD)
        uri = parse.original(self._parser.directory, remote_id)
        params = (("uri", uri), ("depth", DEPTH), ("parentHeight", ABOVE))
        try:
            response = await self._session.query("app.bsky.feed.getPostThread", params)
        except GoneError:
            return msgspec.structs.replace(await self.refresh((remote_id,)), source=THREAD)
        return self._read(xrpc.decoded(response, Thread, "getPostThread").thread)

    def _read(self, thread: ThreadNode) -> Batch:
        messages: list[IncomingMessage] = []
        deletions: list[Deletion] = []
        rejects: list[Reject] = []
        filtered = 0
        for node in _nodes(thread):
            if given(node.post):
                try:
                    messages.append(self._parser.post(node.post))
                except UNREADABLE:
                    rejects.append(parse.reject(node.post, THREAD))
            elif (node.not_found or node.type.endswith("#notFoundPost")) and place(node.uri):
                deletions.append(Deletion(node.uri, self._session.now()))
            else:
                filtered += 1  # by somebody who has blocked us, or whom we have
        # The gate of a thread comes with its first post; answers that were read before it may be hidden by it.
        hidden = self._parser.directory.hidden
        if hidden.intersection(message.remote_id for message in messages):
            return self._marked(Batch(THREAD, tuple(messages), tuple(deletions), tuple(rejects), filtered))
        return Batch(THREAD, tuple(messages), tuple(deletions), tuple(rejects), filtered)

    def _marked(self, batch: Batch) -> Batch:
        return msgspec.structs.replace(batch, messages=tuple(map(self._parser.hidden_marked, batch.messages)))

    async def history(self, account: str) -> Batch:
        """See Channel.history."""
        feed = Feed(HISTORY, "app.bsky.feed.getAuthorFeed", (("actor", account), ("filter", "posts_with_replies")))
        page = await self._pages.page(feed, "", Lane.CATCH_UP)
        read = await self._pages.read(feed, page.items, Lane.CATCH_UP)
        own = tuple(message for message in read.messages if message.kind is not Kind.BOOST)
        left = read.filtered + len(read.messages) - len(own)
        return Batch(HISTORY, own, (), read.rejects, left)

    async def refresh(self, remote_ids: tuple[str, ...]) -> Batch:
        """See Channel.refresh."""
        posts = [name for name in remote_ids if (found := place(name)) is not None and found.collection == POST]
        read = await self._pages.posts(posts, Lane.CATCH_UP)
        messages, rejects = list(read.messages), list(read.rejects)
        deletions: list[Deletion] = []
        told = {message.remote_id for message in messages} | {reject.remote_id for reject in rejects}
        for remote_id in remote_ids:
            if remote_id in told:
                continue
            try:
                others, bad = await self._one(remote_id)
                messages += others
                rejects += bad
            except GoneError:
                deletions.append(Deletion(remote_id, self._session.now()))
            except UNREADABLE:
                rejects.append(Reject("protocol_changed", REFRESH, remote_id=remote_id))
        return Batch(REFRESH, tuple(messages), tuple(deletions), tuple(rejects))

    async def _one(self, remote_id: str) -> tuple[tuple[IncomingMessage, ...], tuple[Reject, ...]]:
        """What no view shows: a report, a repost, or a post of somebody who has blocked us; GoneError."""
        if remote_id.startswith(REPORT):
            if self._queue is None:
                raise UnsupportedError
            messages, rejects, _ = await self._queue.report(remote_id, Lane.CATCH_UP)
            return messages, rejects
        if "#" in remote_id:  # a repost without an address of its own: it lives as long as its post
            return (), ()
        at = known_place(remote_id)
        record = await self._outbound.record(at)
        if record is None:
            raise GoneError
        return ((await self._repost(record) if at.collection == REPOST else await self._raw(record)),), ()

    async def _raw(self, record: Record) -> IncomingMessage:
        did = known_place(record.uri).repo
        if self._parser.directory.author(did) is None:
            await self._pages.profiles((did,), Lane.CATCH_UP)
        value = parse.decoded_record(record.value)
        return self._parser.message(
            Whole(record.uri, value, self._parser.stranger(did), record.cid, value.embed, self._session.now())
        )

    async def _repost(self, record: Record) -> IncomingMessage:
        found = _subject.decode(record.value)
        inner = (await self._pages.posts((found.subject.uri,), Lane.CATCH_UP)).messages
        if not inner:
            raise GoneError
        did = known_place(record.uri).repo
        if self._parser.directory.author(did) is None:
            await self._pages.profiles((did,), Lane.CATCH_UP)
        at = parse.micros(found.created_at) or inner[0].created_at
        return self._parser.boost(inner[0], record.uri, self._parser.stranger(did), at)

    async def media(self, url: str) -> bytes:
        """See Channel.media: only addresses that were named or are the network's own, only pictures."""
        if not self._parser.directory.names(url) and not url.startswith(f"{CDN}/"):
            raise PermissionDeniedError(why=NOT_NAMED)
        request = Request(
            url=url,
            headers=(("Accept", "image/*"),),
            redirects=3,
            public_only=True,
            home=origin(url) if self._is_at_home(url) else "",
            insecure=urlsplit(url).scheme == "http" and self._session.api.insecure,
        )
        response = await self._client.request(request)
        if not response.good:
            raise answers.failure(response, self._session.now(), write=False)
        kind = response.header("content-type").lower().partition(";")[0].strip()
        if not kind.startswith("image/") or kind == "image/svg+xml":  # SVG is a program, not a picture
            raise InvalidError(why=NO_PICTURE)
        return response.body

    def _is_at_home(self, url: str) -> bool:
        """Whether a picture lies on this machine, as our server does: there the network is a private one."""
        home, other = (urlsplit(origin(text)).hostname or "" for text in (self._session.api.base, url))
        local = {"localhost", "127.0.0.1", "::1"}
        return home == other or {home, other} <= local


def _nodes(thread: ThreadNode) -> Iterator[ThreadNode]:
    """The posts above, the post, and the answers below it, in an order in which each comes after what it answers."""
    above: list[ThreadNode] = []
    node: ThreadNode | None = thread
    while node is not None and len(above) < NODES:
        above.append(node)
        node = node.parent
    yield from reversed(above)
    below = list(thread.replies or ())[::-1]
    for _ in range(NODES):
        if not below:
            return
        found = below.pop()
        yield found
        below += (found.replies or ())[::-1]
