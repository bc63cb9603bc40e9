"""What a commit changed, as every view, column and workstation is told of it."""

import msgspec

from workstation.domain.cases import Case, Entry
from workstation.domain.messages import Message
from workstation.domain.outbox import Outgoing
from workstation.domain.rules import Fired


class ChangeSet(msgspec.Struct, frozen=True, gc=False):
    """One commit's changes in commit order; `sequence` is its last row of the change log.

    `entries` holds every message that was added or changed, with its case as of the commit; messages of a changed
    case are among them. `faces` holds, for every changed case, its latest inbound message with the case: what a
    queue column shows. A message's first appearance has its id in `added`.
    """

    sequence: int
    entries: tuple[Entry, ...] = ()
    faces: tuple[Entry, ...] = ()
    added: frozenset[int] = frozenset()
    removed: tuple[int, ...] = ()
    """Message ids erased from the store."""
    outbox: tuple[Outgoing, ...] = ()
    channels: tuple[int, ...] = ()
    """Channels whose configuration changed."""
    templates: bool = False
    origin: str = ""
    """The operation that caused it, so that its own pending overlay can be settled; empty for the network."""
    reload: bool = False
    """Too much to list: whoever shows a page loads it again."""
    fired: tuple[Fired, ...] = ()
    """Rules that fitted what came, with what they did."""
    gone: tuple[int, ...] = ()
    """Case ids erased from the store."""

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages of the entries."""
        return tuple(entry.message for entry in self.entries)

    @property
    def cases(self) -> tuple[Case, ...]:
        """The changed cases."""
        return tuple(entry.case for entry in self.faces if entry.case is not None)
