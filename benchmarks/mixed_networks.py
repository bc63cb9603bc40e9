"""Networks of several kinds on loopback, in a process of their own: doubles of each protocol that write at a rate.

Prints where they are reached as a line of JSON, then obeys its standard input: "go" begins, "stop" ends the writing,
the end of the input ends the process.
"""

import argparse
import asyncio
import json
import sys
import time
from contextlib import AsyncExitStack
from importlib import import_module
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from tests.conformance.kit import Kit

STEP = 0.04
"""Seconds between two bursts of a network."""


async def serve(kinds: list[str], rate: float) -> None:
    """Start a network of each kind, tell where, and write when asked."""
    async with AsyncExitStack() as stack:
        kits: list[Kit] = []
        hello = []
        for kind in kinds:
            kit: Kit = import_module(f"tests.conformance.{kind}").KIT()
            reached = await kit.start()
            stack.push_async_callback(kit.close)
            kits.append(kit)
            hello.append({"config": msgspec.to_builtins(kit.config(reached)), "secret": kit.secret})
        print(json.dumps(hello), flush=True)
        writing: list[asyncio.Task[None]] = []
        commands = await _lines()
        while line := await commands.readline():
            for task in writing:
                task.cancel()
            await asyncio.gather(*writing, return_exceptions=True)
            writing = [asyncio.create_task(_write(kit, rate)) for kit in kits] if line.strip() == b"go" else []


async def _lines() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def _write(kit: "Kit", rate: float) -> None:
    """As many messages as the rate wants by now, burst by burst; what could not be written in time is not made up."""
    begun = time.monotonic()
    written = 0
    while True:
        await asyncio.sleep(STEP)
        due = min(int((time.monotonic() - begun) * rate) - written, int(rate * STEP * 4))
        for _ in range(due):
            written += 1
            await kit.say(
                f"Where is order {written}? It should have been here on Tuesday, and nobody answers the phone."
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=250)
    parser.add_argument("kinds", nargs="+")
    given = parser.parse_args()
    asyncio.run(serve(given.kinds, given.rate))
