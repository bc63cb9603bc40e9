"""Requests and answers of HTTP as plain data; nothing of the library underneath shows through."""

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import msgspec

from workstation.domain.errors import ConfigurationError
from workstation.domain.text import N_

ANSWER_CAP = 4 << 20
"""Bytes of an answer's body, unpacked, that are read at most."""
NO_SERVER = N_("it must be the address of a server")


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request. `token` goes out as a bearer and never into logs, representations or another origin."""

    method: str = "GET"
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    token: str = ""
    repeatable: bool = True
    """Doing it twice does no harm. If False, a missing answer is an AmbiguousError and nothing is retried."""
    total: float = 30.0
    """Seconds for the whole exchange."""
    connect: float = 10.0
    read: float = 20.0
    """Seconds between two pieces of the answer."""
    cap: int = ANSWER_CAP
    redirects: int = 5
    insecure: bool = False
    """Permit plain http to another machine; loopback needs no permission."""
    public_only: bool = False
    """Refuse addresses of private networks, save those of the origin `home`."""
    home: str = ""

    def __repr__(self) -> str:
        return f"Request({self.method} {origin(self.url)})"


class Response(msgspec.Struct, frozen=True):
    """An answer: header names in lower case, the body unpacked; `url` is where the redirects ended."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    url: str = ""
    moved: str = ""
    """Where redirects that are for good (301, 308) led before any other; empty where the first was none of them."""

    def header(self, name: str, default: str = "") -> str:
        """The first header of that name (lower case)."""
        return next((value for key, value in self.headers if key == name), default)

    @property
    def good(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def __repr__(self) -> str:
        return f"Response({self.status} {origin(self.url)}, {len(self.body)} bytes)"


def origin(url: str) -> str:
    """Scheme, host and port of an address, all that may be compared or logged of it."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    port = parts.port or {"https": 443, "wss": 443, "http": 80, "ws": 80}.get(scheme, 0)
    return f"{scheme}://{(parts.hostname or '').lower()}:{port}"


def typed_server(server: str) -> tuple[str, str]:
    """Scheme, host and port of what somebody typed, and its path without the last slash. ConfigurationError."""
    text = server.strip()
    if text and "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ConfigurationError(field="server", why=NO_SERVER) from None
    host = parts.hostname or ""
    if parts.scheme not in {"https", "http"} or not host or parts.username or " " in host:
        raise ConfigurationError(field="server", why=NO_SERVER)
    host = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, f"{host}:{port}" if port else host, "", "", "")), parts.path.rstrip("/")


def links(header: str) -> dict[str, str]:
    """Addresses by relation of a `Link` header (RFC 8288), unreadable parts left out."""
    found: dict[str, str] = {}
    for address, parameters in _link_parts(header):
        for parameter in parameters.split(";"):
            name, _, value = parameter.strip().partition("=")
            if name.strip().lower() == "rel":
                for relation in value.strip().strip("\"'").split():
                    found.setdefault(relation.lower(), address)
    return found


def _link_parts(header: str) -> Iterator[tuple[str, str]]:
    rest = header
    while "<" in rest:
        _, _, rest = rest.partition("<")
        address, closed, rest = rest.partition(">")
        if not closed:
            return
        parameters, _, _ = rest.partition("<")
        yield address.strip(), parameters.rstrip(", ").lstrip("; ")
