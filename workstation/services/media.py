"""Thumbnails: fetched only when asked for, decoded in a worker process, kept in a cache of bounded size on disk."""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from workstation.domain.errors import ChannelError
from workstation.services.supervisor import Supervisor

CACHE_BYTES = 500_000_000
LARGEST = 4_000_000
"""Bytes of an answer."""
_SIZE = "-"
"""Between the name of an address and the size of the picture."""
TOGETHER = 4
"""Fetches at a time."""

Decode = Callable[[bytes, int, int], Awaitable[bytes]]
"""Bytes of a stranger and the box they are to fit in (pixels) to a PNG of ours; ValueError if they are no picture."""


class Thumbnails:
    """Pictures by address. Whether one may be loaded at all (a click, a setting) is for the caller to know."""

    def __init__(self, folder: Path, supervisor: Supervisor, decode: Decode, capacity: int = CACHE_BYTES) -> None:
        self._folder = folder
        self._supervisor = supervisor
        self._decode = decode
        self._capacity = capacity
        self._size = -1
        self._running: dict[Path, asyncio.Task[bytes | None]] = {}
        self._places = asyncio.Semaphore(TOGETHER)

    async def cached(self, url: str, width: int, height: int) -> bytes | None:
        """The picture if it is here already; nothing is loaded."""
        return await asyncio.to_thread(_read, self._path(url, width, height))

    async def get(self, channel: int, url: str, width: int, height: int) -> bytes | None:
        """A PNG that fits in the box, from the cache or from the network; None if there is no usable picture."""
        path = self._path(url, width, height)
        task = self._running.get(path)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._load(channel, url, path, width, height))
            self._running[path] = task
            task.add_done_callback(lambda _: self._running.pop(path, None))
        return await asyncio.shield(task)

    async def clear(self) -> None:
        """Forget every picture."""
        await asyncio.to_thread(_clear, self._folder)
        self._size = 0

    def kept(self, urls: Iterable[str]) -> int:
        """How many pictures of these addresses are in the cache; from any thread."""
        return sum(len(self._all_of(url)) for url in urls)

    def keep_only(self, urls: Iterable[str]) -> None:
        """Remove every picture whose address is none of these; from any thread."""
        known = {_hashed(url) for url in urls}
        for _, _, path in _listed(self._folder):
            if path.stem.partition(_SIZE)[0] not in known:
                with contextlib.suppress(OSError):
                    path.unlink()
        self._size = -1

    def _all_of(self, url: str) -> list[Path]:
        name = _hashed(url)
        return list((self._folder / name[:2]).glob(f"{name}{_SIZE}*.png"))

    async def close(self) -> None:
        """End the fetches that are under way."""
        tasks = tuple(self._running.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _path(self, url: str, width: int, height: int) -> Path:
        name = _hashed(url)
        return self._folder / name[:2] / f"{name}{_SIZE}{width}x{height}.png"

    async def _load(self, channel: int, url: str, path: Path, width: int, height: int) -> bytes | None:
        known = await asyncio.to_thread(_read, path)
        opened = self._supervisor.channel(channel)
        if known is not None or opened is None:
            return known
        async with self._places:
            try:
                data = await opened.media(url)
                if len(data) > LARGEST:
                    return None
                picture = await self._decode(data, width, height)
            except (ChannelError, ValueError):
                return None
        await asyncio.to_thread(self._keep, path, picture)
        return picture

    def _keep(self, path: Path, picture: bytes) -> None:
        """Write the picture and drop those not looked at for longest, down to nine tenths, when there are too many."""
        if self._size < 0:
            self._size = sum(size for _, size, _ in _listed(self._folder))
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):  # a full disk costs the cache, not the picture
            path.write_bytes(picture)
            self._size += len(picture)
        if self._size > self._capacity:
            self._size = _shrink(self._folder, self._capacity * 9 // 10)


def _hashed(url: str) -> str:
    """What an address is called in the cache."""
    return hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=20).hexdigest()


def _read(path: Path) -> bytes | None:
    try:
        data = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    return data


def _listed(folder: Path) -> list[tuple[float, int, Path]]:
    found = []
    for path in folder.glob("??/*.png"):
        with contextlib.suppress(OSError):
            status = path.stat()
            found.append((status.st_mtime, status.st_size, path))
    return found


def _shrink(folder: Path, to: int) -> int:
    listed = sorted(_listed(folder))
    size = sum(each for _, each, _ in listed)
    for _, each, path in listed:
        if size <= to:
            break
        with contextlib.suppress(OSError):
            path.unlink()
            size -= each
    return size


def _clear(folder: Path) -> None:
    for _, _, path in _listed(folder):
        with contextlib.suppress(OSError):
            path.unlink()
