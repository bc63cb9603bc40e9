"""Sending with care: taken back in time, held across restarts, and not over the head of somebody quicker."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_flow import own_statuses, sent
from tests.views.test_languages import begin_reply
from tests.waiting import UNDO_SECONDS
from workstation.domain.outbox import State
from workstation.views.case.meanwhile import MeanwhileSheet, WiderSheet

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


async def write_reply(world: World, text: str) -> None:
    await begin_reply(world)
    editor = world.bench.composer.view.editor
    await world.until(lambda: world.focus() is editor, "the editor has the focus")
    world.write(text)
    await world.until(lambda: world.bench.panel.entries, "the thread")


def test_z_takes_a_reply_back_and_gives_the_text_back(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        practice.post("where is it?")
        await write_reply(world, "On its way.")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: world.bench.composer.entry is None, "queued")
        await world.until(lambda: any("second" in text for text in world.window.notices.texts), "countdown")
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: world.bench.composer.entry is not None, "the reply is open again")
        assert world.bench.composer.view.text == "On its way."
        rows = await world.bench.casebook.outgoing(tuple(State))
        assert [row.state for row in rows] == [State.CANCELLED]

    before = len(own_statuses(practice))
    run(profile, practice, steps, undo_seconds=UNDO_SECONDS)
    assert len(own_statuses(practice)) == before


def test_the_hold_outlives_the_window(practice: PracticeNetwork, profile: Path) -> None:
    before = len(own_statuses(practice))

    async def hold(world: World) -> None:
        practice.post("where is it?")
        world.press(Qt.Key.Key_H, CONTROL, SHIFT)
        await world.until(lambda: "held" in world.window.banners, "the strip")
        await write_reply(world, "Held back.")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: world.bench.composer.entry is None, "queued")

    async def release(world: World) -> None:
        assert "held" in world.window.banners
        assert len(own_statuses(practice)) == before
        world.press(Qt.Key.Key_H, CONTROL, SHIFT)
        await world.until(lambda: "held" not in world.window.banners, "released")
        await sent(world)

    run(profile, practice, hold)
    run(profile, practice, release)
    assert len(own_statuses(practice)) == before + 1


def test_somebody_quicker_is_shown_before_sending(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        posted = practice.post("where is it?")
        await write_reply(world, "Second answer.")
        values = {"status": "First answer.", "in_reply_to_id": posted["id"]}
        practice.request("POST", "/api/v1/statuses", practice.tokens["agent"], values)
        world.press(Qt.Key.Key_Return, CONTROL)
        sheet = await world.dialog(MeanwhileSheet)
        world.press(Qt.Key.Key_Escape)
        await world.until(lambda: world.bench.composer.view.editor.isEnabled() and not sheet.isVisible(), "looked")
        assert world.bench.composer.view.text == "Second answer."
        await world.until(world.window.isActiveWindow, "back")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: world.bench.composer.entry is None, "now it is no surprise")
        await sent(world)

    before = len(own_statuses(practice))
    run(profile, practice, steps)
    assert len(own_statuses(practice)) == before + 2


def test_an_unfilled_placeholder_blocks_and_is_jumped_to(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        practice.post("where is it?")
        await write_reply(world, "Order {order_no} left.")
        world.press(Qt.Key.Key_Return, CONTROL)
        view = world.bench.composer.view
        assert view.editor.textCursor().selectedText() == "{order_no}"
        assert not view._send.isEnabled()
        assert "order_no" in view._words.text()
        world.write("4711")
        assert view._send.isEnabled()
        assert await world.bench.casebook.outgoing(tuple(State)) == ()

    run(profile, practice, steps)


def test_more_public_than_the_question_is_asked_for(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        practice.post("psst", visibility="direct")
        await write_reply(world, "Out loud.")
        view = world.bench.composer.view
        assert view.visibility.value.value == "direct"
        public = next(choice for choice in view.visibility._choices if choice.value == "public")
        view.visibility._pick(public)
        assert "More people" in view._words.text()
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.dialog(WiderSheet)
        world.press(Qt.Key.Key_Escape)
        await world.until(world.window.isActiveWindow, "back")
        assert await world.bench.casebook.outgoing(tuple(State)) == ()

    run(profile, practice, steps)
