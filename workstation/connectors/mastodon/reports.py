"""Reports that were open when last seen: what other moderators did to them since, which no page of new ones tells."""

from workstation.connectors.mastodon.pages import Pages
from workstation.connectors.mastodon.parse import REPORT
from workstation.connectors.mastodon.sources import Feed, Positions, order
from workstation.connectors.mastodon.views import Views
from workstation.domain.messages import Batch, IncomingMessage, Mark
from workstation.net.limits import Lane

OPEN = "open"
"""Name under which the cursor of the source keeps the numbers of open reports, separated by spaces."""
WATCHED = 200
LOOKED_AT = 20
"""Reports that are asked for one by one in a turn; the rest has its turn next time."""


class OpenReports:
    """Compares the server's list of open reports with those that were open before."""

    def __init__(self, feed: Feed, pages: Pages, views: Views, positions: Positions) -> None:
        self._feed, self._pages, self._views, self._positions = feed, pages, views, positions
        self._seen: dict[str, IncomingMessage] = {}

    async def changed(self, lane: Lane) -> Batch | None:
        """What changed since the last time, with the cursor that remembers it; None where nothing did."""
        before = self._positions.note(self._feed.source, OPEN).split()
        page = await self._pages.latest(self._feed, lane)
        if page.fault is not None:
            raise page.fault
        listed = {found.remote_id: found for batch in page.batches for found in batch.messages}
        news = [found for number, found in listed.items() if number in self._seen and self._seen[number] != found]
        missing = [number for number in before if f"{REPORT}{number}" not in listed][:LOOKED_AT]
        looked = await self._views.refresh(tuple(f"{REPORT}{number}" for number in missing)) if missing else Batch("")
        self._seen = listed
        still = [message for message in looked.messages if Mark.RESOLVED not in message.marks]
        kept = [number for number in before if number not in missing and f"{REPORT}{number}" not in listed]
        numbers = [found.remote_id.removeprefix(REPORT) for found in (*listed.values(), *still)] + kept
        remembered = self._positions.remember(self._feed.source, OPEN, " ".join(sorted(numbers, key=order)[-WATCHED:]))
        if not (news or looked.received or remembered):
            return None
        return Batch(
            self._feed.source,
            (*news, *looked.messages),
            looked.deletions,
            looked.rejects,
            cursor=self._positions.cursor(self._feed.source),
        )
