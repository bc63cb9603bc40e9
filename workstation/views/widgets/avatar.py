"""An author's initial on a colour that stays theirs; no picture is ever loaded from a network for it."""

from zlib import crc32

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from workstation.domain.messages import Author
from workstation.views import fonts, masking, theme


def initial(author: Author) -> str:
    """The first letter or digit of the name, else of the handle."""
    return next((char.upper() for char in f"{author.name}{author.handle}" if char.isalnum()), "?")


def _hue(author: Author) -> int:
    """The same on cards and in threads, on every desk."""
    return crc32(f"{author.network}/{author.remote_id}".encode("utf-8", "replace")) % 64


class Avatar(QWidget):
    """A round initial, as high as a card's."""

    def __init__(self, author: Author, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._author = author
        self.setFixedSize(self.sizeHint())

    def show_author(self, author: Author) -> None:
        """Stand for another author."""
        self._author = author
        self.update()

    def sizeHint(self) -> QSize:
        """The measure of the theme."""
        side = theme.current().measures.avatar
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the disc and the letter."""
        del event
        look = theme.current()
        shown = masking.author(self._author)
        ground, ink = look.colours.avatars[_hue(shown) % len(look.colours.avatars)]
        letter = initial(shown)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawEllipse(QRectF(self.rect()))
        painter.setPen(theme.colour(ink))
        fonts.draw_initial(painter, QRectF(self.rect()), letter, look.font("initial", 600, fonts.writing(letter)))

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self.setFixedSize(self.sizeHint())
        elif event.type() == QEvent.Type.LanguageChange:
            self.update()
        super().changeEvent(event)
