"""One answer for many customers: filled for each, reviewed by an agent, sent through the outbox, each case resolved."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.actions import AnyCommand, Resolve
from workstation.domain.cases import Entry, Holder, Outcome, Status
from workstation.domain.drafts import Draft
from workstation.domain.errors import MeridianError
from workstation.domain.languages import named
from workstation.domain.messages import Kind, Message, Visibility
from workstation.domain.outbox import Act, Operation, Outgoing, State
from workstation.domain.templates import Family, Formality, Variant
from workstation.domain.text import N_, LazyText, lazy
from workstation.services.actions import Actions, operation
from workstation.services.actions import Outcome as Done
from workstation.services.bulk import Bulk, Progress, StoppedError
from workstation.services.conversation import Conversation
from workstation.services.drafting import Drafting
from workstation.services.outbox import Outbox
from workstation.services.templates import Templates

if TYPE_CHECKING:
    from workstation.store.store import Store

MOST = 500
"""Customers in one go: each is to be looked at."""
TOGETHER = 24
"""Replies that are handed to the outbox at once: they share one durable commit."""
LOOKED = 100
"""Conversations that are read again on the network while an agent reviews; more would use its quota up."""
CHANGED = lazy(N_("The case has changed meanwhile. Look at it before you answer."))
ANSWERED = lazy(N_("It was answered meanwhile."))
WROTE = lazy(N_("The customer has written again meanwhile."))


class Reply(msgspec.Struct, frozen=True):
    """One customer's answer as it would be sent. What an agent `edited` is no longer written over."""

    entry: Entry
    text: str = ""
    language: str = ""
    family: int = 0
    edited: bool = False
    skipped: bool = False
    refused: LazyText | None = None
    """Why this case cannot be answered at all, whatever the text."""
    obstacle: LazyText | None = None
    """What is wrong with the text."""
    start: int = -1
    """Where in the text that is, if it is anywhere."""

    @property
    def ready(self) -> bool:
        """Whether it would be sent."""
        return not (self.skipped or self.refused or self.obstacle)


class Sent(msgspec.Struct, frozen=True):
    """What went out: operations by case, why others stayed, and what became of the cases."""

    operations: dict[int, str] = {}
    refused: dict[int, LazyText] = {}
    """By case."""
    waits: frozenset[int] = frozenset()
    """Cases whose answers leave when somebody has looked at them; they are not resolved yet."""
    resolved: Done | None = None


class _Queued(msgspec.Struct, frozen=True):
    """A reply in the outbox, and where its case was ended with it, the command that did so and its inverse."""

    row: Outgoing
    ended: tuple[AnyCommand, AnyCommand] | None = None


class Answering:
    """Prepares and sends; the review is the agent's."""

    def __init__(
        self,
        store: "Store",
        bulk: Bulk,
        drafting: Drafting,
        conversation: Conversation,
        outbox: Outbox,
        templates: Templates,
        actions: Actions,
    ) -> None:
        self._store, self._bulk, self._drafting, self._conversation = store, bulk, drafting, conversation
        self._outbox, self._templates, self._actions = outbox, templates, actions

    async def prepare(self, entries: Sequence[Entry]) -> tuple[Reply, ...]:
        """The cases of these entries as they are now, each once, at most MOST, ready for a text."""
        cases = dict.fromkeys(entry.case.id for entry in entries if entry.case is not None)
        wanted = tuple(cases)[:MOST]
        faces = await self._bulk.faces(wanted)
        return tuple(Reply(faces[case], refused=_refusal(faces[case])) for case in wanted if case in faces)

    def write(
        self, reply: Reply, text: str, family: Family | None = None, formality: Formality = Formality.NEUTRAL
    ) -> Reply:
        """The reply with a text for all, or a template in the customer's language, filled for this customer."""
        if reply.edited:
            return reply
        # A text for all is a template of one variant: placeholders mean the same in both.
        wanted = family or Family(0, "", "", (Variant("", text),))
        applied = self._drafting.apply(wanted, reply.entry, "", (), formality)
        if applied is None:
            return reply
        filled = msgspec.structs.replace(reply, text=applied.filled.text, language=applied.language, family=wanted.id)
        return self.checked(filled)

    def edit(self, reply: Reply, text: str) -> Reply:
        """The reply with a text of its own."""
        return self.checked(msgspec.structs.replace(reply, text=text, edited=True))

    def checked(self, reply: Reply) -> Reply:
        """The reply with what is wrong with its text."""
        found = self._drafting.check(reply.entry.message.channel, self._operation(reply), reply.entry.message)
        first = next(iter(found.obstacles), None)
        return msgspec.structs.replace(
            reply, obstacle=first.text if first else None, start=first.start if first else -1
        )

    def _operation(self, reply: Reply) -> Operation:
        message = reply.entry.message
        return self._drafting.operation(
            message,
            reply.text,
            act=Act.REPLY,
            visibility=_visibility(message),
            language=reply.language or named(message.language),
        )

    async def look(self, reply: Reply) -> LazyText | None:
        """Read a conversation again on the network: why the customer should not get this answer, or None."""
        case = reply.entry.case
        if case is None:
            return None
        try:
            fresh = await self._conversation.fresh(case, reply.entry.message)
        except MeridianError:
            return None  # not readable now: the same is told of a single reply, and sending tries it again
        if fresh.answered:
            return ANSWERED
        return WROTE if any(m.author.id == case.customer for m in fresh.others) or fresh.edited else None

    async def send(self, replies: Sequence[Reply], progress: Progress, *, resolve: bool = True) -> Sent:
        """Queue the replies that are ready, each with the end of its case, unless they go on; one step ends them all.

        A process that dies meanwhile leaves no case open whose reply will be sent. What has changed since it was
        reviewed stays where it is. Stopping keeps what was queued so far, for the countdown of each can still be
        taken back.
        """
        ready = {reply.entry.case.id: reply for reply in replies if reply.ready and reply.entry.case is not None}
        faces = await self._bulk.faces(ready)
        operations: dict[int, str] = {}
        waits: set[int] = set()
        ended: list[tuple[AnyCommand, AnyCommand]] = []
        refused = {case: CHANGED for case, reply in ready.items() if _changed(reply, faces.get(case))}
        left = [case for case in ready if case not in refused]
        for start in range(0, len(left), TOGETHER):
            part = left[start : start + TOGETHER]
            queued = await asyncio.gather(*(self._queue(ready[case], case, resolve=resolve) for case in part))
            for case, done in zip(part, queued, strict=True):
                if isinstance(done, MeridianError):
                    refused[case] = done.text
                    continue
                operations[case] = done.row.operation.id
                waits |= {case} if done.row.state is State.WAITS else set()
                ended += [done.ended] if done.ended is not None else []
            try:
                progress(start + len(part))
            except StoppedError:
                break
        resolved = self._actions.did([done for done, _ in ended], [undo for _, undo in ended]) if ended else None
        return Sent(operations, refused, frozenset(waits), resolved)

    async def _queue(self, reply: Reply, case: int, *, resolve: bool) -> _Queued | MeridianError:
        message, wanted = reply.entry.message, self._operation(reply)
        ending = Resolve(operation=operation(), case=case, outcome=Outcome.ANSWERED)
        try:
            if resolve:
                row, inverse = await self._outbox.queue_resolving(wanted, message.channel, ending, message.id)
            else:
                row, inverse = await self._outbox.queue(wanted, message.channel, case, message.id), None
        except MeridianError as error:
            return error
        if reply.family:
            await self._templates.used(reply.family, case)
        return _Queued(row, (ending, inverse) if inverse is not None else None)

    async def keep(self, replies: Sequence[Reply]) -> None:
        """Keep texts that were taken back as the drafts of their cases, where none was begun since."""
        for reply in replies:
            case = reply.entry.case
            if case is not None and await self._drafting.load(case.id) is None:
                draft = Draft(
                    reply.text,
                    reply.language or named(reply.entry.message.language),
                    _visibility(reply.entry.message),
                    reply.family,
                    len(reply.text),
                    spoiler=reply.entry.message.spoiler,
                )
                await self._drafting.save(case.id, draft)


def _visibility(message: Message) -> Visibility:
    """As public as the question; what only moderators see is answered to its author alone."""
    return Visibility.DIRECT if message.visibility is Visibility.INTERNAL else message.visibility


def _changed(reply: Reply, face: Entry | None) -> bool:
    return face is None or _state(face) != _state(reply.entry)


def _state(entry: Entry) -> tuple[object, ...]:
    """What must not have changed between review and sending."""
    message, case = entry.message, entry.case
    if case is None:
        return ()
    return (message.id, message.revision, message.deleted_at, case.status, case.holder, case.answered_at)


def _refusal(entry: Entry) -> LazyText | None:
    message, case = entry.message, entry.case
    if message.kind is Kind.REPORT:
        return lazy(N_("A report is not answered: act on it, write a note, or resolve it."))
    if message.deleted_at:
        return lazy(N_("The message was deleted on the network."))
    if case is not None and case.status is Status.SOLVED:
        return lazy(N_("The case is solved already."))
    if case is not None and case.holder is Holder.HELD:
        return lazy(N_("Somebody else is working on this case."))
    return None
