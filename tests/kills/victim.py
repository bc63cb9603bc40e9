"""The process that is killed: a desk without a window that receives, answers, and dies where it is told to.

Begun by `launcher`. Nothing in the desk knows of it: the COMMITs are counted by the connections that it hands to the
store, and the bytes of a send by the proxy that it talks through. It says "." whenever messages have come, and at its
end what became of it.
"""

import asyncio
import contextlib
import itertools
import os
import signal
import sqlite3
import threading
from pathlib import Path
from typing import Any

import msgspec

from tests.lives import Say
from workstation.domain.changes import ChangeSet
from workstation.domain.channels import ChannelConfig, Condition
from workstation.domain.drafts import Draft
from workstation.domain.filters import parse
from workstation.domain.outbox import State
from workstation.services.desk import Desk, open_desk
from workstation.services.profile import Profile

LOOKS = (0, 300_000, 1_000_000)
KEYSTROKE = 0.05
"""Seconds between two keys of somebody who types: a pace, nothing waits for it."""


class Orders(msgspec.Struct):
    """What this life is to do, and where it is to end."""

    profile: str
    url: str
    token: str
    idempotency: str
    seconds: float
    replies: int = 0
    """Operations that may be in the outbox, of all lives together."""
    commit: int = 0
    """Die at this COMMIT of this life; 0: not at one."""
    after: bool = False
    finish: bool = False
    """The last life: end when everything is settled, deciding what only an agent can."""


class Account(msgspec.Struct):
    """What a life that was not ended says of itself."""

    commits: int
    sent: int
    unknown: int
    resent: list[str] = []


class Killer:
    """Counts COMMITs over all connections and ends this process at one of them, without any cleaning up."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._lock = threading.Lock()
        self.commits = 0

    def connect(self, path: Path) -> sqlite3.Connection:
        """A connection that reports its COMMITs."""
        killer = self

        class Watched(sqlite3.Connection):
            def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
                if sql.strip().upper() != "COMMIT":
                    return super().execute(sql, *parameters)
                mine = killer.next()
                if mine and not killer.after:
                    die()
                cursor = super().execute(sql)
                if mine:
                    die()
                return cursor

        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Watched)

    @property
    def after(self) -> bool:
        """Whether to die after the COMMIT rather than before it."""
        return self._orders.after

    def next(self) -> bool:
        """Count a COMMIT; whether it is the one."""
        with self._lock:
            self.commits += 1
            return self.commits == self._orders.commit


def die() -> None:
    """SIGKILL where there is one; on Windows os.kill is TerminateProcess."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


async def queue_replies(desk: Desk, orders: Orders) -> None:
    """Answer cases that nothing was queued for, as many as are allowed."""
    rows = await desk.store.outbox.list(limit=10_000)
    answered = {row.case for row in rows}
    left = orders.replies - len(rows)
    page = await desk.store.messages.page(parse("is:unanswered"), queue=True, limit=10_000)
    for face in page.entries:
        case = face.case
        if case is None or case.id in answered or face.message.deleted_at:
            continue
        if left <= 0:
            return
        left -= 1
        reply = desk.drafting.operation(face.message, f"Answer to case {case.id}: thank you, we look into it.")
        await desk.outbox.queue(reply, case.channel, case.id, face.message.id, undo=False)


async def live(desk: Desk, orders: Orders, say: Say) -> list[str]:
    """Do the work until the time is over or, in the last life, until nothing is left to do; what was sent again."""
    if not await desk.store.channels.list():
        settings = {"idempotency": orders.idempotency}
        config = ChannelConfig(0, "mastodon", "kills", orders.url, secret="env:KILLS_TOKEN", settings=settings)
        await desk.store.channels.add(config)
    resent: list[str] = []
    changed = asyncio.Event()

    def tell(changes: ChangeSet) -> None:
        changed.set()
        if changes.added:
            say(".")

    desk.feed.subscribe(tell)
    desk.supervisor.subscribe(lambda _: changed.set())
    await desk.start()
    typing = asyncio.create_task(typist(desk))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(orders.seconds):
            while True:
                changed.clear()
                await queue_replies(desk, orders)
                if orders.finish and await settled(desk, resent):
                    break
                await changed.wait()
    typing.cancel()
    await asyncio.gather(typing, return_exceptions=True)
    return resent


async def typist(desk: Desk) -> None:
    """Somebody who types: a commit for each key."""
    for key in itertools.count():
        await desk.drafting.save("kills", Draft(f"typed {key}"))
        await asyncio.sleep(KEYSTROKE)


async def settled(desk: Desk, resent: list[str]) -> bool:
    """Whether every operation has left; decides on those that were looked for in vain, once each."""
    waiting = await desk.store.outbox.list((State.QUEUED, State.SENDING, State.UNKNOWN, State.FAILED))
    for row in waiting:
        # While it is looked for nothing tells of it; unknown after that, it is for the agent to decide.
        if row.state is State.UNKNOWN and (await desk.outbox.settled(row.operation.id)).state is State.UNKNOWN:
            resent.append(row.operation.id)
            await desk.outbox.resend(row.operation.id)
    # What was missed while nobody lived has been read once the channel is live.
    conditions = {health.condition for health in desk.supervisor.health.values()}
    return not waiting and bool(conditions) and conditions <= {Condition.LIVE, Condition.POLLING}


async def main(orders: Orders, say: Say) -> Account:
    """One life."""
    killer = Killer(orders)
    async with open_desk(Profile(Path(orders.profile)), connect=killer.connect, looks=LOOKS) as desk:
        resent = await live(desk, orders, say)
        rows = await desk.store.outbox.list(limit=10_000)
        states = [row.state for row in rows]
    return Account(killer.commits, states.count(State.SENT), states.count(State.UNKNOWN), resent)


def begin(say: Say, orders: Orders) -> None:
    """The whole process."""
    os.environ["KILLS_TOKEN"] = orders.token
    say(msgspec.json.encode(asyncio.run(main(orders, say))).decode())
