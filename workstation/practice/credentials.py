"""Applications, authorization codes and tokens (OAuth 2, with PKCE S256)."""

import base64
import hashlib
import secrets
from dataclasses import dataclass

from workstation.practice.model import Application, Token

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
USER_SCOPES = ("read", "write", "follow", "push")
ADMIN_SCOPES = ("admin:read", "admin:write")
SCOPES = (
    "read",
    "profile",
    "write",
    "write:accounts",
    "write:blocks",
    "write:bookmarks",
    "write:conversations",
    "write:favourites",
    "write:filters",
    "write:follows",
    "write:lists",
    "write:media",
    "write:mutes",
    "write:notifications",
    "write:reports",
    "write:statuses",
    "read:accounts",
    "read:blocks",
    "read:bookmarks",
    "read:favourites",
    "read:filters",
    "read:follows",
    "read:lists",
    "read:mutes",
    "read:notifications",
    "read:search",
    "read:statuses",
    "follow",
    "push",
    "admin:read",
    "admin:read:accounts",
    "admin:read:reports",
    "admin:write",
    "admin:write:accounts",
    "admin:write:reports",
)
CODE_LIFETIME_MS = 600_000
_FOLLOW = ("read:blocks", "write:blocks", "read:follows", "write:follows", "read:mutes", "write:mutes")


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person allowed in the consent page, waiting to be turned into a token."""

    client_id: str
    account_id: int
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str
    issued_at: int


class Credentials:
    """Who may do what."""

    def __init__(self) -> None:
        self.applications: dict[str, Application] = {}
        self.tokens: dict[str, Token] = {}
        self.revoked: set[str] = set()
        self._grants: dict[str, Grant] = {}

    def register(self, name: str, website: str | None, uris: tuple[str, ...], scopes: tuple[str, ...]) -> Application:
        """Register a client."""
        application = Application(
            id=len(self.applications) + 1,
            name=name,
            website=website,
            redirect_uris=uris,
            scopes=scopes,
            client_id=secrets.token_urlsafe(24),
            client_secret=secrets.token_urlsafe(24),
        )
        self.applications[application.client_id] = application
        return application

    def issue(
        self, account_id: int | None, scopes: tuple[str, ...], application: str, now_ms: int, value: str = ""
    ) -> Token:
        """Make a token; `follow` stands for the scopes it stood for before it was divided."""
        wide = frozenset(scopes) | (frozenset(_FOLLOW) if "follow" in scopes else frozenset())
        token = Token(value or secrets.token_urlsafe(32), account_id, wide, application, now_ms)
        self.tokens[token.value] = token
        return token

    def grant(self, grant: Grant) -> str:
        """Keep a grant and return its authorization code."""
        code = secrets.token_urlsafe(32)
        self._grants[code] = grant
        return code

    def redeem(self, code: str, client_id: str, redirect_uri: str, verifier: str, now_ms: int) -> Grant | None:
        """Take a grant back for its code, once; nothing if any part of the request does not fit."""
        grant = self._grants.pop(code, None)
        if grant is None or grant.client_id != client_id or grant.redirect_uri != redirect_uri:
            return None
        if now_ms - grant.issued_at > CODE_LIFETIME_MS:
            return None
        return grant if not grant.challenge or s256(verifier) == grant.challenge else None

    def revoke(self, value: str) -> None:
        """Make a token worthless."""
        if self.tokens.pop(value, None) is not None:
            self.revoked.add(value)


def s256(verifier: str) -> str:
    """Return the PKCE challenge of a verifier (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def allowed_redirect(uri: str, registered: tuple[str, ...]) -> bool:
    """Tell whether a redirect is one that was registered; a loopback one may use any port (RFC 8252, 7.3)."""
    if uri in registered:
        return True
    return any(_without_port(uri) == _without_port(known) != "" for known in registered)


def _without_port(uri: str) -> str:
    for host in ("http://127.0.0.1", "http://[::1]", "http://localhost"):
        if uri.startswith(host):
            rest = uri[len(host) :]
            if rest.startswith(":"):
                rest = rest.lstrip(":0123456789")
            return host + rest
    return ""
