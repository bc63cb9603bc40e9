"""A desk with a trainee is killed again and again on a real network: nothing that was not approved is ever there."""

import asyncio
import os
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from tests.kills.launcher import ROOT, control
from tests.kills.victim import Orders
from workstation.services.practice import PracticeNetwork

TRAINEE = Path(__file__).with_name("trainee.py")
COMMITS = (3, 9, 12, 14, 17, 20, 24, 30)


async def one_life(orders: Orders) -> bool:
    """Whether it ended by itself."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    life = await asyncio.create_subprocess_exec(
        sys.executable, str(TRAINEE), msgspec.json.encode(orders).decode(),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment,
    )  # fmt: skip
    said, complained = await life.communicate()
    assert not complained, complained.decode()
    return said == b"done\n"


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
