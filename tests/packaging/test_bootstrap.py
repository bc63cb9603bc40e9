"""The set-up script in a checkout of its own: what it starts, when it has nothing to do, and what it refuses."""

import json
import os
import shutil
import socket
import subprocess
import sys
import venv
from pathlib import Path

import bootstrap
import pytest
import system_libraries

ROOT = Path(__file__).resolve().parents[2]
ECHO = "import json, os, sys; print(json.dumps([sys.argv[1:], os.environ.get('QT_QPA_PLATFORM'), sys.prefix]))\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that is set up, whose main.py tells how it was started."""
    shutil.copytree(ROOT / "packaging", tmp_path / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "main.py").write_text(ECHO, encoding="utf-8")
    venv.create(tmp_path / ".venv", with_pip=False, symlinks=os.name != "nt")
    stamp = "import bootstrap; bootstrap.STAMP.write_text(bootstrap.fingerprint(), encoding='utf-8')"
    subprocess.run([sys.executable, "-c", stamp], cwd=tmp_path / "packaging", env=headless(), check=True)
    return tmp_path


def headless(**more: str) -> dict[str, str]:
    """The environment of somebody without a screen."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return {**{name: value for name, value in os.environ.items() if name not in hidden}, **more}


def call(checkout: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the checkout's script as a person would."""
    command = [sys.executable, "packaging/bootstrap.py", *words]
    return subprocess.run(command, cwd=checkout, env=headless(**more), capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a screen is taken for granted")
def test_run_without_a_screen_is_a_finite_shift_with_a_picture(checkout: Path) -> None:
    answer = call(checkout, "run", "--rate", "5")
    picture = str(checkout / "build" / "practice-desk.png")
    expected = ["--practice", "--seconds", "20", "--screenshot", picture, "--rate", "5"]
    assert answer.returncode == 0
    words, platform, prefix = last_line(answer.stdout)
    assert words == expected
    assert platform == "offscreen"
    assert Path(str(prefix)) == checkout / ".venv"


def test_run_with_a_sub_command_runs_that(checkout: Path) -> None:
    assert last_line(call(checkout, "run", "doctor", "--all").stdout)[0] == ["doctor", "--all"]


def test_the_answer_is_that_of_the_program(checkout: Path) -> None:
    (checkout / "main.py").write_text("raise SystemExit(7)\n", encoding="utf-8")
    assert call(checkout, "run").returncode == 7


def test_nothing_is_done_when_all_is_there(checkout: Path) -> None:
    answer = call(checkout, "sync", PATH="")
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


def test_another_lock_makes_the_environment_stale(checkout: Path) -> None:
    ask = "import bootstrap; print(bootstrap.is_fresh())"

    def fresh() -> str:
        command = [sys.executable, "-c", ask]
        folder = checkout / "packaging"
        return subprocess.run(command, cwd=folder, env=headless(), capture_output=True, text=True, check=True).stdout

    assert fresh().strip() == "True"
    with (checkout / "packaging" / "requirements.lock").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert fresh().strip() == "False"


@pytest.mark.parametrize(("words", "code"), [((), 2), (("fly",), 2), (("--help",), 0)])
def test_wrong_words_are_answered_with_the_usage(checkout: Path, words: tuple[str, ...], code: int) -> None:
    answer = call(checkout, *words)
    assert answer.returncode == code
    assert "usage:" in answer.stdout + answer.stderr


def test_only_one_set_up_at_a_time(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("a+b") as first, (tmp_path / "lock").open("a+b") as second:
        assert bootstrap.try_lock(first.fileno())
        assert not bootstrap.try_lock(second.fileno())
        first.close()
        assert bootstrap.try_lock(second.fileno())


@pytest.mark.skipif(sys.platform != "linux", reason="displays are named by variables on Linux alone")
def test_a_screen_is_there_when_somebody_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert not bootstrap.screen()
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-7"))
        compositor.listen()
        assert bootstrap.screen()
        monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
        assert not bootstrap.screen()


@pytest.mark.skipif(sys.platform != "linux", reason="displays are named by variables on Linux alone")
@pytest.mark.parametrize("display", ["", "nonsense", ":987654", ":x"])
def test_a_stale_display_is_no_screen(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", display)
    assert not bootstrap.screen()


def test_certificates_of_a_bundle_come_one_by_one(tmp_path: Path) -> None:
    one, two = (f"-----BEGIN CERTIFICATE-----\n{name}\n-----END CERTIFICATE-----" for name in ("one", "two"))
    bundle = tmp_path / "bundle.crt"
    bundle.write_text(f"# a comment\n{one}\n\n{two}\ntrailing", encoding="utf-8")
    assert system_libraries.certificates(bundle) == [one, two]
    assert system_libraries.certificates(tmp_path / "none") == []


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is looked for elsewhere")
def test_what_is_missing_is_named_with_its_package() -> None:
    lacking = system_libraries.Missing(("libGL.so.1",), ("Thai",), (("libgl1",), ("fonts-noto-core",)))
    assert str(lacking) == "libGL.so.1, fonts for Thai"
    assert not system_libraries.loads("libsurely-not-there.so.9")


def last_line(text: str) -> list[object]:
    """The last line of some output, read as JSON."""
    value = json.loads(text.splitlines()[-1])
    assert isinstance(value, list)
    return value
