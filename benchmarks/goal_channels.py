"""Eight channels of mixed kinds at 250 messages a second each, a column for each: input wait as in goal 1."""

from typing import Any

from benchmarks.harness import Row, child, median

KINDS = ("mastodon", "bluesky", "bluesky", "matrix", "matrix", "email", "wordpress", "feed")
RATE = 250
BAR = 1000 / 60


def measure(rounds: int) -> list[Row]:
    """Input wait, and that nothing is missing."""
    runs: list[dict[str, Any]] = [
        child("benchmarks.mixed", "--rate", str(RATE), *KINDS, timeout=240) for _ in range(rounds)
    ]
    p99 = median([run["wait_p99"] for run in runs])
    missing = max(run["missing"] for run in runs)
    kept = median([run["stored_per_second"] for run in runs])
    wanted = RATE * len(KINDS)
    what = f"{len(KINDS)} channels of mixed kinds at {RATE} msg/s each"
    return [
        Row("channels", f"{what}: input wait p99", p99, "ms", f"< {BAR:.1f} ms", p99 < BAR, details={"runs": runs}),
        Row("channels", f"{what}: taken in", kept, "msg/s", f">= {0.9 * wanted:,.0f} msg/s", kept >= 0.9 * wanted),
        Row("channels", f"{what}: missing in the ledger", missing, "", "0", missing == 0),
    ]
