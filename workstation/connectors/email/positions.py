"""Where reading of a folder goes on: its cursor, and the latest mails by number so that what goes is known; pure."""

import msgspec

from workstation.domain.messages import Cursor

VERSION = 1
KNOWN = 256
"""Latest mails of a folder that are known by number: their flags and their going are noticed."""


class Known(msgspec.Struct, frozen=True, array_like=True):
    """A mail that was read: number, remote id, fingerprint, flags, thread (empty: its own)."""

    uid: int
    remote_id: str
    fingerprint: str
    flags: int
    branch: str = ""


class Position(msgspec.Struct):
    """Everything below `next` was read while the folder had this validity. `modseq`: flags are known up to there."""

    validity: int = 0
    next: int = 0
    modseq: int = 0
    known: list[Known] = []

    def cursor(self) -> Cursor:
        """As it is stored."""
        return Cursor(VERSION, msgspec.json.encode(self).decode())

    def read(self, known: Known) -> None:
        """A mail was read."""
        if self.known and known.uid <= self.known[-1].uid:  # new ones come in order; only these are looked for
            self.known = [item for item in self.known if item.uid != known.uid]
            self.known.append(known)
            self.known.sort(key=lambda item: item.uid)
        else:
            self.known.append(known)
        del self.known[:-KNOWN]

    def forget(self, uids: set[int]) -> list[Known]:
        """Mails have gone; those of them that were known."""
        gone = [item for item in self.known if item.uid in uids]
        self.known = [item for item in self.known if item.uid not in uids]
        return gone

    def flagged(self, uid: int, flags: int) -> bool:
        """Take note of flags; whether they are others than before."""
        for index, item in enumerate(self.known):
            if item.uid == uid and item.flags != flags:
                self.known[index] = msgspec.structs.replace(item, flags=flags)
                return True
        return False


def position(cursor: Cursor | None) -> Position | None:
    """What a cursor means; None where there is none, or one that cannot be read."""
    if cursor is None or cursor.version != VERSION:
        return None
    try:
        return msgspec.json.decode(cursor.value, type=Position)
    except msgspec.MsgspecError:
        return None
