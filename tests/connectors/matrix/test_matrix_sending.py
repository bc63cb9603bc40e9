"""Doing things on a homeserver double: once, where they belong, and only where they may be."""

import uuid

import pytest

from tests.conformance.doubles.matrix import ANNA, BEN, OWN, ROOM
from tests.connectors.matrix.conftest import Double, Opening
from tests.connectors.matrix.test_matrix_reading import Watch
from workstation.connectors.matrix.channel import MatrixChannel
from workstation.connectors.matrix.names import INVITATION
from workstation.domain.errors import (
    AmbiguousError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ReplyNotAllowedError,
    TooLongError,
)
from workstation.domain.messages import Mark
from workstation.domain.outbox import Act, Operation

MODERATED = {"users": {ANNA: 100, OWN: 50}}


def _do(act: Act, target: str = "", text: str = "", account: str = ANNA, **options: str) -> Operation:
    return Operation(str(uuid.uuid4()), act, target=target, account=account, text=text, options=options)


def _last(server: Double, room: str = ROOM) -> dict[str, object]:
    event: dict[str, object] = server.rooms[room].events[-1][1]
    return event


@pytest.fixture
async def channel(server: Double, opened: Opening) -> MatrixChannel:
    """In a room of three, as its moderator."""
    server.room(ROOM, ANNA, BEN, levels=MODERATED)
    return await opened(server.base)


async def test_an_answer_names_what_and_whom_it_answers(server: Double, channel: MatrixChannel) -> None:
    asked = await server.write("where?")
    operation = _do(Act.REPLY, asked, "here")
    sent = await channel.send(operation)
    again = await channel.send(operation)
    assert sent.remote_id == again.remote_id
    content = _last(server)["content"]
    assert content == {
        "msgtype": "m.text",
        "body": "here",
        "m.mentions": {"user_ids": [ANNA]},
        "m.relates_to": {"m.in_reply_to": {"event_id": asked}},
    }
    assert sent.batch is not None
    (told,) = sent.batch.messages
    async with Watch(channel) as watch:
        await watch.until(lambda: sent.remote_id in watch.ids())
    echo = watch.latest[sent.remote_id]
    assert (echo.text, echo.reply_to, echo.operation, echo.own) == (told.text, asked, operation.id, True)


async def test_an_answer_stays_in_its_thread(server: Double, channel: MatrixChannel) -> None:
    root = await server.write("topic")
    below = await server.write("below", more={"m.relates_to": {"rel_type": "m.thread", "event_id": root}})
    sent = await channel.send(_do(Act.REPLY, below, "there"))
    relation = _last(server)["content"]["m.relates_to"]  # type: ignore[index]
    assert (relation["rel_type"], relation["event_id"]) == ("m.thread", root)
    assert sent.batch is not None
    assert sent.batch.messages[0].branch == root


async def test_what_is_gone_is_not_answered(server: Double, channel: MatrixChannel) -> None:
    asked = await server.write("where?")
    await server.redact(asked)
    with pytest.raises(GoneError):
        await channel.send(_do(Act.REPLY, asked, "here"))
    with pytest.raises(GoneError):
        await channel.send(_do(Act.REPLY, "$nowhere", "here"))
    assert server.own_texts() == []


async def test_nothing_is_written_in_the_open_into_a_sealed_room(server: Double, channel: MatrixChannel) -> None:
    asked = await server.write("where?")
    await server.append("m.room.encryption", {"algorithm": "x"}, state_key="")
    async with Watch(channel) as watch:
        await watch.live()
        await watch.until(lambda: len(watch.messages()) == 2)
        with pytest.raises(ReplyNotAllowedError):
            await channel.send(_do(Act.REPLY, asked, "here"))
    assert server.own_texts() == []


async def test_a_text_that_is_too_long(server: Double, channel: MatrixChannel) -> None:
    asked = await server.write("where?")
    operation = _do(Act.REPLY, asked, "x" * 70_000)
    with pytest.raises(TooLongError) as caught:
        await channel.send(operation)
    assert caught.value.params["used"] == channel.measure(operation).used == 70_000


async def test_edits_are_for_ours_alone(server: Double, channel: MatrixChannel) -> None:
    theirs = await server.write("where?")
    with pytest.raises(PermissionDeniedError):
        await channel.send(_do(Act.EDIT, theirs, "there"))
    sent = await channel.send(_do(Act.REPLY, theirs, "heer"))
    operation = _do(Act.EDIT, sent.remote_id, "here")
    assert await channel.find_sent(operation, 0) is None
    edited = await channel.send(operation)
    assert edited.remote_id == sent.remote_id
    assert (await channel.refresh((sent.remote_id,))).messages[0].text == "here"
    assert await channel.find_sent(operation, 0) is not None


async def test_reactions(server: Double, channel: MatrixChannel) -> None:
    asked = await server.write("thank you")
    like, unlike = _do(Act.FAVOURITE, asked), _do(Act.UNFAVOURITE, asked)
    assert await channel.find_sent(like, 0) is None
    sent = await channel.send(like)
    assert sent.batch is not None
    assert sent.batch.messages[0].marks == (Mark.FAVOURITED,)
    assert await channel.find_sent(like, 0) is not None
    assert (await channel.refresh((asked,))).messages[0].marks == (Mark.FAVOURITED,)
    assert await channel.find_sent(unlike, 0) is None
    # A double that empties what is redacted no longer lists it.
    await channel.send(unlike)
    assert (await channel.refresh((asked,))).messages[0].marks == ()


@pytest.mark.parametrize("act", [Act.REMOVE, Act.DELETE])
async def test_removing(server: Double, channel: MatrixChannel, act: Act) -> None:
    asked = await server.write("buy pills")
    operation = _do(act, asked, reason="spam")
    assert await channel.find_sent(operation, 0) is None
    sent = await channel.send(operation)
    assert sent.batch is not None
    assert sent.batch.deletions[0].remote_id == asked
    assert await channel.find_sent(operation, 0) is not None
    assert server.find(server.rooms[ROOM], asked)["content"] == {}  # type: ignore[index]


@pytest.mark.parametrize(("act", "then"), [(Act.KICK, "leave"), (Act.BAN, "ban"), (Act.UNBAN, "leave")])
async def test_putting_people_out(server: Double, channel: MatrixChannel, act: Act, then: str) -> None:
    asked = await server.write("buy pills")
    operation = _do(act, asked, reason="spam")
    assert await channel.find_sent(operation, 0) is None
    await channel.send(operation)
    assert server.rooms[ROOM].state["m.room.member", ANNA][1]["content"] == {
        "membership": then,
        "reason": "spam",
    }
    assert await channel.find_sent(operation, 0) is not None


async def test_what_the_room_does_not_permit_is_not_asked_for(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA, BEN)
    channel = await opened(server.base)
    asked = await server.write("hello")
    for act in (Act.REMOVE, Act.KICK, Act.BAN, Act.UNBAN):
        with pytest.raises(PermissionDeniedError):
            await channel.send(_do(act, asked))
    offers = (await channel.open()).capabilities
    assert not any(offers.offer(act).available for act in (Act.REMOVE, Act.KICK, Act.BAN, Act.UNBAN))  # type: ignore[union-attr]


async def test_ignoring_keeps_the_others(server: Double, channel: MatrixChannel) -> None:
    server.ignored = {"@old:far.example": {"since": 1}}
    asked = await server.write("hello")
    mute, unmute = _do(Act.MUTE, asked), _do(Act.UNMUTE, asked)
    await channel.send(mute)
    assert server.ignored == {"@old:far.example": {"since": 1}, ANNA: {}}
    assert await channel.find_sent(mute, 0) is not None
    await channel.send(unmute)
    assert server.ignored == {"@old:far.example": {"since": 1}}
    assert await channel.find_sent(mute, 0) is None


async def test_reporting(server: Double, channel: MatrixChannel) -> None:
    asked = await server.write("buy pills")
    operation = _do(Act.REPORT, asked, comment="spam", score="40")
    await channel.send(operation)
    assert server.reports == [(asked, {"reason": "spam", "score": -40})]
    with pytest.raises(AmbiguousError):
        await channel.find_sent(operation, 0)


async def test_posts_go_into_the_room_that_is_chosen(server: Double, opened: Opening) -> None:
    server.room(ROOM, ANNA, BEN)
    server.room("!news:double", ANNA, BEN)
    channel = await opened(server.base, post_room=ROOM)
    operation = _do(Act.POST, text="we are open", account="")
    assert await channel.find_sent(operation, 0) is None
    sent = await channel.send(operation)
    found = await channel.find_sent(operation, 0)
    assert found is not None
    assert found.remote_id == sent.remote_id
    await channel.send(_do(Act.POST, text="elsewhere", account="", room="!news:double"))
    assert _last(server, "!news:double")["content"]["body"] == "elsewhere"  # type: ignore[index]
    with pytest.raises(InvalidError):
        await (await opened(server.base)).send(operation)


async def test_invitations_are_answered(server: Double, opened: Opening) -> None:
    await server.invite("!asked:double")
    await server.invite("!other:double")
    channel = await opened(server.base)
    target = INVITATION + "!asked:double"
    with pytest.raises(ReplyNotAllowedError):
        await channel.send(_do(Act.REPLY, target, "hello"))
    accept = _do(Act.APPROVE, target)
    assert await channel.find_sent(accept, 0) is None
    await channel.send(accept)
    assert server.joined == ["!asked:double"]
    assert await channel.find_sent(accept, 0) is not None
    await channel.send(_do(Act.REMOVE, INVITATION + "!other:double"))
    assert server.rooms["!other:double"].state["m.room.member", OWN][1]["content"]["membership"] == "leave"
