"""Bluesky: a PDS with its AppView, Ozone and Jetstream."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.conformance.doubles.bluesky import HANDLES, OWN, PASSWORD, Network, started
from tests.conformance.kit import Address, Kit, Refusal
from workstation.domain.channels import ChannelConfig
from workstation.domain.outbox import Operation

if TYPE_CHECKING:
    from aiohttp import web

FIREHOSE = ("app.bsky.feed.like", "app.bsky.feed.repost", "app.bsky.graph.follow", "app.bsky.graph.block")


class BlueskyKit(Kit):
    """See Kit."""

    kind = "bluesky"
    posts = True
    secret = PASSWORD
    refusals = (Refusal("seconds", 1.0), Refusal("reset", 5.0), Refusal("unsaid"))
    write_marker = b"POST /xrpc/com.atproto.repo.putRecord"

    def __init__(self) -> None:
        self.network = Network()
        self.firehose = False
        """Receive events of all kinds, as the whole network has them."""
        self._runner: web.AppRunner | None = None

    async def start(self) -> Mapping[str, Address]:
        """See Kit."""
        self._runner = await started(self.network)
        parts = urlsplit(self.network.base)
        assert parts.hostname
        assert parts.port
        return {"api": (parts.hostname, parts.port), "stream": (parts.hostname, parts.port)}

    def config(self, reached: Mapping[str, Address]) -> ChannelConfig:
        """See Kit."""
        host, port = reached["api"]
        there, at = reached["stream"]
        settings = {
            "sources": "mentions, own",
            "jetstream": f"ws://{there}:{at}/subscribe",
            "jetstream_words": "*",
            "poll_seconds": "0",
        }
        if self.firehose:
            settings |= {"jetstream_collections": ", ".join(FIREHOSE), "poll_seconds": "5"}
        return ChannelConfig(
            0, "bluesky", "double", f"http://{host}:{port}", HANDLES[OWN], "env:SECRET", settings=settings
        )

    async def close(self) -> None:
        """See Kit."""
        for socket in self.network.sockets:
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def say(self, text: str) -> str:
        """See Kit."""
        return self.network.say(text).uri

    def written(self) -> list[str]:
        """See Kit."""
        return self.network.written()

    async def edit(self, remote_id: str, text: str) -> None:
        """See Kit."""
        self.network.edit(remote_id, text)

    async def delete(self, remote_id: str) -> None:
        """See Kit."""
        self.network.delete(remote_id)

    def refuse(self, refusal: Refusal, times: int = 1) -> None:
        """See Kit."""
        reset = str(int(time.time() + refusal.seconds + 0.5))
        forms = {
            "seconds": {"retry-after": str(int(refusal.seconds))},
            "reset": {"ratelimit-limit": "5000", "ratelimit-remaining": "0", "ratelimit-reset": reset},
            "unsaid": {},
        }
        self.network.habits.refusals += [forms[refusal.name]] * times

    def expire(self) -> None:
        """See Kit."""
        self.network.lock_out()

    async def spoil(self) -> None:
        """See Kit."""
        self.network.notice("mention", {"$type": "app.bsky.feed.post", "text": 42})

    async def babble(self) -> None:
        """See Kit."""
        self.network.habits.spoilt.append(b'{"notifications": [{"uri": "at://did:plc:al')

    def limit(self, operation: Operation) -> int:
        """See Kit."""
        return 300


KIT = BlueskyKit
