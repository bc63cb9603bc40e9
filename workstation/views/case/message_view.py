"""One message of a thread: who, when, what, what became of it, and pictures only when they are asked for."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from workstation.domain.messages import Author, Kind, Mark, Media, MediaKind, Message, Micros, Revision, Visibility
from workstation.domain.reading import own_words, remark, title_and_body
from workstation.i18n import _, formats, ngettext, render
from workstation.views import masking, softening, theme, wording
from workstation.views.case.translation.under import Slot
from workstation.views.case.words import KIND, VISIBILITY, doubtful_language
from workstation.views.widgets.avatar import Avatar
from workstation.views.widgets.chips import ChipRow
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Elided, StrangerText, plain_tip
from workstation.views.widgets.marking import mark
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import tinted

MEDIA_ICON = {MediaKind.IMAGE: "image", MediaKind.VIDEO: "video", MediaKind.AUDIO: "music", MediaKind.OTHER: "file"}
THUMBNAIL = 220
NOTHING = Message(0, 0, "", Kind.POST, Author("", "", "", ""), "", 0, 0)
"""What a view shows that waits to be used again."""


class MediaTile(QToolButton):
    """One attachment: what it shows in words; the picture after a click."""

    wanted = Signal(object)
    file_wanted = Signal(object)
    """The file is to be saved."""
    seen = Signal(bool)
    """The picture is on the screen; whether as it is although it was softened."""

    def __init__(self, media: Media, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.media = media
        self._asked = False
        self._picture: QPixmap | None = None
        self._clear = False
        self._busy = False
        self.guarded = False
        """Whether it is loaded only when it is asked for twice."""
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.clicked.connect(self._pressed)
        self.setProperty("role", "file")
        self.retranslate()

    def _pressed(self) -> None:
        """A picture that is softened is shown as it is; pressed again, softened once more."""
        if self._picture is None or not softening.softens():
            self.ask()
            return
        self._clear = not self._clear
        self._draw(self._picture)
        if self._clear:
            self.seen.emit(True)

    def ask(self) -> None:
        """Ask for the picture, once."""
        if self.guarded and not softening.lifted():
            self.guarded = False
            self.setText(_("Hidden for you. Ask again to see it"))
            return
        if self.media.name:
            if not self._busy:
                self.file_wanted.emit(self.media)
            return
        if not self._asked and self.media.kind is not MediaKind.AUDIO:
            self._asked = True
            self.wanted.emit(self.media)

    def retranslate(self) -> None:
        """Say what it is."""
        words = {
            MediaKind.IMAGE: _("Picture"),
            MediaKind.VIDEO: _("Film"),
            MediaKind.AUDIO: _("Sound"),
            MediaKind.OTHER: _("File"),
        }
        alt = masking.text(self.media.alt) or _("without a description")
        text = _("{kind}: {description}", kind=words[self.media.kind], description=alt)
        if self.media.name:
            text = self._file_words()
        self.setAccessibleName(text)
        metrics = self.fontMetrics()
        # In the middle: the end of a file's name says what it is.
        self.setText(metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, 36 * metrics.averageCharWidth()))
        self.setToolTip(
            _("Save the file. Open files of strangers with care")
            if self.media.name
            else _("Load the picture: the network will see that somebody looked")
        )
        if self._picture is not None:
            self._draw(self._picture)
        if not self._asked or masking.on():
            side = theme.current().measures.icon
            self.setIconSize(QSize(side, side))
            self.setIcon(tinted("paperclip" if self.media.name else MEDIA_ICON[self.media.kind]))

    def _file_words(self) -> str:
        name = masking.text(self.media.name)
        if self._busy:
            return _("{name}: is being fetched…", name=name)
        size = formats().size(self.media.size) if self.media.size else ""
        return _("{name} ({size})", name=name, size=size) if size else name

    def show_picture(self, picture: QPixmap) -> None:
        """Show what was loaded, its description beneath."""
        self._picture = picture
        self._draw(picture)
        self.seen.emit(False)
        self.retranslate()

    def _draw(self, picture: QPixmap) -> None:
        picture = picture if self._clear else softening.picture(picture)
        small = picture.scaled(
            THUMBNAIL, THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(small.size())
        self.setIcon(small)
        self.setToolTip(plain_tip(self.accessibleName()))

    def set_busy(self, busy: bool) -> None:
        """The file is being fetched, or no longer."""
        self._busy = busy
        self.setEnabled(not busy)
        self.retranslate()

    def fail(self, reason: str) -> None:
        """Say why there is no picture; it may be asked for again."""
        self._asked = False
        self.setToolTip(plain_tip(reason))
        self.setText(reason)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class MessageView(Retranslating):
    """A message. It takes the focus, so that the network's actions have something they are about."""

    picked = Signal(object)
    media_wanted = Signal(object, object)
    """Message and MediaTile."""
    file_wanted = Signal(object, object)
    """Message and MediaTile whose file is to be saved."""
    pictured = Signal(object, bool)
    """A picture of the message is on the screen; whether one that was softened is shown as it is."""
    revisions_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, message: Message, now: Micros, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self._now = now
        self.tiles: list[MediaTile] = []
        self._earlier: list[tuple[QLabel, Revision]] = []
        self._covered = False
        self._repeated = 0
        """Lines that are quoted and not shown."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda at: self.menu_wanted.emit(self.message, self.mapToGlobal(at)))
        self._build()
        self.show_message(message, now)

    def _build(self) -> None:
        self._avatar = Avatar(self.message.author)
        self._name, self._handle = Elided(), Elided()
        self._name.setProperty("role", "heading")
        self._handle.setProperty("role", "small")
        self._time = QLabel()
        self._time.setProperty("role", "small")
        who = QVBoxLayout()
        who.setSpacing(0)
        who.addWidget(self._name)
        who.addWidget(self._handle)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(who, 1)
        top.addWidget(self._time, 0, Qt.AlignmentFlag.AlignTop)
        self._spoiler = StrangerText()
        self._spoiler.setProperty("role", "warning")
        self._title = StrangerText()
        self._title.setProperty("role", "heading")
        self._text = StrangerText()
        self._quoted = QToolButton()
        self._quoted.setCheckable(True)
        self._quoted.toggled.connect(lambda _on: self._show_text())
        self._unfold = QToolButton()
        self._unfold.clicked.connect(self._reveal)
        self._chips = ChipRow()
        self._media = QWidget()
        self._media_row = FlowLayout(self._media, gap=8)
        self._history = QToolButton()
        self._history.clicked.connect(lambda: self.revisions_wanted.emit(self.message))
        self._versions = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addLayout(top)
        for widget in (
            self._spoiler,
            self._unfold,
            self._title,
            self._text,
            self._quoted,
            self._media,
            self._chips,
            self._history,
        ):
            column.addWidget(widget)
        column.addLayout(self._versions)
        self.translation = Slot(column, self._text)

    def begin(self, message: Message, now: Micros) -> None:
        """Show another message; nothing of the one before is left, neither what was unfolded nor its pictures."""
        self._fill_media(())
        self.translation.show(None)
        self._forget_revisions()
        self._quoted.setChecked(False)
        self.show_message(message, now)

    def empty_out(self) -> None:
        """Show and hold nothing: the view waits, hidden, for another message."""
        self.hide()
        self.set_current(False)
        self.begin(NOTHING, 0)

    def show_message(self, message: Message, now: Micros) -> None:
        """Show another state of the message: an edit, a deletion, other marks."""
        changed = message.media != self.message.media or not self.tiles
        self.message, self._now = message, now
        if changed:
            self._fill_media(message.media)
        mark(self, "message", "own" if message.own else "theirs")
        self._avatar.show_author(message.author)
        self._covered = bool(message.spoiler)
        self._show_text()
        self._unfold.setVisible(bool(message.spoiler))
        self._spoiler.show_text(message.spoiler, message.language)
        self._spoiler.setVisible(bool(message.spoiler))
        self.retranslate()

    def _show_text(self) -> None:
        """The title, and the text without what it only repeats, unless that was asked for."""
        message, whole = self.message, self._quoted.isChecked()
        title, body = title_and_body(wording.worded(message))
        own = own_words(body)
        self._repeated = sum(line.startswith(">") for line in body.split("\n")) if own != body else 0
        self._title.show_text(title, message.language)
        self._title.setVisible(bool(title) and not self._covered)
        shown = body if whole else own
        self._text.show_text(shown, message.language)
        self._text.setVisible(bool(shown) and not self._covered)
        self._quoted.setVisible(own != body and not self._covered)
        self._name_quoted()

    def _name_quoted(self) -> None:
        lines = max(1, self._repeated)
        self._quoted.setText(
            _("Hide what is quoted")
            if self._quoted.isChecked()
            else ngettext("Show {count} quoted line", "Show {count} quoted lines", lines)
        )

    def _fill_media(self, media: Sequence[Media]) -> None:
        for tile in self.tiles:
            self._media_row.removeWidget(tile)
            tile.deleteLater()
        self.tiles = [MediaTile(item, self._media) for item in media[:8]]
        for tile in self.tiles:
            tile.guarded = softening.hides(self.message)
            tile.seen.connect(lambda clear: self.pictured.emit(self.message, clear))
            tile.wanted.connect(lambda _media, tile=tile: self.media_wanted.emit(self.message, tile))
            tile.file_wanted.connect(lambda _media, tile=tile: self.file_wanted.emit(self.message, tile))
            self._media_row.addWidget(tile)
        self._media.setVisible(bool(self.tiles))

    def load_media(self) -> None:
        """Ask for all pictures of this message."""
        for tile in self.tiles:
            if not tile.media.name:
                tile.ask()

    def set_current(self, current: bool) -> None:
        """Be, or no longer be, what the network's actions are about."""
        mark(self, "current", current)

    def show_revisions(self, revisions: Sequence[Revision]) -> None:
        """Show what the message said before its edits, oldest first; asked again, hide it."""
        shown = bool(self._earlier)
        self._forget_revisions()
        if not shown:
            for revision in revisions:
                label = StrangerText()
                label.setProperty("role", "secondary")
                self._versions.addWidget(label)
                self._earlier.append((label, revision))
        self.retranslate()

    def _forget_revisions(self) -> None:
        for label, _revision in self._earlier:
            self._versions.removeWidget(label)
            label.deleteLater()
        self._earlier.clear()

    def set_now(self, now: Micros) -> None:
        """Write the age anew."""
        self._now = now
        self._time.setText(formats().age(self.message.created_at, now))

    def _reveal(self) -> None:
        self._covered = not self._covered
        self._show_text()
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        message = self.message
        shown = masking.message(message).author
        self._name.setText(shown.name or shown.handle)
        self._handle.setText(shown.handle)
        self.set_now(self._now)
        self._time.setToolTip(formats().datetime(message.created_at, "full"))
        self._unfold.setText(_("Show the text") if self._covered else _("Hide the text"))
        if remark(message) is not None:
            self._show_text()
        self._name_quoted()
        self._history.setVisible(message.revision > 0)
        self._history.setText(
            ngettext("{count} earlier version", "{count} earlier versions", message.revision)
            if not self._earlier
            else _("Hide earlier versions")
        )
        for label, revision in self._earlier:
            when = formats().datetime(revision.at)
            label.setText(_("{time}: {text}", time=when, text=masking.text(revision.text)))
        self._write_chips()
        self.setAccessibleName(self._spoken())

    def _write_chips(self) -> None:
        facts = self._facts()
        self._chips.show_facts(facts)
        self._chips.setVisible(bool(facts))

    def _facts(self) -> list[tuple[str, str]]:
        message = self.message
        found: list[tuple[str, str]] = []
        if message.deleted_at:
            found.append((_("Deleted on the network"), "danger"))
        if message.revision:
            found.append((_("Edited"), "warn"))
        if message.visibility is not Visibility.PUBLIC:
            found.append((render(VISIBILITY[message.visibility]), ""))
        if message.kind not in (Kind.POST, Kind.MENTION, Kind.BOOST):
            found.append((render(KIND[message.kind]), "accent"))
        if message.author.bot:
            found.append((_("Bot"), ""))
        if spoken := doubtful_language(message):
            found.append((spoken, ""))
        marks = {
            Mark.FAVOURITED: (_("We favourited it"), "ok"),
            Mark.BOOSTED: (_("We boosted it"), "ok"),
            Mark.SENSITIVE: (_("Sensitive"), "warn"),
            Mark.SPAM: (_("Spam"), "danger"),
            Mark.RESOLVED: (_("Report closed"), "ok"),
            Mark.JUNK: (_("Spam"), "danger"),
            Mark.HELD: (_("Waits for approval"), "warn"),
            Mark.HIDDEN: (_("Hidden"), "warn"),
            Mark.TRASHED: (_("In the trash"), "warn"),
            Mark.AUTOMATIC: (_("Automatic"), ""),
            Mark.ENCRYPTED: (_("Encrypted"), "warn"),
        }
        return found + [marks[mark] for mark in message.marks if mark in marks]

    def _spoken(self) -> str:
        message = self.message
        who = _("We") if message.own else masking.name(message.author)
        facts = formats().list([text for text, _tone in self._facts()])
        text = masking.text(message.spoiler or wording.text(message))
        age = formats().relative(message.created_at, self._now)
        spoken = _("{name}, {time}: {text}", name=who, time=age, text=text[:500])
        return f"{spoken} {facts}".strip()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Being looked at makes it what actions are about."""
        super().focusInEvent(event)
        self.picked.emit(self.message)
