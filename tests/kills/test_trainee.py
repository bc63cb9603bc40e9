"""A desk with a trainee is killed again and again on a real network: nothing that was not approved is ever there."""

import asyncio
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from tests.kills import trainee
from tests.kills.launcher import control
from tests.kills.victim import Orders
from tests.lives import Life
from workstation.services.practice import PracticeNetwork

COMMITS = (3, 9, 12, 14, 17, 20, 24, 30)


async def one_life(orders: Orders) -> bool:
    """Whether it ended by itself."""
    life = Life(trainee.begin, orders)
    said = await asyncio.to_thread(lambda: list(life.listen()))
    killed = await asyncio.to_thread(life.end)
    assert killed == (said != ["done"])
    return not killed


async def texts(network: PracticeNetwork) -> Counter[str]:
    """What the desk has posted, and how often."""
    statistics = await asyncio.to_thread(control, network, "statistics")
    return Counter({line["text"]: len(set(line["created"])) for line in statistics["posts"] if line["created"]})


@pytest.mark.timeout(300)
async def test_nothing_leaves_without_approval_wherever_it_is_killed(tmp_path: Path) -> None:
    arguments = ("--seed", "4", "--backlog", "14", "--paused", "--no-replies", "--idempotency", "on")
    network = await PracticeNetwork.start(arguments)
    try:
        orders = Orders(
            profile=str(tmp_path / "profile"), url=network.hello.base_url, token=network.hello.tokens["agent"],
            idempotency="key", seconds=20.0,
        )  # fmt: skip
        killed = 0
        for number, commit in enumerate(COMMITS):
            ended = await one_life(msgspec.structs.replace(orders, commit=commit, after=number % 2 == 0, finish=True))
            killed += not ended
            assert all(text.endswith("approved") for text in await texts(network))
        assert killed >= len(COMMITS) - 3
        assert await one_life(msgspec.structs.replace(orders, seconds=60.0, finish=True))
        made = await texts(network)
        assert made
        assert all(text.endswith("approved") and count == 1 for text, count in made.items())
    finally:
        await network.close()
