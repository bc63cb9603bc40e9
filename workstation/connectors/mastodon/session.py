"""One signed-in account on one server: asks within its rate limits, and finds out what server it is."""

import codecs
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from workstation.connectors.mastodon import answers
from workstation.connectors.mastodon.entities import Credentials
from workstation.connectors.mastodon.instance import (
    InstanceV1,
    InstanceV2,
    NodeInfo,
    NodeLinks,
    Server,
    from_v1,
    from_v2,
)
from workstation.connectors.mastodon.requests import Api
from workstation.domain.channels import RateHint
from workstation.domain.errors import (
    AuthExpiredError,
    ChannelError,
    ConfigurationError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
    RateLimitedError,
    UnsupportedError,
)
from workstation.domain.messages import Micros
from workstation.domain.text import N_, lazy
from workstation.net.client import Client, Request, Response, origin
from workstation.net.limits import Lane, Limiter
from workstation.net.retry import Backoff

T = TypeVar("T")
Clock = Callable[[], Micros]
UNSAID = 5.0
"""Seconds to wait after the first refusal of a server that does not say how long; each further one doubles it."""
READS, POSTS, DELETIONS, WRITES, UPLOADS = "reads", "posts", "deletions", "writes", "uploads"
ELSEWHERE = N_("the server answers at {address}")
NO_API = N_("there is no account of the Mastodon API at {address}; is this the address of the server?")
VERIFY = "/api/v1/accounts/verify_credentials"

ABSENT = (
    AuthExpiredError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
    UnsupportedError,
)
"""What servers answer, each in its way, where they do not have something or the token may not see it."""


def utc_now() -> Micros:
    """Microseconds UTC."""
    return time.time_ns() // 1_000


def bucket(request: Request) -> str:
    """Which of a server's limits a request counts against.

    Mastodon: 30 deletions in 30 minutes, as many uploads, 300 others in 5.
    """
    path = request.url.partition("?")[0]
    if request.method == "GET":
        return READS
    if request.method == "DELETE" or path.endswith("/unreblog"):
        return DELETIONS
    if path.endswith("/media"):
        return UPLOADS
    return POSTS if path.endswith("/api/v1/statuses") else WRITES


class Session:
    """Asks a server on behalf of an account. Errors are those of `domain.errors`."""

    def __init__(self, api: Api, client: Client, now: Clock = utc_now) -> None:
        self.api = api
        self.client = client
        self.now = now
        self.patience = 0
        """Microseconds to wait for a turn before RateLimitedError says so; 0: as long as the server wants."""
        self._limiters: dict[str, Limiter] = {}
        self._refusals: dict[str, Backoff] = {}

    async def ask(self, request: Request, lane: Lane) -> Response:
        """The good answer to a request; the error that any other one means."""
        write = not request.repeatable
        response = await self.raw(request, lane)
        if response.status == 429:
            raise RateLimitedError(retry_at=self.limiter(bucket(request)).opens_at(lane))
        return answers.check(response, self.now(), write=write)

    async def raw(self, request: Request, lane: Lane) -> Response:
        """The answer of whatever status; its rate hints are heeded."""
        limiter = self.limiter(bucket(request))
        opens = limiter.opens_at(lane)
        if 0 < self.patience < opens - self.now():
            raise RateLimitedError(retry_at=opens)
        async with limiter.turn(lane):
            response = await self.client.request(request)
        if response.body.startswith(codecs.BOM_UTF8):
            response = msgspec.structs.replace(response, body=response.body.removeprefix(codecs.BOM_UTF8))
        now = self.now()
        hint = answers.rate(response, now)
        if hint is not None:
            limiter.heard(hint)
        refusals = self._refusals.setdefault(bucket(request), Backoff(UNSAID, 60.0))
        if response.status == 429:
            limiter.blocked(answers.retry_at(response, now, int(refusals.next() * 1_000_000)))
        else:
            refusals.reset()
        return response

    def limiter(self, name: str) -> Limiter:
        """The limiter of a bucket. What one bucket's answers tell must not stop the others: deletions are scarce."""
        if name not in self._limiters:
            self._limiters[name] = Limiter(self.now)
        return self._limiters[name]

    @property
    def rate(self) -> RateHint:
        """What the server last said of the bucket that most requests come from."""
        return self.limiter(READS).hint

    async def get(self, path: str, params: tuple[tuple[str, str], ...] = (), lane: Lane = Lane.CATCH_UP) -> Response:
        """A read."""
        return await self.ask(self.api.get(path, params), lane)

    async def credentials(self) -> Credentials:
        """Whom the token belongs to; AuthExpiredError, ProtocolChangedError where nothing of this API answers."""
        try:
            return answers.decoded(await self.get(VERIFY), Credentials, "verify_credentials")
        except (GoneError, InvalidError, UnsupportedError, ProtocolChangedError):
            raise ProtocolChangedError(where=lazy(NO_API, address=self.api.base)) from None

    async def server(self, path: str = "") -> Server:
        """What the server says of itself: instance v2, else v1, else what its address tells; without `node`.

        `path` is where below its host it may be. A redirect that adds a path is followed for good: writes go there too.
        """
        root, found = self.api, None
        if path:
            self.api = msgspec.structs.replace(root, base=root.base + path)
            found = await self._instance()
        if found is None:
            self.api = root
            found = await self._instance() or Server("", "")
        return msgspec.structs.replace(found, domain=found.domain or urlsplit(root.base).hostname or "")

    async def _instance(self) -> Server | None:
        return await self._v2() or await self._v1()

    async def _v2(self) -> Server | None:
        path = "/api/v2/instance"
        response = await self.raw(self.api.get(path), Lane.CATCH_UP)
        if response.status >= 500:
            return None  # some answer so to everything they do not have
        try:
            return self._described(response, path, from_v2(self._told(response, InstanceV2)))
        except ABSENT:
            return None

    async def _v1(self) -> Server | None:
        path = "/api/v1/instance"
        response = await self.raw(self.api.get(path), Lane.CATCH_UP)
        try:
            return self._described(response, path, from_v1(self._told(response, InstanceV1)))
        except ABSENT:
            return None

    def _told(self, response: Response, kind: type[T]) -> T:
        return answers.decoded(answers.check(self._at_home(response), self.now()), kind, "instance")

    def _described(self, response: Response, path: str, found: Server) -> Server | None:
        self._settle(response.url, path)
        return found if found.domain or found.version else None

    def _at_home(self, response: Response) -> Response:
        """The response, if no redirect led to another server: the token would be worthless there."""
        if origin(response.url) != origin(self.api.base):
            raise ConfigurationError(field="server", why=ELSEWHERE.format(address=origin(response.url)))
        return response

    def _settle(self, landed: str, path: str) -> None:
        """Take the path that a redirect put before ours for part of the server's address."""
        parts = urlsplit(landed)
        before, found, after = parts.path.rstrip("/").rpartition(path)
        if found and not after:
            self.api = msgspec.structs.replace(self.api, base=f"{parts.scheme}://{parts.netloc}{before}")

    async def node(self) -> str:
        """Software by nodeinfo, asked without the token; empty where there is none."""
        public = msgspec.structs.replace(self.api, token="")
        try:
            known = await self.ask(public.get("/.well-known/nodeinfo"), Lane.CATCH_UP)
            links = answers.decoded(known, NodeLinks, "nodeinfo").links
            href = next((link.href for link in reversed(links) if "nodeinfo.diaspora.software" in link.rel), "")
            if origin(href) != origin(self.api.base):
                return ""
            request = msgspec.structs.replace(public.get(""), url=href)
            info = answers.decoded(await self.ask(request, Lane.CATCH_UP), NodeInfo, "nodeinfo")
        except RateLimitedError:
            raise
        except (ChannelError, ValueError):
            return ""
        return info.software.name[:40] if info.software else ""

    def close(self) -> None:
        """Stop the limiters' clocks."""
        for limiter in self._limiters.values():
            limiter.close()
