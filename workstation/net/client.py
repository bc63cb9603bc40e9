"""HTTP and WebSocket for connectors: plain requests in, plain answers out, typed errors, caps on size and time.

aiohttp is imported with the first request: a window can be shown before anything is asked of a network.
"""

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING

from workstation.net.messages import ANSWER_CAP, Request, Response, links, origin

if TYPE_CHECKING:
    from workstation.net.transport import Transport
    from workstation.net.websocket import Socket

__all__ = ["ANSWER_CAP", "Client", "Request", "Response", "links", "origin"]


class Client:
    """All connections of the desk. Create it anywhere, use it on one loop, close it at the end."""

    def __init__(self, agent: str = "Meridian") -> None:
        self._agent = agent
        self._transport: Transport | None = None

    def _open(self) -> "Transport":
        if self._transport is None:
            from workstation.net.transport import Transport

            self._transport = Transport(self._agent)
        return self._transport

    async def request(self, request: Request) -> Response:
        """The answer, whatever its status.

        TransientError: certainly not done, or harmless to repeat. AmbiguousError: not `repeatable` and perhaps done.
        TooLargeError, ProtocolChangedError: an answer that cannot be used.
        """
        return await self._open().request(request)

    def stream(self, request: Request) -> AsyncIterator[bytes]:
        """The body of an answer without end, piece by piece; RefusedError, ClosedError, TransientError.

        The first piece is empty and comes with the head of the answer: some streams say nothing until there is news.
        """
        return self._open().stream(request)

    async def websocket(
        self,
        url: str,
        *,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        protocols: tuple[str, ...] = (),
        cap: int = ANSWER_CAP,
        heartbeat: float = 30.0,
        insecure: bool = False,
    ) -> "Socket":
        """An open WebSocket; RefusedError with the HTTP status, TransientError."""
        return await self._open().websocket(
            url,
            token=token,
            headers=dict(headers or {}),
            protocols=protocols,
            cap=cap,
            heartbeat=heartbeat,
            insecure=insecure,
        )

    async def close(self) -> None:
        """Close every connection."""
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.close()
