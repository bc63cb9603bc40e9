"""The practice desk: a small network in a process of its own, channels on it, and a window that never looks live."""

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from workstation.app import Say, Shift
from workstation.app.session import closed, opened
from workstation.domain.channels import ChannelConfig
from workstation.qt.loop import Faults
from workstation.services.columns import ColumnSpec
from workstation.services.handover import OwnerSilentError
from workstation.services.layout import Layout
from workstation.services.practice import Hello, PracticeNetwork
from workstation.services.presets import BY_ID
from workstation.services.profile import Lock, Profile

if TYPE_CHECKING:
    from workstation.services.desk import Desk
    from workstation.views.workbench import Workbench

RATE = 1.2
UNATTENDED_RATE = 4.0
BACKLOG = 120
COLUMNS = ("needs_reply", "mentions", "direct", "hashtag", "home", "mine", "reports", "own")
HASHTAG = "larkmoor"
"""The invented brand that the customers write about."""
STALE = ("desk.sqlite3", "desk.sqlite3-wal", "desk.sqlite3-shm")


async def practise(app: QApplication, profile: Profile, locale: str, shift: Shift, faults: Faults, say: Say) -> int:
    """Practise until the window is closed or the shift is over; 1 if a finite shift lost something."""
    profile.prepare()
    lock = Lock(profile)
    if not lock.acquire():
        raise OwnerSilentError
    try:
        return await _practise(app, profile, locale, shift, faults, say)
    finally:
        lock.release()


async def _practise(app: QApplication, profile: Profile, locale: str, shift: Shift, faults: Faults, say: Say) -> int:
    await asyncio.to_thread(_forget, profile)
    rate = shift.rate or (UNATTENDED_RATE if shift.seconds else RATE)
    columns = Layout(profile.layout, profile.window)
    if not columns.load():
        columns.save(_columns())
    network = await PracticeNetwork.start(("--rate", str(rate), "--backlog", str(BACKLOG)))
    try:
        async with opened(app, profile, locale, faults, practice=True) as (bench, desk):
            await connect(desk, network.hello)
            await desk.start()
            if shift.seconds is None:
                await closed(bench.window)
                return 0
            return await _finite(bench, desk, shift, say)
    finally:
        await network.close()


def _columns() -> tuple[ColumnSpec, ...]:
    """Everything that the practice accounts read has a column."""
    return tuple(BY_ID[name].column(name, HASHTAG if name == "hashtag" else "") for name in COLUMNS)


def _forget(profile: Profile) -> None:
    """Every practice begins anew: its network does too, and would not know what an older one had sent."""
    for name in STALE:
        with contextlib.suppress(FileNotFoundError):
            (profile.root / name).unlink()


async def connect(desk: "Desk", hello: Hello) -> None:
    """Set up the practice accounts: one that answers customers, one that moderates."""
    sources = "home, mentions, direct" + (f", hashtag:{hello.hashtag}" if hello.hashtag else "")
    for name, role, reads in (("Larkmoor Care", "agent", sources), ("Larkmoor Moderation", "moderator", "reports")):
        if role not in hello.tokens:
            continue
        secret = f"keyring:practice-{role}"
        desk.secrets.lend(secret, hello.tokens[role])
        settings = {"sources": reads} | ({"streaming_url": hello.streaming_url} if hello.streaming_url else {})
        config = ChannelConfig(0, "mastodon", name, hello.base_url, secret=secret, settings=settings, practice=True)
        await desk.store.channels.add(config)


async def _finite(bench: "Workbench", desk: "Desk", shift: Shift, say: Say) -> int:
    """A shift that works by itself; writes the picture and the summary."""
    from workstation.app.shift import PractisedShift

    seconds = shift.seconds or 0.0
    practised = PractisedShift(bench, desk)
    ended = asyncio.ensure_future(closed(bench.window))
    try:
        async with asyncio.timeout(seconds):
            await practised.work(ended)
    except TimeoutError:
        pass
    finally:
        ended.cancel()
    summary = await practised.end()
    while (toast := bench.window.notices.newest()) is not None:
        toast.closed.emit()  # the picture shows the desk, not what was said of each reply
    if shift.screenshot:
        picture = bench.window.grab().toImage()
        saved = await asyncio.to_thread(_save, picture, Path(shift.screenshot))
        said = practised.saved if saved else practised.not_saved
        summary.lines.append(said(shift.screenshot))
        summary.failed |= not saved
    for line in summary.lines:
        say(line)
    bench.window.on_close(bench.window.let_go)
    bench.window.close()
    return 1 if summary.failed else 0


def _save(picture: object, path: Path) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    return bool(picture.save(str(path)))  # type: ignore[attr-defined]
