"""Rules from the real window, by keyboard: an example is taken up, tried out, switched on, and seen to act."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.practice_network import PracticeNetwork, network_in_thread
from tests.views.desk_world import World, run
from workstation.domain.filters import parse
from workstation.domain.messages import Mark
from workstation.domain.rules import Rule, Severity
from workstation.practice.options import Options
from workstation.services import rulefile, tomlfile
from workstation.views.rules.page import RulesPage
from workstation.views.rules.sheets import HoldingSheet, ImportSheet, WhySheet
from workstation.views.widgets.sheet import Sheet

pytestmark = pytest.mark.usefixtures("qapp")
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NETWORKS: list[PracticeNetwork] = []
"""The one that the window of the running test is on comes last."""
QUIET = Options(rate=0.0, backlog=30, replies=False)


def page_of(world: World) -> RulesPage:
    found = world.window.widget("page.rules")
    assert isinstance(found, RulesPage)
    return found


async def rules_page(world: World) -> RulesPage:
    """Go there by key."""
    world.press(Qt.Key.Key_5, CTRL)
    await world.until(lambda: world.window.page == "page.rules", "page of rules")
    return page_of(world)


def added(world: World) -> list[str]:
    """The tags that the first rule puts on."""
    return list(world.desk.rules.rules[0].add)


def press(sheet: Sheet, answer: str) -> None:
    """Press a button of a sheet by its answer."""
    sheet._pressed(answer)


async def _an_example_is_tried_switched_on_and_acts(world: World) -> None:
    page = await rules_page(world)
    assert page._stack.currentIndex() == 0
    page._examples[1].click()
    await world.until(lambda: page.list.count() == 1 and page.editor.name.hasFocus(), "taken up")
    (rule,) = world.desk.rules.rules
    assert (rule.when, rule.enabled) == ("is:bot", False)
    page.editor.when.put("-is:own")
    page.editor.when.line.textEdited.emit("-is:own")
    page.editor.add.setText("seen, Twice twice")
    page.editor.add.textEdited.emit("")
    world.press(Qt.Key.Key_S, CTRL)
    await world.until(lambda: any("Saved" in text for text in world.window.notices.texts), "saved")
    assert added(world) == ["seen", "twice"]
    # Undone and done again like everything else.
    page.list.setFocus()
    world.press(Qt.Key.Key_Z)
    await world.until(lambda: any("Undone" in text for text in world.window.notices.texts), "undone")
    assert added(world) == []
    world.press(Qt.Key.Key_Z, SHIFT)
    await world.until(lambda: any("Done again" in text for text in world.window.notices.texts), "done again")
    assert added(world) == ["seen", "twice"]
    await _dry_run(world, page)
    assert world.desk.profile.rules.exists()
    assert await world.desk.store.rules.firings() == ()
    page.switch()
    await world.until(lambda: world.desk.rules.rules[0].enabled, "on")


async def _dry_run(world: World, page: RulesPage) -> None:
    world.press(Qt.Key.Key_F9)
    await world.until(lambda: page.report.isVisible() and page.report._report is not None, "dry run")
    report = page.report._report
    assert report is not None
    (tally,) = report.tallies
    assert 0 < tally.matched <= report.messages
    assert set(tally.added) == {"seen", "twice"}
    await world.until(lambda: page.report._entries, "examples")
    item = page.report.tree.topLevelItem(0)
    assert item is not None
    example = item.child(item.childCount() - 1)
    assert example is not None
    page.report.tree.setCurrentItem(example)
    page.report.tree.setFocus()
    QTest.keyClick(page.report.tree, Qt.Key.Key_Return)
    await world.until(lambda: world.window.page == "page.deck" and world.bench.panel.entry, "an example is open")
    world.press(Qt.Key.Key_5, CTRL)


def test_an_example_is_tried_switched_on_and_acts(tmp_path: Path) -> None:
    with network_in_thread(QUIET) as network:
        run(tmp_path, network, _an_example_is_tried_switched_on_and_acts)


async def _order_files_and_why(world: World) -> None:
    await world.desk.rules.save(
        (Rule("1", "First", "zzz", add=("x",)), Rule("2", "Second", "is:bot", False, notify=Severity.QUIET))
    )
    page = await rules_page(world)
    assert page.list.count() == 2
    page.list.setFocus()
    page.list.setCurrentRow(1)
    world.press(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    await world.until(lambda: [rule.id for rule in world.desk.rules.rules] == ["2", "1"], "moved up")
    assert page.current is not None
    assert page.current.id == "2"
    # A filter that cannot be read is said where it stands and cannot be saved.
    page.editor.when.put("(")
    page.editor.when.line.textEdited.emit("(")
    assert not page.savable
    assert page.editor.when.words.text()
    page.discard()
    file = world.desk.profile.root / "shared.toml"
    shared = (Rule("2", "Second", "is:bot", add=("bot",)), Rule("3", "Third", "hello", holding="sorry"))
    tomlfile.write(file, rulefile.table(shared))
    world.bench.tasks.spawn(world.bench.ruling.take_over(file))
    sheet: ImportSheet = await world.dialog(ImportSheet)
    press(sheet, "take")
    await world.until(lambda: [rule.id for rule in world.desk.rules.rules] == ["2", "3", "1"], "taken over")
    assert not world.desk.rules.agreed(world.desk.rules.rules[1])
    broken = world.desk.profile.root / "broken.toml"
    broken.write_text("[[rules]]\nid = 'x'\n")
    await world.bench.ruling.take_over(broken)
    assert any("broken.toml" in text for text in world.window.notices.texts)
    await world.until(lambda: world.bench.deck.columns[0].view.model.rows, "a card")
    world.window.go("page.deck")
    world.bench.deck.focus_column(0)
    world.bench.deck.move_selection(1)
    await world.until(lambda: world.bench.deck.current_entry is not None, "selected")
    world.press(Qt.Key.Key_G)
    world.press(Qt.Key.Key_Y)
    why: WhySheet = await world.dialog(WhySheet)
    assert why.list.count() >= 1
    why.reject()


def test_order_files_and_why(tmp_path: Path) -> None:
    with network_in_thread(QUIET) as network:
        run(tmp_path, network, _order_files_and_why)


async def _a_rule_acts_and_is_undone(world: World) -> None:
    desk = world.desk
    await desk.rules.save(
        (Rule("1", "Everything", "", add=("ruled",), priority=7, collapse=True, notify=Severity.URGENT),)
    )
    NETWORKS[-1].post("hello there")
    await world.until(lambda: any("Everything" in text for text in world.window.notices.texts), "notice")
    page = await desk.store.messages.page(parse("tag:ruled"), queue=True)
    (face,) = page.entries
    assert face.case is not None
    assert face.case.priority == 7
    assert Mark.FOLDED in face.message.marks
    world.bench.open_entry(face)
    await world.until(lambda: world.bench.panel.case is not None and world.bench.panel.entries, "open")
    world.press(Qt.Key.Key_G)
    world.press(Qt.Key.Key_Z)
    case = face.case.id

    async def tags() -> tuple[str, ...]:
        now = await desk.casebook.case(case)
        return now.tags if now is not None else ()

    await world.until(lambda: any("rules did" in text for text in world.window.notices.texts), "undone")
    assert await tags() == ()
    world.press(Qt.Key.Key_G)
    world.press(Qt.Key.Key_F)
    await world.until(lambda: world.bench.panel.message is not None and not world.bench.panel.message.marks, "unfolded")


def test_a_rule_acts_and_is_undone(tmp_path: Path) -> None:
    with network_in_thread(QUIET) as network:
        NETWORKS.append(network)
        run(tmp_path, network, _a_rule_acts_and_is_undone)


async def _holding_replies_are_agreed_to(world: World) -> None:
    families = await world.desk.templates.list()
    await world.desk.rules.save((Rule("1", "Wait", "zzz", holding=families[0].key),))
    page = await rules_page(world)
    assert not world.desk.rules.agreed(world.desk.rules.rules[0])
    page.editor.agree.click()
    sheet: HoldingSheet = await world.dialog(HoldingSheet)
    sheet.reject()
    await world.until(lambda: not sheet.isVisible(), "left")
    assert not world.desk.rules.agreed(world.desk.rules.rules[0])
    page.editor.agree.click()
    sheet = await world.dialog(HoldingSheet)
    press(sheet, "agree")
    await world.until(lambda: world.desk.rules.agreed(world.desk.rules.rules[0]), "agreed")


def test_holding_replies_are_agreed_to(tmp_path: Path) -> None:
    with network_in_thread(QUIET) as network:
        run(tmp_path, network, _holding_replies_are_agreed_to)
