"""One feed as the desk sees it: joins the pure parts to the transport."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from urllib.parse import urlsplit

import msgspec

from workstation.connectors.base import FILE_CAP, Opened, Report, Sent
from workstation.connectors.feed import capabilities
from workstation.connectors.feed.hosts import Hosts
from workstation.connectors.feed.messages import author_of, message
from workstation.connectors.feed.position import restored, sorted_out
from workstation.connectors.feed.reading import ITEMS, MOST, Document, Reading, discover, read
from workstation.connectors.feed.session import Session, feed_address
from workstation.domain.channels import Account, ChannelConfig, Length, LengthUnit
from workstation.domain.errors import InvalidError, PermissionDeniedError, UnsupportedError
from workstation.domain.messages import Batch, Cursor, Micros
from workstation.domain.outbox import Operation
from workstation.domain.text import N_, lazy
from workstation.net.asking import Clock, utc_now
from workstation.net.client import Client, Response
from workstation.net.plain import one_line

NOT_NAMED = N_("no item here names this address")
NO_PICTURE = N_("it is no picture")
FASTEST = 0.05
FORMS = {"feed": "Atom", "atom:feed": "Atom", "json": "JSON Feed", "rdf:rdf": "RSS 1.0", "rdf": "RSS 1.0"}
ADDRESSES_KEPT = 5_000


class FeedChannel:
    """See `connectors.base.Channel`."""

    def __init__(self, config: ChannelConfig, client: Client, hosts: Hosts, now: Clock = utc_now) -> None:
        self._config = config
        self._site = feed_address(config.server)
        insecure = config.is_on("insecure")
        self._session = Session(self._site, client, hosts, now, insecure=insecure)
        self._now = now
        self._named: dict[str, None] = {}
        self._last: Document | None = None
        self._fresh: Document | None = None
        self._opened: Opened | None = None

    async def open(self) -> Opened:
        """See Channel. There is nobody to sign in; what was found once is not looked for again."""
        if self._opened is None:
            self._fresh = self._last = found = await discover(self._session, self._site)
            host = urlsplit(found.url).hostname or ""
            title = found.feed.title or host
            form = FORMS.get(found.feed.form, "RSS")
            self._opened = Opened(
                Account(host, one_line(title, 80), one_line(title, 80), found.feed.link),
                capabilities.capabilities(f"{form}: {found.url}"),
                (ITEMS,),
                {ITEMS: title},
            )
        return self._opened

    async def events(self, cursors: Mapping[str, Cursor], report: Report) -> AsyncIterator[Batch]:
        """See Channel."""
        position = restored(cursors.get(ITEMS))
        site = self._last.url if self._last is not None else self._site
        fresh, self._fresh = self._fresh, None
        reading = Reading(self._session, site, self._config.id, _seconds(self._config.settings), self._note, self._now)
        async with aclosing(reading.run(position, fresh, report)) as batches:
            async for batch in batches:
                yield batch

    def _note(self, document: Document) -> None:
        """Remember the latest state, and which addresses were named by it."""
        self._last = document
        for entry in document.feed.entries:
            for media in entry.media:
                self._named[media.url] = None
        while len(self._named) > ADDRESSES_KEPT:
            del self._named[next(iter(self._named))]

    async def send(self, operation: Operation) -> Sent:
        """See Channel: a feed is only read."""
        raise UnsupportedError

    async def find_sent(self, operation: Operation, since: Micros) -> Sent | None:
        """See Channel."""
        return None

    async def thread(self, remote_id: str) -> Batch:
        """See Channel: items stand alone."""
        return Batch("thread")

    async def history(self, account: str) -> Batch:
        """See Channel: what the feed has of an author now."""
        if self._last is None:
            return Batch("history")
        document = self._last
        wanted = [
            each
            for each in sorted_out(document.feed.entries, {})
            if each.entry.readable and author_of(each.entry.author, document.feed, document.url).remote_id == account
        ]
        found = tuple(message(each, document.feed, document.url, self._now()) for each in reversed(wanted))
        return Batch("history", found, history=True)

    async def refresh(self, remote_ids: tuple[str, ...]) -> Batch:
        """See Channel: those of them that the feed still has; to have fallen off is not to be deleted."""
        if self._last is None:
            return Batch("refresh")
        response = await self._session.look(self._last.url)
        document = await read(response)
        self._note(msgspec.structs.replace(document, url=self._last.url))
        wanted = set(remote_ids)
        now = self._now()
        found = tuple(
            msgspec.structs.replace(message(each, document.feed, self._last.url, now), edited_at=now)
            for each in sorted_out(document.feed.entries, {})
            if each.remote_id in wanted and each.entry.readable
        )
        return Batch("refresh", found)

    async def media(self, url: str) -> bytes:
        """See Channel: only addresses that were named, only pictures, nothing from private networks."""
        response = await self._named_file(url, "image/*", 4 << 20)
        kind = response.header("content-type").lower().partition(";")[0].strip()
        if not kind.startswith("image/") or kind == "image/svg+xml":  # SVG is a program, not a picture
            raise InvalidError(why=lazy(NO_PICTURE))
        return response.body

    async def file(self, url: str) -> bytes:
        """See HandsOverFiles."""
        return (await self._named_file(url, "*/*", FILE_CAP)).body

    async def _named_file(self, url: str, accept: str, cap: int) -> Response:
        if url not in self._named:
            raise PermissionDeniedError(why=lazy(NOT_NAMED))
        request = self._session.request(url, accept)
        return await self._session.file(msgspec.structs.replace(request, cap=cap, total=300.0))

    def measure(self, operation: Operation) -> Length:
        """See Channel."""
        return Length(len(operation.text), 0, LengthUnit.CHARACTERS)

    async def close(self) -> None:
        """See Channel."""
        self._session.close()

    def __repr__(self) -> str:
        return f"FeedChannel({self._config.id})"


def _seconds(settings: Mapping[str, str]) -> float | None:
    """The pace that somebody chose on purpose."""
    given = settings.get("poll_seconds", "")
    return min(max(float(given), FASTEST), MOST) if given.isdecimal() else None
