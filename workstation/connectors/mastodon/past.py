"""What is older than what is here: a source's feeds page by page backwards, apart from cursors and streams."""

from collections.abc import Iterable

import msgspec

from workstation.connectors.base import Earlier
from workstation.connectors.mastodon.pages import Page, Pages
from workstation.connectors.mastodon.sources import RANDOM_ID, Feed, Shape, order
from workstation.domain.messages import Batch, Micros
from workstation.net.limits import Lane


class Mark(msgspec.Struct, frozen=True):
    """How far one feed was read: the id before which to go on, the time that reaches, whether there is no more."""

    before: str = ""
    reached: Micros = 0
    ended: bool = False


Marks = dict[str, Mark]
_reader = msgspec.json.Decoder(Marks)


class PastReader:
    """Reads older pages of an account's feeds; every page is one request of the lane for that."""

    def __init__(self, pages: Pages, feeds: Iterable[Feed]) -> None:
        self._pages = pages
        self._feeds = tuple(feeds)

    async def earlier(self, source: str, position: str, oldest: str, until: Micros) -> Earlier:
        """See `connectors.base.ReadsBack`."""
        feeds = [feed for feed in self._feeds if feed.source == source]
        marks = _marks(position)
        for feed in feeds:
            # Only a list of posts can be entered at a post: the ids of notifications are others.
            start = oldest if feed.shape is Shape.STATUS and not RANDOM_ID.fullmatch(oldest) else ""
            marks.setdefault(feed.name, Mark(start))
        open_feeds = [feed for feed in feeds if not _done(marks[feed.name], until)]
        if not open_feeds:
            return Earlier((), _written(marks), _reached(marks), more=False)
        feed = open_feeds[0]
        mark = marks[feed.name]
        page = await self._pages.before(feed, mark.before, Lane.BACKFILL)
        if page.fault is not None:
            raise page.fault
        marks[feed.name] = _after(mark, page)
        batches = tuple(msgspec.structs.replace(batch, history=True, cursor=None) for batch in page.batches)
        more = any(not _done(marks[other.name], until) for other in feeds)
        return Earlier(batches, _written(marks), _reached(marks), more=more)


def _done(mark: Mark, until: Micros) -> bool:
    return mark.ended or 0 < mark.reached <= until


def _after(mark: Mark, page: Page) -> Mark:
    """Where the feed goes on after a page; one that brings nothing older is its end, whatever the server means."""
    onward = bool(page.count and page.oldest) and (
        not mark.before
        or (page.oldest != mark.before if RANDOM_ID.fullmatch(page.oldest) else order(page.oldest) < order(mark.before))
    )
    reached = _oldest(page.batches)
    if not onward:
        return Mark(mark.before, mark.reached, ended=True)
    return Mark(page.oldest, min(reached, mark.reached) if reached and mark.reached else reached or mark.reached)


def _oldest(batches: Iterable[Batch]) -> Micros:
    return min((message.created_at for batch in batches for message in batch.messages), default=0)


def _reached(marks: Marks) -> Micros:
    """Since when everything of the source is here; a feed that has ended reaches as far as there is anything."""
    return max((mark.reached for mark in marks.values() if not mark.ended), default=_least(marks))


def _least(marks: Marks) -> Micros:
    return min((mark.reached for mark in marks.values() if mark.reached), default=0)


def _marks(position: str) -> Marks:
    try:
        return _reader.decode(position) if position else {}
    except msgspec.MsgspecError:
        return {}


def _written(marks: Marks) -> str:
    return msgspec.json.encode(marks).decode()
