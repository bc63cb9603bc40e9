"""A homeserver that answers anything: every failure is one of the known kinds, and nothing hangs."""

import time
import uuid
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from tests.conformance.doubles.matrix import ANNA, BEN, OWN, ROOM, TOKEN, Homeserver
from tests.connectors.matrix.conftest import Double, Opening
from tests.connectors.matrix.test_matrix_reading import Watch
from tests.net.servers import serving
from workstation.connectors.matrix import text, unpack
from workstation.connectors.matrix.channel import MatrixChannel
from workstation.domain.errors import (
    AuthExpiredError,
    ChannelError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    RateLimitedError,
    ReplyNotAllowedError,
    TooLongError,
    TransientError,
    UnsupportedError,
)
from workstation.domain.outbox import Act, Operation

NONSENSE = [
    b"",
    b"{",
    b"[]",
    b"7",
    b'"text"',
    b"null",
    b"<html></html>",
    b"\xff\xfe\x00",
    b'{"chunk": 7, "events_before": {}, "event": [], "state": "x", "end": 3, "event_id": 9}',
    b'{"chunk": [7, {}, [], {"event_id": "$a", "content": 7}], "event": {"content": []}, "joined_rooms": {}}',
    b'{"content": {"m.relates_to": 7, "body": []}, "event_id": "$x", "sender": 7, "room_id": []}',
    b'{"ignored_users": [], "errcode": 7, "error": []}',
    b'{"chunk": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
]
Doing = Callable[[MatrixChannel], Awaitable[object]]


def _do(act: Act, target: str = "$known", **options: str) -> Operation:
    return Operation(str(uuid.uuid4()), act, target=target, account=ANNA, text="text", options=options)


ALL: list[Doing] = [
    lambda channel: channel.thread("$known"),
    lambda channel: channel.history(ANNA),
    lambda channel: channel.refresh(("$known", "odd", "")),
    lambda channel: channel.earlier(f"room:{ROOM}", "", "$known", 0),
    lambda channel: channel.earlier(f"room:{ROOM}", "t1", "", 0),
    lambda channel: channel.media("mxc://a/b"),
    lambda channel: channel.file("mxc://a/b"),
    *(lambda channel, act=act: channel.send(_do(act, room=ROOM)) for act in Act),
    *(lambda channel, act=act: channel.find_sent(_do(act, room=ROOM), 0) for act in Act),
]


class Stranger(Homeserver):
    """Opens as it should, then says one thing to whatever is asked."""

    body = b""
    status = 200

    async def _dispatch(self, request: web.Request, parts: list[str]) -> web.StreamResponse:
        if parts[-1] in {"whoami", "sync"} or "profile" in parts:
            return await super()._dispatch(request, parts)
        return web.Response(body=self.body, status=self.status, content_type="application/json")


@pytest.mark.parametrize("status", [200, 400, 403, 404, 500])
@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
async def test_every_failure_is_known(opened: Opening, status: int, body: bytes) -> None:
    server = Stranger()
    server.room(ROOM, ANNA, BEN)
    server.body, server.status = body, status
    async with serving(("*", "/{path:.*}", server._answer)) as base:
        channel = await opened(base)
        for doing in ALL:
            try:
                await doing(channel)
            except ChannelError:
                continue


@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
async def test_nonsense_at_the_door(opened: Opening, body: bytes) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    async with serving(("*", "/{path:.*}", answer)) as base:
        with pytest.raises(ChannelError):
            await opened(base)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (401, "M_UNKNOWN_TOKEN", AuthExpiredError),
        (403, "M_FORBIDDEN", PermissionDeniedError),
        (403, "M_CONSENT_NOT_GIVEN", PermissionDeniedError),
        (403, "M_USER_SUSPENDED", PermissionDeniedError),
        (403, "M_RESOURCE_LIMIT_EXCEEDED", PermissionDeniedError),
        (404, "M_NOT_FOUND", GoneError),
        (404, "M_UNRECOGNIZED", UnsupportedError),
        (405, "M_UNRECOGNIZED", UnsupportedError),
        (413, "M_TOO_LARGE", TooLongError),
        (400, "M_BAD_JSON", InvalidError),
        (503, "M_UNKNOWN", TransientError),
    ],
)
async def test_refusals(server: Double, opened: Opening, status: int, code: str, error: type[ChannelError]) -> None:
    server.room(ROOM, ANNA)
    channel = await opened(server.base)

    async def refuse(_: web.Request) -> web.Response:
        body = {"errcode": code, "error": "in its own\u202e words", "consent_uri": "https://c.example/x"}
        return web.json_response(body, status=status)

    server.instead |= dict.fromkeys(("m.ignored_user_list", "b"), refuse)
    with pytest.raises(error) as caught:
        await channel.find_sent(_do(Act.MUTE), 0) if error is not GoneError else await channel.file("mxc://a/b")
    if error in {PermissionDeniedError, InvalidError}:
        assert caught.value.params["why"] == "in its own words https://c.example/x"


async def test_the_long_poll_is_told_to_wait(server: Double, opened: Opening) -> None:
    channel = await opened(server.base)
    async with Watch(channel) as watch:
        await watch.live()

        async def refuse(_: web.Request) -> web.Response:
            return web.json_response({"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 5_000}, status=429)

        server.instead["sync"] = refuse
        await server.invite("!x:double")
        with pytest.raises(RateLimitedError) as caught:
            await watch.over()
    assert 2 < caught.value.retry_at / 1_000_000 - time.time() < 6


async def test_a_server_that_answers_at_once_is_asked_more_and_more_slowly(server: Double, opened: Opening) -> None:
    asked: list[float] = []

    async def at_once(_: web.Request) -> web.Response:
        asked.append(time.monotonic())
        return web.json_response({"next_batch": "s9"})

    server.instead["sync"] = at_once
    async with Watch(await opened(server.base)) as watch:
        await watch.until(lambda: len(asked) > 8)
    assert asked[-1] - asked[-2] > 0.5


@pytest.mark.parametrize(
    "body", ["> " * 100_000, ">" * 200_000, "> x\n" * 50_000, "<@" * 100_000, "@shop:home." * 20_000, "\n" * 200_000]
)
@pytest.mark.timeout(30)
def test_no_text_takes_long(body: str) -> None:
    plain: unpack.Values = {"body": body}
    for content in (plain, plain | {"format": text.HTML, "formatted_body": f"<mx-reply>{body}"}):
        text.body(content)
        text.answered(content)
        text.unquoted(content)
        text.pills(content)


async def test_ids_that_need_care_in_addresses(server: Double, opened: Opening) -> None:
    odd = "!a/b?c#d%25:double"
    server.room(odd, ANNA, BEN, levels={"users": {OWN: 100}})
    asked = await server.write("hello", room=odd)
    channel = await opened(server.base, TOKEN)
    assert (await channel.thread(asked)).messages
    sent = await channel.send(_do(Act.REPLY, asked))
    assert sent.remote_id
    await channel.send(_do(Act.BAN, asked))
    assert server.rooms[odd].state["m.room.member", ANNA][1]["content"]["membership"] == "ban"
    await server.append("m.room.encryption", {"algorithm": "x"}, room=odd, state_key="")
    fresh = await opened(server.base)
    with pytest.raises(ReplyNotAllowedError):
        await fresh.send(_do(Act.REPLY, asked))
