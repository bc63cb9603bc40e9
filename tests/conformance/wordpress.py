"""WordPress: a site in the test's own process."""

from collections.abc import Mapping

from tests.conformance.doubles.wordpress import PASSWORD, USER, Site, later
from tests.conformance.kit import Address, Kit, Refusal
from workstation.connectors.wordpress.measure import LIMIT
from workstation.domain.channels import ChannelConfig
from workstation.domain.outbox import Operation


class WordPressKit(Kit):
    """See Kit."""

    kind = "wordpress"
    refusals = (Refusal("seconds", 1.0), Refusal("date", 5.0), Refusal("flood", 15.0), Refusal("unsaid"))
    write_marker = b"POST /wp-json/wp/v2/comments "
    live = "polling"
    secret = PASSWORD

    def __init__(self) -> None:
        self.site = Site()

    async def start(self) -> Mapping[str, Address]:
        """See Kit."""
        return {"site": await self.site.start()}

    def config(self, reached: Mapping[str, Address]) -> ChannelConfig:
        """See Kit."""
        host, port = reached["site"]
        settings = {"poll_seconds": "0"}
        return ChannelConfig(0, "wordpress", "double", f"http://{host}:{port}", USER, "env:SECRET", settings)

    async def close(self) -> None:
        """See Kit."""
        await self.site.close()

    async def say(self, text: str) -> str:
        """See Kit."""
        return str(self.site.comment(text))

    async def edit(self, remote_id: str, text: str) -> None:
        """See Kit."""
        self.site.change(int(remote_id), text)

    async def delete(self, remote_id: str) -> None:
        """See Kit."""
        del self.site.comments[int(remote_id)]

    def written(self) -> list[str]:
        """See Kit."""
        return self.site.own_texts()

    def refuse(self, refusal: Refusal, times: int = 1) -> None:
        """See Kit."""
        self.site.refusals += [later(refusal.name, refusal.seconds)] * times

    def expire(self) -> None:
        """See Kit."""
        self.site.accepts = False

    async def spoil(self) -> None:
        """See Kit."""
        self.site.comment("", content=[], post="none")

    async def babble(self) -> None:
        """See Kit."""
        self.site.babble.append(b'[{"id": 5, "content": {"raw": "trunc')

    def limit(self, operation: Operation) -> int:
        """See Kit."""
        return LIMIT


KIT = WordPressKit
