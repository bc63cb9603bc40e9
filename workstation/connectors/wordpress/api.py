"""Builds requests to a site's REST API, and finds where it is; pure."""

import base64
import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

import msgspec

from workstation.domain.errors import ConfigurationError
from workstation.domain.text import N_, lazy
from workstation.net.client import Request, Response, links, origin

Params = tuple[tuple[str, str], ...]

NO_SITE = N_("it must be the address of a site")
RELATION = "https://api.w.org/"
PLAIN = "rest_route="
"""Sites without readable addresses take the path of a request as a parameter."""
LINK = re.compile(rb"<link\b[^<>]{0,1000}>", re.IGNORECASE)
HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'\s<>]{1,1000})""", re.IGNORECASE)


def site_address(server: str) -> str:
    """What was typed, with a scheme and without its last slash, query and fragment. ConfigurationError."""
    text = server.strip()
    if text and "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ConfigurationError(field="server", why=lazy(NO_SITE)) from None
    host = parts.hostname or ""
    if parts.scheme not in {"https", "http"} or not host or parts.username is not None or " " in text:
        raise ConfigurationError(field="server", why=lazy(NO_SITE))
    host = f"[{host}]" if ":" in host else host
    query = parts.query if parts.query.startswith(PLAIN) else ""
    return urlunsplit((parts.scheme, f"{host}:{port}" if port else host, parts.path.rstrip("/"), query, ""))


class Api(msgspec.Struct, frozen=True):
    """The root of a site's REST API and who asks; its representation shows neither."""

    root: str
    user: str = ""
    password: str = ""
    insecure: bool = False

    def __repr__(self) -> str:
        return "Api()"

    def address(self, path: str, params: Params = ()) -> str:
        """Where a route such as /wp/v2/comments is."""
        query = urlencode(params)
        if PLAIN in self.root:
            root = self.root.rstrip("/")
            return f"{root}{quote(path)}{'&' if query else ''}{query}"
        return f"{self.root.rstrip('/')}{path}{'?' if query else ''}{query}"

    def _headers(self) -> tuple[tuple[str, str], ...]:
        said = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return (("Accept", "application/json"), ("Authorization", f"Basic {said}"))

    def get(self, path: str, params: Params = ()) -> Request:
        """A read."""
        return Request(url=self.address(path, params), headers=self._headers(), redirects=3, insecure=self.insecure)

    def write(
        self, method: str, path: str, body: Mapping[str, object] | None = None, *, repeatable: bool = False
    ) -> Request:
        """A write with a JSON body."""
        kind = (("Content-Type", "application/json"),) if body is not None else ()
        return Request(
            method=method,
            url=self.address(path),
            headers=self._headers() + kind,
            body=b"" if body is None else msgspec.json.encode(body),
            repeatable=repeatable,
            redirects=1,
            insecure=self.insecure,
        )

    def public(self, url: str) -> Request:
        """A page of the site, asked without telling who asks."""
        return Request(url=url, headers=(("Accept", "text/html, */*;q=0.5"),), redirects=5, insecure=self.insecure)


def likely_roots(site: str) -> Iterator[str]:
    """Where the API of a site is as a rule: below its address, or that of a page of it which was typed instead."""
    if PLAIN in site or site.endswith(("/wp-json", "/wp-json/wp/v2")):
        yield site.removesuffix("/wp/v2")
    parts = urlsplit(site)
    yield f"{_place(site)}{parts.path}/wp-json"


def further_roots(site: str) -> Iterator[str]:
    """Where it is on sites without readable addresses, or above what was typed."""
    parts = urlsplit(site)
    yield f"{_place(site)}{parts.path}/?{PLAIN}"
    path = parts.path
    for _ in range(3):
        if not path:
            return
        path = path.rpartition("/")[0]
        yield f"{_place(site)}{path}/wp-json"
        yield f"{_place(site)}{path}/?{PLAIN}"


def named_root(response: Response) -> str:
    """The root that a page names in its header or its head; empty where it names none."""
    for name, value in response.headers:
        if name == "link" and RELATION in value:
            found = links(value).get(RELATION, "")
            if found:
                return _absolute(response.url, found)
    for tag in LINK.findall(response.body[: 256 << 10]):
        if RELATION.encode() in tag:
            href = HREF.search(tag.decode(errors="replace"))
            if href is not None:
                return _absolute(response.url, unescape(href[1]))
    return ""


def _absolute(url: str, found: str) -> str:
    try:
        joined = urljoin(url, found)
        parts = urlsplit(joined)
        parts.port  # noqa: B018 - raises on a port that is no number
    except ValueError:
        return ""
    if parts.scheme not in {"https", "http"} or parts.username is not None:
        return ""
    return unquote(joined).rstrip("/") if PLAIN in unquote(joined) else joined.rstrip("/")


def settled_root(root: str, asked: str, landed: str) -> str:
    """The root as redirects changed it, if they did."""
    before, after = urlsplit(asked), urlsplit(landed)
    if before[:3] == after[:3]:
        return root
    place = f"{after.scheme}://{after.netloc}{after.path}"
    return f"{place}?{PLAIN}" if PLAIN in unquote(after.query) else place.rstrip("/")


def placed_at(root: str, site: str) -> str:
    """The same root below the scheme, host and port that were typed: proxies and forwarded ports keep working."""
    parts = urlsplit(root)
    return _place(site) + urlunsplit(("", "", parts.path, parts.query, ""))


def is_home(root: str, *known: str) -> bool:
    """Whether a root lies on one of these hosts, `www.` or not, and leaves no encryption: it is told a password."""
    host = _host(root)
    return any(
        _host(url) == host and (urlsplit(root).scheme == "https" or urlsplit(url).scheme == "http") for url in known
    )


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower().removeprefix("www.")


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def same_place(url: str, root: str) -> bool:
    """Whether an address lies on the origin of the API."""
    try:
        return origin(url) == origin(root)
    except ValueError:
        return False
