"""A case is answered without looking: found, read, answered from a template, sent and resolved by names and actions."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.reader import Reader, Role, name_of
from workstation.domain.cases import Status
from workstation.domain.outbox import State
from workstation.views.deck import accessible

__all__ = ["practice"]
pytestmark = pytest.mark.usefixtures("qapp")
QUESTION = "my order 48151623 has not arrived, where is it?"


@pytest.fixture(autouse=True)
def listening() -> Iterator[None]:
    """A screen reader is there."""
    QAccessible.setActive(True)
    accessible.install()
    yield
    QAccessible.setActive(False)


def test_a_case_is_answered_without_looking(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        reader = Reader(world.window)
        practice.post(QUESTION)
        await world.until(lambda: reader.has(Role.ListItem, "48151623"), "a list item says the question")
        card = reader.find(Role.ListItem, "48151623")
        assert "New" in name_of(card)
        assert card.parent().role() is Role.List
        reader.do(card)
        await world.until(lambda: world.bench.panel.entries, "the thread")
        assert card.state().selected
        await world.until(lambda: reader.has(Role.Button, "Reply"), "a button to reply")
        reader.do(reader.called(Role.Button, "Reply"))
        await world.until(lambda: reader.has(Role.EditableText, "You write"), "an editor")
        editor = reader.find(Role.EditableText, "You write")
        reader.do(editor, "SetFocus")
        reader.do(reader.find(Role.Button, "Insert a template"))
        await world.until(lambda: reader.writing_in("template"), "the templates")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: world.bench.composer.view.text, "the template is in the reply")
        await world.until(lambda: not reader.has(Role.Dialog, "template"), "the templates are put away")
        await world.until(lambda: reader.writing_in("You write"), "the keyboard writes the reply again")
        fill(reader, world)
        await world.until(lambda: not reader.called(Role.Button, "Send").state().disabled, "it may be sent")
        reader.do(reader.called(Role.Button, "Send"))
        await world.outbox(lambda rows: all(row.state is State.SENT for row in rows), "sent")
        await world.until(lambda: reader.has(Role.Button, "Resolve"), "a button to resolve")
        reader.do(reader.called(Role.Button, "Resolve"))
        await world.until(lambda: reader.has(Role.Dialog) and reader.writing_in(), "the outcomes")
        world.press(Qt.Key.Key_Return)
        panel = world.bench.panel
        await world.until(
            lambda: panel.entry and panel.entry.case and panel.entry.case.status is Status.SOLVED, "solved"
        )

    run(profile, practice, steps)


def fill(reader: Reader, world: World) -> None:
    """Fill what the template leaves open, as one types."""
    del reader
    editor = world.bench.composer.view.editor
    for _ in range(8):
        if not editor.next_blank():
            break
        world.write("48151623")


def test_whatever_can_have_the_focus_says_what_it_is(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        reader = Reader(world.window)
        practice.post(QUESTION)
        await world.until(lambda: reader.has(Role.ListItem, "48151623"), "the question")
        faults = {}
        table = world.window.actions_table
        for page in [spec.id for spec in table.known() if spec.id.startswith("page.")]:
            world.window.go(page)
            sections = getattr(world.window.widget(page), "sections", None)
            for number in range(sections.count() if sections is not None else 1):
                if sections is not None:
                    sections.setCurrentRow(number)
                faults[page, number] = reader.nameless()
        world.window.go("page.deck")
        assert {place: found for place, found in faults.items() if found} == {}

    run(profile, practice, steps)


SHEETS = (
    "go.palette", "go.help", "wellness.mine", "column.add", "case.tag", "case.snooze", "case.promise",
    "case.resolve", "case.link", "case.issue", "case.escalate", "column.highlights", "column.notify", "deck.layouts",
    "deck.take", "issue.list", "case.person",
)  # fmt: skip


def test_sheets_say_what_they_are(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        reader, table = Reader(world.window), world.window.actions_table
        practice.post(QUESTION)
        await world.until(lambda: reader.has(Role.ListItem, "48151623"), "the question")
        reader.do(reader.find(Role.ListItem, "48151623"))
        await world.until(lambda: world.bench.panel.entries, "the thread")
        faults = {}
        for name in SHEETS:
            await world.until(lambda name=name: table.reason(name) is None, f"{name} is possible")  # type: ignore[misc]
            assert table.run(name)
            await world.until(lambda: QApplication.activeModalWidget() or QApplication.activePopupWidget(), name)
            faults[name] = reader.nameless()
            for over in QApplication.topLevelWidgets():
                if over.isVisible() and over is not world.window.window():
                    over.close()
            await world.until(lambda: QApplication.activeModalWidget() is None, "closed")
        assert {place: found for place, found in faults.items() if found} == {}

    run(profile, practice, steps)
