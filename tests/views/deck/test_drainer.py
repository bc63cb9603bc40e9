"""Rounds, budget and the pause between goes, with columns that only say what was asked of them."""

import math
from time import perf_counter

import pytest
from pytestqt.qtbot import QtBot

from tests.waiting import PATIENCE_MS
from workstation.views.deck.drainer import BUDGET, Drainer


class Painting:
    """A column that takes `goes` to show what it took in, and all of the budget each time."""

    def __init__(self, name: str, told: list[str], goes: int = 1) -> None:
        self.name, self._told, self._goes, self._left = name, told, goes, goes

    def take(self) -> None:
        """See Drains."""
        self._told.append(f"take {self.name}")
        self._left = self._goes

    def refresh(self, until: float = math.inf) -> bool:
        """See Drains."""
        while perf_counter() < until:
            pass
        self._left -= 1
        self._told.append(f"{'show' if self._left == 0 else 'work'} {self.name}")
        return self._left == 0


@pytest.fixture
def told() -> list[str]:
    """What columns were asked, in order."""
    return []


def test_all_of_a_round_take_in_before_any_of_them_shows(qtbot: QtBot, told: list[str]) -> None:
    drainer = Drainer()
    for name in "abc":
        drainer.mark(Painting(name, told))
    qtbot.waitUntil(lambda: not drainer.busy, timeout=PATIENCE_MS)
    assert told == ["take a", "take b", "take c", "show a", "show b", "show c"]


def test_what_is_marked_during_a_round_waits_for_the_next(qtbot: QtBot, told: list[str]) -> None:
    drainer, slow, late = Drainer(), Painting("slow", told, goes=3), Painting("late", told)
    drainer.mark(slow)
    drainer.drain()
    drainer.mark(late)
    drainer.mark(slow)
    qtbot.waitUntil(lambda: not drainer.busy, timeout=PATIENCE_MS)
    assert told[:4] == ["take slow", "work slow", "work slow", "show slow"]
    assert told[4:6] == ["take late", "take slow"]


def test_a_go_ends_with_the_budget(qtbot: QtBot, told: list[str]) -> None:
    drainer = Drainer()
    for name in "ab":
        drainer.mark(Painting(name, told))
    drainer.drain()
    assert told == ["take a", "take b", "show a"]
    assert drainer.longest >= BUDGET
    assert drainer.busy
    qtbot.waitUntil(lambda: not drainer.busy, timeout=PATIENCE_MS)


def test_a_column_that_goes_away_is_asked_nothing_more(qtbot: QtBot, told: list[str]) -> None:
    drainer, first, second = Drainer(), Painting("first", told, goes=9), Painting("second", told)
    drainer.mark(first)
    drainer.mark(second)
    drainer.drain()
    drainer.forget(first)
    qtbot.waitUntil(lambda: not drainer.busy, timeout=PATIENCE_MS)
    assert told[-1] == "show second"
    drainer.mark(second)
    drainer.forget(second)
    assert not drainer.busy
