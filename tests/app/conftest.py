"""The command line as a script uses it: in this process, against a practice network."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.practice_network import PracticeNetwork, practice, practices
from workstation.cli import main

__all__ = ["practice", "practices"]


class Result:
    """What a command line answered."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Meridian = Callable[..., Result]


@pytest.fixture
def meridian(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Meridian:
    """Runs a command line on a profile of its own, in English."""
    profile = tmp_path / "Profil mit Größe"

    def run(*words: str) -> Result:
        capsys.readouterr()
        try:
            code = main(["--profile", str(profile), "--locale", "en", *words])
        except SystemExit as wrong:
            code = int(str(wrong.code or 0))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run


@pytest.fixture
def account(practice: PracticeNetwork, monkeypatch: pytest.MonkeyPatch, meridian: Meridian) -> PracticeNetwork:
    """A channel "m" on the practice network."""
    monkeypatch.setenv("TOKEN", practice.tokens["agent"])
    added = meridian(
        "channels", "add", "mastodon", "--name", "m", "--server", practice.base_url, "--secret-env", "TOKEN"
    )
    assert added.code == 0, added.err
    return practice
