"""The translation memory: how long one waits for suggestions out of 50,000 segments, and how long the loop waits."""

import asyncio
import random
import tempfile
import time
from pathlib import Path

from benchmarks.harness import Row, percentile

SEGMENTS = 50_000
LOOKUPS = 40
FAST_MS, WAIT_MS = 20.0, 16.0
TICK = 0.001


def _sentences(seed: int) -> list[str]:
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefghijklmnoprstuvwy", k=draw.randint(2, 9))) for _ in range(4_000)]
    return [" ".join(draw.choices(words, k=draw.randint(4, 16))) for _ in range(SEGMENTS)]


async def _waits(worst: list[float]) -> None:
    """How late the loop comes back to somebody who only sleeps."""
    while True:
        started = time.perf_counter()
        await asyncio.sleep(TICK)
        worst.append((time.perf_counter() - started - TICK) * 1_000)


async def _run(rounds: int) -> tuple[list[float], list[float]]:
    from workstation.domain.memory import Segment
    from workstation.domain.translation import Pair
    from workstation.services.clock import SystemClock
    from workstation.services.feed import Feed
    from workstation.services.memory import Memory
    from workstation.store.store import Store

    sentences = _sentences(1)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = await Store.open(Path(folder) / "desk.sqlite3", lambda _: None)
        memory = Memory(store, Feed(), SystemClock())
        await memory.take(Segment("en", "de", text, text[::-1]) for text in sentences)
        await memory.warm(Pair("en", "de"))
        took: list[float] = []
        waited: list[float] = []
        ticker = asyncio.create_task(_waits(waited))
        for text in random.Random(2).sample(sentences, LOOKUPS) * rounds:
            started = time.perf_counter()
            found = await memory.suggest(f"{text[:-3]}xy", Pair("en-GB", "de-AT"))
            took.append((time.perf_counter() - started) * 1_000)
            assert found
        ticker.cancel()
        await memory.close()
        await store.close()
    return took, waited


def measure(rounds: int) -> list[Row]:
    """One row for whoever waits for suggestions, one for the loop beside it."""
    took, waited = asyncio.run(_run(rounds))
    slow, wait = percentile(took, 0.95), percentile(waited, 0.99)
    return [
        Row("memory", "suggestions from 50,000 segments, p95", slow, "ms", f"<= {FAST_MS:g} ms", slow <= FAST_MS),
        Row("memory", "the loop's wait meanwhile, p99", wait, "ms", f"<= {WAIT_MS:g} ms", wait <= WAIT_MS,
            details={"longest": max(waited)}),
    ]  # fmt: skip
