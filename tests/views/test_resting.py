"""What waits for a rest of typing: nobody who asks for it is told something old, and nothing is sent unchecked."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_two_sides import reply
from workstation.domain.checks import Kind
from workstation.views.case.resting import Resting

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_work_is_done_once_after_a_rest_or_at_once(qtbot: QtBot) -> None:
    owner, done = QObject(), list[int]()
    resting = Resting(owner, 20, 10_000, lambda: done.append(1))
    resting.flush()
    assert not done
    resting.later()
    resting.later()
    assert (resting.waiting, done) == (True, [])
    resting.flush()
    assert (resting.waiting, done) == (False, [1])
    resting.later()
    qtbot.waitUntil(lambda: len(done) == 2)
    resting.later()
    resting.cancel()
    resting.flush()
    assert len(done) == 2


def test_somebody_who_never_rests_does_not_put_it_off(qtbot: QtBot) -> None:
    owner, done = QObject(), list[int]()
    resting = Resting(owner, 400, 20, lambda: done.append(1))

    def typed() -> bool:
        resting.later()
        return bool(done)

    qtbot.waitUntil(typed)  # asks far more often than every 400 ms


def test_nothing_is_sent_that_was_typed_since_the_last_check(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        view = await reply(world, practice, "Wann kommt mein Paket?", "de")
        world.write("It comes at 5.")
        world.press(Qt.Key.Key_F2)
        world.write("Es kommt um 5.")
        await world.until(lambda: not world.bench.composer._checking.waiting, "looked at")
        assert view._send.isEnabled()
        world.press(Qt.Key.Key_Backspace)
        world.write("0.")
        assert world.bench.composer._checking.waiting
        world.press(Qt.Key.Key_Return, CONTROL)  # before typing has rested
        assert {each.kind for each in view.strip.known} == {Kind.NUMBER}
        assert not view._send.isEnabled()
        assert view.target.text.textCursor().selectedText() == "50"
        assert world.bench.composer.entry is not None
        assert await world.bench.casebook.outgoing() == ()

    run(profile, practice, steps, two_sides=True)
