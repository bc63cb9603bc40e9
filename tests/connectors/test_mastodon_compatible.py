"""Servers of the same API with other habits: what they lack, say differently, or do wrong."""

from typing import Any

import pytest
from aiohttp import web

from tests.connectors.conftest import Opening, Watch
from tests.connectors.double import TOKEN, Habits, double
from tests.connectors.samples import status
from tests.net.servers import serving
from workstation.domain.channels import Condition, Idempotency, LengthUnit, Resume
from workstation.domain.errors import AuthExpiredError, ConfigurationError
from workstation.domain.outbox import Act

GOTOSOCIAL: dict[str, Any] = {
    "domain": "home.example",
    "version": "0.17.3+git-36b4bff",
    "source_url": "https://codeberg.org/superseriousbusiness/gotosocial",
    "configuration": {"statuses": {"max_characters": 5000, "characters_reserved_per_url": 25}},
}


async def test_a_server_that_says_little(opened: Opening) -> None:
    instance = {"uri": "https://home.example", "version": "2.7.2 (compatible; Pleroma 2.6.0)", "max_toot_chars": 5000}
    async with double(Habits(instance)) as (_, base):
        found = await (await opened(base, TOKEN)).open()
    assert found.account.handle == "shop@home.example"
    assert found.capabilities.server == "Pleroma 2.6.0"
    assert found.capabilities.length_limit == 5000
    assert found.capabilities.length_unit is LengthUnit.GRAPHEMES
    assert found.capabilities.idempotency is Idempotency.NONE
    assert found.capabilities.resume is Resume.EXACT
    assert found.sources == ("home", "mentions", "direct")
    offers = {offer.act: offer for offer in found.capabilities.offers}
    assert offers[Act.REPLY].available
    assert not offers[Act.RESOLVE_REPORT].available


async def test_gotosocial(opened: Opening) -> None:
    async with double(Habits(GOTOSOCIAL, v2=True)) as (_, base):
        found = await (await opened(base, TOKEN)).open()
    assert found.capabilities.server.lower().startswith("gotosocial 0.17.3")
    assert found.capabilities.length_limit == 5000
    assert found.capabilities.length_unit is LengthUnit.CHARACTERS


async def test_accounts_on_another_domain_than_the_server(opened: Opening) -> None:
    async with double(Habits({**GOTOSOCIAL, "account_domain": "brand.example"}, v2=True)) as (_, base):
        found = await (await opened(base, TOKEN)).open()
    assert found.account.handle == "shop@brand.example"


async def test_a_server_that_is_elsewhere_is_named(opened: Opening) -> None:
    async with double() as (_, there):

        async def away(request: web.Request) -> web.Response:
            return web.Response(status=301, headers={"Location": there + request.path_qs})

        async with serving(("GET", "/{any:.*}", away)) as base:
            with pytest.raises(ConfigurationError) as caught:
                await opened(base, TOKEN)
    assert there in str(caught.value)


async def test_takahe_has_no_streams(opened: Opening) -> None:
    async with double(Habits({"uri": "home.example", "version": "takahe/0.11.0"})) as (server, base):
        channel = await opened(base, TOKEN)
        async with Watch(channel) as watch:
            await watch.live(Condition.POLLING)
            posted = server.add()
            await watch.until(lambda: posted in watch.ids())
    assert not server.sockets


@pytest.mark.parametrize("newest_first", [False, True])
async def test_catching_up_without_link_headers_numbers_or_knowledge_of_min_id(
    opened: Opening, newest_first: bool
) -> None:
    habits = Habits({"uri": "home.example", "version": "Unheard 1.0"}, newest_first=newest_first)
    async with double(habits) as (server, base):
        channel = await opened(base, TOKEN, sources="mentions", transport="poll")
        first = server.add()
        async with Watch(channel) as watch:
            await watch.live(Condition.POLLING)
        assert watch.ids() == [first]
        missed = [server.add("mention") for _ in range(95)]
        server.add("favourite")
        async with Watch(channel, watch.cursors) as again:
            await again.live(Condition.POLLING)
        assert sorted(again.ids()) == missed
        assert sum(batch.filtered for batch in again.batches) == 1
        async with Watch(channel, again.cursors) as third:
            await third.live(Condition.POLLING)
        assert third.ids() == []


async def test_an_empty_start_on_a_server_that_pages_backward(opened: Opening) -> None:
    habits = Habits({"uri": "home.example", "version": "Unheard 1.0"}, newest_first=True)
    async with double(habits) as (server, base):
        channel = await opened(base, TOKEN, sources="mentions", transport="poll")
        async with Watch(channel) as watch:
            await watch.live(Condition.POLLING)
        missed = [server.add() for _ in range(50)]
        async with Watch(channel, watch.cursors) as again:
            await again.live(Condition.POLLING)
    assert sorted(again.ids()) == missed


@pytest.mark.parametrize("way", ["header", "protocol", "query"])
async def test_streams_one_by_one_wherever_the_token_goes(opened: Opening, way: str) -> None:
    async with double(Habits(streaming=way)) as (server, base):
        channel = await opened(base, TOKEN, sources="home,mentions,hashtag:acme")
        async with Watch(channel) as watch:
            await watch.live()
            assert watch.health[-1].transport == "websocket"
            assert set(server.sockets) == {"user", "hashtag"}
            await server.send("user", "update", status("01J9ZQ4X5T0000000000000HOME"))
            await server.send("hashtag", "update", status("01J9ZQ4X5T00000000000000TAG"))
            await watch.until(lambda: watch.ids("home") and watch.ids("hashtag:acme"))
            server.connected.clear()
            server.add()
            await server.sockets["hashtag"].close()
            # The end of one stream is the end of all: they are opened anew, and REST fills what was between.
            await watch.until(lambda: watch.ids("mentions"))


async def test_events_that_nobody_knows(opened: Opening) -> None:
    async with double(Habits(streaming="header")) as (server, base):
        channel = await opened(base, TOKEN, sources="home,mentions")
        async with Watch(channel) as watch:
            await watch.live()
            await server.send("user", "filters_changed", "undefined")
            await server.send("user", "pleroma:respond", {"type": "x"})
            await server.send("user", "invented", {"a": 1})
            await server.sockets["user"].send_str("not json")
            await server.sockets["user"].send_bytes(b"\xff\x00")
            await server.send("user", "delete", "5")
            await watch.until(lambda: any(batch.deletions for batch in watch.batches))
    live = [batch for batch in watch.batches if batch.live]
    assert sum(batch.filtered for batch in live) == 2
    assert sorted(reject.code for batch in live for reject in batch.rejects) == [
        "protocol_changed", "protocol_changed", "unsupported",
    ]  # fmt: skip
    assert sum(batch.received for batch in live) == 6


async def test_a_streaming_address_of_its_own(opened: Opening) -> None:
    async with double(Habits(streaming="header")) as (server, base):
        wrong = {**server.habits.instance, "urls": {"streaming_api": "wss://127.0.0.1:1"}}
        server.habits.instance = wrong
        channel = await opened(base, TOKEN, sources="home", streaming_url=base.replace("http", "ws"))
        async with Watch(channel) as watch:
            await watch.live()
        assert watch.health[-1].transport == "websocket"


async def test_a_token_that_is_refused(opened: Opening) -> None:
    async with double() as (_, base):
        with pytest.raises(AuthExpiredError):
            await opened(base, "another")
