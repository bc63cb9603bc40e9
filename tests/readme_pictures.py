"""The README's pictures: `python -m tests.readme_pictures [FOLDER]` writes them anew into docs/pictures."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt

from tests.pictures import Album, Dress, desk, practice_columns, settle
from tests.practice_network import network_in_thread
from tests.views.desk_world import World
from workstation.app.practice import COLUMNS
from workstation.app.shift import PractisedShift
from workstation.domain.actions import ChangeTags
from workstation.domain.cases import Entry
from workstation.practice.options import Options
from workstation.qt import loop
from workstation.services.actions import operation
from workstation.services.settings import Theme

SECONDS = 45.0
"""How long customers write before the pictures are taken."""
TAGS = ("delivery", "refund", "vip")
OPTIONS = Options(seed=3, rate=1.6, backlog=0, backlog_days=1, reply_delay=3.0, crisis_every=100_000)
WEEK = Options(seed=3, rate=0.0, backlog=260, backlog_days=6, replies=False)
"""A week for the figures."""
READ = ("es", "it", "fr", "pt", "de", "nl")
MENTIONS = COLUMNS.index("mentions")
FOLDER = Path(__file__).parents[1] / "docs" / "pictures"


async def _shift(world: World) -> None:
    """Customers write; some are answered, some are tagged and claimed."""
    shift = PractisedShift(world.bench, world.desk)
    try:
        async with asyncio.timeout(SECONDS):
            await shift.work(asyncio.get_running_loop().create_future())
    except TimeoutError:
        await shift.end()
    await _tag(world, 12)


async def _tag(world: World, rows: int) -> None:
    for number, entry in enumerate(world.bench.deck.columns[0].view.model.rows[1:rows:2]):
        if entry.case is not None:
            tag = TAGS[number % len(TAGS)]
            await world.desk.store.cases.execute(ChangeTags(operation=operation(), case=entry.case.id, add=(tag,)))
            now = await world.bench.casebook.case(entry.case.id)
            if number % 2 and now is not None:
                world.bench.commands.claim(now)
    await settle()


def _best(rows: list[Entry]) -> int:
    """A row of a conversation that has gone on for a while, in a script that is read where this one is."""
    good = (at for at, row in enumerate(rows[:9]) if row.case and row.case.tags and row.message.language in READ)
    return next(good, 0)


def _quiet(world: World) -> None:
    while (toast := world.window.notices.newest()) is not None:
        toast.closed.emit()


async def _open(world: World) -> None:
    bench = world.bench
    bench.deck.focus_column(MENTIONS)
    view = bench.deck.columns[MENTIONS].view
    view.select(_best(view.model.rows))
    await settle()
    bench.deck.open_current()
    await world.until(lambda: bench.panel.entries, "thread")
    if bench.panel.case is not None:
        bench.commands.claim(bench.panel.case)
        await settle()
    bench.replying.reply()
    await world.until(lambda: bench.composer.entry is not None, "composer")
    inserting = bench.composer.inserting
    inserting.refresh()
    await world.until(lambda: inserting.meant("thanks"), "the templates are read")
    world.window.activateWindow()
    bench.composer.view.editor.setFocus()
    world.write(";thanks")
    world.press(Qt.Key.Key_Tab)
    await settle()


async def _take(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary, network_in_thread(OPTIONS) as network:
        async with desk(Path(temporary), network, practice_columns()) as world:
            album = Album(world, folder, ())
            await _shift(world)
            # From here on nothing moves what the pictures show.
            await asyncio.to_thread(network.control, "POST", "rate", rate="0")
            await asyncio.sleep(5.0)
            await _open(world)
            _quiet(world)
            world.bench.deck.move_selection(0)
            world.bench.composer.view.editor.setFocus()
            await settle()
            await album.take("desk", (Dress("dark"), Dress("light", Theme.LIGHT), Dress("rtl", locale="ar")))
    with tempfile.TemporaryDirectory() as temporary, network_in_thread(WEEK) as network:
        async with desk(Path(temporary), network, practice_columns()) as world:
            await _tag(world, 24)
            world.window.go("page.kpi")
            page: Any = world.window.widget("page.kpi")
            await world.until(lambda: page._figures, "the figures")
            await asyncio.sleep(1.0)
            world.window.setFocus()
            _quiet(world)
            await Album(world, folder, ()).take("kpi", (Dress("dark"),))


def main(arguments: list[str]) -> int:
    """Take them."""
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)

    async def work(_faults: loop.Faults) -> int:
        await _take(folder)
        return 0

    return loop.run(work, [])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
