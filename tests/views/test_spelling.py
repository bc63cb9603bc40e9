"""Spelling in the real window: marks in the reply, suggestions in its menu, taught words, input methods."""

from pathlib import Path

import pytest
from PySide6.QtGui import QContextMenuEvent, QInputMethodEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu

from tests.practice_network import PracticeNetwork, practice
from tests.services.test_spelling import dictionary
from tests.views.desk_world import World, run
from tests.views.test_sending import write_reply
from workstation.domain.memory import Term
from workstation.services.profile import Profile
from workstation.views.case.editor import DraftEditor

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
WAVY = QTextCharFormat.UnderlineStyle.SpellCheckUnderline


def marked(editor: DraftEditor) -> list[str]:
    """The words that are underlined."""
    found = []
    block = editor.document().firstBlock()
    while block.isValid():
        text = block.text().encode("utf-16-le")
        found += [
            text[each.start * 2 : (each.start + each.length) * 2].decode("utf-16-le")
            for each in block.layout().formats()
            if each.format.underlineStyle() == WAVY
        ]
        block = block.next()
    return found


def menu_at(editor: DraftEditor, place: int) -> QMenu:
    """The menu that the menu key opens with the caret at a place."""
    cursor = editor.textCursor()
    cursor.setPosition(place)
    editor.setTextCursor(cursor)
    at = editor.cursorRect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, editor.mapToGlobal(at))
    QApplication.sendEvent(editor, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def words_of(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.isVisible()]


def compose(editor: DraftEditor, preedit: str, commit: str = "") -> None:
    """What an input method does."""
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(editor, event)


async def reply(world: World, network: PracticeNetwork, language: str = "en") -> DraftEditor:
    network.post("where is it?")
    await write_reply(world, "")
    world.bench.composer._speak(language)
    return world.bench.composer.view.editor


def test_unknown_words_are_marked_and_mended(practice: PracticeNetwork, profile: Path) -> None:
    dictionary(Profile(profile).dictionaries)

    async def steps(world: World) -> None:
        editor = await reply(world, practice)
        world.write("hello parcle")
        await world.until(lambda: not editor._highlighter.squiggles._waiting, "asked")  # type: ignore[union-attr]
        assert marked(editor) == []  # the word that is being written is not judged
        world.write(" order https://x.example/parcle @parcle #parcle {parcle} ")
        editor.insertPlainText("😀 ")
        world.write("helo ")
        await world.until(lambda: marked(editor) == ["parcle", "helo"], "marked")
        steps = editor.document().availableUndoSteps()
        assert editor.toPlainText().startswith("hello parcle order")
        menu = menu_at(editor, 9)
        await world.until(lambda: "parcel" in words_of(menu), "suggested")
        next(action for action in menu.actions() if action.text() == "parcel").trigger()
        menu.close()
        assert editor.toPlainText().startswith("hello parcel order")
        assert editor.document().availableUndoSteps() > steps - 1
        editor.undo()
        assert editor.toPlainText().startswith("hello parcle order")
        editor.moveCursor(QTextCursor.MoveOperation.End)
        await world.until(lambda: marked(editor) == ["parcle", "helo"], "marked again")
        menu = menu_at(editor, 9)
        next(action for action in menu.actions() if "dictionary" in action.text()).trigger()
        menu.close()
        await world.until(lambda: marked(editor) == ["helo"], "taught")
        world.bench.composer._speak("de")
        assert marked(editor) == []
        assert "helo" in editor.toPlainText()

    run(profile, practice, steps)


def test_no_marks_while_an_input_method_composes(practice: PracticeNetwork, profile: Path) -> None:
    dictionary(Profile(profile).dictionaries)

    async def steps(world: World) -> None:
        editor = await reply(world, practice)
        world.write("helo ")
        await world.until(lambda: marked(editor) == ["helo"], "marked")
        compose(editor, "parcl")
        assert bool(editor.composing)
        assert marked(editor) == ["helo"]
        compose(editor, "", "parcle ")
        assert not bool(editor.composing)
        await world.until(lambda: marked(editor) == ["helo", "parcle"], "judged afterwards")
        assert editor.toPlainText() == "helo parcle "

    run(profile, practice, steps)


def test_terms_are_right_and_no_dictionary_is_no_fault(practice: PracticeNetwork, profile: Path) -> None:
    dictionary(Profile(profile).dictionaries)

    async def steps(world: World) -> None:
        editor = await reply(world, practice)
        world.write("Zyzzy helo ")
        await world.until(lambda: marked(editor) == ["Zyzzy", "helo"], "marked")
        await world.desk.terms.save(Term("", "", "Zyzzy"))
        await world.until(lambda: marked(editor) == ["helo"], "a kept term is right")
        world.desk.settings.change(spelling=False)
        await world.until(lambda: marked(editor) == [], "off")
        assert not world.window.notices.texts

    run(profile, practice, steps)
