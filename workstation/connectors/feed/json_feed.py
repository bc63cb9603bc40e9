"""JSON Feed 1.0 and 1.1; pure. Odd values count as absent."""

import msgspec

from workstation.connectors.feed import texts
from workstation.connectors.feed.dates import moment
from workstation.connectors.feed.entries import NO_FEED, Entry, Feed, UnreadableError
from workstation.connectors.feed.markup import joined
from workstation.domain.messages import Media
from workstation.net.plain import one_line, web_address

ITEMS_CAP = 1_000
Values = dict[str, object]


def looks_like_it(raw: bytes) -> bool:
    """Whether a document is JSON rather than XML."""
    return raw[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def feed(raw: bytes, url: str) -> Feed:
    """The feed in a document. UnreadableError."""
    try:
        told = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"), type=Values)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise UnreadableError(NO_FEED) from None
    items = told.get("items")
    if not isinstance(items, list) or not ("jsonfeed.org" in _text(told, "version") or "title" in told):
        raise UnreadableError(NO_FEED)
    return Feed(
        title=one_line(_text(told, "title"), texts.TITLE_CAP),
        link=_address(url, _text(told, "home_page_url")),
        language=_text(told, "language")[:20],
        author=_author(told),
        entries=tuple(_entry(item if isinstance(item, dict) else {}, url) for item in items[:ITEMS_CAP]),
        left_out=max(0, len(items) - ITEMS_CAP),
        form="json",
    )


def _entry(item: Values, url: str) -> Entry:
    html = _text(item, "content_html")
    text = texts.body(html, url) if html else ""
    text = text or one_or_more(_text(item, "content_text")) or one_or_more(_text(item, "summary"))
    number = item.get("id")
    return Entry(
        guid=" ".join((str(number) if isinstance(number, int | float) else _text(item, "id")).split())[:2_000],
        title=one_line(_text(item, "title"), texts.TITLE_CAP),
        text=text,
        link=_address(url, _text(item, "url")) or _address(url, _text(item, "external_url")),
        author=_author(item),
        published=moment(_text(item, "date_published")),
        updated=moment(_text(item, "date_modified")),
        language=_text(item, "language")[:20],
        media=_media(item, url),
        size=len(html),
    )


def one_or_more(text: str) -> str:
    """Plain text of any length."""
    return texts.body(text.replace("&", "&amp;").replace("<", "&lt;"), "")


def _media(item: Values, url: str) -> tuple[Media, ...]:
    from workstation.connectors.feed.parse import media

    attachments = item.get("attachments")
    found = []
    for each in attachments[:20] if isinstance(attachments, list) else []:
        if isinstance(each, dict):
            size = each.get("size_in_bytes")
            made = media(
                joined(url, _text(each, "url")), _text(each, "mime_type"), str(size) if isinstance(size, int) else "",
                _text(each, "title"),
            )  # fmt: skip
            found.append(made)
    image = _text(item, "image") or _text(item, "banner_image")
    if image:
        found.append(media(joined(url, image), "image", ""))
    return tuple(each for each in found if each.url)


def _author(values: Values) -> str:
    authors = values.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else values.get("author")
    return one_line(_text(first, "name"), 80) if isinstance(first, dict) else ""


def _address(url: str, found: str) -> str:
    return web_address(joined(url, found)) if found else ""


def _text(values: Values, key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""
