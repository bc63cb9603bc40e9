"""Feeds: a site in the test's own process."""

from collections.abc import Mapping

from tests.conformance.doubles.feed import FeedSite
from tests.conformance.kit import Address, Kit
from workstation.domain.channels import ChannelConfig


class FeedKit(Kit):
    """See Kit."""

    kind = "feed"
    writes = False
    deletes = False
    expires = False
    live = "polling"

    def __init__(self) -> None:
        self.site = FeedSite()

    async def start(self) -> Mapping[str, Address]:
        """See Kit."""
        return {"site": await self.site.start()}

    def config(self, reached: Mapping[str, Address]) -> ChannelConfig:
        """See Kit."""
        host, port = reached["site"]
        return ChannelConfig(0, "feed", "double", f"http://{host}:{port}/", settings={"poll_seconds": "0"})

    async def close(self) -> None:
        """See Kit."""
        await self.site.close()

    async def say(self, text: str) -> str:
        """See Kit."""
        return self.site.publish(text)

    async def edit(self, remote_id: str, text: str) -> None:
        """See Kit."""
        self.site.change(remote_id, text)

    def written(self) -> list[str]:
        """See Kit."""
        return []

    async def spoil(self) -> None:
        """See Kit."""
        self.site.spoil()

    async def babble(self) -> None:
        """See Kit."""
        self.site.babble.append(self.site.source()[:-60])


KIT = FeedKit
