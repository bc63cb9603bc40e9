"""The example of a third party's connector: a notice board on loopback."""

import json
import time
from collections.abc import Mapping
from email.utils import formatdate
from urllib.parse import urlsplit

from aiohttp import web
from noticeboard import manifest

from tests.conformance.kit import Address, Kit, Refusal
from workstation.connectors.base import Connector
from workstation.domain.channels import ChannelConfig
from workstation.domain.outbox import Operation

KEY = "the-secret"


class NoticeboardKit(Kit):
    """See Kit."""

    kind = "noticeboard"
    deletes = False
    refusals = (Refusal("seconds", 1.0), Refusal("date", 5.0), Refusal("milliseconds", 2.0), Refusal("unsaid"))
    write_marker = b"PUT /answers/"
    live = "polling"
    secret = KEY

    def __init__(self) -> None:
        self._notes: list[dict[str, object]] = []
        self._answers: dict[str, str] = {}
        self._refused: list[Refusal] = []
        self._expired = False
        self._babbles = False
        self._at = time.time()

    async def start(self) -> Mapping[str, Address]:
        """See Kit."""
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/name", self._name)
        app.router.add_get("/notes", self._page)
        app.router.add_put("/answers/{key}", self._answer)
        app.router.add_get("/answers/{key}", self._look)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return {"board": ("127.0.0.1", int(self._runner.addresses[0][1]))}

    def config(self, reached: Mapping[str, Address]) -> ChannelConfig:
        """See Kit."""
        host, port = reached["board"]
        settings = {"poll_seconds": "0.02"}
        return ChannelConfig(0, self.kind, "double", f"http://{host}:{port}", secret="env:SECRET", settings=settings)

    async def close(self) -> None:
        """See Kit."""
        await self._runner.cleanup()

    def connector(self) -> Connector:
        """See Kit."""
        return manifest.connector()

    @web.middleware
    async def _guard(self, request: web.Request, handler: "web.Handler") -> web.StreamResponse:  # type: ignore[name-defined]
        if self._expired or request.headers.get("Authorization") != f"Bearer {KEY}":
            return web.Response(status=401)
        if request.method == "PUT" and self._refused:
            return web.Response(status=429, headers=_later(self._refused.pop(0)))
        if request.method == "GET" and self._babbles and urlsplit(str(request.url)).path == "/notes":
            self._babbles = False
            return web.Response(text='[{"number": 1, "wh', content_type="application/json")
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _name(self, _: web.Request) -> web.Response:
        return web.json_response("The board")

    async def _page(self, request: web.Request) -> web.Response:
        after = float(request.query.get("after") or 0)
        found = [note for note in self._notes if float(str(note.get("changed") or note["at"])) > after]
        return web.json_response(sorted(found, key=lambda note: float(str(note.get("changed") or note["at"])))[:10])

    async def _answer(self, request: web.Request) -> web.Response:
        self._answers[request.match_info["key"]] = json.loads(await request.read())["text"]
        return web.json_response({})

    async def _look(self, request: web.Request) -> web.Response:
        return web.json_response({}, status=200 if request.match_info["key"] in self._answers else 404)

    def _moment(self) -> float:
        self._at += 0.01
        return self._at

    async def say(self, text: str) -> str:
        """See Kit."""
        number = len(self._notes) + 1
        self._notes.append({"number": number, "who": "Alice", "text": text, "at": self._moment()})
        return f"note:{number}"

    async def edit(self, remote_id: str, text: str) -> None:
        """See Kit."""
        self._notes[int(remote_id.removeprefix("note:")) - 1] |= {"text": text, "changed": self._moment()}

    def written(self) -> list[str]:
        """See Kit."""
        return list(self._answers.values())

    def refuse(self, refusal: Refusal, times: int = 1) -> None:
        """See Kit."""
        self._refused += [refusal] * times

    def expire(self) -> None:
        """See Kit."""
        self._expired = True

    async def spoil(self) -> None:
        """See Kit."""
        self._notes.append({"number": "none", "at": self._moment()})

    async def babble(self) -> None:
        """See Kit."""
        self._babbles = True

    def limit(self, operation: Operation) -> int:
        """See Kit."""
        return manifest.LIMIT


def _later(refusal: Refusal) -> dict[str, str]:
    match refusal.name:
        case "seconds":
            return {"Retry-After": "1"}
        case "date":
            return {"Retry-After": formatdate(time.time() + refusal.seconds, usegmt=True)}
        case "milliseconds":
            return {"Retry-After-Ms": str(int(refusal.seconds * 1000))}
        case _:
            return {}


KIT = NoticeboardKit
