"""Mails that were handed in and are not yet in the folder of sent mail: a journal that outlives the program."""

import msgspec

from workstation.connectors.email.compose import Outgoing
from workstation.domain.messages import Cursor, Micros

VERSION = 1
MOST = 50
LARGEST = 1 << 20
"""Characters of all of them that are written down; what is beyond waits until the program ends."""
LONGEST: Micros = 30 * 86_400_000_000
"""How long a copy is tried for: a folder that was full until then stays so."""


class Copy(msgspec.Struct, frozen=True, array_like=True):
    """A mail as it left, in plain text: an erasure finds who is named in it."""

    message_id: str
    at: Micros
    since: Micros
    mail: str

    @property
    def raw(self) -> bytes:
        """Its bytes."""
        return self.mail.encode("utf-8", "surrogateescape")


class Unkept:
    """What waits, the longest first. Its cursor is stored together with the news that a mail was sent."""

    def __init__(self) -> None:
        self._copies: dict[str, Copy] = {}
        self._changed = False

    def recall(self, cursor: Cursor | None, now: Micros) -> None:
        """Add what was written down before."""
        if cursor is None or cursor.version != VERSION:
            return
        try:
            found = msgspec.json.decode(cursor.value, type=list[Copy])
        except msgspec.MsgspecError:
            return
        known = [copy for copy in found[:MOST] if copy.since > now - LONGEST]
        self._copies = {copy.message_id: copy for copy in known} | self._copies
        self._changed = self._changed or len(known) < len(found)

    def add(self, made: Outgoing, at: Micros, now: Micros) -> None:
        """A mail could not be put away; where too many wait already, its copy is given up."""
        if len(self._copies) < MOST:
            mail = made.raw.decode("utf-8", "surrogateescape")
            self._copies[made.message_id] = Copy(made.message_id, at, now, mail)
            self._changed = True

    def all(self) -> tuple[Copy, ...]:
        """Every one of them."""
        return tuple(self._copies.values())

    def remove(self, copy: Copy) -> None:
        """It lies where it belongs."""
        self._copies.pop(copy.message_id, None)
        self._changed = True

    def put_off(self, copy: Copy) -> None:
        """It could not be put away again: the others come first."""
        if self._copies.pop(copy.message_id, None) is not None:
            self._copies[copy.message_id] = copy

    def news(self) -> Cursor | None:
        """What is to be stored, if it has changed since this was asked."""
        changed, self._changed = self._changed, False
        return self.cursor() if changed else None

    def cursor(self) -> Cursor:
        """What waits, as it is stored."""
        room, written = LARGEST, []
        for copy in self._copies.values():
            room -= len(copy.mail)
            if room >= 0:
                written.append(copy)
        return Cursor(VERSION, msgspec.json.encode(written).decode())
