"""Nothing is lost and nothing is sent twice, wherever the process is killed."""

from pathlib import Path

import pytest

from tests.kills.launcher import Launcher, Tally


def check(tally: Tally, replies: int) -> None:
    """The promises."""
    assert tally.lost == []
    assert tally.doubled == []
    assert tally.replies == replies
    assert tally.sent == replies
    assert tally.left_unknown == 0


@pytest.mark.parametrize("idempotent", [True, False], ids=["key", "no key"])
async def test_a_few_kills(tmp_path: Path, idempotent: bool) -> None:
    launcher = Launcher(tmp_path, idempotent=idempotent, kills=12, messages=60, replies=6, seed=5)
    tally = await launcher.run()
    check(tally, 6)
    assert tally.killed >= 11


async def test_new_interpreters_are_killed(tmp_path: Path) -> None:
    launcher = Launcher(tmp_path, idempotent=True, kills=3, messages=15, replies=1, seed=6, anew=True)
    check(await launcher.run(), 1)


@pytest.mark.slow
@pytest.mark.timeout(3_000)
@pytest.mark.parametrize("idempotent", [True, False], ids=["key", "no key"])
async def test_two_hundred_kills(tmp_path: Path, idempotent: bool) -> None:
    launcher = Launcher(tmp_path, idempotent=idempotent, kills=230, messages=1_300, replies=100, seed=11)
    tally = await launcher.run()
    check(tally, 100)
    assert tally.killed >= 200
    assert tally.emitted >= 1_000
    assert set(tally.kills) == {"before", "after", "request", "answer"}
