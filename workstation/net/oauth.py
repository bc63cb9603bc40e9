"""Signing in through the browser: a receiver on loopback for the redirect, PKCE and the state that guards it.

RFC 8252 (native apps), RFC 7636 (PKCE, S256). The receiver listens on 127.0.0.1 only, on a port of the system's choice,
answers one redirect that carries our state, and is gone after it or after its time.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from html import escape
from urllib.parse import parse_qs, urlsplit

import msgspec

from workstation.domain.errors import PermissionDeniedError, TransientError
from workstation.domain.text import N_
from workstation.net.plain import one_line

HEAD_CAP = 16 << 10
READ_SECONDS = 10.0
PATH = "/signed-in"
TIMED_OUT = N_("nobody signed in in the browser in time")

PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 17px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 90vh; margin: 0; }}
main {{ max-width: 30rem; padding: 2rem; text-align: center; }}
h1 {{ font-size: 1.5rem; margin: 0 0 .5rem; }}
</style></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""


class Pages(msgspec.Struct, frozen=True):
    """What the browser shows at the end, in the reader's language."""

    language: str = "en"
    done_title: str = "Signed in"
    done_text: str = "You can close this tab and go back to Meridian."
    failed_title: str = "Not signed in"
    failed_text: str = "Go back to Meridian and try again."


class Pkce(msgspec.Struct, frozen=True):
    """A verifier, which stays here until the code is redeemed, and its challenge."""

    verifier: str
    challenge: str

    def __repr__(self) -> str:
        return "Pkce()"


def pkce() -> Pkce:
    """A fresh pair (S256)."""
    verifier = secrets.token_urlsafe(64)
    digest = hashlib.sha256(verifier.encode()).digest()
    return Pkce(verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode())


class Receiver:
    """Waits for the redirect. `address` is where the browser is to be sent back to, `state` goes with it."""

    def __init__(self, pages: Pages) -> None:
        self.state = secrets.token_urlsafe(32)
        self.address = ""
        self.issuer = ""
        """Who says that it answers (RFC 9207), once the code is here; empty where it does not."""
        self._pages = pages
        self._authority = ""
        self._code: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def bound(self, port: int) -> None:
        """Called once the port is known."""
        self._authority = f"127.0.0.1:{port}"
        self.address = f"http://{self._authority}{PATH}"

    async def code(self, seconds: float) -> str:
        """The code of the redirect; PermissionDeniedError if it was refused, TransientError if the time is over."""
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(self._code)
        except TimeoutError:
            raise TransientError(why=TIMED_OUT) from None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection of the browser."""
        try:
            async with asyncio.timeout(READ_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            writer.write(self._answer(head))
            await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, OSError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError, OSError):
                await writer.wait_closed()

    def _answer(self, head: bytes) -> bytes:
        lines = head.decode("latin-1").split("\r\n")
        method, _, rest = lines[0].partition(" ")
        target = rest.partition(" ")[0]
        hosts = [line.partition(":")[2].strip() for line in lines[1:] if line.lower().startswith("host:")]
        parts = urlsplit(target)
        # Another page may point the browser here (DNS rebinding): only our own name and path are answered.
        if method != "GET" or hosts != [self._authority] or parts.path != PATH or self._code.done():
            return self._page("404 Not Found", done=False)
        query = parse_qs(parts.query, keep_blank_values=True)
        given = query.get("state", [""])[0]
        if not hmac.compare_digest(given.encode(), self.state.encode()):
            return self._page("400 Bad Request", done=False)
        code = query.get("code", [""])[0]
        self.issuer = query.get("iss", [""])[0][:2_000]
        if not code:
            reason = one_line(query.get("error_description", query.get("error", [""]))[0])
            self._code.set_exception(PermissionDeniedError(why=reason))
            return self._page("200 OK", done=False)
        self._code.set_result(code)
        return self._page("200 OK", done=True)

    def _page(self, status: str, *, done: bool) -> bytes:
        pages = self._pages
        body = PAGE.format(
            language=escape(pages.language, quote=True),
            title=escape(pages.done_title if done else pages.failed_title),
            text=escape(pages.done_text if done else pages.failed_text),
        ).encode()
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
            "Cache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
            "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + body

    def close(self) -> None:
        """Nobody waits any more; an error that nobody saw is nobody's."""
        if self._code.done():
            if not self._code.cancelled():
                self._code.exception()
        else:
            self._code.cancel()


@asynccontextmanager
async def receiver(pages: Pages | None = None) -> AsyncIterator[Receiver]:
    """A receiver that listens for as long as the block lasts; OSError where no port can be had."""
    waiting = Receiver(pages or Pages())
    server = await asyncio.start_server(waiting.serve, "127.0.0.1", 0, limit=HEAD_CAP)
    try:
        waiting.bound(server.sockets[0].getsockname()[1])
        yield waiting
    finally:
        server.close()
        waiting.close()
        await server.wait_closed()
