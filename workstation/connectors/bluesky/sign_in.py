"""Signing in through the browser as the AT Protocol has it: pushed request (PAR), PKCE, DPoP, a client on loopback.

Nothing is registered: a client called http://localhost is known everywhere, and may be sent back to any port of ours.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from workstation.connectors.bluesky import xrpc
from workstation.connectors.bluesky.addresses import DID, ENTRYWAY, HANDLE, base_address
from workstation.connectors.bluesky.dpop import Key
from workstation.connectors.bluesky.entities import DidDocument, Handle
from workstation.connectors.bluesky.oauth import Asking, Bundle, Tokens, expiry
from workstation.domain.errors import (
    ConfigurationError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
)
from workstation.domain.text import N_
from workstation.net import answers, oauth
from workstation.net.addresses import check_scheme
from workstation.net.asking import utc_now
from workstation.net.client import Client, Request, origin

if TYPE_CHECKING:
    from workstation.connectors.base import SignInPrompt
    from workstation.domain.channels import ChannelConfig

SCOPE = "atproto transition:generic"
WAIT = 300.0
"""Seconds that signing in may take."""
DIRECTORY = "https://plc.directory"
CLIENT_REDIRECT = f"http://127.0.0.1{oauth.PATH}"
NO_SERVER = N_("no server of the AT Protocol that can be signed in to answers there")
UNKNOWN = N_("there is no such account")
OTHER_ISSUER = N_("the answer came from another server than the one that was asked")
OTHER_ACCOUNT = N_("the browser signed in to an account that is not on this server")


class Protected(msgspec.Struct):
    """/.well-known/oauth-protected-resource (RFC 9728)."""

    authorization_servers: tuple[str, ...] = ()


class Issuer(msgspec.Struct, frozen=True):
    """/.well-known/oauth-authorization-server (RFC 8414)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    pushed_authorization_request_endpoint: str = ""
    authorization_response_iss_parameter_supported: bool = False


class Pushed(msgspec.Struct):
    """The answer to a pushed request."""

    request_uri: str


class Described(msgspec.Struct):
    """The answer of com.atproto.repo.describeRepo."""

    did: str


def client_id() -> str:
    """Who we are: a client on loopback, with what it may ask for."""
    return f"http://localhost?{urlencode({'redirect_uri': CLIENT_REDIRECT, 'scope': SCOPE})}"


class Signing:
    """See `connectors.base.SignIn`. `pages` is what the browser shows at the end, in the reader's language."""

    def __init__(
        self, client: Client, pages: oauth.Pages | None = None, wait: float = WAIT, directory: str = DIRECTORY
    ) -> None:
        self._client = client
        self._pages = pages
        self._wait = wait
        self._directory = directory

    async def __call__(
        self, config: "ChannelConfig", open_browser: Callable[[str], None], ask_code: "SignInPrompt | None"
    ) -> str:
        """See SignIn; the network has no codes to be typed."""
        insecure = config.is_on("insecure")
        user = config.user.strip().removeprefix("@").lower()
        home = base_address(config.server)
        if user and not config.server.strip():
            home = await self._home_of(user) or home
        check_scheme(home, insecure)
        issuer = await self._issuer(home, insecure)
        asking = Asking(self._client, Key.fresh(), insecure=insecure)
        async with oauth.receiver(self._pages) as waiting:
            proof = oauth.pkce()
            fields = {
                "client_id": client_id(),
                "response_type": "code",
                "redirect_uri": waiting.address,
                "scope": SCOPE,
                "state": waiting.state,
                "code_challenge": proof.challenge,
                "code_challenge_method": "S256",
            }
            if user:
                fields["login_hint"] = user
            open_browser(await self._pushed(asking, issuer, fields))
            code = await waiting.code(self._wait)
            if waiting.issuer != issuer.issuer and (
                waiting.issuer or issuer.authorization_response_iss_parameter_supported
            ):
                raise PermissionDeniedError(why=OTHER_ISSUER)
            redeemed = {
                "grant_type": "authorization_code",
                "code": code,
                "client_id": client_id(),
                "redirect_uri": waiting.address,
                "code_verifier": proof.verifier,
            }
            tokens = await self._tokens(asking, issuer, redeemed)
        return await self._bundle(asking, issuer, tokens, home, insecure)

    async def _pushed(self, asking: Asking, issuer: Issuer, fields: dict[str, str]) -> str:
        """Hand the request over; the address that the browser opens."""
        response = await asking.form(issuer.pushed_authorization_request_endpoint, fields)
        if not response.good:
            raise asking.refusal(response)
        pushed = xrpc.decoded(response, Pushed, "par")
        query = urlencode({"client_id": fields["client_id"], "request_uri": pushed.request_uri})
        return f"{issuer.authorization_endpoint}?{query}"

    @staticmethod
    async def _tokens(asking: Asking, issuer: Issuer, fields: dict[str, str]) -> Tokens:
        response = await asking.form(issuer.token_endpoint, fields)
        if not response.good:
            raise asking.refusal(response)
        tokens = xrpc.decoded(response, Tokens, "token")
        if (
            tokens.token_type.lower() != "dpop"
            or not DID.fullmatch(tokens.sub)
            or "atproto" not in tokens.scope.split()
        ):
            raise ProtocolChangedError(where="token")
        return tokens

    async def _bundle(self, asking: Asking, issuer: Issuer, tokens: Tokens, home: str, insecure: bool) -> str:
        """The secret, once it is certain that the account's own server trusts who issued it."""
        server = home if await self._hosts(home, tokens.sub, insecure) else await self._home_of(tokens.sub)
        if not server or (server != home and (await self._issuer(server, insecure)).issuer != issuer.issuer):
            raise PermissionDeniedError(why=OTHER_ACCOUNT)
        return Bundle(
            did=tokens.sub,
            server=server,
            issuer=issuer.issuer,
            token_endpoint=issuer.token_endpoint,
            client_id=client_id(),
            access=tokens.access_token,
            refresh=tokens.refresh_token,
            expires=expiry(tokens, utc_now()),
            key=asking.key.text,
        ).text()

    # -- who answers for an account ---------------------------------------------------------------------------------

    async def _hosts(self, server: str, did: str, insecure: bool) -> bool:
        url = f"{server}/xrpc/com.atproto.repo.describeRepo?repo={quote(did, safe=':')}"
        try:
            return (await self._read(url, Described, insecure)).did == did
        except (GoneError, InvalidError, PermissionDeniedError, ProtocolChangedError):
            return False

    async def _home_of(self, account: str) -> str:
        """The server of a handle or DID by its public document; ConfigurationError, empty where it names none."""
        try:
            did = account
            if not DID.fullmatch(account):
                if not HANDLE.fullmatch(account):
                    raise ConfigurationError(field="user", why=UNKNOWN)
                url = f"{ENTRYWAY}/xrpc/com.atproto.identity.resolveHandle?handle={quote(account)}"
                did = (await self._read(url, Handle, insecure=False)).did
            document = await self._read(self._document(did), DidDocument, insecure=False)
        except (GoneError, InvalidError):
            raise ConfigurationError(field="user", why=UNKNOWN) from None
        return document.endpoint("#atproto_pds")

    def _document(self, did: str) -> str:
        if did.startswith("did:web:"):
            return f"https://{did.removeprefix('did:web:').replace('%3A', ':')}/.well-known/did.json"
        return f"{self._directory}/{quote(did, safe=':')}"

    async def _issuer(self, server: str, insecure: bool) -> Issuer:
        """The authorization server that a server trusts, as it describes itself."""
        try:
            protected = await self._read(f"{server}/.well-known/oauth-protected-resource", Protected, insecure)
            name = protected.authorization_servers[0].rstrip("/") if protected.authorization_servers else ""
            found = await self._read(f"{name}/.well-known/oauth-authorization-server", Issuer, insecure)
        except (GoneError, InvalidError, ProtocolChangedError):
            raise ConfigurationError(field="server", why=NO_SERVER) from None
        if found.issuer != name or not found.pushed_authorization_request_endpoint:
            raise ConfigurationError(field="server", why=NO_SERVER)
        for endpoint in (found.authorization_endpoint, found.token_endpoint):
            check_scheme(endpoint, insecure)
        return found

    async def _read(self, url: str, kind: type[xrpc.T], insecure: bool) -> xrpc.T:
        """A public document."""
        if not urlsplit(url).netloc:
            raise ProtocolChangedError(where="oauth")
        request = Request(url=url, headers=xrpc.JSON, redirects=2, insecure=insecure)
        response = await self._client.request(request)
        if not response.good:
            raise answers.failure(response, utc_now(), write=False)
        return xrpc.decoded(response, kind, origin(url))
