"""Live columns against a naive model: whatever is published, a column shows what a query would."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.views.deck.world import World, entry, finish, in_order
from workstation.domain.cases import Entry, Holder
from workstation.domain.filters import parse
from workstation.services.column_rows import message_id, stream_key
from workstation.services.column_window import Window
from workstation.services.columns import ColumnModel, Phase
from workstation.services.presets import PRESETS


def shown(model: ColumnModel) -> list[int]:
    """Identities of the rows, top first."""
    return [model.row_id(row) for row in model.rows]


def held_by(one: Entry, holder: Holder, priority: int = 0) -> Entry:
    """The entry with its case held so, and of that priority."""
    assert one.case is not None
    return Entry(
        one.message, msgspec.structs.replace(one.case, holder=holder, priority=priority, version=one.case.version + 1)
    )


def test_a_new_message_comes_in_on_top() -> None:
    world = World()
    world.pages.fill(entry(number) for number in range(1, 6))
    model = world.model()
    world.pages.put(entry(9))
    assert model.dirty
    assert model.drain().arrived == 1
    assert shown(model)[0] == 9
    assert model.total == 6


def test_what_the_filter_does_not_let_through_costs_nothing() -> None:
    world = World()
    model = world.model("lang:ja")
    world.pages.put(entry(3), entry(4))
    assert not model.dirty
    assert model.total == 0


def test_a_row_leaves_when_it_no_longer_matches() -> None:
    world = World()
    world.pages.fill([entry(3), entry(4)])
    model = world.model("is:free", queue=True)
    assert shown(model) == [3]
    world.pages.put(held_by(entry(3), Holder.MINE))
    assert model.drain().removed == 1
    assert (shown(model), model.total) == ([], 0)


def test_while_held_arrivals_wait_and_changes_go_on() -> None:
    world = World()
    world.pages.fill([entry(1), entry(2)])
    model = world.model()
    model.hold(True)
    world.pages.put(entry(5), held_by(entry(2), Holder.HELD))
    merged = model.drain()
    assert (merged.arrived, merged.changed, model.pending) == (0, 1, 1)
    assert shown(model) == [2, 1]
    model.hold(False)
    assert model.drain().arrived == 1
    assert shown(model) == [5, 2, 1]


def test_changes_during_loading_are_neither_lost_nor_doubled() -> None:
    world = World()
    world.pages.fill([entry(1)])
    model = world.columns.model(msgspec.structs.replace(PRESETS[0].column("c"), filter="", queue=False))
    opening = model.open()
    opening.send(None)  # subscribed; the page of this moment is on its way
    world.pages.put(entry(2))
    try:
        while True:
            opening.send(None)
    except StopIteration:
        pass
    assert shown(model) == [2, 1]
    assert model.total == 2
    world.pages.feed.publish(msgspec.structs.replace(world.pages.put(entry(3)), sequence=1))
    model.drain()
    assert shown(model) == [3, 2, 1]


def test_a_failure_is_kept_and_can_be_tried_again() -> None:
    world = World()
    world.pages.fails = True
    model = world.model()
    assert (model.phase, model.error is None) == (Phase.FAILED, False)
    world.pages.fails = False
    finish(model.open())
    assert model.phase is Phase.READY


def test_paging_down_and_up_keeps_at_most_a_window() -> None:
    world = World()
    world.pages.fill(entry(number) for number in range(1, 701))
    model = world.model()
    everything = in_order(world.pages.entries.values())
    while not model.window.at_end:
        finish(model.load_older())
        assert len(model.rows) <= 200
    assert shown(model) == everything[-200:]
    world.pages.put(entry(800))
    assert model.pending == 1
    model.drain()
    assert 800 not in shown(model)
    while not model.window.at_top:
        finish(model.load_newer())
        assert len(model.rows) <= 200
    model.drain()
    assert shown(model) == in_order(world.pages.entries.values())[:200]


def test_more_arrivals_than_can_be_seen_are_skipped_and_counted() -> None:
    world = World()
    model = world.model()
    model.hold(True)
    for start in range(0, 2_000, 50):
        world.pages.put(*(entry(number, age=10_000 - number) for number in range(start + 1, start + 51)))
    assert model.pending == 2_000
    assert model.window.skipped > 1_000
    model.hold(False)
    model.drain()
    assert shown(model) == in_order(world.pages.entries.values())[:200]
    assert model.total == 2_000
    while not model.window.at_end:
        finish(model.load_older())
    assert shown(model)[-1] == in_order(world.pages.entries.values())[-1]


def test_a_pending_look_is_shown_and_taken_back() -> None:
    world = World()
    world.pages.fill([entry(3)])
    model = world.model()
    case = model.rows[0].case
    assert case is not None
    mine = msgspec.structs.replace(case, holder=Holder.MINE)
    model.overlay(case.id, mine)
    assert model.shown(model.rows[0]).case == mine
    model.overlay(case.id, None)
    assert model.shown(model.rows[0]) is model.rows[0]


def test_every_preset_can_be_read() -> None:
    for preset in PRESETS:
        parse(preset.column("c", "refund").filter)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.lists(st.integers(1, 60), min_size=1, max_size=8)),
        st.tuples(st.just("erase"), st.lists(st.integers(1, 60), min_size=1, max_size=3)),
        st.tuples(st.just("hold"), st.booleans()),
        st.tuples(st.just("drain"), st.none()),
        st.tuples(st.just("older"), st.none()),
        st.tuples(st.just("newer"), st.none()),
    ),
    max_size=40,
)


@given(
    steps,
    st.sampled_from([("", False), ("is:free", False), ("is:free", True), ("tag:refund", True), ("-lang:de", False)]),
)
@settings(max_examples=150)
def test_a_column_agrees_with_a_query(todo: list[tuple[str, object]], column: tuple[str, bool]) -> None:
    world = World()
    world.pages.fill(entry(number) for number in range(1, 30, 3))
    text, queue = column
    model = world.model(text, queue=queue)
    model.window._limit = 12  # small, so that its edges are met
    holders = list(Holder)
    for turn, (step, what) in enumerate(todo):
        if step == "put":
            assert isinstance(what, list)
            fresh = [entry(number, age=(number * 7919) % 997) for number in dict.fromkeys(what)]
            world.pages.put(
                *(held_by(one, holders[(turn + n) % 3], turn % 4) if one.case else one for n, one in enumerate(fresh))
            )
        elif step == "erase" and not queue:
            assert isinstance(what, list)
            world.pages.erase(*(number for number in what if number in world.pages.entries))
        elif step == "hold":
            model.hold(bool(what))
        elif step == "drain":
            model.drain()
        elif step == "older":
            finish(model.load_older())
        elif step == "newer":
            finish(model.load_newer())
        assert len(set(shown(model))) == len(model.rows)
    model.hold(False)
    model.drain()
    if not model.window.at_top:
        finish(model.load_top())
    expected = in_order(world.pages.rows(model.filter, queue), queue)
    assert shown(model) == expected[: len(model.rows)]
    assert len(model.rows) == len(expected) or not model.window.at_end
    finish(model.recount())
    assert model.total == len(expected)


def test_rows_let_go_leave_no_hole() -> None:
    window = Window(message_id, stream_key, limit=5)
    window.install([entry(1, age=500)], at_top=True, at_end=True)
    for number in range(2, 40):
        window.offer(entry(number, age=400 - number))
    window.offer(entry(50, age=450))
    window.merge()
    assert [row.message.id for row in window.rows] == [39, 38, 37, 36, 35]
    assert not window.at_end


def test_a_row_that_changed_and_was_let_go_comes_in_at_its_new_place() -> None:
    world = World()
    world.pages.fill(entry(number) for number in range(1, 30, 3))
    model = world.model()
    model.window._limit = 12
    world.pages.put(*(entry(number, age=-number) for number in (2, 3, 5)))
    model.drain()
    finish(model.load_older())
    world.pages.put(entry(1, age=-1))
    finish(model.load_newer())
    model.drain()
    assert shown(model) == in_order(world.pages.entries.values())[: len(model.rows)]
