"""Thumbnails on the deck's cards: loaded for a click, or for cards in sight where the setting allows it."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtGui import QPixmap

from workstation.domain.cases import Entry
from workstation.domain.messages import Mark, Media, MediaKind, Message
from workstation.qt.tasks import Tasks
from workstation.services.media import Thumbnails
from workstation.services.settings import Preferences, Settings
from workstation.views import softening
from workstation.views.deck.deck_page import DeckPage
from workstation.views.desk_actions import DeskActions

PICTURE = 440
"""Pixels of the box that a thumbnail is made for: the same in the deck and beside it, so that it is fetched once."""
SHOWN = 3
"""Pictures on a card."""
KEPT = 60
"""Messages the pictures of which stay in memory; the others are on the disk."""


def drawable(message: Message) -> tuple[Media, ...]:
    """What of a message's media a card can show a picture of."""
    kinds = (MediaKind.IMAGE, MediaKind.VIDEO)
    fit = (item for item in message.media if item.kind in kinds and (item.preview_url or item.kind is kinds[0]))
    return tuple(fit)[:SHOWN]


class CardPictures(QObject):
    """Knows which pictures are here. Nothing is fetched unless the setting allows it or somebody clicked."""

    arrived = Signal(int)
    """The pictures of a message can be drawn now."""

    def __init__(self, thumbnails: Thumbnails, settings: Settings, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self.thumbnails = thumbnails
        self._settings, self._tasks = settings, tasks
        self._allowed = settings.now.load_media
        self._here: OrderedDict[int, tuple[tuple[Media, ...], tuple[QPixmap, ...]]] = OrderedDict()
        self._wanted: set[int] = set()
        self._closed = False
        self._deck: DeckPage | None = None

    def join(self, deck: DeckPage, open_entry: Callable[[Entry], None], actions: DeskActions) -> None:
        """Serve the cards of `deck`. A click on what has no picture yet loads it, the next one opens the case."""
        self._deck = deck
        self.arrived.connect(deck.pictures_arrived)

        def clicked(entry: Entry) -> None:
            if entry.message.id in self._here or not drawable(entry.message):
                open_entry(entry)
                actions.run("case.media")
            else:
                self.want(entry.message)

        deck.media_wanted.connect(clicked)

    def follow(self) -> Callable[[], None]:
        """Obey the setting when it changes; returns what ends all fetching."""
        end = self._settings.subscribe(self._changed)

        def ended() -> None:
            end()
            self._closed = True

        return ended

    def _changed(self, now: Preferences) -> None:
        if now.load_media is not self._allowed:
            self._allowed = now.load_media
            if self._deck is not None:
                self._deck.remake()

    def _in_sight(self, message: int) -> bool:
        return self._deck is not None and self._deck.in_sight(message)

    def of(self, entry: Entry) -> tuple[QPixmap, ...]:
        """The pictures for the card of `entry`; asks for them where that is allowed without a click."""
        message = entry.message
        if not message.media:
            return ()
        known = self._here.get(message.id)
        if known is not None and known[0] == message.media:
            self._here.move_to_end(message.id)
            return tuple(softening.picture(each) for each in known[1])
        if softening.hides(message, entry.case.tags if entry.case is not None else ()):
            return ()
        covered = message.spoiler or message.deleted_at or Mark.SENSITIVE in message.marks or Mark.SPAM in message.marks
        if not covered and self._allowed:
            self.want(message, asked=False)
        return ()

    def want(self, message: Message, *, asked: bool = True) -> None:
        """Fetch the pictures of a message; unless `asked` for, only while its card is in sight."""
        if self._closed or message.id in self._wanted or not drawable(message):
            return
        self._wanted.add(message.id)
        self._tasks.spawn(self._fetch(message, asked), "card pictures")

    async def _fetch(self, message: Message, asked: bool) -> None:
        try:
            # The card is being made: whether it comes into sight is known in the loop's next turns.
            await asyncio.sleep(0.1)
            found: list[QPixmap] = []
            for item in drawable(message):
                if not asked and not self._in_sight(message.id):
                    break
                url = item.preview_url or item.url
                data = await self.thumbnails.get(message.channel, url, PICTURE, PICTURE)
                picture = QPixmap()
                if data is not None and picture.loadFromData(QByteArray(data), "PNG"):
                    found.append(picture)
            else:
                self._keep(message, tuple(found))
        finally:
            self._wanted.discard(message.id)
            # Also when it went out of sight: its card asks again when it comes back.
            self.arrived.emit(message.id)

    def _keep(self, message: Message, found: tuple[QPixmap, ...]) -> None:
        self._here[message.id] = (message.media, found)
        if len(self._here) > KEPT:
            self._here.popitem(last=False)
