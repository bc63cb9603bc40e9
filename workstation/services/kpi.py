"""Live figures of demand and queue (KPI 1, 17-19, 26): about customers and waiting work, never about a person."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.cases import DAY, Entry
from workstation.domain.messages import Micros
from workstation.services.clock import Clock

if TYPE_CHECKING:
    from workstation.store.kpi import Arrivals, Waiting
    from workstation.store.store import Store

HEATMAP_DAYS = 28
"""Four whole weeks, so that every weekday counts equally."""
TOPIC_DAYS = 7
OLDEST = 5

Heatmap = tuple[tuple[int, ...], ...]
"""Seven rows from Monday, each with the counts of 24 hours in the reader's zone."""


class Figures(msgspec.Struct, frozen=True):
    """Everything the live page shows, as of `at`."""

    at: Micros
    requests: Heatmap
    """Requests (KPI 1) of the last four weeks by weekday and hour."""
    messages: int
    """Messages that arrived in that time, of whatever kind."""
    backlog: tuple[int, ...]
    """Waiting cases by age: under 15 minutes, 1 hour, 3 hours, a day, longer (KPI 19)."""
    oldest: tuple[Entry, ...]
    """The cases that wait longest, oldest first (KPI 18)."""
    waiting: "tuple[Waiting, ...]"
    topics: tuple[tuple[str, int], ...]
    """Tags of the last week's cases, most frequent first (KPI 26)."""
    last_hour: int
    """Requests published within the last full hour and the one that runs."""

    @property
    def waiting_count(self) -> int:
        """The backlog as one number (KPI 17)."""
        return sum(self.backlog)


def heatmap(arrivals: "Iterable[Arrivals]", zone: tzinfo) -> Heatmap:
    """Requests by weekday and hour as a clock in `zone` showed them."""
    rows = [[0] * 24 for _ in range(7)]
    for each in arrivals:
        moment = datetime.fromtimestamp(each.hour / 1_000_000, UTC).astimezone(zone)
        rows[moment.weekday()][moment.hour] += each.requests
    return tuple(tuple(row) for row in rows)


class Kpi:
    """Computes the figures; each is a quick query on a reader thread."""

    def __init__(self, store: "Store", clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def waiting_count(self) -> int:
        """The backlog as one number (KPI 17): what `Figures.waiting_count` is, without the rest."""
        return sum(await self._store.kpi.backlog())

    async def figures(self, zone: tzinfo, channels: Collection[int] | None = None) -> Figures:
        """All figures now; `channels` narrows demand to some of them."""
        now, kpi = self._clock.now(), self._store.kpi
        arrivals = await kpi.arrivals(channels, now - HEATMAP_DAYS * DAY, now + DAY)
        recent = now - DAY // 24
        return Figures(
            at=now,
            requests=heatmap(arrivals, zone),
            messages=sum(each.messages for each in arrivals),
            backlog=await kpi.backlog(),
            oldest=await kpi.oldest(OLDEST),
            waiting=await kpi.waiting(),
            topics=await kpi.topics(now - TOPIC_DAYS * DAY),
            last_hour=sum(each.requests for each in arrivals if each.hour + DAY // 24 > recent),
        )
