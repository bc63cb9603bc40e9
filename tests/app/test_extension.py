"""A third party's package adds a kind of channel: off until it is trusted, then like any other."""

import asyncio
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.conformance.noticeboard import KEY, NoticeboardKit

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tests" / "example_connector"


def install(into: Path) -> None:
    """What an installer leaves behind: the package on the path, and its metadata."""
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = into / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = project["entry-points"].items()
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in offered.items()) for group, offered in groups
    ]
    (info / "entry_points.txt").write_text("".join(lines))


class Line:
    """The command line in a process of its own, with the package installed."""

    def __init__(self, folder: Path) -> None:
        self._profile = folder / "profile"
        installed = folder / "installed"
        installed.mkdir()
        install(installed)
        self._environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(map(str, (PACKAGE, installed))),
            "BOARD_KEY": KEY,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

    async def run(self, *words: str) -> tuple[int, str]:
        """Exit code and what was said."""
        program = (sys.executable, str(ROOT / "main.py"), "--profile", str(self._profile), *words)
        running = await asyncio.create_subprocess_exec(
            *program, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        said, _ = await running.communicate()
        return running.returncode or 0, said.decode()


async def test_an_installed_package_adds_a_kind_without_touching_ours(tmp_path: Path) -> None:
    kit = NoticeboardKit()
    host, port = (await kit.start())["board"]
    try:
        await kit.say("The door of hall 3 is stuck.")
        line = Line(tmp_path)
        code, said = await line.run("channels", "kinds")
        assert code == 0
        assert "channels enable noticeboard" in said
        server = f"http://{host}:{port}"
        add = ("channels", "add", "noticeboard", "--name", "n", "--server", server, "--secret-env", "BOARD_KEY")
        code, said = await line.run(*add)
        assert code == 2, said
        code, said = await line.run("channels", "enable", "pigeons")
        assert code == 1, said
        code, said = await line.run("channels", "enable", "noticeboard")
        assert code == 0, said
        code, said = await line.run(*add)
        assert code == 0, said
        code, said = await line.run("channels", "test", "n")
        assert code == 0, said
        assert "The board" in said
        code, said = await line.run("collect", "--seconds", "2")
        assert code == 0, said
        code, said = await line.run("export", "messages", "--format", "jsonl")
        (message,) = [json.loads(row) for row in said.splitlines() if row.startswith("{")]
        assert message["text"] == "The door of hall 3 is stuck."
        assert message["network"] == "noticeboard"
        code, said = await line.run("reply", str(message["id"]), "--text", "The smith is coming.", "--wait")
        assert code == 0, said
        assert kit.written() == ["The smith is coming."]
        code, said = await line.run("channels", "disable", "noticeboard")
        assert code == 0, said
    finally:
        await kit.close()
