"""Recorded traffic that lies beside the repository: cassettes of vcrpy, one exchange at a time."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Exchange:
    """One recorded request with its answer; `body` is unpacked."""

    cassette: str
    method: str
    path: str
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def exchanges(folder: Path) -> Iterator[Exchange]:
    """Everything recorded in the YAML cassettes below a folder."""
    for file in sorted(folder.rglob("*.yaml")):
        recorded = yaml.load(file.read_text("utf-8"), Loader=LOADER)  # noqa: S506 - a safe loader
        for item in recorded["interactions"]:
            request, response = item["request"], item["response"]
            headers = {name.lower(): str(values[0]) for name, values in response["headers"].items() if values}
            yield Exchange(
                f"{file.parent.name}/{file.stem}",
                request["method"],
                urlsplit(request["uri"]).path,
                response["status"]["code"],
                headers,
                _unpacked(response["body"].get("string") or b""),
            )


def _unpacked(body: bytes | str) -> bytes:
    data = body.encode() if isinstance(body, str) else body
    if data[:2] == b"\x1f\x8b":
        return gzip.decompress(data)
    if data[:1] == b"\x78":
        try:
            return zlib.decompress(data)
        except zlib.error:
            return data
    return data
