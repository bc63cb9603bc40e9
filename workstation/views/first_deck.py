"""What of the workbench is there first: the deck with the rows that the store remembers; all else waits for it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from workstation.domain.cases import Entry
from workstation.domain.errors import MeridianError
from workstation.domain.text import lazy
from workstation.qt.tasks import Tasks
from workstation.services.background import log_failure
from workstation.services.desk import Desk
from workstation.views.deck.column import Column
from workstation.views.deck.content import NO_CHANNEL, ChannelFace, Surroundings
from workstation.views.deck.deck_page import DeckPage
from workstation.views.desk_page import DeskPage
from workstation.views.main_window import MainWindow

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from workstation.views.thumbnails import CardPictures

PATIENCE = 1.0
"""Seconds that the rest of the desk waits for the first rows at most."""
GLANCE, GLANCES = 0.002, 100
"""Seconds between two looks whether they are painted, and how many there are at most."""


class FirstDeck(QObject):
    """The deck of one window on one desk, before anything can be done with it but to read."""

    def __init__(self, window: MainWindow, desk: Desk, app: QApplication) -> None:
        super().__init__(window)
        self.window, self.desk, self._app = window, desk, app
        self.actions = window.actions_table
        self.notices = window.notices
        self.tasks = Tasks(self, self._failed)
        self.columns = desk.columns
        self._pictures: CardPictures | None = None
        self._whole = False
        self._connected: bool | None = None
        """Whether there are channels; None before that is known."""
        self._wanted: Entry | None = None
        """What was opened before there was anything to open it with."""
        around = Surroundings(desk.clock.now, self._face, self.columns.outgoing, lambda: desk.settings.now.announce)
        self.deck = DeckPage(self.columns, around, self._run, desk.layout.save, self._pictured)
        self.deck.opened.connect(self._open_later)
        self.page = DeskPage(self.deck)
        window.add_page("page.deck", self.page)
        self._loading: list[asyncio.Task[Any]] = []

    async def show_deck(self, torn: Callable[[], object]) -> None:
        """Make the columns and begin to fill them; `torn` is called first if some have windows of their own."""
        desk = self.desk
        self.window.put_place(desk.layout.window())
        self._connected = bool((await self.columns.context()).channels)
        specs = desk.layout.load()
        if self._connected and not specs:
            specs = desk.layout.default_for(await desk.store.channels.list())
        if any(spec.window is not None for spec in specs):
            torn()
        self.deck.highlights = desk.layout.now.highlights
        self.deck.show_practice(desk.practice)
        self.deck.show_columns(specs)
        if self._connected or desk.practice:
            self.window.go("page.deck")
            self.deck.focus_column(0)

    async def read(self, seconds: float) -> None:
        """Return when every column has read its rows, or that takes longer than so many seconds."""
        if self._loading:
            await asyncio.wait(self._loading, timeout=seconds)

    async def filled(self) -> None:
        """Return when the columns in sight have been painted with their rows, or that takes too long."""
        await self.read(PATIENCE)
        for _glance in range(GLANCES):
            if all(map(_painted, self.deck.columns)):
                return
            await asyncio.sleep(GLANCE)

    def _run(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = self.tasks.spawn(work)
        if not self._whole:
            self._loading.append(task)
        return task

    def _open_later(self, entry: Entry) -> None:
        self._wanted = entry

    def _pictured(self, entry: Entry) -> "tuple[QPixmap, ...]":
        return self._pictures.of(entry) if self._pictures is not None else ()

    def _face(self, channel: int) -> ChannelFace:
        """How a channel is shown; nothing is known of it before channels are opened."""
        config = self.desk.supervisor.config(channel) if self._whole else None
        if config is None:
            return NO_CHANNEL
        manifest = self.desk.registry.manifest(config.kind)
        return ChannelFace(config.name, manifest.badge, manifest.colour, config.practice)

    def _failed(self, name: str, error: BaseException) -> None:
        if isinstance(error, MeridianError):
            self.notices.say(error.text, tone="danger")
            return
        log_failure(name, error)
        self.notices.say(lazy("Something went wrong ({error}).", error=type(error).__name__), tone="danger")


def _painted(column: Column) -> bool:
    """Whether a column's rows have been painted, or will not be: there are none, or nobody sees them."""
    view = column.view
    return not view.model.rows or bool(view.painted) or view.visibleRegion().isEmpty()
