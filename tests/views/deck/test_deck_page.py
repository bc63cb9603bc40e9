"""The deck as a whole: columns added, changed, moved, resized, closed, restored, and worked on by keys."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.views.deck.world import World, entry, finish
from tests.waiting import PATIENCE_MS
from workstation.domain.cases import Entry
from workstation.domain.channels import Condition, Health
from workstation.services.columns import ColumnSpec
from workstation.services.presets import BY_ID, PRESETS
from workstation.services.settings import Density, Theme
from workstation.views import theme
from workstation.views.deck.add_column import AddColumn
from workstation.views.deck.deck_page import DeckPage

SPECS = (
    BY_ID["needs_reply"].column("a"),
    BY_ID["mentions"].column("b"),
    ColumnSpec("c", title="German", filter="lang:de"),
)


class Deck:
    """A deck on the screen, what it saved, and its keys as the window binds them."""

    def __init__(self, qtbot: QtBot, world: World, specs: tuple[ColumnSpec, ...] = SPECS) -> None:
        self.world = world
        self.saved: list[tuple[ColumnSpec, ...]] = []
        self.page = DeckPage(world.columns, world.around(), finish, lambda specs: self.saved.append(tuple(specs)))
        self.page.resize(1_000, 700)
        qtbot.addWidget(self.page)
        self.page.show_columns(specs)
        self.page.show()
        self.settle()

    def bind(self, keys: str, slot: object) -> None:
        """Let a key do something, as the window's actions do."""
        action = QAction(self.page)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(slot)
        self.page.addAction(action)

    def settle(self) -> None:
        """Bring everything onto the screen."""
        while self.page.drainer.busy:
            self.page.drainer.drain()
        QApplication.processEvents()

    @property
    def ids(self) -> list[str]:
        """Columns in their order."""
        return [spec.id for spec in self.page.specs]

    def close(self) -> None:
        """Take it off the screen."""
        self.page.close_deck()
        self.page.close()


@pytest.fixture
def deck(qtbot: QtBot, world: World, look: theme.Look) -> Iterator[Deck]:
    """Three columns over sixty posts."""
    world.pages.fill(entry(number) for number in range(1, 61))
    made = Deck(qtbot, world)
    yield made
    made.close()


def test_columns_show_what_their_filters_let_through(deck: Deck) -> None:
    german = deck.page.columns[2].view
    assert {row.message.language for row in german.model.rows} == {"de"}
    assert deck.page.columns[2].header.count.text() == "5"
    assert deck.page.columns[0].title == "Needs reply"


def test_keys_go_through_the_deck(deck: Deck) -> None:
    page = deck.page
    deck.bind("J", lambda: page.move_selection(1))
    deck.bind("K", lambda: page.move_selection(-1))
    deck.bind("2", lambda: page.focus_column(1))
    deck.bind("Ctrl+Right", lambda: page.step_column(1))
    page.activateWindow()
    page.focus_column(0)
    for key in (Qt.Key.Key_2, Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_K):
        QTest.keyClick(page.columns[page.columns.index(page.current)].view, key)  # type: ignore[arg-type]
    assert page.current is page.columns[1]
    assert page.current_entry is not None
    assert page.current_entry.message.id == 59
    QTest.keyClick(page.columns[1].view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert page.current is page.columns[2]
    page.focus_column(8)
    assert page.current is page.columns[2]


def test_a_column_is_closed_and_that_is_taken_back(qtbot: QtBot, deck: Deck) -> None:
    deck.page.focus_column(1)
    with qtbot.waitSignal(deck.page.closed, timeout=PATIENCE_MS) as closed:
        deck.page.close_column()
    assert deck.ids == ["a", "c"]
    deck.page.restore_column(*closed.args)
    assert deck.ids == ["a", "b", "c"]
    assert [spec.id for spec in deck.saved[-1]] == ["a", "b", "c"]
    deck.settle()
    assert deck.page.columns[1].view.model.rows


def test_columns_are_moved_resized_duplicated(deck: Deck) -> None:
    deck.page.focus_column(0)
    deck.page.move_column(2)
    assert deck.ids == ["b", "c", "a"]
    assert deck.page.current is deck.page.columns[2]
    width = deck.page.columns[2].width()
    deck.page.resize_column(40)
    assert deck.page.columns[2].width() == width + 40
    assert deck.saved[-1][2].width == width + 40
    deck.page.resize_column(-5_000)
    assert deck.page.columns[2].width() == theme.current().measures.column_min
    deck.page.duplicate_column()
    assert len(deck.page.columns) == 4
    assert len(set(deck.ids)) == 4
    assert deck.page.specs[3].filter == deck.page.specs[2].filter


def test_columns_are_never_squeezed(deck: Deck) -> None:
    deck.page.resize(400, 700)
    deck.settle()
    least = theme.current().measures.column_min
    assert all(column.width() >= least for column in deck.page.columns)
    deck.page.focus_column(2)
    column = deck.page.columns[2]
    left = column.mapTo(deck.page, QPoint(0, 0)).x()
    assert left >= 0
    assert left + column.width() <= deck.page.width() + theme.current().measures.gap


def test_a_header_is_dragged_to_another_place(deck: Deck) -> None:
    header, target = deck.page.columns[0].header, deck.page.columns[1]
    start = QPoint(60, 20)
    end = header.mapFromGlobal(target.mapToGlobal(QPoint(target.width() - 20, 20)))
    QTest.mousePress(header, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(header, start + QPoint(20, 0))
    QTest.mouseMove(header, end)
    QTest.mouseRelease(header, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    assert deck.ids == ["b", "a", "c"]
    assert deck.saved


def test_a_filter_is_changed_in_place(deck: Deck) -> None:
    column = deck.page.columns[2]
    deck.page.focus_column(2)
    deck.page.edit_column()
    assert column.filter.line.hasFocus()
    column.filter.line.selectAll()
    QTest.keyClicks(column.filter.line, "lang:de colour:red")
    assert column.filter.error is not None
    assert column.filter.error.position > 0
    QTest.keyClick(column.filter.line, Qt.Key.Key_Return)
    assert column.bar.isVisible()
    column.filter.line.selectAll()
    QTest.keyClicks(column.filter.line, "lang:ja")
    QTest.keyClick(column.filter.line, Qt.Key.Key_Return)
    deck.settle()
    assert not column.bar.isVisible()
    assert column.spec.filter == "lang:ja"
    assert {row.message.language for row in column.view.model.rows} == {"ja"}
    deck.page.focus_column(2)
    assert column.view.hasFocus()
    assert deck.saved[-1][2].filter == "lang:ja"


def test_escape_leaves_the_filter_as_it_was(deck: Deck) -> None:
    column = deck.page.columns[2]
    column.edit()
    QTest.keyClicks(column.filter.line, "lang:ja")
    QTest.keyClick(column.filter.line, Qt.Key.Key_Escape)
    assert not column.bar.isVisible()
    assert column.spec.filter == "lang:de"


def test_what_waits_is_told_and_shown(qtbot: QtBot, deck: Deck) -> None:
    column = deck.page.columns[1]
    column.toggle_pause()
    assert deck.saved[-1][1].paused
    deck.world.pages.put(entry(500), entry(501))
    deck.settle()
    assert column.header.new.isVisible()
    assert "2" in column.header.new.text()
    QTest.mouseClick(column.header.new, Qt.MouseButton.LeftButton)
    assert not column.header.new.isVisible()
    assert column.view.model.row_id(column.view.model.rows[0]) == 501


def test_an_empty_column_says_so_and_fills_itself(deck: Deck) -> None:
    deck.page.add(ColumnSpec("", filter="tag:nobody"))
    deck.settle()
    column = deck.page.current
    assert column is not None
    assert column.empty.isVisible()
    deck.page.focus_column(0)
    one = entry(700)
    assert one.case is not None
    deck.world.pages.put(Entry(one.message, replace(one.case, tags=("nobody",))))
    deck.settle()
    assert column.view.isVisible()


def test_a_column_that_cannot_load_says_why_and_tries_again(qtbot: QtBot, world: World, look: theme.Look) -> None:
    world.pages.fails = True
    deck = Deck(qtbot, world)
    column = deck.page.columns[0]
    assert column.failed.isVisible()
    world.pages.fails = False
    column.failed.acted.emit()
    deck.settle()
    assert not column.failed.isVisible()
    deck.close()


def test_no_columns_ask_for_one(qtbot: QtBot, world: World, look: theme.Look) -> None:
    deck = Deck(qtbot, world, ())
    assert deck.page.empty.isVisible()
    deck.page.add(PRESETS[1].column(""))
    deck.settle()
    assert not deck.page.empty.isVisible()
    assert deck.page.current is not None
    deck.close()


def test_adding_a_column(qtbot: QtBot, deck: Deck) -> None:
    sheet = AddColumn(deck.world.columns, finish, deck.page)
    sheet.open()
    hashtag = next(n for n, preset in enumerate(PRESETS) if preset.id == "hashtag")
    sheet.list.setCurrentRow(hashtag)
    assert sheet.value.isVisible()
    QTest.keyClicks(sheet.value, "acme")
    with qtbot.waitSignal(sheet.chosen, timeout=PATIENCE_MS) as chosen:
        QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert chosen.args[0] == ColumnSpec("", title="acme", filter="source:hashtag:acme", preset="hashtag")


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_the_menu_of_a_column_is_complete(deck: Deck) -> None:
    column = deck.page.columns[1]
    column.show_menu()
    menu = column.findChild(QMenu)
    assert menu is not None
    names = {action.objectName() for action in menu.actions() if not action.isSeparator()}
    assert names == {
        "edit", "rename", "duplicate", "left", "right", "wider", "narrower", "window", "notify", "highlights", "health",
        "older", "copy", "close", "alike",
    }  # fmt: skip
    next(action for action in menu.actions() if action.objectName() == "left").trigger()
    menu.close()
    assert deck.ids == ["b", "a", "c"]


def test_health_is_told_by_its_worst(deck: Deck) -> None:
    deck.page.show_health((Health(1, Condition.LIVE), Health(2, Condition.SIGN_IN)))
    for label in deck.page.columns[0].header.findChildren(QWidget):
        if label.property("role") == "error-small":
            break
    else:
        pytest.fail("nothing tells of the sign-in")


def test_every_control_has_a_name(deck: Deck) -> None:
    QAccessible.setActive(True)
    deck.page.columns[0].edit()
    unnamed = []
    for widget in deck.page.findChildren(QWidget):
        if widget.focusPolicy() is Qt.FocusPolicy.NoFocus or not widget.isVisible():
            continue
        found = QAccessible.queryAccessibleInterface(widget)
        if found is None or not found.text(QAccessible.Text.Name):
            unnamed.append(widget)
    assert unnamed == []


@pytest.mark.parametrize("scale", [100, 200])
@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_targets_are_large_enough(qapp: QApplication, deck: Deck, scale: int, direction: Qt.LayoutDirection) -> None:
    theme.apply(qapp, Theme.LIGHT, Density.COMPACT, scale)
    deck.page.setLayoutDirection(direction)
    deck.settle()
    header = deck.page.columns[0].header
    for button in (header.pause, header.menu):
        assert button.width() >= 24
        assert button.height() >= 24
        assert header.rect().contains(button.geometry())
