"""Run the goals and print a row each; `--json FILE` writes them as a list of objects."""

import argparse
import importlib
import json
import sys
import traceback
from pathlib import Path

from benchmarks.harness import Row

GOALS = (
    "1", "2", "4", "5", "6", "7", "8", "9", "11", "alike", "language", "day", "channels", "jetstream",
    "memory", "switch", "typing",
)  # fmt: skip


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("goals", nargs="*", metavar="GOAL", help=f"of {', '.join(GOALS)}; default all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table for docs/ to this file")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (default 5)")
    chosen = parser.parse_args(argv)
    unknown = [goal for goal in chosen.goals if goal not in GOALS]
    if unknown:
        parser.error(f"there is no goal {', '.join(unknown)}; goals are {', '.join(GOALS)}")
    return chosen


def _number(value: float | None, unit: str = "") -> str:
    if value is None:
        return "-"
    return f"{value:,.0f} {unit}".strip() if abs(value) >= 1000 else f"{value:.3g} {unit}".strip()


def _line(row: Row) -> str:
    ratio = "-" if row.ratio is None else f"{row.ratio:.2f}x"
    return (
        f"{row.goal:>3}  {row.what:<58}  {_number(row.figure, row.unit):>16}"
        f"  {_number(row.baseline, row.unit):>16}  {ratio:>8}  {row.bar:<24}  {'pass' if row.passed else 'MISS'}"
    )


def _markdown(rows: list[Row]) -> str:
    lines = ["| # | goal | figure | baseline | ratio | bar | |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}x"
        baseline = "" if row.baseline is None else _number(row.baseline, row.unit)
        verdict = "pass" if row.passed else "**miss**"
        figure = _number(row.figure, row.unit)
        lines.append(f"| {row.goal} | {row.what} | {figure} | {baseline} | {ratio} | {row.bar} | {verdict} |")
    return "\n".join(lines) + "\n"


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 when every goal that ran passed, 1 otherwise."""
    chosen = _arguments(argv)
    rows: list[Row] = []
    print(f"{'':>3}  {'goal':<58}  {'figure':>16}  {'baseline':>16}  {'ratio':>8}  {'bar':<24}")
    failed = False
    for goal in chosen.goals or GOALS:
        try:
            found = importlib.import_module(f"benchmarks.goal_{goal:0>2}").measure(chosen.rounds)
        except Exception:  # noqa: BLE001 -- one broken goal must not hide the others
            failed = True
            print(f"{goal:>3}  could not be measured:")
            traceback.print_exc(file=sys.stdout)
            continue
        for row in found:
            rows.append(row)
            print(_line(row), flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps([row.as_json() for row in rows], indent=1), encoding="utf8")
    if chosen.markdown:
        chosen.markdown.write_text(_markdown(rows), encoding="utf8")
    return 0 if not failed and all(row.passed for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
