"""The practice desk: a small network in a process of its own, channels on it, and a window that never looks live."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QApplication

from workstation.app.opening import Say, Shift
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
NETWORK = "network.json"
"""The network's own memory, in the practice profile."""
UNATTENDED = "shift"
"""The folder of shifts that nobody watches: they begin anew each time, and touch nobody's practice."""
REMEMBERED = ("desk.sqlite3", "desk.sqlite3-wal", "desk.sqlite3-shm", NETWORK)
PREFERRED = ("settings.toml", "layout.toml")


async def practise(app: QApplication, profile: Profile, locale: str, shift: Shift, faults: Faults, say: Say) -> int:
    """Practise until the window is closed or the shift is over; 1 if a finite shift lost something."""
    if shift.seconds is not None:
        async with owned(profile.inner(UNATTENDED)) as inner:
            await asyncio.to_thread(_begin_anew, inner, profile)
            async with practising(app, inner, locale, faults, shift.rate or UNATTENDED_RATE) as (bench, desk):
                if shift.course:
                    bench.helping.courses.begin(shift.course)
                return await _finite(bench, desk, shift, say)
    async with owned(profile):
        course = shift.course
        while await _until_closed(app, profile, locale, faults, shift.rate or RATE, course):
            await asyncio.to_thread(forget, profile)
            course = ""
    return 0


async def _until_closed(
    app: QApplication, profile: Profile, locale: str, faults: Faults, rate: float, course: str
) -> bool:
    """Practise until the window is closed; whether the agent wants to begin anew."""
    afresh = False

    def listen(bench: "Workbench") -> None:
        def begin_anew() -> None:
            nonlocal afresh
            afresh = True
            bench.window.let_go()

        bench.afresh_wanted.connect(begin_anew)

    async with practising(app, profile, locale, faults, rate, listen) as (bench, _desk):
        if course:
            bench.helping.courses.begin(course)
        await closed(bench.window)
    return afresh


@contextlib.asynccontextmanager
async def owned(profile: Profile) -> AsyncIterator[Profile]:
    """Own a profile as long as the block lasts; OwnerSilentError if somebody else does."""
    profile.prepare()
    lock = Lock(profile)
    if not lock.acquire():
        raise OwnerSilentError
    try:
        yield profile
    finally:
        lock.release()


@contextlib.asynccontextmanager
async def practising(
    app: QApplication,
    profile: Profile,
    locale: str,
    faults: Faults,
    rate: float,
    listen: "Callable[[Workbench], object] | None" = None,
) -> AsyncIterator[tuple["Workbench", "Desk"]]:
    """A window on a practice desk that we own, with its network: both as they were when practice ended last.

    `listen` connects to the window's wishes before the desk starts: one that comes meanwhile must not be lost.
    """
    if not all((profile.root / name).exists() for name in (profile.database.name, NETWORK)):
        await asyncio.to_thread(forget, profile)  # one of the two alone would not know what the other has seen
    columns = Layout(profile.layout, profile.window)
    if not columns.load():
        columns.save(_columns())
    memory = str(profile.root / NETWORK)
    network = await PracticeNetwork.start(("--rate", str(rate), "--backlog", str(BACKLOG), "--state", memory))
    try:
        async with opened(app, profile, locale, faults, practice=True) as (bench, desk):
            if listen is not None:
                listen(bench)
            await connect(desk, network.hello)
            desk.training.direct(network.hello.control_url, network.hello.control_token)
            await desk.start()
            yield bench, desk
    finally:
        await network.close()


def _columns() -> tuple[ColumnSpec, ...]:
    """Everything that the practice accounts read has a column."""
    return tuple(BY_ID[name].column(name, HASHTAG if name == "hashtag" else "") for name in COLUMNS)


def forget(profile: Profile) -> None:
    """Forget what was practised: the desk and its network, which only make sense together."""
    for name in REMEMBERED:
        with contextlib.suppress(FileNotFoundError):
            (profile.root / name).unlink()


def _begin_anew(profile: Profile, preferred: Profile) -> None:
    """An unwatched shift: empty, and looking as the practice desk does."""
    forget(profile)
    for name in PREFERRED:
        with contextlib.suppress(FileNotFoundError):
            (profile.root / name).unlink()
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(preferred.root / name, profile.root / name)


async def connect(desk: "Desk", hello: Hello) -> None:
    """Set up the practice accounts, one that answers customers and one that moderates, or find them again.

    The network may listen elsewhere than last time; an account that was removed from the desk stays removed.
    """
    known = {config.secret: config for config in await desk.store.channels.list() if config.practice}
    sources = "home, mentions, direct" + (f", hashtag:{hello.hashtag}" if hello.hashtag else "")
    for name, role, reads in (("Larkmoor Care", "agent", sources), ("Larkmoor Moderation", "moderator", "reports")):
        if role not in hello.tokens:
            continue
        secret = f"keyring:practice-{role}"
        desk.secrets.lend(secret, hello.tokens[role])
        streaming = {"streaming_url": hello.streaming_url} if hello.streaming_url else {}
        if secret in known:
            config = known[secret]
            moved = msgspec.structs.replace(config, server=hello.base_url, settings=config.settings | streaming)
            if moved != config:
                await desk.store.channels.change(moved)
        elif not known:
            settings = {"sources": reads} | streaming
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
