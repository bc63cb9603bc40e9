"""Goal 2: input wait against the naive design, the same feed at 2,000 messages a second, in turns."""

from functools import partial

from benchmarks.goal_01 import run
from benchmarks.harness import Row, interleaved, median


def measure(rounds: int) -> list[Row]:
    """One row."""
    found = interleaved(rounds, {name: partial(run, name, 2_000) for name in ("meridian", "naive")})
    ours = median([one["wait_p99"] for one in found["meridian"]])
    naive = median([one["wait_p99"] for one in found["naive"]])
    ratio = naive / ours
    return [
        Row(
            "2",
            "input wait p99 against the naive design at 2,000 msg/s",
            ours,
            "ms",
            ">= 10x",
            ratio >= 10,
            naive,
            ratio,
            {"runs": found},
        )
    ]
