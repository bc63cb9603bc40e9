"""Goal 11: first paint of the real shell and of filled columns, against a bare PySide6 window, in fresh processes.

Each child is timed from its spawning by the parent to the moment it reports, on the machine's monotonic clock.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.harness import Row, answer, child, interleaved, median

SHELL_BAR, FILLED_BAR = 1.2, 2.5
HISTORY = 20_000


def bare() -> dict[str, Any]:
    """A window with nothing in it."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    found: dict[str, Any] = {}

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and not found:
                found["shell"] = time.monotonic()
                app.quit()
            return super().eventFilter(watched, event)

    window, watch = QMainWindow(), Watch()
    window.resize(1600, 900)
    window.installEventFilter(watch)
    window.show()
    app.exec()
    return found


def _meridian(folder: str) -> dict[str, Any]:
    """Meridian as `main.py --profile FOLDER` opens it."""
    from workstation.app import first

    found: dict[str, Any] = {}
    appear = first.appear

    def look(frame: Any, looking: Any) -> None:
        content = frame.centralWidget()
        page = content.widget("page.deck") if content is not None else None
        if page is None or not page.deck.columns or not all(map(_filled, page.deck.columns)):
            return
        found["filled"] = time.monotonic()
        looking.stop()
        content.on_close(content.let_go)
        content.close()

    def appeared(words: list[str]) -> Any:
        moment = appear(words)
        found["shell"] = time.monotonic()
        from PySide6.QtCore import QTimer

        if moment is None:
            raise RuntimeError("no window")
        looking = QTimer(moment.frame)
        looking.timeout.connect(lambda: look(moment.frame, looking))
        looking.start(1)
        return moment

    first.appear = appeared
    sys.argv = ["main.py", "--profile", folder]
    from main import main

    main()
    return found


def _filled(column: Any) -> bool:
    """Whether a column has its rows, and shows them if it is in sight: a window of 1600 pixels shows five of eight."""
    view = column.view
    return bool(view.model.rows) and bool(view.painted or view.visibleRegion().isEmpty())


async def _prepare(folder: Path) -> dict[str, Any]:
    from benchmarks.history import add_channel, fill
    from workstation.services.columns import ColumnSpec
    from workstation.services.feed import Feed
    from workstation.services.layout import Layout
    from workstation.services.profile import Profile
    from workstation.store.store import Store

    profile = Profile(folder)
    profile.prepare()
    store = await Store.open(profile.database, Feed().publish)
    await fill(store, await add_channel(store), HISTORY)
    await store.close()
    Layout(profile.layout, profile.window).save([ColumnSpec(f"all{number}") for number in range(8)])
    return {}


def _timed(*arguments: str) -> dict[str, float]:
    start = time.monotonic()
    found = child("benchmarks.goal_11", *arguments)
    return {name: (moment - start) * 1000 for name, moment in found.items()}


def measure(rounds: int) -> list[Row]:
    """Two rows."""
    with tempfile.TemporaryDirectory() as folder:
        child("benchmarks.goal_11", "prepare", folder)
        contenders = {"bare": lambda: _timed("bare"), "meridian": lambda: _timed("meridian", folder)}
        found = interleaved(max(rounds, 7), contenders)
    bare_ms = median([one["shell"] for one in found["bare"]])
    shell = median([one["shell"] for one in found["meridian"]])
    filled = median([one["filled"] for one in found["meridian"]])
    return [
        Row("11", "first paint of the shell against a bare window", shell, "ms", f"<= {SHELL_BAR}x",
            shell / bare_ms <= SHELL_BAR, bare_ms, shell / bare_ms),
        Row("11", "eight filled columns against a bare window", filled, "ms", f"<= {FILLED_BAR}x",
            filled / bare_ms <= FILLED_BAR, bare_ms, filled / bare_ms),
    ]  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        answer(bare())
    elif sys.argv[1] == "prepare":
        import asyncio

        answer(asyncio.run(_prepare(Path(sys.argv[2]))))
    else:
        answer(_meridian(sys.argv[2]))
