"""The number of waiting customers is one number; a machine without the letters says so."""

from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from workstation.views.writing_systems import SAMPLES

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")


def test_bar_and_figures_count_the_same(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        for text in ("where is it?", "still nothing", "hello?"):
            practice.post(text)
        bar = world.window.top_bar
        await world.until(lambda: bar._waiting == 3, "three wait in the bar")
        world.window.go("page.kpi")
        page = world.window.widget("page.kpi")
        await world.until(lambda: page._figures is not None, "figures")  # type: ignore[union-attr]
        assert page._figures.waiting_count == await world.desk.kpi.waiting_count() == 3  # type: ignore[union-attr]

    run(profile, practice, steps)


def test_letters_that_nobody_has_are_told(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = QFontDatabase.families
    hangul = QFontDatabase.WritingSystem.Korean

    def without(system: QFontDatabase.WritingSystem = QFontDatabase.WritingSystem.Any) -> list[str]:
        return [] if system is hangul else ["Inter"] if system.value else installed()

    monkeypatch.setattr(QFontDatabase, "families", without)

    async def steps(world: World) -> None:
        banners = world.window.banners
        assert "fonts" in banners
        world.bench._banner_acted("fonts")
        assert "fonts" not in banners

    assert "ko" in SAMPLES
    run(profile, None, steps)
