"""Everything that happens on Bluesky, at 2,000 events a second, its posts in eight columns: input wait as in goal 1."""

from typing import Any

from benchmarks.harness import Row, child, median

RATE = 2_000
COLUMNS = 8
BAR = 1000 / 60


def measure(rounds: int) -> list[Row]:
    """Input wait, how much was taken in, and that nothing is missing."""
    arguments = ("--rate", str(RATE), "--columns", str(COLUMNS))
    runs: list[dict[str, Any]] = [child("benchmarks.jetstream", *arguments, timeout=240) for _ in range(rounds)]
    p99 = median([run["wait_p99"] for run in runs])
    taken = median([run["stored_per_second"] for run in runs])
    missing = max(run["missing"] for run in runs)
    what = f"Jetstream at {RATE} events/s"
    return [
        Row("jetstream", f"{what}: input wait p99", p99, "ms", f"< {BAR:.1f} ms", p99 < BAR, details={"runs": runs}),
        Row("jetstream", f"{what}: taken in", taken, "/s", f">= {0.95 * RATE:,.0f} /s", taken >= 0.95 * RATE),
        Row("jetstream", f"{what}: missing in the ledger", missing, "", "0", missing == 0),
    ]
