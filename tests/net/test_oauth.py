"""The receiver of the browser's redirect: our state only, one time only, nothing for other pages."""

import base64
import hashlib

import pytest

from workstation.domain.errors import PermissionDeniedError, TransientError
from workstation.net.client import Client, Request
from workstation.net.oauth import Pages, pkce, receiver


async def test_the_code_arrives_and_the_browser_is_told(client: Client) -> None:
    async with receiver(Pages(language="de", done_title="Angemeldet <&>")) as waiting:
        assert waiting.address.startswith("http://127.0.0.1:")
        answer = await client.request(Request(url=f"{waiting.address}?code=abc&state={waiting.state}"))
        assert await waiting.code(5) == "abc"
    assert answer.status == 200
    assert b"Angemeldet &lt;&amp;&gt;" in answer.body
    assert b'lang="de"' in answer.body
    assert answer.header("cache-control") == "no-store"


async def test_another_state_is_refused_and_the_wait_goes_on(client: Client) -> None:
    async with receiver() as waiting:
        for query in ("code=evil&state=x", "code=evil", "", "state=&code=evil"):
            answer = await client.request(Request(url=f"{waiting.address}?{query}"))
            assert answer.status == 400
        await client.request(Request(url=f"{waiting.address}?code=good&state={waiting.state}"))
        assert await waiting.code(5) == "good"
        late = await client.request(Request(url=f"{waiting.address}?code=evil&state={waiting.state}"))
        assert late.status == 404


async def test_other_paths_methods_and_names_get_nothing(client: Client) -> None:
    async with receiver() as waiting:
        query = f"?code=evil&state={waiting.state}"
        base = waiting.address.rpartition("/")[0]
        for request in (
            Request(url=f"{base}/favicon.ico"),
            Request(method="POST", url=waiting.address + query),
            Request(url=waiting.address + query, headers=(("Host", "evil.example"),)),
        ):
            assert (await client.request(request)).status == 404
        with pytest.raises(TransientError):
            await waiting.code(0)


async def test_a_refusal_is_told_in_the_server_s_words(client: Client) -> None:
    async with receiver() as waiting:
        url = f"{waiting.address}?error=access_denied&error_description=The+owner+said+no&state={waiting.state}"
        assert (await client.request(Request(url=url))).status == 200
        with pytest.raises(PermissionDeniedError) as caught:
            await waiting.code(5)
    assert caught.value.params == {"why": "The owner said no"}


async def test_nobody_comes() -> None:
    async with receiver() as waiting:
        with pytest.raises(TransientError):
            await waiting.code(0.01)


def test_pkce_is_s256_and_says_nothing_of_itself() -> None:
    pair = pkce()
    digest = hashlib.sha256(pair.verifier.encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == pair.challenge
    assert 43 <= len(pair.verifier) <= 128
    assert pair.verifier not in repr(pair)
    assert pkce().verifier != pair.verifier
