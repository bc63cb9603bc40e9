"""Approval from the real window, by keyboard: what a trainee writes waits, is changed, let go or sent back."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.practice_network import PracticeNetwork, network_in_thread
from tests.views.desk_world import World, run
from workstation.domain.differences import Change
from workstation.domain.outbox import State
from workstation.practice.options import Options
from workstation.views.approval.desk import PersonSheet, RemarkSheet
from workstation.views.approval.page import ApprovalPage
from workstation.views.leaving import Question
from workstation.views.settings.approval import ApprovalSection
from workstation.views.settings.page import SECTIONS, SettingsPage

pytestmark = pytest.mark.usefixtures("qapp")
CTRL = Qt.KeyboardModifier.ControlModifier
QUIET = Options(rate=0.0, backlog=20, replies=False)


def page_of(world: World) -> ApprovalPage:
    found = world.window.widget("page.approval")
    assert isinstance(found, ApprovalPage)
    return found


async def answer(world: World, text: str) -> int:
    """Answer the first case that waits, as a trainee does; its case."""
    bench = world.bench
    world.window.go("page.deck")
    await world.until(lambda: bench.deck.columns[0].view.model.rows, "a card")
    bench.deck.focus_column(0)
    bench.deck.move_selection(1)
    await world.until(lambda: bench.deck.current_entry is not None, "selected")
    bench.deck.open_current()
    await world.until(lambda: bench.panel.entries, "thread")
    world.press(Qt.Key.Key_R)
    await world.until(lambda: bench.composer.entry is not None and bench.composer.view.editor.hasFocus(), "composer")
    world.write(text)
    world.press(Qt.Key.Key_Return, CTRL)
    await world.outbox(lambda rows: rows[-1].state is State.WAITS, "it waits")
    await world.until(lambda: bench.composer.entry is None, "the composer is closed")
    assert bench.panel.case is not None
    return bench.panel.case.id


async def approval(world: World) -> ApprovalPage:
    """Go there by key."""
    world.press(Qt.Key.Key_7, CTRL)
    await world.until(lambda: world.window.page == "page.approval" and page_of(world).current is not None, "approval")
    return page_of(world)


async def _switched_on_in_the_settings(world: World) -> None:
    world.window.go("page.settings")
    settings = world.window.widget("page.settings")
    assert isinstance(settings, SettingsPage)
    settings.sections.setCurrentRow([name.msgid for _icon, name in SECTIONS].index("Approval"))
    section = settings.findChild(ApprovalSection)
    assert section is not None
    section.switch.click()
    question: Question = await world.dialog(Question)
    assert not section.switch.isChecked()
    question._pressed("on")
    await world.until(lambda: "trainee" in world.window.banners, "the strip")
    assert await world.desk.approval.required()


def test_switched_on_in_the_settings(tmp_path: Path) -> None:
    run(tmp_path, None, _switched_on_in_the_settings)


async def _changed_approved_and_taken_back(world: World) -> None:
    world.desk.settings.change(undo_seconds=60)
    await world.desk.approval.require(True)
    await answer(world, "We are sory, thank you")
    page = await approval(world)
    world.press(Qt.Key.Key_O)
    world.press(Qt.Key.Key_E)
    await world.until(page.editor.hasFocus, "the words")
    page.editor.selectAll()
    world.write("We are sorry, thank you")
    assert [(piece.change, piece.text) for piece in page.tracked.pieces if piece.change is not Change.KEPT] == [
        (Change.OUT, "sory"),
        (Change.IN, "sorry"),
    ]
    assert "[−sory][+sorry]" in page.tracked.toPlainText()
    world.press(Qt.Key.Key_Return, CTRL)
    await world.dialog(PersonSheet)
    world.press(Qt.Key.Key_Return)
    await world.until(lambda: any("Approved" in text for text in world.window.notices.texts), "approved")
    (row,) = await world.bench.casebook.outgoing((State.QUEUED,))
    assert row.operation.text == "We are sorry, thank you"
    page.list.setFocus()
    world.press(Qt.Key.Key_Z)
    await world.outbox(lambda rows: rows[-1].state is State.WAITS, "it waits again")
    assert not any(post["created"] for post in NETWORKS[-1].statistics()["posts"])


def test_changed_approved_and_taken_back(tmp_path: Path) -> None:
    with network_in_thread(QUIET) as network:
        NETWORKS.append(network)
        run(tmp_path, network, _changed_approved_and_taken_back)


NETWORKS: list[PracticeNetwork] = []
"""The one that the window of the running test is on comes last."""


async def _sent_back_with_a_remark(world: World) -> None:
    await world.desk.approval.require(True)
    case = await answer(world, "No.")
    page = await approval(world)
    page.list.setFocus()
    world.press(Qt.Key.Key_O)
    world.press(Qt.Key.Key_R)
    sheet: RemarkSheet = await world.dialog(RemarkSheet)
    world.write("Kinder, please")
    sheet._pressed("back")
    await world.outbox(lambda rows: rows[-1].state is State.CANCELLED, "sent back")
    (note,) = await world.bench.casebook.notes(case)
    assert note.text == "Kinder, please"
    draft = await world.desk.drafting.load(case)
    assert draft is not None
    assert draft.text == "No."
    happened = [each.what for each in await world.bench.casebook.happenings(case)]
    assert happened[-2:] == ["add_note", "sent_back"]


def test_sent_back_with_a_remark(tmp_path: Path) -> None:
    with network_in_thread(QUIET) as network:
        run(tmp_path, network, _sent_back_with_a_remark)


async def _own_words_at_a_second_look(world: World) -> None:
    await world.desk.approval.require(True)
    await answer(world, "Thank you!")
    page = await approval(world)
    page.list.setFocus()
    world.press(Qt.Key.Key_O)
    world.press(Qt.Key.Key_K)
    await world.until(lambda: any("looked at again from" in text for text in world.window.notices.texts), "too early")
    # The clock of the test's desk goes on: ten minutes later.
    (waiting,) = await world.desk.approval.waiting()
    job = "UPDATE reviews SET waits_since = waits_since - 600000000"
    await world.desk.store.database.write(lambda transaction: transaction.connection.execute(job).rowcount)
    world.bench.approving.refresh()
    await world.until(lambda: page.current is not None and page.current.review != waiting.review, "later")
    world.press(Qt.Key.Key_O)
    world.press(Qt.Key.Key_K)
    await world.until(lambda: any("read again" in text for text in world.window.notices.texts), "looked")
    assert (await world.bench.casebook.outgoing())[-1].state is State.WAITS
    world.press(Qt.Key.Key_O)
    world.press(Qt.Key.Key_K)
    await world.outbox(lambda rows: rows[-1].state is State.SENT, "sent")


def test_own_words_at_a_second_look(tmp_path: Path) -> None:
    with network_in_thread(QUIET) as network:
        run(tmp_path, network, _own_words_at_a_second_look)


async def _the_writer_takes_it_back(world: World) -> None:
    await world.desk.approval.require(True)
    case = await answer(world, "Oops")
    world.press(Qt.Key.Key_Z)
    await world.outbox(lambda rows: rows[-1].state is State.CANCELLED, "taken back")
    await world.until(lambda: world.bench.composer.entry is not None, "the words are back")
    assert world.bench.composer.view.text == "Oops"
    assert await world.desk.approval.waiting() == ()
    assert case


def test_the_writer_takes_it_back(tmp_path: Path) -> None:
    with network_in_thread(QUIET) as network:
        run(tmp_path, network, _the_writer_takes_it_back)
