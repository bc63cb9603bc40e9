"""What the desk remembers around a case: notes, what happened, other cases of the customer, versions, tags."""

from typing import TYPE_CHECKING

from workstation.domain.cases import Case, Happening, Note
from workstation.domain.channels import Ledger
from workstation.domain.messages import Revision
from workstation.domain.outbox import Outgoing, State

if TYPE_CHECKING:
    from workstation.store.store import Store

ON_THEIR_WAY = (State.QUEUED, State.SENDING, State.FAILED, State.UNKNOWN)
"""States of an operation that somebody may still have to look at."""


class Casebook:
    """Reads; whatever changes a case is a command of `Actions`."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    async def case(self, case: int) -> Case | None:
        """The case as it is now."""
        return await self._store.cases.get(case)

    async def notes(self, case: int) -> tuple[Note, ...]:
        """Internal notes, oldest first."""
        return tuple(await self._store.cases.notes(case))

    async def happenings(self, case: int) -> tuple[Happening, ...]:
        """What was done and when, oldest first, never by whom."""
        return tuple(await self._store.cases.timeline(case))

    async def others(self, case: int) -> tuple[Case, ...]:
        """Other open cases of the same customer."""
        return tuple(await self._store.cases.others(case))

    async def tags(self) -> tuple[tuple[str, int], ...]:
        """Tags in use with the number of their cases, most used first."""
        return tuple(await self._store.cases.tags())

    async def revisions(self, message: int) -> tuple[Revision, ...]:
        """What a message said before its edits, oldest first."""
        return tuple(await self._store.messages.revisions(message))

    async def outgoing(self, states: tuple[State, ...] = ON_THEIR_WAY) -> tuple[Outgoing, ...]:
        """Rows of the outbox in these states, oldest first."""
        return tuple(await self._store.outbox.list(states))

    async def ledger(self) -> tuple[Ledger, ...]:
        """What became of everything that was received, by channel and source."""
        return tuple(await self._store.messages.ledger(None))
