"""Questions to people inside by mail: they leave by a mailbox channel, and the answer comes back as a note.

Only an answer to a question that this desk itself has sent becomes a note: a stranger may write any subject, but does
not know the identity of that mail.
"""

from typing import TYPE_CHECKING

from workstation.domain.actions import AnswerEscalation, Resolve
from workstation.domain.cases import Entry, Outcome
from workstation.domain.changes import ChangeSet
from workstation.domain.errors import MeridianError, UnsupportedError
from workstation.domain.messages import Kind, Visibility
from workstation.domain.outbox import Act, Operation
from workstation.domain.reading import own_words, title_and_body
from workstation.services.actions import operation
from workstation.services.background import Background, Sink, log_failure
from workstation.services.escalation import Question, referred

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.services.feed import Feed
    from workstation.services.outbox import Outbox
    from workstation.services.supervisor import Supervisor
    from workstation.store.store import Store

TO, SUBJECT = "to", "subject"
"""Fields of an offer to post by which a channel says that it writes to addresses."""
LONGEST_ANSWER = 100_000


class Inside:
    """Carries questions and brings their answers. `start` after the supervisor, `close` before the store."""

    def __init__(
        self, store: "Store", supervisor: "Supervisor", outbox: "Outbox", feed: "Feed", sink: Sink = log_failure
    ) -> None:
        self._store = store
        self._supervisor = supervisor
        self._outbox = outbox
        self._feed = feed
        self._tasks = Background(sink)
        self._end: Callable[[], None] | None = None

    def start(self) -> None:
        """Watch for answers."""
        self._end = self._feed.subscribe(self._on_change)

    async def close(self) -> None:
        """End."""
        if self._end is not None:
            self._end()
        await self._tasks.close()

    def mailbox(self) -> int:
        """The first channel that writes to addresses; 0 where there is none."""
        for config in self._supervisor.configs():
            opened = self._supervisor.opened(config.id)
            offer = opened.capabilities.offer(Act.POST) if opened is not None else None
            if offer is not None and offer.available and {TO, SUBJECT} <= {field.name for field in offer.fields}:
                return config.id
        return 0

    async def carry(self, question: Question) -> None:
        """Put the question into the outbox; UnsupportedError where no mailbox is connected."""
        mailbox = self.mailbox()
        if not mailbox:
            raise UnsupportedError
        asked = Operation(
            operation(),
            Act.POST,
            text=question.text,
            visibility=Visibility.DIRECT,
            options={TO: question.to, SUBJECT: question.subject},
        )
        await self._outbox.queue(asked, mailbox, case=question.case)

    def _on_change(self, changes: ChangeSet) -> None:
        added = set(changes.added)
        for entry in changes.entries:
            message = entry.message
            if message.id in added and message.kind is Kind.MAIL and not message.own:
                number = referred(title_and_body(message)[0])
                if number:
                    self._tasks.spawn(self._keep(entry, number), "answer from inside")

    async def _keep(self, entry: Entry, number: int) -> None:
        """Note the answer at the case that it is about, and let its own case rest."""
        message = entry.message
        asked = await self._store.outbox.sent_as(message.channel, (message.branch, message.reply_to))
        if asked is None or asked.case != number:
            return
        case = await self._store.cases.get(number)
        if case is None or not case.escalated_at:
            return
        text = own_words(title_and_body(message)[1]).strip()[:LONGEST_ANSWER]
        noted = AnswerEscalation(operation=operation(), case=number, text=text)
        try:
            await self._store.cases.execute_many((noted,), None)
            if entry.case is not None:
                rest = Resolve(operation=operation(), case=entry.case.id, outcome=Outcome.NO_REPLY_NEEDED)
                await self._store.cases.execute_many((rest,), None)
        except MeridianError:
            # The case has changed in this moment: the mail stays a case of its own, and the agent sees it.
            return
