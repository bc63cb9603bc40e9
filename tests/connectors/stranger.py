"""A server that nobody has seen: the least of the API, with whatever a test makes of one of its answers."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.connectors.samples import OWN, account, status
from tests.net.servers import serving

TOKEN = "the-token"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answer(body: object, code: int = 200, **headers: str) -> web.Response:
    """JSON, or the bytes as they are."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return web.Response(body=data, status=code, headers={"Content-Type": "application/json", **headers})


def always(body: object, code: int = 200, **headers: str) -> Answer:
    """The same answer to every request."""

    async def give(_: web.Request) -> web.Response:
        return answer(body, code, **headers)

    return give


class Stranger:
    """Answers by path. `odd` maps paths to answers of a test's own; `asked` lists "METHOD path" in order."""

    def __init__(self, odd: dict[str, Answer], prefix: str = "") -> None:
        self.odd = odd
        self.prefix = prefix
        self.asked: list[str] = []
        self.home = [status(str(number)) for number in range(1001, 1004)]
        self.posts: list[dict[str, Any]] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Any request."""
        if not request.path.startswith(self.prefix):
            return web.Response(status=404, text="<h1>Not Found</h1>", content_type="text/html")
        path = request.path.removeprefix(self.prefix)
        self.asked.append(f"{request.method} {path}")
        if path in self.odd:
            return await self.odd[path](request)
        if request.method == "POST" and path == "/api/v1/statuses":
            return answer(self.publish(await request.json()))
        usual: dict[str, object] = {
            "/api/v1/instance": {"uri": "home.example", "version": "Unheard 1.0"},
            "/api/v1/accounts/verify_credentials": account(id=OWN, acct="shop", username="shop"),
            "/api/v1/timelines/home": self._after(self.home, request),
            "/api/v1/notifications": [],
            f"/api/v1/accounts/{OWN}/statuses": self.posts[::-1],
        }
        for post in (*self.home, *self.posts):
            usual[f"/api/v1/statuses/{post['id']}"] = post
        return answer(usual[path]) if path in usual else answer({"error": "Not Found"}, 404)

    def publish(self, body: dict[str, Any]) -> dict[str, Any]:
        """Somebody posts as us."""
        post = status(str(2001 + len(self.posts)), account=account(id=OWN, acct="shop", username="shop"))
        post |= {"content": f"<p>{body['status']}</p>", "in_reply_to_id": body.get("in_reply_to_id")}
        post["created_at"] = datetime.now(UTC).isoformat()
        self.posts.append(post)
        return post

    @staticmethod
    def _after(found: list[dict[str, Any]], request: web.Request) -> list[dict[str, Any]]:
        after = request.query.get("min_id", "")
        return [item for item in found if not after or int(item["id"]) > int(after)][::-1]


@asynccontextmanager
async def stranger(odd: dict[str, Answer] | None = None, prefix: str = "") -> AsyncIterator[tuple[Stranger, str]]:
    """A running one and its address."""
    made = Stranger(odd or {}, prefix)
    async with serving(("*", "/{any:.*}", made.handle)) as base:
        yield made, base
