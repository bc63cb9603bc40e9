"""Starts and ends a practice network: a process of its own that speaks a real API on loopback."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from workstation.domain.errors import MeridianError
from workstation.domain.text import N_

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
"""Seconds until it must have said where it listens."""
FAREWELL = 5.0


class PracticeError(MeridianError):
    """The practice network did not start."""

    code = "practice"
    sentence = N_("The practice network did not start: {why}")


class Hello(msgspec.Struct, frozen=True):
    """What the process says of itself in its first line, as far as a desk needs it."""

    base_url: str
    tokens: dict[str, str]
    """By role: "agent", "moderator", "reader"."""
    streaming_url: str = ""
    hashtag: str = ""
    control_url: str = ""
    control_token: str = ""
    """For whoever directs the practice: tests, demonstrations."""


def command(arguments: Sequence[str]) -> list[str]:
    """The command line that starts the network: a frozen application is its own interpreter."""
    start = [sys.executable, "practice-network"] if getattr(sys, "frozen", False) else []
    return [*(start or [sys.executable, "-m", "workstation.practice"]), *arguments]


class PracticeNetwork:
    """A running practice network. It ends when we end, however we end: it watches its standard input."""

    def __init__(self, process: "subprocess.Popen[bytes]", hello: Hello) -> None:
        self._process = process
        self.hello = hello

    @classmethod
    async def start(cls, arguments: Sequence[str] = ()) -> "PracticeNetwork":
        """Start one and wait until it listens."""
        process = await asyncio.to_thread(_spawn, command(arguments))
        try:
            async with asyncio.timeout(PATIENCE):
                line = await asyncio.to_thread(_first_line, process)
            return cls(process, msgspec.json.decode(line, type=Hello))
        except (TimeoutError, msgspec.MsgspecError) as error:
            await asyncio.to_thread(_end, process)
            raise PracticeError(why=type(error).__name__) from error
        except BaseException:
            process.kill()
            raise

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    async def close(self) -> None:
        """End it and wait until it has ended."""
        await asyncio.to_thread(_end, self._process)


def _spawn(arguments: list[str]) -> "subprocess.Popen[bytes]":
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH", ""))))
    # Popen in a thread rather than asyncio's: the loop may be Qt's, which has no child watcher on every platform.
    return subprocess.Popen(  # noqa: S603 - our own program
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )


def _first_line(process: "subprocess.Popen[bytes]") -> bytes:
    return process.stdout.readline() if process.stdout is not None else b""


def _end(process: "subprocess.Popen[bytes]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    try:
        process.wait(FAREWELL)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
