"""Catching up by REST: what is newer than a position, oldest page first, until a page is empty."""

import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import msgspec

from workstation.connectors.mastodon import parse
from workstation.connectors.mastodon.parse import UNREADABLE, Parser
from workstation.connectors.mastodon.requests import part
from workstation.connectors.mastodon.session import Session
from workstation.connectors.mastodon.sources import RANDOM_ID, Feed, Shape, order
from workstation.domain.errors import GoneError, ProtocolChangedError
from workstation.domain.messages import Batch, IncomingMessage, Reject, Visibility
from workstation.net.client import Response, links
from workstation.net.errors import TooLargeError
from workstation.net.limits import Lane

FIRST_ID = re.compile(rb'^\s*\[\s*\{\s*"id"\s*:\s*"?([0-9A-Za-z_-]{1,64})')

BEFORE_ALL = "0"
"""An id that is older than all others, in every form of ids."""

MOST_BACK = 25
"""Pages that are read back for a position that is not found."""

STATUSES = Feed("direct", "", "")
"""Posts of conversations, one by one."""

Params = tuple[tuple[str, str], ...]


class Page(msgspec.Struct, frozen=True):
    """One page of a feed: what it brought, the newest and oldest position on it (empty where none), items on it."""

    batches: tuple[Batch, ...] = ()
    newest: str = ""
    oldest: str = ""
    count: int = 0
    limit: int = 0
    """Items that were asked for, fewer than wished where a page was too large."""
    fault: ProtocolChangedError | None = None
    """The answer was no page; what could be saved of it is in the batches, and reading cannot go on."""
    ids: frozenset[str] = frozenset()


class Pages:
    """Reads the pages of an account's feeds. `direct`: private mentions belong to the source of that name."""

    def __init__(self, session: Session, parser: Parser, *, direct: bool, forward: bool) -> None:
        self._session = session
        self._parser = parser
        self._direct = direct
        self._forward = forward

    async def latest(self, feed: Feed, lane: Lane = Lane.CATCH_UP) -> Page:
        """One page of the latest items: where a feed begins. In smaller parts where a single item is too large."""
        first = page = await self._page(feed, (), feed.limit, lane)
        batches, count = page.batches, page.count
        while page.limit < feed.limit and page.count and page.oldest and not page.fault and count < feed.limit:
            older = await self._page(feed, (("max_id", page.oldest),), feed.limit - count, lane)
            if not _is_older(older.oldest, page.oldest):
                break
            page, batches, count = older, (*older.batches, *batches), count + older.count
        newest = "" if page.fault else first.newest
        return Page(batches, newest, page.oldest, count, feed.limit, page.fault)

    async def everything(self, feed: Feed, lane: Lane = Lane.CATCH_UP) -> AsyncIterator[Page]:
        """All of a feed that was empty when it was begun. Where the server pages backward only, the last page carries
        the position: until it is in, a break would skip what is still missing.
        """
        if self._forward:
            async for page in self.newer(feed, BEFORE_ALL, lane):
                yield page
            return
        page = await self._page(feed, (), feed.limit, lane)
        newest = page.newest
        while page.count:
            older = await self._page(feed, (("max_id", page.oldest),), feed.limit, lane) if page.oldest else Page()
            more = bool(older.count) and not older.fault and _is_older(older.oldest, page.oldest)
            yield msgspec.structs.replace(page, newest="" if more else newest)
            if not more:
                return
            page = older

    async def before(self, feed: Feed, position: str, lane: Lane) -> Page:
        """The page that is older than a position; the newest one where that is empty."""
        return await self._page(feed, (("max_id", position),) if position else (), feed.limit, lane)

    async def newer(self, feed: Feed, position: str, lane: Lane = Lane.CATCH_UP) -> AsyncIterator[Page]:
        """Pages of what is newer than a position, oldest first, so that a break between them loses nothing."""
        if RANDOM_ID.fullmatch(position):
            async for page in self._back_to(feed, position, lane):
                yield page
            return
        while True:
            page = await self._page(feed, (("min_id", position),), feed.limit, lane)
            if page.fault is not None:
                yield msgspec.structs.replace(page, newest="")
                return
            if not page.count:
                return
            if not self._forward:
                async for older in self._between(feed, position, page, lane):
                    yield older
            if feed.shape is Shape.CONVERSATION:
                yield await self._filled(page, position, lane)
            yield page
            if order(page.newest) <= order(position):
                return  # a server that does not know min_id gives the same again and again
            position = page.newest

    async def _back_to(self, feed: Feed, position: str, lane: Lane) -> AsyncIterator[Page]:
        """From the newest page back to the one with the position, of a server whose ids do not tell their order.

        The position may be deleted, so this ends after some pages. Only the last one carries the new position.
        """
        page = await self._page(feed, (), feed.limit, lane)
        newest = page.newest
        for _ in range(MOST_BACK):
            older = Page()
            if page.count and page.oldest and position not in page.ids and not page.fault:
                older = await self._page(feed, (("max_id", page.oldest),), feed.limit, lane)
            more = bool(older.count) and not older.fault and older.oldest not in (page.oldest, "")
            if page.count:
                yield msgspec.structs.replace(page, newest="" if more or page.fault else newest)
            if not more:
                return
            page = older
        yield msgspec.structs.replace(page, newest=newest)

    async def _between(self, feed: Feed, position: str, page: Page, lane: Lane) -> AsyncIterator[Page]:
        """What is left out by a server that answers `min_id` with the newest page; one empty page where it does not.

        These pages carry no position: until the newest page is in, a break would skip what is still missing.
        """
        oldest = page.oldest
        while oldest and order(oldest) > order(position):
            older = await self._page(feed, (("since_id", position), ("max_id", oldest)), feed.limit, lane)
            if not older.count or older.fault or order(older.oldest) >= order(oldest):
                return
            yield msgspec.structs.replace(older, newest="")
            oldest = older.oldest

    async def _filled(self, page: Page, position: str, lane: Lane) -> Page:
        """A list of conversations shows the last message of each: what came before it since `position`."""
        batches: list[Batch] = []
        for last in [message for batch in page.batches for message in batch.messages]:
            if not last.reply_to or order(last.reply_to) <= order(position):
                continue
            try:
                response = await self._session.get(f"/api/v1/statuses/{part(last.remote_id)}/context", lane=lane)
            except GoneError:
                continue
            around = parse.context(response.body).ancestors
            missing = [raw for raw in reversed(around) if order(parse.item_id(raw)) > order(position)]
            batches += map(_private, self._decoded(STATUSES, missing, "").batches)
        return Page(tuple(batches))

    async def _page(self, feed: Feed, params: Params, limit: int, lane: Lane) -> Page:
        """One page; where it is over the cap, a smaller one, down to the single item that is too large."""
        asked = (*feed.params, *params, ("limit", str(limit)))
        try:
            response = await self._session.get(feed.path, asked, lane)
        except TooLargeError as error:
            if limit > 1:
                return await self._page(feed, params, limit // 2 if limit > 4 else 1, lane)
            return self._oversized(feed, error)
        return msgspec.structs.replace(self._read(feed, response), limit=limit)

    def _oversized(self, feed: Feed, error: TooLargeError) -> Page:
        found = FIRST_ID.search(error.head)
        number = found[1].decode() if found else ""
        reject = Reject(error.code, f"{feed.shape}:too large", len(error.head), number)
        return Page((Batch(feed.source, rejects=(reject,)),), number, number, 1, 1)

    def _read(self, feed: Feed, response: Response) -> Page:
        try:
            raws = parse.items(response.body, feed.path)
        except ProtocolChangedError as error:
            items, whole = parse.split(response.body)
            saved = [msgspec.Raw(item) for item in items]
            if whole:  # nested too deep for the decoder, which the item that is will show by itself
                return self._decoded(feed, saved, _linked(response))
            page = self._decoded(feed, saved, "")
            broken = Batch(feed.source, rejects=(parse.reject(response.body, f"{feed.shape}:page"),))
            return msgspec.structs.replace(page, batches=(*page.batches, broken), fault=error)
        return self._decoded(feed, raws, _linked(response))

    def _decoded(self, feed: Feed, raws: list[msgspec.Raw], linked: str) -> Page:
        if not raws:
            return Page()
        messages: list[IncomingMessage] = []
        rejects: list[Reject] = []
        positions: list[str] = []
        filtered = 0
        # A page is newest first; messages are stored oldest first, as a stream would bring them.
        for raw in reversed(raws):
            try:
                position, message = self._item(feed, raw)
            except UNREADABLE:
                rejects.append(parse.reject(raw, feed.shape.value))
                position, message = rejects[-1].remote_id, None
            else:
                if message is None:
                    filtered += 1
                else:
                    messages.append(message)
            if position:
                positions.append(position)
        if any(map(RANDOM_ID.fullmatch, positions)):
            newest, oldest = positions[-1], positions[0]
        else:
            newest = linked or max(positions, key=order, default="")
            oldest = min(positions, key=order, default="")
        batches = self._split(feed, messages, rejects, filtered)
        return Page(batches, newest, oldest, len(raws), ids=frozenset(positions))

    def _item(self, feed: Feed, raw: msgspec.Raw) -> tuple[str, IncomingMessage | None]:
        match feed.shape:
            case Shape.STATUS:
                message = self._parser.status(raw)
                return message.remote_id, message
            case Shape.NOTIFICATION:
                noted = self._parser.notification(raw)
                return noted.id, noted.message
            case Shape.CONVERSATION:
                found = self._parser.conversation(raw)
                return (found.remote_id if found else ""), found
            case Shape.REPORT:
                report = self._parser.report(raw)
                return report.remote_id.removeprefix(parse.REPORT), report

    def _split(
        self, feed: Feed, messages: list[IncomingMessage], rejects: list[Reject], filtered: int
    ) -> tuple[Batch, ...]:
        """Private mentions go to the source `direct` where it is read; the feed's own batch comes last."""
        if feed.shape is not Shape.NOTIFICATION:
            return (Batch(feed.source, tuple(messages), (), tuple(rejects), filtered),)
        private = tuple(message for message in messages if message.visibility is Visibility.DIRECT)
        public = tuple(message for message in messages if message.visibility is not Visibility.DIRECT)
        if feed.source == "direct":
            return (Batch("direct", private, (), tuple(rejects), filtered + len(public)),)
        rest = Batch(feed.source, public, (), tuple(rejects), filtered)
        if not self._direct:
            return (msgspec.structs.replace(rest, messages=tuple(messages)),)
        return (Batch("direct", private), rest) if private else (rest,)


def _is_older(position: str, than: str) -> bool:
    if RANDOM_ID.fullmatch(than):
        return position not in ("", than)
    return bool(position) and order(position) < order(than)


def _private(batch: Batch) -> Batch:
    """A private conversation may have begun in public; that part has its own sources."""
    kept = tuple(message for message in batch.messages if message.visibility is Visibility.DIRECT)
    dropped = len(batch.messages) - len(kept)
    return msgspec.structs.replace(batch, messages=kept, filtered=batch.filtered + dropped)


def _linked(response: Response) -> str:
    """The position that the server itself names for going on (`Link: rel="prev"`)."""
    address = links(response.header("link")).get("prev", "")
    found = parse_qs(urlsplit(address).query).get("min_id", []) if address else []
    return found[0][:200] if found else ""
