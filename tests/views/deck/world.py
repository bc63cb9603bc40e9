"""A small world for the deck: posts in many languages, a store in memory, a clock that stands still."""

import asyncio
from bisect import insort
from collections.abc import Coroutine, Iterable
from typing import Any

import msgspec

from workstation.domain.cases import Case, Entry, Holder, Status
from workstation.domain.changes import ChangeSet
from workstation.domain.errors import TransientError
from workstation.domain.filters import Context, Filter
from workstation.domain.messages import Author, Kind, Mark, Media, MediaKind, Message, Micros, Visibility
from workstation.domain.outbox import Outgoing
from workstation.services.column_rows import case_id, message_id, queue_key, stream_key
from workstation.services.columns import ColumnModel, Columns, ColumnSpec
from workstation.services.feed import Feed
from workstation.views.deck.content import ChannelFace, Surroundings

NOW: Micros = 1_750_000_000_000_000
MINUTE: Micros = 60_000_000

LONG = (
    "Richtig guter Support gestern, danke! Endlich mal jemand, der zuhört und nicht nur Textbausteine schickt. Das "
    "würde ich mir von anderen auch wünschen, ehrlich gesagt, denn sonst wartet man Wochen auf eine Antwort."
)
TEXTS: tuple[tuple[str, str, str, str], ...] = (
    ("es", "Lucía Fernández", "luciaf", "Pedí hace dos semanas y todavía no llega nada. ¿Me pueden responder? 😤"),
    ("ar", "مطعم بغداد", "baghdad", "هل يمكنكم تأكيد ساعات العمل خلال العيد؟ رقم الطلب ‎#1024"),
    ("ja", "田中 美咲", "misaki_t", "新しいアプリの更新後、ログインできなくなりました。サポートお願いします。"),
    ("de", "Jonas Weber", "jonasw", LONG),
    ("he", "דנה לוי", "danalevi", "המוצר הגיע שבור! (הזמנה 7731) מה עושים?"),
    ("hi", "आरव शर्मा", "aarav", "मेरा रिफंड अभी तक नहीं आया, कृपया स्थिति बताएं।"),
    ("zh", "王小明", "xiaoming", "请问我的订单什么时候发货？已经等了三天了🙏"),
    ("en", "Kev1n_92", "kev1n92", "buy cheap followers >>> example.test/xxxx 🔥🔥🔥"),
    ("fr", "Marie Dubois", "marie.d", "Bonjour, votre formulaire de contact renvoie une erreur 500."),
    ("ko", "김민지", "minji", "배송이 너무 늦어요. 언제 도착하나요?"),
    ("", "🦊🌈", "fox", "👍🏽👍🏽 🎉"),
    ("uk", "Олена Коваль", "olena", "Дякую за швидку відповідь, все працює!"),
)  # fmt: skip
FACES = {
    1: ChannelFace("acme.example", "M", "#6364FF"),
    2: ChannelFace("Acme Deutschland", "M", "#6364FF"),
    3: ChannelFace("practice", "P", "#6364FF", practice=True),
}


def entry(number: int, *, age: Micros | None = None, case: bool = True, channel: int = 1, **changes: Any) -> Entry:
    """The post with that local id; `age` before NOW (default: newer ids are younger). `changes` go to the message."""
    language, name, handle, text = TEXTS[number % len(TEXTS)]
    created = NOW - (age if age is not None else max(0, 400 - number) * MINUTE // 4)
    spam = number % len(TEXTS) == 7
    message = Message(
        id=number,
        channel=channel,
        remote_id=str(number),
        kind=Kind.MENTION,
        author=Author("mastodon", handle, f"{handle}@example.test", name, id=number % len(TEXTS) + 1),
        text=text,
        created_at=created,
        received_at=created,
        case=number if case else 0,
        language=language,
        visibility=(Visibility.PUBLIC, Visibility.DIRECT, Visibility.FOLLOWERS)[number % 3 if number % 5 == 0 else 0],
        spoiler="Politics, and what I think of it" if number % 13 == 5 else "",
        marks=(Mark.SPAM,) if spam else (),
        media=(Media(MediaKind.IMAGE, "https://example.test/a.png", alt="a cat"),) * 2 if number % 6 == 3 else (),
        revision=1 if number % 9 == 4 else 0,
    )
    found = Case(
        id=number,
        channel=channel,
        branch=str(number),
        customer=1,
        status=(Status.NEW, Status.OPEN, Status.PENDING, Status.OPEN, Status.SNOOZED)[number % 5],
        holder=(Holder.FREE, Holder.MINE, Holder.HELD)[number % 3],
        tags=(("refund",), ("login", "bug"), (), ("delivery", "order-7731", "angry", "vip"))[number % 4],
        waiting_since=created if number % 5 not in (2,) else 0,
        inbound_at=created,
        opened_at=created,
    )
    replaced = msgspec.structs.replace(message, **changes)
    return Entry(replaced, found if case and not spam else None)


class StillClock:
    """Stands still until a test moves it."""

    def __init__(self, now: Micros = NOW) -> None:
        self.at = now

    def now(self) -> Micros:
        """Microseconds since 1970, UTC."""
        return self.at


class MemoryPage(msgspec.Struct, frozen=True):
    """A page as columns read it."""

    entries: tuple[Entry, ...]
    sequence: int


class MemoryPages:
    """Answers as the store does, from lists; publishes what is put into it."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.entries: dict[int, Entry] = {}
        self.sequence = 0
        self.fails = False
        self.asked = 0

    def put(self, *entries: Entry, origin: str = "") -> ChangeSet:
        """Add or change messages, and tell it."""
        self.sequence += 1
        added = frozenset(entry.message.id for entry in entries if entry.message.id not in self.entries)
        for one in entries:
            self.entries[one.message.id] = one
        faces = tuple(one for one in entries if one.case is not None)
        changes = ChangeSet(self.sequence, tuple(entries), faces, added, origin=origin)
        self.feed.publish(changes)
        return changes

    def erase(self, *numbers: int) -> None:
        """Remove messages, and tell it."""
        self.sequence += 1
        for number in numbers:
            self.entries.pop(number, None)
        self.feed.publish(ChangeSet(self.sequence, removed=tuple(numbers)))

    def fill(self, entries: Iterable[Entry]) -> None:
        """Add messages that were there before anybody listened."""
        self.entries.update((one.message.id, one) for one in entries)

    def rows(self, filter_: Filter, queue: bool) -> list[Entry]:
        """Everything that matches, in order."""
        matches = filter_.predicate(self._context())
        key = queue_key if queue else stream_key
        rows = [one for one in self.entries.values() if matches(one) and (one.case is not None or not queue)]
        return sorted(rows, key=key)

    def _context(self) -> Context:
        return Context({"acme": 1}, NOW)

    async def page(
        self, filter_: Filter, *, queue: bool, before: Entry | None = None, after: Entry | None = None, limit: int = 100
    ) -> MemoryPage:
        """See Pages."""
        self.asked += 1
        key = queue_key if queue else stream_key
        rows, sequence = self.rows(filter_, queue), self.sequence
        await asyncio.sleep(0)
        if self.fails:
            raise TransientError(why="the disk is away")
        if before is not None:
            rows = [row for row in rows if key(row) > key(before)]
        if after is not None:
            rows = [row for row in rows if key(row) < key(after)][-limit:]
        return MemoryPage(tuple(rows[:limit]), sequence)

    async def count(self, filter_: Filter, *, queue: bool) -> int:
        """See Pages."""
        return len(self.rows(filter_, queue))

    async def context(self) -> Context:
        """See Pages."""
        return self._context()


class World:
    """Everything a deck needs."""

    def __init__(self) -> None:
        self.feed = Feed()
        self.pages = MemoryPages(self.feed)
        self.clock = StillClock()
        self.columns = Columns(self.pages, self.feed, self.clock)
        self.faces = dict(FACES)

    def around(self) -> Surroundings:
        """What cards show beside their entries."""
        return Surroundings(self.clock.now, lambda number: self.faces[number], self.outgoing)

    def outgoing(self, message: int) -> Outgoing | None:
        """What is on its way in answer to a message."""
        return self.columns.outgoing(message)

    def model(self, text: str = "", *, queue: bool = False, **values: Any) -> ColumnModel:
        """A column that is open, loaded without a loop."""
        model = self.columns.model(ColumnSpec("c", filter=text, queue=queue, **values))
        finish(model.open())
        model.drain()
        return model


def finish(work: Coroutine[Any, Any, Any]) -> Any:
    """Carry a coroutine to its end that waits for nothing but turns of the loop."""
    try:
        while True:
            work.send(None)
    except StopIteration as done:
        return done.value


def in_order(rows: Iterable[Entry], queue: bool = False) -> list[int]:
    """Identities of rows in the order that they should have."""
    keyed: list[tuple[Any, int]] = []
    for row in rows:
        insort(keyed, ((queue_key if queue else stream_key)(row), (case_id if queue else message_id)(row)))
    return [ident for _key, ident in keyed]
