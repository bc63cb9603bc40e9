"""Laws of placing rows: no holes, no overlap, an anchor that stays, and moves that paint all that differs."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workstation.views.deck.geometry import Placed, Screen, first_seen, moves, place

heights = st.lists(st.integers(20, 300), min_size=1, max_size=60)


def placed(tall: list[int], anchor: int, y: int, screen: Screen) -> list[Placed]:
    """Rows of these heights around an anchor; a row is known by 100 more than its index."""
    return place(len(tall), anchor, y, screen, lambda index: index + 100, lambda index: tall[index])


@given(heights, st.integers(0, 59), st.integers(-400, 900), st.integers(50, 1_000))
def test_the_screen_is_filled_without_holes(tall: list[int], anchor: int, y: int, height: int) -> None:
    screen = Screen(height, 8, 2)
    rows = placed(tall, anchor, y, screen)
    assert rows
    for one, other in pairwise(rows):
        assert other.index == one.index + 1
        assert other.y == one.bottom + screen.gap
    assert rows[0].index == 0 or rows[0].y <= screen.gap
    assert rows[0].y <= screen.inset or rows[0].index > 0
    whole = sum(tall) + 8 * (len(tall) - 1) + 2 * screen.inset
    if whole > height:
        assert rows[-1].index < len(tall) - 1 or rows[-1].bottom >= height - screen.inset
    else:
        assert len(rows) == len(tall)
        assert rows[0].y == screen.inset


@given(heights, st.integers(0, 59), st.integers(-200, 100), st.integers(400, 1_000))
def test_the_anchor_stays_where_it_can(tall: list[int], anchor: int, y: int, height: int) -> None:
    screen = Screen(height, 8, 2)
    anchor = min(anchor, len(tall) - 1)
    rows = placed(tall, anchor, y, screen)
    found = next((row for row in rows if row.index == anchor), None)
    above = sum(tall[:anchor]) + 8 * anchor
    below = sum(tall[anchor:]) + 8 * (len(tall) - anchor - 1)
    if above >= y - screen.inset and y + below >= height - screen.inset and -tall[anchor] < y < height:
        assert found is not None
        assert found.y == y


@given(heights, st.integers(0, 59), st.integers(-200, 100), st.integers(-300, 300), st.integers(300, 900))
def test_moves_paint_everything_that_differs(tall: list[int], anchor: int, y: int, by: int, height: int) -> None:
    screen = Screen(height, 8, 2)
    before = placed(tall, anchor, y, screen)
    after = placed(tall, anchor, y + by, screen)
    plan = moves(before, after, frozenset(), height)
    pixels: dict[int, tuple[int, int] | None] = {}
    for row in before:
        for offset in range(row.height):
            pixels[row.y + offset + plan.shift] = (row.ident, offset)
    for top, bottom in plan.stretches:
        for at in range(top, bottom):
            pixels[at] = None
    wanted = {row.y + offset: (row.ident, offset) for row in after for offset in range(row.height)}
    for at in range(height):
        if at in pixels and pixels[at] is None:
            continue
        assert pixels.get(at) == wanted.get(at), at


def test_no_rows_no_anchor() -> None:
    assert placed([], 0, 0, Screen(100, 8, 2)) == []
    assert first_seen([]) is None
