"""Everything new and everything changed, for ever: the newest comments are read again and again.

Ids of comments grow in the order in which they are stored, whatever their dates say. So new is what has a larger id
than all that was read; and what is read again tells what was edited, moderated or deleted, of which no site speaks.
"""

import asyncio
import random
import zlib
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING

import msgspec

from workstation.connectors.wordpress import parse
from workstation.connectors.wordpress.parse import Parser
from workstation.connectors.wordpress.position import WINDOW, Position, Walk
from workstation.connectors.wordpress.session import Page, Session
from workstation.domain.channels import Condition, Health
from workstation.domain.errors import GoneError, PermissionDeniedError
from workstation.domain.messages import Batch, Deletion, IncomingMessage, Mark, Reject
from workstation.net.limits import Lane
from workstation.net.retry import Backoff

if TYPE_CHECKING:
    from workstation.connectors.wordpress.entities import Comment

COMMENTS = "comments"
FIRST = 50
"""Comments that a new channel begins with."""
QUICK = 20
"""Comments that are looked at each time."""
LARGE = 100
"""What WordPress gives at most."""
BACK = 50
STEPS_BACK = 8
VERIFIED = 20
"""Comments that are asked for one by one at most, each time, because they are missing."""
SOONEST = 5.0
"""Seconds before the next question after news."""


class Pace(msgspec.Struct, frozen=True):
    """Seconds between questions, and between looks at all that may have changed silently."""

    poll: float = 30.0
    window: float = 180.0


class Run(msgspec.Struct):
    """One way down the list from its newest comment."""

    offset: int = 0
    high: int = 0
    low: int = 0
    count: int = 0
    backs: int = 0
    jumped: bool = False


class Reading:
    """One run of `Channel.events`. Of what is read again only what changed is told."""

    def __init__(
        self, session: Session, parser: Parser, channel: int, pace: Pace, *, spam: bool, now: Callable[[], int]
    ) -> None:
        self._session, self._parser, self._pace, self._spam, self._now = session, parser, pace, spam, now
        self._health = Health(channel, transport="poll")
        self._position: Position | None = None
        self._digests: dict[int, bytes] = {}
        self._rng = random.Random()  # noqa: S311 - spreads load, guards nothing
        self._quiet = Backoff(min(SOONEST, pace.poll), pace.poll, self._rng)
        self._missing: set[int] = set()

    async def run(self, position: Position | None, report: Callable[[Health], None]) -> AsyncGenerator[Batch, None]:
        """Batches, until an error."""
        loop = asyncio.get_running_loop()
        self._position = position
        self._session.directory.begin(position.ids if position is not None else ())
        self._set(report, Condition.CATCHING_UP)
        looked = -1e9
        while True:
            whole = loop.time() - looked >= self._pace.window
            lane = Lane.CATCH_UP if self._health.condition is Condition.CATCHING_UP else Lane.POLL
            async for batch in self._look(lane, whole=whole):
                if batch.messages:
                    self._quiet.reset()
                yield batch
            if whole:
                looked = loop.time()
            self._set(report, Condition.POLLING)
            await asyncio.sleep(self._quiet.next())

    def _set(self, report: Callable[[Health], None], condition: Condition) -> None:
        now = self._now()
        self._health = msgspec.structs.replace(
            self._health, condition=condition, last_event_at=now, rate=self._session.rate("reads")
        )
        report(self._health)

    async def _look(self, lane: Lane, *, whole: bool) -> AsyncGenerator[Batch, None]:
        """Everything above the position, and what changed in the window below it."""
        if self._position is None:
            page = await self._session.page(0, FIRST, lane)
            yield await self._first(page, lane)
            return
        if whole and not self._session.rights.moderates:
            await self._session.me()  # what everybody may read is told to a refused sign-in as well
        run = Run()
        size = LARGE if whole else QUICK
        floor = min((self._position.top, *self._position.ids[:1])) if whole else self._position.top
        while True:
            page = await self._session.page(run.offset, size, lane)
            found = _numbered(page)
            numbers = [number for number, _ in found if number > 0]
            if self._has_gap(run, numbers, size):
                continue
            end = _ends(page, run.offset, size)
            done = end or bool(numbers and numbers[-1] <= floor)
            batch = await self._batch(run, found, lane, end=end, done=done)
            if batch is not None:
                yield batch
            if done:
                return
            size = LARGE if numbers and numbers[-1] > self._position.top else size
            run.offset += max(1, len(page.items) - 1 if numbers else size)
            self._jump(run)

    def _has_gap(self, run: Run, numbers: list[int], size: int) -> bool:
        """Whether comments were deleted meanwhile, so that others moved up past the page; then read from higher up."""
        if not run.low or not run.offset or run.backs >= STEPS_BACK:
            return False
        if (numbers and numbers[0] >= run.low) or (not numbers and not run.jumped):
            return False
        run.backs += 1
        run.offset = max(0, run.offset - max(BACK, size // 2) * run.backs)
        return True

    def _jump(self, run: Run) -> None:
        """Leave out what a way down that broke off has read already."""
        walk = self._position.walk if self._position else None
        if walk is None or run.jumped or not run.low or run.low > walk.high:
            return
        run.jumped = True
        if walk.low < run.low and walk.count > LARGE:
            run.offset += max(0, walk.count - LARGE)
            run.low = walk.low
            run.count = max(run.count, walk.count)

    async def _first(self, page: Page, lane: Lane) -> Batch:
        found = _numbered(page)
        messages, rejects, filtered = await self._read(found, lane)
        numbers = [number for number, _ in found if number > 0]
        self._position = Position(max(numbers, default=0)).with_ids(numbers, set())
        return Batch(COMMENTS, messages, (), rejects, filtered, self._position.cursor())

    async def _batch(
        self, run: Run, found: list[tuple[int, msgspec.Raw]], lane: Lane, *, end: bool, done: bool
    ) -> Batch | None:
        """What a page brought that was not known, and where reading is then; None where nothing changed."""
        position = self._position or Position()
        changed = [(number, raw) for number, raw in found if self._digests.get(number) != bytes(raw)]
        messages, rejects, filtered = await self._read(changed, lane)
        numbers = [number for number, _ in found if number > 0]
        self._missing |= self._absent(run, numbers, end=end)
        gone, unlisted = await self._gone(lane)
        if numbers:
            run.high = run.high or numbers[0]
            run.count += len([number for number in numbers if not run.low or number < run.low])
            run.low = min(numbers[-1], run.low or numbers[-1])
        onward = position.with_ids(numbers, gone | unlisted)
        reached = done or (bool(run.low) and run.low <= position.top)
        if reached:
            onward = msgspec.structs.replace(onward, top=max(position.top, run.high), walk=None)
        elif run.low and (position.walk is None or run.jumped):
            onward = msgspec.structs.replace(onward, walk=Walk(run.high, run.low, run.count))
        self._position = onward
        deletions = tuple(Deletion(str(number), self._now()) for number in sorted(gone))
        if not (messages or rejects or filtered or deletions) and onward == position:
            return None
        return Batch(COMMENTS, messages, deletions, rejects, filtered, onward.cursor())

    def _absent(self, run: Run, numbers: list[int], *, end: bool) -> set[int]:
        """Known comments that should stand on this page and do not."""
        known = self._position.ids if self._position else ()
        above = run.low or 1 << 63
        below = 0 if end else min(numbers, default=above)
        seen = set(numbers)
        return {number for number in known if below <= number < above and number not in seen}

    async def _gone(self, lane: Lane) -> tuple[set[int], set[int]]:
        """Which of the missing ones are gone, or no longer for us to see, and which are only not listed any more."""
        gone: set[int] = set()
        unlisted: set[int] = set()
        for number in sorted(self._missing, reverse=True)[:VERIFIED]:
            try:
                await self._session.comment(number, lane)
                unlisted.add(number)
            except (GoneError, PermissionDeniedError):
                gone.add(number)
                self._digests.pop(number, None)
            self._missing.discard(number)
        return gone, unlisted

    async def _read(
        self, found: list[tuple[int, msgspec.Raw]], lane: Lane
    ) -> tuple[tuple[IncomingMessage, ...], tuple[Reject, ...], int]:
        """Messages (oldest first), what cannot be read, and how many nobody wrote."""
        comments: list[Comment] = []
        rejects: list[Reject] = []
        for _, raw in reversed(found):
            try:
                comments.append(parse.comment(raw))
            except parse.UNREADABLE:
                rejects.append(parse.reject(raw, COMMENTS))
        wanted = [each for each in comments if self._parser.wanted(each)]
        await self._session.learn(wanted, lane)
        titles = self._session.directory
        made = [self._parser.message(each, titles.title(each.post or 0) or "", self._now()) for each in wanted]
        messages = tuple(each for each in made if self._tells(each))
        for number, raw in found:
            self._digests[number] = bytes(raw)
        self._forget()
        return messages, tuple(rejects), len(found) - len(messages) - len(rejects)

    def _tells(self, message: IncomingMessage) -> bool:
        """Not of spam that nobody has seen here, where that is wished."""
        return self._spam or Mark.JUNK not in message.marks or int(message.remote_id) in self._digests

    def _forget(self) -> None:
        if len(self._digests) > 4 * WINDOW:
            for number in sorted(self._digests)[: -2 * WINDOW]:
                del self._digests[number]


def _numbered(page: Page) -> list[tuple[int, msgspec.Raw]]:
    """The items with their ids; one without an id has a number below 0 that stands for what it says."""
    return [(parse.number(raw) or -1 - zlib.crc32(bytes(raw)), raw) for raw in page.items]


def _ends(page: Page, offset: int, size: int) -> bool:
    """Whether there is nothing older."""
    if page.total >= 0:
        return offset + size >= page.total
    return len(page.items) < size
