"""A window with columns under Jetstream: the child program behind the goal "jetstream"."""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtWidgets import QApplication

from benchmarks.harness import percentile
from benchmarks.input_wait import InputProbe
from benchmarks.live import SETTLE, SIZE, Seen, serve
from benchmarks.live_meridian import watch

REFERENCE = "keyring:benchmark"


class Stream:
    """The other process."""

    def __init__(self, rate: float) -> None:
        command = [sys.executable, "-m", "benchmarks.jetstream_network", "--rate", str(rate)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        assert self._process.stdout is not None
        (self.hello,) = json.loads(self._process.stdout.readline())

    def say(self, word: str) -> None:
        """Begin or end the stream."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


async def run(rate: float, seconds: float, columns: int) -> dict[str, Any]:
    """One run."""
    stream = Stream(rate)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return await _run(stream, Path(folder), seconds, columns)
    finally:
        stream.close()


async def _run(stream: Stream, folder: Path, seconds: float, columns: int) -> dict[str, Any]:
    from workstation.app.session import opened
    from workstation.domain.channels import ChannelConfig, Condition
    from workstation.qt.loop import Faults
    from workstation.services.columns import ColumnSpec
    from workstation.services.layout import Layout
    from workstation.services.profile import Profile

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("the loop has no application")
    profile = Profile(folder)
    profile.prepare()
    Layout(profile.layout, profile.window).save([ColumnSpec(f"all{number}") for number in range(columns)])
    async with opened(app, profile, "en", Faults(), practice=True) as (bench, desk):
        bench.window.window().resize(*SIZE)
        desk.secrets.lend(REFERENCE, stream.hello["secret"])
        config = msgspec.structs.replace(msgspec.convert(stream.hello["config"], ChannelConfig), secret=REFERENCE)
        channel = await desk.store.channels.add(config)
        await desk.start()
        seen = Seen(known=[set() for _ in range(columns)])
        for number, column in enumerate(bench.deck.columns):
            watch(number, column.view, seen)
        async with asyncio.timeout(60):
            while desk.supervisor.health[channel.id].condition is not Condition.LIVE:
                await asyncio.sleep(0.1)
        found = await _measured(stream, desk, seen, seconds)
        ledger = await desk.store.messages.ledger()
        found["missing"] = sum(row.missing for row in ledger)
        found["shown"] = sum(row.stored for row in ledger)
        found["lag"] = desk.supervisor.health[channel.id].lag / 1_000
        bench.window.on_close(bench.window.let_go)
    return found


async def _measured(stream: Stream, desk: Any, seen: Seen, seconds: float) -> dict[str, Any]:
    probe = InputProbe()
    try:
        stream.say("go")
        await asyncio.sleep(SETTLE)
        probe.reset()
        seen.measuring = True
        before, begun, cpu = desk.ingest.received, time.perf_counter(), time.process_time()
        await asyncio.sleep(seconds)
        seen.measuring = False
        took, cpu = time.perf_counter() - begun, time.process_time() - cpu
        waits, received = list(probe.waits), desk.ingest.received - before
        stream.say("stop")
    finally:
        probe.close()
    return {
        "wait_p50": percentile(waits, 0.5) * 1000,
        "wait_p99": percentile(waits, 0.99) * 1000,
        "wait_max": max(waits) * 1000,
        "way_p50": percentile(seen.ways, 0.5) if seen.ways else None,
        "way_p99": percentile(seen.ways, 0.99) if seen.ways else None,
        "stored_per_second": received / took,
        "cpu": cpu / took,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=2_000)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--columns", type=int, default=8)
    given = parser.parse_args(sys.argv[1:])
    serve(lambda: run(given.rate, given.seconds, given.columns))
