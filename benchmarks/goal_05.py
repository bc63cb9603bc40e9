"""Goal 5: columns that are scrolled back stand still at 5,000 messages a second: no paint, no shift, no wait."""

from benchmarks.goal_01 import run
from benchmarks.harness import Row, median

BAR = 4.0


def measure(rounds: int) -> list[Row]:
    """Three rows."""
    runs = [run("meridian", 5_000, 6, "--hold") for _ in range(rounds)]
    paints = max(found["facts"]["cards_painted"] for found in runs)
    shifts = max(abs(found["facts"]["place"]) for found in runs)
    p99 = median([found["wait_p99"] for found in runs])
    return [
        Row("5", "hold at 5,000 msg/s: cards painted", paints, "", "0", paints == 0, details={"runs": runs}),
        Row("5", "hold at 5,000 msg/s: rows moved", shifts, "", "0", shifts == 0),
        Row("5", "hold at 5,000 msg/s: input wait p99", p99, "ms", f"<= {BAR} ms", p99 <= BAR),
    ]
