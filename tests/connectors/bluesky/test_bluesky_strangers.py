"""What strangers and broken servers send: nothing of it stops the desk, all of it is counted."""

import json
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.doubles.bluesky import ALICE, OWN, POST, Habits, Network, failure, iso
from tests.connectors.bluesky.conftest import Opening
from tests.connectors.conftest import Watch
from tests.net.servers import serving
from workstation.connectors.bluesky import xrpc
from workstation.connectors.bluesky.directory import Directory
from workstation.connectors.bluesky.media import UNREADABLE
from workstation.connectors.bluesky.parse import Parser
from workstation.domain.channels import Condition
from workstation.domain.errors import (
    AmbiguousError,
    AuthExpiredError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
    ReplyNotAllowedError,
    TransientError,
    UnsupportedError,
)
from workstation.net.client import Response
from workstation.net.plain import TEXT_CAP

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    ["text", "createdAt", "facets", "reply", "embed", "langs", "labels", "tags", "$type", "uri", "author", "record",
     "viewer", "threadgate", "indexedAt", "cid"]
)  # fmt: skip


def view() -> dict[str, Any]:
    value = {"$type": POST, "text": "hello", "createdAt": iso(1)}
    author = {"did": ALICE, "handle": "alice.test"}
    return {
        "uri": f"at://{ALICE}/{POST}/3mz2222222222",
        "cid": "b",
        "author": author,
        "record": value,
        "indexedAt": iso(2),
    }


@given(st.lists(st.tuples(FIELDS, JSON), max_size=4), st.lists(st.tuples(FIELDS, JSON), max_size=4))
def test_views_of_strangers_are_messages_or_rejects(outer: list[Any], inner: list[Any]) -> None:
    found = view()
    found["record"] |= dict(inner)
    found |= dict(outer)
    try:
        message = Parser(OWN, Directory()).post(json.dumps(found).encode())
    except UNREADABLE:
        return
    assert len(message.text) <= TEXT_CAP + 100
    assert "\u202e" not in message.text


@pytest.mark.parametrize(
    "embed",
    [
        {"$type": "app.bsky.embed.images#view", "images": "none"},
        {"$type": "app.bsky.embed.record#view", "record": {"uri": 3}},
        {"media": {"media": {"media": {"images": []}}}, "record": {"record": {"record": {"record": {}}}}},
        {"images": [{"fullsize": "https://x/" + "a" * 100_000, "alt": "x" * 100_000}] * 500},
    ],
)
def test_embeds_that_are_broken_leave_the_post(embed: Any) -> None:
    message = Parser(OWN, Directory()).post(json.dumps(view() | {"embed": embed}).encode())
    assert message.text.startswith("hello")
    assert len(message.media) <= 20
    assert all(len(item.alt) <= 3_000 for item in message.media)


async def test_ten_megabytes_of_text_are_cut_and_the_neighbours_kept(network: Network, channel_of: Opening) -> None:
    before = network.say("before")
    large = network.say("x" * 10_000_000)
    after = network.say("after")
    async with Watch(await channel_of(sources="mentions")) as watch:  # type: ignore[arg-type]
        await watch.until(lambda: {before.uri, large.uri, after.uri} <= set(watch.ids()))
        texts = {message.remote_id: message.text for message in watch.messages()}
        assert len(texts[large.uri]) <= TEXT_CAP + 10


async def test_what_nests_too_deep_is_a_reject_and_the_neighbours_stay(
    habits: Habits, network: Network, channel_of: Opening
) -> None:
    good = network.say("good")
    deep = b'{"uri":"at://did:plc:alice/app.bsky.feed.post/3mdeep","record":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    page = b'{"notifications":[%s,%s]}' % (deep, json.dumps(network.notices[0]).encode())
    habits.spoilt.append(page)
    async with Watch(await channel_of(sources="mentions")) as watch:  # type: ignore[arg-type]
        await watch.until(lambda: good.uri in watch.ids())
        rejects = [reject for batch in watch.batches for reject in batch.rejects]
        assert [reject.remote_id for reject in rejects] == ["at://did:plc:alice/app.bsky.feed.post/3mdeep"]


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{}", b'{"notifications": 3}', b'{"notifications": [{"uri": "at', b"<html>", b"\xff\xfe"],
)
async def test_pages_that_are_none_end_the_run_and_lose_nothing(
    body: bytes, habits: Habits, network: Network, channel_of: Opening
) -> None:
    said = network.say("hello")
    channel = await channel_of(sources="mentions")
    habits.spoilt.append(body)
    async with Watch(channel) as watch:  # type: ignore[arg-type]
        with pytest.raises(ProtocolChangedError):
            await watch.over()
        assert watch.cursors == {}
    async with Watch(channel) as again:  # type: ignore[arg-type]
        await again.until(lambda: said.uri in again.ids())


async def test_a_page_that_names_itself_as_the_next_one_ends(
    habits: Habits, network: Network, channel_of: Opening
) -> None:
    network.say("hello")
    channel = await channel_of(sources="mentions")
    async with Watch(channel) as watch:  # type: ignore[arg-type]
        await watch.live(Condition.POLLING)

    async def circle(_: web.Request) -> web.StreamResponse:
        return web.json_response({"notifications": network.notices, "cursor": "again"})

    habits.odd["app.bsky.notification.listNotifications"] = circle
    later = network.say("later")
    async with Watch(channel, watch.cursors) as again:  # type: ignore[arg-type]
        await again.until(lambda: later.uri in again.ids())
        await again.live(Condition.POLLING)


async def test_pictures_are_loaded_by_name_only(network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="mentions")
    for url in ("https://evil.example/x.png", "http://127.0.0.1:1/x", "file:///etc/passwd"):
        with pytest.raises(PermissionDeniedError):
            await channel.media(url)


async def test_thumbnails_come_when_asked_for(network: Network, channel_of: Opening) -> None:
    kinds = {"png": "image/png", "svg": "image/svg+xml", "html": "text/html"}

    async def serve(request: web.Request) -> web.StreamResponse:
        kind = kinds.get(request.match_info["name"])
        return web.Response(body=b"bytes", content_type=kind) if kind else web.Response(status=404)

    async with serving(("GET", "/{name}", serve)) as base:
        channel = await channel_of(sources="mentions")

        async def load(name: str) -> bytes:
            picture = {"alt": "", "fullsize": f"{base}/large", "thumb": f"{base}/{name}"}
            embed = {"$type": "app.bsky.embed.images#view", "images": [picture]}
            said = network.say(name)
            network.views[said.uri] = {"embed": embed}
            (message,) = (await channel.refresh((said.uri,))).messages
            return await channel.media(message.media[0].preview_url)

        assert await load("png") == b"bytes"
        for name in ("svg", "html"):
            with pytest.raises(InvalidError):
                await load(name)
        with pytest.raises(GoneError):
            await load("nothing")


@pytest.mark.parametrize(
    ("status", "error", "write", "kind"),
    [
        (400, "InvalidRequest", False, InvalidError),
        (400, "ExpiredToken", True, AuthExpiredError),
        (400, "RecordNotFound", False, GoneError),
        (400, "InvalidSwap", True, xrpc.SwapError),
        (400, "BlockedActor", True, ReplyNotAllowedError),
        (401, "AccountTakedown", False, PermissionDeniedError),
        (403, "Forbidden", True, PermissionDeniedError),
        (404, "", False, UnsupportedError),
        (413, "PayloadTooLarge", True, InvalidError),
        (501, "MethodNotImplemented", False, UnsupportedError),
        (502, "UpstreamFailure", False, TransientError),
        (502, "UpstreamFailure", True, AmbiguousError),
        (400, "UpstreamFailure", False, TransientError),
        (500, "InternalServerError", True, AmbiguousError),
        (503, "", False, TransientError),
        (302, "", False, ProtocolChangedError),
    ],
)
def test_what_errors_mean(status: int, error: str, write: bool, kind: type[Exception]) -> None:
    body = json.dumps({"error": error, "message": "because"}).encode() if error else b"<html>"
    found = xrpc.BlueskyDialect().failure(Response(status, body=body), 0, write=write)
    assert type(found) is kind


def test_limits_are_told_apart() -> None:
    dialect, api = xrpc.BlueskyDialect(), xrpc.Api("https://a.example")
    names = ("com.atproto.repo.putRecord", "com.atproto.server.createSession", "app.bsky.graph.muteActor")
    assert [dialect.bucket(api.procedure(name)) for name in names] == ["records", "sign-in", "writes"]
    assert dialect.bucket(api.query("app.bsky.feed.getTimeline", (("limit", "5"),))) == "reads"
    headers = (("ratelimit-limit", "5000"), ("ratelimit-remaining", "4997"), ("ratelimit-reset", "1795340600"))
    hint = dialect.rate(Response(200, headers), 1_795_340_525_000_000)
    assert hint is not None
    assert (hint.limit, hint.remaining, hint.reset_at) == (5000, 4997, 1_795_340_600_000_000)


async def test_a_service_that_does_not_know_us_is_no_reason_to_sign_in_again(
    habits: Habits, network: Network, channel_of: Opening
) -> None:
    habits.moderator = False
    await channel_of(sources="mentions", labeler="did:plc:ozone")
    assert network.asked.count("com.atproto.server.refreshSession") == 0
    assert "tools.ozone.server.getConfig" in network.asked


async def test_a_profile_that_is_none_is_said(habits: Habits, channel_of: Opening) -> None:
    async def odd(_: web.Request) -> web.StreamResponse:
        return web.json_response({"did": 3})

    habits.odd["app.bsky.actor.getProfile"] = odd
    with pytest.raises(ProtocolChangedError):
        await channel_of()


async def test_what_a_server_does_not_have_is_left_out(habits: Habits, network: Network, channel_of: Opening) -> None:
    async def missing(_: web.Request) -> web.StreamResponse:
        return failure("MethodNotImplemented", status=501)

    for name in ("app.bsky.labeler.getServices", "app.bsky.graph.getList", "app.bsky.feed.getAuthorFeed"):
        habits.odd[name] = missing
    channel = await channel_of(sources="mentions, list:at://did:plc:a/app.bsky.graph.list/3m")
    assert (await channel.open()).titles == {}
