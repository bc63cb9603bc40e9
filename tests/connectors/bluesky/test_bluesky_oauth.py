"""Signing in through the browser, against a server that takes no proof that is not exactly right."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.conformance.doubles.bluesky import HANDLES, OWN, POST
from tests.connectors.bluesky.issuer import Issuer, issuing
from workstation.connectors.base import RenewsSecret
from workstation.connectors.bluesky.channel import BlueskyChannel
from workstation.connectors.bluesky.connector import BlueskyConnector
from workstation.connectors.bluesky.dpop import Key
from workstation.connectors.bluesky.entities import SignedIn
from workstation.connectors.bluesky.oauth import Tokens
from workstation.connectors.bluesky.sign_in import Signing
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import (
    AuthExpiredError,
    ConfigurationError,
    PermissionDeniedError,
    ProtocolChangedError,
)
from workstation.domain.outbox import Act, Operation
from workstation.net.client import Client


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    """A running authorization server."""
    async with issuing() as made:
        yield made


def config(issuer: Issuer) -> ChannelConfig:
    return ChannelConfig(1, "bluesky", "b", issuer.base, HANDLES[OWN], settings={"sources": "mentions"})


SigningIn = Callable[..., Awaitable[str]]


@pytest.fixture
def sign_in(issuer: Issuer, client: Client) -> SigningIn:
    """Signs in; the browser agrees."""

    async def go(**changes: str) -> str:
        opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        signing = asyncio.create_task(Signing(client, wait=10)(config(issuer), opened.set_result, None))
        await asyncio.wait({signing, opened}, return_when=asyncio.FIRST_COMPLETED)
        if opened.done():
            await issuer.browse(opened.result(), **changes)
        return await signing

    return go


Opened = Callable[[str], Awaitable[tuple[BlueskyChannel, list[str]]]]


@pytest.fixture
async def opened(issuer: Issuer, client: Client) -> AsyncIterator[Opened]:
    """Opens channels by a secret; what replaces it is kept in a list."""
    made: list[BlueskyChannel] = []

    async def go(secret: str) -> tuple[BlueskyChannel, list[str]]:
        channel = BlueskyConnector().create(config(issuer), secret, client)
        assert isinstance(channel, BlueskyChannel)
        assert isinstance(channel, RenewsSecret)
        kept: list[str] = []

        async def keep(secret: str) -> None:
            kept.append(secret)

        channel.on_renewed(keep)
        made.append(channel)
        await channel.open()
        return channel, kept

    yield go
    for channel in made:
        await channel.close()


async def test_signing_in_reading_and_writing(issuer: Issuer, sign_in: SigningIn, opened: Opened) -> None:
    secret = await sign_in()
    bundle = json.loads(secret)
    assert (bundle["did"], bundle["server"], bundle["issuer"]) == (OWN, issuer.base, issuer.base)
    channel, kept = await opened(secret)
    said = issuer.network.say("hello")
    assert (await channel.refresh((said.uri,))).messages
    await channel.send(Operation("an-id", Act.POST, text="by browser", at=1_795_340_525_000_000))
    assert issuer.network.written() == ["by browser"]
    assert kept == []
    assert set(issuer.refusals) == {"use_dpop_nonce"}


async def test_another_nonce_costs_one_more_question(issuer: Issuer, sign_in: SigningIn, opened: Opened) -> None:
    channel, _ = await opened(await sign_in())
    issuer.refusals.clear()
    for _ in range(3):
        issuer.renew_nonce()
        await channel.send(Operation("an-id", Act.POST, text="once", at=1_795_340_525_000_000))
    assert issuer.refusals == ["use_dpop_nonce"] * 3
    assert issuer.network.written() == ["once"]


async def test_a_renewed_sign_in_is_kept_before_it_is_used(issuer: Issuer, sign_in: SigningIn, opened: Opened) -> None:
    secret = await sign_in()
    channel, kept = await opened(secret)
    issuer.expire()
    said = issuer.network.say("hello")
    await asyncio.gather(*(channel.refresh((said.uri,)) for _ in range(4)))
    assert len(kept) == 1
    again, _ = await opened(kept[0])
    assert (await again.refresh((said.uri,))).messages
    issuer.expire()
    with pytest.raises(AuthExpiredError):  # the one before is of no use any more
        await opened(secret)


async def test_a_sign_in_that_is_about_to_end_is_renewed(issuer: Issuer, sign_in: SigningIn, opened: Opened) -> None:
    issuer.life = 30
    _, kept = await opened(await sign_in())
    assert kept


async def test_a_sign_in_that_was_taken_back_asks_for_the_agent(
    issuer: Issuer, sign_in: SigningIn, opened: Opened
) -> None:
    channel, _ = await opened(await sign_in())
    issuer.expire()
    issuer.refresh.clear()
    with pytest.raises(AuthExpiredError):
        await channel.refresh((f"at://{OWN}/{POST}/3m",))


async def test_an_answer_of_another_issuer_is_refused(issuer: Issuer, sign_in: SigningIn) -> None:
    with pytest.raises(PermissionDeniedError):
        await sign_in(iss="https://evil.example")
    issuer.answers_iss = False
    assert await sign_in()


async def test_a_refusal_in_the_browser_is_told(sign_in: SigningIn) -> None:
    with pytest.raises(PermissionDeniedError):
        await sign_in(code="", error="access_denied", error_description="No thanks")


async def test_an_account_that_is_none_is_refused(issuer: Issuer, sign_in: SigningIn) -> None:
    issuer.sub = "nobody"
    with pytest.raises(ProtocolChangedError):
        await sign_in()


async def test_a_server_without_sign_in_is_said(client: Client) -> None:
    with pytest.raises(ConfigurationError):
        await Signing(client)(ChannelConfig(1, "bluesky", "b", "http://a.example"), print, None)


@pytest.mark.parametrize("secret", ["{}", '{"v": 1}', "{", '{"did": "x"}'])
async def test_secrets_that_are_none(secret: str, issuer: Issuer, client: Client) -> None:
    with pytest.raises(ConfigurationError):
        BlueskyConnector().create(config(issuer), secret, client)


def test_a_key_is_kept_and_shows_nothing() -> None:
    key = Key.fresh()
    assert Key.of(key.text).jwk == key.jwk
    assert key.text not in repr(key)
    one: Any = key.proof("GET", "https://a.example/x?y#z", 0)
    assert one != key.proof("GET", "https://a.example/x?y#z", 0)


async def test_without_a_server_the_accounts_document_names_it(issuer: Issuer, client: Client) -> None:
    opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    signing = Signing(client, wait=10, directory=f"{issuer.base}/directory")
    nowhere = ChannelConfig(1, "bluesky", "b", "", OWN)
    task = asyncio.create_task(signing(nowhere, opened.set_result, None))
    await asyncio.wait({task, opened}, return_when=asyncio.FIRST_COMPLETED)
    if not opened.done():
        task.result()
    await issuer.browse(opened.result())
    assert json.loads(await task)["server"] == issuer.base


def test_tokens_stay_out_of_representations() -> None:
    assert "secret" not in repr(Tokens(access_token="secret", refresh_token="secret"))
    assert "secret" not in repr(SignedIn(did="did:plc:a", access_jwt="secret", refresh_jwt="secret"))
