"""The practice desk as a machine without a screen runs it: in a process of its own, with the real window."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_finite_shift(tmp_path: Path) -> None:
    picture = tmp_path / "Bild des Tisches.png"
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [
            *(sys.executable, "main.py", "--profile", str(tmp_path / "p ü"), "--locale", "en", "--practice"),
            *("--seconds", "7", "--rate", "6", "--screenshot", str(picture)),
        ],
        cwd=ROOT,
        env=environment | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    counts = dict(line.split()[:2] for line in done.stdout.splitlines() if line.split()[0] in COUNTED)
    assert int(counts["received"]) > 40
    assert counts["shown"] == counts["received"]
    assert int(counts["answered"]) > 0
    assert counts["lost"] == "0"
    assert picture.read_bytes().startswith(b"\x89PNG")
    # Practice never touches what is live.
    assert not (tmp_path / "p ü" / "desk.sqlite3").exists()


COUNTED = ("received", "shown", "answered", "lost")
