"""A column on the screen: it follows, it holds, it never moves under the reader, and every key does its work."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.views.deck.world import MINUTE, NOW, World, entry, finish
from tests.waiting import PATIENCE_MS
from workstation.domain.outbox import Act, Operation, Outgoing, State
from workstation.services.settings import Density, Theme
from workstation.views import theme
from workstation.views.deck.column_view import ColumnView
from workstation.views.deck.drainer import Drainer
from workstation.views.deck.geometry import first_seen


def press(widget: QWidget, key: Qt.Key, *, shift: bool = False) -> None:
    """Press a key as a keyboard does."""
    held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(widget, key, held)


class Shown:
    """A column on the screen, and the world it shows."""

    def __init__(self, qtbot: QtBot, world: World, *, height: int = 600, **column: Any) -> None:
        self.world, self.drainer = world, Drainer()
        self.view = ColumnView(world.model(**column), world.around(), self.drainer, finish)
        self.view.resize(310, height)
        qtbot.addWidget(self.view)
        self.view.show()
        self.settle()

    def settle(self) -> None:
        """Drain until nothing is dirty, and paint."""
        while self.drainer.busy:
            self.drainer.drain()
        QApplication.processEvents()

    @property
    def ids(self) -> list[int]:
        """Rows in sight, top first."""
        return [row.ident for row in self.view.placed]

    def close(self) -> None:
        """Take it off the screen."""
        self.view.close_model()
        self.view.close()


@pytest.fixture
def shown(qtbot: QtBot, world: World, look: theme.Look) -> Iterator[Shown]:
    """A column of a hundred posts."""
    world.pages.fill(entry(number) for number in range(1, 101))
    made = Shown(qtbot, world)
    yield made
    made.close()


def test_only_rows_in_sight_are_made(shown: Shown) -> None:
    assert 3 <= len(shown.ids) <= 8
    assert shown.ids[0] == 100
    assert shown.view.painted <= 2 * len(shown.ids)


def test_the_selected_card_stays_in_sight_when_there_is_less_room(shown: Shown) -> None:
    view = shown.view
    view.select(len(shown.ids) - 1)
    view.resize(310, 260)
    shown.settle()
    row = next(row for row in view.placed if row.ident == view.current)
    assert row.y >= 0
    assert row.bottom <= view.viewport().height()
    view.scroll_by(2_000)
    shown.settle()
    view.resize(310, 240)
    shown.settle()
    assert view.current not in shown.ids, "who scrolled away from it is not taken back"


def test_another_height_paints_only_what_is_new(shown: Shown) -> None:
    """As when the reply opens beneath it, and closes again: the cards in sight stay as they are painted."""
    view, around = shown.view, QWidget()
    around.resize(310, 600)
    view.setParent(around)
    around.show()
    view.show()
    shown.settle()
    painted = view.painted
    view.resize(310, 330)
    shown.settle()
    less = len(shown.ids)
    assert view.painted == painted
    view.resize(310, 600)
    shown.settle()
    assert view.painted - painted <= len(shown.ids) - less + 1
    kept = around.screen().grabWindow(around.winId()).toImage()
    view.viewport().update()
    QApplication.processEvents()
    assert around.screen().grabWindow(around.winId()).toImage() == kept
    view.setParent(None)


def test_at_the_top_it_follows(shown: Shown) -> None:
    shown.world.pages.put(entry(200))
    shown.settle()
    assert shown.ids[0] == 200
    assert shown.view.new_count == 0


def test_one_arrival_paints_one_card(shown: Shown) -> None:
    before = shown.view.painted
    shown.world.pages.put(entry(200))
    shown.settle()
    assert shown.view.painted - before <= 2


def test_scrolled_back_it_holds_and_counts(shown: Shown) -> None:
    shown.view.scroll_by(700)
    shown.settle()
    before, painted = [(row.ident, row.y) for row in shown.view.placed], shown.view.painted
    shown.world.pages.put(*(entry(number) for number in range(200, 230)))
    shown.settle()
    assert [(row.ident, row.y) for row in shown.view.placed] == before
    assert shown.view.painted == painted
    assert shown.view.new_count == 30
    shown.view.jump_to_new()
    assert (shown.ids[0], shown.view.new_count, shown.view.following) == (229, 0, True)


def test_scrolling_to_the_top_shows_what_waited_in_turn(shown: Shown) -> None:
    shown.view.scroll_by(300)
    shown.world.pages.put(entry(200), entry(201))
    shown.view.scroll_by(-300)
    assert shown.ids[0] == 100 or shown.view.placed[0].y <= 2
    assert shown.view.new_count == 2
    shown.view.scroll_by(-2_000)
    assert shown.ids[0] == 201
    assert shown.view.new_count == 0
    assert shown.view.following


def test_a_paused_column_waits_even_at_the_top(shown: Shown) -> None:
    shown.view.set_paused(True)
    shown.world.pages.put(entry(200))
    shown.settle()
    assert (shown.ids[0], shown.view.new_count) == (100, 1)
    shown.view.jump_to_new()
    assert shown.ids[0] == 200
    shown.world.pages.put(entry(201))
    shown.settle()
    assert shown.ids[0] == 200
    shown.view.set_paused(False)
    shown.settle()
    assert shown.ids[0] == 201


def test_the_selected_card_is_not_pushed_out_of_sight(shown: Shown) -> None:
    shown.view.setFocus()
    shown.view.select(1)
    for number in range(200, 240):
        shown.world.pages.put(entry(number))
        shown.settle()
    assert shown.view.current == 99
    assert 99 in shown.ids
    assert shown.view.new_count > 0


def test_an_edit_is_seen_where_the_row_stands(shown: Shown) -> None:
    ident = shown.ids[2]
    y = shown.view.placed[2].y
    shown.world.pages.put(entry(ident, text="short now", revision=1))
    shown.settle()
    assert shown.view.placed[2].y == y
    assert "short now" in shown.view.card(2).content.body
    assert "pencil" in shown.view.card(2).content.marks


def test_a_reply_on_its_way_is_told(shown: Shown) -> None:
    outgoing = Outgoing(1, 1, Operation("x", Act.REPLY), State.UNKNOWN, message=100)
    changes = msgspec.structs.replace(shown.world.pages.put(), sequence=99, outbox=(outgoing,))
    shown.world.feed.publish(changes)
    shown.settle()
    notice = shown.view.card(0).content.notice
    assert notice is not None
    assert notice.tone == "warn"


def test_ages_go_on_with_the_minute(shown: Shown) -> None:
    before = shown.view.card(0).content.time
    shown.world.clock.at = NOW + 90 * MINUTE
    shown.view.tick()
    shown.settle()
    assert shown.view.card(0).content.time != before


def test_older_pages_come_when_they_are_needed(qtbot: QtBot, world: World, look: theme.Look) -> None:
    world.pages.fill(entry(number, age=number) for number in range(1, 601))
    shown = Shown(qtbot, world)
    for _ in range(400):
        shown.view.scroll_by(500)
        shown.settle()
    assert shown.ids[-1] == 600
    shown.view.jump_to_new()
    shown.settle()
    assert shown.ids[0] == 1
    shown.close()


keys = [
    (Qt.Key.Key_Down, 100, [Qt.Key.Key_Down]),
    (Qt.Key.Key_Down, 99, [Qt.Key.Key_Down] * 2),
    (Qt.Key.Key_Up, 99, [Qt.Key.Key_Down] * 3 + [Qt.Key.Key_Up]),
    (Qt.Key.Key_End, 1, [Qt.Key.Key_End]),
    (Qt.Key.Key_Home, 100, [Qt.Key.Key_End, Qt.Key.Key_Home]),
    (Qt.Key.Key_Escape, None, [Qt.Key.Key_Down, Qt.Key.Key_Escape]),
]


@pytest.mark.parametrize(("_name", "current", "pressed"), keys)
def test_keys_move_the_selection(
    qtbot: QtBot, shown: Shown, _name: Qt.Key, current: int | None, pressed: list[Qt.Key]
) -> None:
    shown.view.setFocus()
    for key in pressed:
        press(shown.view, key)
    assert shown.view.current == current
    if current is not None:
        row = next(row for row in shown.view.placed if row.ident == current)
        assert row.y >= 0
        assert row.bottom <= shown.view.viewport().height()


def test_a_page_and_back(qtbot: QtBot, shown: Shown) -> None:
    shown.view.setFocus()
    press(shown.view, Qt.Key.Key_Down)
    press(shown.view, Qt.Key.Key_Space)
    far = shown.view.current
    assert far is not None
    assert far < 99
    press(shown.view, Qt.Key.Key_Space, shift=True)
    assert shown.view.current == 100


def test_enter_and_double_click_open(qtbot: QtBot, shown: Shown) -> None:
    shown.view.setFocus()
    press(shown.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(shown.view.opened, timeout=PATIENCE_MS) as opened:
        press(shown.view, Qt.Key.Key_Return)
    assert opened.args[0].message.id == 100
    point = QPoint(150, shown.view.placed[1].y + 10)
    QTest.mouseClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert shown.view.current == 99
    with qtbot.waitSignal(shown.view.opened, timeout=PATIENCE_MS):
        QTest.mouseDClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=point)


def test_the_menu_of_a_card(qtbot: QtBot, shown: Shown) -> None:
    shown.view.setFocus()
    press(shown.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(shown.view.menu_wanted, timeout=PATIENCE_MS) as wanted:
        press(shown.view, Qt.Key.Key_Menu)
    assert wanted.args[0].message.id == 100


def test_a_content_warning_covers_until_it_is_asked(qtbot: QtBot, world: World, look: theme.Look) -> None:
    world.pages.fill([entry(1, spoiler="Spiders", text="eight legs " * 20)])
    shown = Shown(qtbot, world)
    covered = shown.view.placed[0].height
    zone = shown.view.card(0).zones["spoiler"]
    point = (zone.center() + QPointF(8, shown.view.placed[0].y)).toPoint()
    QTest.mouseClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert shown.view.placed[0].height > covered
    shown.view.toggle_spoiler()
    assert shown.view.placed[0].height == covered
    shown.close()


def test_the_wheel_scrolls(shown: Shown) -> None:
    view = shown.view
    event = QWheelEvent(
        QPointF(50, 50), QPointF(50, 50), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    top = view.placed[0].y
    QApplication.sendEvent(view.viewport(), event)
    assert view.placed[0].y < top
    assert not view.following


@pytest.mark.parametrize("scale", [80, 100, 150, 200])
@pytest.mark.parametrize("name", [Theme.DARK, Theme.LIGHT, Theme.CONTRAST])
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_nothing_leaves_a_card(
    qapp: QApplication, qtbot: QtBot, world: World, look: theme.Look, name: Theme, scale: int, direction: Any
) -> None:
    theme.apply(qapp, name, Density.COSY, scale)
    world.pages.fill(entry(number) for number in range(1, 30))
    shown = Shown(qtbot, world)
    shown.view.setLayoutDirection(direction)
    shown.settle()
    for index in range(len(shown.view.model.rows)):
        card = shown.view.card(index)
        assert all(rect.left() >= 0 and rect.right() <= card.style.width for rect in card.zones.values())
        assert all(rect.bottom() <= card.height for rect in card.zones.values())
        assert all(min(rect.width(), rect.height()) >= 17 for rect in card.zones.values())
    shown.close()


def test_restyling_keeps_the_place(qapp: QApplication, shown: Shown) -> None:
    shown.view.scroll_by(1_000)
    first = first_seen(shown.view.placed)
    assert first is not None
    for name, scale in ((Theme.LIGHT, 100), (Theme.CONTRAST, 150), (Theme.DARK, 100)):
        theme.apply(qapp, name, Density.COSY, scale)
        shown.settle()
        again = first_seen(shown.view.placed)
        assert again is not None
        assert again.ident == first.ident


steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.lists(st.integers(1, 90), min_size=1, max_size=6)),
        st.tuples(st.just("new"), st.integers(1, 12)),
        st.tuples(st.just("erase"), st.lists(st.integers(1, 90), min_size=1, max_size=3)),
        st.tuples(st.just("scroll"), st.integers(-900, 900)),
    ),
    max_size=25,
)


@given(steps)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_read_never_moves(qtbot: QtBot, look: theme.Look, todo: list[tuple[str, Any]]) -> None:
    world = World()
    world.pages.fill(entry(number, age=(100 - number) * MINUTE) for number in range(1, 90, 2))
    shown = Shown(qtbot, world, height=500)
    view, serial = shown.view, 1_000
    for turn, (step, what) in enumerate(todo):
        before = {row.ident: row.y for row in view.placed}
        anchor = first_seen(view.placed)
        held = not view.following
        if step == "scroll":
            view.scroll_by(what)
            shown.settle()
            continue
        if step == "put":
            # Edits have other texts, so heights change; some are new and belong in between.
            world.pages.put(*(entry(n, age=(100 - n) * MINUTE, text="word " * (turn * 7 % 60 + 1)) for n in set(what)))
        elif step == "new":
            world.pages.put(*(entry(serial + n, age=0) for n in range(what)))
            serial += what
        else:
            world.pages.erase(*(n for n in what if n in world.pages.entries))
        shown.settle()
        rows = view.model.rows
        assert [view.model.row_id(rows[row.index]) for row in view.placed] == shown.ids
        if held and anchor is not None and anchor.ident in shown.ids:
            # Only the end of the column may pull the rows down.
            last = view.placed[-1]
            at_end = last.index == len(rows) - 1 and last.bottom == view.viewport().height() - 2
            y = next(row.y for row in view.placed if row.ident == anchor.ident)
            assert y == before[anchor.ident] or at_end or view.placed[0].index == 0
    shown.close()
