"""A window with columns under a live feed: the child program behind goals 1, 2, 4 and 5.

A practice network in a process of its own posts at a given rate; the measured process reads it over a real WebSocket,
stores every message and shows it in each of its columns, all of which take everything. Input waits are measured by
`input_wait`; a message's way is measured from the network's own time of posting to the moment when the column that
shows it has been painted and flushed.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.harness import answer, percentile
from benchmarks.input_wait import InputProbe

SIZE = (2560, 1080)
"""A wide screen, on which eight columns of 298 pixels are in sight at once."""
SETTLE = 2.0
"""Seconds after the traffic began that are not measured: first layouts, caches, the allocator."""


@dataclass
class Seen:
    """What a contender showed: milliseconds from posting to painted, by first sight in each column."""

    ways: list[float] = field(default_factory=list)
    known: list[set[int]] = field(default_factory=list)
    measuring: bool = False

    def painted(self, column: int, rows: list[tuple[int, int]]) -> None:
        """Rows (id, microseconds of posting) stand painted in a column."""
        now = time.time_ns() // 1_000
        known = self.known[column]
        for ident, posted in rows:
            if ident not in known:
                known.add(ident)
                if self.measuring:
                    self.ways.append((now - posted) / 1_000)


@dataclass
class Stage:
    """A contender on the stage: what it showed, what it stored, and what is special about the run."""

    seen: Seen
    stored: Callable[[], int]
    facts: Callable[[], dict[str, Any]] = dict
    hold: Callable[[], None] = lambda: None


def arguments(argv: list[str]) -> argparse.Namespace:
    """The run's settings."""
    parser = argparse.ArgumentParser()
    parser.add_argument("contender", choices=("meridian", "naive"))
    parser.add_argument("--rate", type=float, default=2_000)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--hold", action="store_true", help="scroll every column back before measuring")
    return parser.parse_args(argv)


@asynccontextmanager
async def network(rate: float) -> AsyncIterator[Any]:
    """A practice network that posts nothing yet."""
    from workstation.services.practice import PracticeNetwork

    found = await PracticeNetwork.start(
        ["--rate", str(rate), "--backlog", "300", "--no-replies", "--paused", "--crisis-every", "1000000"]
    )
    try:
        yield found.hello
    finally:
        await found.close()


async def control(hello: Any, method: str, what: str, **values: float) -> Any:
    """Direct the practice network."""
    import aiohttp

    headers = {"Authorization": f"Bearer {hello.control_token}"}
    address = f"{hello.base_url}/practice/{what}"
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, address, json=values) as found,
    ):
        found.raise_for_status()
        return await found.json()


async def run(chosen: argparse.Namespace) -> dict[str, Any]:
    """One run of one contender."""
    if chosen.contender == "meridian":
        from benchmarks.live_meridian import stage
    else:
        from benchmarks.naive.window import stage
    with tempfile.TemporaryDirectory() as folder:
        async with network(chosen.rate) as hello, stage(hello, Path(folder), chosen.columns) as on:
            probe = InputProbe()
            try:
                return await _measure(chosen, hello, on, probe)
            finally:
                probe.close()


async def _measure(chosen: argparse.Namespace, hello: Any, on: Stage, probe: InputProbe) -> dict[str, Any]:
    await control(hello, "POST", "resume")
    await asyncio.sleep(SETTLE)
    if chosen.hold:
        # The turn of the minute rewrites ages on cards, held or not; that is the clock's doing, not an arrival's.
        while time.time() % 60 > 60 - chosen.seconds - 4:
            await asyncio.sleep(0.2)
        on.hold()
        await asyncio.sleep(0.5)
    before, facts_before = on.stored(), on.facts()
    started, cpu = time.perf_counter(), time.process_time()
    probe.reset()
    on.seen.measuring = True
    await asyncio.sleep(chosen.seconds)
    on.seen.measuring = False
    waits, took = list(probe.waits), time.perf_counter() - started
    cpu = time.process_time() - cpu
    stored, facts = on.stored() - before, on.facts()
    await control(hello, "POST", "pause")
    ways = on.seen.ways
    return {
        "contender": chosen.contender,
        "wait_p50": percentile(waits, 0.5) * 1000,
        "wait_p99": percentile(waits, 0.99) * 1000,
        "wait_max": max(waits) * 1000,
        "waits": len(waits),
        "way_p50": percentile(ways, 0.5) if ways else None,
        "way_p99": percentile(ways, 0.99) if ways else None,
        "ways": len(ways),
        "stored_per_second": stored / took,
        "cpu": cpu / took,
        "facts": {name: facts[name] - facts_before.get(name, 0) for name in facts},
    }


def serve(main: Callable[[], Coroutine[Any, Any, dict[str, Any]]]) -> None:
    """Run on one loop of Qt and asyncio, as the workstation does, and print the result."""
    from workstation.qt.application import application
    from workstation.qt.loop import run as run_loop

    application(sys.argv[:1])
    result: dict[str, Any] = {}

    async def keep(_: Any) -> int:
        result.update(await main())
        return 0

    run_loop(keep)
    answer(result)


if __name__ == "__main__":
    serve(lambda: run(arguments(sys.argv[1:])))
