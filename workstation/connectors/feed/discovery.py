"""Which feeds a page names, the best first; pure."""

import re
from html import unescape
from urllib.parse import urlsplit

from workstation.connectors.feed.markup import joined
from workstation.net.client import Response
from workstation.net.plain import web_address

LINK = re.compile(rb"<(?:link|a)\b[^<>]{0,2000}>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,20})\s*=\s*(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'<>]{1,2000}))""")
BASE = re.compile(rb"""<base\b[^<>]{0,200}?\bhref\s*=\s*["']?([^"'\s<>]{1,500})""", re.IGNORECASE)
TYPES = {
    "application/atom+xml": 0,
    "application/rss+xml": 0,
    "application/rdf+xml": 1,
    "application/feed+json": 1,
    "application/xml": 2,
    "text/xml": 2,
    "application/json": 3,
}
COMMON = ("feed/", "rss", "atom.xml", "rss.xml", "feed.xml", "index.xml", "feed", "feed.json", "?feed=rss2")
OF_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentario|replies|trackback", re.IGNORECASE)
LIKE_FEED = re.compile(r"(?:^|[/.=])(?:rss|atom|feeds?|rdf)(?:[/.?]|2?$|\.xml|\.json)|\.rdf$", re.IGNORECASE)
MOST = 6
PAGE_CAP = 512 << 10
LINK_HEADER = re.compile(r"<([^<>]{1,2000})>([^<>]{0,500})")


def named(response: Response) -> list[str]:
    """Addresses of feeds that a page names, the main one first, those of comments last."""
    page = response.body[:PAGE_CAP]
    base = response.url
    given = BASE.search(page)
    if given is not None:
        base = joined(base, unescape(given[1].decode(errors="replace")))
    found: list[tuple[int, int, str]] = []
    for address, parameters in LINK_HEADER.findall(", ".join(v for name, v in response.headers if name == "link")):
        attributes = {key.lower(): _value(parts) for key, *parts in ATTRIBUTE.findall(parameters)}
        _note(found, attributes | {"href": address}, base, "link")
    for tag in LINK.findall(page)[:3_000]:
        text = tag.decode(errors="replace")
        attributes = {key.lower(): unescape(_value(parts)) for key, *parts in ATTRIBUTE.findall(text)}
        _note(found, attributes, base, "link" if text[1:5].lower() == "link" else "a")
    addresses = [address for _, _, address in sorted(found)]
    return list(dict.fromkeys(addresses))[:MOST]


def _value(parts: list[str]) -> str:
    return next((part for part in parts if part), "")


def _note(found: list[tuple[int, int, str]], attributes: dict[str, str], base: str, tag: str) -> None:
    href = attributes.get("href", "").strip()
    address = web_address(joined(base, href)) if href else ""
    if not address:
        return
    kind = attributes.get("type", "").lower().partition(";")[0].strip()
    relations = attributes.get("rel", "").lower().split()
    comments = 100 if OF_COMMENTS.search(f"{href} {attributes.get('title', '')}") else 0
    if tag == "link" and ({"alternate", "feed"} & set(relations)) and kind in TYPES:
        if "/wp-json/" in address or "oembed" in kind or "oembed" in href:
            return
        found.append((comments + TYPES[kind], len(found), address))
    elif tag == "a" and LIKE_FEED.search(urlsplit(address).path + "?" + urlsplit(address).query):
        found.append((comments + 50, len(found), address))


def usual(url: str) -> list[str]:
    """Where feeds are on most sites: below the address, then at its root."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/"
    below = f"{root.rstrip('/')}{parts.path.rstrip('/')}/"
    found = [joined(below, path) for path in COMMON]
    if below != root:
        found += [joined(root, path) for path in COMMON[:3]]
    return found
