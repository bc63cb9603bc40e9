"""Turns by lane, by what the server said, and by the clock; waits that servers write in five ways."""

import asyncio
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.channels import RateHint
from workstation.net.limits import Lane, Limiter
from workstation.net.moments import LONGEST, moment
from workstation.net.retry import Backoff

NOW = 1_800_000_000_000_000
SECOND = 1_000_000


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


async def _turn(limiter: Limiter, lane: Lane, name: str, order: list[str]) -> None:
    async with limiter.turn(lane):
        order.append(name)


async def _waiting(limiter: Limiter, order: list[str], *wanted: tuple[Lane, str]) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(_turn(limiter, lane, name, order)) for lane, name in wanted]
    await asyncio.sleep(0)
    return tasks


async def test_a_write_goes_before_catching_up_and_that_before_polling(clock: Clock) -> None:
    limiter = Limiter(clock, parallel=1)
    order: list[str] = []
    async with limiter.turn(Lane.POLL):
        tasks = await _waiting(
            limiter, order, (Lane.POLL, "poll"), (Lane.CATCH_UP, "catch up"), (Lane.WRITE, "write"), (Lane.WRITE, "2nd")
        )
        assert order == []
    await asyncio.gather(*tasks)
    assert order == ["write", "2nd", "catch up", "poll"]


async def test_who_gives_up_waiting_keeps_nobody_from_their_turn(clock: Clock) -> None:
    limiter = Limiter(clock, parallel=1)
    order: list[str] = []
    async with limiter.turn(Lane.WRITE):
        first, second = await _waiting(limiter, order, (Lane.WRITE, "first"), (Lane.WRITE, "second"))
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
    await second
    assert order == ["second"]


async def test_nobody_asks_before_the_server_said(clock: Clock) -> None:
    limiter = Limiter(clock, jitter=0)
    order: list[str] = []
    limiter.blocked(NOW + 60 * SECOND)
    tasks = await _waiting(limiter, order, (Lane.WRITE, "write"))
    assert limiter.opens_at(Lane.WRITE) == NOW + 60 * SECOND
    assert order == []
    clock.at += 61 * SECOND
    limiter.blocked(0)
    await asyncio.gather(*tasks)
    assert order == ["write"]
    limiter.close()


async def test_lower_lanes_leave_something_for_the_agent(clock: Clock) -> None:
    limiter = Limiter(clock)
    limiter.heard(RateHint("", 300, 40, NOW + 60 * SECOND))
    assert limiter.opens_at(Lane.POLL) == NOW + 60 * SECOND
    assert limiter.opens_at(Lane.CATCH_UP) == 0
    limiter.heard(RateHint("", 300, 10, NOW + 60 * SECOND))
    assert limiter.opens_at(Lane.CATCH_UP) == NOW + 60 * SECOND
    assert limiter.opens_at(Lane.WRITE) == 0
    limiter.heard(RateHint("", 300, 0, NOW + 60 * SECOND))
    assert limiter.opens_at(Lane.WRITE) == NOW + 60 * SECOND
    clock.at += 61 * SECOND
    assert limiter.opens_at(Lane.POLL) == 0


async def test_requests_under_way_are_counted_before_their_answers_tell(clock: Clock) -> None:
    limiter = Limiter(clock, parallel=10, jitter=0)
    order: list[str] = []
    limiter.heard(RateHint("", 300, 2, NOW + 60 * SECOND))
    tasks = await _waiting(limiter, order, *((Lane.WRITE, str(index)) for index in range(4)))
    await asyncio.sleep(0)
    assert order == ["0", "1"]
    clock.at += 61 * SECOND
    limiter.blocked(0)
    await asyncio.gather(*tasks)
    assert order == ["0", "1", "2", "3"]
    limiter.close()


@pytest.mark.parametrize(
    ("text", "millis", "expected"),
    [
        ("30", False, NOW + 30 * SECOND),
        ("0.5", False, NOW + SECOND // 2),
        ("1500", True, NOW + 1_500_000),
        ("2027-01-15T08:00:30.000Z", False, NOW + 30 * SECOND),
        ("1800000030", False, NOW + 30 * SECOND),
        ("1800000030000", False, NOW + 30 * SECOND),
        ("Fri, 15 Jan 2027 08:00:30 GMT", False, NOW + 30 * SECOND),
        ("", False, 0),
        ("soon", False, 0),
        ("-1", False, 0),
        ("nan", False, 0),
        ("inf", False, 0),
        ("9" * 40, False, 0),
        ("9999-12-31T23:59:59Z", False, 0),
    ],
)
def test_moments_in_headers(text: str, millis: bool, expected: int) -> None:
    assert moment(text, NOW, millis=millis) == expected


@given(st.text(max_size=60))
def test_no_header_is_too_strange(text: str) -> None:
    assert 0 <= moment(text, NOW) <= NOW + LONGEST


def test_backoff_grows_to_its_cap_and_starts_anew() -> None:
    backoff = Backoff(1.0, 60.0, random.Random(1))
    delays = [backoff.next() for _ in range(40)]
    assert all(delay <= 60 for delay in delays)
    assert all(0.5 * 2.0**index <= delays[index] <= 2.0**index for index in range(6))
    backoff.reset()
    assert backoff.next() <= 1.0


async def test_older_messages_leave_most_of_a_limit_to_everything_else(clock: Clock) -> None:
    limiter = Limiter(clock)
    limiter.heard(RateHint("", 300, 119, NOW + 60 * SECOND))
    assert limiter.opens_at(Lane.BACKFILL) == NOW + 60 * SECOND
    assert limiter.opens_at(Lane.POLL) == 0
    limiter.heard(RateHint("", 300, 121, NOW + 60 * SECOND))
    assert limiter.opens_at(Lane.BACKFILL) == 0
