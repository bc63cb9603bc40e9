"""Live streams: one WebSocket for all where the server can, else one each, else server-sent events."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from urllib.parse import urlencode

import msgspec

from workstation.connectors.mastodon.events import Frame, frame
from workstation.connectors.mastodon.requests import Api
from workstation.domain.errors import ChannelError, TransientError
from workstation.domain.messages import Reject
from workstation.net.client import Client, Request
from workstation.net.errors import TIMED_OUT, RefusedError
from workstation.net.sse import Parser
from workstation.net.websocket import Socket

StreamName = tuple[str, ...]
Frames = list[Frame | Reject]

REFUSED_TOKEN = {400, 401, 403}
SILENCE = 90.0
"""Seconds without a byte after which server-sent events count as dead; Mastodon sends a comment every 15."""
OPENING = 10.0
"""Seconds in which a stream must begin."""
WAITING = 16
AT_ONCE = 16
"""Frames that are read in one turn of the loop: about 2 ms of work."""


class Stream:
    """Events of some streams. `receive` gives at least one frame; ClosedError or TransientError at the end."""

    transport = ""

    async def receive(self) -> Frames:
        """The next frames, in order."""
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of the connections."""


class SocketStream(Stream):
    """One WebSocket; `name` is the stream of frames that do not say theirs."""

    transport = "websocket"

    def __init__(self, socket: Socket, name: StreamName) -> None:
        self._socket = socket
        self._name = name

    async def receive(self) -> Frames:
        """See Stream."""
        return [frame(data, self._name) for data in await self._socket.receive(AT_ONCE) if data]

    async def subscribe(self, name: StreamName) -> None:
        """Ask for one more stream on the same socket."""
        await self._socket.send(msgspec.json.encode({"type": "subscribe", **parameters(name)}).decode())

    async def close(self) -> None:
        """See Stream."""
        await self._socket.close()


class EventStream(Stream):
    """One connection of server-sent events."""

    transport = "sse"

    def __init__(self, client: Client, request: Request, name: StreamName) -> None:
        self._pieces = client.stream(request)
        self._parser = Parser()
        self._name = name
        self._held: Frames = []

    async def open(self) -> None:
        """Wait for the head of the answer; RefusedError where the server has no such stream, TransientError."""
        try:
            async with asyncio.timeout(OPENING):
                self._held = self._feed(await anext(self._pieces))
        except TimeoutError:
            raise TransientError(why=TIMED_OUT) from None

    async def receive(self) -> Frames:
        """See Stream."""
        while not self._held:
            self._held = self._feed(await anext(self._pieces))
        held, self._held = self._held, []
        return held

    def _feed(self, piece: bytes) -> Frames:
        return [
            Frame(event.name, event.data.decode("utf-8", "replace"), self._name) for event in self._parser.feed(piece)
        ]

    async def close(self) -> None:
        """See Stream."""
        closing = getattr(self._pieces, "aclose", None)
        if closing is not None:
            await closing()


class Merged(Stream):
    """Several streams as one; the end of any is the end of all, so that nothing is missed unnoticed."""

    def __init__(self, streams: list[Stream]) -> None:
        self.transport = streams[0].transport
        self._streams = streams
        self._queue: asyncio.Queue[Frames | ChannelError] = asyncio.Queue(WAITING)
        self._tasks = [asyncio.create_task(self._pump(stream), name="stream") for stream in streams]

    async def _pump(self, stream: Stream) -> None:
        try:
            while True:
                await self._queue.put(await stream.receive())
        except ChannelError as error:
            await self._queue.put(error)

    async def receive(self) -> Frames:
        """See Stream."""
        found = await self._queue.get()
        if isinstance(found, ChannelError):
            raise found
        return found

    async def close(self) -> None:
        """See Stream."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for stream in self._streams:
            await stream.close()


def parameters(name: StreamName) -> dict[str, str]:
    """A stream as the API names it."""
    found = {"stream": name[0]}
    if len(name) > 1:
        found["list" if name[0] == "list" else "tag"] = name[1]
    return found


class Streams:
    """Opens what an account listens to; `base` is the streaming address (wss://host), from the server or a setting."""

    def __init__(self, client: Client, api: Api, base: str, *, multiplexes: bool) -> None:
        self._client = client
        self._api = api
        self._base = base
        self._multiplexes = multiplexes
        self._way = 0

    async def websocket(self, names: Iterable[StreamName]) -> Stream:
        """All streams over WebSockets; RefusedError, TransientError."""
        wanted = list(names)
        if self._multiplexes:
            stream = SocketStream(await self._socket(wanted[0]), wanted[0])
            try:
                for name in wanted[1:]:
                    await stream.subscribe(name)
            except ChannelError:
                await stream.close()
                raise
            return stream
        return await _merged(wanted, self._single)

    async def _single(self, name: StreamName) -> Stream:
        return SocketStream(await self._socket(name), name)

    async def _socket(self, name: StreamName) -> Socket:
        """One socket. The token goes into a header; where that is refused as sub-protocol, then into the query."""
        while True:
            try:
                return await self._try(name, self._way)
            except RefusedError as error:
                if error.status not in REFUSED_TOKEN or self._way >= 2:
                    self._way = 0
                    raise
                self._way += 1

    async def _try(self, name: StreamName, way: int) -> Socket:
        query = parameters(name)
        if way == 2:
            query["access_token"] = self._api.token
        return await self._client.websocket(
            f"{self._base}/api/v1/streaming?{urlencode(query)}",
            token=self._api.token if way == 0 else "",
            protocols=(self._api.token,) if way == 1 else (),
            insecure=self._api.insecure,
        )

    async def events(self, names: Iterable[StreamName]) -> Stream:
        """All streams by server-sent events; RefusedError, TransientError."""
        return await _merged(list(names), self._event_stream)

    async def _event_stream(self, name: StreamName) -> Stream:
        scheme, _, rest = self._base.partition("://")
        web = f"{'https' if scheme == 'wss' else 'http'}://{rest}"
        query = {key: value for key, value in parameters(name).items() if key != "stream"}
        address = f"{web}/api/v1/streaming/{name[0].replace(':', '/')}"
        request = Request(
            url=f"{address}?{urlencode(query)}" if query else address,
            headers=(("Accept", "text/event-stream"),),
            token=self._api.token,
            read=SILENCE,
            redirects=0,
            insecure=self._api.insecure,
        )
        stream = EventStream(self._client, request, name)
        try:
            await stream.open()
        except BaseException:
            await stream.close()
            raise
        return stream


async def _merged(names: list[StreamName], opening: Callable[[StreamName], Awaitable[Stream]]) -> Stream:
    opened: list[Stream] = []
    try:
        for name in names:
            opened += [await opening(name)]
    except BaseException:
        for stream in opened:
            with suppress(ChannelError):
                await stream.close()
        raise
    return opened[0] if len(opened) == 1 else Merged(opened)
