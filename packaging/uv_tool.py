"""Find uv, or get it with the pip this machine has: nothing is installed outside the checkout."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, Mapping

import package_index

HERE = Path(__file__).resolve().parent
STATE = HERE.parent / ".bootstrap"
LOCK = HERE / "installer.lock"
OLDEST = (0, 5, 3)
DEBIAN_PYTHON = "/usr/bin/python3"
NAME = "uv.exe" if os.name == "nt" else "uv"


class UvMissingError(Exception):
    """uv is neither here nor to be had; the text says what to do."""


def version_of(program: str) -> tuple[int, ...]:
    """The version a uv program states, or () if it does not run."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.match(r"uv (\d+)\.(\d+)\.(\d+)", answer.stdout)
    return tuple(int(part) for part in found.groups()) if found and answer.returncode == 0 else ()


def candidates() -> Iterator[str]:
    """Where uv may be: the path, its installer's folders, beside this Python's packages, our own copy."""
    on_path = shutil.which("uv")
    if on_path:
        yield on_path
    home = Path.home()
    folders = [home / ".local" / "bin", home / ".cargo" / "bin", STATE / "uv" / "bin", STATE / "uv" / "Scripts"]
    folders += [STATE / "pip" / "bin", STATE / "pip" / "Scripts"]
    for folder in folders:
        if (folder / NAME).is_file():
            yield str(folder / NAME)


def find_uv() -> str:
    """The first uv that runs and is new enough; UvMissingError if there is none."""
    for program in candidates():
        if version_of(program) >= OLDEST:
            return program
    raise UvMissingError("uv is not installed: see https://docs.astral.sh/uv/ or run packaging/bootstrap.py")


def has_pip(python: str) -> bool:
    """Whether that interpreter can run pip."""
    if python == sys.executable:
        return importlib.util.find_spec("pip") is not None
    try:
        answer = subprocess.run([python, "-c", "import pip"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def pip_at_hand() -> bool:
    """Whether uv can be fetched without installing anything else: pip, or a venv that brings one."""
    pythons = {sys.executable, DEBIAN_PYTHON} if sys.platform.startswith("linux") else {sys.executable}
    return any(has_pip(python) for python in pythons) or importlib.util.find_spec("ensurepip") is not None


def fetch_uv(environment: Mapping[str, str]) -> str:
    """Install the locked uv under `.bootstrap` with pip and its own configuration; UvMissingError with the cause."""
    settings = {**environment, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if settings.get("SSL_CERT_FILE") and "cert" not in package_index.pip_settings(environment):
        settings["PIP_CERT"] = settings["SSL_CERT_FILE"]
    choice = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", str(LOCK)]
    reason = "neither pip nor venv is there"
    for python in dict.fromkeys([sys.executable, DEBIAN_PYTHON]):
        if not has_pip(python):
            continue
        command = [python, "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(STATE / "uv"), *choice]
        answer = subprocess.run(command, capture_output=True, text=True, env=settings, check=False)
        if answer.returncode == 0:
            return find_uv()
        reason = cause(answer.stderr)
    folder = STATE / "pip"
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True, env=settings, check=False
    )
    if made.returncode == 0:
        python = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        command = [python, "-m", "pip", "install", "--quiet", *choice]
        answer = subprocess.run(command, capture_output=True, text=True, env=settings, check=False)
        if answer.returncode == 0:
            return find_uv()
        reason = cause(answer.stderr)
    raise UvMissingError(f"uv could not be fetched ({reason})")


def cause(text: str) -> str:
    """Why pip failed: its last line, unless an earlier one says more than "nothing found"."""
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return "the certificate of the package index is not trusted by this machine"
    if "NewConnectionError" in text or "name resolution" in text:
        return "the package index cannot be reached"
    return last_line(text)


def last_line(text: str) -> str:
    """The last line that says something, for a message of one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no message"
