"""Every command of the command line, as a script types it."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.conftest import Meridian
from tests.practice_network import PracticeNetwork

ROOT = Path(__file__).resolve().parents[2]
KEYS = [
    "id", "channel", "network", "remote_id", "thread", "author", "text", "language", "created_at", "received_at",
    "revision", "deleted",
]  # fmt: skip


def exported(meridian: Meridian) -> list[dict[str, object]]:
    """The messages of the profile."""
    found = meridian("export", "messages", "--format", "jsonl")
    assert found.code == 0, found.err
    return [json.loads(line) for line in found.out.splitlines()]


def test_no_qt_is_imported_for_a_sub_command(tmp_path: Path) -> None:
    code = (
        "import sys; from workstation.cli import main;"
        f" code = main(['--profile', {str(tmp_path / 'p')!r}, 'channels', 'list']);"
        " sys.exit(code or any(name.startswith('PySide6') or name == 'qasync' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_kinds_show_the_fields_to_enter(meridian: Meridian) -> None:
    assert "mastodon" in meridian("channels", "kinds").out
    fields = meridian("channels", "kinds", "mastodon").out
    assert "--server" in fields
    assert "--secret-env" in fields
    assert meridian("channels", "kinds", "telex").code == 2


def test_receive_answer_and_act(account: PracticeNetwork, meridian: Meridian) -> None:
    asked = account.post("where is my parcel?")
    tested = meridian("channels", "test", "m")
    assert tested.code == 0, tested.err
    assert "larkmoor_care" in tested.out
    collected = meridian("collect", "--seconds", "2")
    assert collected.code == 0, collected.err
    assert "lost 0" in collected.out
    message = next(line for line in exported(meridian) if line["remote_id"] == asked["id"])
    assert list(message) == KEYS
    assert message["deleted"] is False
    assert message["revision"] == 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", str(message["created_at"]))

    replied = meridian("reply", str(message["id"]), "--text", "We look into it.", "--wait")
    assert replied.code == 0, replied.err
    # The network's own id names the message too.
    assert meridian("act", str(asked["id"]), "favourite", "--wait").code == 0
    posts = account.statistics()["posts"]
    assert [(post["in_reply_to_id"], len(post["created"])) for post in posts] == [(asked["id"], 1)]
    for action in ("claim", "resolve", "reopen"):
        assert meridian("act", str(message["id"]), action).code == 0
    refused = meridian("act", str(message["id"]), "suspend_account", "--wait")
    assert refused.code == 1
    assert refused.err.count("\n") == 1


def test_without_waiting_it_leaves_all_the_same(account: PracticeNetwork, meridian: Meridian) -> None:
    account.post("hello?")
    meridian("collect", "--seconds", "1.5")
    message = exported(meridian)[0]
    assert meridian("reply", str(message["id"]), "--text", "Hello!").code == 0
    assert len(account.statistics()["posts"]) == 1


def test_export_to_a_file_and_as_csv(account: PracticeNetwork, meridian: Meridian, tmp_path: Path) -> None:
    account.post("=1+1 is not a formula", mention=True)
    meridian("collect", "--seconds", "1.5")
    target = tmp_path / "Größe 1.csv"
    assert meridian("export", "messages", "--format", "csv", "--output", str(target)).code == 0
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert list(rows[0]) == KEYS
    assert not any(row["text"].startswith(("=", "@", "+", "-")) for row in rows)
    cases = meridian("export", "cases", "--format", "jsonl")
    assert json.loads(cases.out.splitlines()[0])["status"] == "new"
    missing = meridian("export", "messages", "--output", str(tmp_path / "none" / "x.jsonl"))
    assert missing.code == 1
    assert missing.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("channels", "test", "nobody"), 1),
        (("channels", "remove", "nobody"), 1),
        (("channels", "add", "mastodon", "--name", "x", "--server", "not a url", "--secret-env", "V"), 1),
        (("channels", "add", "mastodon", "--name", "x", "--secret-env", "V"), 1),
        (("channels", "add", "mastodon", "--name", "x", "--server", "https://h.invalid"), 1),
        (("channels", "add", "mastodon", "--name", " ", "--server", "https://h.invalid", "--secret-env", "V"), 1),
        (("channels", "add", "mastodon", "--name", "x", "--server", "https://h.invalid", "--secret-env", "a=b"), 2),
        (("channels", "add", "mastodon", "--name", "x", "--set", "nonsense"), 2),
        (("channels", "add", "telex", "--name", "x"), 2),
        (("channels",), 2),
        (("collect",), 1),
        (("collect", "--seconds", "soon"), 2),
        (("reply", "1"), 2),
        (("reply", "1", "--text", " "), 2),
        (("reply", "1", "--text", "x"), 1),
        (("act", "1", "dance"), 2),
        (("act", "99", "favourite"), 1),
        (("export", "secrets"), 2),
        (("export", "messages", "--format", "xml"), 2),
        (("templates", "import", "no such file.toml"), 1),
        (("--seconds", "3"), 2),
        (("--database", "postgresql://x", "channels", "list"), 1),
        (("nonsense",), 2),
    ],
)
def test_what_goes_wrong_is_said_in_one_line(meridian: Meridian, words: tuple[str, ...], code: int) -> None:
    result = meridian(*words)
    assert result.code == code
    assert result.err
    if code == 1:
        assert result.err.count("\n") == 1
    assert "Traceback" not in result.err


def test_a_sign_in_that_fails(account: PracticeNetwork, meridian: Meridian, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "wrong")
    tested = meridian("channels", "test", "m")
    assert (tested.code, tested.err.count("\n")) == (1, 1)
    collected = meridian("collect", "--seconds", "0.8")
    assert (collected.code, collected.err.count("\n")) == (1, 1)
    monkeypatch.delenv("TOKEN")
    assert "env:TOKEN" in meridian("channels", "test", "m").err
    examined = meridian("doctor")
    assert examined.code == 1
    assert "fail" in examined.out


def test_a_dead_server(meridian: Meridian, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "t")
    words = ("channels", "add", "mastodon", "--name", "dead", "--server", "http://127.0.0.1:9", "--secret-env", "TOKEN")
    assert meridian(*words).code == 0
    assert meridian("channels", "test", "dead").code == 1
    assert meridian("collect", "--seconds", "0.8").code == 1
    assert "dead" in meridian("channels", "list").out
    again = meridian(*words)
    assert again.code == 1
    assert "dead" in again.err
    assert meridian("channels", "remove", "dead").code == 0
    assert meridian("channels", "list").out == ""


def test_doctor_on_a_good_desk(account: PracticeNetwork, meridian: Meridian) -> None:
    examined = meridian("doctor")
    assert examined.code == 0, examined.out
    assert "larkmoor_care" in examined.out


def test_templates_go_out_and_come_back(meridian: Meridian, tmp_path: Path) -> None:
    starters = ROOT / "resources" / "templates" / "service.toml"
    assert meridian("templates", "import", str(starters)).code == 0
    target = tmp_path / "out.toml"
    assert meridian("templates", "export", str(target)).code == 0
    assert meridian("templates", "import", str(target)).code == 0
    assert "delivery-late" in target.read_text(encoding="utf-8")
    target.write_text("[broken", encoding="utf-8")
    assert meridian("templates", "import", str(target)).code == 1


def test_the_language_of_the_lines(meridian: Meridian) -> None:
    assert "Kanal" in meridian("--locale", "de", "channels", "test", "nobody").err
