"""Languages of messages, found after their commit in a process of its own, and corrected by people.

No message waits for it: what the feed tells is queued, looked at in batches, and what follows comes as a ChangeSet of
its own. What does not fit into the queue, and what was there before, is looked at when nothing new waits.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from workstation.domain.changes import ChangeSet
from workstation.domain.errors import MeridianError
from workstation.domain.languages import MOST, UNKNOWN, Prior, Told, named
from workstation.domain.messages import Message
from workstation.domain.reading import own_words
from workstation.domain.tags import same_language
from workstation.domain.text import lazy
from workstation.services.background import Background, Sink, log_failure
from workstation.services.deeds import Deed
from workstation.services.detection_worker import Answer, Question, answer
from workstation.services.feed import Feed
from workstation.services.settings import Settings
from workstation.services.worker import Worker, WorkerDiedError

if TYPE_CHECKING:
    from workstation.store.store import Store

log = logging.getLogger(__name__)

QUEUE = 8_000
"""New messages that may wait; later ones count as older and are looked at when there is time."""
BATCH = 128
GRACE = 2.0
"""Seconds from the first message until the process starts: a desk's start has more urgent work."""
GATHER = 0.1
"""Seconds from batch to batch: about a thousand a second at most, so that what they change never crowds the columns."""
FLOOD = 1_000
"""New messages waiting from which on it takes its time: the cores are busy enough with showing them."""
SLOWLY = 0.4
"""Seconds from batch to batch in a flood."""
REST = 0.25
"""Seconds between two portions of older messages."""
TELLING = 24
"""Bytes of letters from which it is said in which language a text is that somebody writes."""
LONGEST = 8_000
"""Characters of a message that are handed to the process."""
NOTED_EVERY = 500
"""Messages after which it is written down how far one has come."""
DEATHS = 60
"""Deaths of the process in one run after which no more is asked of it."""
LANGUAGE_SET = lazy("Language corrected")


class Detecting:
    """Finds out the languages of messages. `start` before the channels, `close` before the store."""

    def __init__(
        self,
        store: "Store",
        feed: Feed,
        settings: Settings,
        sink: Sink = log_failure,
        worker: Callable[[], Worker] = lambda: Worker(seconds=60.0),
        grace: float = GRACE,
    ) -> None:
        self._store = store
        self._feed = feed
        self._settings = settings
        self._tasks = Background(sink)
        self._worker = worker()
        self._grace = grace
        self._queue: deque[Message] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._seen: dict[int, int] = {}
        """Revisions of edited messages that were looked at."""
        self._last = 0
        self._behind = True
        """Whether there may be older messages that nobody has looked at."""
        self._overflown = False
        """Whether new messages did not fit into the queue since the last look back began."""
        self._noted = 0
        self._deaths = 0
        self._end: Callable[[], None] | None = None

    @property
    def waiting(self) -> int:
        """New messages that nobody has looked at yet."""
        return len(self._queue)

    def start(self) -> None:
        """Watch for messages."""
        if self._end is None:
            self._end = self._feed.subscribe(self._heard)
            self._tasks.spawn(self._run(), "languages")

    async def close(self) -> None:
        """Look at nothing more, and end the process."""
        if self._end is not None:
            self._end()
        await self._tasks.close()
        await self._worker.close()

    async def settled(self) -> None:
        """Wait until nothing waits, older messages included."""
        await self._idle.wait()

    # -- new messages ----------------------------------------------------------------------------------------------

    def _heard(self, changes: ChangeSet) -> None:
        if changes.reload:
            self._miss()
        for entry in changes.entries:
            message = entry.message
            if message.own or not self._asks(message, changes.added):
                continue
            if len(self._queue) >= QUEUE:
                self._miss()
            else:
                self._queue.append(message)
        if self._queue:
            self._idle.clear()
            self._wake.set()

    def _miss(self) -> None:
        """Some are not in the queue: a look back finds them."""
        self._behind = self._overflown = True
        self._idle.clear()
        self._wake.set()

    def _asks(self, message: Message, added: frozenset[int]) -> bool:
        if message.id in added:
            return True
        return message.revision > 0 and self._seen.get(message.id) != message.revision

    async def _run(self) -> None:
        begun, below = False, 0
        while self._deaths < DEATHS:
            if not self._queue and not self._behind:
                await self._note()
                if not self._queue and not self._behind:
                    self._idle.set()
                    self._wake.clear()
                    await self._wake.wait()
            if not begun:
                begun = True
                await asyncio.sleep(self._grace)
            if self._queue:
                await self._look_at_new()
            else:
                below = await self._look_back(below)
        log.error("languages are not found out any more", extra={"deaths": self._deaths})
        self._queue.clear()
        self._idle.set()

    async def _look_back(self, below: int) -> int:
        """A portion of the older messages; returns where to go on."""
        older, after = await self._store.spoken.waiting(below)
        self._last = max(self._last, *(message.id for message in older)) if older else self._last
        for start in range(0, len(older), BATCH):
            await asyncio.sleep(GATHER)
            await self._look_at(older[start : start + BATCH])
            while self._queue:
                await self._look_at_new()
        if after:
            await asyncio.sleep(REST)
            return after
        self._behind, self._overflown = self._overflown, False
        return 0

    async def _note(self) -> None:
        """All up to here is looked at: the next start need not look again."""
        if self._last - self._noted >= NOTED_EVERY or (self._last and not self._noted):
            self._noted = self._last
            await self._store.spoken.examined(self._last)

    async def _look_at_new(self) -> None:
        await asyncio.sleep(SLOWLY if len(self._queue) > FLOOD else GATHER)
        await self._look_at([self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))])

    async def _look_at(self, messages: Sequence[Message]) -> None:
        from workstation.store.spoken import Finding

        priors = await self._store.spoken.priors(messages)
        answers = await self._ask(messages, priors)
        findings = [
            Finding(message.id, message.revision, *found)
            for message, found in zip(messages, answers, strict=True)
            if found is not None
        ]
        if findings:
            try:
                await self._store.spoken.decide(findings)
            except MeridianError as error:  # a full disk is told of elsewhere
                log.warning("languages not stored", extra={"error": type(error).__name__})
        for message in messages:
            self._last = max(self._last, message.id)
            if message.revision:
                self._seen[message.id] = message.revision
        while len(self._seen) > QUEUE:
            del self._seen[next(iter(self._seen))]

    async def _ask(self, messages: Sequence[Message], priors: Sequence[Prior], *, again: bool = True) -> list[Answer]:
        """What the process says; a batch that kills it twice is halved until the one text is found that does."""
        questions = [_question(message, prior) for message, prior in zip(messages, priors, strict=True)]
        try:
            answers: list[Answer] = await self._worker.call(answer, self._candidates(), questions)
        except WorkerDiedError:
            self._deaths += 1
            log.warning("the process for languages died", extra={"texts": len(questions)})
            if self._deaths >= DEATHS:
                return [None] * len(questions)
            if again:
                return await self._ask(messages, priors, again=False)
            if len(messages) == 1:
                return [None if priors[0].hint else (UNKNOWN, 0.0, False, "nothing")]
            half = len(messages) // 2
            first = await self._ask(messages[:half], priors[:half], again=False)
            return first + await self._ask(messages[half:], priors[half:], again=False)
        except ValueError as error:
            self._deaths = DEATHS
            log.warning("languages cannot be found out", extra={"error": str(error)[:60]})
            return [None] * len(questions)
        return answers

    def _candidates(self) -> tuple[str, ...]:
        return self._settings.now.spoken[:MOST]

    # -- what is being written ---------------------------------------------------------------------------------------

    async def of_text(self, text: str, *expected: str) -> str:
        """The language of a text that is no message; "" where it is not certain, or none of those `expected` here."""
        letters = "".join(sign for sign in own_words(text)[:LONGEST] if sign.isalpha() or sign.isspace())
        among = self._candidates()
        known = not among or all(any(same_language(each, tag) for tag in among) for each in expected)
        if len(letters.encode()) < TELLING or not known or self._deaths >= DEATHS:
            return ""
        try:
            (found,) = await self._worker.call(answer, among, [(own_words(text)[:LONGEST], "", {}, {})])
        except (WorkerDiedError, ValueError):
            return ""
        return found[0] if found is not None and found[2] and named(found[0]) else ""

    # -- by hand ---------------------------------------------------------------------------------------------------

    async def told(self, message: int) -> Told:
        """Where a message's language comes from."""
        return await self._store.spoken.told(message)

    async def past(self, message: Message) -> tuple[str, ...]:
        """The languages that its author is known to write, then those of the team; the likelier first."""
        (prior,) = await self._store.spoken.priors((message,))
        theirs = sorted(prior.author, key=lambda tag: (-prior.author[tag], tag))
        return (*theirs, *self._candidates())

    async def now(self, message: int) -> Message | None:
        """The message as it is stored now."""
        entry = await self._store.messages.get(message)
        return entry.message if entry is not None else None

    async def correct(self, message: Message, language: str) -> Deed:
        """A person says what language it is ("" takes that back); doubtful ones of its author are looked at anew."""
        before = await self._store.spoken.correct(message.id, language)
        others = await self._store.spoken.doubtful(message.author.id)
        room = max(0, QUEUE - len(self._queue))
        self._queue.extend([other for other in others if other.id != message.id][:room])
        if self._queue:
            self._idle.clear()
            self._wake.set()

        async def back() -> Deed:
            return await self.correct(message, before.corrected)

        return Deed(LANGUAGE_SET, back)


def _question(message: Message, prior: Prior) -> Question:
    text = own_words(message.text) if message.text else message.spoiler
    return text[:LONGEST], prior.hint, prior.author, prior.channel
