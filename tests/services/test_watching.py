"""Alarms, figures, thumbnails, logs and the conversation read again."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest

from tests.empty import empty
from tests.services.parts import START, SetClock, batch, mention, signed_in
from workstation.domain.actions import Snooze
from workstation.domain.cases import Status
from workstation.domain.channels import ChannelConfig
from workstation.domain.filters import parse
from workstation.domain.text import lazy
from workstation.services import logs
from workstation.services.actions import Actions, operation
from workstation.services.alarms import Alarms
from workstation.services.desk import open_desk
from workstation.services.feed import Feed
from workstation.services.kpi import Kpi, heatmap
from workstation.services.media import Thumbnails
from workstation.services.practice import PracticeNetwork
from workstation.services.profile import Profile
from workstation.services.sentences import sentence
from workstation.services.worker import Worker, WorkerDiedError
from workstation.store.kpi import Arrivals
from workstation.store.store import Store

HOUR = 3_600_000_000


@pytest.fixture
async def parts(folder: Path) -> AsyncIterator[tuple[Store, Feed, SetClock]]:
    clock, feed = SetClock(), Feed()
    store = await Store.open(empty(folder / "desk.sqlite3"), feed.publish, clock=clock)
    config = await store.channels.add(ChannelConfig(0, "scripted", "one"))
    await store.messages.accept(config, batch(mention(1, START - HOUR), mention(2, START, "bo")))
    yield store, feed, clock
    await store.close()


async def test_a_snooze_ends_by_the_clock(parts: tuple[Store, Feed, SetClock]) -> None:
    store, feed, clock = parts
    alarms = Alarms(store, feed, clock)
    alarms.start()
    woken = asyncio.Event()
    feed.subscribe(lambda changes: woken.set() if any(c.status is Status.OPEN for c in changes.cases) else None)
    actions = Actions(store, feed, clock)
    await actions.execute(Snooze(operation=operation(), case=1, until=START + HOUR))
    clock.at = START + 2 * HOUR
    # A later snooze makes the alarm look at the clock again, as every change of a case with a time does.
    await actions.execute(Snooze(operation=operation(), case=2, until=START + 9 * HOUR))
    async with asyncio.timeout(60):
        await woken.wait()
    await alarms.close()


async def test_figures_of_demand_and_queue(parts: tuple[Store, Feed, SetClock]) -> None:
    store, _, clock = parts
    clock.at = START + 60_000_000
    figures = await Kpi(store, clock).figures(UTC)
    assert figures.messages == 2
    assert sum(map(sum, figures.requests)) == 2
    assert figures.waiting_count == 2
    assert figures.oldest[0].message.remote_id == "m1"


def test_the_heatmap_is_in_the_readers_zone() -> None:
    # 2027-01-15 08:00 UTC was a Friday.
    arrivals = [Arrivals(1, START, 5, 3)]
    assert heatmap(arrivals, UTC)[4][8] == 3
    assert heatmap(arrivals, timezone(timedelta(hours=-9)))[3][23] == 3


class Opened:
    """A supervisor of one channel that gives pictures."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def channel(self, _: int) -> "Opened":
        return self

    async def media(self, url: str) -> bytes:
        self.asked.append(url)
        return b"x" * (5_000_000 if "huge" in url else 10)


async def test_thumbnails_are_fetched_once_and_the_oldest_go(folder: Path) -> None:
    async def enlarge(data: bytes, width: int, height: int) -> bytes:
        await asyncio.sleep(0)
        return data * 10

    source = Opened()
    thumbnails = Thumbnails(folder, source, enlarge, capacity=250)  # type: ignore[arg-type]
    assert await thumbnails.cached("a", 1, 1) is None
    both = await asyncio.gather(thumbnails.get(1, "a", 1, 1), thumbnails.get(1, "a", 1, 1))
    assert both[0] == both[1] == b"x" * 100
    assert source.asked == ["a"]
    assert await thumbnails.cached("a", 1, 1) == b"x" * 100
    for name in "bcd":
        await thumbnails.get(1, name, 1, 1)
    kept = [await thumbnails.cached(name, 1, 1) for name in "abcd"]
    assert 0 < sum(picture is not None for picture in kept) <= 2
    assert await thumbnails.get(1, "huge", 1, 1) is None
    await thumbnails.clear()
    assert await thumbnails.cached("d", 1, 1) is None
    await thumbnails.close()


async def test_a_worker_that_dies_is_replaced() -> None:
    worker = Worker(seconds=10)
    assert await worker.call(max, 1, 2) == 2
    with pytest.raises(ValueError, match="TypeError"):
        await worker.call(max, 1)
    with pytest.raises(WorkerDiedError):
        await worker.call(_end_of_process)
    assert await worker.call(max, 3, 4) == 4
    await worker.close()


def _end_of_process() -> None:
    import os

    os._exit(3)


def test_logs_hold_no_texts(folder: Path) -> None:
    handler = logs.start(Profile(folder))
    try:
        logging.getLogger("aiohttp.client").warning("GET https://a.example/?token=secret")
        try:
            raise ValueError("what the customer wrote")
        except ValueError:
            logging.getLogger("workstation.x").exception("failed", extra={"channel": 3, "object": object()})
    finally:
        logs.stop(handler)
    text = (folder / "logs" / logs.FILE).read_text(encoding="utf-8")
    assert "secret" not in text
    assert "customer" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[1]["channel"] == 3
    assert lines[1]["exception"] == "ValueError"


def test_stored_errors_have_sentences() -> None:
    assert sentence("too_long", {"used": 5, "limit": 4, "unit": "bytes"}).msgid.startswith("The text is too long")
    assert sentence("too_long", {}) == lazy("The channel reported an error.")
    assert sentence("from the future", {}) == lazy("Something went wrong.")


async def test_a_conversation_read_again_shows_what_others_did(folder: Path, network: PracticeNetwork) -> None:
    async with open_desk(Profile(folder)) as desk:
        desk.secrets.lend("keyring:x", network.hello.tokens["agent"])
        config = ChannelConfig(0, "mastodon", "m", network.hello.base_url, secret="keyring:x")
        await desk.store.channels.add(config)
        arrived = asyncio.Event()
        desk.feed.subscribe(lambda changes: arrived.set() if changes.faces else None)
        await desk.start()
        async with asyncio.timeout(60):
            await arrived.wait()
        page = await desk.store.messages.page(parse("is:unanswered"), queue=True)
        face = page.entries[0]
        assert face.case is not None
        seen = await desk.conversation.thread(face.case.id)
        await desk.supervisor.stop(face.message.channel)  # a colleague answers while our stream is down
        channel = desk.registry.connector("mastodon").create(config, network.hello.tokens["agent"], desk.client)
        await channel.open()
        await channel.send(desk.drafting.operation(face.message, "I was quicker"))
        await channel.close()
        await desk.supervisor.restart(face.message.channel)
        await signed_in(desk.supervisor, face.message.channel)
        fresh = await desk.conversation.fresh(face.case, face.message, seen)
        assert fresh.changed
        assert [message.own for message in fresh.answered] == [True]
