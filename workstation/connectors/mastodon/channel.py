"""One Mastodon account as the desk sees it: joins the pure parts to the transport."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import TypeVar

import msgspec

from workstation.connectors.base import Earlier, Opened, Report, Sent
from workstation.connectors.mastodon import answers, capabilities, parse, sources
from workstation.connectors.mastodon.acts import outgoing_text
from workstation.connectors.mastodon.directory import Directory
from workstation.connectors.mastodon.entities import Application, Credentials
from workstation.connectors.mastodon.events import Reader
from workstation.connectors.mastodon.instance import Server
from workstation.connectors.mastodon.measure import DEFAULT_LIMIT, measure
from workstation.connectors.mastodon.outbound import Outbound
from workstation.connectors.mastodon.pages import Pages
from workstation.connectors.mastodon.parse import Parser
from workstation.connectors.mastodon.past import PastReader
from workstation.connectors.mastodon.reading import Pace, Reading
from workstation.connectors.mastodon.reports import OpenReports
from workstation.connectors.mastodon.requests import Api, base_address, typed_path
from workstation.connectors.mastodon.session import ABSENT, Session
from workstation.connectors.mastodon.software import Software, detect
from workstation.connectors.mastodon.sources import Positions, Shape
from workstation.connectors.mastodon.streams import Streams
from workstation.connectors.mastodon.uploads import Uploads
from workstation.connectors.mastodon.views import Views
from workstation.domain.channels import Account, ChannelConfig, Length
from workstation.domain.errors import ProtocolChangedError, TransientError
from workstation.domain.messages import Batch, Cursor, Micros
from workstation.domain.outbox import Operation
from workstation.domain.posts import PictureData
from workstation.net.asking import Clock, utc_now
from workstation.net.client import Client, Response

PATIENCE: Micros = 15_000_000
"""How long opening waits for a rate limit; beyond that people are told."""


SLOW = 2.0
"""Seconds for a server's description that make it a slow one."""
AT_ONCE = 4
T = TypeVar("T")


class State(msgspec.Struct, frozen=True):
    """What opening found out."""

    server: Server
    software: Software
    parser: Parser
    outbound: Outbound
    views: Views
    opened: Opened
    conversations: bool
    handle: str


class MastodonChannel:
    """See `connectors.base.Channel`."""

    def __init__(
        self,
        config: ChannelConfig,
        secret: str,
        client: Client,
        now: Clock = utc_now,
        pace: Pace | None = None,
    ) -> None:
        insecure = config.is_on("insecure")
        sources.wanted(config.settings.get("sources", ""), reports=False)
        self._config = config
        api = Api(base_address(config.server), secret, insecure)
        self._client = client
        self._session = Session(api, client, now)
        self._directory = Directory()
        self._pace = pace or _pace(config.settings)
        self._state: State | None = None

    async def open(self) -> Opened:
        """See Channel."""
        self._session.patience = PATIENCE
        try:
            return await self._open()
        finally:
            self._session.patience = 0

    async def _open(self) -> Opened:
        clock = asyncio.get_running_loop()
        started = clock.time()
        server = await self._session.server(typed_path(self._config.server))
        # Of slow servers all that does not build on another is asked at once; of quick ones one after the other, on one
        # connection: the smallest serve no second one meanwhile.
        gate = asyncio.Semaphore(AT_ONCE if clock.time() - started > SLOW else 1)
        try:
            async with asyncio.TaskGroup() as group:
                account = group.create_task(_in_turn(gate, self._session.credentials))
                node = group.create_task(_in_turn(gate, self._session.node))
                granted = group.create_task(_in_turn(gate, self._scopes))
                admin = group.create_task(_in_turn(gate, lambda: self._has("/api/v1/admin/reports")))
                talks = group.create_task(_in_turn(gate, lambda: self._has("/api/v1/conversations")))
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        credentials, conversations = account.result(), talks.result()
        server = msgspec.structs.replace(server, node=node.result())
        software = detect(server)
        rights = capabilities.Rights(granted.result(), _permissions(credentials), admin.result())
        parser = Parser(str(credentials.id), server.domain, self._directory)
        handle = parser.handle(credentials.acct, credentials.username or "me")
        wanted = sources.wanted(self._config.settings.get("sources", ""), reports=rights.admin)
        transport = self._transport(server, software)
        opened = Opened(
            Account(
                handle,
                handle,
                credentials.display_name or credentials.username,
                credentials.url or "",
                credentials.avatar_static or "",
            ),
            capabilities.capabilities(
                rights,
                software,
                transport,
                server.limit or DEFAULT_LIMIT,
                self._config.settings.get("idempotency", "auto"),
                server.pictures,
            ),
            wanted,
        )
        outbound = Outbound(self._session, parser, str(credentials.id), handle, server.domain)
        views = Views(self._session, parser, outbound, self._client)
        self._state = State(server, software, parser, outbound, views, opened, conversations, handle)
        return opened

    async def _scopes(self) -> frozenset[str]:
        """Scopes of the application, where the server tells them."""
        response = await self._optional("/api/v1/apps/verify_credentials")
        try:
            return frozenset(answers.decoded(response, Application, "apps").scopes or ()) if response else frozenset()
        except ProtocolChangedError:
            return frozenset()

    async def _has(self, path: str) -> bool:
        """Whether a list can be read by this account on this server."""
        response = await self._optional(path, (("limit", "1"),))
        try:
            return response is not None and parse.items(response.body, path) is not None
        except ProtocolChangedError:
            return False

    async def _optional(self, path: str, params: tuple[tuple[str, str], ...] = ()) -> Response | None:
        """The answer, if there is one. A fault gets a second chance only: on some servers it is for ever."""
        for _ in range(2):
            try:
                return await self._session.get(path, params)
            except ABSENT:
                return None
            except TransientError:
                continue
        return None

    def _transport(self, server: Server, software: Software) -> tuple[str, ...]:
        chosen = self._config.settings.get("transport", "auto")
        if chosen in {"websocket", "sse"}:
            return (chosen, "poll")
        if chosen == "poll" or software.name == "takahe":
            return ("poll",)
        return ("websocket", "sse", "poll")

    def _streaming(self, server: Server) -> str:
        """wss://host and path of the streaming API: the setting, what the server says, or the server itself."""
        told = self._config.settings.get("streaming_url", "").strip() or server.streaming or self._session.api.base
        scheme, _, rest = told.partition("://")
        place = (rest or scheme).partition("?")[0].rstrip("/").removesuffix("/api/v1/streaming")
        plain = scheme in {"ws", "http"}
        return f"{'ws' if plain else 'wss'}://{place}"

    def _opened(self) -> State:
        if self._state is None:
            raise RuntimeError("open the channel first")
        return self._state

    async def events(self, cursors: Mapping[str, Cursor], report: Report) -> AsyncIterator[Batch]:
        """See Channel."""
        state = self._opened()
        wanted = state.opened.sources
        feeds = sources.feeds(wanted, conversations=state.conversations)
        direct = "direct" in wanted
        transports = state.opened.capabilities.transport
        streams = None
        if transports != ("poll",):
            base = self._streaming(state.server)
            streams = Streams(self._client, self._session.api, base, multiplexes=state.software.multiplexes)
        pages = Pages(self._session, state.parser, direct=direct, forward=state.software.pages_forward)
        positions = Positions(dict(cursors))
        moderated = next((feed for feed in feeds if feed.shape is Shape.REPORT), None)
        reading = Reading(
            self._session,
            feeds,
            pages,
            Reader(feeds, state.parser, direct=direct),
            streams,
            transports,
            positions,
            report,
            self._config.id,
            self._pace,
            OpenReports(moderated, pages, state.views, positions) if moderated else None,
        )
        async with aclosing(reading.run()) as batches:
            async for batch in batches:
                yield batch

    async def earlier(self, source: str, position: str, oldest: str, until: Micros) -> Earlier:
        """See ReadsBack."""
        state = self._opened()
        wanted = state.opened.sources
        feeds = sources.feeds(wanted, conversations=state.conversations)
        pages = Pages(self._session, state.parser, direct="direct" in wanted, forward=state.software.pages_forward)
        return await PastReader(pages, feeds).earlier(source, position, oldest, until)

    async def send(self, operation: Operation) -> Sent:
        """See Channel."""
        return await self._opened().outbound.send(operation)

    async def attach(self, picture: PictureData) -> str:
        """See TakesPictures."""
        return await Uploads(self._session).attach(picture)

    async def find_sent(self, operation: Operation, since: Micros) -> Sent | None:
        """See Channel."""
        return await self._opened().outbound.find_sent(operation, since)

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
        state = self._opened()
        target = self._directory.post(operation.target) if operation.target else None
        text = outgoing_text(operation, target, state.handle, state.server.domain)
        limit = state.opened.capabilities.length_limit
        return measure(text, operation.spoiler, state.software, limit, state.server.url_length)

    async def close(self) -> None:
        """See Channel."""
        self._session.close()

    def __repr__(self) -> str:
        return f"MastodonChannel({self._config.id})"


async def _in_turn(gate: asyncio.Semaphore, asking: Callable[[], Awaitable[T]]) -> T:
    async with gate:
        return await asking()


def _permissions(credentials: Credentials) -> int:
    """The bit mask of the account's role; -1 where the server does not tell."""
    role = credentials.role
    mask = str(role.permissions) if role is not None and role.permissions is not None else ""
    return int(mask) if mask.isdecimal() else -1


def _pace(settings: Mapping[str, str]) -> Pace:
    seconds = settings.get("poll_seconds", "")
    return Pace(poll=min(max(float(seconds), 5.0), 3_600.0)) if seconds.isdecimal() else Pace()
