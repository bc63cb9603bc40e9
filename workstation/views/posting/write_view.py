"""Where a post is written: the text of all channels, its pictures and its time, and beside them each channel."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from workstation.domain.messages import Micros
from workstation.domain.posts import Part, Post
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import _, formats, render
from workstation.services.drafting import Block
from workstation.services.posting import Channels, Examined
from workstation.services.settings import Settings
from workstation.views.case.editor_frame import EditorFrame
from workstation.views.deck.content import ChannelFace
from workstation.views.desk_actions import DeskActions
from workstation.views.posting.pictures import PictureBox
from workstation.views.posting.ticket import ChannelTicket
from workstation.views.posting.when import WhenBox
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.empty import EmptyState
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import keep_in, margins
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign

TOOLS = (
    ("layout-template", "posts.template", lazy("Insert a template")),
    ("braces", "posts.placeholder", lazy("Next unfilled placeholder")),
    ("triangle-alert", "posts.spoiler", lazy("Content warning")),
    ("calendar-clock", "posts.when", lazy("Send at a time")),
)


class WriteView(Retranslating):
    """A post in, what is written of it out."""

    edited = Signal()

    def __init__(self, actions: DeskActions, settings: Settings, now: Callable[[], Micros], window: QWidget) -> None:
        super().__init__()
        self._actions, self._now = actions, now
        self._post = self._shown = Post()
        self._examined = Examined()
        self._loading = False
        self._passed_on = ""
        self.tickets: dict[int, ChannelTicket] = {}
        self.frame = EditorFrame()
        self.editor, self.spoiler, self.language = self.frame.text, self.frame.spoiler, self.frame.language
        self.pictures = PictureBox(actions)
        self.when = WhenBox(settings, now, window)
        self._build()
        self._connect()
        self.retranslate()

    # -- building --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._title, self._about = Paragraph(), Paragraph()
        self._title.setProperty("role", "heading")
        self._about.setProperty("role", "secondary")
        self._drafts = TextButton(lazy("Other drafts"), icon="file", role="quiet")
        self._drafts.follow(self._actions["posts.drafts"])
        left = QWidget()
        left.setProperty("role", "bare")
        column = QVBoxLayout(left)
        margins(column, 0, 0, 8, 0)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._drafts)
        column.addLayout(head)
        column.addWidget(self._about)
        self.frame.setMinimumHeight(160)
        column.addWidget(self.frame, 1)
        column.addWidget(self.pictures)
        column.addWidget(self.when)
        area = _scrolled(left)
        lower = QWidget()
        foot = QVBoxLayout(lower)
        margins(foot, 0, 0, 8, 0)
        foot.setSpacing(8)
        foot.addWidget(area, 1)
        foot.addWidget(self._strip())
        self.foot = self._foot()
        foot.addWidget(self.foot)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        keep_in(self.parts)
        self.parts.setChildrenCollapsible(False)
        self.parts.setHandleWidth(8)
        self.parts.addWidget(lower)
        self.parts.addWidget(self._channels())
        self.parts.setSizes([620, 480])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.parts)

    def _channels(self) -> QWidget:
        inside = QWidget()
        inside.setProperty("role", "bare")
        self._list = QVBoxLayout(inside)
        margins(self._list, 0, 0, 8, 0)
        self._list.setSpacing(10)
        self._heading = Paragraph()
        self._heading.setProperty("role", "heading")
        self.nobody = EmptyState("plug", lazy("No channel yet"), lazy("Connect a channel, then post on it."),
                                 lazy("Connect a channel"))  # fmt: skip
        self._list.addWidget(self._heading)
        self._list.addWidget(self.nobody)
        self._list.addStretch(1)
        return _scrolled(inside)

    def _strip(self) -> QWidget:
        self._strip_frame = QFrame()
        self._strip_frame.setProperty("role", "card")
        self._sign, self._words = QLabel(), Paragraph()
        row = QHBoxLayout(self._strip_frame)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        return self._strip_frame

    def _foot(self) -> QWidget:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for icon, name, words in TOOLS:
            button = IconButton(icon, words)
            button.follow(self._actions[name])
            row.addWidget(button)
        row.addStretch(1)
        self._discard = TextButton(lazy("Throw away"), role="quiet")
        self._discard.follow(self._actions["posts.discard"])
        self._send = TextButton(lazy("Send"), icon="send", role="primary")
        self._send.clicked.connect(lambda: self._actions.run("posts.send"))
        row.addWidget(self._discard)
        row.addWidget(self._send)
        return foot

    def _connect(self) -> None:
        self.editor.textChanged.connect(self._changed)
        self.spoiler.textChanged.connect(self._changed)
        self.pictures.edited.connect(self._changed)
        self.when.edited.connect(self._changed)
        self.language.follow(self._actions["posts.language"])

    def _changed(self) -> None:
        if not self._loading:
            self.edited.emit()

    # -- data in ---------------------------------------------------------------------------------------------------

    def show_channels(self, channels: Sequence[Channels], faces: Mapping[int, ChannelFace]) -> bool:
        """Offer these channels; whether any is new or gone, so that the post is to be put again."""
        gone = set(self.tickets) - {channel.id for channel in channels}
        for number in gone:
            ticket = self.tickets.pop(number)
            self._list.removeWidget(ticket)
            ticket.hide()
            ticket.deleteLater()
        fresh = False
        for channel in channels:
            known = self.tickets.get(channel.id)
            if known is not None:
                known.show_channel(channel)
                continue
            fresh = True
            ticket = self.tickets[channel.id] = ChannelTicket(channel, faces[channel.id], self._now)
            ticket.edited.connect(self._changed)
            self._list.insertWidget(self._list.count() - 1, ticket)
        self.nobody.setVisible(not self.tickets)
        return fresh or bool(gone)

    def put(self, post: Post, usual: Mapping[int, Part], gone: Mapping[int, LazyText], passed_on: str = "") -> None:
        """Write on at `post`: `usual` is what each channel gets once it is chosen, `gone` why one is closed."""
        self._loading = True
        self._post, self._passed_on = post, passed_on
        if post.text != self.editor.toPlainText():
            self.editor.setPlainText(post.text)
            self.editor.put_caret(post.caret)
        if post.spoiler != self.spoiler.text():
            self.spoiler.setText(post.spoiler)
        self.spoiler.setVisible(bool(post.spoiler))
        self.language.show_language(post.language)
        self.pictures.show_pictures(post.pictures)
        self.when.put(post.at)
        for number, ticket in self.tickets.items():
            ticket.put(post, usual[number], gone.get(number))
        self._loading = False
        self.retranslate()

    def identify(self, post: Post) -> None:
        """The post that is written has a number now, or other pictures; what was written stays."""
        self._post = msgspec.structs.replace(self._post, id=post.id, pictures=post.pictures)

    def post(self) -> Post:
        """The post as it is written now."""
        parts = (ticket.part() for ticket in self.tickets.values())
        return msgspec.structs.replace(
            self._post,
            text=self.editor.toPlainText(),
            spoiler=self.spoiler.text().strip(),
            language=self.language.value,
            parts=tuple(part for part in parts if part is not None),
            pictures=self.pictures.values(),
            at=self.when.at(),
            caret=self.editor.caret(),
        )

    def show_examined(self, post: Post, examined: Examined, pictures: tuple[QPixmap, ...]) -> None:
        """Show what stands in the way, and how it will look on each channel."""
        self._examined, self._shown = examined, post
        for number, ticket in self.tickets.items():
            ticket.follow(post)
            ticket.show_check(post, examined.parts.get(number), pictures)
        self._write_state()

    def show_kept(self, kept: bool) -> None:
        """Say whether the draft is journalled."""
        self.frame.state.setText(_("Draft kept") if kept else "")

    def show_drafts(self, others: int) -> None:
        """Offer the other drafts, if there are any."""
        self._drafts.setVisible(others > 0)

    # -- what stands in the way ------------------------------------------------------------------------------------

    @property
    def sendable(self) -> bool:
        """Whether nothing stands in the way."""
        return self._examined.sendable

    def go(self) -> None:
        """Go to what stands in the way."""
        for number, check in self._examined.parts.items():
            ticket = self.tickets.get(number)
            blank = next((one for one in check.obstacles if one.start >= 0), None)
            if ticket is None or check.sendable:
                continue
            own = ticket.differs.isChecked()
            editor = ticket.editor if own else self.editor
            if blank is not None:
                editor.select(blank.start, blank.end)
            else:
                editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        first = next((ticket for ticket in self.tickets.values() if ticket.chosen.isEnabled()), None)
        if not self._examined.parts and first is not None:
            first.chosen.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._examined.obstacles:
            self.when.moment.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_spoiler(self) -> None:
        """Open the line for a content warning, or close it with its text."""
        shown = self.spoiler.isVisibleTo(self)
        if shown:
            self.spoiler.clear()
        self.spoiler.setVisible(not shown)
        (self.editor if shown else self.spoiler).setFocus()

    # -- words -----------------------------------------------------------------------------------------------------

    def _write_state(self) -> None:
        post = self._shown
        obstacles = [render(text) for text in self._examined.obstacles]
        blocked = [
            self.tickets[number].channel.name
            for number, check in self._examined.parts.items()
            if number in self.tickets and any(one.kind is not Block.EMPTY for one in check.obstacles)
        ]
        if blocked:
            obstacles.append(_("Not possible yet on {channels}.", channels=formats().list(blocked)))
        hints = [render(text) for text in self._examined.hints]
        # An empty page is not scolded.
        told = [] if post.empty else obstacles or hints
        self._strip_frame.setVisible(bool(told))
        self._words.setText(" ".join(told))
        self._sign.setPixmap(sign("circle-alert" if obstacles else "info", "danger" if obstacles else "warn", 16))
        self._send.setEnabled(self.sendable)
        count = len(self._examined.parts)
        if post.at:
            self._send.rename(lazy_plural("Plan for {count} channel", "Plan for {count} channels", count))
        else:
            self._send.rename(lazy_plural("Send to {count} channel", "Send to {count} channels", count))

    def retranslate(self) -> None:
        """Write the texts in the language spoken now; what was written stays."""
        post = self._post
        editing, passing = bool(post.replaces), bool(post.source)
        self._title.setText(_("Change a planned post") if editing else _("Pass on") if passing else _("New post"))
        waits = _("Until you plan it anew it goes out as it was.") if editing else ""
        self._about.setText(self._passed_on or waits)
        self._about.setVisible(bool(self._about.text()))
        self.frame.caption.setText(_("For all channels"))
        self.editor.setAccessibleName(_("Text for all channels"))
        self.editor.setPlaceholderText(_("Write once, for all channels; what differs on one is written there"))
        self.spoiler.setPlaceholderText(_("Content warning: readers see this first"))
        self.spoiler.setAccessibleName(_("Content warning"))
        self._heading.setText(_("Where it goes, and how it will look"))
        self._write_state()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.editor.rehighlight()


def _scrolled(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area
