"""One update for many cases: a draft for each, looked at, and sent through the outbox like any other reply."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.cases import Entry, Holder, Status
from workstation.domain.drafts import Draft
from workstation.domain.errors import MeridianError
from workstation.domain.messages import Kind, Message
from workstation.domain.outbox import Operation, Outgoing
from workstation.domain.templates import fill
from workstation.domain.text import LazyText, lazy
from workstation.services.conversation import Conversation
from workstation.services.drafting import Check, Drafting, values_for
from workstation.services.outbox import Outbox

if TYPE_CHECKING:
    from workstation.store.store import Store

CHANGED = lazy("Something happened in this conversation. Look at it first.")


class Stop(StrEnum):
    """Why a case gets no reply."""

    REPORT = "report"
    GONE = "gone"
    HELD = "held"
    SOLVED = "solved"
    WRITING = "writing"


REASONS: dict[Stop, LazyText] = {
    Stop.REPORT: lazy("A report is not answered."),
    Stop.GONE: lazy("The message was deleted on the network."),
    Stop.HELD: lazy("Somebody else is working on this case."),
    Stop.SOLVED: lazy("The case is solved already."),
    Stop.WRITING: lazy("There is a draft of this case already."),
}


class Prepared(msgspec.Struct, frozen=True):
    """The reply that one case would get. `stop` says why it gets none unless the agent looks into it."""

    entry: Entry
    operation: Operation
    check: Check
    seen: tuple[Entry, ...] = ()
    stop: Stop | None = None

    @property
    def sendable(self) -> bool:
        """Whether it can leave as it is."""
        return self.stop is None and self.check.sendable


class Sent(msgspec.Struct, frozen=True):
    """What became of one reply: its row in the outbox, or why it stayed here."""

    entry: Entry
    row: Outgoing | None = None
    error: LazyText | None = None


class Updates:
    """Prepares and sends; nothing leaves that was not prepared and handed back."""

    def __init__(self, store: "Store", conversation: Conversation, drafting: Drafting, outbox: Outbox) -> None:
        self._store = store
        self._conversation = conversation
        self._drafting = drafting
        self._outbox = outbox

    async def prepare(self, entries: Sequence[Entry], text: str) -> tuple[Prepared, ...]:
        """The replies that these cases' customers would get: `text` with its placeholders filled for each."""
        return tuple([await self._prepared(entry, text) for entry in entries])

    async def _prepared(self, entry: Entry, text: str) -> Prepared:
        message = entry.message
        filled = fill(text, values_for(entry)).text
        seen = await self._conversation.thread(message.case) if message.case else ()
        stop = self._stop(entry)
        if stop is None and (draft := await self._drafting.load(message.case)) is not None and draft.text != filled:
            stop = Stop.WRITING
        operation, check = self._checked(message, filled)
        return Prepared(entry, operation, check, seen, stop)

    def rewritten(self, prepared: Prepared, text: str) -> Prepared:
        """The same reply with another text, checked anew."""
        operation, check = self._checked(prepared.entry.message, text)
        return msgspec.structs.replace(prepared, operation=operation, check=check)

    def _checked(self, message: Message, text: str) -> tuple[Operation, Check]:
        operation = self._drafting.operation(message, text, language=message.language)
        return operation, self._drafting.check(message.channel, operation, message)

    async def keep(self, prepared: Prepared) -> None:
        """Leave it as the case's draft, to be finished there; what is being written already is not touched."""
        if prepared.stop is Stop.WRITING:
            return
        operation = prepared.operation
        draft = Draft(operation.text, operation.language, operation.visibility, spoiler=operation.spoiler)
        await self._drafting.save(prepared.entry.message.case, draft)

    async def send(self, prepared: Prepared) -> Sent:
        """Send one reply: its thread is read again before, and it stays here if anything happened in it."""
        entry = prepared.entry
        case = await self._store.cases.get(entry.message.case)
        if case is None or not prepared.sendable:
            return Sent(entry, error=CHANGED)
        try:
            fresh = await self._conversation.fresh(case, entry.message, prepared.seen)
            if fresh.changed:
                return Sent(entry, error=CHANGED)
            row = await self._outbox.queue(
                prepared.operation, entry.message.channel, case=case.id, message=entry.message.id
            )
        except MeridianError as error:
            return Sent(entry, error=error.text)
        return Sent(entry, row)

    @staticmethod
    def _stop(entry: Entry) -> Stop | None:
        case, message = entry.case, entry.message
        if message.kind is Kind.REPORT:
            return Stop.REPORT
        if message.deleted_at:
            return Stop.GONE
        if case is None or case.status is Status.SOLVED:
            return Stop.SOLVED
        return Stop.HELD if case.holder is Holder.HELD else None
