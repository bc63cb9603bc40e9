"""Around a case, by keyboard: other cases, links, people, questions inside, known issues, retracting."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_flow import own_statuses, sent, take_up
from tests.waiting import told
from workstation.domain.cases import Case, Holder, Status
from workstation.domain.outbox import Act, State
from workstation.domain.ties import TieKind
from workstation.i18n import plain
from workstation.views.bulk.answer_sheet import AnswerSheet
from workstation.views.case.escalation_sheet import AnswerSheet as InsideSheet
from workstation.views.case.escalation_sheet import EscalationSheet
from workstation.views.case.meanwhile import PrivateWordsSheet
from workstation.views.case.others import CasePicker, KindPicker
from workstation.views.case.person_picker import PersonPicker
from workstation.views.case.pickers import MomentPicker
from workstation.views.case.retracting import RetractSheet
from workstation.views.issues.picker import IssuePicker
from workstation.views.issues.sheet import CloseSheet, IssuesSheet
from workstation.views.widgets.buttons import TextButton

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
CONTROL = Qt.KeyboardModifier.ControlModifier


def chord(world: World, key: Qt.Key) -> None:
    """Press G, then a key."""
    world.press(Qt.Key.Key_G)
    world.press(key)


async def arrived(world: World, count: int) -> list[Case]:
    """The cases, oldest first, once there are so many."""

    async def look() -> bool:
        return len([case async for part in world.desk.store.messages.export_cases() for case in part]) >= count

    await told(world.desk.feed.subscribe, look, f"{count} cases")
    return [case async for part in world.desk.store.messages.export_cases() for case in part]


async def open_case(world: World, case: Case) -> None:
    """Show a case and wait for its thread."""
    world.bench.show_case(case.id)
    panel = world.bench.panel
    await world.until(lambda: panel.case and panel.case.id == case.id and panel.entries, "the case is open")
    panel.thread_view.focus_current()


def case_shown(world: World) -> Case:
    """The case that is open in the panel."""
    case = world.bench.panel.case
    assert case is not None
    return case


def press_button(world: World, sheet: QWidget, answer: str) -> None:
    """Press the button of a sheet whose text begins so."""
    buttons = [button for button in sheet.findChildren(TextButton) if plain(button.text()).strip().startswith(answer)]
    QTest.keyClick(buttons[0], Qt.Key.Key_Space)


async def said(world: World, words: str) -> None:
    """Wait for a notice."""
    await world.until(lambda: any(words in plain(text) for text in world.window.notices.texts), words)


def test_other_cases_are_gone_to_and_linked_into_one_thread(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        bench, panel = world.bench, world.bench.panel
        first = practice.post("Where is my parcel?")
        acct = first["account"]["acct"]
        told = practice.post("My number is 4711, please do not tell", acct=acct, visibility="direct")
        public, private = await arrived(world, 2)
        await open_case(world, public)
        await world.until(lambda: panel.around.others, "the other case is warned of")
        chord(world, Qt.Key.Key_O)
        await world.dialog(CasePicker)
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: panel.case and panel.case.id == private.id, "gone there")
        await world.until(lambda: len(panel.entries) == 1, "alone")
        chord(world, Qt.Key.Key_L)
        await world.dialog(CasePicker)
        world.press(Qt.Key.Key_Return)
        await world.dialog(KindPicker)
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: len(panel.entries) == 2 and panel.around.ties, "one thread")
        (tie,) = panel.around.ties
        assert tie.kind is TieKind.CONTINUES
        await world.until(lambda: panel.thread_view._marks, "where it switched")
        (mark,) = panel.thread_view._marks.values()
        assert "private" in mark.accessibleName()
        await world.until(world.window.isActiveWindow, "back")
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: len(panel.entries) == 1 and not panel.around.ties, "taken back")
        world.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)
        await world.until(lambda: len(panel.entries) == 2, "done again")
        # Answering the public words in a conversation with private ones is warned of, twice.
        await open_case(world, public)
        await world.until(lambda: len(panel.entries) == 2, "both")
        practice.post("Do you see my number?", acct=acct, visibility="direct", in_reply_to_id=told["id"])
        await world.until(lambda: len(panel.entries) == 3, "what is said in private is read here too")
        theirs = next(entry for entry in panel.entries if entry.case and entry.case.id == public.id)
        bench.composer.open_reply(theirs, panel.entries)
        editor = bench.composer.view.editor
        await world.until(lambda: world.focus() is editor, "the editor")
        await world.until(lambda: "private" in bench.composer.view._words.text(), "the warning")
        world.write("We look into it.")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.dialog(PrivateWordsSheet)
        world.press(Qt.Key.Key_Escape)
        await world.until(lambda: world.window.isActiveWindow() and bench.composer.entry is not None, "kept")

    run(profile, practice, steps)


def test_accounts_are_linked_by_hand_and_split_again(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        panel = world.bench.panel
        practice.post("Where is my parcel?", acct="ada.lovett@one.example")
        practice.post("Nothing arrived here either", acct="ada.lovett@two.example")
        one, _other = await arrived(world, 2)
        await open_case(world, one)
        chord(world, Qt.Key.Key_H)
        await world.until(lambda: panel.history._person.suggestions, "a suggestion")
        assert not panel.around.others  # nothing is linked by itself
        chord(world, Qt.Key.Key_P)
        await world.dialog(PersonPicker)
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: len(panel.around.others) == 1, "their case is this person's")
        await world.until(lambda: len(panel.history._person.accounts) == 2, "two accounts")
        await world.until(lambda: panel.history.list.count() == 2, "both histories")
        assert not panel.history.list.item(0).icon().isNull()
        await world.until(world.window.isActiveWindow, "back")
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: not panel.around.others, "taken back")
        world.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)
        await world.until(lambda: panel.around.others, "done again")
        chord(world, Qt.Key.Key_P)
        await world.dialog(PersonPicker)
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: not panel.around.others, "split")

    run(profile, practice, steps)


def test_people_inside_are_asked_and_their_answer_is_a_note(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        panel = world.bench.panel
        practice.post("Call me on +49 170 1234567 or write to ada@home.example")
        await take_up(world)
        chord(world, Qt.Key.Key_E)
        sheet = await world.dialog(EscalationSheet)
        world.write("Billing <billing@acme.example>")
        sheet.ask.setPlainText("Was the refund paid?")
        assert "1234567" not in sheet.text.toPlainText()
        assert "ada@home" not in sheet.text.toPlainText()
        assert panel.entry is not None
        name = panel.entry.message.author.name
        assert name not in sheet.text.toPlainText()
        sheet.flags["customer"].setChecked(True)
        assert name in sheet.text.toPlainText()
        sheet.messages.item(0).setCheckState(Qt.CheckState.Unchecked)
        assert "Call me" not in sheet.text.toPlainText()
        sheet.messages.item(0).setCheckState(Qt.CheckState.Checked)
        press_button(world, sheet, "Copy")
        await world.until(lambda: panel.case and panel.case.escalated_at, "waiting for the answer")
        copied = QGuiApplication.clipboard().text()
        assert f"[case {case_shown(world).id}]" in copied
        assert "Was the refund paid?" in copied
        await world.until(lambda: panel.around.escalation, "to whom")
        await world.until(world.window.isActiveWindow, "back")
        chord(world, Qt.Key.Key_A)
        answer = await world.dialog(InsideSheet)
        answer.editor.setPlainText("Paid on Monday.")
        press_button(world, answer, "Keep")
        await world.until(lambda: panel.case and not panel.case.escalated_at, "answered")
        notes = await world.bench.casebook.notes(case_shown(world).id)
        assert [note.text for note in notes] == ["Paid on Monday."]
        await world.until(world.window.isActiveWindow, "back")
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: panel.case and panel.case.escalated_at, "waiting again")

    run(profile, practice, steps)


def test_a_known_issue_one_update_for_all_and_its_end(practice: PracticeNetwork, profile: Path) -> None:
    before = len(own_statuses(practice))

    async def steps(world: World) -> None:
        panel, desk = world.bench.panel, world.desk
        practice.post("The card is refused")
        practice.post("My card does not work")
        one, two = await arrived(world, 2)
        await open_case(world, one)
        chord(world, Qt.Key.Key_I)
        await world.dialog(IssuePicker)
        world.write("Cards are refused")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: panel.case and panel.case.issue, "filed under a new one")
        await open_case(world, two)
        await world.until(world.window.isActiveWindow, "back")
        chord(world, Qt.Key.Key_I)
        await world.dialog(IssuePicker)
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: panel.case and panel.case.issue and panel.around.issue, "filed under the same")
        await world.until(world.window.isActiveWindow, "back")
        chord(world, Qt.Key.Key_K)
        issues = await world.dialog(IssuesSheet)
        press_button(world, issues, "One update")
        sheet = await world.dialog(AnswerSheet)
        sheet.common.setPlainText("Dear {name}, cards work again.")
        await world.until(sheet.send.isEnabled, "filled for each")
        texts = [reply.text for reply in sheet._replies]
        assert len(texts) == 2
        assert all(text.startswith("Dear ") and "{" not in text for text in texts)
        QTest.keyClick(sheet.send, Qt.Key.Key_Space)
        await said(world, "2 replies")
        await sent(world)
        assert len(own_statuses(practice)) == before + 2
        after = [await desk.casebook.case(case.id) for case in (one, two)]
        assert all(case is not None and not case.solved_at for case in after)
        await world.until(world.window.isActiveWindow, "back")
        chord(world, Qt.Key.Key_K)
        issues = await world.dialog(IssuesSheet)
        press_button(world, issues, "Close the issue")
        question = await world.dialog(CloseSheet)
        press_button(world, question, "Close it and resolve")

        async def solved() -> bool:
            found = [await desk.casebook.case(case.id) for case in (one, two)]
            return all(case is not None and case.status is Status.SOLVED for case in found)

        await told(desk.feed.subscribe, solved, "both are solved")
        (issue,) = await desk.issues.list()
        assert issue.active == 0
        issues.reject()

    run(profile, practice, steps)


def test_our_words_are_retracted_and_a_correction_is_drafted(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        bench, panel = world.bench, world.bench.panel
        practice.post("When will it come?")
        await take_up(world)
        chord(world, Qt.Key.Key_R)
        await said(world, "no message of ours")
        world.press(Qt.Key.Key_R)
        editor = bench.composer.view.editor
        await world.until(lambda: world.focus() is editor, "the editor")
        world.write("On Monday.")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: bench.composer.entry is None, "queued")
        await sent(world)
        await world.until(lambda: any(entry.message.own for entry in panel.entries), "in the thread")
        await world.until(lambda: world.focus() is not editor, "the focus is back")
        chord(world, Qt.Key.Key_R)
        sheet = await world.dialog(RetractSheet)
        press_button(world, sheet, "Delete and correct")
        await world.until(lambda: bench.composer.entry is not None, "the correction is drafted")
        assert "On Monday." in bench.composer.view.text
        assert bench.composer.view.text.startswith("Correction")
        await world.outbox(
            lambda rows: any(row.operation.act is Act.DELETE and row.state is State.SENT for row in rows), "deleted"
        )
        await world.until(
            lambda: any(entry.message.own and entry.message.deleted_at for entry in panel.entries), "gone there"
        )
        happened = [row.what for row in await bench.casebook.happenings(case_shown(world).id)]
        assert "act:delete" in happened

    run(profile, practice, steps)


def test_an_answer_asks_whether_it_kept_the_promise(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        bench, panel = world.bench, world.bench.panel
        practice.post("When will it come?")
        await take_up(world)
        world.press(Qt.Key.Key_P)
        await world.dialog(MomentPicker)
        world.write("2h")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: panel.case and panel.case.due_at, "promised")
        await world.until(world.window.isActiveWindow, "back")
        world.press(Qt.Key.Key_R)
        editor = bench.composer.view.editor
        await world.until(lambda: world.focus() is editor, "the editor")
        world.write("Here it is.")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: bench.composer.entry is None, "queued")
        await said(world, "Was that it?")
        assert case_shown(world).due_at
        await world.until(lambda: world.focus() is not editor, "the focus is back")
        chord(world, Qt.Key.Key_D)
        await world.until(lambda: panel.case and not panel.case.due_at, "kept")
        await said(world, "Promise kept")
        happened = [row for row in await bench.casebook.happenings(case_shown(world).id) if row.what == "promise"]
        assert happened[-1].detail["kept"] == "yes"
        assert case_shown(world).holder in (Holder.MINE, Holder.FREE)

    run(profile, practice, steps)
