"""One Matrix account as the desk sees it: joins the pure parts to the transport."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing

import msgspec

from workstation.connectors.base import Earlier, Opened, Renewed, Report, Sent
from workstation.connectors.matrix import api, names, unpack
from workstation.connectors.matrix.capabilities import capabilities, rights
from workstation.connectors.matrix.lookup import HIDDEN, Lookup
from workstation.connectors.matrix.measure import measure
from workstation.connectors.matrix.outbound import Outbound
from workstation.connectors.matrix.parse import Memory, Parser
from workstation.connectors.matrix.position import RELATIONS, SOURCE, position, related
from workstation.connectors.matrix.reading import FIRST_PAGE, INVITATIONS, SMALL_PAGE, Reading, learn_rooms, sync_answer
from workstation.connectors.matrix.rooms import Member, Rooms
from workstation.connectors.matrix.session import Session, sign_in_data
from workstation.connectors.matrix.sweep import Sweep
from workstation.connectors.matrix.views import Views
from workstation.domain.channels import Account, ChannelConfig, Length
from workstation.domain.messages import Batch, Cursor, Micros
from workstation.domain.outbox import Operation
from workstation.net.asking import Clock, utc_now
from workstation.net.client import Client
from workstation.net.errors import TooLargeError
from workstation.net.limits import Lane

PATIENCE: Micros = 15_000_000
"""How long opening waits for a rate limit; beyond that people are told."""

STALE = 8
"""Questions at most until a kept answer has caught up with the present."""


class State(msgspec.Struct, frozen=True):
    """What opening made."""

    rooms: Rooms
    parser: Parser
    sweep: Sweep
    outbound: Outbound
    views: Views
    name: str
    avatar: str


class MatrixChannel:
    """See `connectors.base.Channel`."""

    def __init__(self, config: ChannelConfig, secret: str, client: Client, now: Clock = utc_now) -> None:
        settings = config.settings
        insecure = config.is_on("insecure")
        server = api.Api(names.base_address(config.server), insecure)
        data = sign_in_data(
            names.wanted_user(config.user), secret, settings.get("auth", "") or "token", f"{server.base} {config.name}"
        )
        self._config = config
        self._post_room = names.wanted_room(settings.get("post_room", ""))
        self._join = settings.get("join", "") or "ask"
        self._session = Session(server, data, client, now)
        self._state: State | None = None
        self._first: unpack.Values | None = None
        self._tell: Callable[[Opened], None] | None = None
        self._told: Opened | None = None

    def on_renewed(self, keep: Renewed) -> None:
        """See RenewsSecret."""
        self._session.keep = keep

    def on_changed(self, tell: Callable[[Opened], None]) -> None:
        """See TellsChanges."""
        self._tell = tell

    async def open(self) -> Opened:
        """See Channel."""
        self._session.patience = PATIENCE
        try:
            if self._state is None:
                await self._session.find_server()
            await self._session.sign_in()
            if self._state is None:
                self._state = await self._look()
        finally:
            self._session.patience = 0
        self._told = self._opened(self._state)
        return self._told

    def _changed(self) -> None:
        """Rooms came, went, or permit something else: tell of it if it makes a difference."""
        found = self._opened(self._ready())
        if found != self._told and self._tell is not None:
            self._told = found
            self._tell(found)

    async def _look(self) -> State:
        """Everything that is there now: all rooms with what they are called and permit, and their latest messages."""
        session = self._session
        rooms = Rooms(session.user)
        parser = Parser(session.user, Memory(), everything=self._config.settings.get("cases") == "all")
        lookup = Lookup(session, parser, rooms)
        first = answer = await self._first_answer()
        learn_rooms(rooms, first)
        for _ in range(STALE):
            # A first answer may be one that the server kept for some minutes: what has changed since is asked for.
            request = session.api.sync(unpack.text(answer, "next_batch"), 0, FIRST_PAGE)
            answer = sync_answer(await session.ask(request, Lane.CATCH_UP))
            learn_rooms(rooms, answer)
            if not unpack.values(answer, "rooms"):
                break
        self._first = first
        name, avatar = await self._profile()
        sweep = Sweep(session, parser, lookup)
        outbound = Outbound(session, parser, rooms, lookup, self._post_room)
        return State(rooms, parser, sweep, outbound, Views(session, rooms, lookup, sweep), name, avatar)

    async def _first_answer(self) -> unpack.Values:
        for limit in (FIRST_PAGE, SMALL_PAGE):
            try:
                request = self._session.api.sync("", 0, limit)
                return sync_answer(await self._session.ask(request, Lane.CATCH_UP))
            except TooLargeError:
                if limit == SMALL_PAGE:
                    raise
        raise RuntimeError("one of both limits has answered")

    async def _profile(self) -> tuple[str, str]:
        """Our own name and picture; a server may keep them to itself."""
        try:
            path = f"{api.V3}/profile/{names.part(self._session.user)}"
            found = Member(await self._session.get(self._session.api.get(path), "profile"))
        except HIDDEN:
            return "", ""
        return found.name, found.avatar

    def _opened(self, state: State) -> Opened:
        user = self._session.user
        rooms = sorted(
            (room for room in state.rooms if not room.space), key=lambda room: (room.title.casefold(), room.id)
        )
        return Opened(
            Account(
                user,
                names.handle(user),
                state.name or names.localpart(user),
                names.permalink(user),
                state.avatar,
            ),
            capabilities(rights(rooms, post=bool(self._post_room)), self._session.software),
            (INVITATIONS, *(room.source for room in rooms)),
            {room.source: room.title for room in rooms},
        )

    def _ready(self) -> State:
        if self._state is None:
            raise RuntimeError("open the channel first")
        return self._state

    async def events(self, cursors: Mapping[str, Cursor], report: Report) -> AsyncIterator[Batch]:
        """See Channel."""
        state = self._ready()
        first, self._first = self._first, None
        memory = state.parser.memory
        stored = related(cursors.get(RELATIONS))
        memory.fresh = bool(memory.related.keys() - stored.keys())
        memory.related.update(stored)
        reading = Reading(
            self._session, state.parser, state.rooms, state.sweep, report, self._config.id, self._join, self._changed
        )
        async with aclosing(reading.run(position(cursors.get(SOURCE)), first)) as batches:
            async for found in batches:
                yield found

    async def earlier(self, source: str, position: str, oldest: str, until: Micros) -> Earlier:
        """See ReadsBack."""
        return await self._ready().views.earlier(source, position, oldest, until)

    async def send(self, operation: Operation) -> Sent:
        """See Channel."""
        return await self._ready().outbound.send(operation)

    async def find_sent(self, operation: Operation, since: Micros) -> Sent | None:
        """See Channel."""
        return await self._ready().outbound.find_sent(operation, since)

    async def thread(self, remote_id: str) -> Batch:
        """See Channel."""
        return await self._ready().views.thread(remote_id)

    async def history(self, account: str) -> Batch:
        """See Channel."""
        return await self._ready().views.history(account)

    async def refresh(self, remote_ids: tuple[str, ...]) -> Batch:
        """See Channel."""
        return await self._ready().views.refresh(remote_ids)

    async def media(self, url: str) -> bytes:
        """See Channel."""
        return await self._ready().views.media(url)

    async def file(self, url: str) -> bytes:
        """See HandsOverFiles."""
        return await self._ready().views.file(url)

    def measure(self, operation: Operation) -> Length:
        """See Channel."""
        return measure(operation)

    async def close(self) -> None:
        """See Channel."""
        self._session.close()
