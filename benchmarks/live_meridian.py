"""Meridian on the stage of `live`: the real window on real services, opened as the composition root opens it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from benchmarks.live import SIZE, Seen, Stage

if TYPE_CHECKING:
    from workstation.views.deck.column_view import ColumnView
    from workstation.views.deck.deck_page import DeckPage


@asynccontextmanager
async def stage(hello: Any, folder: Path, columns: int) -> AsyncIterator[Stage]:
    """A desk with one channel and a deck of columns that take everything, all of them in sight."""
    from workstation.app.session import opened
    from workstation.domain.channels import ChannelConfig
    from workstation.qt.loop import Faults
    from workstation.services.columns import ColumnSpec
    from workstation.services.layout import Layout
    from workstation.services.profile import Profile

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("the loop has no application")
    profile = Profile(folder)
    profile.prepare()
    Layout(profile.layout, profile.window).save([ColumnSpec(f"all{number}") for number in range(columns)])
    async with opened(app, profile, "en", Faults(), practice=True) as (bench, desk):
        bench.window.window().resize(*SIZE)
        reference = "keyring:benchmark"
        desk.secrets.lend(reference, hello.tokens["agent"])
        settings = {"sources": "public"} | ({"streaming_url": hello.streaming_url} if hello.streaming_url else {})
        config = ChannelConfig(0, "mastodon", "bench", hello.base_url, secret=reference, settings=settings)
        await desk.store.channels.add(config)
        await desk.start()
        deck = bench.deck
        seen = Seen(known=[set() for _ in range(columns)])
        for number, column in enumerate(deck.columns):
            watch(number, column.view, seen)
        yield Stage(seen, lambda: desk.ingest.received, lambda: _facts(deck), lambda: _scroll_back(deck))
        bench.window.on_close(bench.window.let_go)


def watch(number: int, view: "ColumnView", seen: Seen) -> None:
    """Note what a column shows, painted."""

    def painted(_: int) -> None:
        messages = [view.model.rows[row.index].message for row in view.placed]
        seen.painted(number, [(message.id, message.created_at) for message in messages])

    view.rows_changed.connect(painted)


def _facts(deck: "DeckPage") -> dict[str, Any]:
    views = [column.view for column in deck.columns]
    return {"cards_painted": sum(view.painted for view in views), "place": sum(_place(view) for view in views)}


def _place(view: "ColumnView") -> int:
    """A number that changes when any row in sight moves."""
    return sum((row.ident * 31 + row.y) * (place + 1) for place, row in enumerate(view.placed))


def _scroll_back(deck: "DeckPage") -> None:
    for column in deck.columns:
        column.view.scroll_by(900)
