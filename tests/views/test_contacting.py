"""Calls, letters and talks in the real window, by keyboard."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from workstation.domain.cases import Status
from workstation.domain.messages import Kind
from workstation.views.contacts.sheet import ContactSheet

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_a_call_is_noted_answered_and_gone_on_with(practice: PracticeNetwork, tmp_path: Path) -> None:
    async def steps(world: World) -> None:
        world.press(Qt.Key.Key_N, SHIFT)
        asked = await world.dialog(ContactSheet)
        assert not asked.ours.isVisible()
        world.press(Qt.Key.Key_Return)
        assert asked.isVisible()
        assert asked.missing.isVisible()
        world.write("Ada Example")
        world.press(Qt.Key.Key_Tab)
        world.write("+49 30 1234567")
        asked.text.setFocus()
        world.write("The parcel came open.")
        world.press(Qt.Key.Key_Tab)
        world.press(Qt.Key.Key_Tab)
        world.press(Qt.Key.Key_Return)
        panel = world.bench.panel
        await world.until(lambda: panel.entry and panel.entry.message.kind is Kind.CALL, "the case is shown")
        entry = panel.entry
        assert entry is not None
        assert entry.message.author.name == "Ada Example"
        assert entry.message.text == "The parcel came open."
        assert entry.case is not None
        assert entry.case.status is Status.NEW
        world.press(Qt.Key.Key_N, SHIFT)
        asked = await world.dialog(ContactSheet)
        assert asked.goes_on.isChecked()
        asked.ours.setChecked(True)
        asked.text.setFocus()
        world.write("We send a new one.")
        world.press(Qt.Key.Key_Tab)
        world.press(Qt.Key.Key_Tab)
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: len(panel.entries) == 2, "both are in the thread")
        assert [each.message.own for each in panel.entries] == [False, True]
        reply = world.bench.actions["case.reply"]
        await world.until(lambda: not reply.isEnabled(), "nothing can be answered here by the network")

    run(tmp_path / "profile", practice, steps)
