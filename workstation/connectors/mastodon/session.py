"""One signed-in account on one server: asks within its rate limits, and finds out what server it is."""

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
from workstation.domain.text import N_, lazy
from workstation.net.asking import Asker, Clock, utc_now
from workstation.net.client import Client, Response, origin
from workstation.net.limits import Lane

T = TypeVar("T")
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


class Session(Asker):
    """Asks a server on behalf of an account. Errors are those of `domain.errors`."""

    def __init__(self, api: Api, client: Client, now: Clock = utc_now) -> None:
        super().__init__(client, answers.MastodonDialect(), now)
        self.api = api

    @property
    def reads(self) -> RateHint:
        """What the server last said of the bucket that most requests come from."""
        return self.rate(answers.READS)

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
