"""Goal 4: from posting on the network to painted, from 10 to 5,000 messages a second, over a real WebSocket."""

from benchmarks.goal_01 import run
from benchmarks.harness import FRAME, Row, median

RATES = (10, 200, 2_000, 5_000)
P50, P99 = 2 * FRAME * 1000, 4 * FRAME * 1000


def measure(rounds: int) -> list[Row]:
    """Two rows for each rate."""
    rows = []
    for rate in RATES:
        runs = [run("meridian", rate, 10 if rate < 100 else 6) for _ in range(rounds)]
        for name, bar in (("p50", P50), ("p99", P99)):
            way = median([found[f"way_{name}"] for found in runs])
            what = f"posted to painted, {name}, at {rate} msg/s"
            rows.append(Row("4", what, way, "ms", f"<= {bar:.1f} ms", way <= bar, details={"runs": runs}))
    return rows
