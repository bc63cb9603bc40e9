"""Signing in through the browser: registered on each server, PKCE where it is offered, a code by hand elsewhere."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from workstation.connectors.mastodon import answers
from workstation.connectors.mastodon.capabilities import ADMIN_SCOPES
from workstation.connectors.mastodon.entities import Application, AuthorizationServer, Token
from workstation.connectors.mastodon.requests import Api, base_address
from workstation.domain.errors import (
    ChannelError,
    ConfigurationError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
)
from workstation.domain.text import N_
from workstation.net import oauth
from workstation.net.asking import utc_now
from workstation.net.client import Client, Request, Response, origin

if TYPE_CHECKING:
    from workstation.connectors.base import SignInPrompt
    from workstation.domain.channels import ChannelConfig

APP_NAME = "Meridian"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
WAIT = 300.0
"""Seconds that signing in may take."""
BASIC = ("read", "write")
NOT_A_SERVER = N_("no server that can be signed in to answers there")


class Endpoints(msgspec.Struct, frozen=True):
    """Where to sign in, and how."""

    authorize: str
    token: str
    register: str
    scopes: tuple[str, ...]
    pkce: bool = False


class Signing:
    """See `connectors.base.SignIn`. `pages` is what the browser shows at the end, in the reader's language.

    Each sign-in registers the application anew with the redirect address of this time: the port is the system's choice,
    and registrations cost nothing. Nothing of them has to be kept.
    """

    def __init__(self, client: Client, pages: oauth.Pages | None = None, wait: float = WAIT) -> None:
        self._client = client
        self._pages = pages
        self._wait = wait

    async def __call__(
        self, config: "ChannelConfig", open_browser: Callable[[str], None], ask_code: "SignInPrompt | None"
    ) -> str:
        """See SignIn."""
        insecure = config.is_on("insecure")
        api = Api(base_address(config.server), insecure=insecure)
        found = await self._endpoints(api)
        try:
            return await self._by_redirect(api, found, open_browser)
        except (InvalidError, OSError):
            if ask_code is None:
                raise
            # The server refuses addresses of this machine, or no port can be had.
            return await self._by_hand(api, found, ask_code)

    async def _endpoints(self, api: Api) -> Endpoints:
        """What the server says of itself (RFC 8414, since 4.3); where it does not, what servers have always had."""
        usual = Endpoints(f"{api.base}/oauth/authorize", f"{api.base}/oauth/token", f"{api.base}/api/v1/apps", BASIC)
        try:
            response = await self._ask(api.get("/.well-known/oauth-authorization-server"))
            told = answers.decoded(response, AuthorizationServer, "oauth")
        except ChannelError:
            return usual
        scopes = (*BASIC, *(scope for scope in ADMIN_SCOPES if scope in (told.scopes_supported or ())))
        return Endpoints(
            self._same(told.authorization_endpoint, api) or usual.authorize,
            self._same(told.token_endpoint, api) or usual.token,
            self._same(told.app_registration_endpoint, api) or usual.register,
            scopes,
            "S256" in (told.code_challenge_methods_supported or ()),
        )

    @staticmethod
    def _same(address: str, api: Api) -> str:
        """The address if it is on the server itself: nobody is sent elsewhere with a password."""
        try:
            return address if address and origin(address) == origin(api.base) else ""
        except ValueError:
            return ""

    async def _by_redirect(self, api: Api, found: Endpoints, open_browser: Callable[[str], None]) -> str:
        async with oauth.receiver(self._pages) as waiting:
            scopes = found.scopes
            app = await self._register(api, found, waiting.address, scopes)
            proof = oauth.pkce() if found.pkce else None
            open_browser(_address(found, app, waiting.address, scopes, waiting.state, proof))
            code = await waiting.code(self._wait)
            return await self._redeem(api, found, app, waiting.address, code, proof)

    async def _by_hand(self, api: Api, found: Endpoints, ask_code: "SignInPrompt") -> str:
        app = await self._register(api, found, OUT_OF_BAND, found.scopes)
        proof = oauth.pkce() if found.pkce else None
        code = await ask_code(_address(found, app, OUT_OF_BAND, found.scopes, "", proof))
        if not code.strip():
            raise PermissionDeniedError(why="")
        return await self._redeem(api, found, app, OUT_OF_BAND, code.strip(), proof)

    async def _register(self, api: Api, found: Endpoints, redirect: str, scopes: tuple[str, ...]) -> Application:
        body = {"client_name": APP_NAME, "redirect_uris": redirect, "scopes": " ".join(scopes)}
        try:
            response = await self._ask(api.form(found.register, body))
            app = answers.decoded(response, Application, "apps")
        except ProtocolChangedError:
            raise ConfigurationError(field="server", why=NOT_A_SERVER) from None
        if not app.client_id:
            raise ProtocolChangedError(where="apps")
        return app

    async def _redeem(
        self, api: Api, found: Endpoints, app: Application, redirect: str, code: str, proof: oauth.Pkce | None
    ) -> str:
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": app.client_id or "",
            "client_secret": app.client_secret or "",
            "redirect_uri": redirect,
        }
        if proof is not None:
            body["code_verifier"] = proof.verifier
        # A code is good for one time only: where no answer comes, the agent signs in again.
        response = await self._ask(api.form(found.token, body))
        return answers.decoded(response, Token, "token").access_token

    async def _ask(self, request: Request) -> Response:
        return answers.check(await self._client.request(request), utc_now())


def _address(
    found: Endpoints, app: Application, redirect: str, scopes: tuple[str, ...], state: str, proof: oauth.Pkce | None
) -> str:
    query = {
        "response_type": "code",
        "client_id": app.client_id or "",
        "redirect_uri": redirect,
        "scope": " ".join(scopes),
    }
    if state:
        query["state"] = state
    if proof is not None:
        query |= {"code_challenge": proof.challenge, "code_challenge_method": "S256"}
    return f"{found.authorize}?{urlencode(query)}"
