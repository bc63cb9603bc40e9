"""Files that strangers attached: fetched from their channel when somebody asks, written where that person says."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.connectors.base import HandsOverFiles
from workstation.domain.errors import AuthExpiredError, UnsupportedError
from workstation.domain.messages import Media, Message
from workstation.services.tomlfile import replace_bytes

if TYPE_CHECKING:
    from workstation.services.supervisor import Supervisor

LONGEST_NAME = 100
FORBIDDEN = frozenset('<>:"/\\|?*')
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
"""Names that Windows keeps for devices, whatever follows the dot."""


def safe_name(name: str) -> str:
    """A stranger's file name as one that every file system takes: no folder, no control, no hidden or device file."""
    kept = "".join("_" if sign in FORBIDDEN else sign for sign in name if sign.isprintable())
    stem, dot, ending = " ".join(kept.split()).strip(". ").rpartition(".")
    stem, ending = (stem, ending) if dot and len(ending) <= 12 else (stem + dot + ending, "")
    stem = stem[: LONGEST_NAME - len(ending) - 1].strip(". ") or "file"
    if stem.casefold() in RESERVED:
        stem = f"{stem}_"
    return f"{stem}.{ending}" if ending else stem


def read_capped(path: Path, most: int) -> bytes:
    """A file that somebody chose; one byte more than `most` at most, so that its reader can refuse it. OSError."""
    with path.open("rb") as file:
        return file.read(most + 1)


class Files:
    """Hands files over."""

    def __init__(self, supervisor: "Supervisor") -> None:
        self._supervisor = supervisor

    async def save(self, message: Message, media: Media, path: Path) -> int:
        """Fetch an attachment and write it to `path`; its size in bytes. ChannelError, OSError."""
        channel = self._supervisor.channel(message.channel)
        if channel is None:
            raise AuthExpiredError
        if not isinstance(channel, HandsOverFiles):
            raise UnsupportedError
        data = await channel.file(media.url)
        await asyncio.to_thread(replace_bytes, path, data)
        return len(data)
