"""Documents to feeds: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0, CDF, JSON Feed; pure.

Raises nothing but UnreadableError, whatever a document holds.
"""

import posixpath
import re
import zlib
from urllib.parse import unquote, urlsplit

from workstation.connectors.feed import charsets, json_feed, texts
from workstation.connectors.feed.dates import moment
from workstation.connectors.feed.entries import A_PAGE, EMPTY, NO_FEED, Entry, Feed, UnreadableError, Withdrawn
from workstation.connectors.feed.markup import Document, Element, joined
from workstation.domain.messages import Media, MediaKind
from workstation.net.messages import ANSWER_CAP
from workstation.net.plain import one_line, web_address

ITEMS_CAP = 1_000
GZIP = b"\x1f\x8b\x08"
MEDIA_CAP = 20
DEPTH = 6
ROOTS = {"rss", "rdf:rdf", "feed", "channel", "atom:feed", "rdf"}
PAGES = {"html", "xhtml:html", "!doctype"}
ITEMS = {"item", "entry"}
TITLES = ("title", "dc:title", "itunes:title", "media:title")
CONTENTS = ("content:encoded", "content", "xhtml:body", "body", "fullitem", "xhtml:div")
SUMMARIES = ("description", "summary", "dc:description", "itunes:summary", "abstract", "media:description", "tagline")
AUTHORS = (
    "dc:creator",
    "author",
    "dc:author",
    "itunes:author",
    "creator",
    "managingeditor",
    "contributor",
    "publisher",
)
PUBLISHED = ("pubdate", "published", "issued", "dcterms:issued", "dc:date", "dcterms:created", "created", "date")
UPDATED = ("updated", "modified", "dcterms:modified", "lastbuilddate")
SKIPPED = {"link", "guid", "id", "category", "comments", "source", "enclosure", "cloud", "generator", "image"}
READ = {*TITLES, *CONTENTS, *SUMMARIES, *AUTHORS, *PUBLISHED, *UPDATED, *SKIPPED}
PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
PERSON = re.compile(r"^\s*[^\s()@]+@[^\s()@]+\s*\((?P<name>[^()]{1,200})\)\s*$")
REVERSED = re.compile(r"^(?P<name>[^<>()@]{1,200}?)\s*[<(]\s*[^\s<>()]+@[^\s<>()]+\s*[)>]\s*$")
EMAIL = re.compile(r"^\s*(?:mailto:)?([^\s@]{1,64})@[^\s@]+\s*$")
LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}$")


def feed(raw: bytes, content_type: str = "", url: str = "") -> Feed:
    """The feed in a document that came from this address. UnreadableError."""
    if raw.startswith(GZIP):
        raw = _unzipped(raw)
    if not raw.strip():
        raise UnreadableError(EMPTY)
    if json_feed.looks_like_it(raw):
        return json_feed.feed(raw, url)
    document = Document(charsets.decoded(raw, content_type), url)
    root = _root(document)
    items = _items(root)
    return _Reader(document, root, items).feed()


def _unzipped(raw: bytes) -> bytes:
    """A document that is packed though nobody says so, such as `feed.xml.gz`, up to the cap of any other."""
    try:
        return zlib.decompressobj(31).decompress(raw, ANSWER_CAP)
    except zlib.error:
        return raw


def _root(document: Document) -> Element:
    level = [document.root]
    for _ in range(3):
        level = [child for element in level for child in element.children]
        found = next((element for element in level if element.key in ROOTS or element.key in ITEMS), None)
        if found is not None:
            return document.root if found.key in ITEMS else found
        if any(element.key in PAGES for element in level):
            raise UnreadableError(A_PAGE)
    raise UnreadableError(NO_FEED)


def _items(root: Element) -> list[Element]:
    """All items, wherever the format has them, in their order."""
    found: list[Element] = []
    level = [root]
    for _ in range(DEPTH):
        level = [child for element in level for child in element.children]
        found += [element for element in level if element.key in ITEMS]
        level = [element for element in level if element.key not in ITEMS]
    return sorted(found, key=lambda element: element.start)


class _Reader:
    def __init__(self, document: Document, root: Element, items: list[Element]) -> None:
        self._document = document
        self._items = items
        channel = root if root.key != "" else document.root
        nested = channel.first("channel")
        self._channel = nested if nested is not None else channel
        self._form = root.key or "items"

    def feed(self) -> Feed:
        channel = self._channel
        title = self._line(channel, *TITLES)
        language = _language(channel.first("language", "dc:language")) or _told(channel.language)
        return Feed(
            title=title,
            link=self._link(channel),
            language=language,
            author=self._author(channel),
            entries=tuple(self._entry(item) for item in self._items[:ITEMS_CAP]),
            withdrawn=tuple(
                Withdrawn(_guid(each.attributes["ref"]), moment(each.attributes.get("when", "")))
                for each in channel.all("at:deleted-entry")[:ITEMS_CAP]
                if each.attributes.get("ref")
            ),
            every=_every(channel),
            whole=self._document.whole,
            left_out=max(0, len(self._items) - ITEMS_CAP),
            form=self._form,
        )

    # -- an item -------------------------------------------------------------------------------------------------

    def _entry(self, item: Element) -> Entry:
        content = self._html(item, CONTENTS) or ("", "")
        summary = self._html(item, SUMMARIES) or ("", "")
        html, base = summary if summary[0] and not texts.body(*content).strip() else content
        text = texts.body(html, base)
        link = self._link(item)
        media = self._media(item, html, base)
        title = self._line(item, *TITLES)
        return Entry(
            guid=self._id(item),
            title=title,
            text=text if text or title else self._otherwise(item),
            link=link,
            author=self._author(item),
            published=self._moment(item, PUBLISHED),
            updated=self._moment(item, UPDATED),
            language=_language(item.first("language", "dc:language")) or _told(item.language),
            media=media,
            size=item.end - item.start,
            cut=not item.closed,
        )

    def _html(self, item: Element, keys: tuple[str, ...]) -> tuple[str, str] | None:
        """The first of these that says something, with what its addresses are relative to."""
        for element in item.all(*keys):
            if element.key == "content" and element.attributes.get("src") and not element.text.strip():
                continue
            html = texts.html_of(self._document, element)
            if html.strip():
                return html, element.base
        return None

    def _otherwise(self, item: Element) -> str:
        """What else an item says, where it has neither title nor text."""
        lines = []
        for child in item.children[:30]:
            said = one_line(child.text, 200)
            if child.key in READ:
                continue
            for each in [child] if said else child.children[:10]:
                told = one_line(each.text, 200)
                if told:
                    lines.append(f"{one_line(each.key.rpartition(':')[2], 40)}: {told}")
        return "\n".join(lines)

    def _line(self, element: Element, *keys: str) -> str:
        for found in element.all(*keys):
            said = texts.line(texts.html_of(self._document, found, plain=True))
            if said:
                return said
        return ""

    def _link(self, element: Element) -> str:
        """Where an item or a feed is to be read."""
        original = element.first("feedburner:origlink")
        if original is not None and web_address(original.text.strip()):
            return web_address(original.text.strip())
        alternates: list[tuple[int, str]] = []
        for found in element.all("link"):
            href = found.attributes.get("href", "")
            relation = found.attributes.get("rel", "alternate").strip().lower() or "alternate"
            if href and relation == "alternate":
                page = "html" in found.attributes.get("type", "html")
                alternates.append((0 if page else 1, joined(found.base, href)))
            elif not href and found.text.strip():
                alternates.append((0, joined(found.base, found.text)))
        for _, address in sorted(alternates, key=lambda pair: pair[0]):
            if web_address(address):
                return web_address(address)
        return self._other_link(element)

    def _other_link(self, element: Element) -> str:
        guid = element.first("guid")
        candidates = [element.attributes.get("href", "")]
        if guid is not None and guid.attributes.get("ispermalink", "true").strip().lower() != "false":
            candidates.append(guid.text.strip())
        candidates.append(element.attributes.get("rdf:about", ""))
        source = element.first("content")
        if source is not None:
            candidates.append(source.attributes.get("src", ""))
        addresses = (joined(element.base, found) for found in candidates if found and ":" in found[:9])
        return next((found for address in addresses if (found := web_address(address))), "")

    def _id(self, item: Element) -> str:
        for found in item.all("guid", "id", "dc:identifier"):
            if found.text.strip():
                return _guid(found.text)
        return _guid(item.attributes.get("rdf:about", "") or item.attributes.get("rdf:id", ""))

    def _author(self, element: Element) -> str:
        for found in element.all(*AUTHORS):
            name = found.first("name", "foaf:name")
            said = name.text if name is not None else found.text
            person = _person(said)
            if person:
                return person
        source = element.first("source") if element.key in ITEMS else None
        return self._author(source) if source is not None else ""

    def _moment(self, item: Element, keys: tuple[str, ...]) -> int:
        return next((when for found in item.all(*keys) if (when := moment(found.text))), 0)

    def _media(self, item: Element, html: str, base: str) -> tuple[Media, ...]:
        found: dict[str, Media] = {}
        groups = [item, *item.all("media:group")]
        for element in (each for group in groups for each in group.children):
            attributes = element.attributes
            linked = element.key == "link" and attributes.get("rel", "").strip().lower() == "enclosure"
            if linked or element.key in {"enclosure", "media:content"}:
                address = attributes.get("href" if linked else "url", "") or attributes.get("rdf:resource", "")
                kind = attributes.get("type", "") or attributes.get("medium", "")
                size = attributes.get("length", "") or attributes.get("filesize", "")
                made = media(joined(element.base, address), kind, size, attributes.get("title", ""))
                found.setdefault(made.url, made)
            elif element.key == "media:thumbnail":
                made = media(joined(element.base, attributes.get("url", "")), "image", "")
                found.setdefault(made.url, made)
        for address in texts.pictures(html, base):
            made = media(address, "image", "")
            found.setdefault(made.url, made)
        found.pop("", None)
        return tuple(found.values())[:MEDIA_CAP]


def media(address: str, kind: str, size: str, title: str = "") -> Media:
    """An attachment by its address; its address is empty where it is none of the web."""
    url = web_address(address)
    name = one_line(unquote(posixpath.basename(urlsplit(url).path)), 120) if url else ""
    first = kind.strip().lower().partition("/")[0]
    known = {"image": MediaKind.IMAGE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
    octets = int(size) if size.strip().isascii() and size.strip().isdecimal() and len(size) < 13 else 0
    found = known.get(first, MediaKind.OTHER)
    preview = url if found is MediaKind.IMAGE else ""
    return Media(found, url, preview, one_line(title, 300), name=name or "file", size=octets)


def _guid(text: str) -> str:
    return " ".join(text.split())[:2_000]


def _person(text: str) -> str:
    """A name without the address beside it."""
    said = text.strip()[:500]
    for pattern in (PERSON, REVERSED):
        found = pattern.match(said)
        if found is not None and found["name"].strip():
            return one_line(found["name"], 80)
    alone = EMAIL.match(said)
    return one_line(alone[1] if alone else said, 80)


def _language(element: Element | None) -> str:
    return _told(element.text) if element is not None else ""


def _told(text: str) -> str:
    text = text.strip()[:40]
    return text.replace("_", "-") if LANGUAGE.match(text) else ""


def _every(channel: Element) -> float:
    """Seconds between two questions, by ttl (minutes) or the syndication module."""
    ttl = channel.first("ttl")
    told = ttl.text.strip() if ttl is not None else ""
    seconds = float(told) * 60 if told.isascii() and told.isdecimal() and len(told) < 6 else 0.0
    period = channel.first("sy:updateperiod")
    if period is not None:
        base = PERIODS.get(period.text.strip().lower(), 0)
        often = channel.first("sy:updatefrequency")
        times = often.text.strip() if often is not None else "1"
        count = int(times) if times.isascii() and times.isdecimal() and 0 < len(times) < 6 else 1
        seconds = max(seconds, base / max(count, 1))
    return seconds
