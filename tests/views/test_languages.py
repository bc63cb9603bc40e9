"""Switching the language keeps what one is writing; pseudo-locales find nothing untranslated, cut or nameless."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase, QTextCursor
from PySide6.QtWidgets import QApplication, QWidget

from tests.i18n.audit import Fault, audit, report
from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from workstation.i18n import PSEUDO_ACCENTED, PSEUDO_MIRRORED, available, load_language, own_name, plain
from workstation.qt.translator import apply_language
from workstation.services.settings import Theme
from workstation.views import theme
from workstation.views.help import GRAMMAR, Help
from workstation.views.keyboard.places import Place
from workstation.views.widgets.chips import Chip

__all__ = ["practice"]

TALL = ("Noto Nastaliq Urdu", "Noto Naskh Arabic", "Noto Sans Arabic", "Scheherazade New", "Amiri")
"""Arabic fonts the lines of which are much higher than Inter's."""
pytestmark = pytest.mark.usefixtures("qapp")


async def begin_reply(world: World) -> None:
    bench = world.bench
    await world.until(lambda: bench.deck.columns and bench.deck.columns[0].view.model.rows, "a card")
    bench.deck.focus_column(0)
    bench.deck.move_selection(1)
    await world.until(lambda: bench.deck.current_entry is not None, "selected")
    bench.deck.open_current()
    await world.until(lambda: bench.panel.entries, "thread")
    bench.replying.reply()
    await world.until(lambda: bench.composer.entry is not None, "composer")


def page_shown(world: World) -> QWidget:
    """The page that is in front: the rest of the window is the same for all of them."""
    page = world.window.pages.currentWidget()
    assert page is not None
    return page


def test_a_switch_keeps_draft_caret_selection_and_undo(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        practice.post("where is it?")
        await begin_reply(world)
        view = world.bench.composer.view
        editor = view.editor
        editor.setFocus()
        world.write("One step.")
        editor.insert("Another step {order_no}.")
        cursor = editor.textCursor()
        cursor.setPosition(4)
        cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, 4)
        editor.setTextCursor(cursor)
        before = (editor.toPlainText(), cursor.position(), cursor.anchor())
        send = view._send.text()
        for tag in ("de", PSEUDO_MIRRORED, "nl", "en"):
            apply_language(world.app, load_language(tag))
            english = tag == "en"
            await world.until(lambda english=english: (send == view._send.text()) == english, f"speaks {tag}")  # type: ignore[misc]
            now = editor.textCursor()
            assert (editor.toPlainText(), now.position(), now.anchor()) == before, tag
            assert world.app.focusWidget() is editor
        editor.undo()
        assert editor.toPlainText() == "One step."

    run(profile, practice, steps)


def test_the_draft_is_there_after_a_restart(practice: PracticeNetwork, profile: Path) -> None:
    async def write(world: World) -> None:
        practice.post("where is it?")
        await begin_reply(world)
        world.bench.composer.view.editor.insertPlainText("Half a sent")
        world.bench.composer.view.toggle_spoiler()
        world.bench.composer.view.frame.spoiler.setText("careful")

    async def read(world: World) -> None:
        await begin_reply(world)
        view = world.bench.composer.view
        await world.until(lambda: view.text, "the draft")
        assert (view.text, view.editor.caret(), view.spoiler) == ("Half a sent", 11, "careful")

    run(profile, practice, write)
    run(profile, practice, read)


@pytest.mark.parametrize(
    ("tag", "scale"),
    [(PSEUDO_ACCENTED, 100), (PSEUDO_ACCENTED, 150), (PSEUDO_ACCENTED, 200), (PSEUDO_MIRRORED, 200)],
)
def test_pseudo_locales_find_no_fault(practice: PracticeNetwork, profile: Path, tag: str, scale: int) -> None:
    async def steps(world: World) -> None:
        practice.post("1234567890")
        apply_language(QApplication.instance(), load_language(tag))  # type: ignore[arg-type]
        await begin_reply(world)
        faults = audit(world.window, data=_data(world))
        for page in ("page.outbox", "page.kpi", "page.courses", "page.settings"):
            world.window.go(page)
            await asyncio.sleep(0)
            faults += audit(page_shown(world), data=_data(world))
        Help(world.bench.actions, Place.DECK, world.window).open()
        faults += audit(await world.dialog(Help), data=_data(world))
        assert not _ours(faults), report(_ours(faults))

    run(profile, practice, steps, font_scale=scale)


def test_help_follows_the_size_of_type_while_it_is_open(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        Help(world.bench.actions, Place.DECK, world.window).open()
        shown = await world.dialog(Help)
        before = shown.field.fontMetrics().height()
        for scale in (150, 100, 200):
            theme.apply(world.app, Theme.DARK, font_scale=scale)
            await asyncio.sleep(0)
        assert shown.field.fontMetrics().height() > before

    run(profile, practice, steps)


@pytest.mark.parametrize("scale", [100, 200])
def test_tall_letters_are_not_cut(practice: PracticeNetwork, profile: Path, scale: int) -> None:
    """Another machine's Arabic may be twice as high as ours: nothing may have the height of Latin letters."""
    tall = next((family for family in TALL if family in QFontDatabase.families()), "")
    if not tall:
        pytest.skip("no tall font here")

    async def steps(world: World) -> None:
        practice.post("1234567890")
        apply_language(world.app, load_language(PSEUDO_MIRRORED))
        family = world.app.font().families()[0]
        font = world.app.font()
        font.setFamilies([family, tall])
        world.app.setFont(font)
        await begin_reply(world)
        case = world.bench.panel.case
        assert case is not None
        chip = Chip("ينتظر ٤٨ دقيقة")
        latin = Chip("waiting")
        assert chip.sizeHint().height() > latin.sizeHint().height(), "the font is tall"
        await world.until(lambda: world.bench.panel.header.findChildren(Chip), "chips")
        faults = audit(world.window, data=_data(world))
        for page in ("page.outbox", "page.kpi", "page.courses", "page.settings"):
            world.window.go(page)
            await asyncio.sleep(0)
            faults += audit(page_shown(world), data=_data(world))
        assert not _ours(faults), report(_ours(faults))

    run(profile, practice, steps, font_scale=scale)


def _data(world: World) -> set[str]:
    """Texts that people outside wrote, and names and examples that are not ours to translate."""
    known = {"Care", "M", "mastodon", "websocket", "1234567890", "Ctrl+,", *(own_name(tag) for tag in available())}
    known |= {example for example, _meaning in GRAMMAR}
    for entry in world.bench.panel.entries:
        author = entry.message.author
        known |= {author.name, author.handle, f"@{author.handle}", f"{author.handle} · Care", entry.message.text}
    view = world.bench.composer.view
    known |= {plain(view._title.text()), plain(view._whom.text())}
    for config in world.desk.supervisor.configs():
        known |= {config.server, config.server.partition("//")[2]}
    return known


def _ours(faults: list[Fault]) -> list[Fault]:
    """Without those of column heads, which the deck's own tests look after, and the line of the top bar, which shortens
    itself and has all of it as its tool tip."""
    return [fault for fault in faults if "ColumnHeader" not in fault.where and "TopBar > Elided" not in fault.where]
