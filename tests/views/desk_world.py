"""A real window on a real desk and a practice network, driven by keys; shared by the tests of the window."""

import gc
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from tests.practice_network import PracticeNetwork
from tests.settling import settled
from tests.waiting import told
from workstation.domain.channels import ChannelConfig, Condition
from workstation.domain.outbox import Outgoing, State
from workstation.i18n import Language, load_language
from workstation.qt import loop
from workstation.qt.application import application
from workstation.qt.translator import apply_language
from workstation.services.desk import Desk, open_desk
from workstation.services.practice import Hello
from workstation.services.profile import Profile
from workstation.services.settings import Settings, Theme
from workstation.views import theme
from workstation.views.main_window import MainWindow
from workstation.views.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SECRET = "keyring:test"
SOURCES = "home, mentions, direct"


@dataclass
class World:
    """What a test holds in its hands."""

    app: QApplication
    window: MainWindow
    bench: Workbench
    desk: Desk

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Let the loop run until something holds; fails with what is on the screen."""
        try:
            await settled(condition, what)
        except AssertionError as never:
            never.add_note(f"notices {self.window.notices.texts}; focus {self.app.focusWidget()}")
            raise

    async def outbox(self, condition: Callable[[tuple[Outgoing, ...]], object], what: str) -> None:
        """Wait until there are operations and they are as `condition` wants them, by what the desk tells of them."""

        async def look() -> bool:
            rows = await self.bench.casebook.outgoing(tuple(State))
            return bool(rows) and bool(condition(rows))

        await told(self.desk.feed.subscribe, look, what)

    def focus(self) -> QWidget:
        """The widget that keys go to."""
        found = self.app.focusWidget()
        return found if found is not None else self.app.activeWindow() or self.window

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press one key where the focus is."""
        combined = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            combined |= modifier
        QTest.keyClick(self.focus(), key, combined)

    def write(self, text: str) -> None:
        """Write text where the focus is."""
        QTest.keyClicks(self.focus(), text)

    async def dialog(self, kind: type[QDialog]) -> Any:
        """The open dialog of a kind, once it has the focus."""
        return await settled(lambda: self._front(kind), f"dialog {kind.__name__}")

    def _front(self, kind: type[QDialog]) -> QDialog | None:
        """The dialog that has the focus, if it is of a kind. Asked very often, so it looks at nothing else."""
        top = self.app.activeWindow()
        return top if isinstance(top, kind) and top.isVisible() else None


Steps = Callable[[World], Awaitable[None]]


async def channel_on(desk: Desk, network: PracticeNetwork | Hello, sources: str) -> None:
    """Connect the practice network's account of the desk."""
    desk.secrets.lend(SECRET, network.tokens["agent"])
    if await desk.store.channels.list():
        return
    settings = {"sources": sources}
    if network.streaming_url:
        settings["streaming_url"] = network.streaming_url
    await desk.store.channels.add(
        ChannelConfig(0, "mastodon", "Care", network.base_url, secret=SECRET, settings=settings, practice=True)
    )


@asynccontextmanager
async def world(
    profile: Path, network: PracticeNetwork | Hello | None, sources: str = SOURCES, **preferences: object
) -> "AsyncIterator[World]":
    """The window on a profile; with a network, live on it."""
    app = application([])
    place = Profile(profile)
    place.prepare()
    settings = Settings(place.settings)
    settings.change(**{"theme": "dark", "undo_seconds": 0, "locale": "en", "two_sides": False} | preferences)
    now = settings.now
    theme.apply(app, now.theme, now.density, now.font_scale, now.reduced_motion)
    apply_language(app, load_language(now.locale))
    window = MainWindow(settings, practice=network is not None)
    window.show()
    window.activateWindow()
    try:
        async with open_desk(place, settings=settings, practice=network is not None) as desk:
            if network is not None:
                await channel_on(desk, network, sources)
            bench = Workbench(window, desk, app)
            try:
                found = World(app, window, bench, desk)
                await bench.start()
                await desk.start()
                if network is not None:
                    await found.until(lambda: _live(desk), "the channel is live")
                yield found
                await bench.composer.flush()
            finally:
                # As when somebody leaves: the window goes and stops listening, its work ends, then the desk closes.
                window.let_go()
                await bench.tasks.close()
    finally:
        window.let_go()  # where the desk could not even be opened
        window.deleteLater()


def _live(desk: Desk) -> bool:
    return any(health.condition is Condition.LIVE for health in desk.supervisor.health.values())


def run(
    profile: Path, network: PracticeNetwork | Hello | None, steps: Steps, sources: str = SOURCES, **preferences: object
) -> None:
    """Run `steps` on a window of their own, on one loop of Qt and asyncio."""

    async def main(_faults: loop.Faults) -> int:
        async with world(profile, network, sources, **preferences) as found:
            await steps(found)
        return 0

    app = application([])
    try:
        assert loop.run(main, []) == 0
    finally:
        # Other tests find the application as it was.
        apply_language(app, Language())
        theme.apply(app, Theme.DARK)
    # On this thread: what is left of a window must not be collected by the network's.
    gc.collect()
