"""What is older than what is here: a source's list page by page backwards, apart from its cursor."""

from workstation.connectors.base import Earlier
from workstation.connectors.bluesky import sources
from workstation.connectors.bluesky.pages import Pages
from workstation.domain.messages import Batch, Micros
from workstation.net.limits import Lane


async def earlier(pages: Pages, did: str, source: str, position: str, until: Micros) -> Earlier:
    """See `connectors.base.ReadsBack`. The first page is the latest: a list can only be entered at its top."""
    feed = sources.feed(source, did)
    if feed is None:  # a stream has no past
        return Earlier((), "", 0, more=False)
    page = await pages.page(feed, position, Lane.BACKFILL)
    if not page.items:
        return Earlier((), position, 0, more=False)
    read = await pages.read(feed, page.items, Lane.BACKFILL)
    reached = min((item.at for item in page.items if item.at), default=0)
    batch = Batch(source, read.messages, (), read.rejects, read.filtered, history=True)
    return Earlier((batch,), page.cursor, reached, more=bool(page.cursor) and reached > until)
