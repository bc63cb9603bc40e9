"""Handing pictures over before a post names them: the upload, and the wait until the server has prepared it."""

import asyncio
import secrets

from workstation.connectors.mastodon import answers
from workstation.connectors.mastodon.entities import MediaAttachment
from workstation.connectors.mastodon.requests import part
from workstation.connectors.mastodon.session import Session
from workstation.domain.errors import GoneError, InvalidError, TransientError, UnsupportedError
from workstation.domain.posts import PictureData
from workstation.domain.text import N_
from workstation.net.client import Response
from workstation.net.limits import Lane

WAITS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0)
"""Seconds before each look whether the server has prepared a picture."""
STILL_AT_IT = N_("the server is still preparing a picture")
NOT_TAKEN = N_("the server could not read a picture")
PREPARING = 206
NAMES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}


class Uploads:
    """Pictures of one account. Uploading twice does no harm: servers forget what no post names."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def attach(self, picture: PictureData) -> str:
        """Hand a picture over; its id on the server, ready to be named by a post."""
        try:
            response = await self._upload("/api/v2/media", picture)
        except (GoneError, UnsupportedError):
            response = await self._upload("/api/v1/media", picture)  # before Mastodon 3.1.3, and some others
        made = answers.decoded(response, MediaAttachment, "media")
        if response.status == 202 or not made.url:
            await self._prepared(str(made.id))
        return str(made.id)

    async def _upload(self, path: str, picture: PictureData) -> Response:
        # What the file is called at home is nobody's business.
        name = f"picture.{NAMES.get(picture.kind, 'bin')}"
        fields = {"description": picture.alt} if picture.alt else {}
        boundary = secrets.token_hex(16)
        body = multipart(boundary, fields, name, picture.kind, picture.data)
        return await self._session.ask(self._session.api.upload(path, body, boundary), Lane.WRITE)

    async def _prepared(self, number: str) -> None:
        path = f"/api/v1/media/{part(number)}"
        for wait in WAITS:
            await asyncio.sleep(wait)
            try:
                response = await self._session.get(path, lane=Lane.WRITE)
            except GoneError:
                raise InvalidError(why=NOT_TAKEN) from None
            if response.status != PREPARING:
                return
        raise TransientError(why=STILL_AT_IT)


def multipart(boundary: str, fields: dict[str, str], name: str, kind: str, data: bytes) -> bytes:
    """A body of multipart/form-data (RFC 7578) with text fields and one file named "file"."""
    lines = []
    for field, value in fields.items():
        lines += [f"--{boundary}", f'Content-Disposition: form-data; name="{field}"', "", value]
    lines += [
        f"--{boundary}",
        f'Content-Disposition: form-data; name="file"; filename="{name}"',
        f"Content-Type: {kind}",
    ]
    head = "\r\n".join([*lines, "", ""]).encode("utf-8", "replace")
    return b"".join((head, data, f"\r\n--{boundary}--\r\n".encode()))
