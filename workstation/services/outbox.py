"""The outbox: what leaves the desk, in order per channel, taken back until it leaves, never twice without a decision.

An attempt is written down as begun before its first byte leaves. Whatever ends without an answer is "unknown":
it is looked for on the network, repeated only where the account is known to do nothing twice, else the agent decides.
"""

import asyncio
import logging
from typing import TYPE_CHECKING

import msgspec

from workstation.connectors.base import Channel, Sent, TakesPictures
from workstation.domain.actions import AnyCommand, Resolve
from workstation.domain.changes import ChangeSet
from workstation.domain.channels import Health
from workstation.domain.errors import (
    AuthExpiredError,
    ChannelError,
    MeridianError,
    NotAllowedError,
    PermissionDeniedError,
    UnsupportedError,
)
from workstation.domain.messages import Author, Micros
from workstation.domain.outbox import Operation, Outgoing, State
from workstation.services.actions import operation as new_operation
from workstation.services.background import Background, Sink, log_failure
from workstation.services.clock import MINUTE, SECOND, Clock
from workstation.services.feed import Feed
from workstation.services.sending import ONE_OFF, Verdict, after_error, after_look
from workstation.services.settings import Settings
from workstation.services.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.store.store import Store

log = logging.getLogger(__name__)

LOOKS: tuple[Micros, ...] = (2 * SECOND, 10 * SECOND, 40 * SECOND, 2 * MINUTE)
"""Waits before each look for an unanswered attempt; networks may show a post some time after taking it."""
OVERDUE = 1.0
"""Seconds between two looks while something waits past its time."""
SHORTEST_MORE = 10 * SECOND
LONGEST_WAIT = 10 * MINUTE
"""After this an answer leaves, however often somebody asked for more time."""
LONGEST = 3_600.0
"""Seconds between two looks while something is planned: timers of weeks overflow, and clocks are set."""
FAREWELL = 5.0
"""Seconds that attempts under way get at the end of the run."""


class Outbox:
    """Sends. `start` after the supervisor; `close` before it."""

    def __init__(
        self,
        store: "Store",
        supervisor: Supervisor,
        feed: Feed,
        settings: Settings,
        clock: Clock,
        *,
        sink: Sink = log_failure,
        looks: tuple[Micros, ...] = LOOKS,
    ) -> None:
        self._store = store
        self._supervisor = supervisor
        self._feed = feed
        self._settings = settings
        self._clock = clock
        self._looks = looks
        self._tasks = Background(sink)
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()
        self._ends: list[Callable[[], None]] = []
        self._closing = False
        self._more: list[tuple[Micros, Micros]] = []

    # -- what the desk asks for ----------------------------------------------------------------------------------

    async def queue(
        self,
        operation: Operation,
        channel: int,
        case: int = 0,
        message: int = 0,
        *,
        undo: bool = True,
        undo_at_least: Micros = 0,
    ) -> Outgoing:
        """Write an operation down to be done after the undo window, if any; it is durable when this returns.

        UnsupportedError or PermissionDeniedError where this account is known not to offer it.
        """
        operation = self._offered(operation, channel)
        not_before = self._clock.now() + max(undo_at_least, self._settings.undo_micros if undo else 0)
        changes = await self._store.outbox.put(channel, operation, case=case, message=message, not_before=not_before)
        return changes.outbox[0]

    async def queue_resolving(
        self, operation: Operation, channel: int, resolve: Resolve, message: int = 0
    ) -> tuple[Outgoing, AnyCommand | None]:
        """Write an answer down and end its case, both or neither; with it the command that opens the case again.

        That is None where the case is not ended: it was before, or the answer waits for approval. Raises as `queue`
        and as commands on cases do.
        """
        operation = self._offered(operation, channel)
        not_before = self._clock.now() + self._settings.undo_micros
        changes, inverse = await self._store.outbox.put_resolving(
            channel, operation, resolve, message=message, not_before=not_before
        )
        return changes.outbox[0], inverse

    async def cancel(self, operation: str) -> bool:
        """Take an operation back; False: it has left already, or its end is not known."""
        return await self._store.outbox.cancel(operation) is not None

    async def send_now(self, operation: str) -> None:
        """Let an operation leave at once: the end of its undo window, or of the wait for its planned time."""
        await self._store.outbox.send_now(operation)
        self._wake.set()

    async def more_time(self) -> int:
        """Let everything that can still be taken back wait longer; how many operations that were."""
        by = max(SHORTEST_MORE, self._settings.undo_micros)
        changes = await self._store.outbox.extend(by, LONGEST_WAIT)
        if changes is None:
            return 0
        self._more.append((self._clock.now(), by))
        return len(changes.outbox)

    def moved(self, since: Micros) -> Micros:
        """How much longer what was queued at `since` waits than it was told then."""
        return sum(by for at, by in self._more if at >= since)

    async def retry(self, operation: str) -> None:
        """Try a failed operation again."""
        await self._decide(operation, State.FAILED, Verdict(State.QUEUED, not_before=self._clock.now()))
        await self._store.posts.whenever(operation)  # the agent has decided: no time that has passed stands in the way

    async def resend(self, operation: str) -> None:
        """The agent's explicit decision to send what may have been sent already."""
        await self._decide(operation, State.UNKNOWN, Verdict(State.QUEUED, not_before=self._clock.now()))
        await self._store.posts.whenever(operation)

    async def confirm_sent(self, operation: str) -> None:
        """The agent has seen it on the network."""
        await self._decide(operation, State.UNKNOWN, Verdict(State.SENT))

    async def give_up(self, operation: str) -> None:
        """The agent does not want a failed or unknown operation any more."""
        await self._store.outbox.cancel(operation)

    async def look_again(self, operation: str) -> None:
        """Look for an unknown operation now."""
        row = await self._store.outbox.get(operation)
        if row is not None and row.state is State.UNKNOWN:
            self._look_for(row, (0,))

    async def hold(self) -> None:
        """Let nothing leave, across restarts too. Attempts under way are past holding."""
        await self._store.outbox.hold()

    async def release(self) -> None:
        """Let go on."""
        await self._store.outbox.release()
        self._wake.set()

    async def held(self) -> bool:
        """Whether nothing may leave."""
        return await self._store.outbox.held()

    def is_looking(self, operation: str) -> bool:
        """Whether an unknown operation is still looked for; if not, the agent has to decide."""
        return operation in self._looking

    async def settled(self, operation: str) -> Outgoing:
        """Wait until an operation is sent, failed, cancelled, or unknown with nobody looking any more."""
        changed = asyncio.Event()
        end = self._feed.subscribe(lambda changes: changed.set() if changes.outbox or changes.reload else None)
        try:
            while True:
                changed.clear()
                row = await self._store.outbox.get(operation)
                if row is None:
                    raise NotAllowedError(status="", event=State.SENDING.value)
                if row.state not in (State.QUEUED, State.SENDING, State.UNKNOWN):
                    return row
                if row.state is State.UNKNOWN:
                    if (task := self._looking.get(operation)) is None:
                        return row
                    await asyncio.wait([task])
                    continue
                await changed.wait()
        finally:
            end()

    # -- the run -------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Look for what a former run left unanswered, and send what waits."""
        await self._store.outbox.recover()
        for row in await self._store.outbox.list((State.UNKNOWN,)):
            self._look_for(row, self._looks)
        self._ends = [self._feed.subscribe(self._on_change), self._supervisor.subscribe(self._on_health)]
        self._tasks.spawn(self._drain(), "outbox")

    async def close(self) -> None:
        """Begin nothing more, and give attempts under way a moment to end."""
        self._closing = True
        for end in self._ends:
            end()
        if self._sending:
            await asyncio.wait(tuple(self._sending.values()), timeout=FAREWELL)
        await self._tasks.close()

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.outbox or changes.reload:
            self._wake.set()

    def _on_health(self, _: Health) -> None:
        self._wake.set()

    async def _drain(self) -> None:
        while not self._closing:
            self._wake.clear()
            while (row := await self._claim()) is not None:
                task = self._tasks.spawn(self._attempt(row), f"send:{row.channel}")
                self._sending[row.channel] = task
                task.add_done_callback(self._freed)
            await self._until_due()

    async def _claim(self) -> Outgoing | None:
        free = self._supervisor.ready() - self._sending.keys()
        if not free or self._closing:
            return None
        return await self._store.outbox.claim_next(self._clock.now(), free)

    async def _until_due(self) -> None:
        due = await self._store.outbox.next_due()
        # What is due already waits for its channel or its case. Their changes wake us; the look each second is for
        # what else has become due behind it.
        wait = None if due is None else min(LONGEST, max(OVERDUE, (due - self._clock.now()) / 1_000_000))
        try:
            async with asyncio.timeout(wait):
                await self._wake.wait()
        except TimeoutError:
            pass

    def _freed(self, task: asyncio.Task[None]) -> None:
        self._sending = {channel: other for channel, other in self._sending.items() if other is not task}
        self._wake.set()

    async def _attempt(self, row: Outgoing) -> None:
        channel = self._supervisor.channel(row.channel)
        if channel is None:
            # It was signed out between the claim and here; no byte has left.
            await self._store.outbox.settle(row.id, State.QUEUED)
            return
        try:
            sent = await channel.send(await self._with_pictures(row, channel))
        except Exception as error:
            verdict = after_error(row, error, self._clock.now())
            if not isinstance(error, ChannelError):
                log.exception("send failed", extra={"channel": row.channel, "error": type(error).__name__})
            await self._settle(row, verdict)
            if isinstance(error, AuthExpiredError):
                await self._supervisor.restart(row.channel)
        else:
            await self._settle(row, Verdict(State.SENT), sent)

    async def _with_pictures(self, row: Outgoing, channel: Channel) -> Operation:
        """The operation as it is sent, its pictures handed over before: until then nothing is published."""
        operation = row.operation
        if not row.post or not operation.options.get("pictures") or not isinstance(channel, TakesPictures):
            return operation
        named = [await channel.attach(picture) for picture in await self._store.posts.pictures(row.post)]
        return msgspec.structs.replace(operation, options=operation.options | {"media": ",".join(named)})

    async def _settle(self, row: Outgoing, verdict: Verdict, sent: Sent | None = None) -> None:
        sent = sent or Sent(remote_id=verdict.remote_id)
        if verdict.state is State.UNKNOWN:
            # Before the state is told: whoever waits for it to be settled must find it being looked for.
            self._look_for(row, self._looks)
        await self._store.outbox.settle(
            row.id,
            verdict.state,
            remote_id=sent.remote_id,
            address=sent.address,
            echo=sent.batch,
            author=self._author(row.channel),
            error=verdict.error,
            detail=verdict.detail,
            not_before=verdict.not_before,
        )

    def _author(self, channel: int) -> Author | None:
        """Ourselves, for the message that an answer without a body leaves on our desk."""
        opened, network = self._supervisor.opened(channel), self._supervisor.network(channel)
        if opened is None or not network:
            return None
        account = opened.account
        return Author(network, account.remote_id, account.handle, account.name, account.url, account.avatar_url)

    async def _decide(self, operation: str, expected: State, verdict: Verdict) -> None:
        row = await self._store.outbox.get(operation)
        if row is None or row.state is not expected:
            raise NotAllowedError(status=row.state.value if row else "", event=verdict.state.value)
        if (task := self._looking.pop(operation, None)) is not None:
            task.cancel()
        await self._settle(row, verdict)

    def _offered(self, operation: Operation, channel: int) -> Operation:
        """The operation with an id, if this account offers it."""
        if not operation.id:
            operation = msgspec.structs.replace(operation, id=new_operation())
        opened = self._supervisor.opened(channel)
        if opened is None:
            return operation
        offer = opened.capabilities.offer(operation.act)
        if offer is None:
            raise UnsupportedError
        if not offer.available:
            raise PermissionDeniedError(why=offer.reason or "")
        return operation

    # -- unknown attempts ----------------------------------------------------------------------------------------

    def _look_for(self, row: Outgoing, waits: tuple[Micros, ...]) -> None:
        name = row.operation.id
        if name in self._looking or self._closing:
            return
        task = self._tasks.spawn(self._look(row, waits), f"look:{row.channel}")
        self._looking[name] = task
        task.add_done_callback(lambda done: self._looked(name, done))

    def _looked(self, operation: str, task: asyncio.Task[None]) -> None:
        if self._looking.get(operation) is task:
            del self._looking[operation]

    async def _look(self, row: Outgoing, waits: tuple[Micros, ...]) -> None:
        for wait in waits:
            await asyncio.sleep(wait / 1_000_000)
            channel = await self._when_ready(row.channel)
            try:
                found = await channel.find_sent(row.operation, max(row.created_at, row.not_before))
            except ChannelError:
                continue
            if found is not None and await self._is_of_another(row, found):
                found = None
            opened = self._supervisor.opened(row.channel)
            if found is not None:
                verdict: Verdict | None = Verdict(State.SENT)
            else:
                verdict = after_look(row, opened.capabilities, self._clock.now()) if opened else None
            if verdict is not None:
                await self._found(row, verdict, found)
                return

    async def _is_of_another(self, row: Outgoing, found: Sent) -> bool:
        """Whether what was found is what another operation left: the same words may be sent twice on purpose."""
        if row.operation.act not in ONE_OFF or not found.remote_id:
            return False
        sent = await self._store.outbox.list((State.SENT,))
        # Its own row is among them where the stream brought the echo while we looked.
        return any(
            other.id != row.id and other.channel == row.channel and other.remote_id == found.remote_id for other in sent
        )

    async def _found(self, row: Outgoing, verdict: Verdict, found: Sent | None) -> None:
        try:
            await self._settle(row, verdict, found)
        except MeridianError as error:
            # The agent, or the echo on the stream, was quicker.
            log.info("already settled", extra={"channel": row.channel, "error": error.code})

    async def _when_ready(self, channel: int) -> Channel:
        while True:
            ready = self._supervisor.channel(channel)
            if ready is not None:
                return ready
            await self._health_changed()

    async def _health_changed(self) -> None:
        changed = asyncio.Event()
        end = self._supervisor.subscribe(lambda _: changed.set())
        try:
            await changed.wait()
        finally:
            end()
