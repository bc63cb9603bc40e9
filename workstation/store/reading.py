"""What a column reads: pages, counts, and what its filter leaves open. It needs little else of this room."""

import sqlite3
from collections.abc import Callable

from workstation.domain.filters import Context, Filter
from workstation.domain.messages import Micros
from workstation.store import pages
from workstation.store.database import Database
from workstation.store.filter_sql import context
from workstation.store.pages import Key, Order, Page

Clock = Callable[[], Micros]


class ColumnReads:
    """Reads only; see the module's text."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def page(
        self,
        filter_: Filter,
        *,
        queue: bool = False,
        before: Key | None = None,
        after: Key | None = None,
        limit: int = 200,
        order: Order | None = None,
    ) -> Page:
        """Entries that come after the key `before`, or just above the key `after`; in order, as of a change."""
        now = self._clock()

        def job(connection: sqlite3.Connection) -> Page:
            known = context(connection, now)
            return pages.page(
                connection, filter_, known, queue=queue, before=before, after=after, limit=limit, order=order
            )

        return await self._database.read(job)

    async def count(self, filter_: Filter, *, queue: bool = False) -> int:
        """How many entries match; more than `pages.COUNTED` are not counted on."""
        now = self._clock()
        return await self._database.read(lambda c: pages.count(c, filter_, context(c, now), queue=queue))

    async def context(self) -> Context:
        """What a filter's predicate needs to know now."""
        now = self._clock()
        return await self._database.read(lambda c: context(c, now))
