"""An authorization server and the server it protects, which take no proof that is not exactly right (RFC 9449)."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.conformance.doubles.bluesky import OWN, Network

SCOPE = "atproto transition:generic"


class ProofError(Exception):
    """What is wrong with a proof."""


def unb64(text: str) -> bytes:
    """Base64 for addresses."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def b64(data: bytes) -> str:
    """The other way."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    """Pushed requests, codes and tokens; `network` stands behind it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.base = ""
        self.nonce = secrets.token_hex(8)
        self.life = 3_600
        self.pushed: dict[str, dict[str, str]] = {}
        self.codes: dict[str, tuple[dict[str, str], str]] = {}
        self.access: dict[str, str] = {}
        self.refresh: dict[str, str] = {}
        self.seen: set[str] = set()
        self.refusals: list[str] = []
        self.sub = OWN
        self.iss = ""
        self.answers_iss = True

    def renew_nonce(self) -> None:
        """From now on only another nonce is good."""
        self.nonce = secrets.token_hex(8)

    def expire(self) -> None:
        """No access token that was given so far is good any more."""
        self.access.clear()

    # -- proofs ----------------------------------------------------------------------------------------------------

    def thumbprint(self, request: web.Request, token: str = "") -> str:
        """Who signed; ProofError."""
        given = request.headers.getall("DPoP", [])
        if len(given) != 1:
            raise ProofError("one proof is needed")
        head_text, body_text, signature = given[0].split(".")
        head, body = json.loads(unb64(head_text)), json.loads(unb64(body_text))
        jwk = head["jwk"]
        if head["typ"] != "dpop+jwt" or head["alg"] != "ES256" or set(jwk) != {"crv", "kty", "x", "y"}:
            raise ProofError("no proof")
        _verify(jwk, f"{head_text}.{body_text}".encode(), unb64(signature))
        url = f"{self.base}{request.path}"
        if body["htm"] != request.method or body["htu"] != url:
            raise ProofError(f"for another request: {body['htu']}")
        if abs(body["iat"] - time.time()) > 60 or body["jti"] in self.seen:
            raise ProofError("used or old")
        self.seen.add(body["jti"])
        if body.get("nonce") != self.nonce:
            raise ProofError("use_dpop_nonce")
        if token and body.get("ath") != b64(hashlib.sha256(token.encode()).digest()):
            raise ProofError("for another token")
        canonical = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
        return b64(hashlib.sha256(canonical.encode()).digest())

    def _refused(self, why: str, status: int = 400) -> web.Response:
        self.refusals.append(why)
        known = {"use_dpop_nonce", "invalid_grant", "invalid_request"}
        error = why if why in known else "invalid_dpop_proof"
        headers = {"DPoP-Nonce": self.nonce}
        if status == 401:
            headers["WWW-Authenticate"] = f'DPoP error="{error}"'
        return web.json_response({"error": error, "error_description": why}, status=status, headers=headers)

    def _given(self, body: dict[str, Any], status: int = 200) -> web.Response:
        return web.json_response(body, status=status, headers={"DPoP-Nonce": self.nonce})

    # -- the authorization server ----------------------------------------------------------------------------------

    async def describe(self, _: web.Request) -> web.Response:
        """Of itself."""
        return web.json_response(
            {
                "issuer": self.base,
                "authorization_endpoint": f"{self.base}/authorize",
                "token_endpoint": f"{self.base}/token",
                "pushed_authorization_request_endpoint": f"{self.base}/par",
                "authorization_response_iss_parameter_supported": self.answers_iss,
            }
        )

    async def protected(self, _: web.Request) -> web.Response:
        """Of what it protects."""
        return web.json_response({"resource": self.base, "authorization_servers": [self.base]})

    async def document(self, request: web.Request) -> web.Response:
        """What a directory of DIDs says."""
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.base}
        return web.json_response({"id": request.match_info["did"], "service": [service]})

    async def par(self, request: web.Request) -> web.Response:
        """A pushed request."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        try:
            who = self.thumbprint(request)
        except ProofError as error:
            return self._refused(str(error))
        client = urlsplit(form["client_id"])
        allowed = parse_qs(client.query)
        redirect = urlsplit(form["redirect_uri"])
        portless = f"{redirect.scheme}://{redirect.hostname}{redirect.path}"
        if (
            f"{client.scheme}://{client.netloc}" != "http://localhost"
            or allowed["redirect_uri"] != [portless]
            or allowed["scope"] != [SCOPE]
            or form["scope"] != SCOPE
            or form["code_challenge_method"] != "S256"
            or form["response_type"] != "code"
            or not form["state"]
        ):
            return self._refused("invalid_request")
        name = f"urn:ietf:params:oauth:request_uri:{secrets.token_hex(8)}"
        self.pushed[name] = form | {"jkt": who}
        return self._given({"request_uri": name, "expires_in": 300}, 201)

    async def browse(self, address: str, **changes: str) -> str:
        """What a person's browser does: opens the address, agrees, is sent back; what it shows then."""
        query = parse_qs(urlsplit(address).query)
        form = self.pushed.pop(query["request_uri"][0])
        assert query["client_id"] == [form["client_id"]]
        code = secrets.token_hex(8)
        self.codes[code] = (form, form["jkt"])
        answer = {"code": code, "state": form["state"]} | ({"iss": self.iss or self.base} if self.answers_iss else {})
        back = f"{form['redirect_uri']}?{urlencode(answer | changes)}"
        async with aiohttp.ClientSession() as session, session.get(back) as page:
            return await page.text()

    async def token(self, request: web.Request) -> web.Response:
        """Tokens for a code or a refresh token, each of which is good once."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        try:
            who = self.thumbprint(request)
        except ProofError as error:
            return self._refused(str(error))
        if form["grant_type"] == "authorization_code":
            asked, bound = self.codes.pop(form["code"], ({}, ""))
            challenge = b64(hashlib.sha256(form["code_verifier"].encode()).digest())
            if not asked or bound != who or asked["code_challenge"] != challenge:
                return self._refused("invalid_grant")
            if form["redirect_uri"] != asked["redirect_uri"] or form["client_id"] != asked["client_id"]:
                return self._refused("invalid_grant")
        elif self.refresh.pop(form.get("refresh_token", ""), "") != who:
            return self._refused("invalid_grant")
        access, refresh = secrets.token_hex(16), secrets.token_hex(16)
        self.access[access] = self.refresh[refresh] = who
        self.network.tokens.add(access)
        return self._given(
            {"access_token": access, "refresh_token": refresh, "token_type": "DPoP", "expires_in": self.life,
             "sub": self.sub, "scope": SCOPE}
        )  # fmt: skip

    # -- the protected server ----------------------------------------------------------------------------------------

    async def xrpc(self, request: web.Request) -> web.StreamResponse:
        """Any method, for who holds the key that the token is bound to."""
        if request.match_info["nsid"] == "com.atproto.repo.describeRepo":
            return web.json_response({"did": request.query["repo"], "handle": "shop.test"})
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            who = self.thumbprint(request, token)
        except ProofError as error:
            return self._refused(str(error), 401)
        if kind != "DPoP" or self.access.get(token) != who:
            return self._refused("invalid_token", 401)
        # The network knows bearer tokens only.
        inner = request.clone(headers={**request.headers, "Authorization": f"Bearer {token}"})
        inner._match_info = request.match_info
        return await self.network.handle(inner)


def _verify(jwk: dict[str, str], signed: bytes, signature: bytes) -> None:
    if len(signature) != 64:
        raise ProofError("no signature")
    numbers = ec.EllipticCurvePublicNumbers(
        int.from_bytes(unb64(jwk["x"])), int.from_bytes(unb64(jwk["y"])), ec.SECP256R1()
    )
    raw = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    try:
        numbers.public_key().verify(raw, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise ProofError("wrong signature") from None


@asynccontextmanager
async def issuing() -> AsyncIterator[Issuer]:
    """A running one."""
    issuer = Issuer(Network())
    app = web.Application()
    app.router.add_get("/.well-known/oauth-authorization-server", issuer.describe)
    app.router.add_get("/.well-known/oauth-protected-resource", issuer.protected)
    app.router.add_get("/directory/{did}", issuer.document)
    app.router.add_post("/par", issuer.par)
    app.router.add_post("/token", issuer.token)
    app.router.add_route("*", "/xrpc/{nsid}", issuer.xrpc)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    issuer.base = issuer.network.base = f"http://{host}:{port}"
    try:
        yield issuer
    finally:
        await runner.cleanup()
