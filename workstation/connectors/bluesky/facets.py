"""Links, mentions and tags in a text that is written here, at their offsets in UTF-8; pure."""

import re
from collections.abc import Mapping

import msgspec

from workstation.connectors.bluesky.addresses import HANDLE

LINK = re.compile(r"(?<![\w@/.])https?://[^\s<>\"“”]+", re.IGNORECASE)
BARE = re.compile(r"(?<![\w@/.:-])www\.(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#][^\s<>\"“”]*)?", re.IGNORECASE)
MENTION = re.compile(rf"(?<![\w@/.])@({HANDLE.pattern})(?![\w@-])")
TAG = re.compile(r"(?<!\S)[#＃]((?!\ufe0f)[^\s\u00ad\u2060\u200a-\u200d\u20e2]+)")
TRAILING = ".,;:!?'\"…)]}»›’”"
TAG_TRAILING = re.compile(r"[\W_]+$")
TAG_LONGEST = 64
LONGEST_LINK = 2_000


class Span(msgspec.Struct, frozen=True):
    """A stretch of text, in characters, and what it stands for."""

    start: int
    end: int
    kind: str
    """"link", "mention" or "tag"."""
    value: str


def trimmed(address: str) -> str:
    """The address without the punctuation that ends a sentence; a closing bracket stays with its opening one."""
    while address and address[-1] in TRAILING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def spans(text: str) -> tuple[Span, ...]:
    """What is to be a facet, in order, none within another."""
    found: list[Span] = []
    for pattern, prefix in ((LINK, ""), (BARE, "https://")):
        for match in pattern.finditer(text):
            address = trimmed(match[0])
            if address.partition("://")[2].strip("/.") or prefix:
                _add(found, Span(match.start(), match.start() + len(address), "link", prefix + address))
    for match in MENTION.finditer(text):
        _add(found, Span(match.start(), match.end(), "mention", match[1].lower()))
    for match in TAG.finditer(text):
        tag = TAG_TRAILING.sub("", match[1])
        if tag and not tag.isdigit() and len(tag) <= TAG_LONGEST:
            _add(found, Span(match.start(), match.start() + 1 + len(tag), "tag", tag))
    return tuple(sorted(found, key=lambda span: span.start))


def _add(found: list[Span], span: Span) -> None:
    if len(span.value) <= LONGEST_LINK and all(span.end <= other.start or span.start >= other.end for other in found):
        found.append(span)


def handles(text: str) -> tuple[str, ...]:
    """Handles that are mentioned, each once."""
    return tuple(dict.fromkeys(span.value for span in spans(text) if span.kind == "mention"))


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, object]]:
    """The facets of a text; a mention of a handle that leads nowhere stays plain text."""
    made: list[dict[str, object]] = []
    for span in spans(text):
        feature = _feature(span, dids)
        if feature is None:
            continue
        start = len(text[: span.start].encode())
        end = start + len(text[span.start : span.end].encode())
        made.append({"index": {"byteStart": start, "byteEnd": end}, "features": [feature]})
    return made


def _feature(span: Span, dids: Mapping[str, str]) -> dict[str, object] | None:
    if span.kind == "link":
        return {"$type": "app.bsky.richtext.facet#link", "uri": span.value}
    if span.kind == "tag":
        return {"$type": "app.bsky.richtext.facet#tag", "tag": span.value}
    did = dids.get(span.value)
    return {"$type": "app.bsky.richtext.facet#mention", "did": did} if did else None
