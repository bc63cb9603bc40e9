"""What was practised is there the next time: in a process of its own, with the real window and its own network."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ANSWER = "48151623"


def sit(profile: Path, deed: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.app.practising", str(profile), deed],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def test_a_solved_case_is_found_again(tmp_path: Path) -> None:
    first = sit(tmp_path / "p", "work")
    assert (first["solved"], first["on_network"]) == (1, 1)
    second = sit(tmp_path / "p", "find")
    assert second == first
    assert len(second["answers"]) == 1
    assert ANSWER in second["answers"][0]
    assert len(second["channels"]) == 2


def test_afresh_forgets_desk_and_network(tmp_path: Path) -> None:
    assert sit(tmp_path / "p", "work")["on_network"] == 1
    anew = sit(tmp_path / "p", "afresh")
    assert (anew["solved"], anew["on_network"], len(anew["channels"])) == (0, 0, 2)


def test_half_a_memory_is_none(tmp_path: Path) -> None:
    assert sit(tmp_path / "p", "work")["on_network"] == 1
    (tmp_path / "p" / "network.json").unlink()
    assert sit(tmp_path / "p", "find")["solved"] == 0
