"""The first shift, by keyboard alone: a mention arrives, is claimed, tagged, answered from a template and resolved."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from workstation.domain.cases import Holder, Status
from workstation.domain.outbox import State
from workstation.views.case.pickers import OutcomePicker, TagPicker
from workstation.views.case.template_picker import TemplatePicker

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
QUESTION = "my order 48151623 has not arrived, where is it?"


def own_statuses(network: PracticeNetwork) -> list[str]:
    account = network.account_ids["agent"]
    found = network.request("GET", f"/api/v1/accounts/{account}/statuses?limit=40", network.tokens["agent"])
    return [status["content"] for status in found]


async def take_up(world: World) -> None:
    """Go to the first column's card and open it."""
    bench = world.bench
    await world.until(lambda: bench.deck.columns and bench.deck.columns[0].view.model.rows, "the mention is shown")
    world.press(Qt.Key.Key_1)
    world.press(Qt.Key.Key_J)
    await world.until(lambda: bench.deck.current_entry is not None, "selected")
    world.press(Qt.Key.Key_Return)
    await world.until(lambda: bench.panel.entries, "the thread is shown")


async def claim_and_tag(world: World) -> None:
    panel = world.bench.panel
    world.press(Qt.Key.Key_A)
    await world.until(lambda: panel.entry and panel.entry.case and panel.entry.case.holder is Holder.MINE, "claimed")
    world.press(Qt.Key.Key_T)
    await world.dialog(TagPicker)
    world.write("delivery")
    world.press(Qt.Key.Key_Return)
    await world.until(lambda: panel.entry and panel.entry.case and panel.entry.case.tags == ("delivery",), "tagged")


async def answer(world: World) -> None:
    bench = world.bench
    world.press(Qt.Key.Key_M)
    picker = await world.dialog(TemplatePicker)
    assert picker.list.count() > 0
    world.press(Qt.Key.Key_Return)
    await world.until(lambda: bench.composer.view.text, "the template is in the reply")
    editor = bench.composer.view.editor
    await world.until(lambda: world.focus() is editor, "the editor has the focus")
    for _ in range(8):
        if not editor.next_blank():
            break
        world.write("48151623")
    world.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await world.until(lambda: bench.composer.entry is None, "the reply is in the outbox")
    await sent(world)


async def sent(world: World) -> None:
    """Wait until the outbox has sent what it holds."""
    await world.outbox(lambda rows: all(row.state is State.SENT for row in rows), "everything is sent")


async def resolve(world: World) -> None:
    panel = world.bench.panel
    world.press(Qt.Key.Key_E)
    await world.dialog(OutcomePicker)
    world.press(Qt.Key.Key_1)
    await world.until(lambda: panel.entry and panel.entry.case and panel.entry.case.status is Status.SOLVED, "solved")


def test_first_shift_by_keyboard(practice: PracticeNetwork, profile: Path) -> None:
    before = len(own_statuses(practice))
    replies: list[str] = []

    async def shift(world: World) -> None:
        practice.post(QUESTION)
        await take_up(world)
        await claim_and_tag(world)
        await answer(world)
        await resolve(world)

    async def next_day(world: World) -> None:
        bench = world.bench
        found = await world.desk.search.find("48151623")
        assert found is not None
        case = next(entry.case for entry in found.entries if entry.case is not None)
        assert (case.status, case.tags, case.outcome) == (Status.SOLVED, ("delivery",), case.outcome)
        bench.show_case(case.id)
        await world.until(lambda: len(bench.panel.entries) >= 2, "question and answer are there")
        replies.extend(entry.message.text for entry in bench.panel.entries if entry.message.own)

    run(profile, practice, shift)
    assert len(own_statuses(practice)) == before + 1
    run(profile, practice, next_day)
    assert len(replies) == 1
    assert len(own_statuses(practice)) == before + 1
