"""People on a real homeserver: what they write, and how they see the rooms."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import aiohttp

CLIENT = "/_matrix/client/v3"


class Person:
    """Somebody with a client of their own."""

    def __init__(self, session: aiohttp.ClientSession, base: str, user: str, token: str) -> None:
        self._session = session
        self.base, self.user, self.token = base, user, token

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer; an error of HTTP is raised."""
        headers = {"Authorization": f"Bearer {self.token}"}
        url = self.base + (path if path.startswith("/_") else CLIENT + path)
        for _ in range(20):
            async with self._session.request(method, url, json=body, headers=headers) as answer:
                told = await answer.json()
            if answer.status != 429:
                break
            await asyncio.sleep(told["retry_after_ms"] / 1_000)
        assert answer.status == 200, (answer.status, told)
        return told

    async def room(self, *invited: "Person", joined: bool = True, **options: Any) -> str:
        """A room of theirs with these people in it."""
        body = {"preset": "private_chat", "invite": [person.user for person in invited], **options}
        room = str((await self.ask("POST", "/createRoom", body))["room_id"])
        for person in invited if joined else ():
            await person.ask("POST", f"/join/{quote(room)}", {})
        return room

    async def send(self, room: str, content: Any, kind: str = "m.room.message") -> str:
        """An event; its id."""
        path = f"/rooms/{quote(room)}/send/{kind}/{uuid4()}"
        return str((await self.ask("PUT", path, content))["event_id"])

    async def write(self, room: str, text: str, **more: Any) -> str:
        """A text; its id."""
        return await self.send(room, {"msgtype": "m.text", "body": text, **more})

    async def edit(self, room: str, event: str, text: str) -> str:
        """Say it differently."""
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event}
        return await self.send(room, {**new, "m.new_content": new, "m.relates_to": relation})

    async def redact(self, room: str, event: str) -> None:
        """Take it back."""
        await self.ask("PUT", f"/rooms/{quote(room)}/redact/{quote(event)}/{uuid4()}", {})

    async def state(self, room: str, kind: str, content: Any, key: str = "") -> None:
        """Set state of a room."""
        await self.ask("PUT", f"/rooms/{quote(room)}/state/{kind}/{quote(key)}", content)

    async def event(self, room: str, event: str) -> Any:
        """An event as they see it."""
        return await self.ask("GET", f"/rooms/{quote(room)}/event/{quote(event)}")

    async def events(self, room: str) -> list[Any]:
        """The latest events, oldest first."""
        found: list[Any] = (await self.ask("GET", f"/rooms/{quote(room)}/messages?dir=b&limit=500"))["chunk"]
        return found[::-1]

    async def texts(self, room: str) -> list[str]:
        """The texts of the latest messages."""
        return [each["content"].get("body", "") for each in await self.events(room) if each["type"] == "m.room.message"]

    async def membership(self, room: str, user: str) -> str:
        """Whether somebody is in."""
        return str((await self.ask("GET", f"/rooms/{quote(room)}/state/m.room.member/{quote(user)}"))["membership"])

    async def upload(self, data: bytes, kind: str) -> str:
        """The mxc address of a file."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        async with self._session.post(f"{self.base}/_matrix/media/v3/upload", data=data, headers=headers) as answer:
            return str((await answer.json())["content_uri"])


@asynccontextmanager
async def people(values: dict[str, str]) -> AsyncIterator[tuple[Person, Person, Person]]:
    """The agent, Alice and Bob, as the server's script names them."""
    async with aiohttp.ClientSession() as session:
        agent, alice, bob = (
            Person(session, values["BASE"], values[f"{name}_USER"], values[f"{name}_TOKEN"])
            for name in ("AGENT", "ALICE", "BOB")
        )
        yield agent, alice, bob
