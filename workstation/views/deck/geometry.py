"""Where rows stand on the screen: pure arithmetic over an anchor, no Qt, so that its laws can be tested.

The anchor is a row and the place of its top edge. All other rows are placed from it, downwards and upwards, as far as
the screen reaches; heights of rows that nobody sees are never asked for. Whatever happens to the rows, the anchor's
row stays where it is, until there is nothing left to fill the screen with otherwise.
"""

from collections.abc import Callable

import msgspec


class Placed(msgspec.Struct, frozen=True):
    """A row on the screen: its index, identity, top edge and height, in pixels."""

    index: int
    ident: int
    y: int
    height: int

    @property
    def bottom(self) -> int:
        """The first pixel below it."""
        return self.y + self.height


class Screen(msgspec.Struct, frozen=True):
    """The space to fill: `height` pixels, `gap` between rows, `inset` above the first and below the last."""

    height: int
    gap: int
    inset: int


def place(
    count: int,
    anchor: int,
    y: int,
    screen: Screen,
    ident: Callable[[int], int],
    height: Callable[[int], int],
) -> list[Placed]:
    """Place the rows that are in sight, given `count` rows and the top edge `y` of row `anchor`.

    There is never empty space above the first row, nor below the last one while there are rows to fill it with.
    """
    if count <= 0:
        return []
    rows = _around(count, min(max(anchor, 0), count - 1), y, screen, ident, height)
    last = rows[-1]
    if last.index == count - 1 and last.bottom < screen.height - screen.inset:
        rows = _around(count, last.index, screen.height - screen.inset - last.height, screen, ident, height)
    first = rows[0]
    if first.index == 0 and first.y > screen.inset:
        rows = _around(count, 0, screen.inset, screen, ident, height)
    return [row for row in rows if row.bottom > 0 and row.y < screen.height] or rows[-1:]


def _around(
    count: int, anchor: int, y: int, screen: Screen, ident: Callable[[int], int], height: Callable[[int], int]
) -> list[Placed]:
    """The rows from the anchor to the edges of the screen, those between it and an anchor out of sight included."""
    below: list[Placed] = []
    edge, index = y, anchor
    while index < count and (edge < screen.height or not below):
        row = Placed(index, ident(index), edge, height(index))
        below.append(row)
        edge, index = row.bottom + screen.gap, index + 1
    above: list[Placed] = []
    edge, index = y - screen.gap, anchor - 1
    while index >= 0 and edge > 0:
        tall = height(index)
        row = Placed(index, ident(index), edge - tall, tall)
        above.append(row)
        edge, index = row.y - screen.gap, index - 1
    return [*reversed(above), *below]


def first_seen(placed: list[Placed]) -> Placed | None:
    """The row that anchors the others: the topmost one in sight."""
    return next((row for row in placed if row.bottom > 0), placed[0] if placed else None)


class Moves(msgspec.Struct, frozen=True):
    """How a screen becomes another: pixels to move by, and the stretches (top, bottom) that have to be painted."""

    shift: int
    stretches: tuple[tuple[int, int], ...]


def moves(before: list[Placed], after: list[Placed], changed: frozenset[int], height: int) -> Moves:
    """The cheapest way from one screen to another; rows in `changed` look different although they stand still."""
    old = {row.ident: row for row in before}
    kept = [row for row in after if row.ident in old]
    shift = next((row.y - old[row.ident].y for row in kept), 0)
    steady = {
        row.ident
        for row in kept
        if row.y - old[row.ident].y == shift and row.height == old[row.ident].height and row.ident not in changed
    }
    if not steady or abs(shift) >= height:
        return Moves(0, ((0, height),)) if before or after else Moves(0, ())
    stretches = [(row.y, row.bottom) for row in after if row.ident not in steady]
    stretches += [(row.y + shift, row.bottom + shift) for row in before if row.ident not in steady]
    if shift > 0:
        stretches.append((0, shift))
    elif shift < 0:
        stretches.append((height + shift, height))
    seen = ((max(0, top), min(height, bottom)) for top, bottom in stretches)
    return Moves(shift, tuple((top, bottom) for top, bottom in seen if top < bottom))
