"""Columns load from the store: rows below one they have, rows above it, or from the top."""

from typing import TYPE_CHECKING

import msgspec

from workstation.domain.cases import Entry
from workstation.services.columns import PAGE, Page

if TYPE_CHECKING:
    from workstation.domain.filters import Context, Filter
    from workstation.store.store import Store

QUEUE_DEPTH = 5_000
"""Cases looked through to find what stands above one; a queue that long is not scrolled by hand."""


class Rows(msgspec.Struct, frozen=True):
    """Rows in the column's order, as of a place in the change log."""

    entries: tuple[Entry, ...]
    sequence: int


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
        if after is not None:
            return await self._above(filter_, queue, after, limit)
        from workstation.store.pages import key_of

        key = key_of(before, queue=queue) if before is not None else None
        return await self._store.messages.page(filter_, queue=queue, before=key, limit=limit)

    async def count(self, filter_: "Filter", *, queue: bool) -> int:
        """How many rows match; see `workstation.store.pages.COUNTED`."""
        return await self._store.messages.count(filter_, queue=queue)

    async def context(self) -> "Context":
        """The channels by name, and the time."""
        return await self._store.messages.context()

    async def _above(self, filter_: "Filter", queue: bool, after: Entry, limit: int) -> Page:
        from workstation.store.pages import Order, key_of

        if queue:
            found = await self._store.messages.page(filter_, queue=True, limit=QUEUE_DEPTH)
            key = key_of(after, queue=True)
            above = [entry for entry in found.entries if key_of(entry, queue=True) < key]
            return Rows(tuple(above[-limit:]), found.sequence)
        key = key_of(after, queue=False, order=Order.OLDEST)
        found = await self._store.messages.page(filter_, queue=False, before=key, limit=limit, order=Order.OLDEST)
        return Rows(found.entries[::-1], found.sequence)
