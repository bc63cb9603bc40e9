"""Scenes of what the deck does beyond its columns: sheets, marks, masks, windows of columns."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog

from workstation.services import sharing
from workstation.services.highlights import Colour, Highlight

if TYPE_CHECKING:
    from tests.pictures import Album

MARKS = (
    Highlight("lang:de", "Deutsch", Colour.DANGER),
    Highlight("lang:en", "", Colour.OK),
    Highlight("has:link", "Link", Colour.NEUTRAL),
    Highlight("is:unanswered", "Waits for an answer", Colour.WARN),
)
STRANGE = '\n[[column]]\ntitle = "Night shift"\nfilter = "is:late -is:spam"\n\n[[column]]\nfilter = "is:nonsense"\n'


async def deck_scenes(album: "Album") -> None:
    """Every surface, empty and full."""
    world = album.world
    deck, desk, decking = world.bench.deck, world.desk, world.bench.decking
    deck.focus_column(1)
    deck.move_selection(0)
    column = deck.current
    assert column is not None
    await _sheet(album, "highlights-empty", lambda: decking.show_highlights(column))
    decking.set_highlights(column.spec.id, MARKS[:2], MARKS[2:])
    await album.take("highlighted")
    await _sheet(album, "highlights", lambda: decking.show_highlights(column))
    decking.set_highlights(column.spec.id, (), ())
    await _sheet(album, "layouts-empty", decking.layouts.show)
    for name in ("Office", "Home, with the small screen"):
        desk.layout.keep(name)
    await _sheet(album, "layouts", decking.layouts.show)
    for scene, text in (("sharing-empty", ""), ("sharing", sharing.written(deck.specs) + STRANGE)):
        QGuiApplication.clipboard().setText(text)
        await _sheet(album, scene, decking.take_in)
    await _sheet(album, "quiet", decking.show_quiet)
    await _sheet(album, "notify", lambda: decking.choose_severity(column))
    await _sheet(album, "older", lambda: decking.load_older(column))
    decking.toggle_mask()
    await album.take("masked")
    deck.torn.tear_off(column)
    window = deck.torn.windows[column]
    await album.take("torn", shown=window)
    for other in list(deck.columns):
        if not other.torn:
            deck.torn.tear_off(other)
    await album.take("torn-all")
    deck.torn.bring_all_back()
    decking.toggle_mask()


async def _sheet(album: "Album", scene: str, show: Callable[[], object]) -> None:
    show()
    await asyncio.sleep(0.3)
    await album.take(scene)
    for sheet in album.world.window.findChildren(QDialog):
        if sheet.isVisible():
            sheet.reject()
    await asyncio.sleep(0.1)
