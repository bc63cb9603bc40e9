"""A window with columns under the feeds of several kinds of network: the child program behind the goal "channels"."""

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


class Networks:
    """The other process."""

    def __init__(self, kinds: list[str], rate: float) -> None:
        command = [sys.executable, "-m", "benchmarks.mixed_networks", "--rate", str(rate), *kinds]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        assert self._process.stdout is not None
        self.hello: list[dict[str, Any]] = json.loads(self._process.stdout.readline())

    def say(self, word: str) -> None:
        """Begin or end the writing."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


async def run(kinds: list[str], rate: float, seconds: float) -> dict[str, Any]:
    """One run."""
    networks = Networks(kinds, rate)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return await _run(networks, Path(folder), kinds, seconds)
    finally:
        networks.close()


async def _run(networks: Networks, folder: Path, kinds: list[str], seconds: float) -> dict[str, Any]:
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
    specs = [ColumnSpec(f"channel{n}", filter=f'channel:"channel {n}"') for n in range(len(kinds))]
    Layout(profile.layout, profile.window).save(specs)
    async with opened(app, profile, "en", Faults(), practice=True) as (bench, desk):
        bench.window.window().resize(*SIZE)
        for number, hello in enumerate(networks.hello):
            reference = f"keyring:benchmark{number}"
            desk.secrets.lend(reference, hello["secret"])
            given = msgspec.convert(hello["config"], ChannelConfig)
            config = msgspec.structs.replace(given, name=f"channel {number}", secret=reference)
            await desk.store.channels.add(config)
        await desk.start()
        seen = Seen(known=[set() for _ in kinds])
        for number, column in enumerate(bench.deck.columns):
            watch(number, column.view, seen)
        async with asyncio.timeout(60):
            while any(
                health.condition not in (Condition.LIVE, Condition.POLLING)
                for health in desk.supervisor.health.values()
            ):
                await asyncio.sleep(0.1)
        probe = InputProbe()
        try:
            networks.say("go")
            await asyncio.sleep(SETTLE)
            probe.reset()
            seen.measuring = True
            before, begun, cpu = desk.ingest.received, time.perf_counter(), time.process_time()
            await asyncio.sleep(seconds)
            seen.measuring = False
            took, cpu = time.perf_counter() - begun, time.process_time() - cpu
            waits, stored = list(probe.waits), desk.ingest.received - before
            networks.say("stop")
        finally:
            probe.close()
        missing = sum(row.missing for row in await desk.store.messages.ledger())
        by_channel: dict[int, int] = {}
        for row in await desk.store.messages.ledger():
            by_channel[row.channel] = by_channel.get(row.channel, 0) + row.stored
        bench.window.on_close(bench.window.let_go)
    return {
        "wait_p50": percentile(waits, 0.5) * 1000,
        "wait_p99": percentile(waits, 0.99) * 1000,
        "wait_max": max(waits) * 1000,
        "way_p50": percentile(seen.ways, 0.5) if seen.ways else None,
        "way_p99": percentile(seen.ways, 0.99) if seen.ways else None,
        "stored_per_second": stored / took,
        "missing": missing,
        "cpu": cpu / took,
        "stored_by_channel": by_channel,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=250)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("kinds", nargs="+")
    given = parser.parse_args(sys.argv[1:])
    serve(lambda: run(given.kinds, given.rate, given.seconds))
