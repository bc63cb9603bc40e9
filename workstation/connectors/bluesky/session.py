"""One signed-in account: asks within its rate limits, with a token that is renewed before and when it expires."""

import asyncio
import base64
from typing import Protocol

import msgspec

from workstation.connectors.bluesky import xrpc
from workstation.connectors.bluesky.addresses import DID
from workstation.connectors.bluesky.entities import DidDocument, ServerDescription, SignedIn
from workstation.connectors.bluesky.media import UNREADABLE
from workstation.connectors.bluesky.xrpc import Api, Params
from workstation.domain.channels import RateHint
from workstation.domain.errors import (
    AuthExpiredError,
    ChannelError,
    ConfigurationError,
    PermissionDeniedError,
    ProtocolChangedError,
    RateLimitedError,
)
from workstation.domain.messages import Micros
from workstation.domain.text import N_
from workstation.net.addresses import check_scheme, is_loopback
from workstation.net.asking import Asker, Clock, utc_now
from workstation.net.client import ANSWER_CAP, Client, Request, Response, origin
from workstation.net.limits import Lane

MARGIN: Micros = 300_000_000
"""A token is renewed when so much of its time is left, or a tenth of it where that is less."""
SECOND: Micros = 1_000_000
RENEWALS = 2
"""Tokens that are tried for one request."""
NO_APP_PASSWORD = N_("the account asks for a second factor; make an app password in its settings and enter that")
NOT_A_SERVER = N_("no server of the AT Protocol answers there")


class SignIn(Protocol):
    """How requests of an account are signed; shared by all that run at once."""

    @property
    def api(self) -> Api:
        """The server of the account, once `ready`."""

    @property
    def did(self) -> str:
        """Whose account it is, once `ready`."""

    async def ready(self, session: "Session") -> None:
        """Sign in where that has not been done, and renew what is about to expire."""

    def signed(self, request: Request) -> Request:
        """The request with what proves who asks."""

    def heard(self, response: Response) -> bool:
        """Note what an answer tells; whether the same request is to be signed anew and repeated at once."""

    async def renew(self, session: "Session", used: Request) -> None:
        """Replace the token that `used` was signed with, unless somebody else has; AuthExpiredError."""


class Session(Asker):
    """Asks the account's server. Errors are those of `domain.errors`."""

    def __init__(self, sign: SignIn, client: Client, now: Clock = utc_now) -> None:
        super().__init__(client, xrpc.BlueskyDialect(), now)
        self.sign = sign

    @property
    def api(self) -> Api:
        """Builds requests to the account's server."""
        return self.sign.api

    @property
    def did(self) -> str:
        """Whose account it is."""
        return self.sign.did

    @property
    def reads(self) -> RateHint:
        """What the server last said of the bucket that most requests come from."""
        return self.rate(xrpc.READS)

    async def query(
        self,
        nsid: str,
        params: Params = (),
        lane: Lane = Lane.CATCH_UP,
        *,
        proxy: str = "",
        cap: int = ANSWER_CAP,
    ) -> Response:
        """A read."""
        await self.sign.ready(self)
        return await self.ask(self.api.query(nsid, params, proxy=proxy, cap=cap), lane)

    async def procedure(
        self, nsid: str, body: dict[str, object], *, proxy: str = "", repeatable: bool = False
    ) -> Response:
        """A write."""
        await self.sign.ready(self)
        return await self.ask(self.api.procedure(nsid, body, proxy=proxy, repeatable=repeatable), Lane.WRITE)

    async def ask(self, request: Request, lane: Lane) -> Response:
        """See Asker. Another service that does not know us is no reason to sign in again."""
        try:
            return await super().ask(request, lane)
        except AuthExpiredError:
            if xrpc.is_proxied(request):
                raise PermissionDeniedError(why="") from None
            raise

    async def raw(self, request: Request, lane: Lane) -> Response:
        """The answer of whatever status, asked with a token that holds. What a token was refused for was not done."""
        renewed = 0
        while True:
            await self.sign.ready(self)
            signed = self.sign.signed(request)
            response = await super().raw(signed, lane)
            if self.sign.heard(response) and renewed < RENEWALS:
                renewed += 1
                continue
            if not xrpc.is_expired(request, response) or renewed >= RENEWALS:
                return response
            renewed += RENEWALS
            await self.sign.renew(self, signed)

    async def bare(self, request: Request) -> Response:
        """An answer to a request that is signed already, or needs no signature."""
        response = await super().raw(request, Lane.WRITE)
        if response.status == 429:
            bucket = self._dialect.bucket(request)
            raise RateLimitedError(retry_at=self.limiter(bucket).opens_at(Lane.WRITE))
        return response

    def failure(self, response: Response) -> ChannelError:
        """The error that a bare answer means."""
        return self._dialect.failure(response, self.now(), write=False)


class PasswordSignIn:
    """Signs in with the account's name and an app password, renews by the refresh token, signs in again by itself."""

    def __init__(self, home: Api, user: str, password: str) -> None:
        self._home = home
        self._user, self._password = user, password
        self._api = home
        self._held: SignedIn | None = None
        self._expires: Micros = 0
        self._margin = MARGIN
        self._turn = asyncio.Lock()

    @property
    def api(self) -> Api:
        """See SignIn."""
        return self._api

    @property
    def did(self) -> str:
        """See SignIn."""
        return self._held.did if self._held is not None else ""

    @property
    def handle(self) -> str:
        """The account's handle as the server told it."""
        return self._held.handle if self._held is not None else ""

    async def ready(self, session: Session) -> None:
        """See SignIn."""
        held = self._held
        if held is not None and not self._is_due(session.now()):
            return
        async with self._turn:
            if self._held is None:
                await self._create(session)
            elif self._is_due(session.now()):
                await self._refresh(session)

    def _is_due(self, now: Micros) -> bool:
        return 0 < self._expires <= now + self._margin

    def signed(self, request: Request) -> Request:
        """See SignIn."""
        return msgspec.structs.replace(request, token=self._held.access_jwt if self._held is not None else "")

    def heard(self, response: Response) -> bool:
        """See SignIn."""
        return False

    async def renew(self, session: Session, used: Request) -> None:
        """See SignIn."""
        async with self._turn:
            if self._held is not None and self._held.access_jwt != used.token:
                return
            await self._refresh(session)

    async def _refresh(self, session: Session) -> None:
        """A new token by the refresh token; where that is refused, by the password."""
        held = self._held
        if held is None or not held.refresh_jwt:
            await self._create(session)
            return
        request = msgspec.structs.replace(
            self._home.procedure("com.atproto.server.refreshSession", repeatable=True), token=held.refresh_jwt
        )
        response = await session.bare(request)
        if response.status in {400, 401, 403}:
            await self._create(session)
            return
        if not response.good:
            raise session.failure(response)
        await self._keep(session, xrpc.decoded(response, SignedIn, "refreshSession"))

    async def _create(self, session: Session) -> None:
        body: dict[str, object] = {"identifier": self._user, "password": self._password}
        response = await session.bare(self._home.procedure("com.atproto.server.createSession", body, repeatable=True))
        if not response.good:
            raise _refused(session, response)
        try:
            found = xrpc.decoded(response, SignedIn, "createSession")
        except ProtocolChangedError:
            raise ConfigurationError(field="server", why=NOT_A_SERVER) from None
        await self._keep(session, found)

    async def _keep(self, session: Session, found: SignedIn) -> None:
        if not DID.fullmatch(found.did) or not found.access_jwt:
            raise ProtocolChangedError(where="createSession")
        issued, self._expires = lifetime(found.access_jwt)
        life = self._expires - issued if issued else MARGIN * 10
        self._margin = min(MARGIN, max(life // 10, SECOND))
        if self._expires and self._expires <= session.now() + self._margin:
            self._expires = 0  # clocks differ: the server will tell when it has expired
        document = found.did_doc or (self._held.did_doc if self._held is not None else None)
        before = self._held
        self._held = msgspec.structs.replace(found, did_doc=document)
        if before is None and document is not None:
            self._api = await self._settled(session, document, found.access_jwt)

    async def _settled(self, session: Session, document: DidDocument, token: str) -> Api:
        """The server that has the account: of an entryway, the one that the account's document names.

        A server that the token is meant for is it already, by whatever name it was reached.
        """
        endpoint = document.endpoint("#atproto_pds")
        if not endpoint or _same(endpoint, self._home.base):
            return self._home
        audience = claims(token).get("aud", "")
        response = await session.bare(self._home.query("com.atproto.server.describeServer"))
        try:
            itself = xrpc.decoded(response, ServerDescription, "describeServer").did if response.good else ""
        except ProtocolChangedError:
            itself = ""
        if not itself or not audience or itself == audience:
            return self._home
        check_scheme(endpoint, self._home.insecure)
        return Api(endpoint, self._home.insecure)


def _same(first: str, second: str) -> bool:
    try:
        one, other = origin(first), origin(second)
    except ValueError:
        return True  # no address that anything could be sent to
    if one == other:
        return True
    hosts = [text.partition("://")[2].rpartition(":") for text in (one, other)]
    return all(is_loopback(host) for host, _, _ in hosts) and hosts[0][2] == hosts[1][2]


def _refused(session: Session, response: Response) -> ChannelError | ConfigurationError:
    failure = xrpc.told(response)
    if failure.error == "AuthFactorTokenRequired":
        return ConfigurationError(field="secret", why=NO_APP_PASSWORD)
    if response.status == 404 or (response.status in {405, 501} and not failure.error):
        return ConfigurationError(field="server", why=NOT_A_SERVER)
    return session.failure(response)


def claims(token: str) -> dict[str, object]:
    """What a JWT says; empty where it is none. It is the server's own word to itself, so nothing is verified."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        data = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        return msgspec.json.decode(data, type=dict[str, object])
    except UNREADABLE:
        return {}


def lifetime(token: str) -> tuple[Micros, Micros]:
    """When a token was issued and when it expires; 0 where it does not say."""
    said = claims(token)
    issued, expires = said.get("iat"), said.get("exp")
    return (
        int(issued) * SECOND if isinstance(issued, int | float) and 0 < issued < 1e11 else 0,
        int(expires) * SECOND if isinstance(expires, int | float) and 0 < expires < 1e11 else 0,
    )
