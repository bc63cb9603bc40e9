"""Where one writes a reply: to whom, as whom, how public, live or practice; what is wrong with the text; Send.

One editor today; the row of editors has room for a second one beside it ("Customer reads"). Last in it stands what one
looks up while one writes.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from workstation.domain.messages import Visibility
from workstation.domain.outbox import Act
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, render
from workstation.services.drafting import Block, Check, Obstacle
from workstation.views.case.editor import DraftEditor
from workstation.views.case.visibility_button import VisibilityButton
from workstation.views.case.words import UNIT
from workstation.views.case.writing_language import LanguageButton
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import Scope
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.chips import BrokenChip
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Breaking, Elided
from workstation.views.widgets.marking import mark
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign

if TYPE_CHECKING:
    from workstation.domain.channels import Length

WIDER = lazy("More people will see this than saw the message it answers.")
NEARLY = 0.9
"""Share of the limit from which the counter warns."""


class Target(msgspec.Struct, frozen=True):
    """What a reply is to and from: names for people, nothing that is sent."""

    act: Act
    to: str
    account: str
    channel: str
    practice: bool
    visibilities: tuple[Visibility, ...]
    original: Visibility
    language: str = ""


_TITLES = {Act.REPLY: lazy("Reply to {name}"), Act.EDIT: lazy("Edit our message")}


class Aside(QLabel):
    """A small word at the end of a line, as high as what the line begins with."""

    def __init__(self, beside: QWidget) -> None:
        super().__init__()
        self._beside = beside
        self.setProperty("role", "small")

    def sizeHint(self) -> QSize:
        """As wide as the word."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), self._beside.sizeHint().height()))


class EditorFrame(QFrame):
    """A captioned editor with a line for the content warning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editor")
        self.language = LanguageButton()
        self.caption, self.state = Breaking(), Aside(self.language)
        self.caption.setProperty("role", "small")
        self.spoiler = QLineEdit()
        self.spoiler.setVisible(False)
        self.text = DraftEditor()
        self.text.focused.connect(self._show_focus)
        top = QHBoxLayout()
        about = QWidget()
        words = FlowLayout(about, gap=10)
        for part in (self.caption, self.language):
            part.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            words.addWidget(part)
        top.addWidget(about, 1)
        top.addWidget(self.state, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.spoiler)
        column.addWidget(self.text, 1)

    def _show_focus(self, focused: bool) -> None:
        mark(self, "focused", focused)


class ComposerView(Retranslating):
    """The reply as a widget: data in, wishes out."""

    edited = Signal()
    send_wanted = Signal(bool)
    """Whether the case is to be resolved with it."""
    language_wanted = Signal()
    closed = Signal()

    def __init__(self, actions: DeskActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self._actions = actions
        self._target: Target | None = None
        self._obstacles: tuple[Obstacle, ...] = ()
        self._length: Length | None = None
        self._busy = False
        self._saved = False
        self._context: LazyText | None = None
        self.frame = EditorFrame()
        self.editor = self.frame.text
        self.language = self.frame.language
        self.language.follow(actions["composer.language"])
        self.visibility = VisibilityButton()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(8)
        column.addLayout(self._head())
        self.editors = QHBoxLayout()
        self.editors.setSpacing(12)
        self.editors.addWidget(self.frame, 1)
        column.addLayout(self.editors, 1)
        column.addWidget(self._strip())
        column.addWidget(self._foot())
        self.editor.textChanged.connect(self.edited)
        self.frame.spoiler.textChanged.connect(self.edited)
        self.visibility.picked.connect(lambda _value: self._visibility_changed())
        self._bind()
        self.retranslate()

    def _head(self) -> QHBoxLayout:
        self._title = Elided()
        self._title.setProperty("role", "heading")
        self._whom = Elided()
        self._whom.setProperty("role", "secondary")
        self._world = BrokenChip()
        close = IconButton("x", lazy("Close the reply"))
        close.follow(self._actions["composer.close"])
        about = QWidget()
        words = FlowLayout(about, gap=10, beside=(self.visibility, close))
        for label in (self._title, self._world, self._whom):
            label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            words.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(about, 1)
        row.addWidget(self.visibility, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _strip(self) -> QWidget:
        strip = QFrame()
        strip.setProperty("role", "card")
        self._sign, self._words = QLabel(), Elided()
        self._jump = TextButton(lazy("Go there"), role="link")
        self._jump.clicked.connect(self._go)
        row = QHBoxLayout(strip)
        row.setContentsMargins(12, 4, 12, 4)
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)
        row.addWidget(self._jump)
        self._strip_frame = strip
        return strip

    def _foot(self) -> QWidget:
        self._counter = QLabel()
        self._counter.setContentsMargins(8, 0, 8, 0)
        self._send_resolve = TextButton(lazy("Send and resolve"))
        self._send_resolve.clicked.connect(lambda: self.ask_send(resolve=True))
        self._send = TextButton(lazy("Send"), icon="send", role="primary")
        self._send.clicked.connect(lambda: self.ask_send(resolve=False))
        foot = QWidget()
        end = (self._counter, self._send_resolve, self._send)
        row = FlowLayout(foot, end=end)
        for icon, name, words in (
            ("layout-template", "composer.template", lazy("Insert a template")),
            ("braces", "composer.placeholder", lazy("Next unfilled placeholder")),
            ("file", "composer.articles", lazy("Articles beside the reply")),
            ("info", "composer.guideline", lazy("How we write here")),
            ("triangle-alert", "composer.spoiler", lazy("Content warning")),
        ):
            button = IconButton(icon, words)
            button.follow(self._actions[name])
            row.addWidget(button)
        # Into the row last: the keyboard goes the way the eye does.
        for widget in end:
            row.addWidget(widget)
        return foot

    def _bind(self) -> None:
        self._actions.attach(Scope.COMPOSER, self)
        self._actions.on("composer.send", lambda: self.ask_send(resolve=False))
        self._actions.on("composer.send_resolve", lambda: self.ask_send(resolve=True))
        self._actions.on("composer.placeholder", self.editor.next_blank)
        self._actions.on("composer.visibility", self.visibility.showMenu)
        self._actions.on("composer.language", self.language_wanted.emit)
        self._actions.on("composer.spoiler", self.toggle_spoiler)
        self._actions.on("composer.close", self.closed.emit)

    # -- data in ---------------------------------------------------------------------------------------------------

    def show_target(self, target: Target) -> None:
        """Write to somebody else from now on; the text is put by `put`."""
        self._target = target
        mark(self, "practice", "true" if target.practice else "false")
        self.retranslate()

    def put(self, text: str, caret: int, visibility: Visibility, spoiler: str) -> None:
        """Put a draft into the editors; the editor's own undo begins anew, as it is another text."""
        target = self._target
        if target is not None:
            self.visibility.offer(target.visibilities, target.original, visibility)
        for widget in (self.editor, self.frame.spoiler):
            widget.blockSignals(True)
        self.editor.setPlainText(text)
        self.editor.put_caret(caret)
        self.frame.spoiler.setText(spoiler)
        for widget in (self.editor, self.frame.spoiler):
            widget.blockSignals(False)
        self.editor.rehighlight()
        self.frame.spoiler.setVisible(bool(spoiler))
        self.edited.emit()

    def show_check(self, check: Check) -> None:
        """Show the count and what stands in the way."""
        self._length, self._obstacles = check.length, check.obstacles
        self._write_state()

    def show_saved(self, saved: bool) -> None:
        """Say whether the text is journalled."""
        self._saved = saved
        self.frame.state.setText(_("Draft kept") if saved else "")

    def show_hint(self, hint: str) -> None:
        """Say what Tab would do at the caret; "" for nothing special."""
        self.frame.state.setText(hint or (_("Draft kept") if self._saved else ""))

    def show_context(self, words: LazyText | None) -> None:
        """Warn of something in the conversation that this reply is about; None for nothing."""
        if words != self._context:
            self._context = words
            self._write_state()

    def set_busy(self, busy: bool) -> None:
        """While the thread is read again nothing can be sent twice; the text stays as it is."""
        self._busy = busy
        self._write_state()

    @property
    def text(self) -> str:
        """What was written."""
        return self.editor.toPlainText()

    @property
    def spoiler(self) -> str:
        """The content warning, or ""."""
        return self.frame.spoiler.text().strip()

    # -- wishes out ------------------------------------------------------------------------------------------------

    def ask_send(self, *, resolve: bool) -> None:
        """Send, or go to what stands in the way."""
        if self._busy:
            return
        if self._hindrances():
            self._go()
            return
        self.send_wanted.emit(resolve)

    def toggle_spoiler(self) -> None:
        """Open the line for a content warning, or close it with its text."""
        line = self.frame.spoiler
        shown = line.isVisibleTo(self)
        if shown:
            line.clear()
        line.setVisible(not shown)
        (self.editor if shown else line).setFocus()

    def _visibility_changed(self) -> None:
        self._write_state()
        self.edited.emit()

    def _go(self) -> None:
        where = next((obstacle for obstacle in self._obstacles if obstacle.start >= 0), None)
        if where is not None:
            self.editor.select(where.start, where.end)
        else:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hindrances(self) -> Sequence[Obstacle]:
        return self._obstacles

    # -- words -----------------------------------------------------------------------------------------------------

    def _write_state(self) -> None:
        sendable = not self._busy and not self._hindrances()
        self._send.setEnabled(sendable)
        self._send_resolve.setEnabled(sendable)
        text, tone, icon = self._state_words()
        self._strip_frame.setVisible(bool(text))
        self._words.setText(text)
        self._words.setAccessibleName(text)
        self._sign.setPixmap(sign(icon, tone, 16))
        self._jump.setVisible(any(obstacle.start >= 0 for obstacle in self._obstacles))
        self._write_counter()

    def _state_words(self) -> tuple[str, str, str]:
        if self._busy:
            return _("Reading the thread again before sending…"), "accent", "refresh-cw"
        telling = [obstacle for obstacle in self._obstacles if obstacle.kind is not Block.EMPTY]
        if telling:
            return " ".join(render(obstacle.text) for obstacle in telling[:3]), "danger", "circle-alert"
        warnings = [render(WIDER)] if self.visibility.is_wider else []
        if self._context is not None:
            warnings.append(render(self._context))
        return (" ".join(warnings), "warn", "triangle-alert") if warnings else ("", "secondary", "info")

    def _write_counter(self) -> None:
        length = self._length
        if length is None:
            self._counter.setText("")
            return
        used = formats().number(length.used)
        self._counter.setText(f"{used} / {formats().number(length.limit)}" if length.limit else used)
        near = bool(length.limit) and length.used >= length.limit * NEARLY
        tone = "danger" if not length.fits else "warn" if near else "quiet"
        mark(self._counter, "tone", tone)
        unit = render(UNIT[length.unit])
        said = (
            _("{used} of {limit} {unit}", used=length.used, limit=length.limit, unit=unit)
            if length.limit
            else _("{used} {unit}", used=length.used, unit=unit)
        )
        self._counter.setAccessibleName(said)
        self._counter.setToolTip(said)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now; what was written, caret and undo stay as they are."""
        target = self._target
        self.editor.setAccessibleName(_("You write"))
        self.editor.setPlaceholderText(_("Write the reply, or insert a template"))
        self._send_resolve.setVisible(target is None or target.act is Act.REPLY)
        self.frame.spoiler.setPlaceholderText(_("Content warning: readers see this first"))
        self.frame.spoiler.setAccessibleName(_("Content warning"))
        self.show_saved(self._saved)
        send_key = self._actions.key_text("composer.send")
        self._send.setToolTip(_("{action} ({key})", action=_("Send"), key=send_key))
        self._write_state()
        if target is None:
            return
        title: LazyText = _TITLES.get(target.act, _TITLES[Act.REPLY])
        self._title.setText(_(title.msgid, name=target.to))
        self._whom.setText(_("as {account} on {channel}", account=target.account, channel=target.channel))
        self._world.show_text(
            _("PRACTICE – nobody outside sees it") if target.practice else _("LIVE – goes out to the network"),
            "practice" if target.practice else "danger",
        )
        language = formats().language(target.language) if target.language else ""
        self.frame.caption.setText(
            _("You write · the customer wrote in {language}", language=language) if language else _("You write")
        )
        self.setAccessibleName(self._title.text())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.editor.rehighlight()
            self._write_state()
