"""Whatever is painted can be read: the pixels of texts on real surfaces, in every theme."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.ink import Ink, card_inks, inks
from tests.views.test_flow import claim_and_tag, take_up
from workstation.domain.text import lazy
from workstation.services.settings import Theme
from workstation.views import theme
from workstation.views.case.pickers import MomentPicker, OutcomePicker, TagPicker
from workstation.views.case.template_picker import TemplatePicker
from workstation.views.palette.dialog import Palette
from workstation.views.settings.page import SettingsPage

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
TURNS = 5
"""Turns of the loop until what was just shown is laid out."""
LOOKS = (Theme.DARK, Theme.LIGHT, Theme.CONTRAST)
SHEETS: tuple[tuple[str, type[QDialog]], ...] = (
    ("case.tag", TagPicker),
    ("case.snooze", MomentPicker),
    ("case.resolve", OutcomePicker),
    ("composer.template", TemplatePicker),
    ("go.palette", Palette),
)


async def turns() -> None:
    """Let what was just shown be laid out."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


@pytest.mark.parametrize(("ink", "fails"), [("#767676", False), ("#8A8A8A", True), ("#FFFFFE", None)])
def test_the_measure_finds_what_cannot_be_read(qapp: QApplication, ink: str, fails: bool | None) -> None:
    label = QLabel("Plain words of a certain length")
    palette = QPalette(label.palette())
    label.setAutoFillBackground(True)
    for role, colour in ((QPalette.ColorRole.Window, "#FFFFFF"), (QPalette.ColorRole.WindowText, ink)):
        palette.setColor(role, QColor(colour))
    label.setPalette(palette)
    label.setStyleSheet(f"background: #FFFFFF; color: {ink};")
    label.resize(label.sizeHint())
    label.show()
    found = list(inks(label, "label"))
    assert [(each.ink, each.ground, each.fails) for each in found] == (
        [] if fails is None else [(ink, "#FFFFFF", fails)]
    )
    label.close()


@pytest.mark.parametrize("look", LOOKS)
def test_every_text_can_be_read(practice: PracticeNetwork, profile: Path, look: Theme) -> None:
    found: list[Ink] = []

    async def see(world: World, where: str, window: QWidget) -> None:
        await turns()
        fresh = list(inks(window, where))
        assert fresh, where
        found.extend(fresh)

    async def steps(world: World) -> None:
        bench = world.bench
        theme.apply(world.app, look)
        practice.post("Where is my parcel? It was to come on Monday.", acct="ada.lovett@one.example")
        practice.post("A second thing, with a warning", acct="bo.lind@two.example", spoiler="Careful")
        await take_up(world)
        await claim_and_tag(world)
        world.window.notices.say(lazy("Assigned to you"), tone="ok", action=lazy("Undo"))
        world.window.notices.say(lazy("Something went wrong"), tone="danger")
        await see(world, "case", world.window)
        for column in bench.deck.columns:
            for index in range(min(2, len(column.view.model.rows))):
                for selected in (False, True):
                    found.extend(card_inks(column.view.card(index), column.title, selected=selected))
        bench.replying.reply()
        await world.until(lambda: bench.composer.entry is not None, "composer")
        await see(world, "composer, empty", world.window)
        world.write("Dear customer {order_no}")
        await see(world, "composer", world.window)
        for name, kind in SHEETS:
            bench.actions.run(name)
            sheet = await world.dialog(kind)
            await see(world, name, sheet)
            world.press(Qt.Key.Key_Escape)
            await world.until(lambda: world.app.activeWindow() is world.window, "closed")
            await turns()
        world.window.go("page.settings")
        page = world.window.widget("page.settings")
        assert isinstance(page, SettingsPage)
        for number in range(page.sections.count()):
            page.sections.setCurrentRow(number)
            await see(world, f"settings {number}", page)
        for name in ("page.outbox", "page.templates", "page.kpi"):
            world.window.go(name)
            await see(world, name, world.window)

    run(profile, practice, steps)
    assert len(found) > 200
    faults = sorted({str(each) for each in found if each.fails})
    assert not faults, "\n".join(faults)
