"""Uploads, and the generated pictures of accounts and posts."""

import time
import zlib

from workstation.practice import pictures
from workstation.practice.model import Media
from workstation.practice.web.call import Answer, Call, Route, invalid, not_found
from workstation.practice.web.instance import IMAGE_TYPES

DESCRIPTION_LIMIT = 1_500
_CACHED = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}


def upload(call: Call) -> Answer:
    """Keep a picture for a status to come."""
    file = call.files.get("file")
    if file is None or not file.data:
        raise invalid("File can't be blank")
    if file.content_type not in IMAGE_TYPES:
        raise invalid("File content type is invalid")
    width, height = pictures.dimensions(file.data)
    description = call.given.text("description") or None
    _check(description)
    network = call.network
    media = Media(
        network.ids.at(network.clock.now_ms()),
        call.account.id,
        "image",
        file.content_type,
        file.data,
        width,
        height,
        description,
        _now() + round(network.options.media_delay * 1000) if network.options.media_delay else 0,
    )
    network.upload(media)
    return _shown(call, media, 202)


def _now() -> int:
    """Milliseconds of a clock that always runs: a server's work takes its time, whatever the hour that is played."""
    return time.monotonic_ns() // 1_000_000


def preparing(media: Media) -> bool:
    """Whether the server is still at work on an upload."""
    return media.ready_at > _now()


def _shown(call: Call, media: Media, unfinished: int) -> Answer:
    entity = call.network.render.media(media)
    return Answer(entity | {"url": None}, unfinished) if preparing(media) else Answer(entity)


def _check(description: str | None) -> None:
    if description and len(description) > DESCRIPTION_LIMIT:
        raise invalid(f"Description character limit of {DESCRIPTION_LIMIT} exceeded")


def _own(call: Call) -> Media:
    media = call.network.media.get(call.named())
    if media is None or media.account_id != call.account.id:
        raise not_found()
    return media


def read(call: Call) -> Answer:
    """Return an own upload, with 206 while it is being prepared."""
    return _shown(call, _own(call), 206)


def describe(call: Call) -> Answer:
    """Change the description of an own upload."""
    media = _own(call)
    description = call.given.text("description") or None
    _check(description)
    media.description = description
    return Answer(call.network.render.media(media))


def file(call: Call) -> Answer:
    """Return the bytes of a picture; scripted ones are drawn when they are asked for."""
    identifier = call.named()
    media = call.network.media.get(identifier)
    if media is None:
        return Answer(pictures.png(640, 400, zlib.crc32(str(identifier).encode())), 200, dict(_CACHED), "image/png")
    return Answer(media.data, headers=dict(_CACHED), content_type=media.content_type)


def avatar(call: Call) -> Answer:
    """Return an account's picture."""
    return Answer(pictures.png(120, 120, zlib.crc32(call.path["id"].encode())), 200, dict(_CACHED), "image/png")


def header(call: Call) -> Answer:
    """Return the wide picture of an account or of the network."""
    seed = zlib.crc32(call.path.get("id", "practice").encode())
    return Answer(pictures.png(300, 100, seed), 200, dict(_CACHED), "image/png")


ROUTES = (
    Route("POST", "/api/v2/media", upload, "write:media"),
    Route("POST", "/api/v1/media", upload, "write:media"),
    Route("GET", "/api/v1/media/{id}", read, "write:media"),
    Route("PUT", "/api/v1/media/{id}", describe, "write:media"),
    Route("GET", "/media/{id}", file),
    Route("GET", "/avatars/{id}.png", avatar),
    Route("GET", "/headers/{id}.png", header),
    Route("GET", "/thumbnail.png", header),
)
