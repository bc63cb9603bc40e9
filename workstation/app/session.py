"""One window on one desk at a time: shown first, filled then, closed in order; and the way from live to practice."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from workstation.app.opening import Say, Shift, no_words
from workstation.domain.errors import MeridianError
from workstation.domain.text import N_, lazy
from workstation.i18n import load_language
from workstation.qt import loop
from workstation.qt.application import application
from workstation.qt.frame import Frame
from workstation.qt.loop import Faults
from workstation.qt.translator import apply_language
from workstation.services.profile import Profile
from workstation.services.settings import Settings
from workstation.views import theme
from workstation.views.main_window import MainWindow
from workstation.views.preferences import wanted_locale

if TYPE_CHECKING:
    from workstation.services.commands.requests import AnyRequest, Output
    from workstation.services.desk import Desk
    from workstation.views.workbench import Workbench

log = logging.getLogger(__name__)

PATIENCE, GLANCE = 0.2, 0.1
"""Seconds that the window waits for its store, and for its first rows, before it is shown without."""


def run(
    profile: Profile, locale: str, shift: Shift | None = None, say: Say = no_words, frame: Frame | None = None
) -> int:
    """Run sessions until the last window is closed; with a `shift`, a practice desk from the start.

    `frame` is on the screen already and takes the live desk.
    """
    return loop.run(lambda faults: _sessions(profile, locale, shift, faults, say, frame))


async def _sessions(
    profile: Profile, locale: str, shift: Shift | None, faults: Faults, say: Say, frame: Frame | None
) -> int:
    app = application([])
    if shift is None:
        shift = await _live(app, profile, locale, faults, frame)
        if shift is None:
            return 0
    from workstation.app.practice import practise

    return await practise(app, profile.practice, locale, shift, faults, say)


async def _live(app: QApplication, profile: Profile, locale: str, faults: Faults, frame: Frame | None) -> Shift | None:
    """The window on what is live; the shift for which the agent left it, if it was in order to practise."""
    wanted: Shift | None = None
    async with opened(app, profile, locale, faults, practice=False, frame=frame) as (bench, desk):
        from workstation.services.handover import Service

        def to_practice() -> None:
            nonlocal wanted
            wanted = Shift(course=bench.helping.courses.wanted)
            bench.window.close()

        bench.practice_wanted.connect(to_practice)
        service = Service(profile, lambda request, output: _serve(bench, desk, request, output))
        await service.start()
        try:
            await desk.start()
            await closed(bench.window)
        finally:
            await service.close()
    return wanted


async def _serve(bench: "Workbench", desk: "Desk", request: "AnyRequest", output: "Output") -> int:
    """Carry out what a command line asks for while the window is open."""
    from workstation.services.commands.requests import ShowWindow
    from workstation.services.commands.run import run as carry_out

    if isinstance(request, ShowWindow):
        top = bench.window.window()
        top.showNormal() if top.isMinimized() else top.show()
        top.raise_()
        top.activateWindow()
        return 0
    return await carry_out(desk, request, output)


@contextlib.asynccontextmanager
async def opened(
    app: QApplication, profile: Profile, locale: str, faults: Faults, *, practice: bool, frame: Frame | None = None
) -> AsyncIterator[tuple["Workbench", "Desk"]]:
    """A window on an open desk. Its frame is painted before anything else is even imported."""
    if frame is None:
        frame = Frame(profile.frame)
        frame.appear()
    from workstation.qt.imaging import Decoder
    from workstation.services.desk import open_desk

    settings, decoder = Settings(profile.settings), Decoder()
    window: MainWindow | None = None
    try:
        async with contextlib.AsyncExitStack() as stack:
            # The store is opened by its own threads meanwhile.
            opening = asyncio.ensure_future(
                stack.enter_async_context(open_desk(profile, settings=settings, practice=practice, decode=decoder))
            )
            await asyncio.sleep(0)
            window = _window(app, profile, settings, locale, practice=practice)
            faults.notify = lambda error: _tell(window, error)
            from workstation.views.workbench import Workbench

            if not (await asyncio.wait({opening}, timeout=PATIENCE))[0]:
                frame.fill(window)  # a large store that is being changed takes its time
            desk = await opening
            bench = Workbench(window, desk, app)
            try:
                await bench.show_first()
                # Painted once, with the rows, and laid out meanwhile; without them only if they keep us waiting.
                window.setUpdatesEnabled(False)
                frame.fill(window)
                await bench.read(GLANCE)
                window.setUpdatesEnabled(True)
                await bench.start()
                # What was made so far stays until the end: the collector need not look at it, now or ever again.
                gc.freeze()
                if frame.close_wanted:
                    window.close()
                yield bench, desk
            finally:
                await bench.tasks.close()
    finally:
        faults.notify = None
        await decoder.close()
        if window is not None and frame.isVisible():
            window.let_go()  # ended by an error or from outside: there is nobody left to ask
        frame.deleteLater()


def _window(app: QApplication, profile: Profile, settings: Settings, locale: str, *, practice: bool) -> MainWindow:
    speak(app, settings, locale, profile.corrections)
    preferences = settings.now
    theme.apply(app, preferences.theme, preferences.density, preferences.font_scale, preferences.reduced_motion)
    return MainWindow(settings, practice=practice)


def speak(app: QApplication, settings: Settings, locale: str, corrections: Path | None = None) -> None:
    """Speak the language asked for, else the one in the settings, else the system's; with the team's corrections."""
    digits = settings.now.digits
    known = digits if digits in ("latin", "native") else "auto"
    tag = locale or wanted_locale(settings.now)
    apply_language(app, load_language(tag, digits=known, corrections=corrections))  # type: ignore[arg-type]


def _tell(window: MainWindow, error: BaseException) -> None:
    said = error.text if isinstance(error, MeridianError) else None
    window.notices.say(said or lazy(N_("Something went wrong ({error})."), error=type(error).__name__), tone="danger")


async def closed(window: MainWindow) -> None:
    """Wait until the window has gone; it may have while the desk was still starting."""
    if not window.isVisible():
        return
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def finish() -> None:
        if not done.done():
            done.set_result(None)

    window.closed.connect(finish)
    await done
