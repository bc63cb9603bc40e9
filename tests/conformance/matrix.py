"""Matrix: a homeserver double in the test's own process."""

from collections.abc import Mapping

from aiohttp import web

from tests.conformance.doubles.matrix import ANNA, OWN, ROOM, TOKEN, Homeserver, later
from tests.conformance.kit import Address, Kit, Refusal
from workstation.connectors.matrix.measure import TEXT_CAP
from workstation.domain.channels import ChannelConfig
from workstation.domain.outbox import Operation


class MatrixKit(Kit):
    """See Kit."""

    kind = "matrix"
    posts = True
    refusals = (Refusal("milliseconds", 1.0), Refusal("seconds", 5.0), Refusal("date", 5.0), Refusal("unsaid"))
    write_marker = b"/send/m.room.message/"
    secret = TOKEN

    def __init__(self) -> None:
        self.server = Homeserver()
        self._runner = web.AppRunner(self.server.application(), shutdown_timeout=0.1)

    async def start(self) -> Mapping[str, Address]:
        """See Kit."""
        self.server.room(ROOM, ANNA)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return {"api": ("127.0.0.1", int(self._runner.addresses[0][1]))}

    def config(self, reached: Mapping[str, Address]) -> ChannelConfig:
        """See Kit."""
        host, port = reached["api"]
        settings = {"post_room": ROOM}
        return ChannelConfig(0, "matrix", "double", f"http://{host}:{port}", OWN, "env:SECRET", settings)

    async def close(self) -> None:
        """See Kit."""
        await self.server.close()
        await self._runner.cleanup()

    async def say(self, text: str) -> str:
        """See Kit."""
        return await self.server.write(text)

    async def edit(self, remote_id: str, text: str) -> None:
        """See Kit."""
        await self.server.edit(remote_id, text)

    async def delete(self, remote_id: str) -> None:
        """See Kit."""
        await self.server.redact(remote_id)

    def written(self) -> list[str]:
        """See Kit."""
        return self.server.own_texts()

    def refuse(self, refusal: Refusal, times: int = 1) -> None:
        """See Kit."""
        self.server.refusals += [later(refusal.name, refusal.seconds)] * times

    def expire(self) -> None:
        """See Kit."""
        self.server.tokens.clear()

    async def spoil(self) -> None:
        """See Kit."""
        await self.server.append("m.room.message", ["no", "object"])

    async def babble(self) -> None:
        """See Kit."""
        self.server.babble.append(b'{"next_batch": "s9", "rooms": {"jo')
        await self.server.told()

    def limit(self, operation: Operation) -> int:
        """See Kit."""
        return TEXT_CAP


KIT = MatrixKit
