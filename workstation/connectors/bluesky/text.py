"""A post's text for people: full addresses for shortened links, handles of mentions, quoted lines; plain, harmless."""

import re
from collections.abc import Iterable

from workstation.connectors.bluesky.addresses import HANDLE
from workstation.connectors.bluesky.entities import ByteSlice, Facet
from workstation.net.plain import CUT, TEXT_CAP, capped, harmless, one_line, web_address

QUOTE_CAP = 600
FACETS = 200
"""Facets of a post that are looked at."""
ELLIPSIS = ("…", "...")
GAPS = re.compile(r"\n{3,}")


def web(address: str) -> str:
    """The address if it is one of the web and harmless to show, else empty."""
    return web_address(harmless(address[:2_000]))


def to_text(text: str, facets: Iterable[Facet] = ()) -> str:
    """Plain text with full addresses. Facets that overlap, lie outside or cut a character are passed over."""
    text = text[: 2 * TEXT_CAP]
    links = [(facet.index, address) for facet in _some(facets) if (address := _link(facet))]
    if links:
        text = _expanded(text, links)
    return capped(tidy(text))


def tidy(text: str) -> str:
    """Harmless text without gaps."""
    text = harmless(text)
    return (GAPS.sub("\n\n", text) if "\n\n\n" in text else text).strip("\n ")


def mentioned(text: str, facets: Iterable[Facet]) -> dict[str, str]:
    """Handles as they are written in the text, by the DID that the facet means."""
    found: dict[str, str] = {}
    data: bytes | None = None
    for facet in _some(facets):
        did = next((item.did for item in facet.features if item.did), "")
        if not did:
            continue
        data = text.encode("utf-8", "replace") if data is None else data
        written = _slice(data, facet.index).removeprefix("@").lower()
        found[did] = written if HANDLE.fullmatch(written) else ""
    return found


def tags(facets: Iterable[Facet]) -> tuple[str, ...]:
    """Tags without their sign."""
    return tuple(item.tag for facet in _some(facets) for item in facet.features if item.tag)


def quoted(head: str, said: str) -> str:
    """Lines that views fold: who is quoted, and what they said."""
    said = said if len(said) <= QUOTE_CAP else said[:QUOTE_CAP].rstrip() + "…"
    lines = [one_line(head, 600), *(said.split("\n") if said else ())]
    return "\n".join(f"> {line}" if line else ">" for line in lines)


def joined(*parts: str) -> str:
    """Paragraphs, empty ones left out; at most what a message keeps."""
    text = "\n\n".join(part for part in parts if part)
    return text if len(text) <= TEXT_CAP + len(CUT) else capped(text)


def _some(facets: Iterable[Facet]) -> list[Facet]:
    return [facet for facet, _ in zip(facets, range(FACETS), strict=False)]


def _link(facet: Facet) -> str:
    return next((address for item in facet.features if item.uri and (address := web(item.uri))), "")


def _slice(data: bytes, index: ByteSlice) -> str:
    if not 0 <= index.byte_start < index.byte_end <= len(data):
        return ""
    try:
        return data[index.byte_start : index.byte_end].decode()
    except UnicodeDecodeError:
        return ""


def _expanded(text: str, links: list[tuple[ByteSlice, str]]) -> str:
    data = text.encode("utf-8", "replace")
    out: list[str] = []
    at = 0
    for index, address in sorted(links, key=lambda link: link[0].byte_start):
        if index.byte_start < at:
            continue
        label = _slice(data, index)
        if not label:
            continue
        out += (data[at : index.byte_start].decode("utf-8", "replace"), _shown(label, address))
        at = index.byte_end
    out.append(data[at:].decode("utf-8", "replace"))
    return "".join(out)


def _shown(label: str, address: str) -> str:
    """The full address where the label is a part of it, else both: what a link says may not be where it leads."""
    said = label.strip()
    for sign in ELLIPSIS:
        said = said.removesuffix(sign)
    bare = address.partition("://")[2]
    said = said.partition("://")[2] or said
    if not said or bare.lower().startswith(said.lower()) or bare.lower().removeprefix("www.").startswith(said.lower()):
        return address
    return f"{label} ({address})"
