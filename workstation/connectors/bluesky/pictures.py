"""Pictures for posts: as they are where they fit, their sizes read from their own heads."""

import struct

from workstation.connectors.bluesky import xrpc
from workstation.connectors.bluesky.entities import Uploaded
from workstation.connectors.bluesky.records import handed_over
from workstation.connectors.bluesky.session import Session
from workstation.domain.errors import InvalidError
from workstation.domain.posts import PictureData
from workstation.domain.text import N_
from workstation.net.limits import Lane

LARGEST = 1_000_000
"""Bytes (app.bsky.embed.images)."""
KINDS = ("image/jpeg", "image/png", "image/webp", "image/gif")
TOO_LARGE = N_("a picture may have {most} bytes at most")
NO_PICTURE = N_("it is no picture")


async def attach(session: Session, picture: PictureData) -> str:
    """Hand a picture over; what a post calls it. The server forgets it where no post names it."""
    if picture.kind not in KINDS:
        raise InvalidError(why=NO_PICTURE)
    if len(picture.data) > LARGEST:
        raise InvalidError(why=TOO_LARGE.format(most=LARGEST))
    await session.sign.ready(session)
    response = await session.ask(session.api.upload(picture.kind, picture.data), Lane.WRITE)
    blob = xrpc.decoded(response, Uploaded, "uploadBlob").blob
    return handed_over(blob, picture.alt, *size(picture.data))


def size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG, GIF, JPEG or WebP in pixels; 0 where they cannot be read."""
    try:
        if data[:8] == b"\x89PNG\r\n\x1a\n":
            width, height = struct.unpack(">II", data[16:24])
        elif data[:4] == b"GIF8":
            width, height = struct.unpack("<HH", data[6:10])
        elif data[:4] == b"RIFF" and data[8:16] == b"WEBPVP8X":
            width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        elif data[:2] == b"\xff\xd8":
            width, height = _jpeg(data)
        else:
            return 0, 0
    except struct.error:
        return 0, 0
    return (width, height) if 0 < width < 100_000 and 0 < height < 100_000 else (0, 0)


def _jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    return 0, 0
