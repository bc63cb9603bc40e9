"""The practice desk as a machine without a screen runs it: in a process of its own, with the real window."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def shift(profile: Path, *words: str) -> dict[str, str]:
    """Run a shift; its counts."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "main.py", "--profile", str(profile), "--locale", "en", "--practice", *words],
        cwd=ROOT,
        env=environment | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return dict(line.split()[:2] for line in done.stdout.splitlines() if line.split()[0] in COUNTED)


def test_a_finite_shift(tmp_path: Path) -> None:
    picture = tmp_path / "Bild des Tisches.png"
    profile = tmp_path / "p ü"
    counts = shift(profile, "--seconds", "7", "--rate", "6", "--screenshot", str(picture))
    assert int(counts["received"]) > 40
    assert counts["shown"] == counts["received"]
    assert int(counts["answered"]) > 0
    assert counts["lost"] == "0"
    assert picture.read_bytes().startswith(b"\x89PNG")
    # Practice never touches what is live, nor an unwatched shift what somebody practises.
    assert not (profile / "desk.sqlite3").exists()
    assert not (profile / "practice" / "desk.sqlite3").exists()
    again = shift(profile, "--seconds", "4", "--rate", "6")
    assert int(again["received"]) < int(counts["received"]) * 1.5
    assert (again["shown"], again["lost"]) == (again["received"], "0")


COUNTED = ("received", "shown", "answered", "lost")
