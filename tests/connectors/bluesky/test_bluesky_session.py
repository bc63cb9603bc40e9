"""Signing in: renewed before and when a token ends, anew by the password, at the account's own server."""

import asyncio

import pytest
from aiohttp import web

from tests.conformance.doubles.bluesky import HANDLES, OWN, PASSWORD, Habits, Network, double, failure
from tests.connectors.bluesky.conftest import Opening
from workstation.connectors.bluesky.connector import BlueskyConnector
from workstation.connectors.bluesky.session import claims, lifetime
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import (
    AuthExpiredError,
    ChannelError,
    ConfigurationError,
    PermissionDeniedError,
    RateLimitedError,
    TransientError,
)
from workstation.domain.outbox import Act, Operation
from workstation.net.client import Client

CREATE, REFRESH = "com.atproto.server.createSession", "com.atproto.server.refreshSession"


def asked(network: Network, nsid: str) -> int:
    """How often a method was called."""
    return network.asked.count(nsid)


@pytest.mark.parametrize("status", [400, 401])
async def test_a_token_that_has_ended_is_renewed_and_the_question_repeated(
    status: int, habits: Habits, network: Network, channel_of: Opening
) -> None:
    channel = await channel_of(sources="mentions")
    habits.expired_status = status
    network.expire()
    said = network.say("hello")
    assert (await channel.refresh((said.uri,))).messages
    assert (asked(network, CREATE), asked(network, REFRESH)) == (1, 1)


async def test_many_at_once_renew_once(network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="mentions")
    said = network.say("hello")
    network.expire()
    await asyncio.gather(*(channel.refresh((said.uri,)) for _ in range(8)))
    assert asked(network, REFRESH) == 1


async def test_a_token_is_renewed_before_it_ends(habits: Habits, network: Network, channel_of: Opening) -> None:
    habits.life = 60.0
    channel = await channel_of(sources="mentions")
    said = network.say("hello")
    session = channel._session
    real = session.now
    session.now = lambda: real() + 57_000_000
    await channel.refresh((said.uri,))
    assert asked(network, REFRESH) == 1
    assert network.tokens


async def test_a_write_is_not_lost_when_the_token_has_ended(network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="mentions")
    network.expire()
    await channel.send(Operation("an-id", Act.POST, text="written once", at=1_795_340_525_000_000))
    assert network.written() == ["written once"]


async def test_a_refresh_token_that_is_refused_leads_to_the_password(network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="mentions")
    network.expire()
    network.refreshes.clear()
    said = network.say("hello")
    assert (await channel.refresh((said.uri,))).messages
    assert asked(network, CREATE) == 2


async def test_a_password_that_is_refused_asks_for_the_agent(network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="mentions")
    network.lock_out()
    with pytest.raises(AuthExpiredError):
        await channel.refresh((network.say("hello").uri,))


async def test_a_server_at_fault_is_no_reason_to_sign_in_again(
    habits: Habits, network: Network, channel_of: Opening
) -> None:
    channel = await channel_of(sources="mentions")
    network.expire()

    async def fault(_: web.Request) -> web.StreamResponse:
        return web.Response(status=503)

    habits.odd[REFRESH] = fault
    with pytest.raises(TransientError):
        await channel.open()
    assert asked(network, CREATE) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (failure("AuthFactorTokenRequired", "A sign in code has been sent", 401), ConfigurationError),
        (failure("AccountTakedown", "Account has been taken down", 401), PermissionDeniedError),
        (failure("RateLimitExceeded", "Rate Limit Exceeded", 429), RateLimitedError),
        (web.Response(status=404, text="<html>"), ConfigurationError),
        (web.Response(text="<html>hello", content_type="text/html"), ConfigurationError),
        (web.json_response({"did": "nonsense", "accessJwt": "a"}), ChannelError),
    ],
)
async def test_what_a_sign_in_may_be_answered(
    answer: web.Response, error: type[Exception], habits: Habits, channel_of: Opening
) -> None:
    async def give(_: web.Request) -> web.StreamResponse:
        return web.Response(status=answer.status, body=answer.body, content_type=answer.content_type)

    habits.odd[CREATE] = give
    with pytest.raises(error):
        await channel_of(sources="mentions")


async def test_an_entryway_leads_to_the_accounts_own_server(client: Client) -> None:
    async with double() as home, double() as entryway:
        # What the entryway signs is meant for the account's own server, whose document it hands over.
        entryway.base = home.base
        home.tokens, home.refreshes = entryway.tokens, entryway.refreshes

        async def describe(_: web.Request) -> web.StreamResponse:
            return web.json_response({"did": "did:web:entryway"})

        entryway.habits.odd["com.atproto.server.describeServer"] = describe
        config = ChannelConfig(1, "bluesky", "b", entryway.reached, HANDLES[OWN])
        channel = BlueskyConnector().create(config, PASSWORD, client)
        await channel.open()
        assert CREATE in entryway.asked
        assert "app.bsky.actor.getProfile" in home.asked
        assert "app.bsky.actor.getProfile" not in entryway.asked
        await channel.close()


async def test_a_server_reached_by_another_name_is_not_left(network: Network, channel_of: Opening) -> None:
    reached = network.base
    network.base = "https://pds.example"
    channel = await channel_of(sources="mentions")
    assert channel._session.api.base == reached


@pytest.mark.parametrize("user", ["", "no handle", "@", "a@b.example"])
async def test_names_that_are_none(user: str, client: Client) -> None:
    with pytest.raises(ConfigurationError):
        BlueskyConnector().create(ChannelConfig(1, "bluesky", "b", "https://a.example", user), PASSWORD, client)


async def test_plain_http_is_for_this_machine_only(client: Client) -> None:
    channel = BlueskyConnector().create(ChannelConfig(1, "bluesky", "b", "http://a.example", "a.test"), "pw", client)
    with pytest.raises(ConfigurationError):
        await channel.open()


def test_tokens_that_are_none_say_nothing() -> None:
    for token in ("", "a.b", "a.b.c", "a.e30.c", "opaque"):
        assert lifetime(token) == (0, 0)
    assert claims("x.W10.y") == {}
