"""What a screen reader finds in a column."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from tests.views.deck.world import World, entry, finish
from workstation.views import theme
from workstation.views.deck import accessible
from workstation.views.deck.column_view import ColumnView
from workstation.views.deck.drainer import Drainer


@pytest.fixture
def view(qtbot: QtBot, world: World, look: theme.Look) -> Iterator[ColumnView]:
    """A column of three posts that answers screen readers."""
    QAccessible.setActive(True)
    accessible.install()
    world.pages.fill([entry(3), entry(4), entry(9)])
    drainer = Drainer()
    shown = ColumnView(world.model(), world.around(), drainer, finish)
    shown.setAccessibleName("Mentions")
    shown.resize(300, 600)
    qtbot.addWidget(shown)
    shown.show()
    drainer.drain()
    yield shown
    shown.close_model()
    shown.close()


def test_a_column_is_a_list_of_items_that_say_the_card(view: ColumnView) -> None:
    found = QAccessible.queryAccessibleInterface(view)
    assert found is not None
    assert found.role() is QAccessible.Role.List
    assert found.text(QAccessible.Text.Name) == "Mentions"
    assert found.childCount() == 3
    row = found.child(1)
    assert row is not None
    assert row.role() is QAccessible.Role.ListItem
    name = row.text(QAccessible.Text.Name)
    assert "דנה לוי" in name
    assert "7731" in name
    assert "Snoozed" in name
    assert "Yours" in name
    assert found.indexOfChild(row) == 1
    assert row.rect().isValid()


def test_the_selected_row_has_the_focus(view: ColumnView) -> None:
    view.setFocus()
    view.select(2)
    found = QAccessible.queryAccessibleInterface(view)
    assert found is not None
    row = found.focusChild()
    assert row is not None
    assert row.state().selected
    assert "Jonas Weber" in row.text(QAccessible.Text.Name)


def test_a_row_that_is_gone_says_nothing(view: ColumnView, world: World) -> None:
    found = QAccessible.queryAccessibleInterface(view)
    assert found is not None
    row = found.child(0)
    assert row is not None
    world.pages.erase(9)
    view.refresh()
    assert not row.isValid()
    assert row.text(QAccessible.Text.Name) == ""
    assert found.childCount() == 2
