"""One list followed by asking again and again: new items, pages back to what is known, and the position after each."""

from collections.abc import AsyncGenerator, Sequence

import msgspec

from workstation.connectors.bluesky.addresses import POST, place
from workstation.connectors.bluesky.pages import AT_ONCE, Item, Page, Pages, Read
from workstation.connectors.bluesky.sources import KEPT, OVERLAP, Feed, Gap, Position, cursor, digest
from workstation.domain.messages import Batch
from workstation.net.limits import Lane

MOST_BACK = 1_000
"""Pages of one way back; no honest list is that long."""


class Follower:
    """Follows one feed from a position; None: from its latest page on."""

    def __init__(self, feed: Feed, pages: Pages, at: Position | None) -> None:
        self.feed = feed
        self.at = at
        self._pages = pages
        self._window: dict[str, Item] = {}
        """The latest page, by address: what is missing from the next one may have been deleted."""
        self.missing: list[str] = []

    async def poll(self, lane: Lane) -> AsyncGenerator[Batch, None]:
        """What is new, in batches with the position after each; none where there is nothing new."""
        at = self.at
        if at is None:
            page = await self._pages.page(self.feed, "", lane)
            self.at = _after(Position(), page.items)
            self._look_for_gaps(page)
            yield await self._batch(page.items, self.at, lane)
            return
        if at.gap is not None:
            async for batch in self._back(at, at.gap, lane):
                yield batch
        async for batch in self._back(self.at or at, None, lane):
            yield batch

    async def _back(self, at: Position, gap: Gap | None, lane: Lane) -> AsyncGenerator[Batch, None]:
        """From the top, or from where a way back was broken off, to what is known."""
        known = set(at.seen)
        head = gap
        onward = gap.cursor if gap is not None else ""
        read: list[Item] = []
        for _ in range(MOST_BACK):
            page = await self._pages.page(self.feed, onward, lane)
            if gap is None and not read:
                self._look_for_gaps(page)
            fresh = [item for item in page.items if _is_new(item, at, known)]
            known.update(digest(item.name) for item in fresh)
            if gap is None:
                read += page.items
                after = _after(at, read)
                head = Gap("", after.newest, after.seen, after.floor)
            assert head is not None  # noqa: S101 - the first page sets it
            done = _reaches(page, at)
            onward = page.cursor
            if done:
                self.at = Position(head.newest, head.seen, head.floor, note=at.note)
                if fresh or gap is not None:
                    yield await self._batch(fresh, self.at, lane)
                return
            self.at = msgspec.structs.replace(at, gap=msgspec.structs.replace(head, cursor=onward))
            yield await self._batch(fresh, self.at, lane)
        self.at = Position(head.newest, head.seen, head.floor, note=at.note) if head is not None else at

    def _look_for_gaps(self, page: Page) -> None:
        """What was on the latest page before, and would be on this one, but is not."""
        names = {item.name for item in page.items}
        oldest = min((item.at for item in page.items if item.at), default=0)
        complete = not page.cursor
        self.missing += [
            uri
            for uri, item in self._window.items()
            if item.name not in names and (complete or item.at > oldest) and uri not in self.missing
        ]
        self._window = {uri: item for item in page.items if (uri := _post_of(item))}

    def take_missing(self) -> tuple[str, ...]:
        """Posts that have vanished from the list since this was last asked, some at a time."""
        taken, self.missing = tuple(self.missing[:AT_ONCE]), self.missing[AT_ONCE:]
        return taken

    async def _batch(self, items: Sequence[Item], at: Position, lane: Lane) -> Batch:
        read = await self._pages.read(self.feed, items, lane) if items else Read()
        return Batch(self.feed.source, read.messages, (), read.rejects, read.filtered, cursor(at))


def _post_of(item: Item) -> str:
    """The address of the post that an item is; empty for reposts, likes and the like."""
    uri, _, by = item.name.partition("|")
    found = place(uri)
    return uri if found is not None and found.collection == POST and not by.startswith("did:") else ""


def _is_new(item: Item, at: Position, known: set[str]) -> bool:
    if digest(item.name) in known:
        return False
    return not item.at or item.at >= at.floor


def _reaches(page: Page, at: Position) -> bool:
    """Whether a page goes back past what is known, by so much that nothing can have been put in late between."""
    if not page.cursor:
        return True
    oldest = min((item.at for item in page.items if item.at), default=0)
    return bool(at.newest) and 0 < oldest < at.newest - OVERLAP


def _after(at: Position, items: Sequence[Item]) -> Position:
    """The position once everything down to `at` has been read; `items` newest first."""
    newest = max((item.at for item in items), default=0)
    kept = items[:KEPT]
    floor = min((item.at for item in kept if item.at), default=0)
    return Position(max(newest, at.newest), tuple(digest(item.name) for item in kept), floor, note=at.note)
