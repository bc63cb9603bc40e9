"""A process that writes to a store until it is killed; run by the kill test as `python killed.py FILE SEED SQL COUNT`.

It ends itself with SIGKILL's effect when SQLite is about to run the COUNT-th statement that starts with SQL ("before"),
or the statement after it ("after"): the launcher watches from outside, through the connection it passes in.
"""

import asyncio
import os
import signal
import sqlite3
import sys
from pathlib import Path

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


def tell(what: str, which: object) -> None:
    """Say what is done, at once."""
    sys.stdout.write(f"{what} {which}\n")
    sys.stdout.flush()


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


async def work(path: Path, watch: Watch) -> None:
    """Messages, an operation, an answer, again and again; each finished step is told on standard output."""
    store = await Store.open(path, lambda _: None, connect=watch)
    acme = await store.channels.by_name("Acme") or await store.channels.add(ChannelConfig(0, "mastodon", "Acme"))
    begun = (await store.messages.cursors(acme.id)).get("mentions")
    first = int(begun.value) + 1 if begun else 0
    for number in range(first, first + BATCHES):
        said = mention(f"{number}-1", author=author(number % 5), created_at=NOW + number)
        rest = (message(f"{number}-{place}", f"word{number} parcel") for place in range(2, 8))
        again = mention(f"{number - 1}-1", f"edited {number}", author=author(number % 5), edited_at=NOW + number)
        await store.messages.accept(acme, batch(said, *rest, again, cursor=Cursor(1, str(number))))
        tell("accepted", number)
        operation = Operation(f"op-{number}", Act.REPLY, f"{number}-1", text="Thanks")
        await store.outbox.put(acme.id, operation)
        tell("queued", operation.id)
        row = await store.outbox.claim_next(NOW, {acme.id})
        if row is not None:
            tell("claimed", row.operation.id)
            await store.outbox.settle(row.id, State.SENT, remote_id=f"s-{row.operation.id}", author=author(99))
            tell("sent", row.operation.id)
    await store.close()


if __name__ == "__main__":
    _, file, wanted, count, after = sys.argv
    asyncio.run(work(Path(file), Watch(wanted, int(count), after == "after")))
