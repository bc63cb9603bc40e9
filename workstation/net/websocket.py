"""An open WebSocket that is read ahead into a bounded buffer, so that nobody has to read it at once."""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Literal

import aiohttp

from workstation.domain.errors import ChannelError, TransientError
from workstation.net.errors import BROKEN_OFF, ClosedError

BUFFERED_BYTES = 64 << 20
BUFFERED_MESSAGES = 50_000
TEXTS = (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY)


class Socket:
    """Reads ahead while its owner is busy; when the buffer is full the server is made to wait (TCP)."""

    def __init__(
        self,
        inner: aiohttp.ClientWebSocketResponse[Literal[False]],
        most: int = BUFFERED_MESSAGES,
        size: int = BUFFERED_BYTES,
    ) -> None:
        self._inner = inner
        self._most, self._size = most, size
        self._buffer: deque[bytes] = deque()
        self._held = 0
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._end: ChannelError | None = None
        self._pump = asyncio.create_task(self._read_ahead(), name="websocket")

    async def _read_ahead(self) -> None:
        try:
            while True:
                message = await self._inner.receive()
                if message.type not in TEXTS:
                    self._end = ClosedError(self._inner.close_code or 0)
                    return
                payload: bytes = message.data
                self._buffer.append(payload)
                self._held += len(payload)
                self._arrived.set()
                if len(self._buffer) >= self._most or self._held >= self._size:
                    self._room.clear()
                    await self._room.wait()
        except (aiohttp.ClientError, OSError, RuntimeError):
            self._end = TransientError(why=BROKEN_OFF)
        finally:
            self._arrived.set()

    async def send(self, text: str) -> None:
        """Send a text message; ClosedError when the socket is gone."""
        try:
            await self._inner.send_str(text)
        except (aiohttp.ClientError, OSError, RuntimeError):
            raise ClosedError from None

    async def receive(self, most: int = 500) -> list[bytes]:
        """At least one message, at most `most`, in order; ClosedError once the buffer is empty and the end came."""
        while not self._buffer:
            if self._end is not None:
                raise self._end
            self._arrived.clear()
            await self._arrived.wait()
        count = min(most, len(self._buffer))
        taken = [self._buffer.popleft() for _ in range(count)]
        self._held -= sum(map(len, taken))
        self._room.set()
        return taken

    async def close(self) -> None:
        """Say goodbye and stop reading; never raises."""
        self._pump.cancel()
        with suppress(asyncio.CancelledError):
            await self._pump
        with suppress(aiohttp.ClientError, OSError, RuntimeError, TimeoutError):
            async with asyncio.timeout(2):
                await self._inner.close()
