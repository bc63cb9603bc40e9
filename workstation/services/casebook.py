"""What the desk remembers around a case: notes, what happened, other cases of the customer, versions, tags."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from workstation.domain.cases import Case, Entry, Happening, Note
from workstation.domain.channels import Ledger
from workstation.domain.messages import Revision
from workstation.domain.outbox import Outgoing, State
from workstation.domain.ties import Escalation, Tie

if TYPE_CHECKING:
    from workstation.store.store import Store

ON_THEIR_WAY = (State.WAITS, State.QUEUED, State.SENDING, State.FAILED, State.UNKNOWN)
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

    async def faces(self, cases: Iterable[int]) -> tuple[Entry, ...]:
        """Cases with their faces, in the order asked for."""
        order = {case: place for place, case in enumerate(cases)}
        faces = await self._store.cases.faces(order)
        return tuple(sorted(faces, key=lambda face: order[face.message.case]))

    async def ties(self, case: int) -> tuple[Tie, ...]:
        """Links of a case to others."""
        return await self._store.cases.ties(case)

    async def escalation(self, case: int) -> Escalation | None:
        """To whom inside the latest question about a case went."""
        return await self._store.cases.escalation(case)

    async def asked_before(self) -> tuple[str, ...]:
        """Internal addresses that were asked before, the latest first."""
        return await self._store.cases.asked_before()

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
