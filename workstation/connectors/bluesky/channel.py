"""One account as the desk sees it: joins the pure parts to the transport."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from urllib.parse import urlsplit

import msgspec

from workstation.connectors.base import Earlier, Opened, Renewed, Report, Sent
from workstation.connectors.bluesky import capabilities, jetstream, past, pictures, records, sources, xrpc
from workstation.connectors.bluesky.addresses import DID, profile_address
from workstation.connectors.bluesky.directory import Directory
from workstation.connectors.bluesky.entities import Titled
from workstation.connectors.bluesky.firehose import Firehose
from workstation.connectors.bluesky.jetstream import Wanted
from workstation.connectors.bluesky.measure import measure
from workstation.connectors.bluesky.media import UNREADABLE
from workstation.connectors.bluesky.moderation import Moderation
from workstation.connectors.bluesky.outbound import Outbound
from workstation.connectors.bluesky.ozone import OzoneConfig
from workstation.connectors.bluesky.pages import Pages
from workstation.connectors.bluesky.parse import Parser
from workstation.connectors.bluesky.queue import Queue
from workstation.connectors.bluesky.reading import Pace, Reading
from workstation.connectors.bluesky.session import Session, SignIn
from workstation.connectors.bluesky.views import Views
from workstation.domain.channels import Account, ChannelConfig, Length, is_on
from workstation.domain.errors import (
    AuthExpiredError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
    TransientError,
    UnsupportedError,
)
from workstation.domain.messages import Batch, Cursor, Micros
from workstation.domain.outbox import Operation
from workstation.domain.posts import PictureData
from workstation.net.addresses import is_loopback
from workstation.net.asking import Clock, utc_now
from workstation.net.client import Client
from workstation.net.plain import one_line

PATIENCE: Micros = 15_000_000
"""How long opening waits for a rate limit; beyond that people are told."""
LABELERS = 4
"""Moderation services that are asked whether they know us."""
LABELER = "#atproto_labeler"
ABSENT = (GoneError, InvalidError, PermissionDeniedError, ProtocolChangedError, UnsupportedError)
"""What servers answer where they do not have something or the account may not see it."""


class State(msgspec.Struct, frozen=True):
    """What opening found out."""

    parser: Parser
    pages: Pages
    queue: Queue | None
    outbound: Outbound
    views: Views
    opened: Opened


class BlueskyChannel:
    """See `connectors.base.Channel`."""

    def __init__(
        self, config: ChannelConfig, sign: SignIn, client: Client, now: Clock = utc_now, pace: Pace | None = None
    ) -> None:
        self._config = config
        self._client = client
        self._session = Session(sign, client, now)
        self._directory = Directory()
        self._stream = config.settings.get("jetstream", "").strip()
        sources.wanted(config.settings.get("sources", ""), jetstream=bool(self._stream), reports=False)
        self._wants = _wanted(config.settings) if self._stream else Wanted()
        self._insecure = config.is_on("insecure")
        if self._stream:
            jetstream.address(self._stream, 0, self._wants)
        self._pace = pace
        self._state: State | None = None

    def on_renewed(self, keep: Renewed) -> None:
        """See RenewsSecret; an app password is never renewed."""
        from workstation.connectors.bluesky.oauth import BrowserSignIn

        if isinstance(self._session.sign, BrowserSignIn):
            self._session.sign.on_renewed(keep)

    async def open(self) -> Opened:
        """See Channel."""
        self._session.patience = PATIENCE
        try:
            return await self._open()
        finally:
            self._session.patience = 0

    async def _open(self) -> Opened:
        session = self._session
        await session.sign.ready(session)
        did = session.did
        response = await session.query("app.bsky.actor.getProfile", (("actor", did),))
        parser = Parser(did, self._directory)
        try:
            author = parser.profile(response.body)
        except UNREADABLE:
            raise ProtocolChangedError(where="getProfile") from None
        queue = await self._queue(parser)
        wanted = sources.wanted(
            self._config.settings.get("sources", ""), jetstream=bool(self._stream), reports=queue is not None
        )
        if queue is None:  # named by the settings, but not for this account to see
            wanted = tuple(source for source in wanted if source != sources.REPORTS)
        pages = Pages(session, parser, queue)
        moderation = Moderation(session, parser, pages, queue)
        await moderation.learn_hidden()
        rights = capabilities.Rights(
            moderator=queue is not None,
            edits=self._config.is_on("edits"),
            jetstream=bool(self._stream),
        )
        opened = Opened(
            Account(did, author.handle, author.name, profile_address(did), author.avatar_url),
            capabilities.capabilities(rights, urlsplit(session.api.base).hostname or ""),
            wanted,
            await self._titles(wanted),
        )
        outbound = Outbound(session, parser, pages, moderation)
        views = Views(session, parser, pages, queue, outbound, self._client)
        self._state = State(parser, pages, queue, outbound, views, opened)
        return opened

    async def _queue(self, parser: Parser) -> Queue | None:
        """The moderation service that this account is a moderator of, if there is one."""
        named = bool(self._config.settings.get("labeler", "").strip())
        for did in await self._labelers():
            proxy = f"{did}{LABELER}"
            try:
                response = await self._session.query("tools.ozone.server.getConfig", proxy=proxy)
                viewer = xrpc.decoded(response, OzoneConfig, "getConfig").viewer
            except ABSENT:
                continue
            except TransientError:
                if named:
                    raise
                continue  # the account must not wait for a service that may be nobody's
            except AuthExpiredError:
                continue
            if viewer is not None and viewer.role:
                return Queue(self._session, parser, proxy)
        return None

    async def _labelers(self) -> list[str]:
        """The service that the settings name; else those that the network applies for us, and the account itself."""
        named = self._config.settings.get("labeler", "").strip().removesuffix(LABELER)
        if DID.fullmatch(named):
            return [named]
        params = (("actor", self._session.did), ("limit", "1"))
        try:
            response = await self._session.query("app.bsky.feed.getAuthorFeed", params)
        except ABSENT:
            return []
        applied = response.header("atproto-content-labelers")
        found = [self._session.did] if await self._is_labeler() else []
        found += [part.partition(";")[0].strip() for part in applied.split(",")]
        return [did for did in dict.fromkeys(found) if DID.fullmatch(did)][:LABELERS]

    async def _is_labeler(self) -> bool:
        params = (("dids", self._session.did),)
        try:
            response = await self._session.query("app.bsky.labeler.getServices", params)
        except ABSENT:
            return False
        return b'"uri"' in response.body

    async def _titles(self, wanted: tuple[str, ...]) -> dict[str, str]:
        """Names of lists and feeds; one that cannot be read has none."""
        found: dict[str, str] = {}
        for source in wanted:
            kind, _, argument = source.partition(":")
            if kind in {"search", "hashtag"}:
                found[source] = f"#{argument}" if kind == "hashtag" else f"“{argument}”"
                continue
            if kind not in {"list", "feed"}:
                continue
            nsid = "app.bsky.graph.getList" if kind == "list" else "app.bsky.feed.getFeedGenerator"
            try:
                params = ((kind, argument), *((("limit", "1"),) if kind == "list" else ()))
                response = await self._session.query(nsid, params)
                titled = xrpc.decoded(response, Titled, nsid)
            except ABSENT:
                continue
            named = titled.list or titled.view
            name = one_line(named.name or named.display_name) if named is not None else ""
            if name:
                found[source] = name
        return found

    def _opened(self) -> State:
        if self._state is None:
            raise RuntimeError("open the channel first")
        return self._state

    async def events(self, cursors: Mapping[str, Cursor], report: Report) -> AsyncIterator[Batch]:
        """See Channel."""
        state = self._opened()
        pace = self._pace or self._paced()
        feeds = [sources.feed(source, self._session.did) for source in state.opened.sources]
        firehose = None
        if self._stream:
            reader = jetstream.Reader(self._wants, state.parser)
            firehose = Firehose(
                self._client,
                self._stream,
                self._wants,
                reader,
                state.pages,
                self._session.now,
                insecure=self._insecure,
                reconnect=pace.reconnect,
            )
        reading = Reading(
            self._session, state.pages, state.views.refresh, state.queue, firehose, report, self._config.id, pace
        )
        followed = tuple(
            feed for feed in feeds if feed is not None and (state.queue is not None or feed.source != sources.REPORTS)
        )
        async with aclosing(reading.run(followed, cursors)) as batches:
            async for batch in batches:
                yield batch

    def _paced(self) -> Pace:
        text = self._config.settings.get("poll_seconds", "").strip()
        try:
            seconds = float(text) if text else 5.0
        except ValueError:
            seconds = 5.0
        # Our own machine may be asked as often as anybody likes.
        least = 0.1 if is_loopback(urlsplit(self._session.api.base).hostname or "") else 2.0
        seconds = min(max(seconds, least), 3_600.0)
        return Pace(notifications=seconds, lists=max(seconds, min(seconds * 6, 60.0)), reports=seconds * 4)

    async def earlier(self, source: str, position: str, oldest: str, until: Micros) -> Earlier:
        """See ReadsBack."""
        return await past.earlier(self._opened().pages, self._session.did, source, position, until)

    async def send(self, operation: Operation) -> Sent:
        """See Channel."""
        return await self._opened().outbound.send(operation)

    async def attach(self, picture: PictureData) -> str:
        """See TakesPictures."""
        return await pictures.attach(self._session, picture)

    async def find_sent(self, operation: Operation, since: Micros) -> Sent | None:
        """See Channel; the record's key tells, so it does not matter since when."""
        return await self._opened().outbound.find_sent(operation)

    async def thread(self, remote_id: str) -> Batch:
        """See Channel."""
        return await self._opened().views.thread(remote_id)

    async def history(self, account: str) -> Batch:
        """See Channel."""
        return await self._opened().views.history(account)

    async def refresh(self, remote_ids: tuple[str, ...]) -> Batch:
        """See Channel."""
        return await self._opened().views.refresh(remote_ids)

    async def media(self, url: str) -> bytes:
        """See Channel."""
        return await self._opened().views.media(url)

    def measure(self, operation: Operation) -> Length:
        """See Channel."""
        return measure(records.text(operation))

    async def close(self) -> None:
        """See Channel."""
        self._session.close()

    def __repr__(self) -> str:
        return f"BlueskyChannel({self._config.id})"


def _wanted(settings: Mapping[str, str]) -> Wanted:
    def listed(name: str) -> list[str]:
        return [item.strip() for item in settings.get(name, "").replace(";", ",").split(",") if item.strip()]

    replies = is_on(settings.get("jetstream_replies", "") or "1")
    return jetstream.wanted(
        listed("jetstream_words"),
        listed("jetstream_dids"),
        listed("jetstream_languages"),
        replies,
        listed("jetstream_collections"),
    )
