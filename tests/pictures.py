"""Pictures of the real window to look at: `python -m tests.pictures OUTDIR [--only WORD ...]`.

Opens the desk offscreen on practice texts with nothing, a little and very much in it, and saves every page and sheet
in three themes, three languages (one of them right to left) and three sizes of type as `SCENE-LOOK.png`.
With `--looks` the desk is opened in each of these instead: `ar he:light de:contrast:150`.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMenu, QPushButton, QWidget

from tests.picture_channels import channel_scenes
from tests.picture_data import fill_outbox, fill_very_much
from tests.picture_deck import deck_scenes
from tests.picture_pages import page_scenes
from tests.picture_rules import approval_scenes, rule_scenes
from tests.picture_words import word_scenes
from tests.practice_network import PracticeNetwork, network_in_thread
from tests.views.desk_world import World
from workstation.app.practice import COLUMNS, HASHTAG, connect
from workstation.domain.errors import MeridianError
from workstation.domain.outbox import Act
from workstation.i18n import load_language
from workstation.practice.options import Options
from workstation.qt import loop
from workstation.qt.application import application
from workstation.qt.translator import apply_language
from workstation.services.columns import ColumnSpec
from workstation.services.desk import Desk, open_desk
from workstation.services.layout import Layout
from workstation.services.practice import Hello
from workstation.services.presets import BY_ID
from workstation.services.profile import Profile
from workstation.services.settings import Settings, Theme
from workstation.views import theme
from workstation.views.case.moderation import OfferSheet
from workstation.views.case.template_picker import TemplatePicker
from workstation.views.help import Help
from workstation.views.main_window import MainWindow
from workstation.views.palette.dialog import Palette
from workstation.views.settings.channel_sheet import ChannelSheet
from workstation.views.workbench import Workbench

SIZE = (1600, 900)


@dataclass(frozen=True)
class Dress:
    """How the window is dressed for one picture."""

    name: str
    theme: Theme = Theme.DARK
    locale: str = "en"
    scale: int = 100


DRESSES = (
    Dress("dark"),
    Dress("light", Theme.LIGHT),
    Dress("contrast", Theme.CONTRAST),
    Dress("dark-de", locale="de"),
    Dress("dark-rtl", locale="ar-XB"),
    Dress("light-150", Theme.LIGHT, "de", 150),
    Dress("contrast-rtl-150", Theme.CONTRAST, "ar-XB", 150),
    Dress("dark-200", scale=200),
)


def dressed(look: str) -> Dress:
    """What is meant by `LOCALE[:THEME[:SIZE]]`."""
    locale, _colon, rest = look.partition(":")
    theme_name, _colon, size = rest.partition(":")
    name = "-".join(part for part in (theme_name or Theme.DARK.value, locale, size) if part)
    return Dress(name, Theme(theme_name or Theme.DARK), locale, int(size or 100))


class Album:
    """Takes pictures of a window in every dress, or in the one that it was opened in."""

    def __init__(self, world: World, folder: Path, only: tuple[str, ...], dress: Dress | None = None) -> None:
        self.world, self._folder, self._only = world, folder, only
        self._worn = dress
        """Instead of those that a scene asks for; the window was opened in it."""

    def wants(self, scene: str) -> bool:
        """Whether pictures of a scene were asked for."""
        return not self._only or any(word in scene for word in self._only)

    async def dress(self, dress: Dress) -> None:
        """Switch theme, size and language live, as the settings page does."""
        app = self.world.app
        look = theme.current()
        theme.apply(app, dress.theme, look.density, dress.scale)
        apply_language(app, load_language(dress.locale))
        await settle()

    async def take(self, scene: str, dresses: tuple[Dress, ...] = DRESSES, shown: QWidget | None = None) -> None:
        """Save a window (the main one) with what is open over it, once for each dress."""
        if not self.wants(scene):
            return
        for dress in (self._worn,) if self._worn is not None else dresses:
            if self._worn is None:
                await self.dress(dress)
            await settle()
            picture(shown or self.world.window).save(str(self._folder / f"{scene}-{dress.name}.png"))
        if self._worn is None:
            await self.dress(DRESSES[0])


def picture(window: QWidget) -> QPixmap:
    """The window and the dialogs and menus over it, where they stand."""
    shot = window.grab()
    painter = QPainter(shot)
    for over in [*window.findChildren(QDialog), *window.findChildren(QMenu)]:
        if not over.isVisible():
            continue
        # The offscreen screen is small and pushes dialogs about: sheets stand in the middle of their window.
        middle = window.rect().center() - over.rect().center()
        at = middle if isinstance(over, QDialog) else window.mapFromGlobal(over.mapToGlobal(QPoint(0, 0)))
        painter.fillRect(at.x() - 1, at.y() - 1, over.width() + 2, over.height() + 2, theme.current().colour("outline"))
        painter.drawPixmap(at, over.grab())
    painter.end()
    return shot


async def settle() -> None:
    """Let layouts, throttled counts and tasks come to rest."""
    for _turn in range(5):
        await asyncio.sleep(0.03)


@asynccontextmanager
async def desk(
    profile: Path, network: PracticeNetwork | None, columns: tuple[ColumnSpec, ...], worn: Dress | None = None
) -> AsyncIterator[World]:
    """A window of the usual size on a desk of its own; with a network, live on it."""
    app = application([])
    place = Profile(profile)
    place.prepare()
    if columns:
        Layout(place.layout, place.window).save(columns)
    settings = Settings(place.settings)
    worn = worn or DRESSES[0]
    settings.change(theme=worn.theme, locale=worn.locale, font_scale=worn.scale, undo_seconds=10)
    theme.apply(app, worn.theme, font_scale=worn.scale)
    apply_language(app, load_language(worn.locale))
    window = MainWindow(settings, practice=bool(columns))
    window.resize(*SIZE)
    window.show()
    window.activateWindow()
    async with open_desk(place, settings=settings, practice=bool(columns)) as opened:
        if network is not None:
            await connect(opened, _hello(network))
        bench = Workbench(window, opened, app)
        world = World(app, window, bench, opened)
        await bench.start()
        window.resize(*SIZE)
        if network is not None:
            await opened.start()
            await _calm(opened)
        yield world
        await bench.composer.flush()
        window.let_go()
        await bench.tasks.close()


def _hello(network: PracticeNetwork) -> Hello:
    return Hello(network.base_url, network.tokens, network.streaming_url, HASHTAG)


async def _calm(opened: Desk) -> None:
    """Wait until nothing more comes in, or long enough."""
    before = -1
    for _turn in range(8):
        if before == opened.ingest.received:
            break
        before = opened.ingest.received
        await asyncio.sleep(1.0)


def practice_columns() -> tuple[ColumnSpec, ...]:
    """The columns of the practice desk."""
    return tuple(BY_ID[name].column(name, HASHTAG if name == "hashtag" else "") for name in COLUMNS)


# -- scenes ------------------------------------------------------------------------------------------------------------


async def nothing(album: Album) -> None:
    """What a new user sees first, and the form for the first channel with everything wrong."""
    world = album.world
    await album.take("welcome")
    world.bench.actions.run("desk.channel")
    sheet: ChannelSheet = await world.dialog(ChannelSheet)
    await settle()
    await album.take("channel-sheet")
    for button in sheet.findChildren(QPushButton):
        if button.isVisible() and button.isDefault():
            button.click()
    await asyncio.sleep(0.5)
    await album.take("channel-sheet-errors")
    sheet.reject()


async def little(album: Album) -> None:
    """The pages of a desk in use."""
    world, bench = album.world, album.world.bench
    await album.take("deck")
    await open_case(world)
    await album.take("case")
    bench.replying.reply()
    await world.until(lambda: bench.composer.entry is not None, "composer")
    await settle()
    await album.take("composer-empty")
    bench.actions.run("composer.template")
    await world.dialog(TemplatePicker)
    await album.take("template-picker")
    QTest.keyClick(world.focus(), Qt.Key.Key_Return)
    await settle()
    await album.take("composer")
    await word_scenes(album)
    with suppress(MeridianError):
        bench.moderation.do(Act.REPORT)
        sheet: OfferSheet = await world.dialog(OfferSheet)
        await album.take("moderation")
        sheet.reject()
    await _over(album, "palette", "go.palette", Palette)
    world.window.setFocus()
    await _over(album, "help", "go.help", Help)
    await deck_scenes(album)
    await _notices(album)
    await _outbox(album)
    await rule_scenes(album)
    await approval_scenes(album)
    await page_scenes(album)
    await _pages(album)


async def open_case(world: World, column: int = 0) -> None:
    """Open the first case of a column."""
    bench = world.bench
    await world.until(lambda: bench.deck.columns[column].view.model.rows, "a card")
    bench.deck.focus_column(column)
    bench.deck.move_selection(1)
    await world.until(lambda: bench.deck.current_entry is not None, "selected")
    bench.deck.open_current()
    await world.until(lambda: bench.panel.entries, "thread")
    await settle()


async def _over(album: Album, scene: str, action: str, kind: type[QDialog]) -> None:
    album.world.window.activateWindow()  # offscreen, no window has the keys once a sheet over it was closed
    await settle()
    album.world.bench.actions.run(action)
    dialog = await album.world.dialog(kind)
    await settle()
    await album.take(scene)
    dialog.close()
    await settle()


async def _notices(album: Album) -> None:
    from workstation.domain.text import lazy

    notices = album.world.window.notices
    notices.say(lazy("Assigned to you"), tone="ok", action=lazy("Undo"))
    notices.say(MeridianError().text, tone="danger")
    await settle()
    await album.take("notices", DRESSES[:5])
    while (toast := notices.newest()) is not None:
        toast.closed.emit()


async def _outbox(album: Album) -> None:
    world = album.world
    await album.world.desk.outbox.hold()
    await world.desk.outbox.release()
    world.window.go("page.outbox")
    await settle()
    await album.take("outbox-empty", DRESSES[:1])
    await fill_outbox(world)
    await settle()
    world.bench.outbox.step(1)
    await settle()
    await album.take("outbox")
    await world.desk.outbox.hold()
    await settle()
    await album.take("outbox-held", DRESSES[:5])
    await world.desk.outbox.release()
    while (toast := world.window.notices.newest()) is not None:
        toast.closed.emit()


async def _pages(album: Album) -> None:
    world = album.world
    world.window.go("page.kpi")
    page: Any = world.window.widget("page.kpi")
    await world.until(lambda: page._figures, "the figures")
    await asyncio.sleep(0.5)
    await album.take("kpi")
    world.window.go("page.settings")
    page = world.window.widget("page.settings")
    sections = getattr(page, "sections", None)
    for number in range(sections.count() if sections is not None else 1):
        if sections is not None:
            sections.setCurrentRow(number)
        await settle()
        await album.take(f"settings-{number}")
    world.window.go("page.deck")


async def very_much(album: Album) -> None:
    """Thousands of messages, texts and names as long as networks allow, many tags, columns and channels."""
    world = album.world
    await settle()
    await album.take("much-deck")
    await open_case(world, 1)
    world.bench.replying.reply()
    await settle()
    await album.take("much-case")
    for page in ("page.kpi", "page.settings"):
        world.window.go(page)
        await asyncio.sleep(0.5)
        await album.take(f"much-{page.removeprefix('page.')}")


Scene = Callable[[Album], Awaitable[None]]


async def _all(folder: Path, only: tuple[str, ...], parts: tuple[str, ...], worn: Dress | None = None) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        if "nothing" in parts:
            async with desk(root / "nothing", None, (), worn) as world:
                await nothing(Album(world, folder, only, worn))
            async with desk(root / "empty", None, practice_columns(), worn) as world:
                await settle()
                await Album(world, folder, only, worn).take("deck-empty")
        if "little" in parts:
            with network_in_thread(Options(rate=0.0, backlog=160, replies=False)) as network:
                async with desk(root / "little", network, practice_columns(), worn) as world:
                    await little(Album(world, folder, only, worn))
        if "channels" in parts:
            async with desk(root / "channels", None, practice_columns(), worn) as world:
                await channel_scenes(Album(world, folder, only, worn))
        if "much" in parts:
            await fill_very_much(root / "much")
            async with desk(root / "much", None, practice_columns() + _many_columns(), worn) as world:
                await very_much(Album(world, folder, only, worn))


def _many_columns() -> tuple[ColumnSpec, ...]:
    return tuple(ColumnSpec(f"c{number}", title="Kolumne " * 12, filter=f"tag:tag-{number}") for number in range(22))


def main(arguments: list[str]) -> int:
    """Take the pictures that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=(), help="words of the scenes' names")
    parser.add_argument("--looks", nargs="*", default=(), help="LOCALE[:THEME[:SIZE]], opened in these only")
    parser.add_argument("--parts", nargs="*", default=("nothing", "little", "channels", "much"))
    asked = parser.parse_args(arguments)
    asked.folder.mkdir(parents=True, exist_ok=True)

    async def work(_faults: loop.Faults) -> int:
        looks: list[Dress | None] = [dressed(look) for look in asked.looks]
        for worn in looks or [None]:
            await _all(asked.folder, tuple(asked.only), tuple(asked.parts), worn)
        return 0

    return loop.run(work, [])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
