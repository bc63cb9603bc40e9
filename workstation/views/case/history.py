"""What the person wrote before, on whatever channel, which accounts they have, and their other cases."""

from collections.abc import Mapping

import msgspec
from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.cases import Case, Entry
from workstation.domain.messages import Author, Micros, Visibility
from workstation.domain.people import Sign, Suggestion
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, isolate, ngettext, render
from workstation.views import masking, wording
from workstation.views.case.channel_mark import channel_mark
from workstation.views.case.words import STATUS, VISIBILITY
from workstation.views.deck.content import NO_CHANNEL, ChannelFace
from workstation.views.desk_actions import DeskActions
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating

ROLE = Qt.ItemDataRole.UserRole
PREVIEW = 140
NAMED = 4
"""Accounts that are named above the history; the rest is counted."""

SIGNS: dict[Sign, LazyText] = {
    Sign.HANDLE: lazy("same name"),
    Sign.MAIL: lazy("same mail address"),
    Sign.WEBSITE: lazy("same website"),
}


class PersonView(msgspec.Struct, frozen=True):
    """A human as the desk knows them: the account one looks at first."""

    accounts: tuple[Author, ...]
    entries: tuple[Entry, ...] = ()
    others: tuple[Case, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


class _Roomy(QStyledItemDelegate):
    """Rows with room for letters taller than the type's own: their second line would go for the want of a pixel."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # type: ignore[override]
        """Half a line higher than needed."""
        return super().sizeHint(option, index) + QSize(0, option.fontMetrics.height() // 2)


class HistoryView(Retranslating):
    """Messages of one person, newest first; Enter opens one. More can be asked of the network."""

    opened = Signal(object)
    more_wanted = Signal()

    def __init__(self, actions: DeskActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._person = PersonView(())
        self._faces: Mapping[int, ChannelFace] = {}
        self._now: Micros = 0
        self._stale = True
        self._about, self._accounts = Paragraph(), Paragraph()
        self._about.setProperty("role", "secondary")
        self._accounts.setProperty("role", "small")
        self._hint = Paragraph()
        self._hint.setProperty("role", "warning")
        self._who = TextButton(lazy("Accounts of this person"), icon="users")
        self._who.follow(actions["case.person"])
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setItemDelegate(_Roomy(self.list))
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(lambda item: self.opened.emit(item.data(ROLE)))
        self._more = TextButton(lazy("Ask the network for more"), icon="download")
        self._more.clicked.connect(self.more_wanted)
        # Side by side they would keep the whole case wide, even while another of its tabs is shown.
        foot = QWidget()
        buttons = FlowLayout(foot, end=(self._more,))
        for button in (self._who, self._more):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(8)
        for widget in (self._about, self._accounts, self._hint):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        column.addWidget(foot)
        self.retranslate()

    def show_person(self, person: PersonView, faces: Mapping[int, ChannelFace], now: Micros) -> None:
        """Show a person; `faces` are the channels' looks by id."""
        self._person, self._faces, self._now = person, faces, now
        self._write_rows()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.list.setAccessibleName(_("The person’s earlier messages, on all channels"))
        self._write_rows()

    def showEvent(self, event: QShowEvent) -> None:
        """Write what was told meanwhile."""
        super().showEvent(event)
        if self._stale:
            self._write_rows()

    def _write_rows(self) -> None:
        """Write who and what, once somebody looks: most cases are done without a look at this page."""
        self._stale = not self.isVisible()
        row = self.list.currentRow()
        self.list.clear()  # what an earlier case left is gone at once
        if self._stale:
            for label in (self._about, self._accounts, self._hint):
                self._write(label, "")
            return
        self._write(self._about, self._summary())
        self._write(self._accounts, self._account_words())
        self._write(self._hint, self._hint_words())
        for entry in self._person.entries:
            item = QListWidgetItem(self._line(entry))
            item.setIcon(channel_mark(self._faces.get(entry.message.channel, NO_CHANNEL)))
            item.setData(ROLE, entry)
            self.list.addItem(item)
        self.list.setCurrentRow(max(0, row) if self._person.entries else -1)

    def changeEvent(self, event: QEvent) -> None:
        """Lay the rows out anew with the type: the list would keep the heights of the one before."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.LanguageChange):
            QTimer.singleShot(0, self.list, self.list.doItemsLayout)

    @staticmethod
    def _write(label: Paragraph, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _summary(self) -> str:
        person = self._person
        if not person.accounts:
            return ""
        parts = []
        followers = max(account.followers for account in person.accounts)
        if followers:
            parts.append(ngettext("{count} follower", "{count} followers", followers))
        parts.append(ngettext("{count} message known here", "{count} messages known here", len(person.entries)))
        if person.others:
            parts.append(ngettext("{count} other open case", "{count} other open cases", len(person.others)))
        return " · ".join(parts)

    def _account_words(self) -> str:
        accounts = self._person.accounts
        if len(accounts) < 2:
            return ""
        named = [masking.handle(account) for account in accounts[:NAMED]]
        if len(accounts) > NAMED:
            named.append(ngettext("{count} more", "{count} more", len(accounts) - NAMED))
        return _("One person: {accounts}", accounts=formats().list(named))

    def _hint_words(self) -> str:
        suggested = self._person.suggestions
        if not suggested:
            return ""
        first = suggested[0]
        signs = formats().list([render(SIGNS[sign]) for sign in first.signs])
        if len(suggested) == 1:
            handle = masking.handle(first.author)
            return _("Perhaps the same person: {handle} ({reasons})", handle=handle, reasons=signs)
        return ngettext(
            "Perhaps the same person: {handle} ({reasons}), and {count} more",
            "Perhaps the same person: {handle} ({reasons}), and {count} more",
            len(suggested) - 1,
            handle=masking.handle(first.author),
            reasons=signs,
        )

    def _line(self, entry: Entry) -> str:
        message = entry.message
        text = " ".join(masking.text(message.spoiler or wording.text(message)).split())[:PREVIEW]
        when = formats().age(message.created_at, self._now)
        channel = self._faces.get(message.channel, NO_CHANNEL).name
        account = masking.handle(message.author) if len(self._person.accounts) > 1 else ""
        status = render(STATUS[entry.case.status]) if entry.case is not None else ""
        seen = render(VISIBILITY[message.visibility]) if message.visibility is Visibility.DIRECT else ""
        about = " · ".join(part for part in (when, channel, account, seen, status) if part)
        return f"{about}\n{isolate(text)}"
