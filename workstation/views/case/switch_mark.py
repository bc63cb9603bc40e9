"""The line in a thread where a conversation changed its way: from public to private, to another channel, or back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from workstation.domain.messages import Message
from workstation.domain.text import LazyText, lazy
from workstation.domain.ties import is_private
from workstation.i18n import render
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign


def switched(before: Message, after: Message, channel: str = "") -> tuple[LazyText, str] | None:
    """What changed from one message to the next, with an icon; None where they go the same way.

    `channel` names the channel of the second one.
    """
    moved = before.channel != after.channel and bool(channel)
    private = is_private(after.visibility)
    if is_private(before.visibility) == private:
        return (lazy("Goes on on {channel}", channel=channel), "corner-up-left") if moved else None
    if private:
        text = lazy("Goes on in private on {channel}", channel=channel) if moved else lazy("From here on in private")
        return text, "lock"
    text = lazy("Goes on in public on {channel}", channel=channel) if moved else lazy("From here on in public")
    return text, "globe"


class SwitchMark(Retranslating):
    """A thin line with words in its middle."""

    def __init__(self, words: LazyText, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self._icon = words, icon
        self._sign, self._text = QLabel(), Paragraph()
        self._text.setProperty("role", "small")
        self._text.setWordWrap(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 4, 2)
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self.retranslate()

    def show_words(self, words: LazyText, icon: str) -> None:
        """Say something else."""
        self.words, self._icon = words, icon
        self.retranslate()

    def retranslate(self) -> None:
        """Write the text in the language spoken now."""
        text = render(self.words)
        self._text.setText(text)
        self.setAccessibleName(text)
        self._sign.setPixmap(sign(self._icon, "secondary", 16))
