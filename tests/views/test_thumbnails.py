"""Thumbnails on cards: nothing is loaded unasked; a click or the setting loads them for cards in sight."""

import asyncio
import json
import uuid
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QAccessible, QColor, QImage

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from workstation.qt import imaging
from workstation.services.media import Thumbnails
from workstation.views.deck.column_view import ColumnView

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
ALT = "A torn parcel on a doormat"


def picture() -> bytes:
    image = QImage(320, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("#C01080"))
    target = QBuffer()
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(target, "PNG")  # type: ignore[call-overload]
    return bytes(target.data().data())


def upload(network: PracticeNetwork, token: str) -> str:
    """Give the network a picture; its id."""
    mark = uuid.uuid4().hex
    text = f'--{mark}\r\nContent-Disposition: form-data; name="description"\r\n\r\n{ALT}\r\n'
    about = 'Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png'
    body = f"{text}--{mark}\r\n{about}\r\n\r\n".encode() + picture() + f"\r\n--{mark}--\r\n".encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={mark}"}
    request = Request(network.base_url + "/api/v2/media", data=body, headers=headers)  # noqa: S310 - loopback
    with urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
        return str(json.loads(answer.read())["id"])


def post_picture(network: PracticeNetwork, handle: str, **values: Any) -> None:
    """Let somebody write to the desk with a picture."""
    token = network.tokens["moderator"]
    status = {"status": f"@{handle} look at this", "media_ids": [upload(network, token)], **values}
    network.request("POST", "/api/v1/statuses", token, status)


class Watched(Thumbnails):
    """Counts what was asked of the network or the disk."""

    asked = 0

    async def get(self, channel: int, url: str, width: int, height: int) -> bytes | None:
        self.asked += 1
        return await super().get(channel, url, width, height)


async def decode(data: bytes, width: int, height: int) -> bytes:
    return imaging.decode(data, width, height)


async def shown(world: World, network: PracticeNetwork, folder: Path, **values: Any) -> tuple[ColumnView, Watched]:
    """The column with a card that has a picture."""
    watched = Watched(folder, world.desk.supervisor, decode)
    world.bench.pictures.thumbnails = watched
    opened = world.desk.supervisor.opened(world.desk.supervisor.configs()[0].id)
    assert opened is not None
    await asyncio.to_thread(post_picture, network, opened.account.handle.lstrip("@").partition("@")[0], **values)
    view = world.bench.deck.columns[0].view
    await world.until(lambda: any(entry.message.media for entry in view.model.rows), "a card with a picture")
    await world.until(lambda: view.placed, "placed")
    return view, watched


def fetching() -> bool:
    """Whether pictures of a card are on their way: that is decided when the card is made."""
    return any(task.get_name() == "card pictures" for task in asyncio.all_tasks())


def red(view: ColumnView) -> bool:
    """Whether the picture is on the screen."""
    shot = view.viewport().grab().toImage()
    x = shot.width() // 2
    return any(shot.pixelColor(x, y).rgb() & 0xFFFFFF == 0xC01080 for y in range(0, shot.height(), 8))


def test_a_picture_is_loaded_for_a_click_only(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        view, watched = await shown(world, practice, profile / "pictures")
        assert (watched.asked, fetching(), red(view)) == (0, False, False)
        view.select(0)
        view.load_media()
        assert fetching()
        await world.until(lambda: red(view), "the picture")
        assert watched.asked == 1
        row = QAccessible.queryAccessibleInterface(view).child(0)
        assert ALT in row.text(QAccessible.Text.Description)
        view.load_media()
        await world.until(lambda: world.bench.panel.entries, "the next click opens the case")

    run(profile, practice, steps)


def test_the_setting_loads_what_is_in_sight(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        view, watched = await shown(world, practice, profile / "pictures")
        world.desk.settings.change(load_media=True)
        await world.until(lambda: red(view), "the picture")
        assert watched.asked == 1

    run(profile, practice, steps)


def test_what_is_sensitive_waits_for_a_click(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        view, watched = await shown(world, practice, profile / "pictures", sensitive=True)
        assert (watched.asked, fetching(), red(view)) == (0, False, False)

    run(profile, practice, steps, load_media=True)
