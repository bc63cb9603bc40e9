"""The practice network put together and served."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from aiohttp import web

from workstation.practice import state
from workstation.practice.cast import Cast
from workstation.practice.clock import Clock
from workstation.practice.courses.player import Player
from workstation.practice.credentials import ADMIN_SCOPES, USER_SCOPES, Credentials
from workstation.practice.desk import Desk
from workstation.practice.faults import Faults
from workstation.practice.hub import Hub
from workstation.practice.limits import Limits
from workstation.practice.moderation import Moderation
from workstation.practice.network import Network
from workstation.practice.options import Options
from workstation.practice.scenario import language
from workstation.practice.script import Script
from workstation.practice.stage import Stage
from workstation.practice.traffic import Traffic
from workstation.practice.web import accounts, instance, media, notifications, oauth, statuses, timelines, various
from workstation.practice.web.adapter import UPLOAD_LIMIT, Adapter
from workstation.practice.web.control import Control
from workstation.practice.web.reports import Reports
from workstation.practice.web.streaming import Streaming

ROLES = ("agent", "moderator", "reader")
SAVE_SECONDS = 10.0


class Practice:
    """One network in this process: its state, its traffic and its server."""

    def __init__(self, options: Options) -> None:
        self.options = options
        kept = state.load(options.state)
        self._socket = _listen(options, kept.port)
        host, self.port = self._socket.getsockname()[:2]
        self.base_url = f"http://{host if ':' not in host else f'[{host}]'}:{self.port}"
        self.faults = Faults(options.seed)
        for fault in options.faults:
            self.faults.add(replace(fault))
        self.hub = Hub(self.faults)
        self.network = Network(options, self.base_url, self.hub, Clock(options.epoch_ms))
        self.moderation = Moderation(self.network)
        self.credentials = Credentials()
        self.desk = Desk()
        self.limits = Limits(options.request_limit, options.request_window)
        self.cast = Cast(self.network)
        self.script = Script(
            options.seed,
            tuple(map(language, options.languages)),
            options.crisis_every,
            options.crisis_size,
            options.addressed,
        )
        self.stage = Stage(self.network, self.moderation, self.cast, self.script, options.seed)
        self.traffic = Traffic(self.network, self.stage, self.script, self.faults, options)
        self.player = Player(self.stage, self.cast, self.script, options.languages, self.traffic.rest)
        self.control_token = secrets.token_urlsafe(24)
        self.tokens = {role: self._issue(role, kept.tokens.get(role, "")) for role in ROLES}
        if kept.found:
            state.restore(kept, self)
        else:
            self.traffic.history()
        self.streaming = Streaming(self.network, self.hub, self.credentials.tokens.get)
        self._runner: web.AppRunner | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def streaming_url(self) -> str:
        """Return the base of the live streams: ws://host:port."""
        return self.base_url.replace("http", "ws", 1)

    async def start(self) -> None:
        """Serve, and begin to play."""
        app = web.Application(client_max_size=UPLOAD_LIMIT)
        adapter = Adapter(self)
        app.add_routes(self.streaming.routes(adapter.gate))
        for area in (instance, oauth, accounts, statuses, timelines, notifications, media, various):
            app.add_routes(adapter.routes(area.ROUTES))
        app.add_routes(adapter.routes(Reports(self.moderation).routes()))
        app.add_routes(adapter.routes(Control(self).routes()))
        app.router.add_route("*", "/{path:.*}", adapter.unknown)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket, backlog=256).start()
        self.traffic.start()
        if self.options.state:
            self._keeper = asyncio.create_task(self._keep(), name="practice state")

    async def stop(self) -> None:
        """Stop playing and serving, and keep the state if a file was given."""
        self.player.end()
        await self.traffic.stop()
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        await self.streaming.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self._socket.close()
        if self.options.state:
            state.save(self)

    def description(self) -> dict[str, Any]:
        """Return what a client has to know: the line that the process prints when it is ready."""
        return {
            "ready": True,
            "base_url": self.base_url,
            "streaming_url": self.streaming_url,
            "control_url": f"{self.base_url}/practice",
            "control_token": self.control_token,
            "tokens": dict(self.tokens),
            "accounts": {
                "agent": self.cast.agent.acct,
                "moderator": self.cast.moderator.acct,
                "reader": self.cast.reader.acct,
            },
            "account_ids": {
                "agent": str(self.cast.agent.id),
                "moderator": str(self.cast.moderator.id),
                "reader": str(self.cast.reader.id),
            },
            "hashtag": "larkmoor",
            "seed": self.options.seed,
        }

    async def _keep(self) -> None:
        """Save now and then, so that little is lost if the process is killed."""
        while True:
            await asyncio.sleep(SAVE_SECONDS)
            state.save(self)

    def _issue(self, role: str, value: str) -> str:
        scopes = {"agent": USER_SCOPES, "moderator": USER_SCOPES + ADMIN_SCOPES, "reader": ("read",)}[role]
        account = {"agent": self.cast.agent, "moderator": self.cast.moderator, "reader": self.cast.reader}[role]
        name = "Meridian practice desk"
        return self.credentials.issue(account.id, scopes, name, self.network.clock.now_ms(), value).value


@asynccontextmanager
async def running(options: Options) -> AsyncIterator[Practice]:
    """Serve a practice network on this loop for as long as the block lasts."""
    practice = Practice(options)
    await practice.start()
    try:
        yield practice
    finally:
        await practice.stop()


def _listen(options: Options, kept_port: int) -> socket.socket:
    """Open the socket; a network that comes back takes its old port if it is still free."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    wanted = options.port or kept_port
    try:
        return socket.create_server((options.host, wanted), family=family, backlog=256)
    except OSError:
        if options.port or not kept_port:
            raise
        return socket.create_server((options.host, 0), family=family, backlog=256)
