"""Widgets of one kind that are used again."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QWidget

W = TypeVar("W", bound=QWidget)


class Pool(Generic[W]):
    """Widgets of one kind that are written anew, not made anew: what is not needed waits hidden.

    Making a widget costs its style and a layout of everything around it, a hundred times what a text costs. Who takes
    them writes and shows them.
    """

    def __init__(self, make: Callable[[], W], empty: Callable[[W], object]) -> None:
        """`empty` takes out of a widget what it was about."""
        self._make, self._empty = make, empty
        self._widgets: list[W] = []
        self._used = 0

    def take(self, count: int) -> list[W]:
        """This many of them, the same ones in the same order each time; the others are hidden."""
        while len(self._widgets) < count:
            self._widgets.append(self._make())
        for spare in self._widgets[count : self._used]:
            spare.hide()
            self._empty(spare)
        self._used = count
        return self._widgets[:count]
