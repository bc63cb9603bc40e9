"""Switching the interface's language with a full desk: what one waits until every text is there in the new one.

Eight columns of cards, a case, the composer with a draft on both of its sides. Catalogs are loaded in
a thread; what counts is the processor time of the window's own thread until it has laid out and painted everything.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Row, answer, child, median

if TYPE_CHECKING:
    from tests.views.desk_world import World
    from workstation.i18n import Language

BAR = 150.0
MESSAGES, TURNS = 2_000, 3
WAY = ("ar", "ja", "de", "en")


async def _full(world: "World") -> None:
    """Eight columns, a case, a draft."""
    from workstation.domain.text import lazy

    bench = world.bench
    world.window.resize(1_600, 900)
    await world.until(lambda: len(bench.deck.columns) >= 8, "eight columns")
    await world.until(lambda: bench.deck.columns[1].view.model.rows, "cards")
    bench.deck.focus_column(1)
    # Past those with texts of 20,000 characters, which no network allows.
    for _step in range(10):
        bench.deck.move_selection(1)
    await world.until(lambda: bench.deck.current_entry is not None, "selected")
    bench.deck.open_current()
    await world.until(lambda: bench.panel.entries, "the thread")
    bench.replying.reply()
    await world.until(lambda: bench.composer.entry is not None, "the composer")
    bench.composer.view.editor.insertPlainText("We have found your order LK-20417, " * 12)
    world.window.notices.say(lazy("Assigned to you"), tone="ok")
    await asyncio.sleep(1.0)


async def _switch(world: "World", tag: str) -> float:
    """Milliseconds of the window's thread for one switch, layout and painting included."""
    from PySide6.QtCore import QTimer

    from workstation.i18n import fetch_language

    language = await fetch_language(tag)
    took: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    # Not within a task: what is posted may be for one.
    QTimer.singleShot(0, world.window, lambda: took.set_result(_spoken(world, language)))
    milliseconds = await took
    await asyncio.sleep(0.2)
    return milliseconds


def _spoken(world: "World", language: "Language") -> float:
    from PySide6.QtCore import QCoreApplication, QEventLoop

    from workstation.qt.translator import apply_language

    start = time.thread_time()
    apply_language(world.app, language)
    for _turn in range(3):
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    world.window.repaint()
    return (time.thread_time() - start) * 1000


async def _prepare(root: Path) -> None:
    from tests.picture_data import fill_very_much
    from tests.pictures import practice_columns
    from workstation.services.columns import ColumnSpec
    from workstation.services.layout import Layout
    from workstation.services.profile import Profile

    await fill_very_much(root, MESSAGES)
    more = tuple(ColumnSpec(f"c{number}", title=f"Topic {number}", filter="is:open") for number in range(8))
    place = Profile(root)
    Layout(place.layout, place.window).save((practice_columns() + more)[:8])


def switches() -> dict[str, Any]:
    """The child: milliseconds by language; the first turn, which fills caches, apart."""
    from tests.views.desk_world import run

    found: dict[str, Any] = {"first": {}, "later": {tag: [] for tag in WAY}}

    async def work(world: "World") -> None:
        await _full(world)
        for turn in range(TURNS + 1):
            for tag in WAY:
                took = await _switch(world, tag)
                if turn:
                    found["later"][tag].append(took)
                else:
                    found["first"][tag] = took
        found["widgets"] = sum(widget.isVisible() for widget in world.app.allWidgets())

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_prepare(Path(folder)))
        run(Path(folder), None, work, two_sides=True)
    return found


def measure(rounds: int) -> list[Row]:
    """Two rows: the slowest language of the first turn and of those after it, the median of the rounds."""
    runs = [child("benchmarks.goal_switch") for _ in range(rounds)]
    first = median([max(run["first"].values()) for run in runs])
    later = median([max(median(times) for times in run["later"].values()) for run in runs])
    what = f"another language, {runs[0]['widgets']} widgets shown, slowest of {', '.join(WAY)}"
    return [
        Row("switch", f"{what}, the first time", first, "ms", f"<= {BAR:.0f} ms", first <= BAR, details={"runs": runs}),
        Row("switch", f"{what}, again", later, "ms", f"<= {BAR:.0f} ms", later <= BAR),
    ]


if __name__ == "__main__":
    answer(switches())
