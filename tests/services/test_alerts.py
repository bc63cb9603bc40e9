"""Notifications: once a minute for each column, counted meanwhile, silent when asked, never of what is old or ours."""

from pathlib import Path

import pytest

from tests.views.deck.world import NOW, World, entry
from workstation.domain.filters import Context
from workstation.services.alerts import UNTIL_SWITCHED_OFF, Alert, Alerts
from workstation.services.clock import MINUTE
from workstation.services.columns import ColumnSpec, Severity
from workstation.services.settings import Settings


class Told:
    """A world with one column that tells, and what it told."""

    def __init__(self, folder: Path, severity: Severity = Severity.QUIET) -> None:
        self.world = World()
        self.settings = Settings(folder / "settings.toml")
        self.alerts = Alerts(self.world.columns, self.world.feed, self.settings, self.world.clock)
        self.told: list[Alert] = []
        self.badges: list[int] = []
        self.alerts.subscribe(self.told.append)
        self.alerts.on_badge(self.badges.append)
        self.number = 1_000
        self.severity = severity

    async def start(self, **changes: object) -> None:
        """Watch the column."""
        self.alerts.watch((ColumnSpec("de", filter="lang:de", notify=self.severity, **changes),))  # type: ignore[arg-type]
        self.alerts.use(Context())

    def arrive(self, count: int = 1, **changes: object) -> None:
        """So many German messages, now."""
        rows = []
        for _ in range(count):
            self.number += 12
            fresh = {"language": "de", "created_at": self.world.clock.at} | changes
            rows.append(entry(self.number, **fresh))  # type: ignore[arg-type]
        self.world.pages.put(*rows)


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """Quiet notifications."""
    return Told(tmp_path)


async def test_the_first_is_told_at_once_and_the_next_in_one_a_minute_later(told: Told) -> None:
    await told.start()
    told.arrive()
    assert [alert.count for alert in told.told] == [1]
    assert told.told[0].entry is not None
    told.arrive(3)
    told.arrive(4)
    assert len(told.told) == 1
    told.world.clock.at += MINUTE
    told.alerts.flush()
    assert [alert.count for alert in told.told] == [1, 7]
    assert told.told[1].entry is None
    assert told.badges[-1] == 8
    told.alerts.looked_at("de")
    assert told.badges[-1] == 0
    await told.alerts.close()


async def test_what_is_old_ours_or_elsewhere_tells_nothing(told: Told) -> None:
    await told.start()
    told.arrive(created_at=NOW - 60 * MINUTE)
    told.arrive(own=True)
    told.arrive(language="fr")
    assert told.told == []
    await told.alerts.close()


async def test_do_not_disturb_holds_back_and_tells_the_sum_afterwards(told: Told) -> None:
    await told.start()
    told.settings.change(quiet_until=told.world.clock.at + 30 * MINUTE)
    told.arrive(5)
    assert told.told == []
    assert told.badges[-1] == 5
    told.settings.change(quiet_until=0)
    assert [alert.count for alert in told.told] == [5]
    await told.alerts.close()


async def test_only_urgent_ones_break_through_and_only_if_chosen(tmp_path: Path) -> None:
    told = Told(tmp_path, Severity.URGENT)
    await told.start()
    told.settings.change(quiet_until=UNTIL_SWITCHED_OFF)
    told.arrive()
    assert told.told == []
    told.settings.change(urgent_breaks=True)
    assert [alert.severity for alert in told.told] == [Severity.URGENT]
    await told.alerts.close()


async def test_who_is_looking_is_not_told_unless_it_is_urgent(tmp_path: Path) -> None:
    for severity, told_of in ((Severity.QUIET, 0), (Severity.URGENT, 1)):
        told = Told(tmp_path, severity)
        await told.start()
        told.alerts.seen = lambda _column: True
        told.arrive()
        assert len(told.told) == told_of
        await told.alerts.close()


async def test_a_badge_counts_and_says_nothing(tmp_path: Path) -> None:
    told = Told(tmp_path, Severity.BADGE)
    await told.start()
    told.arrive(3)
    assert told.told == []
    assert told.alerts.badges == {"de": 3}
    await told.alerts.close()
