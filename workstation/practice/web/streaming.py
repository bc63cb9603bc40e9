"""Live streams: one multiplexed WebSocket, and server-sent events."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import WSMsgType, web

from workstation.practice.frames import Channel, websocket_text
from workstation.practice.hub import Hub
from workstation.practice.model import Mailbox, Token
from workstation.practice.network import Network

OWN_STREAMS = {"user": "read:statuses", "user:notification": "read:notifications", "direct": "read:statuses"}
OPEN_STREAMS = frozenset(
    f"{name}{suffix}" for name in ("public", "public:local", "public:remote") for suffix in ("", ":media")
)
SSE_PATHS = (
    "user",
    "user/notification",
    "public",
    "public/local",
    "public/remote",
    "hashtag",
    "hashtag/local",
    "list",
    "direct",
)
ALLOWED_MESSAGE = 1 << 16
Authorize = Callable[[str], Token | None]
Gate = Callable[[web.Request], Awaitable[web.Response | None]]


class RefusedStreamError(Exception):
    """A stream that does not exist or is not for the asker."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Listener:
    """One open connection as the hub sees it."""

    def __init__(self, transport: asyncio.Transport, websocket: bool, box: Mailbox | None, network: Network) -> None:
        self.websocket = websocket
        self._transport = transport
        self._box = box
        self._delivery = network.delivery

    def hides(self, author: int) -> bool:
        """Tell whether the listener has muted or blocked that account."""
        return self._box is not None and self._delivery.hides(self._box, author)

    def write(self, data: bytes) -> None:
        """Put whole frames on the wire; between two calls of aiohttp's own writer, so that frames never mix."""
        if self._transport.is_closing():
            return
        if not self.websocket:
            data = b"%x\r\n%b\r\n" % (len(data), data)  # the answer is sent in chunks (RFC 9112, 7.1)
        self._transport.write(data)

    def backlog(self) -> int:
        """Return how many bytes wait in the transport."""
        return self._transport.get_write_buffer_size()

    def abort(self) -> None:
        """Cut the connection without a farewell."""
        self._transport.abort()


class Streaming:
    """The streaming endpoints of one network."""

    def __init__(self, network: Network, hub: Hub, authorize: Authorize) -> None:
        self._network = network
        self._hub = hub
        self._authorize = authorize
        self._closing = asyncio.Event()
        self._open: set[web.WebSocketResponse] = set()
        self._gate: Gate = _open_gate
        self.opened = 0

    async def close(self) -> None:
        """End all streams with a farewell."""
        self._closing.set()
        for socket in list(self._open):
            await socket.close(code=1001)

    def routes(self, gate: Gate) -> list[web.RouteDef]:
        """Return the endpoints that this network offers; `gate` may answer first."""
        self._gate = gate
        routes = []
        if self._network.options.websocket or self._network.options.sse:
            routes.append(web.get("/api/v1/streaming", self._websocket))
            routes.append(web.get("/api/v1/streaming/", self._websocket))
        if self._network.options.sse:
            routes += [web.get(f"/api/v1/streaming/{path}", self._sse(path.replace("/", ":"))) for path in SSE_PATHS]
        return routes

    def _token(self, request: web.Request) -> Token:
        value = request.query.get("access_token") or request.headers.get("Sec-WebSocket-Protocol", "")
        authorization = request.headers.get("Authorization", "")
        if authorization.lower().startswith("bearer "):
            value = authorization[7:]
        if not value:
            raise RefusedStreamError(401, "Missing access token")
        token = self._authorize(value.strip())
        if token is None or token.expired:
            raise RefusedStreamError(401, "Invalid access token")
        return token

    def _channel(self, token: Token, stream: str, tag: str, list_id: str) -> Channel:
        scope = OWN_STREAMS.get(stream)
        if scope is not None:
            if token.account_id is None or not token.allows(scope):
                raise RefusedStreamError(401, "Access token does not cover required scopes")
            return stream, str(token.account_id)
        if not token.allows("read:statuses"):
            raise RefusedStreamError(401, "Access token does not cover required scopes")
        if stream in OPEN_STREAMS:
            return stream, ""
        if stream in ("hashtag", "hashtag:local"):
            if not tag:
                raise RefusedStreamError(400, "Missing tag name parameter")
            return stream, tag.lower()
        if stream == "list":
            user_list = self._network.lists.get(int(list_id)) if list_id.isascii() and list_id.isdigit() else None
            if user_list is None or user_list.owner != token.account_id:
                raise RefusedStreamError(404, "Not found")
            return stream, str(user_list.id)
        raise RefusedStreamError(404, "Unknown stream type")

    def _listener(self, request: web.Request, token: Token, websocket: bool) -> Listener:
        transport = request.transport
        if not isinstance(transport, asyncio.Transport):
            raise RefusedStreamError(503, "The connection is gone")
        account = self._network.accounts.get(token.account_id or 0)
        self.opened += 1
        return Listener(transport, websocket, self._network.mailbox(account) if account else None, self._network)

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
        if not upgrade or not self._network.options.websocket:
            return web.json_response({"error": "Not Found"}, status=404)
        refused = await self._gate(request)
        if refused is not None:
            return refused
        try:
            token = self._token(request)
        except RefusedStreamError as error:
            return web.json_response({"error": str(error)}, status=error.status)
        offered = request.headers.get("Sec-WebSocket-Protocol", "")
        socket = web.WebSocketResponse(
            heartbeat=self._network.options.heartbeat,
            compress=False,
            max_msg_size=ALLOWED_MESSAGE,
            protocols=(offered,) if offered else (),
        )
        await socket.prepare(request)
        listener = self._listener(request, token, websocket=True)
        self._open.add(socket)
        try:
            if request.query.get("stream"):
                self._command(listener, token, {"type": "subscribe", **request.query})
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._received(listener, token, message.data)
        finally:
            self._hub.leave(listener)
            self._open.discard(socket)
        return socket

    def _received(self, listener: Listener, token: Token, text: str) -> None:
        try:
            command = msgspec.json.decode(text, type=dict[str, object])
        except (msgspec.DecodeError, msgspec.ValidationError):
            return  # Mastodon ignores what it cannot read
        self._command(listener, token, command)

    def _command(self, listener: Listener, token: Token, command: dict[str, object]) -> None:
        stream = str(command.get("stream", ""))
        try:
            channel = self._channel(token, stream, str(command.get("tag", "")), str(command.get("list", "")))
        except RefusedStreamError as error:
            body = {"error": str(error), "status": error.status}
            listener.write(websocket_text(msgspec.json.encode(body)))
            return
        if command.get("type") == "subscribe":
            self._hub.subscribe(listener, channel)
        elif command.get("type") == "unsubscribe":
            self._hub.unsubscribe(listener, channel)

    def _sse(self, stream: str) -> Callable[[web.Request], "asyncio.Future[web.StreamResponse]"]:
        async def handler(request: web.Request) -> web.StreamResponse:
            refused = await self._gate(request)
            if refused is not None:
                return refused
            try:
                token = self._token(request)
                name = f"{stream}:media" if request.query.get("only_media") in ("1", "true") else stream
                channel = self._channel(token, name, request.query.get("tag", ""), request.query.get("list", ""))
                listener = self._listener(request, token, websocket=False)
            except RefusedStreamError as error:
                return web.json_response({"error": str(error)}, status=error.status)
            response = web.StreamResponse(
                headers={"Content-Type": "text/event-stream", "Cache-Control": "private, no-store"}
            )
            response.enable_chunked_encoding()
            await response.prepare(request)
            await response.write(b":)\n")
            self._hub.subscribe(listener, channel)
            try:
                await self._thump(request, response)
            finally:
                self._hub.leave(listener)
            return response

        return handler  # type: ignore[return-value] # a coroutine function is what aiohttp takes

    async def _thump(self, request: web.Request, response: web.StreamResponse) -> None:
        while not self._closing.is_set() and request.transport is not None and not request.transport.is_closing():
            await response.write(b":thump\n")
            try:
                await asyncio.wait_for(self._closing.wait(), self._network.options.thump)
            except TimeoutError:
                continue


async def _open_gate(_request: web.Request) -> web.Response | None:
    return None
