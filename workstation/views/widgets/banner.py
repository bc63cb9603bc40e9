"""A strip across the window for what must not be overlooked: practice, a held outbox, a sign-in that ended."""

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from workstation.domain.text import LazyText
from workstation.i18n import render
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import margins
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign

_INK = {"practice": "on_practice", "danger": "on_danger"}
"""Strips of these tones are filled with it; the others are only tinted."""


class BannerText(msgspec.Struct, frozen=True):
    """What a strip says; `action` is what its button does, told by `id`."""

    id: str
    text: LazyText
    tone: str = "warn"
    icon: str = "triangle-alert"
    action: LazyText | None = None


class Banner(Retranslating):
    """One strip."""

    acted = Signal(str)

    def __init__(self, content: BannerText, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self.setProperty("banner", content.tone)
        row = QHBoxLayout(self)
        margins(row, 14, 4, 8, 4)
        row.setSpacing(10)
        self._sign = QLabel()
        self._text = Paragraph()
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        if content.action is not None:
            button = TextButton(content.action)
            button.clicked.connect(lambda: self.acted.emit(content.id))
            row.addWidget(button)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the text in the language spoken now."""
        text = render(self.content.text)
        self._text.setText(text)
        self.setAccessibleName(text)
        self._sign.setPixmap(sign(self.content.icon, _INK.get(self.content.tone, self.content.tone)))


class Banners(QWidget):
    """The strips in force, most urgent first; one per id."""

    acted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: dict[str, Banner] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setVisible(False)

    def put(self, content: BannerText) -> None:
        """Show it, or show it changed."""
        old = self._shown.get(content.id)
        if old is not None and old.content == content:
            return
        self.drop(content.id)
        banner = Banner(content)
        banner.acted.connect(self.acted)
        self._shown[content.id] = banner
        self._column.addWidget(banner)
        self.setVisible(True)

    def drop(self, name: str) -> None:
        """Take it away, if it is there."""
        banner = self._shown.pop(name, None)
        if banner is not None:
            self._column.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._shown))

    def __contains__(self, name: object) -> bool:
        return name in self._shown
