"""People's data in the real window, by keyboard: found, exported, held, erased; retention and evidence."""

import json
from pathlib import Path
from uuid import uuid4

from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.waiting import told
from workstation.domain.outbox import Act, Operation, State
from workstation.views.leaving import Question
from workstation.views.privacy.erase_sheet import EraseSheet
from workstation.views.privacy.hold_sheet import HoldSheet
from workstation.views.privacy.page import PrivacyPage
from workstation.views.widgets.buttons import TextButton

__all__ = ["practice"]

MARK = "parcelmarker"


async def open_page(world: World) -> PrivacyPage:
    """Go to the page by its key and wait for the first person's places."""
    world.bench.deck.focus_column(0)
    world.press(Qt.Key.Key_8, Qt.KeyboardModifier.ControlModifier)
    page = world.bench.privacy.page
    assert page is not None
    await world.until(lambda: page.people.preview is not None or not page.people.list.count(), "places")
    return page


async def customer(world: World, network: PracticeNetwork) -> str:
    """Let somebody write; their handle."""
    network.post(f"Where is my {MARK}?")
    store = world.desk.store
    found: list[str] = []

    async def look() -> bool:
        found[:] = [entry.message.author.handle for entry in (await store.search.find(MARK)).entries]
        return bool(found)

    await told(world.desk.feed.subscribe, look, "the message")
    return found[0]


def test_found_and_erased_by_keyboard(profile: Path, practice: PracticeNetwork) -> None:
    async def steps(world: World) -> None:
        handle = await customer(world, practice)
        columns = world.bench.deck.columns
        await world.until(lambda: columns[0].view.model.rows, "a card")
        page = await open_page(world)
        page.people.field.setFocus()
        world.write(handle)
        await world.until(lambda: _shown(page) == handle, "found")
        page.people.erase.setFocus()
        world.press(Qt.Key.Key_Space)
        sheet: EraseSheet = await world.dialog(EraseSheet)
        assert sheet.typed.hasFocus()
        world.write("something else")
        assert not sheet._erase.isEnabled()
        sheet.typed.clear()
        world.write(handle)
        sheet._erase.setFocus()
        world.press(Qt.Key.Key_Space)
        await world.until(lambda: any("Erased:" in text for text in world.window.notices.texts), "erased")
        assert not (await world.desk.store.search.find(MARK)).entries
        await world.until(
            lambda: not any(row.message.author.handle == handle for each in columns for row in each.view.model.rows),
            "gone from every column",
        )
        assert not await world.desk.privacy.find(handle)

    run(profile, practice, steps)
    data = b"".join(path.read_bytes() for path in profile.rglob("*") if path.is_file())
    assert MARK.encode() not in data


def _shown(page: PrivacyPage) -> str:
    return page.people.preview.person.handle if page.people.preview is not None else ""


def test_the_case_one_looks_at(profile: Path, practice: PracticeNetwork) -> None:
    async def steps(world: World) -> None:
        handle = await customer(world, practice)
        bench = world.bench
        await world.until(lambda: bench.deck.columns[0].view.model.rows, "a card")
        bench.deck.focus_column(0)
        bench.deck.move_selection(1)
        await world.until(lambda: bench.deck.current_entry is not None, "selected")
        assert bench.actions.run("case.hold")
        sheet: HoldSheet = await world.dialog(HoldSheet)
        assert sheet.reason.hasFocus()
        world.write("court order 7")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: any("legal hold" in text for text in world.window.notices.texts), "held")
        world.press(Qt.Key.Key_G)
        world.press(Qt.Key.Key_V)
        await world.until(lambda: world.window.page == "page.privacy", "page")
        page = bench.privacy.page
        assert page is not None
        await world.until(lambda: _shown(page) == handle, "shown")
        assert not page.people.erase.isEnabled()
        assert "court order 7" in page.people._held.text()
        page.tabs.setCurrentIndex(2)
        await world.until(lambda: page.holds.list.count() == 1, "listed")
        page.holds.lift.click()
        question: Question = await world.dialog(Question)
        next(button for button in question.findChildren(TextButton) if not button.isDefault()).click()
        await world.until(lambda: page.holds.list.count() == 0, "lifted")
        page.tabs.setCurrentIndex(0)
        await world.until(page.people.erase.isEnabled, "may be erased")

    run(profile, practice, steps)


def test_exported_to_a_file(profile: Path, practice: PracticeNetwork, tmp_path: Path) -> None:
    target = tmp_path / "person.jsonl"

    async def steps(world: World) -> None:
        handle = await customer(world, practice)
        page = await open_page(world)
        page.people.field.setText(handle)
        await world.until(lambda: _shown(page) == handle, "found")
        page.people.export.click()
        dialog: QFileDialog = await world.dialog(QFileDialog)
        name = dialog.findChild(QLineEdit)
        assert name is not None
        name.setText(str(target))
        dialog.accept()
        await world.until(lambda: any("Exported" in text for text in world.window.notices.texts), "exported")
        assert target in await world.desk.store.privacy.exports()

    run(profile, practice, steps)
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert {row["type"] for row in rows} >= {"account", "message", "case", "event"}
    assert any(MARK in row.get("text", "") for row in rows)


def test_evidence_is_taken_shown_and_verified(profile: Path, practice: PracticeNetwork) -> None:
    async def steps(world: World) -> None:
        await customer(world, practice)
        (entry,) = (await world.desk.store.search.find(MARK)).entries
        operation = Operation(str(uuid4()), Act.BLOCK, entry.message.remote_id, entry.message.author.remote_id)
        await world.desk.outbox.queue(operation, entry.message.channel, message=entry.message.id)
        await world.outbox(lambda rows: rows[0].state is State.SENT, "blocked")
        page = await open_page(world)
        page.tabs.setCurrentIndex(3)
        await world.until(lambda: page.evidence.list.count() == 1, "a snapshot")
        assert MARK in page.evidence.text.toPlainText()
        page.evidence.verify.click()
        await world.until(lambda: any("chain is whole" in text for text in world.window.notices.texts), "verified")

    run(profile, practice, steps)


def test_a_rule_is_kept_only_after_what_goes_was_shown(profile: Path, practice: PracticeNetwork) -> None:
    async def steps(world: World) -> None:
        page = await open_page(world)
        page.tabs.setCurrentIndex(1)
        await world.until(lambda: page.retention.tiles, "tiles")
        (tile,) = page.retention.tiles.values()
        tile.limited.setChecked(True)
        assert not tile.keep.isEnabled()
        await world.until(tile.keep.isEnabled, "counted")
        tile.days.setValue(30)
        assert not tile.keep.isEnabled()
        await world.until(tile.keep.isEnabled, "counted again")
        tile.keep.click()
        channel = tile.config.id
        await world.until(lambda: any("removed" in text for text in world.window.notices.texts), "kept")
        assert (await world.desk.privacy.rules())[channel].days == 30

    run(profile, practice, steps)


def test_what_is_being_written_no_longer_names_them(profile: Path, practice: PracticeNetwork) -> None:
    async def steps(world: World) -> None:
        handle = await customer(world, practice)
        bench = world.bench
        (entry,) = (await world.desk.store.search.find(MARK)).entries
        blank = structs.replace(entry.message, id=0, author=structs.replace(entry.message.author, id=0))
        bench.composer.open_edit(blank)
        await world.until(lambda: bench.composer.entry is not None, "composer")
        bench.composer.view.editor.setPlainText(f"thanks @{handle}!")
        person = await world.desk.privacy.named(handle)
        preview = await world.desk.privacy.preview(person)
        await world.desk.privacy.erase(person, preview.terms)
        assert bench.composer.view.text == "thanks […]!"
        assert not world.desk.actions.can_undo

    run(profile, practice, steps)
    assert not any(b"parcelmarker" in path.read_bytes() for path in profile.rglob("*") if path.is_file())
