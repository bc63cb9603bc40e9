"""A world and a look for every test of the deck."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.views.deck.world import World
from workstation.services.settings import Density, Theme
from workstation.views import theme


@pytest.fixture
def world() -> World:
    """An empty world."""
    return World()


@pytest.fixture
def look(qapp: QApplication) -> Iterator[theme.Look]:
    """The usual look, put back after the test."""
    yield theme.apply(qapp, Theme.DARK)
    theme.apply(qapp, Theme.DARK, Density.COSY, 100)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
