"""Palette, help and courses on the real window, by keyboard."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from workstation.domain.cases import Holder
from workstation.domain.text import lazy
from workstation.views import softening
from workstation.views.help import Help
from workstation.views.keyboard.places import as_text
from workstation.views.palette import Item
from workstation.views.palette.dialog import Palette
from workstation.views.practice.joining import PAGE, STRIP
from workstation.views.practice.page import CoursePage
from workstation.views.wellbeing import ExposureSheet

__all__ = ["practice"]
pytestmark = pytest.mark.usefixtures("qapp")
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
QUESTION = "my order 48151623 has not arrived, where is it?"


async def palette(world: World) -> Palette:
    world.press(Qt.Key.Key_K, CONTROL)
    found: Palette = await world.dialog(Palette)
    return found


def chosen(shown: Palette) -> str:
    item = shown.current()
    return item.id if item is not None else ""


def test_an_open_case_is_found_by_its_words(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        practice.post(QUESTION)
        await world.until(lambda: world.bench.deck.columns[0].view.model.rows, "the question")
        shown = await palette(world)
        world.write("48151623")
        await world.until(lambda: any(name.startswith("case:") for name in shown.items), "the case")
        shown._go_to(next(item for name, item in shown.items.items() if name.startswith("case:")))
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: world.bench.panel.entries, "its thread")
        assert not any(name.startswith("case:") for name in world.bench.helping.palette.recent.ids)

    run(profile, practice, steps)


def test_what_was_used_lately_comes_first_in_the_next_run_too(profile: Path) -> None:
    async def first(world: World) -> None:
        shown = await palette(world)
        world.write("live figures")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: world.window.page == "page.kpi" and world.window.isActiveWindow(), "the figures")
        shown = await palette(world)
        assert chosen(shown) == "page.kpi"
        shown.reject()
        await world.until(world.window.isActiveWindow, "the window")
        world.desk.layout.save_window(world.window.place() | world.bench.helping.place())

    async def then(world: World) -> None:
        shown = await palette(world)
        assert chosen(shown) == "page.kpi"
        shown.reject()

    run(profile, None, first)
    run(profile, None, then)


def test_what_is_not_possible_says_why(profile: Path) -> None:
    async def steps(world: World) -> None:
        shown = await palette(world)
        world.write("assign to me")
        assert chosen(shown) == "case.claim"
        assert "Select a message" in shown.foot.text()
        world.press(Qt.Key.Key_Return)
        assert shown.isVisible()
        shown.reject()

    run(profile, None, steps)


class Many:
    """Another's source."""

    title = lazy("Many")

    def items(self, query: str) -> list[Item]:
        return [Item(f"many:{number}", f"Item number {number}", lambda: None) for number in range(5_000)]


def test_others_add_their_sources(profile: Path) -> None:
    async def steps(world: World) -> None:
        world.bench.helping.palette.add(Many())
        shown = await palette(world)
        assert len(shown.items) > 5_000
        world.write("number 4711")
        assert chosen(shown) == "many:4711"
        shown.reject()

    run(profile, None, steps)


def test_help_shows_the_keys_of_the_place(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        world.press(Qt.Key.Key_F1)
        shown = await world.dialog(Help)
        assert shown.tabs.tabText(0) == "In the columns"
        shown.copy.click()
        text = QGuiApplication.clipboard().text()
        assert "Next message" in text
        assert "Quit" not in text
        shown.tabs.setCurrentIndex(1)
        shown.copy.click()
        assert QGuiApplication.clipboard().text() == as_text(world.window.actions_table)
        shown.field.setText("no such key at all")
        shown.reject()

    run(profile, practice, steps)


def test_a_course_leads_and_looks_back(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        bench, training = world.bench, world.desk.training
        training.direct(f"{practice.base_url}/practice", practice.control_token)
        await palette(world)
        world.write("first day")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: STRIP in world.window.banners, "the first step")
        await world.until(lambda: training.record and training.record.cases, "the first customer")
        world.press(Qt.Key.Key_1)
        world.press(Qt.Key.Key_J)
        await world.until(lambda: bench.deck.current_entry, "selected")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: bench.panel.entries, "opened")
        world.press(Qt.Key.Key_A)
        panel = bench.panel
        await world.until(lambda: panel.case is not None and panel.case.holder is Holder.MINE, "taken")
        await world.until(lambda: training.steps_done()[:2] == [True, True], "two steps are done")
        world.press(Qt.Key.Key_C, CONTROL, SHIFT)
        page = world.window.widget(PAGE)
        assert isinstance(page, CoursePage)
        await world.until(lambda: page.steps.rows and page.steps.rows[1].state == "done", "it says so")
        page.steps.end.click()
        await world.until(lambda: training.debrief is not None and page.look_back.rows, "the look back")
        assert training.debrief is not None
        assert training.debrief.waiting == 1
        assert STRIP not in world.window.banners
        page.look_back.rows[0].button.click()
        await world.until(lambda: world.window.page == "page.deck", "the case that was missed")

    run(profile, practice, steps)


def test_a_course_is_begun_from_the_live_desk(profile: Path) -> None:
    wanted: list[str] = []

    async def steps(world: World) -> None:
        world.bench.practice_wanted.connect(lambda: wanted.append(world.bench.helping.courses.wanted))
        world.press(Qt.Key.Key_C, CONTROL, SHIFT)
        page = world.window.widget(PAGE)
        assert isinstance(page, CoursePage)
        page.choice.tiles[1].button.click()

    run(profile, None, steps)
    assert wanted == ["crisis-hour"]


def test_muted_words_are_covered_until_they_are_asked_for(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        bench = world.bench
        practice.post("you damn liars, where is my parcel?")
        await world.until(lambda: bench.deck.columns[0].view.model.rows, "the complaint")
        world.press(Qt.Key.Key_1)
        world.press(Qt.Key.Key_J)
        await world.until(lambda: bench.deck.current_entry, "selected")
        world.press(Qt.Key.Key_Return)
        await world.until(bench.panel.thread_view.views, "opened")
        view = bench.panel.thread_view.views()[0]
        assert "damn" in view._text.text()
        world.desk.settings.change(muted_words=("damn",), count_exposure=True)
        assert "damn" not in bench.panel.thread_view.views()[0].accessibleName()
        world.press(Qt.Key.Key_B, CONTROL, SHIFT)
        assert softening.lifted()
        assert "damn" in bench.panel.thread_view.views()[0].accessibleName()
        world.press(Qt.Key.Key_F4)
        (await world.dialog(ExposureSheet)).reject()

    run(profile, practice, steps)
    assert not softening.lifted()


def test_the_time_to_undo_is_told_and_made_longer(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        bench = world.bench
        told: list[str] = []
        bench.helping.countdowns.said = told.append
        practice.post(QUESTION)
        await world.until(lambda: bench.deck.columns[0].view.model.rows, "the question")
        world.press(Qt.Key.Key_1)
        world.press(Qt.Key.Key_J)
        await world.until(lambda: bench.deck.current_entry, "selected")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: bench.panel.entries, "the thread")
        world.press(Qt.Key.Key_R)
        editor = bench.composer.view.editor
        await world.until(editor.hasFocus, "a reply")
        world.write("we look at it")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: told, "what waits is told")
        assert "1 reply waits to be sent." in told[0]
        assert "Shift+U gives more time." in told[0]
        before = (await bench.casebook.outgoing())[0].not_before
        world.press(Qt.Key.Key_U, SHIFT)
        await world.until(lambda: bench.notices.shows("more"), "it waits longer")
        assert (await bench.casebook.outgoing())[0].not_before == before + 60_000_000
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: bench.composer.entry is not None, "taken back")

    run(profile, practice, steps, undo_seconds=60)
