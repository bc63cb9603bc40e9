"""An account that was signed in to through the browser: tokens bound to a key of our own, renewed as they are used.

The secret of such a channel is a JSON bundle. Each renewal ends the refresh token before it, so the bundle that comes
of it is kept before anything is done with it.
"""

import asyncio
from urllib.parse import urlencode

import msgspec

from workstation.connectors.base import Renewed
from workstation.connectors.bluesky import xrpc
from workstation.connectors.bluesky.addresses import DID
from workstation.connectors.bluesky.dpop import Key
from workstation.connectors.bluesky.media import UNREADABLE
from workstation.connectors.bluesky.session import MARGIN, SECOND, Session
from workstation.connectors.bluesky.xrpc import Api
from workstation.domain.errors import (
    AuthExpiredError,
    ChannelError,
    ConfigurationError,
    InvalidError,
    ProtocolChangedError,
)
from workstation.domain.messages import Micros
from workstation.domain.text import N_
from workstation.net import answers
from workstation.net.asking import Clock, utc_now
from workstation.net.client import Client, Request, Response, origin
from workstation.net.plain import one_line

NOT_OURS = N_("it is neither an app password nor a sign-in made by Meridian")
NONCE = "use_dpop_nonce"


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """All that a sign-in is. `expires` in seconds since 1970, 0 where it is not known."""

    v: int = 1
    did: str
    server: str
    issuer: str
    token_endpoint: str
    client_id: str
    access: str
    refresh: str = ""
    expires: int = 0
    key: str

    def __repr__(self) -> str:
        return "Bundle()"

    def text(self) -> str:
        """The secret."""
        return msgspec.json.encode(self).decode()


class Tokens(msgspec.Struct):
    """The answer of a token endpoint."""

    access_token: str
    token_type: str = ""
    refresh_token: str = ""
    expires_in: int = 0
    sub: str = ""
    scope: str = ""

    def __repr__(self) -> str:
        return "Tokens()"


class Trouble(msgspec.Struct):
    """An error of OAuth (RFC 6749, 5.2)."""

    error: str = ""
    error_description: str = ""


class Nonces:
    """The latest nonce of each server."""

    def __init__(self) -> None:
        self._latest: dict[str, str] = {}

    def of(self, url: str) -> str:
        """The nonce to use, or empty."""
        return self._latest.get(origin(url), "")

    def heard(self, url: str, response: Response) -> bool:
        """Note the nonce in an answer; whether the request was refused for want of it."""
        nonce = response.header("dpop-nonce")
        if not nonce or len(nonce) > 1_000:
            return False
        self._latest[origin(url)] = nonce
        if response.status == 401:
            return NONCE in response.header("www-authenticate") or trouble(response).error == NONCE
        return response.status == 400 and trouble(response).error == NONCE


def trouble(response: Response) -> Trouble:
    """What an answer says is wrong; empty where it cannot be read."""
    try:
        return msgspec.json.decode(response.body, type=Trouble)
    except UNREADABLE:
        return Trouble()


class Asking:
    """Forms to an authorization server, each with a proof, again with the nonce that it asks for."""

    def __init__(self, client: Client, key: Key, now: Clock = utc_now, *, insecure: bool = False) -> None:
        self._client, self.key, self._now, self._insecure = client, key, now, insecure
        self.nonces = Nonces()

    async def form(self, url: str, fields: dict[str, str]) -> Response:
        """The answer, whatever its status."""
        response = await self._once(url, fields)
        return await self._once(url, fields) if self.nonces.heard(url, response) else response

    async def _once(self, url: str, fields: dict[str, str]) -> Response:
        proof = self.key.proof("POST", url, self._now(), nonce=self.nonces.of(url))
        request = Request(
            method="POST",
            url=url,
            headers=(
                ("Accept", "application/json"),
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("DPoP", proof),
            ),
            body=urlencode(fields).encode(),
            redirects=0,
            insecure=self._insecure,
        )
        response = await self._client.request(request)
        self.nonces.heard(url, response)
        return response

    def refusal(self, response: Response) -> ChannelError:
        """What an answer that is not good means."""
        said = trouble(response)
        if said.error in {"invalid_grant", "invalid_token", "invalid_dpop_proof"}:
            return AuthExpiredError()
        if response.status in {400, 401, 403}:
            return InvalidError(why=one_line(said.error_description or said.error or str(response.status)))
        return answers.failure(response, self._now(), write=False)


class BrowserSignIn:
    """See `session.SignIn`."""

    def __init__(self, bundle: Bundle, key: Key, client: Client, now: Clock = utc_now, *, insecure: bool) -> None:
        self._bundle = bundle
        self._asking = Asking(client, key, now, insecure=insecure)
        self._now = now
        self._api = Api(bundle.server, insecure)
        self._keep: Renewed | None = None
        self._turn = asyncio.Lock()

    @classmethod
    def of(cls, secret: str, client: Client, now: Clock = utc_now, *, insecure: bool = False) -> "BrowserSignIn":
        """The sign-in in a secret; ConfigurationError."""
        try:
            bundle = msgspec.json.decode(secret, type=Bundle)
            key = Key.of(bundle.key)
        except UNREADABLE:
            raise ConfigurationError(field="secret", why=NOT_OURS) from None
        if not DID.fullmatch(bundle.did):
            raise ConfigurationError(field="secret", why=NOT_OURS)
        return cls(bundle, key, client, now, insecure=insecure)

    def on_renewed(self, keep: Renewed) -> None:
        """See RenewsSecret."""
        self._keep = keep

    @property
    def api(self) -> Api:
        """See SignIn."""
        return self._api

    @property
    def did(self) -> str:
        """See SignIn."""
        return self._bundle.did

    async def ready(self, session: Session) -> None:
        """See SignIn."""
        if not self._is_due():
            return
        async with self._turn:
            if self._is_due():
                await self._refresh()

    def _is_due(self) -> bool:
        return 0 < self._bundle.expires * SECOND <= self._now() + MARGIN // 5

    def signed(self, request: Request) -> Request:
        """See SignIn."""
        token = self._bundle.access
        nonce = self._asking.nonces.of(request.url)
        proof = self._asking.key.proof(request.method, request.url, self._now(), nonce=nonce, token=token)
        headers = (*request.headers, ("Authorization", f"DPoP {token}"), ("DPoP", proof))
        return msgspec.structs.replace(request, headers=headers)

    def heard(self, response: Response) -> bool:
        """See SignIn."""
        return self._asking.nonces.heard(self._api.base, response)

    async def renew(self, session: Session, used: Request) -> None:
        """See SignIn."""
        async with self._turn:
            if ("Authorization", f"DPoP {self._bundle.access}") in used.headers:
                await self._refresh()

    async def _refresh(self) -> None:
        held = self._bundle
        if not held.refresh:
            raise AuthExpiredError
        fields = {"grant_type": "refresh_token", "refresh_token": held.refresh, "client_id": held.client_id}
        response = await self._asking.form(held.token_endpoint, fields)
        if not response.good:
            raise self._asking.refusal(response)
        tokens = xrpc.decoded(response, Tokens, "token")
        if tokens.sub not in ("", held.did):
            raise ProtocolChangedError(where="token")  # somebody else's: never act under another name
        renewed = msgspec.structs.replace(
            held,
            access=tokens.access_token,
            refresh=tokens.refresh_token or held.refresh,
            expires=expiry(tokens, self._now()),
        )
        if self._keep is not None:
            await self._keep(renewed.text())
        self._bundle = renewed


def expiry(tokens: Tokens, now: Micros) -> int:
    """When an access token ends, in seconds since 1970; 0 where it is not told."""
    return now // SECOND + tokens.expires_in if 0 < tokens.expires_in < 10**9 else 0
