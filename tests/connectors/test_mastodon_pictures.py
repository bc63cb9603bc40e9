"""Pictures of posts: handed over with descriptions, waited for, refused; and boosts of what is known by address."""

import uuid
from collections.abc import Callable

import pytest

from tests.connectors.conftest import Opening
from tests.practice_network import PracticeNetwork
from workstation.connectors.base import TakesPictures
from workstation.connectors.mastodon.instance import Configuration, InstanceV2, MediaLimits, StatusLimits, from_v2
from workstation.connectors.mastodon.uploads import multipart
from workstation.domain.errors import GoneError, InvalidError, TransientError
from workstation.domain.outbox import Act, Operation
from workstation.domain.posts import PictureData
from workstation.practice.pictures import png

POSTS = "/api/v1/statuses"
PICTURE = PictureData("image/png", png(64, 48, 1), "A shop – “closed”\nuntil Monday", "secret name.png")


def post(text: str, *media: str) -> Operation:
    return Operation(str(uuid.uuid4()), Act.POST, text=text, options={"media": ",".join(media)} if media else {})


async def test_a_picture_goes_with_its_description(practice: PracticeNetwork, opened: Opening) -> None:
    token = practice.tokens["agent"]
    channel = await opened(practice.base_url, token)
    assert isinstance(channel, TakesPictures)
    sent = await channel.send(post("look", await channel.attach(PICTURE)))
    status = practice.request("GET", f"{POSTS}/{sent.remote_id}", token)
    (shown,) = status["media_attachments"]
    assert shown["description"] == PICTURE.alt
    assert (shown["meta"]["original"]["width"], shown["meta"]["original"]["height"]) == (64, 48)
    assert sent.batch is not None
    assert [item.alt for item in sent.batch.messages[0].media] == [PICTURE.alt]


async def test_what_a_server_still_prepares_is_waited_for(
    practices: Callable[..., PracticeNetwork], opened: Opening
) -> None:
    practice = practices(media_delay=0.3)
    channel = await opened(practice.base_url, practice.tokens["agent"])
    sent = await channel.send(post("look", await channel.attach(PICTURE)))
    assert sent.remote_id
    asked = practice.statistics()["requests"]
    assert any("media" in path for path in asked)


async def test_what_is_no_picture_is_refused_and_nothing_is_posted(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    with pytest.raises(InvalidError):
        await channel.attach(PictureData("image/svg+xml", b"<svg/>"))


async def test_an_upload_is_never_ambiguous(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    for kind in ("lost_answer", "server_error"):
        practice.faults({"kind": kind, "path": "/media", "method": "POST"})
        with pytest.raises(TransientError):
            await channel.attach(PICTURE)


async def test_limits_are_those_the_server_tells(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["agent"])
    pictures = (await channel.open()).capabilities.pictures
    assert (pictures.most, pictures.alt, pictures.size) == (4, 1_500, 16_777_216)
    assert "image/png" in pictures.kinds


def test_servers_that_tell_little_or_nonsense_have_usual_limits() -> None:
    assert from_v2(InstanceV2()).pictures.most == 4
    told = Configuration(
        statuses=StatusLimits(max_media_attachments=0),
        media_attachments=MediaLimits(("video/mp4",), -5, None),
    )
    pictures = from_v2(InstanceV2(configuration=told)).pictures
    assert (pictures.most, pictures.size, pictures.alt) == (0, 0, 0)
    assert "image/jpeg" in pictures.kinds


async def test_an_account_that_may_only_read_takes_none(practice: PracticeNetwork, opened: Opening) -> None:
    channel = await opened(practice.base_url, practice.tokens["reader"])
    assert (await channel.open()).capabilities.pictures.most == 0


def test_the_name_of_the_file_stays_at_home() -> None:
    body = multipart("b", {"description": "x"}, "picture.png", "image/png", b"data")
    assert b"secret" not in body
    assert body.endswith(b"\r\n--b--\r\n")
    assert b'name="description"\r\n\r\nx\r\n' in body


async def test_what_is_known_by_its_address_is_boosted_there(practice: PracticeNetwork, opened: Opening) -> None:
    token = practice.tokens["moderator"]
    channel = await opened(practice.base_url, token)
    posted = practice.post("look at this", visibility="public")
    boost = Operation(str(uuid.uuid4()), Act.BOOST, options={"address": posted["url"]})
    assert await channel.find_sent(boost, 0) is None
    await channel.send(boost)
    assert practice.request("GET", f"{POSTS}/{posted['id']}", token)["reblogged"] is True
    assert await channel.find_sent(boost, 0) is not None
    with pytest.raises(GoneError):
        await channel.send(Operation(str(uuid.uuid4()), Act.BOOST, options={"address": f"{practice.base_url}/@x/99"}))
