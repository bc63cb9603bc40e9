"""Where reading goes on: the token of /sync, and the gaps in rooms that are still to be filled; pure."""

from collections.abc import Mapping
from contextlib import suppress

import msgspec

from workstation.domain.messages import Cursor

SOURCE = "sync"
RELATIONS = "relations"
"""Keeps what edits and reactions of ours are about, apart: it changes seldom."""
VERSION = 1


class Gap(msgspec.Struct, frozen=True):
    """Events of a room that /sync left out: backwards from one token to another one."""

    room: str
    start: str
    end: str
    pages: int = 0
    """Read so far."""


class Position(msgspec.Struct, frozen=True):
    """All of it."""

    since: str = ""
    gaps: tuple[Gap, ...] = ()
    invited: tuple[str, ...] = ()
    """Rooms whose invitations are shown and wait."""

    @property
    def cursor(self) -> Cursor:
        """As it is stored."""
        return Cursor(VERSION, msgspec.json.encode(self).decode())

    def without(self, gap: Gap, rest: Gap | None = None) -> "Position":
        """With what is left of a gap in its place."""
        kept = (each if each != gap else rest for each in self.gaps)
        return Position(self.since, tuple(each for each in kept if each is not None), self.invited)


def position(cursor: Cursor | None) -> Position:
    """What a stored cursor says; one of another version says nothing."""
    if cursor is not None and cursor.version == VERSION:
        with suppress(msgspec.MsgspecError):
            return msgspec.json.decode(cursor.value, type=Position)
    return Position()


def related_cursor(related: Mapping[str, tuple[str, bool]]) -> Cursor:
    """What events are about, as it is stored."""
    return Cursor(VERSION, msgspec.json.encode(related).decode())


def related(cursor: Cursor | None) -> dict[str, tuple[str, bool]]:
    """What a stored cursor says of it."""
    if cursor is not None and cursor.version == VERSION:
        with suppress(msgspec.MsgspecError):
            return msgspec.json.decode(cursor.value, type=dict[str, tuple[str, bool]])
    return {}
