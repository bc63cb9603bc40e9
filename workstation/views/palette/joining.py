"""Joins the palette with one window: its own sources, those that others add, and what was chosen lately."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from workstation.qt.tasks import Tasks
from workstation.views.palette.items import Recent, Source


class PaletteDesk:
    """Opens the palette. `add` makes more findable."""

    def __init__(self, window: QWidget, tasks: Tasks, search: Callable[[str], object]) -> None:
        self._window, self._tasks, self._search = window, tasks, search
        self._sources: list[Source] = []
        self.recent = Recent()

    def add(self, *sources: Source) -> None:
        """Let the palette find what `sources` have."""
        self._sources += sources

    def open(self) -> None:
        """Open it over the window."""
        from workstation.views.palette.dialog import Palette

        Palette(self._sources, self.recent, self._search, self._tasks, self._window).open()

    def place(self) -> dict[str, Any]:
        """What was chosen lately, to be kept with the window's place; ids of actions and columns, nobody's words."""
        return {"recent": list(self.recent.ids)}

    def put_place(self, place: Mapping[str, Any]) -> None:
        """Know again what was chosen lately."""
        ids = place.get("recent")
        if isinstance(ids, list):
            self.recent = Recent(ident for ident in ids if isinstance(ident, str))
