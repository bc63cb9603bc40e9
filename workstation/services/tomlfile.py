"""TOML files in the profile: read forgivingly, written atomically, stable in order so that two can be compared."""

import contextlib
import logging
import os
import tempfile
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

LARGEST = 1_000_000
"""Bytes; a settings file larger than this is not one."""


def read(path: Path) -> dict[str, Any]:
    """The file's table; empty where there is none. An unreadable one is put aside as `NAME.broken` and logged."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    try:
        if len(data) > LARGEST:
            raise ValueError("too large")
        return tomllib.loads(data.decode("utf-8"))
    except ValueError as error:
        log.warning("settings file unreadable", extra={"file": path.name, "error": type(error).__name__})
        with contextlib.suppress(OSError):
            path.replace(path.with_name(path.name + ".broken"))
        return {}


def put_aside(path: Path) -> None:
    """Keep a file that cannot be read as `NAME.broken`, so that the next write does not cost what is in it."""
    with contextlib.suppress(OSError):
        path.replace(path.with_name(path.name + ".broken"))


def write(path: Path, table: Mapping[str, Any]) -> None:
    """Replace the file in one step: a crash leaves the old one or the new one."""
    import tomli_w

    replace_bytes(path, tomli_w.dumps(dict(table)).encode("utf-8"))


def replace_bytes(path: Path, data: bytes) -> None:
    """Replace a file of any kind in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _replace(Path(name), path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _replace(new: Path, path: Path) -> None:
    # Windows refuses while a virus scanner or an indexer has the old file open; it lets go within moments.
    for wait in (0.01, 0.05, 0.2):
        try:
            new.replace(path)
        except PermissionError:
            time.sleep(wait)
        else:
            return
    new.replace(path)
