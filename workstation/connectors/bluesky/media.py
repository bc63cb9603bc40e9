"""Embeds of a post: pictures and films by address only, link cards as a line, quotes as quoted lines; pure."""

import msgspec

from workstation.connectors.bluesky import text as plain
from workstation.connectors.bluesky.addresses import UNKNOWN_HANDLE, web_address
from workstation.connectors.bluesky.entities import (
    Blob,
    Embed,
    Facet,
    Picture,
    PostRecord,
    Quoted,
    Ratio,
    given,
)
from workstation.domain.messages import Media, MediaKind
from workstation.net.plain import harmless, one_line

ALT_CAP = 3_000
PICTURES = 20
CDN = "https://cdn.bsky.app/img"
UNREADABLE = (msgspec.MsgspecError, RecursionError, ValueError, OverflowError)
"""What decoding and converting hostile data may raise."""

Raw = msgspec.Raw

_embed = msgspec.json.Decoder(Embed)
_quoted = msgspec.json.Decoder(Quoted)
_record = msgspec.json.Decoder(PostRecord)
_facets = msgspec.json.Decoder(tuple[Raw, ...])
_facet = msgspec.json.Decoder(Facet)


class Shown(msgspec.Struct, frozen=True):
    """What an embed brings to a message: attachments, a line for a link card, quoted lines, and whom it quotes."""

    media: tuple[Media, ...] = ()
    card: tuple[str, str] = ("", "")
    """Title and address."""
    quote: str = ""
    quotes: str = ""
    """Address of the record that is quoted."""


NOTHING = Shown()


def facets(raw: Raw) -> tuple[Facet, ...]:
    """The readable facets of a post."""
    if not given(raw):
        return ()
    found: list[Facet] = []
    try:
        for item in _facets.decode(raw)[: plain.FACETS]:
            try:
                found.append(_facet.decode(item))
            except UNREADABLE:
                continue  # one that is broken only loses its link
    except UNREADABLE:
        return ()
    return tuple(found)


def shown(raw: Raw, did: str, *, inside: bool = False) -> Shown:
    """What the embed of an author's post shows; unreadable ones show nothing."""
    if not given(raw):
        return NOTHING
    try:
        embed = _embed.decode(raw)
    except UNREADABLE:
        return NOTHING
    found = _simple(embed, did)
    if given(embed.media) and not inside:  # a quote with pictures; nothing honest nests deeper
        inner = shown(embed.media, did, inside=True)
        found = msgspec.structs.replace(found, media=inner.media, card=inner.card)
    if given(embed.record):
        quote, uri = _quote(embed.record)
        found = msgspec.structs.replace(found, quote=quote, quotes=uri)
    return found


def _simple(embed: Embed, did: str) -> Shown:
    media = [_picture(item, did) for item in (*embed.images, *embed.items)[:PICTURES]]
    if embed.playlist or embed.video is not None:
        address = embed.playlist or _cdn("feed_fullsize", did, embed.video)
        media.append(_media(MediaKind.VIDEO, address, embed.thumbnail, embed.alt, embed.aspect_ratio))
    card = ("", "")
    if embed.external is not None:
        card = (one_line(embed.external.title, 300), plain.web(embed.external.uri))
    return Shown(tuple(item for item in media if item.url), card)


def _picture(item: Picture, did: str) -> Media:
    large = item.fullsize or _cdn("feed_fullsize", did, item.image)
    small = item.thumb or item.thumbnail or _cdn("feed_thumbnail", did, item.image)
    return _media(MediaKind.IMAGE, large, small, item.alt, item.aspect_ratio)


def _media(kind: MediaKind, address: str, preview: str, alt: str, ratio: Ratio | None) -> Media:
    # Ratios such as 3 to 4 are no sizes.
    width, height = (ratio.width, ratio.height) if ratio is not None else (0, 0)
    fits = 16 <= width < 100_000 and 16 <= height < 100_000
    return Media(
        kind,
        plain.web(address),
        plain.web(preview),
        harmless(alt[:ALT_CAP]).strip(),
        width if fits else 0,
        height if fits else 0,
    )


def _cdn(size: str, did: str, blob: Blob | None) -> str:
    """Where Bluesky serves the picture of a record that comes without its view."""
    if blob is None:
        return ""
    cid = blob.ref.link if blob.ref is not None else blob.cid
    return f"{CDN}/{size}/plain/{did}/{cid}@jpeg" if cid.isalnum() and did else ""


def _quote(raw: Raw, *, inside: bool = False) -> tuple[str, str]:
    """Quoted lines and the address of what they are from; a list or feed shows its name."""
    try:
        found = _quoted.decode(raw)
    except UNREADABLE:
        return "", ""
    if given(found.record) and not found.uri and not inside:  # of a quote with pictures it lies one deeper
        return _quote(found.record, inside=True)
    if not found.uri:
        return "", ""
    page = web_address(found.uri)
    if found.author is None or not given(found.value):
        name = one_line(found.display_name or found.name)
        # A post that is gone, blocked or taken out, or one that comes without its view: where it is or was.
        return plain.quoted(name or page, page if name else ""), found.uri
    handle = found.author.handle if found.author.handle not in ("", UNKNOWN_HANDLE) else found.author.did
    try:
        record = _record.decode(found.value)
    except UNREADABLE:
        return plain.quoted(f"@{handle}:", page), found.uri
    return plain.quoted(f"@{handle}:", plain.to_text(record.text, facets(record.facets))), found.uri
