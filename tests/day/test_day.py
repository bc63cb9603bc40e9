"""A day at the desk in small: a queue that fills while it is worked, a crisis, customers who write again."""

import asyncio
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.day.robot import Robot
from tests.practice_network import PracticeNetwork, practices
from tests.views.desk_world import World, run
from tests.waiting import told
from workstation.domain.cases import Status
from workstation.domain.outbox import State

__all__ = ["practices"]

pytestmark = pytest.mark.usefixtures("qapp")
PORTIONS, EACH, CRISIS = 3, 12, 6
MOST_KEYS = 6


def addressed(network: PracticeNetwork) -> dict[str, dict[str, Any]]:
    """The posts that name the desk or write to it alone, by id, as the network tells them."""
    found: dict[str, dict[str, Any]] = {}
    page = "/api/v1/notifications?types[]=mention&limit=40"
    last = ""
    while items := network.request("GET", page + last, network.tokens["agent"]):
        found.update((item["status"]["id"], item["status"]) for item in items)
        last = f"&max_id={items[-1]['id']}"
    return found


async def asked(network: PracticeNetwork, what: str, **values: Any) -> Any:
    """Direct the network without stopping the window."""
    return await asyncio.to_thread(partial(network.control, "POST", what, **values))


async def work_the_day(world: World, network: PracticeNetwork, robot: Robot) -> None:
    """Customers write in portions, one of them a crisis; each is begun while the one before is worked off."""
    for portion in range(PORTIONS):
        writing = asyncio.ensure_future(asked(network, "step", count=EACH))
        while (entry := await robot.take_next()) is not None:
            await robot.work_off(entry)
        await writing
        if portion == PORTIONS // 2:
            await asked(network, "burst", count=CRISIS)


async def work_off_the_rest(world: World, network: PracticeNetwork, robot: Robot) -> None:
    """Work until every post that concerns the desk is here and its case has an end."""
    channel = (await world.desk.store.channels.list())[0].id
    queue = world.bench.deck.columns[0].view.model

    async def waits_or_is_over() -> bool:
        return bool(queue.rows) or await over()

    async def over() -> bool:
        for remote in await asyncio.to_thread(addressed, network):
            entry = await world.desk.store.messages.by_remote(channel, remote)
            if entry is None or entry.case is None or entry.case.status is not Status.SOLVED:
                return False
        return True

    while not await over():
        await told(world.desk.feed.subscribe, waits_or_is_over, "the rest arrives")
        while (entry := await robot.take_next()) is not None:
            await robot.work_off(entry)


def test_a_day_in_small(practices: Any, profile: Path) -> None:
    network: PracticeNetwork = practices(
        languages=("en", "de", "fr", "ar", "ja", "es"), crisis_every=0, reply_delay=0.2
    )

    async def day(world: World) -> None:
        robot = Robot(world)
        try:
            await work_the_day(world, network, robot)
            await work_off_the_rest(world, network, robot)
        finally:
            robot.leave()
        await world.outbox(lambda rows: all(row.state is State.SENT for row in rows), "everything is sent")
        ledgers = await world.desk.store.messages.ledger(None)
        assert sum(ledger.missing for ledger in ledgers) == 0
        worked = robot.worked
        assert worked.answered
        assert worked.closed
        assert worked.undone
        assert max(worked.answered.values()) == 1
        assert max(worked.keys) <= MOST_KEYS
        replies = Counter(post["in_reply_to_id"] for post in network.statistics()["posts"] if post["created"])
        assert sum(replies.values()) == len(worked.answered)
        assert max(replies.values()) == 1
        assert set(map(str, replies)) <= set(addressed(network))

    run(profile, network, day)
