"""Servers that say and do less than documented are opened and read as far as they go."""

import asyncio
import codecs
import json
import random
import time
import uuid
from collections.abc import Callable

import pytest
from aiohttp import web

from tests.connectors.conftest import QUICK, Opening, Watch
from tests.connectors.samples import status
from tests.connectors.stranger import TOKEN, Answer, Stranger, always, answer, stranger
from tests.net.servers import serving
from workstation.connectors.mastodon.reading import Pace
from workstation.domain.channels import Condition
from workstation.domain.errors import (
    AmbiguousError,
    GoneError,
    PermissionDeniedError,
    ProtocolChangedError,
    RateLimitedError,
)
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
async def test_nothing_has_to_be_said_of_the_server(opened: Opening, told: Answer) -> None:
    async with stranger({INSTANCE: told}) as (_, base):
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
async def test_a_list_that_is_refused_does_not_stop_the_others(opened: Opening, refusal: Answer) -> None:
    async with stranger({NOTIFICATIONS: refusal}) as (server, base):
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


async def test_an_author_without_a_full_name_is_one_of_the_server(opened: Opening) -> None:
    async with stranger() as (server, base):
        server.home[0]["account"] = {"id": "7", "username": "Ben"}
        server.home[1]["mentions"] = [{"id": "7", "username": "ben"}, {"id": "8"}]
        channel = await opened(base, TOKEN, sources="home", transport="poll")
        async with Watch(channel) as watch:
            await watch.live(Condition.POLLING)
    first, second, _ = watch.messages()
    assert (first.author.handle, first.author.name) == ("ben@home.example", "Ben")
    assert second.mentions == ("ben@home.example",)


async def test_all_around_a_text_too_large_is_read(opened: Opening) -> None:
    async def home(request: web.Request) -> web.Response:
        before, limit = request.query.get("max_id", "9999"), int(request.query["limit"])
        page = [post for post in server.home if post["id"] < before][::-1][:limit]
        return answer([] if "min_id" in request.query else page)

    async with stranger({HOME: home}) as (server, base):
        server.home = [status(str(number)) for number in range(1001, 1061)]
        server.home[55]["content"] = "A" * (5 << 20)
        channel = await opened(base, TOKEN, sources="home", transport="poll")
        async with Watch(channel) as watch:
            await watch.live(Condition.POLLING)
    rejects = [reject for batch in watch.batches for reject in batch.rejects]
    assert [reject.remote_id for reject in rejects] == ["1056"]
    assert watch.ids() == [str(number) for number in range(1021, 1061) if number != 1056]
    assert json.loads(watch.cursors["home"].value) == {"statuses": "1060"}


@pytest.mark.parametrize("form", [str, lambda found: found.hex])
async def test_ids_that_do_not_tell_their_order(opened: Opening, form: Callable[[uuid.UUID], str]) -> None:
    names = [form(uuid.UUID(int=random.Random(number).getrandbits(128), version=4)) for number in range(200)]

    async def home(request: web.Request) -> web.Response:
        known = [post["id"] for post in server.home]
        last = known.index(request.query["max_id"]) if "max_id" in request.query else len(known)
        return answer(server.home[:last][::-1][:20])

    async with stranger({HOME: home}) as (server, base):
        server.home = [status(name) for name in names[:5]]
        channel = await opened(base, TOKEN, sources="home", transport="poll")
        async with Watch(channel) as watch:
            await watch.live(Condition.POLLING)
        assert watch.ids() == names[:5]
        server.home += [status(name) for name in names[5:90]]
        async with Watch(channel, watch.cursors) as again:
            await again.live(Condition.POLLING)
        assert set(names[5:90]) <= set(again.ids())
        assert json.loads(again.cursors["home"].value) == {"statuses": names[89]}
        del server.home[89]  # the position is gone
        server.home += [status(name) for name in names[90:]]
        async with Watch(channel, again.cursors) as third:
            await third.live(Condition.POLLING)
        assert set(names[90:]) <= set(third.ids())


@pytest.mark.parametrize("body", [{"id": "2001"}, {"id": 2001, "ok": True}])
async def test_an_answer_that_only_names_what_was_made_is_enough(opened: Opening, body: object) -> None:
    async with stranger({"/api/v1/statuses": always(body)}) as (_, base):
        channel = await opened(base, TOKEN)
        sent = await channel.send(_reply("1001"))
    assert sent.remote_id == "2001"


@pytest.mark.parametrize("body", [b"", b"{}", {"ok": True}, {"id": ""}])
async def test_an_answer_that_names_nothing_is_doubt_and_looking_ends_it(opened: Opening, body: object) -> None:
    async def vague(request: web.Request) -> web.Response:
        server.publish(await request.json())
        return answer(body, 202)

    async with stranger({"/api/v1/statuses": vague}) as (server, base):
        channel = await opened(base, TOKEN)
        operation = _reply("1001")
        before = time.time_ns() // 1_000
        with pytest.raises(AmbiguousError):
            await channel.send(operation)
        found = await channel.find_sent(operation, before)
    assert found is not None
    assert [post["id"] for post in server.posts] == [found.remote_id]


@pytest.mark.parametrize("refusal", [always({"error": "scopes"}, 403), always(b"<h1>Not Found</h1>", 404)])
async def test_what_cannot_be_looked_at_can_be_answered(opened: Opening, refusal: Answer) -> None:
    async with stranger({"/api/v1/statuses/1001": refusal}) as (server, base):
        sent = await (await opened(base, TOKEN)).send(_reply("1001"))
    assert [post["id"] for post in server.posts] == [sent.remote_id]
    assert server.posts[0]["in_reply_to_id"] == "1001"


async def test_what_is_gone_is_not_answered(opened: Opening) -> None:
    async with stranger() as (server, base):
        with pytest.raises(GoneError):
            await (await opened(base, TOKEN)).send(_reply("999"))
    assert not server.posts


async def test_an_author_is_found_by_the_post_where_handles_cannot_be_looked_up(opened: Opening) -> None:
    muted = "/api/v1/accounts/200/mute"
    async with stranger({muted: always({"id": "200", "muting": True})}) as (server, base):
        channel = await opened(base, TOKEN)
        await channel.send(Operation(str(uuid.uuid4()), Act.MUTE, target="1001", account="anna@far.example"))
    assert f"POST {muted}" in server.asked


async def test_opening_says_that_the_server_wants_us_to_wait(opened: Opening) -> None:
    later = str(int(time.time()) + 240)
    spent = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": later}
    async with stranger({INSTANCE: always({"uri": "home.example", "version": "1"}, 200, **spent)}) as (_, base):
        with pytest.raises(RateLimitedError) as caught:
            await opened(base, TOKEN)
    assert caught.value.retry_at == int(later) * 1_000_000


async def test_only_own_posts_are_edited(opened: Opening) -> None:
    async with stranger() as (server, base):
        channel = await opened(base, TOKEN)
        with pytest.raises(PermissionDeniedError) as caught:
            await channel.send(Operation(str(uuid.uuid4()), Act.EDIT, target="1001", text="changed"))
    assert "not a post of this account" in str(caught.value)
    assert not any(line.startswith("PUT") for line in server.asked)


async def test_a_refusal_that_does_not_say_how_long_begins_with_a_short_wait(opened: Opening) -> None:
    async with stranger({HOME: always({"error": "slow down"}, 429)}) as (_, base):
        channel = await opened(base, TOKEN, sources="home", transport="poll")
        async with Watch(channel) as watch:
            with pytest.raises(RateLimitedError) as caught:
                await watch.over()
    assert 0 < caught.value.retry_at - time.time_ns() // 1_000 <= 6_000_000


async def test_an_answer_is_found_however_wrong_the_clock_of_its_server_is(opened: Opening) -> None:
    async def lost(request: web.Request) -> web.Response:
        server.publish(await request.json())["created_at"] = "2001-01-01T00:00:00Z"
        return answer({"error": "gone away"}, 504)

    async with stranger({"/api/v1/statuses": lost}) as (server, base):
        channel = await opened(base, TOKEN)
        answered = _reply("1001")
        before = time.time_ns() // 1_000
        with pytest.raises(AmbiguousError):
            await channel.send(answered)
        found = await channel.find_sent(answered, before)
        assert found is not None
        assert [post["id"] for post in server.posts] == [found.remote_id]
        assert await channel.find_sent(_reply("1002"), before) is None
        posted = Operation(str(uuid.uuid4()), Act.POST, text="We look into it")
        server.posts[0]["in_reply_to_id"] = None
        assert await channel.find_sent(posted, before) is None
