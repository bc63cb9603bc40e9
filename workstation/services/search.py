"""Search over everything that was received, newest first."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workstation.store.pages import Key, Page
    from workstation.store.store import Store

LIMIT = 100


class Search:
    """Looks words up in the index, on a reader of its own, so that typing never waits for columns."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    async def find(self, query: str, limit: int = LIMIT, before: "Key | None" = None) -> "Page | None":
        """A page of messages that contain all words (the last one may be a beginning); None for an empty query."""
        words = query.strip()
        return await self._store.search.find(words, limit=limit, before=before) if words else None
