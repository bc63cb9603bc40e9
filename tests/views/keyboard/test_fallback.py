"""Key presses as German, Polish, French and Arabic keyboards deliver them, and input methods, on a real window."""

import sys
from dataclasses import dataclass, field
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.waiting import PATIENCE_MS
from workstation.views.desk_actions import DeskActions
from workstation.views.keyboard import meaning
from workstation.views.keyboard.field import KeyField
from workstation.views.keyboard.layouts import LAYOUTS, Layout, Way, ways
from workstation.views.keys import ACTIONS, Scope

SHIFT = Qt.KeyboardModifier.ShiftModifier
SCANS = {place: scan for scan, place in meaning._SET_1.items()}
MAC = {place: virtual for virtual, place in meaning._MAC.items()}
MODS = {"ctrl": Qt.KeyboardModifier.ControlModifier, "alt": Qt.KeyboardModifier.AltModifier, "shift": SHIFT}


@dataclass
class Bench:
    """A window with something to press in, an editor, and what was done."""

    window: QWidget
    actions: DeskActions
    inside: QListWidget
    editor: QLineEdit
    done: list[str] = field(default_factory=list)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    """The window with the focus on what is no editor."""
    window = QWidget()
    qtbot.addWidget(window)
    actions = DeskActions(parent=window)
    inside, editor = QListWidget(), QLineEdit()
    column = QVBoxLayout(window)
    column.addWidget(inside)
    column.addWidget(editor)
    made = Bench(window, actions, inside, editor)
    for spec in ACTIONS:
        actions.on(spec.id, partial(made.done.append, spec.id))
        if spec.scope is Scope.WINDOW:
            window.addAction(actions[spec.id])
    actions.attach(Scope.DECK, inside)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE_MS)
    inside.setFocus()
    return made


def native(place: str) -> tuple[int, int]:
    """Scan code and virtual key as this platform tells them; on X11 scan codes are those of set 1 and 8."""
    if sys.platform == "darwin":
        return 1, MAC[place]
    return SCANS[place] + (0 if sys.platform == "win32" else 8), 0


def strike(bench: Bench, way: Way, mods: frozenset[str] = frozenset(), target: QWidget | None = None) -> None:
    """Press as a platform does: shortcuts are asked first; what they leave goes to the focus with its scan code."""
    focus = target or QApplication.focusWidget()
    assert focus is not None
    held = Qt.KeyboardModifier.NoModifier
    for name in mods | ({"shift"} if way.shift else set()):
        held |= MODS[name]
    code = Qt.Key(ord(way.gives[0].upper()))
    text = "" if "ctrl" in mods else way.gives
    before = len(bench.done)
    QTest.sendKeyEvent(QTest.KeyAction.Shortcut, focus, code, text, held)
    if len(bench.done) == before:
        event = QKeyEvent(QEvent.Type.KeyPress, code, held, *native(way.place), 0, text)
        QCoreApplication.sendEvent(focus, event)


SINGLE = {"go.search": "/", "case.claim": "A", "case.release": "Shift+A", "column.newest": ".", "column.3": "3",
          "case.reply": "R", "card.next": "J", "desk.undo": "Z", "column.pause": "Shift+P"}  # fmt: skip


@pytest.mark.parametrize("layout", [LAYOUTS[code] for code in ("de", "pl", "fr", "ar")], ids=lambda each: each.code)
@pytest.mark.parametrize(("name", "key"), SINGLE.items())
def test_single_keys_work_on_every_layout(bench: Bench, layout: Layout, name: str, key: str) -> None:
    for way in ways(key, layout):
        strike(bench, Way("q", False, layout.plain["q"], way.ease))  # the layout shows which script it writes
        bench.done.clear()
        strike(bench, way)
        assert bench.done == [name], way


def test_sequences_work_by_place(bench: Bench) -> None:
    arabic = LAYOUTS["ar"]
    for key in ("X", "Shift+B"):
        strike(bench, ways(key, arabic)[0])
    assert bench.done == ["act.unblock"]
    for key in ("X", "="):  # no such sequence: nothing is done by halves
        strike(bench, ways(key, arabic)[0])
    strike(bench, ways("B", arabic)[0])
    bench.done.remove("act.boost")
    assert bench.done == ["act.unblock"]


def test_letters_of_an_editor_stay_its_own(bench: Bench) -> None:
    bench.editor.setFocus()
    for layout in LAYOUTS.values():
        for key in ("J", "A", "3", "/"):
            strike(bench, ways(key, layout)[0])
    assert bench.done == []
    assert len(bench.editor.text()) >= 4 * len(LAYOUTS)


def test_ctrl_works_in_an_editor_with_letters_of_another_script(bench: Bench) -> None:
    bench.editor.setFocus()
    arabic = LAYOUTS["ar"]
    strike(bench, ways("Ctrl+K", arabic)[0], frozenset({"ctrl"}))
    assert bench.done == ["go.palette"]
    bench.editor.setText("abc")
    strike(bench, ways("Ctrl+A", arabic)[0], frozenset({"ctrl"}))
    assert bench.done == ["go.palette"]


def test_what_altgr_writes_starts_nothing(bench: Bench) -> None:
    for layout in LAYOUTS.values():
        for place, char in layout.third.items():
            if char in "/{[]}\\@#|`^~":
                continue  # keys of their own on some keyboards; none of them is bound
            strike(bench, Way(place, False, char, ways("a", layout)[0].ease))
            strike(bench, Way(place, False, char, ways("a", layout)[0].ease), frozenset({"ctrl", "alt"}))
    assert bench.done == []


def test_nothing_is_taken_from_a_word_that_is_being_composed(bench: Bench) -> None:
    bench.editor.setFocus()
    QCoreApplication.sendEvent(bench.editor, QInputMethodEvent("にほ", []))
    for key, mods in ((Qt.Key.Key_K, MODS["ctrl"]), (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
                      (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier)):  # fmt: skip
        QTest.sendKeyEvent(QTest.KeyAction.Shortcut, bench.editor, key, "", mods)
    assert bench.done == []
    done = QInputMethodEvent()
    done.setCommitString("日本")
    QCoreApplication.sendEvent(bench.editor, done)
    QTest.keyClick(bench.editor, Qt.Key.Key_K, MODS["ctrl"])
    assert bench.done == ["go.palette"]
    assert bench.editor.text() == "日本"


def test_what_is_not_possible_is_not_done(bench: Bench) -> None:
    bench.actions.allow("case.claim", ACTIONS[0].label)
    strike(bench, ways("A", LAYOUTS["ar"])[0])
    assert bench.done == []


def test_another_window_keeps_its_keys(bench: Bench, qtbot: QtBot) -> None:
    other = QListWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow, timeout=PATIENCE_MS)
    other.setFocus()
    strike(bench, ways("J", LAYOUTS["ar"])[0], target=other)
    assert bench.done == []


def test_new_keys_are_found_by_place_too(bench: Bench) -> None:
    bench.actions.bind({"case.claim": ("Y",), "case.copy": ()})
    strike(bench, ways("Y", LAYOUTS["ar"])[0])
    assert bench.done == ["case.claim"]


def test_a_key_is_taken_down_as_it_will_be_found(bench: Bench, qtbot: QtBot) -> None:
    edit = KeyField()
    qtbot.addWidget(edit)
    edit.show()
    way = ways("J", LAYOUTS["ar"])[0]
    for code, place, gives in ((ord(way.gives), way.place, way.gives), (ord("Ü"), "[", "ü")):
        edit.clear()
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key(code), MODS["ctrl"], *native(place), 0, gives)
        QCoreApplication.sendEvent(edit, event)
        assert edit.keys() == ("Ctrl+J" if place == "j" else "Ctrl+Ü")
