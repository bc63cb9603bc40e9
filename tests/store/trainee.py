"""A desk with a trainee that is killed where it is told to.

Each operation that would be handed to the network is told at the moment at which it would leave.
"""

import asyncio
from pathlib import Path

from tests.lives import Say
from tests.store.factories import NOW, batch, mention
from tests.store.killed import Watch
from workstation.domain.approval import Way
from workstation.domain.channels import ChannelConfig
from workstation.domain.outbox import Act, Operation, State
from workstation.store.store import Store

ROUNDS = 4


async def work(tell: Say, path: Path, watch: Watch) -> None:
    """Write, change, approve every other one, send what may be sent."""
    store = await Store.open(path, lambda _: None, clock=lambda: NOW, connect=watch)
    acme = await store.channels.by_name("Acme") or await store.channels.add(ChannelConfig(0, "mastodon", "Acme"))
    await store.approvals.require(True)
    await store.outbox.recover()
    done = len(await store.outbox.list())
    for number in range(done, done + ROUNDS):
        await store.messages.accept(acme, batch(mention(f"m{number}")))
        await store.outbox.put(acme.id, Operation(f"op-{number}", Act.REPLY, f"m{number}", text="Thanks"))
        for waiting in await store.approvals.waiting():
            name, text = waiting.row.operation.id, waiting.row.operation.text
            if int(name[3:]) % 2 == 0:
                await store.approvals.reword(name, text, text + "!")
                await store.approvals.approve(name, text + "!", Way.PERSON, wait=0, undo=0)
        row = await store.outbox.claim_next(NOW, {acme.id})
        if row is not None:
            tell(f"{row.operation.id} {row.operation.text}")
            await store.outbox.settle(row.id, State.SENT, remote_id=f"s-{row.operation.id}")
    await store.close()


def begin(tell: Say, path: Path, count: int, *, after: bool) -> None:
    """The whole process; it dies at that COMMIT."""
    asyncio.run(work(tell, path, Watch("COMMIT", count, after)))
