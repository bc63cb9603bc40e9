"""How a post will look as a card, on its channel and with its pictures."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.domain.cases import Entry
from workstation.domain.messages import Kind, Media, MediaKind, Message, Micros
from workstation.domain.posts import Part, Post
from workstation.services.posting import Channels
from workstation.views import theme
from workstation.views.deck.card import Card, Style, lay_out
from workstation.views.deck.content import ChannelFace, Surroundings, describe, spoken
from workstation.views.widgets.retranslating import Retranslating

NARROW, WIDE = 240, 420
"""A card's width in logical pixels: what a column gives it."""


def message_of(post: Post, part: Part, channel: Channels, now: Micros) -> Message:
    """The message that a post will be on a channel."""
    media = tuple(Media(MediaKind.IMAGE, "", alt=picture.alt) for picture in post.pictures)
    return Message(
        0, channel.id, "", Kind.POST, channel.account, post.text_on(part), now, now, language=post.language,
        visibility=part.visibility, spoiler=post.spoiler_on(part).strip(), media=media,
    )  # fmt: skip


class Preview(Retranslating):
    """A painted card of what is being written; told as one sentence."""

    def __init__(self, now: Callable[[], Micros], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._entry: Entry | None = None
        self._face: ChannelFace | None = None
        self._pictures: tuple[QPixmap, ...] = ()
        self._card: Card | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(NARROW)

    def show_message(self, message: Message, face: ChannelFace, pictures: tuple[QPixmap, ...]) -> None:
        """Show what it will look like now."""
        self._entry, self._face, self._pictures = Entry(message), face, pictures
        self.retranslate()

    def retranslate(self) -> None:
        """Lay the card out in the language and the look in force."""
        entry, face = self._entry, self._face
        if entry is None or face is None:
            return
        look, width = theme.current(), min(self.width(), round(WIDE * theme.current().scale))
        around = Surroundings(self._now, lambda _channel: face, lambda _message: None)
        style = Style(look, max(NARROW, width), self.isRightToLeft(), self.devicePixelRatioF())
        covered = bool(entry.message.spoiler)
        self._card = lay_out(describe(entry, around), style, pictures=() if covered else self._pictures)
        self.setAccessibleName(spoken(entry, around))
        self.setFixedHeight(self._card.height)
        self.update()

    def sizeHint(self) -> QSize:
        """As large as the card."""
        return QSize(NARROW, self._card.height if self._card is not None else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay it out for the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and size too."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.LayoutDirectionChange):
            self.retranslate()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card at the leading edge."""
        del event
        if self._card is None:
            return
        painter = QPainter(self)
        left = self.width() - self._card.style.width if self.isRightToLeft() else 0
        painter.drawPixmap(max(0, left), 0, self._card.pixmap())
        painter.end()
