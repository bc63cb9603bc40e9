"""Templates, articles and guidelines from the window, by keyboard."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.i18n.audit import audit, report
from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_languages import _data, begin_reply
from workstation.domain.outbox import State
from workstation.domain.templates import Family, Variant
from workstation.i18n import PSEUDO_ACCENTED, PSEUDO_MIRRORED, load_language, plain
from workstation.qt.translator import apply_language
from workstation.views.case.template_picker import TemplatePicker
from workstation.views.knowledge.aside import Side
from workstation.views.templates.differences import DifferencesSheet
from workstation.views.widgets.picker import Picker

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HELLO = Family(0, "hello", "Hello", (Variant("en", "Hello {first_name|there}."),), shortcut="hello")
ORDER = Family(0, "order", "Order found", (Variant("en", "Order {order} left on {day}."),), shortcut="found")
BYE = Family(0, "bye", "Goodbye", (Variant("en", "All the best, {signature|the team}."),), tags=("praise",))


async def library(world: World, families: Sequence[Family] = (HELLO, ORDER, BYE)) -> None:
    """Put these in place of the first set."""
    for family in await world.desk.templates.list():
        await world.desk.templates.remove(family.id)
    for family in families:
        await world.desk.templates.save(family)


async def write(world: World, practice: PracticeNetwork, text: str = "where is my parcel?") -> None:
    practice.post(text)
    await begin_reply(world)
    editor = world.bench.composer.view.editor
    await world.until(lambda: world.focus() is editor, "the editor has the focus")
    meant = world.bench.composer.inserting.meant
    await world.until(lambda: meant("hello") is not None, "the shortcuts are known")


def test_a_shortcut_and_tab_and_on_from_hole_to_hole(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        await library(world)
        await write(world, practice)
        view = world.bench.composer.view
        world.write(";found")
        assert "Order found" in view.frame.state.text()
        world.press(Qt.Key.Key_Tab)
        assert view.text == "Order {order} left on {day}."
        assert view.editor.textCursor().selectedText() == "{order}"
        assert not view._send.isEnabled()
        world.press(Qt.Key.Key_Tab)
        assert view.editor.textCursor().selectedText() == "{day}"
        world.press(Qt.Key.Key_Backtab, SHIFT)
        assert view.editor.textCursor().selectedText() == "{order}"
        world.write("4711")
        world.press(Qt.Key.Key_Tab)
        world.write("Monday")
        assert view.text == "Order 4711 left on Monday."
        assert view._send.isEnabled()
        world.press(Qt.Key.Key_Tab)
        assert world.focus() is not view.editor, "the keyboard gets out"
        view.editor.setFocus()
        view.editor.undo()
        assert "{day}" in view.text

    run(profile, practice, steps)


def test_several_templates_stack_and_are_counted_when_sent(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        await library(world)
        await write(world, practice)
        view = world.bench.composer.view
        world.press(Qt.Key.Key_M, CONTROL)
        picker = await world.dialog(TemplatePicker)
        world.write("hello")
        world.press(Qt.Key.Key_Return, SHIFT)
        assert picker.isVisible()
        world.write("order left")
        world.press(Qt.Key.Key_Return, SHIFT)
        # The order's hole is selected now: the next one follows it and replaces nothing.
        world.write("goodbye")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: "best" in view.text, "three of them")
        name = world.bench.composer.entry.message.author.name.split()[0]  # type: ignore[union-attr]
        assert view.text == f"Hello {name}. Order {{order}} left on {{day}}. All the best, the team."
        await world.until(world.window.isActiveWindow, "back")
        view.editor.setPlainText(view.text.replace("{order}", "1").replace("{day}", "Monday"))
        assert all(family.used == 0 for family in await world.desk.templates.list())
        view.editor.setFocus()
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: world.bench.composer.entry is None, "queued")
        await world.outbox(lambda rows: all(row.state is State.SENT for row in rows), "sent")
        assert {family.used for family in await world.desk.templates.list()} == {1}

    run(profile, practice, steps)


def test_a_template_chosen_by_name_begins_a_reply(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        await library(world)
        practice.post("where is my parcel?")
        bench = world.bench
        await world.until(lambda: bench.deck.columns and bench.deck.columns[0].view.model.rows, "a card")
        bench.replying.template("order found")
        assert bench.composer.entry is None, "nothing is selected"
        bench.deck.focus_column(0)
        bench.deck.move_selection(1)
        await world.until(lambda: bench.deck.current_entry is not None, "selected")
        bench.replying.template("order found")
        picker = await world.dialog(TemplatePicker)
        assert picker.list.count() == 1
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: "{order}" in bench.composer.view.text, "inserted")

    run(profile, practice, steps)


def test_an_insertion_never_replaces(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        await library(world)
        await write(world, practice)
        view = world.bench.composer.view
        world.write("Dear customer, bye")
        view.editor.put_caret(14)
        view.editor.insert("we look into it.")
        assert view.text == "Dear customer, we look into it. bye"
        view.editor.setPlainText("Order {order} left. Soon.")
        view.editor.next_blank()
        view.editor.insert("Thanks.")
        assert view.text == "Order {order} left. Soon. Thanks."

    run(profile, practice, steps)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    place = tmp_path / "help"
    place.mkdir()
    (place / "parcel.md").write_text(
        "---\nsource: https://acme.example/parcel\n---\n# Late parcels\n\nA parcel takes three days.\n",
        encoding="utf-8",
    )
    (place / "returns.txt").write_text("Returns\n\nSend it back within 30 days.\n", encoding="utf-8")
    return place


def test_articles_beside_the_reply(practice: PracticeNetwork, profile: Path, articles: Path) -> None:
    async def steps(world: World) -> None:
        await library(world)
        knowledge, beside = world.desk.knowledge, world.bench.words.beside
        await write(world, practice, "the parcel takes too long!")
        editor = world.bench.composer.view.editor
        world.press(Qt.Key.Key_K, CONTROL, SHIFT)
        await world.until(lambda: "folder" in beside.finder._words.text(), "it says what to do")
        await knowledge.carry_out(await knowledge.plan(articles))
        await world.until(lambda: beside.finder.list.count() == 1, "suggested")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: beside.aside.reading, "read")
        world.press(Qt.Key.Key_I, CONTROL, SHIFT)
        assert world.focus() is editor
        assert editor.toPlainText() == "“A parcel takes three days.”"
        world.press(Qt.Key.Key_J, CONTROL, SHIFT)
        assert editor.toPlainText().endswith("days.” https://acme.example/parcel")
        world.press(Qt.Key.Key_K, CONTROL, SHIFT)
        assert not beside.aside.isVisible()
        world.press(Qt.Key.Key_K, CONTROL, SHIFT)
        await world.until(lambda: world.focus() is beside.finder.field, "the field")
        world.write("back")
        current = beside.finder.current
        await world.until(lambda: (hit := current()) is not None and hit.article.title == "Returns", "found")
        world.press(Qt.Key.Key_Escape)
        assert world.focus() is editor
        assert world.bench.composer.entry is not None, "Escape goes back to the reply first"
        assert beside.aside.side is Side.ARTICLES

    run(profile, practice, steps)


def test_the_guideline_is_unfolded_and_remembered(practice: PracticeNetwork, profile: Path) -> None:
    async def first(world: World) -> None:
        await library(world)
        await write(world, practice)
        beside = world.bench.words.beside
        world.press(Qt.Key.Key_G, CONTROL, SHIFT)
        assert beside.aside.guideline.write.isVisible()
        beside.aside.guideline.write.click()
        text = world.bench.words.keeping.guidelines.text
        await world.until(lambda: world.bench.words.keeping.guidelines.list.count() == 2, "desk and channel")
        await world.until(lambda: world.focus() is text, "to be written")
        assert world.bench.words.keeping.guidelines.channel == world.desk.supervisor.configs()[0].id
        world.write("Be kind.")
        world.press(Qt.Key.Key_1, CONTROL)
        await world.until(lambda: beside.aside.guideline.text.toPlainText() == "Be kind.", "in force")

    async def again(world: World) -> None:
        await begin_reply(world)
        beside = world.bench.words.beside
        await world.until(lambda: beside.aside.guideline.text.toPlainText() == "Be kind.", "still there")
        assert beside.aside.isVisible()

    run(profile, practice, first)
    run(profile, practice, again)


async def told(world: World, words: str) -> None:
    """Wait for a notice: what it tells of is done, and can be taken back."""
    await world.until(lambda: any(words in plain(text) for text in world.window.notices.texts), words)


async def open_library(world: World) -> None:
    await library(world)
    world.press(Qt.Key.Key_4, CONTROL)
    await world.until(world.bench.words.page.isVisible, "the page")
    view = world.bench.words.library
    await world.until(lambda: view.list.count() == 3, "the library")


def test_the_library_by_keyboard(profile: Path) -> None:
    async def steps(world: World) -> None:
        await open_library(world)
        view, templates = world.bench.words.library, world.desk.templates
        world.press(Qt.Key.Key_L, CONTROL)
        world.write("left")
        assert view.list.count() == 1
        assert plain(view.list.item(0).text()).startswith("Order found")
        world.press(Qt.Key.Key_Return)
        assert world.focus() is view.editor.text
        view.editor.text.moveCursor(view.editor.text.textCursor().MoveOperation.End)
        world.write(" Bye {Friend}")
        assert "{Friend}" in view.editor._wrong.text()
        assert "Bye" in view.preview.text.text()

        async def text() -> str:
            found = await templates.search("order left")
            return found[0].variants[0].text if found else ""

        view.editor.text.undo()
        world.write(" Bye.")
        world.press(Qt.Key.Key_A, CONTROL, SHIFT)  # a new one: the old one is stored first
        await world.until(lambda: view.list.count() == 4, "a new one")
        await world.until(lambda: world.focus() is view.editor.title, "to be named")
        assert (await text()).endswith("Bye.")
        world.write("Apology")
        view.editor.text.setFocus()
        world.write("Sorry, {name}.")
        world.press(Qt.Key.Key_D, CONTROL)
        await world.until(lambda: view.list.count() == 5, "a copy")
        titles = {family.title: family for family in await templates.list()}
        assert titles["Apology 2"].variants[0].text == "Sorry, {name}."
        view.list.setFocus()
        world.press(Qt.Key.Key_Delete)
        await told(world, "deleted")
        assert view.list.count() == 4
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: view.list.count() == 5, "back")
        world.press(Qt.Key.Key_Z, SHIFT)
        await world.until(lambda: view.list.count() == 4, "gone again")

    run(profile, None, steps)


def test_moving_to_a_folder_and_back(profile: Path) -> None:
    async def steps(world: World) -> None:
        await open_library(world)
        view = world.bench.words.library
        view.list.setFocus()
        view.list.setCurrentRow(0)
        world.press(Qt.Key.Key_M, CONTROL, SHIFT)
        await world.dialog(Picker)
        world.write("Delivery/Late")
        world.press(Qt.Key.Key_Return)
        await told(world, "is in")
        assert view.paths() == ["", "Delivery", "Delivery/Late"]
        await world.until(world.window.isActiveWindow, "back")
        view.list.setFocus()
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: view.paths() == [""], "taken back")

    run(profile, None, steps)


def test_an_import_is_shown_before_it_is_done(profile: Path, tmp_path: Path) -> None:
    async def steps(world: World) -> None:
        await open_library(world)
        view, path = world.bench.words.library, tmp_path / "in.csv"
        path.write_text("key,title,language,text\nhello,Hello,en,Hi.\nnew,New,en,New.\n", encoding="utf-8")
        world.bench.tasks.spawn(world.bench.words.library_desk.take_file(path), "import")
        sheet = await world.dialog(DifferencesSheet)
        assert sheet.list.count() == 2
        assert view.list.count() == 3
        world.press(Qt.Key.Key_Return)
        await told(world, "imported")
        assert view.list.count() == 4
        await world.until(world.window.isActiveWindow, "back")
        view.list.setFocus()
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: view.list.count() == 3, "taken back")
        path.write_text("key,title,language,text\nhello,Hello,en\n", encoding="utf-8")
        world.bench.tasks.spawn(world.bench.words.library_desk.take_file(path), "import")
        await world.until(
            lambda: any("line 2" in plain(text) for text in world.window.notices.texts), "named with its line"
        )
        assert view.list.count() == 3

    run(profile, None, steps)


def test_empty_pages_say_what_to_do(profile: Path) -> None:
    async def steps(world: World) -> None:
        await library(world, ())
        world.press(Qt.Key.Key_4, CONTROL)
        view = world.bench.words.library
        await world.until(view._none.isVisible, "nothing yet")
        world.bench.words.page.turn(1)
        await world.until(world.bench.words.keeping.shelves._empty.isVisible, "no articles yet")

    run(profile, None, steps)


@pytest.mark.parametrize(("tag", "scale"), [(PSEUDO_ACCENTED, 100), (PSEUDO_ACCENTED, 200), (PSEUDO_MIRRORED, 200)])
def test_pseudo_locales_find_no_fault(
    practice: PracticeNetwork, profile: Path, articles: Path, tag: str, scale: int
) -> None:
    async def steps(world: World) -> None:
        await library(world)
        await world.desk.knowledge.carry_out(await world.desk.knowledge.plan(articles))
        apply_language(world.app, load_language(tag))
        await write(world, practice)
        data = _data(world) | {"help", "Hello", "Order found", "Goodbye", "praise", "All the best, the team."}
        data |= {"Late parcels", "Returns", "Delivery/Late"}
        faults = []
        for side in (Side.GUIDELINE, Side.ARTICLES):
            world.bench.words.beside.turn(side)
            faults += audit(world.bench.words.beside.aside, data=data)
        world.window.go("page.templates")
        view = world.bench.words.library
        await world.until(lambda: view.list.count() == 3, "the library")
        for part in range(3):
            world.bench.words.page.turn(part)
            faults += audit(world.bench.words.page, data=data)
        assert not faults, report(faults)

    run(profile, practice, steps, font_scale=scale)
