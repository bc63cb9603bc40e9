"""Renew or check the hashed locks and the pins in pyproject.toml: python packaging/lock.py [--upgrade | --check]."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from uv_tool import UvMissingError, find_uv

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
LOCKS = {
    ROOT / "packaging" / "requirements.lock": ["pyproject.toml", "--group", "dev"],
    ROOT / "packaging" / "installer.lock": ["packaging/installer.in"],
}
REQUIREMENTS = next(iter(LOCKS))
OLDEST_PYTHON = "3.11"
PINS = re.compile(r"(?ms)^constraint-dependencies = \[\n.*?^\]\n")
OVERRIDES = re.compile(r"(?ms)^override-dependencies = \[(.*?)\]$")
PIN = re.compile(r"(?m)^([a-z0-9][a-z0-9._-]*==[^\s;]+)(?: ; ([^\\\n]+?))? \\$")


def clean_environment() -> dict[str, str]:
    """The environment without this machine's indexes and folders: hashes have to be those everybody sees."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))}


def compile_lock(uv: str, source: list[str], target: Path, upgrade: bool) -> None:
    """Resolve `source` for all platforms and Pythons into `target`, keeping the pins it holds unless upgrading."""
    command = [uv, "pip", "compile", *source, "--universal", "--generate-hashes", "--no-config", "--quiet"]
    command += ["--python-version", OLDEST_PYTHON, "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--custom-compile-command", "python packaging/lock.py", "--output-file", str(target)]
    command += ["--upgrade"] if upgrade else []
    with tempfile.TemporaryDirectory() as folder:
        # `--no-config` keeps this machine's settings out, and with them the overrides of the project's own.
        wanted = Path(folder) / "overrides.txt"
        wanted.write_text("\n".join(overrides(PROJECT.read_text(encoding="utf-8"))) + "\n", encoding="utf-8")
        command += ["--overrides", str(wanted)] if "pyproject.toml" in source else []
        subprocess.run(command, check=True, cwd=ROOT, env=clean_environment())


def overrides(project: str) -> list[str]:
    """The requirements that `override-dependencies` in pyproject.toml puts in place of others."""
    found = OVERRIDES.search(project)
    return re.findall(r'"([^"]+)"', found[1]) if found else []


def pins(lock: str) -> str:
    """The `constraint-dependencies` setting that says in pyproject.toml what the lock says."""
    lines = []
    for requirement, marker in PIN.findall(lock):
        text = f"{requirement} ; {marker}" if marker else requirement
        lines.append(f'    "{text}",\n')
    return "constraint-dependencies = [\n" + "".join(lines) + "]\n"


def with_pins(project: str, lock: str) -> str:
    """The text of pyproject.toml with its pins replaced by those of the lock."""
    if not PINS.search(project):
        raise SystemExit("lock: pyproject.toml has no constraint-dependencies to fill")
    return PINS.sub(lambda _: pins(lock), project, count=1)


def renew(uv: str, upgrade: bool) -> None:
    """Write all locks and the pins."""
    for target, source in LOCKS.items():
        compile_lock(uv, source, target, upgrade)
    project = PROJECT.read_text(encoding="utf-8")
    PROJECT.write_text(with_pins(project, REQUIREMENTS.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def stale(uv: str) -> list[str]:
    """Names of the files that `renew` would change."""
    names = []
    with tempfile.TemporaryDirectory() as folder:
        for target, source in LOCKS.items():
            fresh = Path(folder) / target.name
            shutil.copyfile(target, fresh)
            compile_lock(uv, source, fresh, upgrade=False)
            if fresh.read_bytes() != target.read_bytes():
                names.append(target.name)
    project = PROJECT.read_text(encoding="utf-8")
    if with_pins(project, REQUIREMENTS.read_text(encoding="utf-8")) != project:
        names.append(PROJECT.name)
    return names


def main() -> int:
    """Renew or check; 1 with the names of what is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--upgrade", action="store_true", help="take the newest versions that pyproject.toml allows")
    choice.add_argument("--check", action="store_true", help="change nothing, fail if something is out of date")
    arguments = parser.parse_args()
    try:
        uv = find_uv()
    except UvMissingError as error:
        print(f"lock: {error}", file=sys.stderr)
        return 1
    if not arguments.check:
        renew(uv, arguments.upgrade)
        return 0
    names = stale(uv)
    if names:
        print(f"lock: out of date: {', '.join(names)}. Run: python packaging/lock.py", file=sys.stderr)
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
