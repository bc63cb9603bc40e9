"""The joint with aiohttp: sessions, redirects, caps, and what its exceptions mean for us."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urljoin, urlsplit

import aiohttp
import msgspec

from workstation.domain.errors import (
    AmbiguousError,
    ChannelError,
    ConfigurationError,
    ProtocolChangedError,
    TransientError,
)
from workstation.net import errors
from workstation.net.addresses import SECURE, PublicResolver, check_public, check_scheme, is_loopback
from workstation.net.messages import Request, Response, origin
from workstation.net.proxies import Proxies
from workstation.net.websocket import Socket

log = logging.getLogger(__name__)

HEAD = 64 << 10
"""Bytes kept of an answer over its cap."""
HANDSHAKE = 10.0
"""Seconds in which a WebSocket must be open."""
HEADER_FIELD = 32 << 10
PIECE = 64 << 10
IDLE = 4.0
"""Seconds that a connection is kept for the next request: the smallest servers serve no other one meanwhile."""
NO_STREAM = {"text/html", "application/json"}
"""What servers send that answer 200 to whatever is asked of them."""
MOVED = {301, 302, 303, 307, 308}
LASTING = {301, 308}

# aiohttp raises these before a connection stands: no byte of the request can have left.
NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientProxyConnectionError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)


class Transport:
    """Four pools: ordinary requests, streams, writes (each on a connection of its own), and strangers' addresses.

    Streams last: they must not take places away from requests.
    A write never reuses a connection: one that the server dropped while idle would make it ambiguous for nothing.
    """

    def __init__(self, agent: str, proxies: Proxies | None = None) -> None:
        self._agent = agent
        # Not aiohttp's `trust_env`: that would also send what lies in .netrc.
        self._proxies = proxies or Proxies()
        self._shared = self._session(aiohttp.TCPConnector(limit_per_host=8, keepalive_timeout=IDLE))
        self._streams = self._session(aiohttp.TCPConnector(limit=0), _watched())
        self._writes = self._session(aiohttp.TCPConnector(force_close=True, limit_per_host=4))
        # Of itself aiohttp repeats a PUT or DELETE that got no answer: whether to do that is the outbox's decision.
        self._writes._retry_connection = False  # noqa: SLF001 - there is no public switch
        self._foreign = self._session(aiohttp.TCPConnector(resolver=PublicResolver(), limit_per_host=4))

    def _session(self, connector: aiohttp.TCPConnector, *watches: aiohttp.TraceConfig) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            trace_configs=list(watches),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._agent},
            max_field_size=HEADER_FIELD,
            read_bufsize=PIECE,
        )

    def _pool(self, request: Request, url: str) -> aiohttp.ClientSession:
        if request.public_only and origin(url) != request.home:
            return self._foreign
        return self._shared if request.repeatable else self._writes

    async def request(self, request: Request) -> Response:
        """See `Client.request`."""
        try:
            async with asyncio.timeout(request.total):
                return await self._follow(request)
        except TimeoutError:
            raise _silence(request) from None

    async def _follow(self, request: Request) -> Response:
        url, current = request.url, request
        moved, lasting = "", True
        for _ in range(request.redirects + 1):
            response = await self._once(current, url)
            target = response.header("location")
            if response.status not in MOVED or not target:
                return msgspec.structs.replace(response, moved=moved) if moved else response
            current, url = _redirected(current, url, target, response.status)
            lasting = lasting and response.status in LASTING
            moved = url if lasting else moved
        raise ProtocolChangedError(where=errors.REDIRECTED)

    async def _once(self, request: Request, url: str) -> Response:
        async with self._exchange(request, url) as answer:
            body = await _read(answer, request.cap)
            return Response(answer.status, _headers(answer), body, str(answer.url))

    @asynccontextmanager
    async def _exchange(
        self, request: Request, url: str, pool: aiohttp.ClientSession | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        check_scheme(url, request.insecure)
        check_public(request, url)
        headers = dict(request.headers)
        if request.token:
            headers["Authorization"] = f"Bearer {request.token}"
        timeout = aiohttp.ClientTimeout(total=None, connect=request.connect, sock_read=request.read)
        try:
            async with (pool or self._pool(request, url)).request(
                request.method,
                url,
                data=request.body or None,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
                proxy=self._proxies.of(url),
            ) as answer:
                yield answer
        except ChannelError:
            raise
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _translate(error, request) from None

    async def stream(self, request: Request) -> AsyncIterator[bytes]:
        """See `Client.stream`; `read` bounds the silence, there is no total."""
        async with self._exchange(request, request.url, self._streams) as answer:
            if answer.status != 200 or answer.content_type in NO_STREAM:
                raise errors.RefusedError(answer.status)
            yield b""
            async for piece in answer.content.iter_any():
                yield piece
        raise errors.ClosedError

    async def websocket(
        self,
        url: str,
        *,
        token: str,
        headers: dict[str, str],
        protocols: tuple[str, ...],
        cap: int,
        heartbeat: float,
        insecure: bool,
    ) -> Socket:
        """See `Client.websocket`."""
        check_scheme(url, insecure)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = Request(url=url, total=HANDSHAKE)
        try:
            async with asyncio.timeout(request.total):
                inner = await self._streams.ws_connect(
                    url,
                    headers=headers,
                    protocols=protocols,
                    max_msg_size=cap,
                    heartbeat=heartbeat,
                    autoping=True,
                    decode_text=False,
                    proxy=self._proxies.of(url),
                )
        except aiohttp.WSServerHandshakeError as error:
            raise errors.RefusedError(error.status) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _translate(error, request) from None
        return Socket(inner)

    async def close(self) -> None:
        """Close the pools and give transports a turn to go."""
        for session in (self._shared, self._streams, self._writes, self._foreign):
            await session.close()
        await asyncio.sleep(0)


def _watched() -> aiohttp.TraceConfig:
    """aiohttp follows the redirects of a WebSocket by itself, and its token may be among what goes along."""
    watch = aiohttp.TraceConfig()
    watch.on_request_redirect.append(_check_onward)
    return watch


async def _check_onward(_: aiohttp.ClientSession, __: object, told: aiohttp.TraceRequestRedirectParams) -> None:
    """TLS is never left, as in `_redirected`; ProtocolChangedError."""
    onward = urljoin(str(told.url), told.response.headers.get("Location", ""))
    try:
        check_scheme(onward, told.url.scheme not in SECURE and not is_loopback(told.url.host or ""))
    except ConfigurationError:
        told.response.close()
        raise ProtocolChangedError(where=errors.REDIRECTED) from None


def _headers(answer: aiohttp.ClientResponse) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, value in answer.headers.items())


async def _read(answer: aiohttp.ClientResponse, cap: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in answer.content.iter_any():
        size += len(piece)
        pieces.append(piece)
        if size > cap:
            answer.close()
            raise errors.TooLargeError(cap, b"".join(pieces)[:HEAD])
    return b"".join(pieces)


def _redirected(request: Request, url: str, target: str, status: int) -> tuple[Request, str]:
    """The request as it goes on, or ProtocolChangedError.

    A write follows only 307 and 308 within its origin: everything else would turn it into a read, or hand it to
    somebody else. A token stays within its origin, and TLS is never left.
    """
    onward = urljoin(url, target)
    same = origin(onward) == origin(url)
    leaves_tls = urlsplit(url).scheme in SECURE and urlsplit(onward).scheme not in SECURE
    if leaves_tls or (not request.repeatable and (status not in {307, 308} or not same)):
        raise ProtocolChangedError(where=errors.REDIRECTED)
    changes: dict[str, object] = {}
    if not same:
        kept = tuple(item for item in request.headers if item[0].lower() not in {"authorization", "cookie"})
        changes = {"token": "", "headers": kept}
    if status == 303 or (status in {301, 302} and request.method == "POST"):
        changes |= {"method": "GET", "body": b""}
    return msgspec.structs.replace(request, **changes), onward


def _silence(request: Request) -> ChannelError:
    return TransientError(why=errors.TIMED_OUT) if request.repeatable else AmbiguousError()


def _translate(error: Exception, request: Request) -> ChannelError:
    """What a failed exchange means. Only NOT_SENT proves that nothing was done."""
    log.debug("request failed: %s", type(error).__name__)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return errors.CertificateError()
    if isinstance(error, aiohttp.ClientSSLError):
        return TransientError(why=errors.NO_TLS)
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return TransientError(why=errors.TIMED_OUT)
    if isinstance(error, NOT_SENT):
        return TransientError(why=errors.UNREACHABLE)
    if not request.repeatable:
        return AmbiguousError()
    if isinstance(error, TimeoutError):
        return TransientError(why=errors.TIMED_OUT)
    if isinstance(error, aiohttp.ClientResponseError | ValueError):
        return ProtocolChangedError(where=errors.NOT_HTTP)
    return TransientError(why=errors.BROKEN_OFF)
