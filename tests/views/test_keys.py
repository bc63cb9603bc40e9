"""The key table: every action has a key, none clashes, editors keep their letters."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow

from tests.views.desk_world import World, run
from workstation.domain.outbox import Act
from workstation.domain.text import lazy
from workstation.views.case.moderation import ACTS
from workstation.views.desk_actions import DeskActions
from workstation.views.icons import FOLDER
from workstation.views.key_clashes import clashes, is_single_letter
from workstation.views.keys import ACTIONS, BY_ID, act_id, bound

DEFAULTS = {spec.id: spec.keys for spec in ACTIONS}


def test_every_action_has_a_key_that_qt_understands() -> None:
    for spec in ACTIONS:
        assert spec.keys, spec.id
        for keys in spec.keys:
            assert not QKeySequence(keys).isEmpty(), (spec.id, keys)
            assert "?" not in QKeySequence(keys).toString().replace("?", "", keys.count("?")), (spec.id, keys)


def test_no_defaults_clash() -> None:
    assert clashes(DEFAULTS) == []


def test_names_are_unique_and_icons_exist() -> None:
    assert len(BY_ID) == len(ACTIONS)
    assert [spec.icon for spec in ACTIONS if not (FOLDER / "lucide" / f"{spec.icon}.svg").exists()] == []


def test_every_act_of_a_network_has_an_action() -> None:
    assert {act_id(act) for act in ACTS} <= set(BY_ID)
    assert set(ACTS) == set(Act) - {Act.POST, Act.REPLY}


@given(st.sampled_from([spec.id for spec in ACTIONS]), st.sampled_from([spec.id for spec in ACTIONS]))
def test_a_taken_key_is_named(name: str, other: str) -> None:
    keys = DEFAULTS | {name: DEFAULTS[other]}
    # Others may share that key where it works elsewhere.
    found = [clash for clash in clashes(keys) if {clash.first, clash.second} == {name, other}]
    assert (found == []) == (name == other or (BY_ID[name].scope != BY_ID[other].scope and "window" not in (
        BY_ID[name].scope, BY_ID[other].scope)))  # fmt: skip


def test_a_sequence_hides_behind_its_first_key() -> None:
    assert clashes(DEFAULTS | {"case.claim": ("X",)})
    assert is_single_letter("X, M")
    assert not is_single_letter("Ctrl+K")


def test_rebinding_keeps_the_other_keys(qapp: object) -> None:
    del qapp
    actions = DeskActions({"case.claim": ("Ctrl+Alt+A",)})
    assert actions.keys("case.claim") == ("Ctrl+Alt+A",)
    assert actions.keys("case.tag") == BY_ID["case.tag"].keys
    actions.bind({})
    assert actions.keys("case.claim") == BY_ID["case.claim"].keys
    assert bound({"unknown": ("A",)}).keys() == BY_ID.keys()


@pytest.mark.usefixtures("qtbot")
def test_single_letters_are_off_in_editors(qtbot: object) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)  # type: ignore[attr-defined]
    actions = DeskActions(parent=window)
    done: list[str] = []
    actions.on("case.claim", lambda: done.append("claim"))
    window.addAction(actions["case.claim"])
    editor = QLineEdit()
    window.setCentralWidget(editor)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)  # type: ignore[attr-defined]
    editor.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_A)
    assert (editor.text(), done) == ("a", [])
    editor.clearFocus()
    QTest.keyClick(window, Qt.Key.Key_A)
    assert done == ["claim"]


@pytest.mark.usefixtures("qtbot")
def test_a_refused_action_says_why(qtbot: object) -> None:
    del qtbot
    actions = DeskActions()
    actions.on("case.claim", lambda: None)
    reason = lazy("Somebody else is working on this case.")
    actions.allow("case.claim", reason)
    assert not actions["case.claim"].isEnabled()
    assert not actions.run("case.claim")
    assert "Somebody else" in actions["case.claim"].toolTip()
    actions.allow("case.claim")
    assert actions.run("case.claim")


@pytest.mark.usefixtures("qapp")
def test_the_window_answers_for_every_action(profile: Path) -> None:
    async def steps(world: World) -> None:
        world.window.go("page.outbox")
        missing = {spec.id for spec in ACTIONS} - {spec.id for spec in world.window.actions_table.known()}
        assert missing == set()

    run(profile, None, steps)
