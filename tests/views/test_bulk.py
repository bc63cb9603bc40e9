"""Many at once from the window, by keyboard: marked, previewed, done, undone; a wave as one card, answered once."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_flow import own_statuses
from tests.waiting import UNDO_SECONDS
from workstation.domain.cases import Entry, Holder, Outcome, Status
from workstation.domain.outbox import Act, State
from workstation.services.bulk import Verdict
from workstation.views.bulk.alike_sheet import AlikeSheet
from workstation.views.bulk.answer_sheet import AnswerSheet
from workstation.views.bulk.choices import BulkPicker, OneTag, PriorityPicker
from workstation.views.bulk.lines import words
from workstation.views.bulk.preview import Preview
from workstation.views.case.pickers import OutcomePicker
from workstation.views.case.template_picker import TemplatePicker
from workstation.views.deck.accessible import Rows

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
_Modifier = Qt.KeyboardModifier
CONTROL, SHIFT = _Modifier.ControlModifier, _Modifier.ShiftModifier
PEOPLE = ("ines", "jonas", "mbali", "yuki", "priya", "luca")


async def wave(world: World, practice: PracticeNetwork, *texts: str) -> None:
    """Customers write, each one of the texts, and their cases stand in the first column."""
    for number, text in enumerate(texts):
        who = PEOPLE[number % len(PEOPLE)]
        practice.post(text, acct=who, display_name=who.title())
    await world.until(lambda: len(rows(world)) == len(texts), f"{len(texts)} cases")
    world.press(Qt.Key.Key_1)
    world.press(Qt.Key.Key_J)
    await world.until(lambda: world.bench.deck.current_entry is not None, "selected")


def rows(world: World) -> list[Entry]:
    columns = world.bench.deck.columns
    return list(columns[0].view.model.rows) if columns else []


def filled(sheet: AnswerSheet) -> bool:
    """Whether everybody has a reply that can be sent."""
    return sheet.send.isEnabled() and all(reply.ready for reply in sheet._replies)


async def statuses(world: World) -> list[Status]:
    await world.desk.actions.settled()  # what is shown may be ahead of it
    cases = await world.desk.store.cases.faces(range(1, 20))
    return [entry.case.status for entry in cases if entry.case is not None]


def test_marked_by_keyboard_previewed_resolved_and_taken_back_in_one_step(
    practice: PracticeNetwork, profile: Path
) -> None:
    async def steps(world: World) -> None:
        bench = world.bench
        await wave(world, practice, "Where is my parcel?", "My invoice is wrong", "I forgot my password")
        marking, bar = bench.deck.marking, bench.bulk.bar
        world.press(Qt.Key.Key_J, SHIFT)
        assert len(marking) == 2
        assert bar.isVisible()
        assert "2" in bar.count.text()
        world.press(Qt.Key.Key_J, SHIFT)
        world.press(Qt.Key.Key_K, SHIFT)
        assert len(marking) == 2, "the stretch grows shorter again"
        world.press(Qt.Key.Key_A, CONTROL)
        assert len(marking) == 3
        view = bench.deck.columns[0].view
        interface = QAccessible.queryAccessibleInterface(view)
        assert isinstance(interface, Rows)
        row = interface.child(0)
        assert row is not None
        assert row.state().checked
        world.press(Qt.Key.Key_E)
        await world.dialog(OutcomePicker)
        world.press(Qt.Key.Key_2)
        sheet: Preview = await world.dialog(Preview)
        assert [line.verdict for line in sheet._lines] == [Verdict.CHANGES] * 3
        assert "Solved" in words(sheet.list.item(0))[2]
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: not len(marking), "done")
        assert await statuses(world) == [Status.SOLVED] * 3
        await world.until(lambda: not rows(world), "gone")
        assert not bar.isVisible()
        await world.until(world.window.isActiveWindow, "the window has the keys again")
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: len(rows(world)) == 3, "all are back")
        assert await statuses(world) == [Status.NEW] * 3
        world.press(Qt.Key.Key_Z, SHIFT)
        await world.until(lambda: not rows(world), "and gone again")
        await world.desk.actions.settled()
        assert {entry.case.outcome for entry in await world.desk.store.cases.faces((1, 2, 3)) if entry.case} == {
            Outcome.NO_REPLY_NEEDED
        }

    run(profile, practice, steps)


def test_marked_by_mouse_and_what_ends_it(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        bench = world.bench
        await wave(world, practice, "Where is my parcel?", "My invoice is wrong", "I forgot my password")
        marking, view = bench.deck.marking, bench.deck.columns[0].view
        at = [QPoint(40, row.y + 20) for row in view.placed]
        left, right = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
        QTest.mouseClick(view.viewport(), left, pos=at[0])
        assert len(marking) == 0
        QTest.mouseClick(view.viewport(), left, CONTROL, at[2])
        assert len(marking) == 2, "the first one is meant too"
        QTest.mouseClick(view.viewport(), left, CONTROL, at[2])
        assert len(marking) == 1
        QTest.mouseClick(view.viewport(), left, pos=at[0])
        assert len(marking) == 0
        QTest.mouseClick(view.viewport(), left, SHIFT, at[2])
        assert len(marking) == 3
        QTest.mousePress(view.viewport(), right, pos=at[1])
        assert len(marking) == 3, "a menu on a marked card is about all"
        world.press(Qt.Key.Key_Escape)
        assert len(marking) == 0
        world.press(Qt.Key.Key_V)
        assert len(marking) == 1
        QTest.mousePress(view.viewport(), right, pos=at[0])
        assert len(marking) == 0, "a menu on another card is about that one"
        world.press(Qt.Key.Key_A, CONTROL)
        bench.deck.columns[0].gather(True)
        assert len(marking) == 0, "the marks went with the rows"
        await world.until(lambda: world.focus() is bench.deck.columns[0].view, "loaded")

    run(profile, practice, steps)


def test_a_column_in_a_window_of_its_own_has_bar_and_sheets_there(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        bench = world.bench
        await wave(world, practice, "Where is my parcel?", "My invoice is wrong")
        bench.deck.toggle_window()
        view = bench.deck.columns[0].view
        await world.until(lambda: view.window() is not world.window and view.window().isActiveWindow(), "torn off")
        view.setFocus()
        world.press(Qt.Key.Key_A, CONTROL)
        assert len(bench.deck.marking) == 2
        assert bench.bulk.bar.isVisible()
        assert bench.bulk.bar.window() is view.window()
        bench.actions.run("bulk.menu")
        menus: list[BulkPicker] = []

        def opened() -> bool:
            menus[:] = [found for found in view.window().findChildren(BulkPicker) if found.isVisible()]
            return bool(menus)

        await world.until(opened, "the menu is there too")
        menus[0].reject()
        await world.until(lambda: view.window().isActiveWindow(), "the column's window again")
        view.window().close()
        await world.until(lambda: view.window() is world.window, "back in the deck")
        await world.until(lambda: bench.bulk.bar.window() is world.window, "the bar came along")
        assert len(bench.deck.marking) == 2
        bench.deck.marking.clear()
        assert not bench.bulk.bar.isVisible()

    run(profile, practice, steps)


def test_rows_are_left_out_and_what_is_refused_says_why(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        bench = world.bench
        await wave(world, practice, "Where is my parcel?", "My invoice is wrong", "I forgot my password")
        world.press(Qt.Key.Key_A)
        await world.until(
            lambda: bench.deck.current_entry and bench.deck.current_entry.case
            and bench.deck.current_entry.case.holder is Holder.MINE, "claimed",
        )  # fmt: skip
        world.press(Qt.Key.Key_A, CONTROL)
        world.press(Qt.Key.Key_A)
        sheet: Preview = await world.dialog(Preview)
        assert sorted(line.verdict for line in sheet._lines) == [Verdict.CHANGES, Verdict.CHANGES, Verdict.SAME]
        sheet.list.setFocus()
        world.press(Qt.Key.Key_Space)
        assert len(sheet.chosen) == 1
        sheet.do.setFocus()
        world.press(Qt.Key.Key_Return)
        await world.until(world.window.isActiveWindow, "done")
        await world.desk.actions.settled()
        cases = await world.desk.store.cases.faces((1, 2, 3))
        assert sum(entry.case.holder is Holder.MINE for entry in cases if entry.case) == 2

    run(profile, practice, steps)


def test_a_tag_and_a_priority_for_all_from_the_menu(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        bench = world.bench
        await wave(world, practice, "Where is my parcel?", "My invoice is wrong")
        for word, kind in (("put a tag", OneTag), ("priority", PriorityPicker)):
            world.press(Qt.Key.Key_A, CONTROL)
            world.press(Qt.Key.Key_U)
            await world.dialog(BulkPicker)
            world.write(word)
            world.press(Qt.Key.Key_Return)
            await world.dialog(kind)
            world.write("urgent")
            world.press(Qt.Key.Key_Return)
            await world.dialog(Preview)
            world.press(Qt.Key.Key_Return)
            await world.until(lambda: not len(bench.deck.marking), "done")
            await world.until(world.window.isActiveWindow, "the window has the keys again")
        await world.desk.actions.settled()
        cases = await world.desk.store.cases.faces((1, 2))
        assert [(entry.case.tags, entry.case.priority) for entry in cases if entry.case] == [(("urgent",), 3)] * 2

    run(profile, practice, steps)


WAVE = (
    "The shop is down and I cannot pay order 11",
    "the shop is down, I cannot pay order 17!!",
    "Shop is down and I cannot pay order 9",
)


def test_a_wave_stands_as_one_card_and_is_answered_once_for_each(practice: PracticeNetwork, profile: Path) -> None:
    before = len(own_statuses(practice))

    async def steps(world: World) -> None:
        bench = world.bench
        await wave(world, practice, *WAVE, "Do you sell tents?")
        world.press(Qt.Key.Key_G, SHIFT)
        column = bench.deck.columns[0]
        await world.until(lambda: len(column.view.model.rows) == 2, "one card for the wave")
        await world.until(lambda: world.focus() is column.view, "the focus is on the rows")
        world.press(Qt.Key.Key_Home)
        entry = bench.deck.current_entry
        assert entry is not None
        assert column.view.model.alike(entry) == 3
        world.press(Qt.Key.Key_Return)
        listed: AlikeSheet = await world.dialog(AlikeSheet)
        assert listed.list.count() == 3
        world.press(Qt.Key.Key_Escape)
        await world.until(world.window.isActiveWindow, "back")
        world.press(Qt.Key.Key_R, SHIFT)
        sheet: AnswerSheet = await world.dialog(AnswerSheet)
        await world.until(lambda: world.focus() is sheet.common, "the editor")
        world.write("Sorry {first_name}, it is back in ten minutes.")
        await world.until(lambda: filled(sheet), "all are filled")
        texts = {reply.text for reply in sheet._replies}
        assert len(texts) == 3
        assert not any("{" in text for text in texts)
        sheet.list.setCurrentRow(2)
        sheet.list.setFocus()
        world.press(Qt.Key.Key_Space)
        sheet.list.setCurrentRow(1)
        sheet.own.setFocus()
        sheet.own.selectAll()
        world.write("Just for you: soon.")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(world.window.isActiveWindow, "sent")
        await world.outbox(lambda found: [row.state for row in found] == [State.SENT] * 2, "two are sent")
        assert sorted(await statuses(world)) == [Status.NEW, Status.NEW, Status.SOLVED, Status.SOLVED]

    run(profile, practice, steps)
    assert len(own_statuses(practice)) == before + 2
    assert any("Just for you" in text for text in own_statuses(practice))


def test_an_answer_to_many_is_taken_back_in_one_step_and_kept_as_drafts(
    practice: PracticeNetwork, profile: Path
) -> None:
    before = len(own_statuses(practice))

    async def steps(world: World) -> None:
        bench = world.bench
        await wave(world, practice, "Where is my parcel?", "My invoice is wrong")
        world.press(Qt.Key.Key_A, CONTROL)
        world.press(Qt.Key.Key_R, SHIFT)
        sheet: AnswerSheet = await world.dialog(AnswerSheet)
        await world.until(lambda: world.focus() is sheet.common, "the editor")
        world.write("We look into it.")
        await world.until(lambda: filled(sheet), "all are filled")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(world.window.isActiveWindow, "queued")
        await world.until(lambda: not rows(world), "resolved")
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: len(rows(world)) == 2, "all are back")
        await world.outbox(lambda found: {row.state for row in found} == {State.CANCELLED}, "nothing leaves")
        assert await statuses(world) == [Status.NEW] * 2
        await world.until(lambda: any("taken back" in text for text in bench.notices.texts), "told")
        keeping = [task for task in bench.tasks._background.tasks() if task.get_name() == "answers back"]
        await asyncio.gather(*keeping)
        for case in (1, 2):
            draft = await world.desk.drafting.load(case)
            assert draft is not None
            assert draft.text == "We look into it."
        assert not bench.desk.actions.can_redo, "what was not sent is not resolved again"

    run(profile, practice, steps, undo_seconds=UNDO_SECONDS)
    assert len(own_statuses(practice)) == before


def test_what_has_left_already_stays_answered_when_the_rest_is_taken_back(
    practice: PracticeNetwork, profile: Path
) -> None:
    async def steps(world: World) -> None:
        await wave(world, practice, "Where is my parcel?", "My invoice is wrong")
        world.press(Qt.Key.Key_A, CONTROL)
        world.press(Qt.Key.Key_R, SHIFT)
        sheet: AnswerSheet = await world.dialog(AnswerSheet)
        await world.until(lambda: world.focus() is sheet.common, "the editor")
        world.write("We look into it.")
        await world.until(lambda: filled(sheet), "all are filled")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: not rows(world), "resolved")
        await world.until(world.window.isActiveWindow, "queued")
        await world.desk.actions.settled()
        first = next(row for row in await world.bench.casebook.outgoing(tuple(State)) if row.case == 1)
        await world.desk.outbox.send_now(first.operation.id)
        await world.outbox(lambda found: State.SENT in {row.state for row in found}, "one has left")
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: len(rows(world)) == 1, "the other one is back")
        assert await statuses(world) == [Status.SOLVED, Status.NEW]
        await world.outbox(lambda found: sorted(row.state for row in found) == [State.CANCELLED, State.SENT], "ended")

    run(profile, practice, steps, undo_seconds=UNDO_SECONDS)


def test_a_template_gives_everybody_the_variant_of_their_language(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        practice.post("Where is my parcel?", acct="ines", language="en")
        practice.post("Wo bleibt mein Paket?", acct="jonas", language="de")
        await world.until(lambda: len(rows(world)) == 2, "both")
        world.press(Qt.Key.Key_1)
        world.press(Qt.Key.Key_J)
        world.press(Qt.Key.Key_A, CONTROL)
        world.press(Qt.Key.Key_R, SHIFT)
        sheet: AnswerSheet = await world.dialog(AnswerSheet)
        QTest.keyClick(sheet.template, Qt.Key.Key_Space)
        picker: TemplatePicker = await world.dialog(TemplatePicker)
        assert picker.current() is not None
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: filled(sheet), "filled")
        assert {reply.language for reply in sheet._replies} == {"en", "de"}
        assert len({reply.text for reply in sheet._replies}) == 2
        sheet.reject()
        await world.until(world.window.isActiveWindow, "left")

    run(profile, practice, steps)


def test_accounts_are_muted_together_and_unmuted_together(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        bench = world.bench
        await wave(world, practice, "Buy followers at x", "Buy my followers at y")
        world.press(Qt.Key.Key_A, CONTROL)
        world.press(Qt.Key.Key_H)
        sheet: Preview = await world.dialog(Preview)
        assert [line.verdict for line in sheet._lines] == [Verdict.CHANGES] * 2
        QTest.keyClick(sheet.do, Qt.Key.Key_Space)
        await world.until(world.window.isActiveWindow, "asked")

        def all_are(act: Act, count: int) -> object:
            return lambda found: [r.state for r in found if r.operation.act is act] == [State.SENT] * count

        await world.outbox(all_are(Act.MUTE, 2), "muted")  # type: ignore[arg-type]
        world.press(Qt.Key.Key_Z)
        await world.outbox(all_are(Act.UNMUTE, 2), "unmuted")  # type: ignore[arg-type]
        assert bench.notices.texts

    run(profile, practice, steps)
