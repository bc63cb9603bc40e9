"""Servers that say and do less than documented are opened and read as far as they go."""

import asyncio
import codecs
import json
import uuid

import pytest
from aiohttp import web

from tests.connectors.conftest import QUICK, Opening, Watch
from tests.connectors.stranger import TOKEN, Stranger, always, stranger
from tests.net.servers import serving
from workstation.connectors.mastodon.reading import Pace
from workstation.domain.channels import Condition
from workstation.domain.errors import PermissionDeniedError, ProtocolChangedError
from workstation.domain.outbox import Act, Operation

IMPATIENT = Pace(sweep=0.2, poll=0.05, stream_again=3_600, health=0.0, reconnect=0.01, opening=0.05)
INSTANCE, HOME, NOTIFICATIONS = "/api/v1/instance", "/api/v1/timelines/home", "/api/v1/notifications"
USER = "/api/v1/streaming/user"


def _reply(target: str, text: str = "We look into it") -> Operation:
    return Operation(str(uuid.uuid4()), Act.REPLY, target=target, account="anna@far.example", text=text)


@pytest.mark.parametrize(
    "told",
    [
        always({}),
        always({"error": "not found"}, 404),
        always({"uri": None, "version": None}),
        always(b"<html></html>"),
        always({"error": "denied"}, 401),
    ],
)
async def test_nothing_has_to_be_said_of_the_server(opened: Opening, told: object) -> None:
    async with stranger({INSTANCE: told}) as (_, base):  # type: ignore[dict-item]
        found = await (await opened(base, TOKEN)).open()
    assert found.account.handle == "shop@127.0.0.1"
    assert found.capabilities.length_limit == 500


async def test_a_newer_description_that_fails_is_asked_for_in_its_older_form(opened: Opening) -> None:
    async with stranger({"/api/v2/instance": always({"error": "oops"}, 500)}) as (_, base):
        found = await (await opened(base, TOKEN)).open()
    assert found.account.handle == "shop@home.example"


async def test_an_address_without_the_api_is_called_that(opened: Opening) -> None:
    async def nothing(_: web.Request) -> web.Response:
        return web.Response(status=404, text="<h1>nothing here</h1>", content_type="text/html")

    async with serving(("*", "/{any:.*}", nothing)) as base:
        with pytest.raises(ProtocolChangedError) as caught:
            await opened(base, TOKEN)
        assert base in str(caught.value)
        assert "Mastodon API" in str(caught.value)


async def test_faults_in_what_is_optional_are_no_reason_to_stay_away(opened: Opening) -> None:
    broken = always({"error": "oops"}, 500)
    odd = {"/api/v1/apps/verify_credentials": broken, "/api/v1/admin/reports": broken, "/api/v1/conversations": broken}
    async with stranger(odd) as (_, base):
        found = await (await opened(base, TOKEN)).open()
    assert found.sources == ("home", "mentions", "direct")


@pytest.mark.parametrize("typed", ["/sub", "/sub/"])
async def test_a_server_below_a_path(opened: Opening, typed: str) -> None:
    async with stranger(prefix="/sub") as (server, base):
        channel = await opened(base + typed, TOKEN, sources="home", transport="poll")
        async with Watch(channel) as watch:
            await watch.live(Condition.POLLING)
    assert sorted(watch.ids()) == [item["id"] for item in server.home]


async def test_the_address_of_a_profile_names_its_server(opened: Opening) -> None:
    async with stranger() as (_, base):
        found = await (await opened(f"{base}/@shop", TOKEN)).open()
    assert found.account.handle == "shop@home.example"


async def test_a_redirect_below_a_path_is_followed_for_writes_too(opened: Opening) -> None:
    made = Stranger({}, "/below")

    async def moved(request: web.Request) -> web.StreamResponse:
        if request.path.startswith("/below"):
            return await made.handle(request)
        return web.Response(status=301, headers={"Location": "/below" + request.path_qs})

    async with serving(("*", "/{any:.*}", moved)) as base:
        channel = await opened(base, TOKEN)
        sent = await channel.send(_reply("1001"))
    assert [post["id"] for post in made.posts] == [sent.remote_id]


async def test_a_byte_order_mark_is_no_content(opened: Opening) -> None:
    mark = codecs.BOM_UTF8 + json.dumps({"uri": "marked.example", "version": "1"}).encode()
    async with stranger({INSTANCE: always(mark), HOME: always(codecs.BOM_UTF8 + b"[]")}) as (_, base):
        channel = await opened(base, TOKEN, sources="home", transport="poll")
        async with Watch(channel) as watch:
            await watch.live(Condition.POLLING)
    assert not any(batch.rejects for batch in watch.batches)


@pytest.mark.parametrize("refusal", [always({"error": "outside the scopes"}, 403), always(b"", 404), always([], 500)])
async def test_a_list_that_is_refused_does_not_stop_the_others(opened: Opening, refusal: object) -> None:
    async with stranger({NOTIFICATIONS: refusal}) as (server, base):  # type: ignore[dict-item]
        channel = await opened(base, TOKEN, pace=IMPATIENT, sources="mentions,home", transport="poll")
        async with Watch(channel) as watch:
            await watch.live(Condition.POLLING)
            assert sorted(watch.ids()) == [item["id"] for item in server.home]
            error = watch.health[-1].error
            assert error is not None
            assert "notifications" in str(error.values())
            server.odd.clear()  # the permission is given
            await watch.until(lambda: watch.health[-1].error is None)


async def test_a_channel_that_can_read_nothing_says_why(opened: Opening) -> None:
    denied = always({"error": "outside the scopes"}, 403)
    async with stranger({NOTIFICATIONS: denied, HOME: denied}) as (_, base):
        channel = await opened(base, TOKEN, sources="mentions,home", transport="poll")
        async with Watch(channel) as watch:
            with pytest.raises(PermissionDeniedError):
                await watch.over()


async def test_a_new_list_that_failed_at_first_still_starts_with_its_latest_page(opened: Opening) -> None:
    asked: list[str] = []

    async def failing(request: web.Request) -> web.Response:
        asked.append(request.query_string)
        return web.Response(status=503 if len(asked) == 1 else 200, text="[]")

    async with stranger({NOTIFICATIONS: failing}) as (_, base):
        channel = await opened(base, TOKEN, pace=IMPATIENT, sources="mentions,home", transport="poll")
        async with Watch(channel) as watch:
            await watch.live(Condition.POLLING)
            await watch.until(lambda: "mentions" in watch.cursors)
    assert not any("min_id" in query for query in asked[:2])


async def test_messages_do_not_wait_for_a_stream_that_never_opens(opened: Opening) -> None:
    async def silent(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with stranger({"/api/v1/streaming": silent, USER: silent}) as (_, base):
        channel = await opened(base, TOKEN, pace=IMPATIENT, sources="home")
        async with Watch(channel) as watch:
            await watch.until(lambda: len(watch.ids()) == 3)
            assert watch.health[-1].transport == "poll"


async def test_server_sent_events_that_begin_without_a_greeting(opened: Opening) -> None:
    async def quiet(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        await asyncio.Event().wait()
        return stream

    async with stranger({USER: quiet}) as (_, base):
        channel = await opened(base, TOKEN, sources="home")
        async with Watch(channel) as watch:
            await watch.live()
            assert watch.health[-1].transport == "sse"


async def test_an_answer_that_is_no_stream_is_not_taken_for_one(opened: Opening) -> None:
    async with stranger({USER: always([])}) as (_, base):
        channel = await opened(base, TOKEN, sources="home")
        async with Watch(channel) as watch:
            await watch.live(Condition.POLLING)


async def test_streams_that_end_at_once_are_given_up_for_a_while(opened: Opening) -> None:
    async def brief(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.close()
        return socket

    async with stranger({"/api/v1/streaming": brief}) as (server, base):
        channel = await opened(base, TOKEN, pace=QUICK, sources="home")
        async with Watch(channel) as watch:
            await watch.live(Condition.POLLING)
    assert server.asked.count("GET /api/v1/streaming") == 3


async def test_json_is_asked_for(opened: Opening) -> None:
    accepted: list[str] = []

    async def listening(request: web.Request) -> web.Response:
        accepted.append(request.headers["Accept"])
        return web.json_response({"uri": "home.example", "version": "1"})

    async with stranger({INSTANCE: listening}) as (_, base):
        await opened(base, TOKEN)
    assert accepted == ["application/json"]
