"""Columns load from the store: rows below one they have, rows above it, or from the top."""

from typing import TYPE_CHECKING

from workstation.domain.cases import Entry
from workstation.services.column_rows import PAGE, Page

if TYPE_CHECKING:
    from workstation.domain.filters import Context, Filter
    from workstation.store.store import Store


class StorePages:
    """The store's pages by row instead of by key."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    async def page(
        self,
        filter_: "Filter",
        *,
        queue: bool,
        before: Entry | None = None,
        after: Entry | None = None,
        limit: int = PAGE,
    ) -> Page:
        """Rows that follow `before` (None: from the top), or the rows just above `after`."""
        from workstation.store.pages import key_of

        above, below = (key_of(row, queue=queue) if row is not None else None for row in (after, before))
        return await self._store.reading.page(filter_, queue=queue, before=below, after=above, limit=limit)

    async def count(self, filter_: "Filter", *, queue: bool) -> int:
        """How many rows match; see `workstation.store.pages.COUNTED`."""
        return await self._store.reading.count(filter_, queue=queue)

    async def context(self) -> "Context":
        """The channels by name, and the time."""
        return await self._store.reading.context()
