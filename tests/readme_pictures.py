"""The README's pictures: `python -m tests.readme_pictures [FOLDER]` writes them anew into docs/pictures."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.pictures import Album, Dress, desk, practice_columns, settle
from tests.practice_network import network_in_thread
from tests.views.desk_world import World
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
FOLDER = Path(__file__).parents[1] / "docs" / "pictures"


async def _shift(world: World) -> None:
    """Customers write; some are answered, some are tagged and claimed."""
    shift = PractisedShift(world.bench, world.desk)
    try:
        async with asyncio.timeout(SECONDS):
            await shift.work(asyncio.get_running_loop().create_future())
    except TimeoutError:
        await shift.end()
    rows = world.bench.deck.columns[0].view.model.rows
    for number, entry in enumerate(rows[1:12:2]):
        if entry.case is not None:
            tag = TAGS[number % len(TAGS)]
            await world.desk.store.cases.execute(ChangeTags(operation=operation(), case=entry.case.id, add=(tag,)))
            if number % 2:
                world.bench.commands.claim(entry.case)
    await settle()


def _best(rows: list[Entry]) -> int:
    """A row in sight above the composer, in a language with many readers."""
    fitting = [at for at, row in enumerate(rows[:2]) if row.message.language in ("es", "it", "pt", "fr")]
    return fitting[0] if fitting else 0


async def _open(world: World) -> None:
    bench = world.bench
    bench.deck.focus_column(0)
    view = bench.deck.columns[0].view
    view.select(_best(view.model.rows))
    await settle()
    bench.deck.open_current()
    await world.until(lambda: bench.panel.entries, "thread")
    if bench.panel.case is not None:
        bench.commands.claim(bench.panel.case)
        await settle()
    bench.replying.reply()
    await world.until(lambda: bench.composer.entry is not None, "composer")
    family = next(each for each in await world.desk.templates.list() if each.key == "more-details")
    entry = bench.composer.entry
    assert entry is not None
    applied = world.desk.drafting.apply(family, entry)
    if applied is not None:
        bench.composer.view.editor.insert(applied.filled.text)
    await settle()


async def _take(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary, network_in_thread(OPTIONS) as network:
        async with desk(Path(temporary), network, practice_columns()) as world:
            album = Album(world, folder, ())
            await _shift(world)
            await _open(world)
            while (toast := world.window.notices.newest()) is not None:
                toast.closed.emit()
            await album.take("desk", (Dress("dark"), Dress("light", Theme.LIGHT), Dress("rtl", locale="ar-XB")))
            world.window.go("page.kpi")
            await asyncio.sleep(1.0)
            await album.take("kpi", (Dress("dark"),))


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
