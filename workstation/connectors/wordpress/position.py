"""Where reading goes on: ids of comments, which grow in the order in which they are stored; dates do not."""

import msgspec

from workstation.domain.messages import Cursor

VERSION = 1
WINDOW = 200
"""Newest comments that are compared again and again for what changed silently."""


class Walk(msgspec.Struct, frozen=True):
    """A way down from the newest that was not finished: read is from `high` to `low`, `count` comments."""

    high: int
    low: int
    count: int


class Position(msgspec.Struct, frozen=True):
    """All up to `top` was read; `ids` are the newest of it that existed, in rising order."""

    top: int = 0
    ids: tuple[int, ...] = ()
    walk: Walk | None = None

    def cursor(self) -> Cursor:
        """As it is stored."""
        return Cursor(VERSION, msgspec.json.encode(self).decode())

    def with_ids(self, seen: list[int], gone: set[int]) -> "Position":
        """With what was seen and without what is gone."""
        known = sorted((set(self.ids) | set(seen)) - gone)[-WINDOW:]
        return msgspec.structs.replace(self, ids=tuple(known))


def restored(cursor: Cursor | None) -> Position | None:
    """The position that a cursor holds; None where there is none that can be read."""
    if cursor is None or cursor.version != VERSION:
        return None
    try:
        return msgspec.json.decode(cursor.value, type=Position)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
