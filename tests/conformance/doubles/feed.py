"""A site with a feed on loopback: it names its feed, knows what changed, and forgets what is old."""

import asyncio
import hashlib
from html import escape

from aiohttp import web

from tests.conformance.kit import Address

KEPT = 60
"""Items that the feed has at most."""


class FeedSite:
    """Items as (guid, title, text), the newest first. Its attributes set what it does next."""

    def __init__(self) -> None:
        self.items: list[tuple[str, str, str]] = []
        self.babble: list[bytes] = []
        self.asked: list[tuple[str, str]] = []
        self.statuses: list[tuple[int, dict[str, str]]] = []
        self.document: bytes | None = None
        self.content_type = "application/rss+xml; charset=utf-8"
        self.etags = True
        self.base = ""
        self.page = '<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>'
        self.heard = asyncio.Event()
        self.busiest = 0
        self._busy = 0
        self._count = 0
        self._app = web.Application()
        self._app.router.add_get("/", self._page)
        self._app.router.add_get("/feed.xml", self._feed)
        self._app.router.add_get("/{path:.*}", self._other)
        self._runner = web.AppRunner(self._app, shutdown_timeout=0.1)

    async def start(self) -> Address:
        """Begin to serve."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return "127.0.0.1", int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """End."""
        await self._runner.cleanup()

    def publish(self, text: str, title: str = "News") -> str:
        """A new item; its id."""
        self._count += 1
        guid = f"item-{self._count}"
        self.items.insert(0, (guid, title, text))
        del self.items[KEPT:]
        return guid

    def change(self, guid: str, text: str) -> None:
        """The text is another one from now on."""
        self.items = [(one, title, text if one == guid else said) for one, title, said in self.items]

    def spoil(self) -> None:
        """An item that says nothing."""
        self._count += 1
        self.items.insert(0, ("", "", ""))

    async def _page(self, _: web.Request) -> web.Response:
        return web.Response(text=self.page, content_type="text/html")

    async def _other(self, request: web.Request) -> web.Response:
        self.asked.append((request.path, ""))
        if request.path == "/moved.xml":
            return web.Response(status=301, headers={"Location": "/feed.xml"})
        return web.Response(status=404, text="not here")

    def source(self) -> bytes:
        """The feed as it is now."""
        if self.document is not None:
            return self.document
        items = "".join(
            f"<item><guid isPermaLink='false'>{guid}</guid><title>{escape(title)}</title>"
            f"<description>{escape(escape(text))}</description></item>"
            if guid
            else "<item></item>"
            for guid, title, text in self.items
        )
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>A site</title>{items}</channel></rss>".encode()

    async def _feed(self, request: web.Request) -> web.Response:
        self._busy += 1
        self.busiest = max(self.busiest, self._busy)
        try:
            await asyncio.sleep(0)
            return self._answer(request)
        finally:
            self._busy -= 1

    def _answer(self, request: web.Request) -> web.Response:
        known = request.headers.get("If-None-Match", "")
        self.asked.append((request.path, known))
        self.heard.set()
        if self.statuses:
            status, headers = self.statuses.pop(0)
            return web.Response(status=status, headers=headers)
        if self.babble:
            return web.Response(body=self.babble.pop(0), headers={"ETag": '"babble"'}, content_type="text/xml")
        body = self.source()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.etags and known == etag:
            return web.Response(status=304, headers={"ETag": etag})
        headers = {"Content-Type": self.content_type} | ({"ETag": etag} if self.etags else {})
        return web.Response(body=body, headers=headers)
