"""Meridian on the stage of `live`: its real services and its real deck in a window."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from benchmarks.live import SIZE, Seen, Stage

SOURCE = "public"


@asynccontextmanager
async def stage(hello: Any, folder: Path, columns: int) -> AsyncIterator[Stage]:
    """A desk with one channel and a deck of columns that take everything."""
    import os

    from PySide6.QtWidgets import QApplication

    from workstation.domain.channels import ChannelConfig
    from workstation.qt.tasks import Tasks
    from workstation.services.columns import ColumnSpec
    from workstation.services.desk import open_desk
    from workstation.services.profile import Profile
    from workstation.views import theme
    from workstation.views.deck.content import NO_CHANNEL, Surroundings
    from workstation.views.deck.deck_page import DeckPage

    app = QApplication.instance()
    theme.apply(app)  # type: ignore[arg-type]
    os.environ["BENCHMARK_TOKEN"] = hello.tokens["agent"]
    async with open_desk(Profile(folder), practice=True) as desk:
        await desk.store.channels.add(
            ChannelConfig(
                0,
                "mastodon",
                "bench",
                server=hello.base_url,
                secret="env:BENCHMARK_TOKEN",
                settings={"sources": SOURCE},
                practice=True,
            )  # fmt: skip
        )
        await desk.start()
        tasks = Tasks(app)
        around = Surroundings(desk.clock.now, lambda _: NO_CHANNEL, lambda _: None)
        deck = DeckPage(desk.columns, around, tasks.spawn, lambda _: None)
        deck.resize(*SIZE)
        deck.show()
        deck.show_columns([ColumnSpec(str(number)) for number in range(columns)])
        seen = Seen(known=[set() for _ in range(columns)])
        for number, column in enumerate(deck.columns):
            _watch(number, column.view, seen)
        yield Stage(seen, lambda: desk.ingest.received, lambda: _facts(deck), lambda: _scroll_back(deck))
        deck.close()
        for column in deck.columns:
            column.close_column()
        tasks.cancel()


def _watch(number: int, view: Any, seen: Seen) -> None:
    def painted(_: int) -> None:
        rows = [view.model.rows[row.index].message for row in view.placed]
        seen.painted(number, [(message.id, message.created_at) for message in rows])

    view.rows_changed.connect(painted)


def _facts(deck: Any) -> dict[str, Any]:
    views = [column.view for column in deck.columns]
    return {"cards_painted": sum(view.painted for view in views), "shift": sum(_top(view) for view in views)}


def _top(view: Any) -> int:
    """Where the rows in sight stand: any move changes it."""
    return sum((row.ident * 31 + row.y) * (place + 1) for place, row in enumerate(view.placed))


def _scroll_back(deck: Any) -> None:
    for column in deck.columns:
        column.view.scroll_by(900)
