"""Goal 1: input wait at 2,000 messages a second in eight columns; the stretch goal at 5,000 is told as a detail."""

from typing import Any

from benchmarks.harness import Row, child, median

BAR, STRETCH = 1000 / 60, 8.3


def run(contender: str, rate: int, seconds: float = 6, *options: str) -> dict[str, Any]:
    """One run of `benchmarks.live` in a fresh process."""
    found: dict[str, Any] = child(
        "benchmarks.live", contender, "--rate", str(rate), "--seconds", str(seconds), *options, timeout=180
    )
    return found


def measure(rounds: int) -> list[Row]:
    """Two rows: the goal and the stretch goal."""
    rows = []
    for rate, bar in ((2_000, BAR), (5_000, STRETCH)):
        runs = [run("meridian", rate) for _ in range(rounds)]
        p99 = median([found["wait_p99"] for found in runs])
        kept = median([found["stored_per_second"] for found in runs])
        rows.append(
            Row(
                "1",
                f"input wait p99 at {rate} msg/s x 8 columns",
                p99,
                "ms",
                f"< {bar:.1f} ms",
                p99 < bar,
                details={"runs": runs, "stored_per_second": kept},
            )
        )
    return rows
