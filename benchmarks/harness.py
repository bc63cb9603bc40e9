"""What every goal's program shares: the row it returns, percentiles, interleaved rounds, child processes."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FRAME = 1 / 60
"""Seconds of one frame at 60 Hz."""

PROJECT = Path(__file__).resolve().parents[1]


@dataclass
class Row:
    """One line of the table. `figure` and `baseline` are in `unit`; `ratio` compares them where a bar asks."""

    goal: str
    what: str
    figure: float
    unit: str
    bar: str
    passed: bool
    baseline: float | None = None
    ratio: float | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The object written to the JSON file; `pass` is a Python keyword, hence the renaming."""
        return {
            "goal": self.goal,
            "what": self.what,
            "figure": self.figure,
            "unit": self.unit,
            "baseline": self.baseline,
            "ratio": self.ratio,
            "bar": self.bar,
            "pass": self.passed,
            "details": self.details,
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie, by nearest rank; ValueError if empty."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing was measured")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def interleaved(rounds: int, contenders: Mapping[str, Callable[[], Any]]) -> dict[str, list[Any]]:
    """Run every contender once per round, in reversed order every other round: drift hits all alike."""
    results: dict[str, list[Any]] = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            results[name].append(contenders[name]())
    return results


def child(module: str, *arguments: str, timeout: float = 300, environment: dict[str, str] | None = None) -> Any:
    """Run `python -m module` in a fresh process and return the JSON object on its last line of output.

    A fresh process, because a QApplication, its caches and the allocator remember what ran before. Modules are compiled
    once, as on a user's machine, even where the environment asks Python not to keep what it compiled.
    """
    env = {
        **os.environ,
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        **(environment or {}),
    }
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(  # noqa: S603 -- our own modules
        [sys.executable, "-m", module, *arguments],
        cwd=PROJECT,
        env=env,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr[-4000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def answer(value: Any) -> None:
    """Print what `child` reads."""
    print(json.dumps(value), flush=True)
