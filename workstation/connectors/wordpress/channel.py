"""One WordPress account as the desk sees it: joins the pure parts to the transport."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from urllib.parse import urlsplit

import msgspec

from workstation.connectors.base import Opened, Report, Sent
from workstation.connectors.wordpress import capabilities, entities, parse
from workstation.connectors.wordpress.api import Api, site_address
from workstation.connectors.wordpress.entities import Index, Me
from workstation.connectors.wordpress.measure import measure
from workstation.connectors.wordpress.outbound import Outbound
from workstation.connectors.wordpress.parse import Parser
from workstation.connectors.wordpress.position import restored
from workstation.connectors.wordpress.reading import COMMENTS, Pace, Reading
from workstation.connectors.wordpress.session import Session
from workstation.connectors.wordpress.views import Views
from workstation.domain.channels import Account, ChannelConfig, Length
from workstation.domain.messages import Batch, Cursor, Micros
from workstation.domain.outbox import Operation
from workstation.net.asking import Clock, utc_now
from workstation.net.client import Client
from workstation.net.plain import one_line

PATIENCE: Micros = 15_000_000
"""How long opening waits for a rate limit; beyond that people are told."""
FASTEST = 0.05


class State(msgspec.Struct, frozen=True):
    """What opening found out."""

    opened: Opened
    outbound: Outbound
    views: Views
    parser: Parser


class WordPressChannel:
    """See `connectors.base.Channel`."""

    def __init__(self, config: ChannelConfig, password: str, client: Client, now: Clock = utc_now) -> None:
        site = site_address(config.server)
        insecure = config.is_on("insecure")
        self._config = config
        self._client = client
        self._now = now
        self._session = Session(Api("", config.user.strip(), password, insecure), site, client, now)
        self._doubtful: set[str] = set()
        self._state: State | None = None

    async def open(self) -> Opened:
        """See Channel."""
        session = self._session
        session.patience = PATIENCE
        try:
            index = await session.find()
            me = await session.me()
        finally:
            session.patience = 0
        self._state = self._opened_as(index, me)
        return self._state.opened

    def _opened_as(self, index: Index, me: Me) -> State:
        session = self._session
        home = urlsplit(index.home or session.api.root)
        site = f"{home.netloc}{home.path}".rstrip("/").lower()
        parser = Parser(site, me.id, session.directory)
        settings = self._config.settings
        handle = me.username or me.slug or self._config.user or "?"
        title = one_line(parse.title(index.name or ""), 80)
        opened = Opened(
            Account(
                f"{site}/user:{me.id}",
                one_line(handle, 80),
                one_line(me.name or "", 80),
                me.link or "",
                entities.largest(me.avatar_urls),
            ),
            capabilities.capabilities(
                session.rights,
                dedupes=settings.get("idempotency", "auto") != "none",
                server=f"WordPress: {title}" if title else "WordPress",
            ),
            (COMMENTS,),
            {COMMENTS: title} if title else {},
        )
        outbound = Outbound(session, parser, me.id, self._doubtful)
        return State(opened, outbound, Views(session, parser, self._client), parser)

    def _opened(self) -> State:
        if self._state is None:
            raise RuntimeError("open the channel first")
        return self._state

    async def events(self, cursors: Mapping[str, Cursor], report: Report) -> AsyncIterator[Batch]:
        """See Channel."""
        position = restored(cursors.get(COMMENTS))
        parser, settings = self._opened().parser, self._config.settings
        # Begun anew each time: what was told but not stored has to be told again.
        reading = Reading(self._session, parser, self._config.id, _pace(settings), spam=_reads(settings), now=self._now)
        async with aclosing(reading.run(position, report)) as batches:
            async for batch in batches:
                yield batch

    async def send(self, operation: Operation) -> Sent:
        """See Channel."""
        return await self._opened().outbound.send(operation)

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
        return measure(operation.text)

    async def close(self) -> None:
        """See Channel."""
        self._session.close()

    def __repr__(self) -> str:
        return f"WordPressChannel({self._config.id})"


def _reads(settings: Mapping[str, str]) -> bool:
    return settings.get("spam", "read") != "leave"


def _pace(settings: Mapping[str, str]) -> Pace:
    given = settings.get("poll_seconds", "")
    if not given.isdecimal():
        return Pace()
    return Pace(poll=min(max(float(given), FASTEST), 3_600.0))
