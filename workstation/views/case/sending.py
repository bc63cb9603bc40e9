"""The way of a reply out: the thread is read again, then the outbox with its undo window, then what became of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Case, Entry, Holder, Outcome
from workstation.domain.changes import ChangeSet
from workstation.domain.errors import MeridianError
from workstation.domain.messages import Visibility
from workstation.domain.outbox import WRITES_TEXT, Act, Operation, Outgoing, State
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.domain.ties import private_words
from workstation.qt.dialogs import opened
from workstation.services.actions import claim
from workstation.services.casebook import Casebook
from workstation.services.clock import SECOND, Clock
from workstation.services.conversation import Conversation, Fresh
from workstation.services.outbox import Outbox
from workstation.views.case.commands import resolve
from workstation.views.case.visibility_button import wider
from workstation.views.case.words import VISIBILITY
from workstation.views.notices import Notices
from workstation.views.undoing import UNDO, Undoing
from workstation.views.widgets.kept import Kept
from workstation.views.widgets.sheet import Sheet

if TYPE_CHECKING:
    from workstation.views.case.meanwhile import MeanwhileSheet

SENT = "sent"
WAITS = lazy("Waits for approval: it leaves when somebody has looked at it.")
HELD = lazy("Kept in the outbox: it is held. Nothing leaves until you release it.")


def _news_sheet(window: QWidget) -> "MeanwhileSheet":
    # Imported when first opened: a start pays for every module.
    from workstation.views.case.meanwhile import MeanwhileSheet

    return MeanwhileSheet(window)


class Reply(msgspec.Struct, frozen=True):
    """What is to be sent: to which entry, with the thread as the agent saw it, and what follows."""

    entry: Entry
    operation: Operation
    seen: tuple[Entry, ...]
    resolve: bool = False


class Sending:
    """Sends replies, and tells of every row of the outbox that ends well or not."""

    def __init__(
        self,
        conversation: Conversation,
        casebook: Casebook,
        outbox: Outbox,
        undoing: Undoing,
        notices: Notices,
        clock: Clock,
        window: QWidget,
        show_case: Callable[[int], object],
    ) -> None:
        self._conversation = conversation
        self._casebook = casebook
        self._outbox = outbox
        self._undoing = undoing
        self._notices = notices
        self._clock = clock
        self._window = window
        self._show_case = show_case
        self._news = Kept(_news_sheet)
        self._sent = 0
        """How many replies the notice of what was sent speaks of."""

    async def send(
        self, reply: Reply, restore: Callable[[], object], looked: Callable[[tuple[Entry, ...]], object]
    ) -> bool:
        """Send a reply unless the agent wants to look first; whether it is in the outbox now.

        `looked` is told the thread that the agent was shown.
        """
        if not await self._may_leave(reply, looked):
            return False
        try:
            row = await self._queue(reply)
        except MeridianError as error:
            self._notices.say(error.text, tone="danger")
            return False
        case = reply.entry.case
        # A case is not answered while its answer waits for approval.
        if case is not None and (row.state is State.WAITS or not reply.resolve):
            await self._claim(case)
        self._undoing.queued(row.operation.id, restore)
        await self._tell_queued(row)
        return True

    async def _queue(self, reply: Reply) -> Outgoing:
        """Write the reply down; with "send and resolve" its case ends as answered in the same transaction."""
        message, case = reply.entry.message, reply.entry.case
        if case is None or not reply.resolve:
            number = case.id if case is not None else 0
            return await self._outbox.queue(reply.operation, message.channel, case=number, message=message.id)
        ending = resolve(case, Outcome.ANSWERED)
        row, inverse = await self._outbox.queue_resolving(reply.operation, message.channel, ending, message.id)
        if inverse is not None:
            self._undoing.ended(ending, inverse)
        return row

    async def _may_leave(self, reply: Reply, looked: Callable[[tuple[Entry, ...]], object]) -> bool:
        # Imported when first opened: a start pays for every module.
        from workstation.views.case.meanwhile import PrivateWordsSheet, UnreadableSheet, WiderSheet

        operation, message, case = reply.operation, reply.entry.message, reply.entry.case
        if operation.act is Act.REPLY and wider(operation.visibility, message.visibility):
            sheet = WiderSheet(VISIBILITY[operation.visibility], VISIBILITY[message.visibility], self._window)
            if not await self._ask(sheet):
                return False
        elif self._tells_private(reply) and not await self._ask(
            PrivateWordsSheet(VISIBILITY[operation.visibility], self._window)
        ):
            return False
        if case is None or operation.act is not Act.REPLY:
            return True
        try:
            fresh = await self._conversation.fresh(case, message, reply.seen)
        except MeridianError as error:
            return await self._ask(UnreadableSheet(error.text, self._window))
        fresh = await self._without_ours(fresh)
        if not fresh.changed:
            return True
        looked(fresh.entries)
        news = self._news.take(self._window)
        news.show_news(fresh, self._clock.now())
        await asyncio.sleep(0)  # filled and opened in a turn of the loop each
        return await self._ask(news)

    @staticmethod
    def _tells_private(reply: Reply) -> bool:
        """Whether everybody would read an answer in a conversation that has private words."""
        if reply.operation.act is not Act.REPLY:
            return False
        everybody = reply.operation.visibility in (Visibility.PUBLIC, Visibility.UNLISTED)
        return everybody and private_words([entry.message for entry in reply.seen])

    async def _without_ours(self, fresh: Fresh) -> Fresh:
        """What this desk sent itself is no news, even where its echo came late."""
        ours = {row.remote_id for row in await self._casebook.outgoing((State.SENT,)) if row.remote_id}
        answered = tuple(message for message in fresh.answered if message.remote_id not in ours)
        return msgspec.structs.replace(fresh, answered=answered)

    async def _ask(self, sheet: Sheet) -> bool:
        # Accepted means the button that sends; Escape and the other one leave everything as it is.
        return await opened(sheet)

    async def _claim(self, case: Case) -> None:
        """Whoever answers holds the case."""
        now = await self._casebook.case(case.id)
        if now is not None and now.holder is Holder.FREE:
            await self._undoing.do(claim(now), now, quiet=True)

    async def _tell_queued(self, row: Outgoing) -> None:
        name = row.operation.id
        if row.state is State.WAITS:
            self._notices.say(
                WAITS, tone="warn", key=f"send:{name}", action=UNDO, handler=lambda: self._undoing.take_back(name)
            )
            return
        if await self._outbox.held():
            self._notices.say(
                HELD, tone="warn", key=f"send:{name}", action=UNDO, handler=lambda: self._undoing.take_back(name)
            )
            return
        self._notices.say(
            lazy("On its way"),
            key=f"send:{name}",
            action=UNDO,
            handler=lambda: self._undoing.take_back(name),
            countdown=lambda: countdown(row, self._clock.now() - self._outbox.moved(row.created_at)),
        )

    def on_change(self, changes: ChangeSet) -> None:
        """Tell what became of operations; called for every commit."""
        for row in changes.outbox:
            name = row.operation.id
            if row.state not in (State.QUEUED, State.WAITS):
                self._undoing.left(row)
            if row.post:
                continue  # what became of a post is told of all its channels together
            if row.state in (State.SENT, State.CANCELLED):
                self._notices.drop(f"send:{name}")
            if row.state is State.SENT and row.operation.act in WRITES_TEXT:
                self._tell_sent()
            elif row.state in (State.FAILED, State.UNKNOWN):
                self._tell_trouble(row)

    def _tell_sent(self) -> None:
        """One notice for all that leave while it can be read: a busy hour must not pile them up."""
        self._sent = self._sent + 1 if self._notices.shows(SENT) else 1
        many = lazy_plural("{count} reply sent", "{count} replies sent", self._sent)
        self._notices.say(lazy("Sent.") if self._sent == 1 else many, tone="ok", key=SENT)

    def _tell_trouble(self, row: Outgoing) -> None:
        from workstation.views.case.failures import sentence

        why = sentence(row) or lazy("This was not sent.")
        action = lazy("Show") if row.case else None
        self._notices.say(
            why,
            tone="danger" if row.state is State.FAILED else "warn",
            key=f"send:{row.operation.id}",
            action=action,
            handler=(lambda: self._show_case(row.case)) if row.case else None,
            stays=True,
        )


def countdown(row: Outgoing, now: int) -> LazyText:
    """How long a queued operation can still be taken back."""
    left = -(-(row.not_before - now) // SECOND)
    if left <= 0:
        return lazy("Being sent…")
    return lazy_plural("Sends in {count} second", "Sends in {count} seconds", left)


Decide = Callable[[str], Awaitable[object]]


def decisions(outbox: Outbox) -> dict[str, Decide]:
    """What can be decided about a row, by the decision's name."""
    return {
        "now": outbox.send_now,
        "look": outbox.look_again,
        "confirm": outbox.confirm_sent,
        "again": outbox.resend,
        "retry": outbox.retry,
        "discard": outbox.give_up,
    }
