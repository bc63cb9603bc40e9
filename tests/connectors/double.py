"""A small server of the same API with other servers' habits, for what the practice network does too well."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.connectors.samples import OWN, account, mention_of_us, notification, status
from tests.net.servers import Handler, serving

TOKEN = "the-token"


@dataclass
class Habits:
    """What this server does its own way."""

    instance: dict[str, Any] = field(
        default_factory=lambda: {"uri": "home.example", "version": "2.7.2 (compatible; Pleroma 2.6.0)"}
    )
    v2: bool = False
    page: int = 20
    """Items of a page, whatever was asked for."""
    newest_first: bool = False
    """Takes `min_id` for `since_id`: gives the newest page."""
    streaming: str = ""
    """Where the token must be: "header", "protocol", "query"; empty: no streaming."""


class Double:
    """The server: `add` makes a notification with the next id."""

    def __init__(self, habits: Habits) -> None:
        self.habits = habits
        self.notifications: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.sockets: dict[str, web.WebSocketResponse] = {}
        self.connected = asyncio.Event()
        self._serial = 0

    def identifier(self) -> str:
        """A ULID: text, ordered by time."""
        self._serial += 1
        return f"01J9ZQ4X5T00000000{self._serial:08d}"

    def add(self, kind: str = "mention") -> str:
        """Somebody writes to us; the id of the post."""
        number = self.identifier()
        post = status(number, mentions=[mention_of_us()])
        self.notifications.append(notification(0, post, kind) | {"id": self.identifier()})
        return number

    def routes(self) -> tuple[tuple[str, str, Handler], ...]:
        """What it answers; all else is 404."""
        return (
            ("GET", "/api/v1/accounts/verify_credentials", self.credentials),
            ("GET", "/api/v1/instance", self.instance),
            ("GET", "/api/v2/instance", self.instance_v2),
            ("GET", "/api/v1/notifications", self.page),
            ("GET", "/api/v1/timelines/{any:.*}", self.nothing),
            ("GET", "/api/v1/streaming", self.stream),
        )

    async def credentials(self, request: web.Request) -> web.Response:
        """CredentialAccount, without a role."""
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": "The access token is invalid"}, status=401)
        return web.json_response(account(id=OWN, acct="shop", username="shop"))

    async def instance(self, _: web.Request) -> web.Response:
        """Instance v1."""
        return web.json_response(self.habits.instance)

    async def instance_v2(self, _: web.Request) -> web.Response:
        """Instance v2, where it has it."""
        return web.json_response(self.habits.instance) if self.habits.v2 else web.Response(status=404)

    async def nothing(self, _: web.Request) -> web.Response:
        """An empty page."""
        return web.json_response([])

    async def page(self, request: web.Request) -> web.Response:
        """Notifications, of all types whatever was asked for, without a Link header."""
        query = request.query
        self.asked.append(request.query_string)
        found = self.notifications
        if "max_id" in query:
            found = [item for item in found if item["id"] < query["max_id"]]
        after = query.get("min_id") or query.get("since_id")
        if after:
            found = [item for item in found if item["id"] > after]
        oldest_page = "min_id" in query and not self.habits.newest_first
        found = found[: self.habits.page] if oldest_page else found[-self.habits.page :]
        return web.json_response(found[::-1])

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """A WebSocket for one stream, whose events do not say which stream they are of."""
        given = {
            "header": request.headers.get("Authorization") == f"Bearer {TOKEN}",
            "protocol": request.headers.get("Sec-WebSocket-Protocol") == TOKEN,
            "query": request.query.get("access_token") == TOKEN,
        }
        if not self.habits.streaming:
            return web.Response(status=404)
        if not given[self.habits.streaming]:
            return web.Response(status=401)
        socket = web.WebSocketResponse(protocols=(TOKEN,) if self.habits.streaming == "protocol" else ())
        await socket.prepare(request)
        self.sockets[request.query["stream"]] = socket
        self.connected.set()
        async for _ in socket:
            pass
        return socket

    async def send(self, stream: str, event: str, payload: object) -> None:
        """An event on a stream."""
        text = payload if isinstance(payload, str) else json.dumps(payload)
        await self.sockets[stream].send_str(json.dumps({"event": event, "payload": text}))


@asynccontextmanager
async def double(habits: Habits | None = None) -> AsyncIterator[tuple[Double, str]]:
    """A running double and its address."""
    made = Double(habits or Habits())
    async with serving(*made.routes()) as base:
        yield made, base
