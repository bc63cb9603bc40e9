"""The window in the languages it ships: nothing cut, nothing without a name, truly mirrored; a switch loses nothing."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QTextCursor
from PySide6.QtWidgets import QLabel, QWidget

from tests.i18n.audit import Fault, audit
from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_figures import figures
from tests.views.test_languages import begin_reply, page_shown
from workstation.i18n import available, direction, formats, load_language
from workstation.i18n.numerals import Digits
from workstation.qt.translator import apply_language
from workstation.views.help import Help
from workstation.views.keyboard.places import Place
from workstation.views.kpi.charts import HeatmapChart
from workstation.views.palette.dialog import Palette
from workstation.views.settings.page import SettingsPage
from workstation.views.widgets.labels import Elided

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
SWITCHED = ("ar", "ja", "de", "en")
USUAL = {"ar": 100, "ja": 100, "th": 150, "de": 150}
"""Each at one size of type: at the usual one there is room for all there is, at the other one least room for it."""
PAGES = ("page.outbox", "page.kpi", "page.rules", "page.approval", "page.posts", "page.privacy")
WORDS = "1234567890"
LANGUAGES = [
    pytest.param(tag, USUAL.get(tag, 150), marks=() if tag in USUAL else pytest.mark.slow) for tag in available()
]


async def _speak(world: World, tag: str, digits: Digits = "auto") -> None:
    apply_language(world.app, load_language(tag, digits=digits))
    await asyncio.sleep(0)


def _faults(world: World, root: QWidget) -> list[Fault]:
    """What is wrong but for texts of strangers, which may be shortened, column heads, which the deck looks after,
    and the arrows of rows of tabs."""
    known = {WORDS, "Care"}
    for entry in world.bench.panel.entries:
        known |= {entry.message.author.name, entry.message.author.handle, entry.message.text}
    found = audit(root, data=lambda text: any(part in text for part in known), ignore=[Elided])
    return [fault for fault in found if "ColumnHeader" not in fault.where and "#Scroll" not in fault.where]


async def _walk(world: World) -> list[Fault]:
    """The faults of the window, every page and part of a page, and what opens over them."""
    window, bench = world.window, world.bench
    window.go("page.deck")
    await asyncio.sleep(0)
    found = _faults(world, window)
    for page in PAGES:
        window.go(page)
        await asyncio.sleep(0)
        found += _faults(world, page_shown(world))
    window.go("page.templates")
    for part in range(3):
        bench.words.page.turn(part)
        await asyncio.sleep(0)
        found += _faults(world, bench.words.page)
    bench.words.page.turn(0)
    window.go("page.settings")
    settings = window.widget("page.settings")
    assert isinstance(settings, SettingsPage)
    for section in range(settings.sections.count()):
        settings.sections.setCurrentRow(section)
        await asyncio.sleep(0)
        found += _faults(world, settings)
    window.go("page.deck")
    for kind, shown in ((Help, Help(bench.actions, Place.DECK, window)), (Palette, None)):
        if shown is not None:
            shown.open()
        else:
            bench.actions.run("go.palette")
        dialog = await world.dialog(kind)
        found += _faults(world, dialog)
        dialog.reject()
    return found


def _mirrored(world: World) -> None:
    """Rail and first column at the right, a case left of the deck, Send at the left, charts from the right."""
    window, bench = world.window, world.bench

    def left(widget: QWidget) -> int:
        return widget.mapTo(window, QPoint(0, 0)).x()

    view = bench.composer.view
    if bench.deck.isVisible():  # in large type the case takes its place
        columns = [left(column) for column in bench.deck.columns[:3]]
        assert columns == sorted(columns, reverse=True)
        assert left(bench.panel) < columns[0]
    assert left(window.rail) > left(bench.panel)
    assert left(view._send) < left(view) + view.width() // 2
    assert view.layoutDirection() is Qt.LayoutDirection.RightToLeft


@pytest.mark.parametrize(("tag", "scale"), LANGUAGES)
def test_nothing_is_cut_or_nameless(practice: PracticeNetwork, profile: Path, tag: str, scale: int) -> None:
    async def steps(world: World) -> None:
        # Lists tell their readers what became of their rows only while somebody listens.
        QAccessible.setActive(True)
        practice.post(WORDS, language="en" if tag != "en" else "de")
        world.window.resize(1_600, 900)
        await begin_reply(world)
        await _speak(world, tag)
        found = dict.fromkeys(map(str, await _walk(world)))
        if direction(tag) == "rtl":
            _mirrored(world)
        assert not found, "\n".join(found)

    run(profile, practice, steps, two_sides=True, font_scale=scale)


def test_left_and_right_go_where_one_sees_it(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        actions = world.window.actions_table
        for tag, onward in (("en", "Right"), ("ar", "Left"), ("de", "Right")):
            await _speak(world, tag)
            assert actions.keys("column.next") == (f"Ctrl+{onward}",)
            assert actions.keys("column.narrower") == ("Ctrl+Alt+Left",)

    run(profile, practice, steps)


def _place(world: World) -> dict[str, object]:
    """Where one is: on the desk, in the draft, on the pages."""
    bench = world.bench
    view = bench.composer.view
    cursor = view.editor.textCursor()
    column = bench.deck.columns[0].view
    settings = world.window.widget("page.settings")
    assert isinstance(settings, SettingsPage)
    return {
        "draft": view.editor.toPlainText(),
        "caret": cursor.position(),
        "selection": cursor.anchor(),
        "scroll": view.editor.verticalScrollBar().value(),
        "undo": view.editor.document().availableUndoSteps(),
        "case": bench.panel.case.id if bench.panel.case is not None else 0,
        "card": bench.deck.current_entry.message.id if bench.deck.current_entry is not None else 0,
        "first card": column.placed[0].ident,
        "its place": column.placed[0].y,
        "page": world.window.page,
        "section": settings.sections.currentRow(),
        "templates": bench.words.page.tabs.currentIndex(),
    }


def test_a_switch_loses_nothing(practice: PracticeNetwork, profile: Path) -> None:
    """With a draft, a scrolled column, an open dialog, and on each page."""

    async def steps(world: World) -> None:
        bench, window = world.bench, world.window
        for number in range(30):
            practice.post(f"Where is order {number}? " * 4, language="en")
        await world.until(lambda: len(bench.deck.columns[0].view.model.rows) == 30, "thirty cards")
        await begin_reply(world)
        column, editor = bench.deck.columns[0].view, bench.composer.view.editor
        bench.deck.move_selection(6)
        column.scroll_by(500)
        editor.setFocus()
        world.write("One step.")
        editor.insertPlainText("\n".join(f"Line {number}" for number in range(40)))
        cursor = editor.textCursor()
        cursor.setPosition(40)
        cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, 12)
        editor.setTextCursor(cursor)
        window.go("page.settings")
        settings = window.widget("page.settings")
        assert isinstance(settings, SettingsPage)
        settings.sections.setCurrentRow(3)
        window.go("page.templates")
        bench.words.page.turn(1)
        for page in ("page.deck", "page.kpi", "page.settings", "page.templates"):
            window.go(page)
            await asyncio.sleep(0)
            await _round(world, world.focus())
        window.go("page.deck")
        bench.actions.run("go.palette")
        palette = await world.dialog(Palette)
        world.write("live")
        chosen = palette.current()
        await _round(world, world.focus())
        assert palette.isVisible()
        assert (palette.field.text(), palette.current().id) == ("live", chosen.id)
        palette.reject()
        editor.undo()
        assert editor.toPlainText() == "One step."

    run(profile, practice, steps)


async def _round(world: World, focus: QWidget) -> None:
    """Through the languages and back; nothing may have moved."""
    before = _place(world)
    for tag in SWITCHED:
        await _speak(world, tag)
        await asyncio.sleep(0.02)
        now = _place(world)
        assert now == before, (tag, {name: (before[name], now[name]) for name in now if now[name] != before[name]})
        assert world.focus() is focus, (tag, world.focus())


@pytest.mark.parametrize(("tag", "latin", "native"), [("ar", "12", "١٢"), ("fa", "12", "۱۲"), ("hi", "12", "१२")])
def test_digits_as_one_likes_them(practice: PracticeNetwork, profile: Path, tag: str, latin: str, native: str) -> None:
    async def steps(world: World) -> None:
        for number in range(12):
            practice.post(f"Where is it, {'x' * number}?")
        bench = world.bench
        await world.until(lambda: world.window.top_bar._waiting == 12, "twelve wait")
        page = await figures(world)
        await world.until(lambda: page._figures and page._figures.waiting_count == 12, "in the figures")
        heat = page.arrivals.chart
        assert isinstance(heat, HeatmapChart)
        for wanted, other, digits in ((latin, native, "latin"), (native, latin, "native"), (latin, native, "latin")):
            world.desk.settings.change(locale=tag, digits=digits)
            await world.until(lambda digits=digits: (formats().tag, formats().digits) == (tag, digits), digits)  # type: ignore[misc]
            spoken = formats()
            assert wanted in world.window.top_bar._state.text()
            assert bench.deck.columns[0].header.count.text() == wanted
            shown = [label.text() for label in page.findChildren(QLabel)]
            assert any(wanted in text for text in shown)
            assert not any(other in text for text in shown)
            said = [text for _at, text in heat.getAxis("bottom")._tickLevels[0]]
            assert said == [spoken.hour(hour) for hour in range(0, 24, 3)]
            for column in bench.deck.columns[:1]:
                texts = [chip.text for row in column.view.placed for chip in column.view.card(row.index).content.chips]
                assert not any(digit in text for text in texts for digit in _row(other))

    run(profile, practice, steps)


def _row(sample: str) -> str:
    """All digits of the script that `sample` is written in."""
    zero = ord(sample[0]) - 1
    return "".join(chr(zero + value) for value in range(10))
