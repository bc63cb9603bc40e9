"""What the command line opens."""

import asyncio
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.text import LazyText
from workstation.i18n import current_language
from workstation.services import logs
from workstation.services.profile import Lock, Profile

if TYPE_CHECKING:
    from workstation.app.first import FirstMoment
    from workstation.services.commands.requests import Output

UNATTENDED_SECONDS = 20.0
"""Length of a practice shift where nobody can watch it."""


Say = Callable[[LazyText], None]


def no_words(_: LazyText) -> None:
    """For windows: there is nobody to read lines."""


class Shift(msgspec.Struct, frozen=True):
    """How a practice desk is to run. `seconds` None: until its window is closed."""

    seconds: float | None = None
    rate: float | None = None
    """Messages per second; None: as fast as a busy brand's customers write."""
    screenshot: str = ""
    course: str = ""
    """A course to begin with, by its name."""


def window(profile: Profile, *, locale: str = "", first: "FirstMoment | None" = None) -> int:
    """Open the window on a profile, or bring the one that has it open to the front.

    `first` is what was done before anything else was imported.
    """
    lock = first.lock if first is not None else Lock(profile)
    if first is None:
        profile.prepare()
        if not lock.acquire():
            from workstation.services.commands.requests import ShowWindow
            from workstation.services.handover import hand_over

            return asyncio.run(hand_over(profile, ShowWindow(), _Silent()))
    from workstation.app.session import run

    handler = logs.start(profile)
    try:
        return run(profile, _spoken(locale), frame=first.frame if first is not None else None)
    except KeyboardInterrupt:
        return 130
    finally:
        logs.stop(handler)
        lock.release()


def practice(profile: Profile, shift: Shift, say: Say, *, locale: str = "") -> int:
    """Open the practice desk; where there is no screen, a finite shift that nobody watches.

    `say` is given the lines of a finite shift's summary.
    """
    if not _screen():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        shift = msgspec.structs.replace(shift, seconds=shift.seconds or UNATTENDED_SECONDS)
    from workstation.app.session import run

    handler = logs.start(profile.practice)
    try:
        return run(profile, _spoken(locale), shift, say)
    finally:
        logs.stop(handler)


def _spoken(locale: str) -> str:
    """The language asked for on the command line, which is in force already; empty leaves it to the settings."""
    return current_language().tag if locale else ""


def _screen() -> bool:
    if os.environ.get("QT_QPA_PLATFORM"):
        return os.environ["QT_QPA_PLATFORM"].partition(":")[0] not in ("offscreen", "minimal")
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class _Silent:
    """The owner's window comes to the front: that is the whole answer."""

    async def data(self, text: str) -> None:
        """Nothing."""

    async def say(self, text: object) -> None:
        """Nothing."""

    async def fail(self, text: object) -> None:
        """Nothing."""


if TYPE_CHECKING:
    _check: Output = _Silent()
