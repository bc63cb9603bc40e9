"""A desk with a trainee that is killed: it answers everybody, somebody approves every other answer, the rest waits.

Begun with the same orders as `victim`. What was approved says so in its last word.
"""

import asyncio
import contextlib
import os
from pathlib import Path

from tests.kills.victim import LOOKS, Killer, Orders
from tests.lives import Say
from workstation.domain.approval import Way
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import MeridianError
from workstation.domain.filters import parse
from workstation.domain.outbox import State
from workstation.services.desk import Desk, open_desk
from workstation.services.profile import Profile


async def write(desk: Desk) -> None:
    """Answer every case that nothing was written for."""
    answered = {row.case for row in await desk.store.outbox.list(limit=10_000)}
    page = await desk.store.messages.page(parse("is:unanswered"), queue=True, limit=100)
    for face in page.entries:
        if face.case is not None and face.case.id not in answered:
            reply = desk.drafting.operation(face.message, f"Answer to case {face.case.id}: not")
            await desk.outbox.queue(reply, face.case.channel, face.case.id, face.message.id, undo=False)


async def approve(desk: Desk) -> None:
    """Change the words of every other one, then let it go."""
    for waiting in await desk.approval.waiting():
        if waiting.row.case % 2:
            continue
        name, text = waiting.row.operation.id, waiting.row.operation.text
        better = text.removesuffix("not").removesuffix("approved") + "approved"
        with contextlib.suppress(MeridianError):
            if text != better:
                await desk.approval.reword(name, text, better)
            await desk.approval.approve(name, better, Way.PERSON)


async def live(desk: Desk, orders: Orders) -> None:
    """Do all of it until nothing approved is left to be sent, or the time is over."""
    desk.settings.change(undo_seconds=0)
    if not await desk.store.channels.list():
        settings = {"idempotency": orders.idempotency}
        config = ChannelConfig(0, "mastodon", "kills", orders.url, secret="env:KILLS_TOKEN", settings=settings)
        await desk.store.channels.add(config)
    await desk.approval.require(True)
    changed = asyncio.Event()
    desk.feed.subscribe(lambda _changes: changed.set())
    desk.supervisor.subscribe(lambda _health: changed.set())
    await desk.start()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(orders.seconds):
            while True:
                changed.clear()
                await write(desk)
                await approve(desk)
                left = await desk.store.outbox.list((State.QUEUED, State.SENDING, State.UNKNOWN))
                if orders.finish and not left and await desk.store.outbox.list((State.SENT,)):
                    return
                await changed.wait()


async def main(orders: Orders) -> None:
    """One life."""
    killer = Killer(orders)
    async with open_desk(Profile(Path(orders.profile)), connect=killer.connect, looks=LOOKS) as desk:
        await live(desk, orders)


def begin(say: Say, orders: Orders) -> None:
    """The whole process."""
    os.environ["KILLS_TOKEN"] = orders.token
    asyncio.run(main(orders))
    say("done")
