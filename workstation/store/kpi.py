"""Live figures: demand from hourly rollups that are kept with the rows they count, and the state of the queue."""

import sqlite3
from collections.abc import Callable, Iterable

import msgspec

from workstation.domain.cases import Entry
from workstation.domain.messages import Micros
from workstation.store.database import Database
from workstation.store.ingest import HOUR
from workstation.store.rows import QUEUE, json_text, select_entries

MINUTE: Micros = 60_000_000
BANDS: tuple[Micros, ...] = (15 * MINUTE, 60 * MINUTE, 180 * MINUTE, 1_440 * MINUTE)
"""Upper ends of the ageing bands (KPI 19); the last band is open."""

_WAITING = "c.waiting_since > 0 AND c.status IN ('new', 'open')"
"""Backlog (KPI 17): unanswered, neither snoozed nor solved."""


class Arrivals(msgspec.Struct, frozen=True, gc=False):
    """One channel's hour; `hour` is its start in microseconds UTC, by time of publication."""

    channel: int
    hour: Micros
    messages: int
    requests: int
    """New episodes (KPI 1)."""


class Waiting(msgspec.Struct, frozen=True, gc=False):
    """One channel's waiting cases in one language."""

    channel: int
    language: str
    count: int
    oldest: Micros
    """Since when its oldest waits."""


class Kpi:
    """Live figures; demand and queue only, nothing about a person."""

    def __init__(self, database: Database, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._clock = clock

    async def arrivals(self, channels: Iterable[int] | None, since: Micros, until: Micros) -> tuple[Arrivals, ...]:
        """Hourly counts of published messages and requests from `since` to before `until`, in order."""
        wanted = None if channels is None else json_text(sorted(channels))

        def job(connection: sqlite3.Connection) -> tuple[Arrivals, ...]:
            rows = connection.execute(
                "SELECT channel, hour * ?1, messages, requests FROM arrivals WHERE hour >= ?2 AND hour * ?1 < ?3"
                " AND (?4 IS NULL OR channel IN (SELECT value FROM json_each(?4))) ORDER BY hour, channel",
                (HOUR, since // HOUR, until, wanted),
            )
            return tuple(Arrivals(*row) for row in rows)

        return await self._database.read(job)

    async def backlog(self) -> tuple[int, ...]:
        """How many cases wait, by age: under 15 minutes, 1 hour, 3 hours, a day, longer."""
        now = self._clock()

        def job(connection: sqlite3.Connection) -> tuple[int, ...]:
            band = " ".join(f"WHEN ?1 - c.waiting_since < {end} THEN {n}" for n, end in enumerate(BANDS))
            rows = connection.execute(
                f"SELECT CASE {band} ELSE {len(BANDS)} END, count(*) FROM cases AS c WHERE {_WAITING} GROUP BY 1",
                (now,),
            )
            found = dict(rows.fetchall())
            return tuple(found.get(place, 0) for place in range(len(BANDS) + 1))

        return await self._database.read(job)

    async def oldest(self, limit: int = 1) -> tuple[Entry, ...]:
        """The cases that wait longest, oldest first."""
        rest = f"WHERE {_WAITING} ORDER BY c.waiting_since LIMIT ?"
        return await self._database.read(lambda c: select_entries(c, rest, (limit,), QUEUE))

    async def waiting(self) -> tuple[Waiting, ...]:
        """What waits, by channel and language."""

        def job(connection: sqlite3.Connection) -> tuple[Waiting, ...]:
            rows = connection.execute(
                f"SELECT c.channel, c.language, count(*), min(c.waiting_since) FROM cases AS c WHERE {_WAITING}"
                " GROUP BY c.channel, c.language ORDER BY c.channel, 3 DESC"
            )
            return tuple(Waiting(*row) for row in rows)

        return await self._database.read(job)

    async def topics(self, since: Micros, limit: int = 50) -> tuple[tuple[str, int], ...]:
        """Tags of the cases opened since then, most frequent first (KPI 26)."""

        def job(connection: sqlite3.Connection) -> tuple[tuple[str, int], ...]:
            rows = connection.execute(
                "SELECT t.tag, count(*) FROM cases AS c CROSS JOIN case_tags AS t ON t.case_id = c.id"
                " WHERE c.opened_at >= ? GROUP BY t.tag ORDER BY 2 DESC, 1 LIMIT ?",
                (since, limit),
            )
            return tuple((tag, count) for tag, count in rows)

        return await self._database.read(job)
