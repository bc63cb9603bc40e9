"""Older messages from a real (practice) network: cost first, nothing doubled, no cursor moved, no case opened."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.practice_network import PracticeNetwork, practices
from tests.services.parts import START, mention
from tests.waiting import told
from workstation.domain.channels import ChannelConfig, Condition
from workstation.domain.filters import parse
from workstation.domain.messages import Batch
from workstation.services.backfill import DAY, Backfill, Cost, Stage, parted, sources_of
from workstation.services.desk import Desk, open_desk
from workstation.services.profile import Profile

__all__ = ["practices"]

SECRET = "keyring:past"


@pytest.fixture
def network(practices: object) -> PracticeNetwork:
    """A network on which much was written before we came."""
    return practices(backlog=400)  # type: ignore[operator, no-any-return]


@pytest.fixture
async def desk(profile: Path, network: PracticeNetwork) -> AsyncIterator[Desk]:
    """A desk that is live on it."""
    async with open_desk(Profile(profile), practice=True) as opened:
        opened.secrets.lend(SECRET, network.tokens["agent"])
        settings = {"sources": "home, mentions, direct", "streaming_url": network.streaming_url}
        await opened.store.channels.add(
            ChannelConfig(0, "mastodon", "Care", network.base_url, secret=SECRET, settings=settings, practice=True)
        )
        await opened.start()

        async def live() -> bool:
            return any(health.condition is Condition.LIVE for health in opened.supervisor.health.values())

        await told(opened.supervisor.subscribe, live, "live")
        yield opened


async def cost_of(desk: Desk, days: int = 365, text: str = "") -> Cost:
    """What loading costs."""
    (config,) = desk.supervisor.configs()
    return await desk.backfill.cost((config.id,), parse(text), desk.clock.now() - days * DAY)


async def run(backfill: Backfill, cost: Cost) -> None:
    """Load to the end."""
    backfill.start(cost)

    async def over() -> bool:
        return backfill.progress is not None and backfill.progress.stage is not Stage.RUNNING

    await told(backfill.subscribe, over, "the end")


async def counted(desk: Desk) -> tuple[int, int, int]:
    """Messages, distinct remote ids, cases."""
    ids = [entry.message.remote_id async for chunk in desk.store.messages.export() for entry in chunk]
    number = [case.id async for chunk in desk.store.messages.export_cases() for case in chunk]
    return len(ids), len(set(ids)), len(number)


async def test_older_messages_come_in_once_and_disturb_nothing(desk: Desk) -> None:
    before, distinct, cases = await counted(desk)
    assert before == distinct
    cursors = await desk.store.messages.cursors(1)
    cost = await cost_of(desk)
    assert cost.ways
    assert 0 < cost.requests <= cost.most
    await run(desk.backfill, cost)
    progress = desk.backfill.progress
    assert progress is not None
    assert progress.error is None
    after, distinct, more_cases = await counted(desk)
    assert after > before
    assert after == distinct, "nothing is doubled"
    assert after - before == progress.stored
    assert more_cases == cases, "history is no work"
    assert await desk.store.messages.cursors(1) == cursors
    assert all(ledger.missing == 0 for ledger in await desk.store.messages.ledger())
    assert progress.requests <= cost.most


async def test_it_goes_on_where_it_stopped_and_ends(desk: Desk) -> None:
    for _ in range(12):
        cost = await cost_of(desk)
        await run(desk.backfill, cost)
        assert desk.backfill.progress is not None
        if desk.backfill.progress.stage is Stage.DONE:
            break
    assert desk.backfill.progress is not None
    assert desk.backfill.progress.stage is Stage.DONE
    first = await counted(desk)
    await run(desk.backfill, await cost_of(desk))
    assert desk.backfill.progress is not None
    assert desk.backfill.progress.stored == 0
    assert await counted(desk) == first


async def test_it_is_called_off_at_once(desk: Desk) -> None:
    desk.backfill.start(await cost_of(desk))
    await asyncio.sleep(0)
    desk.backfill.cancel()

    async def over() -> bool:
        return not desk.backfill.running

    await told(desk.backfill.subscribe, over, "stopped")
    assert desk.backfill.progress is not None
    assert desk.backfill.progress.stage is Stage.CANCELLED


async def test_only_the_sources_of_a_filter_are_asked(desk: Desk) -> None:
    cost = await cost_of(desk, text="kind:mention lang:de")
    assert {way.source for way in cost.ways} == {"mentions"}


def test_sources_are_told_from_a_filter() -> None:
    known = ("home", "mentions", "direct", "hashtag:acme")
    assert sources_of(parse(""), known) == known
    assert sources_of(parse("source:hashtag"), known) == ("hashtag:acme",)
    assert sources_of(parse("kind:direct -is:spam"), known) == ("direct",)
    assert sources_of(parse("lang:de OR kind:direct"), known) == known


def test_what_may_just_be_arriving_is_no_history() -> None:
    batch = Batch("mentions", (mention(1, START - DAY), mention(2, START)), history=True, filtered=3)
    old, fresh = parted(batch, START)
    assert [message.remote_id for message in old.messages] == ["m1"]
    assert old.history
    assert [message.remote_id for message in fresh.messages] == ["m2"]
    assert not fresh.history
    assert old.received + fresh.received == batch.received
