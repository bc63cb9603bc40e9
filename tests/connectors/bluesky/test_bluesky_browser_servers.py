"""Signing in through the browser at the real authorization server, whose page a few requests take the place of."""

import asyncio
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.connectors.bluesky.people import POST, people
from tests.servers.running import Server
from workstation.connectors.bluesky.channel import BlueskyChannel
from workstation.connectors.bluesky.connector import BlueskyConnector
from workstation.connectors.bluesky.sign_in import Signing
from workstation.domain.channels import ChannelConfig
from workstation.domain.outbox import Act, Operation
from workstation.net.client import Client

pytestmark = [pytest.mark.servers, pytest.mark.timeout(120)]

API = "/@atproto/oauth-provider/~api"
OPENS = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"}
ASKS = {"Sec-Fetch-Mode": "same-origin", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin"}


class Browser:
    """As much of one as the page needs: its cookies are for TLS only, which is not spoken on loopback."""

    def __init__(self, session: aiohttp.ClientSession, page: str) -> None:
        self._session = session
        self._page = page
        self._cookies: dict[str, str] = {}
        parts = urlsplit(page)
        self._origin = f"{parts.scheme}://{parts.netloc}"

    async def _ask(self, method: str, url: str, headers: dict[str, str], body: Any = None) -> aiohttp.ClientResponse:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        answer = await self._session.request(
            method, url, json=body, headers=headers | ({"Cookie": cookie} if cookie else {}), allow_redirects=False
        )
        for text in answer.headers.getall("Set-Cookie", []):
            self._cookies |= {name: found.value for name, found in SimpleCookie(text).items()}
        return answer

    async def _call(self, name: str, body: Any) -> Any:
        headers = ASKS | {"Origin": self._origin, "Referer": self._page, "x-csrf-token": self._cookies["csrf-token"]}
        answer = await self._ask("POST", f"{self._origin}{API}/{name}", headers, body)
        found = await answer.json()
        assert answer.status == 200, found
        return found

    async def agree(self, user: str, password: str) -> str:
        """Sign in, consent, go where that leads; what is shown there."""
        assert (await self._ask("GET", self._page, OPENS)).status == 200
        said = {"locale": "en", "username": user, "password": password, "remember": True}
        account = (await self._call("sign-in", said))["account"]
        onward = (await self._call("consent", {"did": account.get("did") or account["sub"]}))["url"]
        answer = await self._ask("GET", onward, OPENS | {"Sec-Fetch-Site": "same-origin", "Referer": self._page})
        async with self._session.get(answer.headers["Location"]) as page:
            return await page.text()


async def test_a_sign_in_by_browser_reads_and_writes(atproto: Server, client: Client) -> None:
    seen: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    base = f"http://localhost:{urlsplit(atproto['BASE']).port}"
    config = ChannelConfig(1, "bluesky", "b", base, atproto["AGENT_USER"], settings={"sources": "mentions"})
    signing = asyncio.create_task(Signing(client, wait=30)(config, seen.set_result, None))
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            shown = await Browser(session, await seen).agree(atproto["AGENT_USER"], atproto["AGENT_PASSWORD"])
        assert "Signed in" in shown
        secret = await signing
    finally:
        signing.cancel()
        await asyncio.gather(signing, return_exceptions=True)
    kept: list[str] = []

    async def keep(renewed: str) -> None:
        kept.append(renewed)

    async with people(atproto) as (agent, alice, _):
        channel = BlueskyConnector().create(config, secret, client)
        assert isinstance(channel, BlueskyChannel)
        channel.on_renewed(keep)
        opened = await channel.open()
        assert opened.account.remote_id == agent.did
        post = await alice.write("hello", mention=agent)
        await agent.until("app.bsky.feed.getPosts", lambda found: found.get("posts"), uris=post["uri"])
        assert (await channel.refresh((post["uri"],))).messages
        await channel.send(Operation("an-id", Act.REPLY, target=post["uri"], text="by browser"))
        assert "by browser" in [record["text"] for record in await agent.listed(POST)]
        await channel._session.sign._refresh()  # type: ignore[attr-defined]
        assert len(kept) == 1
        again = BlueskyConnector().create(config, kept[0], client)
        assert (await again.open()).account.handle == agent.handle
        await channel.close()
        await again.close()
