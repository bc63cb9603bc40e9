"""The live figures: charts and their tables say the same, in every theme, language and direction, also of nothing."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from workstation.i18n import PSEUDO_MIRRORED, load_language
from workstation.qt.translator import apply_language
from workstation.services.settings import Theme
from workstation.views.kpi.charts import HeatmapChart, StackChart
from workstation.views.kpi.frame import ChartFrame
from workstation.views.kpi.page import KpiPage
from workstation.views.palette.dialog import Palette
from workstation.views.settings.keys import KeySheet, KeysSection
from workstation.views.settings.page import SECTIONS, SettingsPage

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
CONTROL = Qt.KeyboardModifier.ControlModifier


async def figures(world: World) -> KpiPage:
    world.press(Qt.Key.Key_3, CONTROL)
    page = world.window.widget("page.kpi")
    assert isinstance(page, KpiPage)
    await world.until(lambda: page._figures is not None, "figures")
    return page


def cells(frame: ChartFrame) -> list[list[str]]:
    table = frame.table
    return [
        [item.text() if (item := table.item(row, column)) else "" for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_the_tables_say_what_the_charts_show(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        for text in ("where is it?", "still nothing"):
            practice.post(text)
        await world.until(lambda: world.window.top_bar._waiting == 2, "two wait")
        page = await figures(world)
        await world.until(lambda: page._figures and page._figures.waiting_count == 2, "two in the figures")
        for frame in (page.arrivals, page.ageing, page.waiting):
            frame.toggle.setFocus()
            QTest.keyClick(frame.toggle, Qt.Key.Key_Space)
            assert frame.table.isVisible()
        stack, heat = page.ageing.chart, page.arrivals.chart
        assert isinstance(stack, StackChart)
        assert isinstance(heat, HeatmapChart)
        assert [(name, int(count)) for name, count in cells(page.ageing)] == list(stack._parts)
        shown = sum(int(count) for row in cells(page.arrivals) for count in row[1:])
        assert shown == sum(map(sum, heat._counts)) == 2
        assert sum(int(count) for _name, count in cells(page.waiting)) == 2
        QTest.keyClick(page.ageing.toggle, Qt.Key.Key_Space)
        assert stack.isVisible()

    run(profile, practice, steps)


def test_theme_language_and_direction_switch_live(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        practice.post("where is it?")
        await world.until(lambda: world.window.top_bar._waiting == 1, "one waits")
        page = await figures(world)
        ground = page.ageing.chart.backgroundBrush().color().name()  # type: ignore[attr-defined]
        world.desk.settings.change(theme=Theme.LIGHT)
        await world.until(
            lambda: page.ageing.chart.backgroundBrush().color().name() != ground,  # type: ignore[attr-defined]
            "light",
        )
        title = page.ageing._title.text()
        apply_language(world.app, load_language("de"))
        await world.until(lambda: page.ageing._title.text() != title, "German")
        apply_language(world.app, load_language(PSEUDO_MIRRORED))
        heat = page.arrivals.chart
        assert isinstance(heat, HeatmapChart)
        await world.until(lambda: heat.side == "right" and heat.getViewBox().xInverted(), "mirrored")
        assert heat.getAxis("right").isVisible()
        assert not heat.getAxis("left").isVisible()

    run(profile, practice, steps)


def test_nothing_is_said_in_words(profile: Path) -> None:
    async def steps(world: World) -> None:
        page = await figures(world)
        for frame in (page.arrivals, page.ageing, page.waiting, page.oldest, page.topics):
            assert frame._empty.isVisible()
            assert frame._empty.text()
            assert not frame.toggle.isEnabled()

    run(profile, None, steps)


def test_the_palette_has_everything(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        world.press(Qt.Key.Key_K, CONTROL)
        palette = await world.dialog(Palette)
        await world.until(lambda: any(name.startswith("template:") for name in palette.items), "templates")
        choices = palette.items
        known = {spec.id for spec in world.window.actions_table.known()}
        assert known - set(choices) <= {"go.palette"} | {name for name in known if name.startswith("composer.")}
        assert {"column-0", "channel-1"} <= set(choices)
        assert any(name.startswith("template:") for name in choices)
        assert choices["case.claim"].reason
        assert not choices["page.kpi"].reason
        world.write("live fig")
        assert palette.current().id == "page.kpi"
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: world.window.page == "page.kpi", "the figures")

    run(profile, practice, steps)


def test_a_key_is_changed_in_the_settings_and_kept(profile: Path) -> None:
    async def change(world: World) -> None:
        world.window.go("page.settings")
        page = world.window.widget("page.settings")
        assert isinstance(page, SettingsPage)
        page.sections.setCurrentRow([name.msgid for _icon, name in SECTIONS].index("Keys"))
        keys = page.findChild(KeysSection)
        assert keys is not None
        keys.field.setText("Live figures")
        keys.change()
        sheet = await world.dialog(KeySheet)
        QTest.keyClick(sheet.edit, Qt.Key.Key_K, CONTROL)
        assert not sheet.may_end("set")
        assert "Command palette" in sheet._wrong.text()
        sheet.edit.clear()
        QTest.keyClick(sheet.edit, Qt.Key.Key_F12)
        sheet._pressed("set")
        await world.until(world.window.isActiveWindow, "set")
        world.press(Qt.Key.Key_F12)
        await world.until(lambda: world.window.page == "page.kpi", "by the new key")

    async def again(world: World) -> None:
        assert world.window.actions_table.keys("page.kpi") == ("F12",)
        world.press(Qt.Key.Key_F12)
        await world.until(lambda: world.window.page == "page.kpi", "by the new key")

    run(profile, None, change)
    run(profile, None, again)
