"""The settings page "Words and memory" in the real window: write, change, delete, undo, import, empty states."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.practice_network import PracticeNetwork, practice
from tests.services.test_spelling import dictionary
from tests.views.desk_world import World, run
from tests.views.test_sending import write_reply
from workstation.domain.memory import Segment, Term
from workstation.services.profile import Profile
from workstation.views.settings.page import SECTIONS, SettingsPage
from workstation.views.settings.sign_offs import SignOffsTile
from workstation.views.settings.term_sheet import TermSheet
from workstation.views.settings.terms import TermsSection
from workstation.views.templates.differences import DifferencesSheet

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")


async def page(world: World) -> TermsSection:
    world.bench.actions.run("page.settings")
    settings = world.window.findChild(SettingsPage)
    assert settings is not None
    names = [name.msgid for _icon, name in SECTIONS]
    settings.sections.setCurrentRow(names.index("Words and memory"))
    section = settings.findChild(TermsSection)
    assert section is not None
    await world.until(section.isVisible, "the section is shown")
    return section


def rows(section: TermsSection) -> list[tuple[str, str]]:
    table = section.table
    texts = [[table.item(row, column) for column in (0, 1)] for row in range(table.rowCount())]
    return [(one.text() if one else "", other.text() if other else "") for one, other in texts]


def test_words_by_keyboard(tmp_path: Path) -> None:
    async def steps(world: World) -> None:
        section = await page(world)
        assert section._pages.currentIndex() == 1, "nothing is agreed on yet"
        section.add()
        sheet = await world.dialog(TermSheet)
        world.write("order")
        world.press(Qt.Key.Key_Return)
        assert sheet.isVisible(), "the translation is missing"
        world.write("Bestellung")
        sheet.target_language.choose("de")
        sheet.forbidden.setText("Order, Auftrag")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: rows(section) == [("order", "Bestellung")], "written")
        stored = (await world.desk.terms.list())[0]
        assert (stored.forbidden, stored.source_language, stored.target_language) == (("Order", "Auftrag"), "en", "de")
        section.table.setFocus()
        world.press(Qt.Key.Key_Return)
        sheet = await world.dialog(TermSheet)
        sheet.kept.setChecked(True)
        assert not sheet.target.isEnabled()
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: rows(section) == [("order", "stays as it is")], "changed")
        section.table.setFocus()
        before = len(world.bench.undoing._done)
        world.press(Qt.Key.Key_Delete)
        await world.until(lambda: section._pages.currentIndex() == 1, "deleted")
        # The list is written before the deed is noted: only then can it be taken back.
        await world.until(lambda: len(world.bench.undoing._done) > before, "noted")
        world.bench.undoing.undo()
        await world.until(lambda: rows(section) == [("order", "stays as it is")], "back")
        world.bench.undoing.undo()
        await world.until(lambda: rows(section) == [("order", "Bestellung")], "as it was before")
        section.search.setText("auftr")
        assert len(rows(section)) == 1
        section.search.setText("nothing of it")
        assert section._pages.currentIndex() == 2
        section.search.clear()
        section.kind.setCurrentIndex(2)
        assert section._pages.currentIndex() == 2

    run(tmp_path / "profile", None, steps)


def test_files_are_looked_at_before_they_are_taken(tmp_path: Path) -> None:
    file, memory = tmp_path / "words.csv", tmp_path / "memory.tmx"
    file.write_text("source_language,target_language,source,target\nen,de,order,Bestellung\n,,Acme,\n", "utf-8")
    memory.write_text(
        '<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>Order 1</seg></tuv>'
        '<tuv xml:lang="de"><seg>Bestellung 1</seg></tuv></tu></body></tmx>',
        "utf-8",
    )

    async def steps(world: World) -> None:
        section = await page(world)
        tasks = world.bench.tasks
        tasks.spawn(section.take_file(file))
        sheet = await world.dialog(DifferencesSheet)
        assert sheet.list.count() == 2
        world.press(Qt.Key.Key_Escape)
        await world.until(lambda: not sheet.isVisible(), "left")
        assert await world.desk.terms.list() == ()
        tasks.spawn(section.take_file(file))
        await world.dialog(DifferencesSheet)
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: len(rows(section)) == 2, "imported")
        await world.until(lambda: bool(world.bench.undoing._done), "noted, a moment after it is shown")
        world.bench.undoing.undo()
        await world.until(lambda: rows(section) == [], "taken back")
        tasks.spawn(section.memory.take_file(memory))
        await world.dialog(DifferencesSheet)
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: "English" in section.memory.sizes.text(), "remembered")
        before = len(world.bench.undoing._done)
        section.memory.clear()
        await world.until(lambda: "Nothing is remembered" in section.memory.sizes.text(), "forgotten")
        await world.until(lambda: len(world.bench.undoing._done) > before, "noted, a moment after it is shown")
        world.bench.undoing.undo()
        await world.until(lambda: "English" in section.memory.sizes.text(), "remembered again")
        tasks.spawn(section.take_file(tmp_path / "words.tbx"))
        tasks.spawn(section.take_file(memory))
        await world.until(lambda: len(world.window.notices.texts) > 0, "a file that is none is named")

    run(tmp_path / "profile", None, steps)


def test_the_speller_says_what_it_has(tmp_path: Path) -> None:
    place = Profile(tmp_path / "profile")
    dictionary(place.dictionaries)

    async def steps(world: World) -> None:
        await world.desk.spelling.learn("Zyzzy", "en-US")
        await world.desk.terms.save(Term("", "", "Acme"))
        await world.desk.memory.take([Segment("en", "de", "Hello", "Hallo")])
        section = await page(world)
        tile = section.spelling
        await world.until(lambda: tile.words.count() == 1, "taught words")
        assert "English" in tile.known.text()
        tile.words.setCurrentRow(0)
        tile.words.forget_chosen()
        await world.until(lambda: tile.words.count() == 0, "taken back")
        tile.on.setChecked(False)
        assert not world.desk.settings.now.spelling

    run(tmp_path / "profile", None, steps)


def test_replies_of_a_channel_are_signed(practice: PracticeNetwork, tmp_path: Path) -> None:
    async def steps(world: World) -> None:
        world.bench.actions.run("page.settings")
        settings = world.window.findChild(SettingsPage)
        assert settings is not None
        settings.sections.setCurrentRow([name.msgid for _icon, name in SECTIONS].index("Replies and media"))
        tile = settings.findChild(SignOffsTile)
        assert tile is not None
        await world.until(lambda: tile.rows, "a row for the channel")
        row, offs = tile.rows[0], world.desk.drafting.sign_offs
        assert not row.team.isEnabled()
        row.kind.setCurrentIndex(1)
        assert row.team.isEnabled()
        row.team.setText("Acme  Care")
        row.team.editingFinished.emit()
        channel = world.desk.supervisor.configs()[0].id
        await world.until(lambda: offs.policy(channel).text == "Acme Care", "in force")
        practice.post("where is it?")
        world.window.go("page.deck")
        await write_reply(world, "On its way")
        composer = world.bench.composer
        operation = composer._operation()
        assert operation is not None
        assert operation.text == "On its way\n— Acme Care"
        assert composer.view.text == "On its way"
        assert composer.view._length is not None
        assert composer.view._length == world.desk.drafting.measure(channel, operation)

    run(tmp_path / "profile", practice, steps)
