"""The running owner of a profile serves the command line: loopback only, and only to who can read the profile."""

import asyncio
import contextlib
import hmac
import logging
from collections.abc import Awaitable, Callable

import msgspec

from workstation.domain.errors import MeridianError
from workstation.domain.text import N_, LazyText
from workstation.services.commands.requests import AnyRequest, Output
from workstation.services.ownership import announce, owner, withdraw
from workstation.services.profile import Profile

log = logging.getLogger(__name__)

LONGEST = 16_000_000
"""Bytes of a line."""
PATIENCE = 5.0

Handle = Callable[[AnyRequest, Output], Awaitable[int]]


class OwnerSilentError(MeridianError):
    """The profile is in use, and whoever uses it does not answer."""

    code = "owner_silent"
    sentence = N_(
        "This profile is in use by another Meridian that does not take commands. Try again when it has ended."
    )


class _Asked(msgspec.Struct):
    token: str
    request: AnyRequest


class _Data(msgspec.Struct, tag="data"):
    text: str


class _Said(msgspec.Struct, tag="say"):
    text: LazyText


class _Failed(msgspec.Struct, tag="fail"):
    text: LazyText


class _Done(msgspec.Struct, tag="done"):
    code: int


_Answer = _Data | _Said | _Failed | _Done


class _Wire:
    """Sends answers over the socket, no faster than they are read."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def data(self, text: str) -> None:
        await self.send(_Data(text))

    async def say(self, text: LazyText) -> None:
        await self.send(_Said(text))

    async def fail(self, text: LazyText) -> None:
        await self.send(_Failed(text))

    async def send(self, answer: _Answer) -> None:
        self._writer.write(msgspec.json.encode(answer) + b"\n")
        await self._writer.drain()


class Service:
    """Serves requests to the owner of a profile."""

    def __init__(self, profile: Profile, handle: Handle) -> None:
        self._profile = profile
        self._handle = handle
        self._token = ""
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen, and write down where."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=LONGEST)
        port = self._server.sockets[0].getsockname()[1]
        self._token = (await asyncio.to_thread(announce, self._profile, port)).token

    async def close(self) -> None:
        """Stop listening and end what is being served."""
        await asyncio.to_thread(withdraw, self._profile)
        if self._server is not None:
            self._server.close()
        for task in tuple(self._serving):
            task.cancel()
        if self._serving:
            await asyncio.wait(tuple(self._serving))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - start_server runs it as a task
        self._serving.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, msgspec.MsgspecError, ValueError, TimeoutError) as error:
            log.info("command line left", extra={"error": type(error).__name__})
        finally:
            self._serving.discard(task)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(PATIENCE):
            asked = msgspec.json.decode(await reader.readline(), type=_Asked)
        if not hmac.compare_digest(asked.token.encode(), self._token.encode()):
            return
        wire = _Wire(writer)
        gone = asyncio.ensure_future(reader.read())
        work = asyncio.ensure_future(self._handle(asked.request, wire))
        try:
            # A command line that was interrupted hangs up: its work ends too.
            await asyncio.wait((gone, work), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                await wire.send(_Done(await work))
        finally:
            for task in (gone, work):
                task.cancel()
            await asyncio.gather(gone, work, return_exceptions=True)


async def hand_over(profile: Profile, request: AnyRequest, output: Output) -> int:
    """Let the owner do it; its exit code. OwnerSilentError if nobody takes commands."""
    there = owner(profile)
    if there is None:
        raise OwnerSilentError
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", there.port, limit=LONGEST)
    except (OSError, TimeoutError):
        raise OwnerSilentError from None
    try:
        writer.write(msgspec.json.encode(_Asked(there.token, request)) + b"\n")
        await writer.drain()
        while line := await reader.readline():
            match msgspec.json.decode(line, type=_Answer):
                case _Data(text):
                    await output.data(text)
                case _Said(text):
                    await output.say(text)
                case _Failed(text):
                    await output.fail(text)
                case _Done(code):
                    return code
    except (OSError, msgspec.MsgspecError):
        pass
    finally:
        writer.close()
    raise OwnerSilentError
