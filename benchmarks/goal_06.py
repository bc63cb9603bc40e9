"""Goal 6: what one arrival costs a column of 100,000 rows against one of 500, to the painted pixel."""

import asyncio
import random
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.harness import Row, child, interleaved, median

FEW, MANY = 500, 100_000
INSERTS = 300
BAR = 1.2


async def _run(rows: int) -> dict[str, Any]:
    from PySide6.QtWidgets import QApplication

    from benchmarks.history import add_channel, fill, message, opened
    from workstation.domain.messages import Batch
    from workstation.qt.tasks import Tasks
    from workstation.services.clock import SystemClock
    from workstation.services.columns import Columns, ColumnSpec, Phase
    from workstation.services.feed import Feed
    from workstation.services.pages import StorePages
    from workstation.views import theme
    from workstation.views.deck.column_view import ColumnView
    from workstation.views.deck.content import NO_CHANNEL, Surroundings
    from workstation.views.deck.drainer import Drainer

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("the loop has no application")
    theme.apply(app)
    with tempfile.TemporaryDirectory() as folder:
        feed = Feed()
        store = await opened(Path(folder), feed)
        channel = await add_channel(store)
        await fill(store, channel, rows)
        clock, tasks = SystemClock(), Tasks(app)
        model = Columns(StorePages(store), feed, clock).model(ColumnSpec("all"))
        view = ColumnView(model, Surroundings(clock.now, lambda _: NO_CHANNEL, lambda _: None), Drainer(), tasks.spawn)
        view.resize(298, 860)
        view.show()
        await model.open()
        if model.phase is not Phase.READY or model.total < min(rows, 10_000):
            raise RuntimeError(f"the column shows {model.total} of {rows} rows")
        view.refresh()
        chance, times = random.Random(7), []
        for number in range(INSERTS):
            changes = await store.messages.accept(
                channel, Batch("public", (message(rows + number, chance),), live=True)
            )
            start = time.perf_counter()
            view.refresh()
            times.append(time.perf_counter() - start)
            if not changes.added:
                raise RuntimeError("nothing was added")
        view.close_model()
        view.close()
        await tasks.close()
        await store.close()
    return {"median": median(times) * 1000, "painted": view.painted}


def measure(rounds: int) -> list[Row]:
    """One row."""
    contenders = {str(rows): partial(child, "benchmarks.goal_06", str(rows)) for rows in (FEW, MANY)}
    found = {name: [one["median"] for one in runs] for name, runs in interleaved(rounds, contenders).items()}
    few, many = median(found[str(FEW)]), median(found[str(MANY)])
    ratio = many / few
    return [
        Row(
            "6",
            "an arrival at 100,000 rows against 500",
            many,
            "ms",
            f"<= {BAR}x",
            ratio <= BAR,
            few,
            ratio,
            {"runs": found},
        )
    ]


if __name__ == "__main__":
    from benchmarks.live import serve

    serve(lambda: _run(int(sys.argv[1])))
    asyncio.set_event_loop(None)
