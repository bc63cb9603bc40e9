"""A wire between a channel and its network that can be cut at any byte, made slow, or taken away for a while.

It knows no protocol: it stands before HTTP, WebSocket, IMAP and SMTP alike.
"""

import asyncio
import socket
import struct
from contextlib import suppress

PIECE = 65_536
ABORT = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds: closing sends a TCP reset."""


class Wire:
    """Passes bytes from `address` to a server. All its faults are set by attributes and methods, at any time."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._sockets: set[asyncio.StreamWriter] = set()
        self._port = 0
        self._left = -1
        self._marker = b""
        self.piece = 0
        """Bytes that pass at once; 0: as they come. Small ones split every line and frame."""
        self.cuts = 0
        """How often the wire was cut at a byte."""
        self.lost = 0
        """How many answers were lost."""

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to connect to."""
        return "127.0.0.1", self._port

    async def up(self) -> None:
        """Listen; the port stays the same."""
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)
            self._port = int(self._server.sockets[0].getsockname()[1])

    async def down(self) -> None:
        """Reset every connection and refuse new ones."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for writer in tuple(self._sockets):
            _reset(writer)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut_after(self, size: int) -> None:
        """Reset the connection on which the next so many bytes of answers have passed, once."""
        self._left = size

    def lose_answer(self, marker: bytes) -> None:
        """Let the next request with these bytes through, and reset the connection before its answer passes, once."""
        self._marker = marker

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._sockets.add(writer)
        try:
            with suppress(OSError):
                there = await asyncio.open_connection(*self._target)
                try:
                    await _Connection(self, (reader, writer), there).run()
                finally:
                    there[1].close()
        finally:
            self._tasks.discard(task)
            self._sockets.discard(writer)
            writer.close()

    def passes(self, size: int) -> int:
        """How many bytes of an answer pass before the cut; -1: all of them."""
        if self._left < 0:
            return -1
        if size < self._left:
            self._left -= size
            return -1
        keep, self._left = self._left, -1
        self.cuts += 1
        return keep

    def marked(self, data: bytes) -> bool:
        """Whether this is the request whose answer is to be lost."""
        if self._marker and self._marker in data:
            self._marker = b""
            return True
        return False


Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Connection:
    def __init__(self, wire: Wire, here: Pair, there: Pair) -> None:
        self._wire, self._here, self._there = wire, here, there
        self._loses = False
        self._tail = b""

    async def run(self) -> None:
        up = asyncio.create_task(self._requests())
        down = asyncio.create_task(self._answers())
        try:
            await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (up, down):
                task.cancel()
            await asyncio.gather(up, down, return_exceptions=True)

    async def _requests(self) -> None:
        with suppress(OSError):
            while data := await self._here[0].read(PIECE):
                # A marker may come in two pieces.
                if self._wire.marked(self._tail + data):
                    self._loses = True
                self._tail = (self._tail + data)[-64:]
                self._there[1].write(data)
                await self._there[1].drain()

    async def _answers(self) -> None:
        sink = self._here[1]
        with suppress(OSError):
            while data := await self._there[0].read(self._wire.piece or PIECE):
                if self._loses:
                    self._wire.lost += 1
                    _reset(sink)
                    return
                keep = self._wire.passes(len(data))
                sink.write(data if keep < 0 else data[:keep])
                await sink.drain()
                if keep >= 0:
                    _reset(sink)
                    return


def _reset(writer: asyncio.StreamWriter) -> None:
    """Cut the connection without a farewell."""
    inner = writer.get_extra_info("socket")
    if inner is not None:
        with suppress(OSError):
            inner.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    writer.transport.abort()
