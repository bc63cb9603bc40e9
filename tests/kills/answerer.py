"""The process that is killed while it answers many: at a COMMIT that is counted from the first reply on."""

import asyncio
from pathlib import Path

from tests.kills.victim import Killer, Orders
from tests.lives import Say
from tests.services.parts import START, SetClock, batch, mention
from tests.services.test_answering import Bench
from workstation.services.bulk import Progress
from workstation.services.feed import Feed
from workstation.store.store import Store

CUSTOMERS = 60
FILE = "desk.sqlite3"


class Armed(Killer):
    """Counts nothing until it is armed: what comes before the replies is not what is tried."""

    armed = False

    def next(self) -> bool:
        """Count a COMMIT; whether it is the one."""
        return self.armed and super().next()


async def answer(folder: Path, commit: int, *, after: bool) -> None:
    """Queue a reply to each customer and end their cases, unless killed on the way."""
    killer = Armed(Orders("", "", "", "", 0.0, commit=commit, after=after))
    clock, feed = SetClock(), Feed()
    store = await Store.open(folder / FILE, feed.publish, clock=clock, connect=killer.connect)
    bench = Bench(store, feed, folder, clock)
    await bench.start()
    await store.messages.accept(bench.config, batch(*(mention(n, START + n, f"p{n}") for n in range(3, CUSTOMERS))))
    replies = await bench.answering.prepare(await store.cases.faces(range(1, CUSTOMERS + 1)))
    killer.armed = True
    await bench.answering.send([bench.answering.write(reply, "Done") for reply in replies], Progress(len(replies)))
    await bench.outbox.close()
    await bench.supervisor.close()
    await store.close()


def begin(say: Say, folder: Path, commit: int, *, after: bool) -> None:
    """The whole process."""
    asyncio.run(answer(folder, commit, after=after))
    say("done")
