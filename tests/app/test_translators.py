"""Providers of translations by the command line: listed, put in force, asked, taken away; one of a third party's."""

import asyncio
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.app.conftest import Meridian
from tests.providers.doubles.servers import KEY, deepl
from workstation.services.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tests" / "example_translator"


def test_there_is_none_until_one_is_put_in_force(meridian: Meridian) -> None:
    found = meridian("translators", "list")
    assert [line.split("\t")[0] for line in found.out.splitlines()[:3]] == ["deepl", "openai", "libretranslate"]
    assert "No text is sent" in found.out + found.err
    assert meridian("translators", "test").code == 1


@pytest.mark.parametrize(
    "words",
    [
        ("deepl",), ("libretranslate",), ("libretranslate", "--server", "x"), ("pigeon",),
        ("openai", "--server", "http://localhost:1"),
        ("openai", "--set", "model=m", "--set", "seconds=soon"), ("openai", "--set", "model=m", "--set", "wings=2"),
        ("deepl", "--secret-env", "NO_SUCH_VARIABLE"),
    ],
)  # fmt: skip
def test_a_provider_that_cannot_be_used_is_refused(meridian: Meridian, words: tuple[str, ...]) -> None:
    refused = meridian("translators", "use", *words)
    assert refused.code == 1
    assert len(refused.err.strip().splitlines()) == 1
    assert "No text is sent" in meridian("translators", "list").out


async def test_a_provider_is_put_in_force_asked_and_taken_away(tmp_path: Path) -> None:
    async with deepl() as double:
        line = Line(tmp_path, DEEPL_KEY=KEY)
        code, said = await line.run("use", "deepl", "--server", double.address, "--secret-env", "DEEPL_KEY")
        assert code == 0, said
        code, said = await line.run("test")
        assert code == 0, said
        assert "of 500,000 characters" in said
        assert double.asked == []
        kept = (tmp_path / "profile" / "settings.toml").read_text(encoding="utf-8")
        assert KEY not in kept
        assert "env:DEEPL_KEY" in kept
        code, said = await line.run("none")
        assert code == 0, said
        assert not Settings(tmp_path / "profile" / "settings.toml").now.translator.configured


async def test_an_installed_package_adds_a_kind_once_it_is_trusted(tmp_path: Path) -> None:
    line = Line(tmp_path)
    code, said = await line.run("list")
    assert "translators enable parrot" in said
    assert (await line.run("use", "parrot"))[0] == 1
    assert (await line.run("enable", "pigeon"))[0] == 1
    assert (await line.run("enable", "parrot"))[0] == 0
    code, said = await line.run("use", "parrot", "--set", "colour=green")
    assert code == 0, said
    code, said = await line.run("test")
    assert code == 0, said
    assert "1 language" in said


class Line:
    """The command line in a process of its own, with the package installed."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._profile = folder / "profile"
        installed = folder / "installed"
        project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        info = installed / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        info.mkdir(parents=True)
        head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        (info / "METADATA").write_text(head)
        ((group, offered),) = project["entry-points"].items()
        names = "".join(f"{name} = {value}\n" for name, value in offered.items())
        (info / "entry_points.txt").write_text(f"[{group}]\n{names}")
        path = os.pathsep.join(map(str, (PACKAGE, installed)))
        null = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
        self._environment = os.environ | {"PYTHONPATH": path} | null | environment

    async def run(self, *words: str) -> tuple[int, str]:
        """Exit code and what was said."""
        program = (str(ROOT / "main.py"), "--profile", str(self._profile), "--locale", "en", "translators", *words)
        running = await asyncio.create_subprocess_exec(
            sys.executable, *program, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        said, _ = await running.communicate()
        return running.returncode or 0, said.decode()
