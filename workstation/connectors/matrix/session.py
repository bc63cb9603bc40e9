"""One signed-in account on one homeserver: finds the server, signs in, renews the sign-in, asks within its limits."""

import asyncio
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from workstation.connectors.matrix import answers, names, unpack
from workstation.connectors.matrix.api import V3, Api
from workstation.domain.errors import (
    AuthExpiredError,
    ChannelError,
    ConfigurationError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
    TransientError,
    UnsupportedError,
)
from workstation.domain.messages import Micros
from workstation.domain.text import N_, lazy
from workstation.net.asking import Asker, Clock
from workstation.net.client import Client, Request, Response
from workstation.net.limits import Lane
from workstation.net.plain import one_line

if TYPE_CHECKING:
    from workstation.connectors.base import Renewed

NO_HOMESERVER = N_("no Matrix homeserver answers at {address}")
OTHER_USER = N_("the sign-in belongs to {user}")
NO_PASSWORDS = N_("this homeserver does not take passwords: enter an access token")
PROXIES = {"nginx", "openresty", "cloudflare", "caddy", "apache", "envoy", "istio-envoy", "haproxy", "traefik"}
EARLY: Micros = 60_000_000
"""How long before its end a token is renewed."""
NOT_THERE = (GoneError, InvalidError, PermissionDeniedError, ProtocolChangedError, UnsupportedError, AuthExpiredError)


class Tokens(msgspec.Struct, frozen=True):
    """A sign-in: `expires_at` is 0 where it lasts. The secret of a channel may be one of these as JSON."""

    access_token: str = ""
    refresh_token: str = ""
    expires_at: Micros = 0

    def __repr__(self) -> str:
        return "Tokens()"


class SignInData(msgspec.Struct, frozen=True):
    """What a channel signs in with: tokens, or a user and a password."""

    user: str
    tokens: Tokens
    password: str = ""
    device: str = ""

    def __repr__(self) -> str:
        return "SignInData()"


def sign_in_data(user: str, secret: str, auth: str, channel: str) -> SignInData:
    """Read a channel's secret. `channel` names the device: the same at every start, so that none pile up."""
    if auth == "password":
        device = hashlib.blake2b(f"{user} {channel}".encode(errors="replace"), digest_size=5).hexdigest().upper()
        return SignInData(user, Tokens(), secret, f"MERIDIAN{device}")
    if secret.startswith("{"):
        with suppress(msgspec.MsgspecError):
            return SignInData(user, msgspec.json.decode(secret, type=Tokens))
    return SignInData(user, Tokens(secret))


class Session(Asker):
    """Asks a homeserver on behalf of an account. Errors are those of `domain.errors`."""

    def __init__(self, api: Api, data: SignInData, client: Client, now: Clock) -> None:
        super().__init__(client, answers.MatrixDialect(), now)
        self.api = api
        self.user = ""
        self.versions: frozenset[str] = frozenset()
        self.software = ""
        self.keep: Renewed | None = None
        self._data = data
        self._tokens = data.tokens
        self._renewing = asyncio.Lock()

    @property
    def expires_at(self) -> Micros:
        """When the sign-in ends unless it is renewed, which happens by itself; 0 where it cannot be renewed."""
        return 0 if self._tokens.refresh_token or self._data.password else self._tokens.expires_at

    async def ask(self, request: Request, lane: Lane) -> Response:
        """See Asker; a sign-in that has run out is renewed once, which a refused request did not get past."""
        if 0 < self._tokens.expires_at < self.now() + EARLY:
            with suppress(AuthExpiredError):
                await self._renew(self._tokens)
        used = self._tokens
        try:
            return await super().ask(self._signed(request), lane)
        except AuthExpiredError:
            await self._renew(used)
            return await super().ask(self._signed(request), lane)

    def _signed(self, request: Request) -> Request:
        return msgspec.structs.replace(request, token=self._tokens.access_token)

    async def get(self, request: Request, where: str, lane: Lane = Lane.CATCH_UP) -> unpack.Values:
        """The object that a read answers with."""
        return answers.decoded(await self.ask(request, lane), where)

    async def put(self, request: Request) -> unpack.Values:
        """The object that a write answers with; AmbiguousError where it cannot be read."""
        return answers.decoded(await self.ask(request, Lane.WRITE), "write", write=True)

    # -- the server ----------------------------------------------------------------------------------------------

    async def find_server(self) -> None:
        """Take the typed address, or the one that its domain names, for the homeserver's. ProtocolChangedError."""
        typed = self.api
        if await self._is_homeserver():
            return
        named = await self._well_known()
        if named and named != typed.base:
            self.api = msgspec.structs.replace(typed, base=named)
            if await self._is_homeserver():
                return
        self.api = typed
        raise ProtocolChangedError(where=lazy(NO_HOMESERVER, address=typed.base))

    async def _is_homeserver(self) -> bool:
        try:
            response = await super().ask(self.api.get("/_matrix/client/versions"), Lane.CATCH_UP)
            told = answers.decoded(response, "versions")
        except NOT_THERE:
            return False
        features = unpack.values(told, "unstable_features")
        stable = {name for name, on in features.items() if on is True and name.startswith("org.matrix.msc3916")}
        self.versions = frozenset(unpack.texts(unpack.items(told, "versions"), 200)) | stable
        self.software = software(response.header("server"), self.versions)
        return bool(self.versions)

    async def _well_known(self) -> str:
        """The homeserver that a domain names; empty where it names none, or one without TLS."""
        place = urlsplit(self.api.base)
        domain = msgspec.structs.replace(self.api, base=f"{place.scheme}://{place.netloc}")
        try:
            response = await super().ask(domain.get("/.well-known/matrix/client"), Lane.CATCH_UP)
            told = unpack.values(answers.decoded(response, "well-known"), "m.homeserver")
            named = names.base_address(unpack.text(told, "base_url"))
        except (*NOT_THERE, ConfigurationError):
            return ""
        return "" if place.scheme == "https" and not named.startswith("https://") else named

    # -- the sign-in ---------------------------------------------------------------------------------------------

    async def sign_in(self) -> None:
        """Make sure that we are signed in as the user that is configured, and learn our whole id."""
        if not self._tokens.access_token:
            await self._log_in()
        told = await self.get(self.api.get(f"{V3}/account/whoami"), "whoami")
        user = unpack.text(told, "user_id")
        if not names.is_id(user, "@"):
            raise ProtocolChangedError(where="whoami")
        if not names.is_user(self._data.user, user):
            raise ConfigurationError(field="user", why=lazy(OTHER_USER, user=user))
        self.user = user

    async def _log_in(self) -> None:
        body = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": self._data.user},
            "password": self._data.password,
            "device_id": self._data.device,
            "initial_device_display_name": "Meridian",
            "refresh_token": True,
        }
        try:
            # Signing in again from the same device replaces what was there: asking twice does no harm.
            response = await super().ask(self.api.write("POST", f"{V3}/login", body, repeatable=True), Lane.WRITE)
        except (GoneError, UnsupportedError):
            raise answers.WrongPasswordError(why=lazy(NO_PASSWORDS)) from None
        except ChannelError as error:
            raise answers.login_failure(error) from None
        self._tokens = self._told(response, "login")

    def _told(self, response: Response, where: str) -> Tokens:
        told = answers.decoded(response, where)
        lasts = unpack.number(told, "expires_in_ms")
        found = Tokens(
            unpack.text(told, "access_token"),
            unpack.text(told, "refresh_token") or self._tokens.refresh_token,
            self.now() + lasts * 1_000 if lasts > 0 else 0,
        )
        if not found.access_token:
            raise ProtocolChangedError(where=where)
        return found

    async def _renew(self, used: Tokens) -> None:
        """Replace a sign-in that is no longer accepted; AuthExpiredError where that takes a person."""
        async with self._renewing:
            if self._tokens is not used:
                return  # somebody else was quicker
            if used.refresh_token and await self._refresh(used.refresh_token):
                return
            if not self._data.password:
                raise AuthExpiredError
            self._tokens = Tokens()
            try:
                await self._log_in()
            except TransientError:
                self._tokens = used
                raise

    async def _refresh(self, token: str) -> bool:
        request = self.api.write("POST", f"{V3}/refresh", {"refresh_token": token}, repeatable=True)
        try:
            response = await super().ask(request, Lane.WRITE)
        except NOT_THERE:
            return False
        found = self._told(response, "refresh")
        if self.keep is not None and not self._data.password:
            await self.keep(msgspec.json.encode(found).decode())
        self._tokens = found
        return True


def software(told: str, versions: Iterable[str]) -> str:
    """What a server is: as it says itself, or the latest version of the API where only a proxy before it speaks."""
    name = one_line(told, 60)
    if name and name.partition("/")[0].lower() not in PROXIES:
        return name
    numbers = (found.removeprefix("v").split(".") for found in versions if found.startswith("v1."))
    known = [int(number[1]) for number in numbers if len(number) == 2 and number[1].isdecimal() and len(number[1]) < 4]
    return f"Matrix 1.{max(known)}" if known else "Matrix"
