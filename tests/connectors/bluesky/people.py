"""Somebody on the real network, by its plain XRPC: an independent look at what our connector did."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp

from tests.servers.running import Server

POST = "app.bsky.feed.post"
PATIENCE = 60.0


class RefusedError(Exception):
    """An answer that is not good."""


class Person:
    """An account; every question goes to its own server."""

    def __init__(self, session: aiohttp.ClientSession, server: Server, name: str) -> None:
        self._session = session
        self._base = server["BASE"]
        self._token = server[f"{name}_TOKEN"]
        self._ozone = f"{server['OZONE_DID']}#atproto_labeler"
        self.did, self.handle = server[f"{name}_DID"], server[f"{name}_USER"]

    async def ask(self, nsid: str, body: Any = None, *, ozone: bool = False, **query: Any) -> Any:
        """The answer; RefusedError."""
        headers = {"Authorization": f"Bearer {self._token}"}
        if ozone:
            headers["atproto-proxy"] = self._ozone
        method = "GET" if body is None else "POST"
        url = f"{self._base}/xrpc/{nsid}"
        async with self._session.request(method, url, params=query, json=body, headers=headers) as answer:
            found = await answer.json()
            if answer.status != 200:
                raise RefusedError(str(found))
            return found

    async def write(
        self, text: str, to: dict[str, str] | None = None, mention: "Person | None" = None
    ) -> dict[str, str]:
        """Post, or answer; the address and version."""
        record: dict[str, Any] = {"$type": POST, "text": text, "createdAt": _now(), "langs": ["en"]}
        if mention is not None:
            record["text"] = f"@{mention.handle} {text}"
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": mention.did}
            index = {"byteStart": 0, "byteEnd": len(mention.handle) + 1}
            record["facets"] = [{"index": index, "features": [feature]}]
        if to is not None:
            # The AppView tells of an answer only if it has seen what is answered.
            await self.until("app.bsky.feed.getPosts", lambda found: found.get("posts"), uris=to["uri"])
            parent = {"uri": to["uri"], "cid": to["cid"]}
            root = (await self.record(to["uri"]))["value"].get("reply", {}).get("root", parent)
            record["reply"] = {"root": root, "parent": parent}
        body = {"repo": self.did, "collection": POST, "record": record}
        found = await self.ask("com.atproto.repo.createRecord", body)
        return {"uri": found["uri"], "cid": found["cid"]}

    async def record(self, uri: str) -> Any:
        """A record, as its repository has it."""
        did, collection, rkey = uri[5:].split("/")
        return await self.ask("com.atproto.repo.getRecord", repo=did, collection=collection, rkey=rkey)

    async def listed(self, collection: str) -> list[Any]:
        """All records of a collection."""
        found = await self.ask("com.atproto.repo.listRecords", repo=self.did, collection=collection, limit=100)
        return [record["value"] for record in found["records"]]

    async def delete(self, uri: str) -> None:
        """Take a record back."""
        did, collection, rkey = uri[5:].split("/")
        await self.ask("com.atproto.repo.deleteRecord", {"repo": did, "collection": collection, "rkey": rkey})

    async def until(self, nsid: str, holds: Any, **query: Any) -> Any:
        """Ask until the answer is as wanted: the AppView follows the server with a delay."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    found = await self.ask(nsid, **query)
                except RefusedError:
                    found = {}
                if holds(found):
                    return found
                await asyncio.sleep(0.1)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@asynccontextmanager
async def people(server: Server) -> AsyncIterator[tuple[Person, Person, Person]]:
    """The agent, Alice and Bob, once the AppView knows all three: it tells nobody of what it cannot place."""
    async with aiohttp.ClientSession() as session:
        found = Person(session, server, "AGENT"), Person(session, server, "ALICE"), Person(session, server, "BOB")
        for each in found:
            for other in found:
                await each.until("app.bsky.actor.getProfile", lambda profile: profile.get("did"), actor=other.did)
        yield found
