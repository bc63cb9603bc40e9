"""What the customer wrote before, and their other cases."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workstation.domain.cases import Case, Entry
from workstation.domain.messages import Author, Micros
from workstation.domain.text import lazy
from workstation.i18n import _, formats, ngettext, render
from workstation.views.case.words import STATUS
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating

ROLE = Qt.ItemDataRole.UserRole
PREVIEW = 140


class HistoryView(Retranslating):
    """Messages of one customer, newest first; Enter opens one. More can be asked of the network."""

    opened = Signal(object)
    more_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._author: Author | None = None
        self._entries: tuple[Entry, ...] = ()
        self._others: tuple[Case, ...] = ()
        self._channels: Mapping[int, str] = {}
        self._now: Micros = 0
        self._about = Paragraph()
        self._about.setProperty("role", "secondary")
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.itemActivated.connect(lambda item: self.opened.emit(item.data(ROLE)))
        self._more = TextButton(lazy("Ask the network for more"), icon="download")
        self._more.clicked.connect(self.more_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(8)
        column.addWidget(self._about)
        column.addWidget(self.list, 1)
        column.addWidget(self._more)
        self.retranslate()

    def show_history(
        self,
        author: Author,
        entries: Sequence[Entry],
        others: Sequence[Case],
        channels: Mapping[int, str],
        now: Micros,
    ) -> None:
        """Show an author's messages and other open cases; `channels` names channels by id."""
        self._author, self._entries, self._others = author, tuple(entries), tuple(others)
        self._channels, self._now = channels, now
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.list.setAccessibleName(_("The customer’s earlier messages"))
        row = self.list.currentRow()
        self.list.clear()
        self._about.setText(self._summary())
        for entry in self._entries:
            item = QListWidgetItem(self._line(entry))
            item.setData(ROLE, entry)
            self.list.addItem(item)
        self.list.setCurrentRow(max(0, row) if self._entries else -1)

    def _summary(self) -> str:
        author = self._author
        if author is None:
            return ""
        parts = []
        if author.followers:
            parts.append(ngettext("{count} follower", "{count} followers", author.followers))
        parts.append(ngettext("{count} message known here", "{count} messages known here", len(self._entries)))
        if self._others:
            parts.append(ngettext("{count} other open case", "{count} other open cases", len(self._others)))
        return " · ".join(parts)

    def _line(self, entry: Entry) -> str:
        message = entry.message
        text = " ".join((message.spoiler or message.text).split())[:PREVIEW]
        when = formats().age(message.created_at, self._now)
        channel = self._channels.get(message.channel, "")
        status = render(STATUS[entry.case.status]) if entry.case is not None else ""
        about = " · ".join(part for part in (when, channel, status) if part)
        return f"{about}\n{text}"
