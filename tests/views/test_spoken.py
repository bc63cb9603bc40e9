"""The language of a message in the real window: the chip asks, one key corrects, undo takes back, replies follow."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_flow import take_up
from workstation.domain.languages import Told
from workstation.domain.messages import Mark
from workstation.i18n import plain
from workstation.views.case.spoken_picker import SpokenPicker, because

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_one_key_corrects_and_undo_takes_back(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        bench, panel = world.bench, world.bench.panel
        practice.post("Hei takk", language="")
        await take_up(world)
        await world.until(lambda: panel.message and panel.message.language not in ("", "da"), "found out")
        before = panel.message
        assert before is not None
        world.press(Qt.Key.Key_G)
        world.press(Qt.Key.Key_S)
        picker = await world.dialog(SpokenPicker)
        assert picker.about.text()
        world.write("danish")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: panel.message and panel.message.language == "da", "corrected")
        assert panel.message is not None
        assert Mark.GUESSED not in panel.message.marks
        await world.until(lambda: bench.deck.columns[0].view.model.rows[0].message.language == "da", "the card too")
        case = panel.case
        assert case is not None
        assert (await world.desk.store.languages.learned(before.author.id)) == {"da": 1}
        await world.until(world.window.isActiveWindow, "back")
        await world.until(lambda: bench.notices.texts, "told, and to be taken back")
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: panel.message and panel.message.language == before.language, "taken back")
        world.press(Qt.Key.Key_Z, SHIFT)
        await world.until(lambda: panel.message and panel.message.language == "da", "done again")
        world.press(Qt.Key.Key_R)
        await world.until(lambda: bench.composer.entry is not None, "a reply")
        assert bench.composer.view.language.value == "da"

    run(profile, practice, steps)


def test_a_reply_that_is_open_follows(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        bench, panel = world.bench, world.bench.panel
        practice.post("Hei takk", language="")
        await take_up(world)
        await world.until(lambda: panel.message and panel.message.language, "found out")
        world.press(Qt.Key.Key_R)
        await world.until(lambda: bench.composer.entry is not None, "a reply")
        bench.actions.run("case.spoken")
        await world.dialog(SpokenPicker)
        world.write("swedish")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: bench.composer.view.language.value == "sv", "the reply follows")

    run(profile, practice, steps)


def test_why_is_said() -> None:
    said = plain(because(Told("de", "en", "de", 97, True, "text")))
    assert said == "The network says English. The text looks like German (97%)."
    assert "Danish" in because(Told("da", corrected="da"))
    assert plain(because(Told("und", "", "und", 100, False, "nothing"))) == "Nothing in it tells a language."
    assert because(Told(""))
