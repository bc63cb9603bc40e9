"""Approval on one desk: what a trainee writes waits; a second person, or a second look after a while, lets it go."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.approval import Look, Waiting, Way, look
from workstation.domain.cases import Entry
from workstation.domain.messages import Message, Micros
from workstation.domain.outbox import Outgoing
from workstation.services.actions import operation as new_operation
from workstation.services.clock import MINUTE, Clock
from workstation.services.conversation import Conversation, Fresh
from workstation.services.drafting import Check, Drafting
from workstation.services.settings import Settings

if TYPE_CHECKING:
    from workstation.store.store import Store


class Approval:
    """What waits, and the decisions about it."""

    def __init__(
        self, store: "Store", drafting: Drafting, conversation: Conversation, settings: Settings, clock: Clock
    ) -> None:
        self._store, self._drafting, self._conversation = store, drafting, conversation
        self._settings, self._clock = settings, clock

    @property
    def wait(self) -> Micros:
        """How long one's own words rest before the second look."""
        return self._settings.now.second_look_minutes * MINUTE

    async def required(self) -> bool:
        """Whether what is written at this desk waits."""
        return await self._store.approvals.required()

    async def require(self, wanted: bool) -> None:
        """Switch the trainee profile on or off; what waits goes on waiting."""
        await self._store.approvals.require(wanted)

    async def waiting(self) -> tuple[Waiting, ...]:
        """What waits, oldest first."""
        return await self._store.approvals.waiting()

    async def sent_back(self) -> tuple[Waiting, ...]:
        """What was sent back lately, latest first."""
        return await self._store.approvals.ended()

    def look(self, waiting: Waiting) -> Look:
        """How far the second look at one's own words is."""
        return look(waiting.review, self._clock.now(), self.wait)

    async def thread(self, row: Outgoing) -> tuple[Entry, ...]:
        """What it answers, as we know it."""
        return await self._store.messages.thread(case=row.case, message=row.message)

    async def second_look(self, waiting: Waiting) -> Fresh:
        """Read the thread anew and note that it was looked at.

        Raises TooEarlyError, NotWaitingError, or the ChannelError of a network that cannot be reached: no look then.
        """
        row = waiting.row
        face = await self._store.messages.get(row.message) if row.message else None
        fresh = Fresh()
        if face is not None and face.case is not None:
            fresh = await self._conversation.fresh(face.case, face.message)
        await self._store.approvals.looked(row.operation.id, self.wait)
        return fresh

    async def reword(self, operation: str, seen: str, text: str) -> None:
        """Change the words of what waits; `seen` are those that were changed. WordsChangedError, NotWaitingError."""
        await self._store.approvals.reword(operation, seen, text)

    async def approve(self, operation: str, seen: str, way: Way) -> Outgoing | None:
        """Let it go after its undo window; `seen` are the words that were read."""
        changes = await self._store.approvals.approve(
            operation, seen, way, wait=self.wait, undo=self._settings.undo_micros
        )
        return next(iter(changes.outbox), None)

    async def withdraw(self, operation: str) -> bool:
        """Take an approval back; False: it has left already."""
        return await self._store.approvals.withdraw(operation) is not None

    async def send_back(self, operation: str, remark: str) -> None:
        """Give it back with a remark: a draft and a note of the case."""
        await self._store.approvals.send_back(operation, remark.strip(), note=new_operation())

    def check(self, row: Outgoing, text: str, to: Message | None = None) -> Check:
        """What stands in the way of these words on their channel."""
        return self._drafting.check(row.channel, msgspec.structs.replace(row.operation, text=text), to)

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` when the preferences change; returns what ends it."""
        return self._settings.subscribe(lambda _now: callback())
