"""Items of a feed as the desk's messages; pure."""

from urllib.parse import urlsplit

from workstation.connectors.feed.entries import Feed, Withdrawn
from workstation.connectors.feed.position import Told, digest
from workstation.domain.errors import ProtocolChangedError
from workstation.domain.messages import Author, Deletion, IncomingMessage, Kind, Mark, Micros, Reject
from workstation.net.plain import capped, one_line

NETWORK = "feed"


def author_of(name: str, feed: Feed, url: str) -> Author:
    """Who wrote an item: by name within the site, else the feed itself."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    shown = one_line(name or feed.author or feed.title or host, 80) or "?"
    key = digest(shown.casefold(), size=8)
    return Author(NETWORK, f"{host}/{key}", shown, shown, feed.link)


def message(told: Told, feed: Feed, url: str, now: Micros) -> IncomingMessage:
    """An item; its first line is its title where it has one."""
    entry = told.entry
    text = entry.text or ("" if entry.title else one_line(entry.otherwise, 400))
    when = entry.published or entry.updated
    return IncomingMessage(
        remote_id=told.remote_id,
        kind=Kind.ITEM,
        author=author_of(entry.author, feed, url),
        text=capped(f"{entry.title}\n{text}".strip("\n") if entry.title else text),
        created_at=when if 0 < when <= now else now,
        branch=told.remote_id,
        address=entry.link,
        language=entry.language or feed.language,
        edited_at=now if told.changed else 0,
        marks=(Mark.TITLED,) if entry.title else (),
        media=entry.media,
    )


def deletion(withdrawn: Withdrawn) -> Deletion:
    """An item that the feed itself says to be deleted."""
    return Deletion(withdrawn.guid, withdrawn.at)


def reject(told: Told, where: str) -> Reject:
    """What stands for an item that says nothing."""
    return Reject(ProtocolChangedError.code, where, told.entry.size, told.remote_id)
