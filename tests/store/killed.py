"""A process that writes to a store until it is killed; begun by the kill test.

It ends itself with SIGKILL's effect when SQLite is about to run the COUNT-th statement that starts with SQL ("before"),
or the statement after it ("after"): the launcher watches from outside, through the connection it passes in.
"""

import asyncio
import os
import signal
import sqlite3
from pathlib import Path

from tests.lives import Say
from tests.store.factories import NOW, author, batch, mention, message
from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import Cursor
from workstation.domain.outbox import Act, Operation, State
from workstation.store.connections import connect
from workstation.store.store import Store

BATCHES = 40


def end() -> None:
    """Die at once, as in a crash: no handler, no flush."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


class Watch:
    """Counts the statements of the connections that the store opens."""

    def __init__(self, wanted: str, count: int, after: bool) -> None:
        self.wanted, self.left, self.after, self.armed = wanted, count, after, False

    def __call__(self, path: Path) -> sqlite3.Connection:
        connection = connect(path)
        connection.set_trace_callback(self.saw)
        return connection

    def saw(self, statement: str) -> None:
        if self.armed:
            end()
        if statement.startswith(self.wanted):
            self.left -= 1
            if self.left == 0:
                if self.after:
                    self.armed = True
                else:
                    end()


async def work(tell: Say, path: Path, watch: Watch) -> None:
    """Messages, an operation, an answer, again and again; each finished step is told at once."""
    store = await Store.open(path, lambda _: None, connect=watch)
    acme = await store.channels.by_name("Acme") or await store.channels.add(ChannelConfig(0, "mastodon", "Acme"))
    begun = (await store.messages.cursors(acme.id)).get("mentions")
    first = int(begun.value) + 1 if begun else 0
    for number in range(first, first + BATCHES):
        said = mention(f"{number}-1", author=author(number % 5), created_at=NOW + number)
        rest = (message(f"{number}-{place}", f"word{number} parcel") for place in range(2, 8))
        again = mention(f"{number - 1}-1", f"edited {number}", author=author(number % 5), edited_at=NOW + number)
        await store.messages.accept(acme, batch(said, *rest, again, cursor=Cursor(1, str(number))))
        tell(f"accepted {number}")
        operation = Operation(f"op-{number}", Act.REPLY, f"{number}-1", text="Thanks")
        await store.outbox.put(acme.id, operation)
        tell(f"queued {operation.id}")
        row = await store.outbox.claim_next(NOW, {acme.id})
        if row is not None:
            tell(f"claimed {row.operation.id}")
            await store.outbox.settle(row.id, State.SENT, remote_id=f"s-{row.operation.id}", author=author(99))
            tell(f"sent {row.operation.id}")
    await store.close()


def begin(tell: Say, path: Path, wanted: str, count: int, *, after: bool) -> None:
    """The whole process."""
    asyncio.run(work(tell, path, Watch(wanted, count, after)))
