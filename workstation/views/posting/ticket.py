"""One channel of a post: whether it goes there, as whom, how public and how long it is, what differs, how it looks."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.domain.messages import Micros, Visibility
from workstation.domain.posts import Part, Post, Way
from workstation.domain.reading import account_as_written
from workstation.domain.text import LazyText
from workstation.i18n import _, render
from workstation.services.drafting import Block, Check
from workstation.services.posting import Channels
from workstation.views.case.editor import DraftEditor
from workstation.views.case.visibility_button import VisibilityButton
from workstation.views.deck.content import ChannelFace
from workstation.views.posting.counter import Counter
from workstation.views.posting.preview import Preview, message_of
from workstation.views.widgets.chips import Chip
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Elided, Paragraph
from workstation.views.widgets.marking import mark
from workstation.views.widgets.retranslating import Retranslating

LINES = 4
"""Lines of an editor of its own."""


class ChannelTicket(Retranslating):
    """A channel in, what goes to it out."""

    edited = Signal()

    def __init__(self, channel: Channels, face: ChannelFace, now: Callable[[], Micros]) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.channel, self._face, self._now = channel, face, now
        self._gone: LazyText | None = None
        self._passing = False
        self._target, self._boosts = "", False
        self._check: Check | None = None
        self.chosen = QCheckBox()
        self.differs, self.boost = QCheckBox(), QCheckBox()
        self.visibility = VisibilityButton()
        self.counter = Counter()
        self.spoiler, self.editor = QLineEdit(), DraftEditor()
        self.preview = Preview(now)
        self._account, self._world = Elided(), Chip()
        self._account.setProperty("role", "secondary")
        self._wrong = Paragraph()
        self._wrong.setProperty("role", "error")
        self._build()
        self._connect()
        self.show_channel(channel)

    def _build(self) -> None:
        about = QWidget()
        words = FlowLayout(about, gap=10)
        for part in (self.chosen, self._world):
            words.addWidget(part)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(about, 1)
        head.addWidget(self.counter, 0, Qt.AlignmentFlag.AlignTop)
        self._choices = QWidget()
        choices = FlowLayout(self._choices, gap=10)
        for choice in (self.visibility, self.boost, self.differs):
            choices.addWidget(choice)
        self._own = QWidget()
        own = QVBoxLayout(self._own)
        own.setContentsMargins(0, 0, 0, 0)
        own.addWidget(self.spoiler)
        frame = QWidget()
        frame.setObjectName("own")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.editor)
        own.addWidget(frame)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        column.addLayout(head)
        for widget in (self._account, self._choices, self._own, self._wrong, self.preview):
            column.addWidget(widget)

    def _connect(self) -> None:
        self.chosen.toggled.connect(self._changed)
        self.boost.toggled.connect(self._changed)
        self.differs.toggled.connect(self._differ)
        self.editor.textChanged.connect(self._changed)
        self.spoiler.textChanged.connect(self._changed)
        self.visibility.picked.connect(lambda _value: self._changed())

    def _changed(self) -> None:
        self._arrange()
        self.edited.emit()

    def _differ(self, differs: bool) -> None:
        self._arrange()
        if differs:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    # -- data in ---------------------------------------------------------------------------------------------------

    def show_channel(self, channel: Channels) -> None:
        """The channel was signed in or out, or can do something else now."""
        self.channel = channel
        offered = channel.capabilities.visibilities
        value = self.visibility.value if self.visibility.value in offered else next(iter(offered), Visibility.PUBLIC)
        # Everything is as wide as it can be beside nothing that it answers: there is no warning of "wider".
        self.visibility.offer(offered, Visibility.PUBLIC, value)
        self.retranslate()

    def put(self, post: Post, usual: Part, gone: LazyText | None) -> None:
        """Show what `post` says of this channel; `usual` is what it gets once it is chosen, `gone` why it is closed."""
        part = post.part(self.channel.id)
        shown = part or usual
        self._gone, self._passing = gone, bool(post.source)
        self._target, self._boosts = usual.target, usual.way is Way.BOOST
        widgets = (self.chosen, self.differs, self.boost, self.editor, self.spoiler)
        for widget in widgets:
            widget.blockSignals(True)
        self.chosen.setChecked(part is not None)
        self.differs.setChecked(shown.text is not None or shown.spoiler is not None)
        self.boost.setChecked(shown.way is Way.BOOST)
        self.editor.setPlainText(post.text_on(shown))
        self.spoiler.setText(post.spoiler_on(shown))
        for widget in widgets:
            widget.blockSignals(False)
        self.visibility.offer(self.channel.capabilities.visibilities, Visibility.PUBLIC, shown.visibility)
        self.editor.rehighlight()
        self._arrange()

    def follow(self, post: Post) -> None:
        """The common text changed: what does not differ follows it."""
        if not self.differs.isChecked():
            for widget, text in ((self.editor, post.text), (self.spoiler, post.spoiler)):
                widget.blockSignals(True)
                widget.setPlainText(text) if isinstance(widget, DraftEditor) else widget.setText(text)
                widget.blockSignals(False)

    def part(self) -> Part | None:
        """What goes to this channel, or None."""
        if not self.chosen.isChecked():
            return None
        plain = Part(self.channel.id, visibility=self.visibility.value)
        if self._passing and self._boosts and self.boost.isChecked():
            return msgspec.structs.replace(plain, way=Way.BOOST, target=self._target)
        if not self.differs.isChecked():
            return plain
        return msgspec.structs.replace(plain, text=self.editor.toPlainText(), spoiler=self.spoiler.text().strip())

    def show_check(self, post: Post, check: Check | None, pictures: tuple[QPixmap, ...]) -> None:
        """Show the count, what stands in the way, and the card."""
        self._check = check
        part = post.part(self.channel.id)
        if part is not None and part.way is Way.WRITE:
            self.preview.show_message(message_of(post, part, self.channel, self._now()), self._face, pictures)
        self._arrange()
        self._write_check()

    # -- how it looks ----------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        chosen = self.chosen.isChecked() and self._gone is None
        boosted = self._passing and self._boosts and self.boost.isChecked()
        self.chosen.setEnabled(self._gone is None and (self.channel.reason is None or self.chosen.isChecked()))
        self._choices.setVisible(chosen)
        self.boost.setVisible(self._passing and self._boosts)
        self.differs.setVisible(not boosted)
        self._own.setVisible(chosen and self.differs.isChecked() and not boosted)
        self.preview.setVisible(chosen and not boosted)
        self.counter.setVisible(chosen and not boosted)
        mark(self, "chosen", "true" if chosen else "false")

    def _write_check(self) -> None:
        check = self._check
        told: list[str] = []
        if self._gone is not None:
            told = [render(self._gone)]
        elif check is not None:
            told = [render(one.text) for one in check.obstacles if one.kind is not Block.EMPTY]
        elif self.channel.reason is not None:
            told = [render(self.channel.reason)]
        self.counter.show_length(check.length if check is not None else None)
        self._wrong.setText(" ".join(dict.fromkeys(told)))
        self._wrong.setVisible(bool(told))
        mark(self._wrong, "role", "error" if check is not None and self._gone is None else "secondary")

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        channel = self.channel
        self.chosen.setText(channel.name)
        self.chosen.setAccessibleName(_("Post on {channel}", channel=channel.name))
        handle = account_as_written(channel.account.handle, channel.account.network)
        self._account.setText(_("as {account}", account=handle) if handle else "")
        self._account.setVisible(bool(handle))
        self._world.show_text(
            _("PRACTICE") if channel.practice else _("LIVE"), "practice" if channel.practice else "danger"
        )
        self.differs.setText(_("Differ here"))
        self.differs.setToolTip(_("Write something else for {channel}", channel=channel.name))
        self.boost.setText(_("Boost it there"))
        self.editor.setAccessibleName(_("Text on {channel}", channel=channel.name))
        self.spoiler.setPlaceholderText(_("Content warning: readers see this first"))
        self.spoiler.setAccessibleName(_("Content warning on {channel}", channel=channel.name))
        self.editor.setFixedHeight(self.editor.fontMetrics().lineSpacing() * LINES + 20)
        self.setAccessibleName(channel.name)
        self.counter.refresh()
        self._write_check()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and size too."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "editor"):
            self.editor.rehighlight()
            self.editor.setFixedHeight(self.editor.fontMetrics().lineSpacing() * LINES + 20)
