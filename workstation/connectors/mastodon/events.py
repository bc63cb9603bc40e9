"""Events of a stream to batches; pure. Every event counts once in the ledger: nothing is swallowed."""

from collections.abc import Iterable

import msgspec

from workstation.connectors.mastodon import parse
from workstation.connectors.mastodon.parse import UNREADABLE, Parser
from workstation.connectors.mastodon.sources import Feed, Shape
from workstation.domain.messages import Batch, Deletion, IncomingMessage, Reject, Visibility

# Things of the account's own settings or of the server, none of them a message.
FILTERED = {
    "filters_changed",
    "announcement",
    "announcement.reaction",
    "announcement.delete",
    "encrypted_message",
    "notifications_merged",
    "pleroma:chat_update",
    "pleroma:respond",
}


TOGETHER = 512
"""Items of a joined batch, roughly: what a commit takes while input waits for nothing."""


class Frame(msgspec.Struct, gc=False):
    """An event as it comes over a WebSocket; over server-sent events its parts come apart."""

    event: str
    payload: str = ""
    stream: tuple[str, ...] = ()


class LooseFrame(msgspec.Struct, gc=False):
    """A frame whose payload is no string: numbers as ids, entities unquoted."""

    event: str
    payload: msgspec.Raw = msgspec.Raw(b"")
    stream: tuple[str, ...] | None = ()


_frame = msgspec.json.Decoder(Frame)
_loose = msgspec.json.Decoder(LooseFrame)


def frame(data: bytes, stream: tuple[str, ...]) -> Frame | Reject:
    """A frame, its stream filled in where the server does not say it; a reject where it cannot be read."""
    try:
        found = _frame.decode(data)
    except UNREADABLE:
        try:
            loose = _loose.decode(data)
            found = Frame(loose.event, bytes(loose.payload).decode(), loose.stream or ())
        except UNREADABLE:
            return parse.reject(data, "stream")
    if not found.stream:
        found.stream = stream
    return found


class Item(msgspec.Struct, gc=False):
    """What one event brought. `position` moves the feed's live end; `nudge` asks for a sweep of the reports."""

    source: str
    message: IncomingMessage | None = None
    deletion: Deletion | None = None
    reject: Reject | None = None
    feed: Feed | None = None
    position: str = ""
    nudge: str = ""


class Reader:
    """Knows which feed a stream belongs to."""

    def __init__(self, feeds: Iterable[Feed], parser: Parser, *, direct: bool) -> None:
        self._parser = parser
        self._direct = direct
        self._by_stream: dict[tuple[str, ...], Feed] = {}
        self._notifications: Feed | None = None
        self._reports: Feed | None = None
        first: Feed | None = None
        for feed in feeds:
            first = first or feed
            if feed.shape is Shape.NOTIFICATION:
                self._notifications = feed
            elif feed.shape is Shape.REPORT:
                self._reports = feed
            elif feed.stream:
                self._by_stream[feed.stream] = feed
        self.first = first.source if first else ""

    def read(self, found: Frame) -> Item:
        """The item in an event."""
        stream = (found.stream[0], found.stream[1].lower()) if len(found.stream) > 1 else found.stream
        feed = self._by_stream.get(stream) or self._by_stream.get(found.stream)
        source = feed.source if feed else (self._notifications.source if self._notifications else self.first)
        event = found.event
        try:
            if event in {"update", "status.update"}:
                return self._status(found, feed, source, edit=event == "status.update")
            if event == "delete":
                return Item(source, deletion=Deletion(found.payload.strip('" ')[:200]))
            if event == "notification":
                return self._notification(found, source)
            if event == "conversation":
                return self._conversation(found)
        except UNREADABLE:
            return Item(source, reject=parse.reject(found.payload.encode("utf-8", "replace"), f"stream:{event}"))
        if event in FILTERED:
            return Item(source)
        return Item(source, reject=Reject("unsupported", f"stream:{event[:40]}", len(found.payload)))

    def _status(self, found: Frame, feed: Feed | None, source: str, *, edit: bool) -> Item:
        if feed is None and not edit:
            return Item(source)  # the account's home, which this channel does not read
        message = self._parser.status(found.payload)
        return Item(source, message, feed=feed, position="" if edit else message.remote_id)

    def _notification(self, found: Frame, source: str) -> Item:
        feed = self._notifications
        noted = self._parser.notification(found.payload)
        nudge = self._reports.source if noted.type == "admin.report" and self._reports else ""
        if feed is None:
            return Item(source, nudge=nudge)
        message, source = noted.message, feed.source
        if message is not None and self._direct:
            if message.visibility is Visibility.DIRECT:
                source = "direct"
            elif source == "direct":
                message = None  # public mentions are not read
        return Item(source, message, feed=feed, position=noted.id, nudge=nudge)

    def _conversation(self, found: Frame) -> Item:
        message = self._parser.conversation(found.payload)
        return Item("direct", message)


def batches(items: Iterable[Item], live: bool = True) -> list[Batch]:
    """Items of one read as one batch for each source, in order of first appearance."""
    grouped: dict[str, list[Item]] = {}
    for item in items:
        grouped.setdefault(item.source, []).append(item)
    return [_batch(source, found, live) for source, found in grouped.items()]


def joined(waiting: Iterable[Batch]) -> list[Batch]:
    """Batches in their order, neighbours of one source as one: what waits together is stored together.

    A commit takes as long for one message as for a few hundred, so a flood is stored in few large steps.
    """
    found: list[Batch] = []
    for batch in waiting:
        last = found[-1] if found else None
        if last is None or last.source != batch.source or last.live != batch.live or last.received >= TOGETHER:
            found.append(batch)
            continue
        found[-1] = Batch(
            batch.source,
            last.messages + batch.messages,
            last.deletions + batch.deletions,
            last.rejects + batch.rejects,
            last.filtered + batch.filtered,
            batch.cursor or last.cursor,
            batch.live,
        )
    return found


def _batch(source: str, items: list[Item], live: bool) -> Batch:
    messages = tuple(item.message for item in items if item.message is not None)
    deletions = tuple(item.deletion for item in items if item.deletion is not None)
    rejects = tuple(item.reject for item in items if item.reject is not None)
    filtered = len(items) - len(messages) - len(deletions) - len(rejects)
    return Batch(source, messages, deletions, rejects, filtered, live=live)
