"""What a column's head and its card say of channels: trouble that is near, and everything in words."""

import pytest

from workstation.domain.channels import Condition, Health, RateHint
from workstation.i18n import plain, render
from workstation.services.clock import MINUTE
from workstation.views.deck.health import DAY, concern, facts, left

NOW = 1_800_000_000_000_000
FULL = RateHint("reads", 300, 300, NOW + 5 * MINUTE)
LOW = RateHint("reads", 300, 30, NOW + 5 * MINUTE)
OVER = RateHint("reads", 300, 0, NOW - MINUTE)


@pytest.mark.parametrize(("rate", "percent"), [(FULL, 100), (LOW, 10), (OVER, -1), (RateHint(), -1)])
def test_what_is_left_of_a_quota(rate: RateHint, percent: int) -> None:
    assert left(Health(1, rate=rate), NOW) == percent


def test_only_what_is_near_is_a_concern() -> None:
    fine = Health(1, Condition.LIVE, rate=FULL, token_expires_at=NOW + 30 * DAY)
    assert concern((fine,), NOW) is None
    assert concern((), NOW) is None
    low = concern((fine, Health(2, Condition.LIVE, rate=LOW)), NOW)
    assert low is not None
    assert plain(render(low)) == "10 % of quota left"
    ending = concern((Health(3, rate=LOW, token_expires_at=NOW + 2 * DAY),), NOW)
    assert ending is not None
    assert "Sign-in ends" in plain(render(ending)), "an end of the sign-in comes first: a person must act"


def test_all_of_it_is_said_in_words() -> None:
    health = Health(
        1, Condition.LIVE, transport="websocket", lag=3 * MINUTE, last_event_at=NOW, token_expires_at=NOW + DAY,
        rate=LOW, restarts=2,
    )  # fmt: skip
    said = " ".join(plain(render(fact)) for fact in facts(health, NOW))
    for words in ("WebSocket", "3 minutes after", "30 of 300", "sign-in ends on", "2 times"):
        assert words in said
    silent = " ".join(plain(render(fact)) for fact in facts(Health(1), NOW))
    assert "said nothing of a limit" in silent
    assert "no end that is known" in silent
