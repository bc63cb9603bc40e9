"""A connection to a mail server: bytes in, bytes out, TLS as the place demands; every failure is a ChannelError."""

import asyncio
import ssl
from collections.abc import Awaitable
from contextlib import suppress
from typing import TypeVar

from workstation.connectors.email.settings import DIRECT, Place
from workstation.domain.errors import TransientError
from workstation.net.errors import BROKEN_OFF, TIMED_OUT, UNREACHABLE, CertificateError

CONNECTING = 15.0
"""Seconds until a connection stands, and for the handshake of TLS."""
NEXT_ADDRESS = 0.25
"""Seconds before another address of the same name is tried beside the first."""
SILENCE = 60.0
"""Seconds between two pieces of what a server sends."""
PIECE = 64 << 10
FAREWELL = 1.0
T = TypeVar("T")


class Wire:
    """One connection. It is of no use after an error."""

    def __init__(self, place: Place, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._place, self._reader, self._writer = place, reader, writer

    @classmethod
    async def open(cls, place: Place) -> "Wire":
        """Connect."""
        context = ssl.create_default_context() if place.safety == DIRECT else None
        try:
            async with asyncio.timeout(CONNECTING):
                reader, writer = await asyncio.open_connection(
                    place.host, place.port, ssl=context, happy_eyeballs_delay=NEXT_ADDRESS
                )
        except TimeoutError:
            raise TransientError(why=TIMED_OUT) from None
        except ssl.SSLCertVerificationError:
            raise CertificateError from None
        except (OSError, ValueError):
            raise TransientError(why=UNREACHABLE) from None
        return cls(place, reader, writer)

    async def start_tls(self) -> None:
        """Go on with TLS, after the server agreed. Whatever it said too early is not believed."""
        if self._reader._buffer:  # type: ignore[attr-defined]  # noqa: SLF001 - there is no public way to ask
            raise TransientError(why=BROKEN_OFF)
        context = ssl.create_default_context()
        try:
            async with asyncio.timeout(CONNECTING):
                await self._writer.start_tls(context, server_hostname=self._place.host)
        except ssl.SSLCertVerificationError:
            raise CertificateError from None
        except (OSError, ValueError, TimeoutError):
            raise TransientError(why=BROKEN_OFF) from None

    async def read(self, seconds: float = SILENCE) -> bytes:
        """What comes next, at least one byte."""
        data = await self._timed(self._reader.read(PIECE), seconds)
        if not data:
            raise TransientError(why=BROKEN_OFF)
        return data

    async def write(self, data: bytes) -> None:
        """Hand bytes over; returns when the system has taken them."""
        try:
            self._writer.write(data)
        except (OSError, RuntimeError):
            raise TransientError(why=BROKEN_OFF) from None
        await self._timed(self._writer.drain(), SILENCE)

    async def _timed(self, doing: Awaitable[T], seconds: float) -> T:
        try:
            async with asyncio.timeout(seconds):
                return await doing
        except TimeoutError:
            raise TransientError(why=TIMED_OUT) from None
        except (OSError, RuntimeError):
            raise TransientError(why=BROKEN_OFF) from None

    def drop(self) -> None:
        """Let go at once."""
        self._writer.transport.abort()

    async def close(self) -> None:
        """Let go, with a moment for what is still under way; never raises."""
        self._writer.close()
        with suppress(OSError, TimeoutError, RuntimeError):
            async with asyncio.timeout(FAREWELL):
                await self._writer.wait_closed()
        self.drop()
