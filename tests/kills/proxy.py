"""A loopback proxy between a desk and its network: it stops at a given byte of a send, and tells when it did."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

SEND = b"POST /api/v1/statuses "
PIECE = 65_536


@dataclass
class Cut:
    """Stop the next send when so many bytes of its request, or of its answer, have passed."""

    side: str
    at: int


@dataclass
class Lengths:
    """How long the latest whole send was, in bytes."""

    request: int = 700
    answer: int = 2_500


class Proxy:
    """Passes bytes on. `on_cut` is called at the cut, before anything else can pass."""

    def __init__(self, host: str, port: int, on_cut: Callable[[], None]) -> None:
        self._target = (host, port)
        self._on_cut = on_cut
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()
        self.cut: Cut | None = None
        self.lengths = Lengths()
        self.sends = 0

    async def start(self) -> int:
        """Listen; the port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """End every connection."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._running):
            task.cancel()
        if self._running:
            await asyncio.wait(tuple(self._running))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        pair = (reader, writer)
        try:
            there = await asyncio.open_connection(*self._target)
            try:
                await _Connection(self, pair, there).run()
            finally:
                there[1].close()
        except OSError:
            pass
        finally:
            self._running.discard(task)
            writer.close()

    def strike(self) -> None:
        """The byte was reached."""
        self.cut = None
        self._on_cut()


Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Connection:
    """One connection; knows whether the bytes that pass belong to a send."""

    def __init__(self, proxy: Proxy, here: Pair, there: Pair) -> None:
        self._proxy = proxy
        self._here, self._there = here, there
        self._request = -1
        """Bytes of the send's request so far; -1: what passes is no send."""
        self._answer = 0

    async def run(self) -> None:
        up = asyncio.create_task(self._pass(self._here[0], self._there[1], self._count_request))
        down = asyncio.create_task(self._pass(self._there[0], self._here[1], self._count_answer))
        try:
            await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
        finally:
            up.cancel()
            down.cancel()
            await asyncio.gather(up, down, return_exceptions=True)

    async def _pass(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, count: Callable[[bytes], int | None]
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(PIECE):
                keep = count(data)
                if keep is not None:
                    sink.write(data[:keep])
                    await sink.drain()
                    self._proxy.strike()
                    return
                sink.write(data)
                await sink.drain()

    def _count_request(self, data: bytes) -> int | None:
        if data.startswith(SEND):
            self._request = self._answer = 0
            self._proxy.sends += 1
        elif self._request >= 0 and self._answer:
            self._finish()
        if self._request < 0:
            return None
        before, self._request = self._request, self._request + len(data)
        return self._keep("request", before, len(data))

    def _count_answer(self, data: bytes) -> int | None:
        if self._request < 0:
            return None
        cut = self._proxy.cut
        if not self._answer and cut is not None and (cut.side == "request" or cut.at == 0):
            # Before the first byte of the answer; a request that was shorter than its cut ends there too.
            return 0
        before, self._answer = self._answer, self._answer + len(data)
        return self._keep("answer", before, len(data))

    def _keep(self, side: str, before: int, length: int) -> int | None:
        """How much of these bytes may still pass; None: all, and on."""
        cut = self._proxy.cut
        if cut is None or cut.side != side or cut.at > before + length:
            return None
        return max(0, cut.at - before)

    def _finish(self) -> None:
        self._proxy.lengths = Lengths(self._request, self._answer)
        self._request = -1
