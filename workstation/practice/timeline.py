"""A timeline: increasing ids with a bounded memory, paged the way the Mastodon API pages."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """What a client asked for: newest first below `max_id` and above `since_id`, or oldest first from `min_id`."""

    limit: int = 20
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None


class Timeline:
    """Ids in increasing order; the oldest are forgotten beyond `capacity`."""

    __slots__ = ("_capacity", "_ids")

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._ids: list[int] = []

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[int]:
        return iter(self._ids)

    def __contains__(self, item: int) -> bool:
        place = bisect_left(self._ids, item)
        return place < len(self._ids) and self._ids[place] == item

    def add(self, item: int) -> None:
        """Remember an id, usually the newest."""
        ids = self._ids
        if not ids or item > ids[-1]:
            ids.append(item)
        else:
            place = bisect_left(ids, item)
            if place < len(ids) and ids[place] == item:
                return
            ids.insert(place, item)
        if len(ids) > self._capacity * 5 // 4:  # in slices, so that forgetting stays cheap per message
            del ids[: len(ids) - self._capacity]

    def discard(self, item: int) -> None:
        """Forget an id if it is there."""
        place = bisect_left(self._ids, item)
        if place < len(self._ids) and self._ids[place] == item:
            del self._ids[place]

    def candidates(self, page: Page) -> Iterator[int]:
        """Yield the ids of a page without its limit: ascending if `min_id` is given, else descending."""
        ids = self._ids
        low, high = 0, len(ids)
        if page.max_id is not None:
            high = bisect_left(ids, page.max_id)
        lower = page.min_id if page.min_id is not None else page.since_id
        if lower is not None:
            low = bisect_right(ids, lower)
        steps = range(low, high) if page.min_id is not None else range(high - 1, low - 1, -1)
        for place in steps:
            yield ids[place]
