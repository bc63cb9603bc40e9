"""Goal 7: durable and searchable ingest, against parsing alone and against the naive design.

All three get the same statuses as a stream brings them, one JSON document each. The ceiling decodes and cleans them
with the connector's own parser and keeps nothing. Meridian's figure ends when the last commit has been made and the
last message can be found by search. The order of the rounds alternates.
"""

import asyncio
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks.harness import Row, answer, child, interleaved, median
from benchmarks.statuses import encoded

COUNT = 20_000
NAIVE_COUNT = 4_000
BATCH = 500
"""Statuses that a stream's reader hands on at most before the loop takes its turn (`receive` of net/websocket.py)."""


def ceiling() -> float:
    """Statuses a second through the parser alone."""
    from workstation.connectors.mastodon.directory import Directory
    from workstation.connectors.mastodon.parse import Parser

    data = encoded(COUNT)
    parser = Parser("1", "practice.invalid", Directory())
    start = time.perf_counter()
    for item in data:
        parser.status(item)
    return COUNT / (time.perf_counter() - start)


def meridian() -> float:
    """Statuses a second from JSON to committed and searchable."""
    return asyncio.run(_meridian())


async def _meridian() -> float:
    from workstation.connectors.mastodon.directory import Directory
    from workstation.connectors.mastodon.parse import Parser
    from workstation.domain.channels import ChannelConfig
    from workstation.domain.messages import Batch, Cursor
    from workstation.qt.loop import SWITCH
    from workstation.services.feed import Feed
    from workstation.services.ingest import Ingest
    from workstation.store.store import Store

    data = encoded(COUNT)
    sys.setswitchinterval(SWITCH)  # as the desk runs
    with tempfile.TemporaryDirectory() as folder:
        feed = Feed()
        store = await Store.open(Path(folder) / "desk.sqlite", feed.publish)
        await store.channels.add(ChannelConfig(0, "mastodon", "bench", server="https://practice.invalid"))
        (channel,) = await store.channels.list()
        ingest = Ingest(store)
        parser = Parser("1", "practice.invalid", Directory())
        start = time.perf_counter()
        pending: set[asyncio.Task[object]] = set()
        for first in range(0, COUNT, BATCH):
            messages = tuple(parser.status(item) for item in data[first : first + BATCH])
            batch = Batch("public", messages, cursor=Cursor(1, messages[-1].remote_id), live=True)
            task: asyncio.Task[object] = asyncio.ensure_future(ingest.accept(channel, batch))
            pending.add(task)
            task.add_done_callback(pending.discard)
            await asyncio.sleep(0)
        await asyncio.gather(*pending)
        duration = time.perf_counter() - start
        page = await store.search.find(messages[-1].text.rpartition(":")[2], 1)
        if not page.entries or page.entries[0].message.remote_id != messages[-1].remote_id:
            raise RuntimeError("what was ingested cannot be found")
        await store.close()
    return COUNT / duration


def naive() -> float:
    """Statuses a second through `json` and one ORM row each."""
    from benchmarks.naive import store

    data = encoded(NAIVE_COUNT)
    with tempfile.TemporaryDirectory() as folder:
        store.open_store(Path(folder) / "naive.sqlite")
        start = time.perf_counter()
        for item in data:
            store.ingest(item)
        duration = time.perf_counter() - start
        store.close_store()
    return NAIVE_COUNT / duration


def measure(rounds: int) -> list[Row]:
    """Two rows: against the ceiling, and against the naive design."""
    names = ("ceiling", "meridian", "naive")
    contenders = {name: partial(child, "benchmarks.goal_07", name) for name in names}
    found = {name: median(values) for name, values in interleaved(rounds, contenders).items()}
    parse_ratio = found["meridian"] / found["ceiling"]
    naive_ratio = found["meridian"] / found["naive"]
    what = "durable and searchable ingest"
    return [
        Row("7", f"{what}, share of parsing alone", found["meridian"], "msg/s", ">= 0.33x",
            parse_ratio >= 1 / 3, found["ceiling"], parse_ratio),
        Row("7", f"{what}, against the naive design", found["meridian"], "msg/s", ">= 8x",
            naive_ratio >= 8, found["naive"], naive_ratio),
    ]  # fmt: skip


if __name__ == "__main__":
    answer({"ceiling": ceiling, "meridian": meridian, "naive": naive}[sys.argv[1]]())
