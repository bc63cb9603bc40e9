"""Without a provider nothing leaves the machine: a desk with its window is watched at every socket."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

from tests.practice_network import PracticeNetwork, practice

__all__ = ["practice"]

ROOT = Path(__file__).resolve().parents[2]


def test_without_a_provider_nothing_leaves_the_machine(practice: PracticeNetwork, tmp_path: Path) -> None:
    practice.post("注文した商品がまだ届いていません。いつ届きますか？", language="ja")
    report = tmp_path / "report.json"
    words = (str(tmp_path / "profile"), json.dumps(asdict(practice)), str(report))
    done = subprocess.run(
        [sys.executable, "-m", "tests.providers.watched", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    found = json.loads(report.read_text(encoding="utf-8"))
    assert any(any("\u3040" <= sign <= "\u30ff" for sign in text) for text in found["sent"]), "a reply in Japanese"
    assert {host for _, host, _ in found["seen"]} <= {"127.0.0.1", "::1", "localhost"}
    ports = {port for event, _, port in found["seen"] if event == "socket.connect"}
    assert ports, "the desk spoke to its network"
    if sys.platform != "win32":  # an event loop there connects to itself
        assert ports <= {urlsplit(url).port for url in (practice.base_url, practice.streaming_url)}
