"""Where one writes a reply: to whom, as whom, how public, live or practice; what is wrong with the text; Send.

One editor, or two where the customer's language is another one: "You write" and "Customer reads". Last in their row
stands what one looks up while one writes.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from workstation.domain.checks import Finding, Side
from workstation.domain.drafts import Written
from workstation.domain.messages import Visibility
from workstation.domain.outbox import Act
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, render
from workstation.services.drafting import Block, Check, Obstacle
from workstation.views.case.editor import DraftEditor
from workstation.views.case.editor_frame import EditorFrame
from workstation.views.case.translation.strip import TranslationStrip, said
from workstation.views.case.translation.target_frame import TargetFrame
from workstation.views.case.visibility_button import VisibilityButton
from workstation.views.case.words import UNIT
from workstation.views.case.writing_language import LanguageButton
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import Scope
from workstation.views.templates.variant_note import VariantNote
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.chips import BrokenChip
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Elided
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


class ComposerView(Retranslating):
    """The reply as a widget: data in, wishes out."""

    edited = Signal()
    own_edited = Signal()
    """What the agent writes beside the customer's text; `edited` follows."""
    target_edited = Signal()
    """What the customer reads, where it is beside; `edited` follows."""
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
        self._at_finding = -1
        self._send_tip, self._signed = "", ("", "")
        self._texts: dict[EditorFrame, str] = {}
        self._context: LazyText | None = None
        self._languages = ("", "")
        self.two = False
        """Whether the customer's text has an editor of its own."""
        self.kept: Written | None = None
        """What was written beside the text when there were two editors, while there is one."""
        self.frame, self.target = EditorFrame(), TargetFrame()
        self.editor = self.frame.text
        for frame in (self.frame, self.target):
            frame.language.follow(actions["composer.language"])
        self.strip = TranslationStrip()
        self.note = VariantNote(compact=True)
        self.visibility = VisibilityButton()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(8)
        column.addLayout(self._head())
        self.editors = QHBoxLayout()
        self.editors.setSpacing(12)
        self.both = QWidget()
        pair = QHBoxLayout(self.both)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(12)
        for frame in (self.frame, self.target):
            pair.addWidget(frame, 1)
        self.editors.addWidget(self.both, 1)
        column.addLayout(self.editors, 1)
        column.addWidget(self.note)
        column.addWidget(self.strip)
        column.addWidget(self._strip())
        column.addWidget(self._foot())
        for frame, told in ((self.frame, self.own_edited), (self.target, self.target_edited)):
            frame.text.textChanged.connect(lambda frame=frame, told=told: self._typed(frame, told))
            frame.spoiler.textChanged.connect(self.edited)
        self.strip.finding_wanted.connect(self.go_to)
        self.show_sides(False)
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
        self._actions.on("composer.placeholder", self._next_blank)
        self._actions.on("composer.other", self.go_across)
        self._actions.on("composer.finding", self.next_finding)
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

    def put(self, text: str, caret: int, visibility: Visibility, spoiler: str, written: Written | None = None) -> None:
        """Put a draft into the editors; their own undo begins anew, as it is another text.

        With the agent's own words beside it, `text` is what the customer reads.
        """
        target = self._target
        if target is not None:
            self.visibility.offer(target.visibilities, target.original, visibility)
        two = written is not None and written.shown
        self.kept = written if not two else None
        self.two = two
        own, own_caret = (written.text, written.caret) if written is not None and two else (text, caret)
        for frame, words, at in (
            (self.frame, own, own_caret), (self.target, text if two else "", caret if two else 0),
        ):  # fmt: skip
            for widget in (frame.text, frame.spoiler):
                widget.blockSignals(True)
            frame.text.setPlainText(words)
            self._texts[frame] = frame.text.toPlainText()
            frame.text.put_caret(at)
            frame.spoiler.setText(spoiler if frame is self._sent_frame else "")
            for widget in (frame.text, frame.spoiler):
                widget.blockSignals(False)
            frame.text.turn()
            frame.text.rehighlight()
            frame.spoiler.setVisible(bool(frame.spoiler.text()))
        self.edited.emit()

    @property
    def _sent_frame(self) -> EditorFrame:
        return self.target if self.two else self.frame

    @property
    def sent_editor(self) -> DraftEditor:
        """The editor of what is sent."""
        return self._sent_frame.text

    @property
    def language(self) -> LanguageButton:
        """Names the language of what is sent."""
        return self._sent_frame.language

    def show_sides(self, two: bool) -> None:
        """Show both editors, or only the one that is sent from then on."""
        if two != self.two:
            before = self._sent_frame
            self.two = two
            line = self._sent_frame.spoiler
            line.setText(before.spoiler.text())
            line.setVisible(before.spoiler.isVisibleTo(before))
            before.spoiler.clear()
            before.spoiler.hide()
        hidden = not self.target.isHidden() and not two and self.target.text.hasFocus()
        self.target.setVisible(two)
        self.strip.setVisible(two)
        self.frame.language.setVisible(not two)
        if hidden:
            self.editor.setFocus()
        self.retranslate()

    def show_languages(self, own: str, language: str) -> None:
        """Name the languages of the editors, and let what is written in them begin at its side."""
        self._languages = (own, language)
        self.editor.expect(own if self.two else language)
        self.target.text.expect(language)
        self.language.show_language(language)
        self._name_editors()

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
        """What would be sent."""
        return self.sent_editor.toPlainText()

    @property
    def own_text(self) -> str:
        """What the agent writes: the same, or what stands beside it."""
        return self.editor.toPlainText()

    @property
    def spoiler(self) -> str:
        """The content warning, or ""."""
        return self._sent_frame.spoiler.text().strip()

    def _typed(self, frame: EditorFrame, told: SignalInstance) -> None:
        text = frame.text.toPlainText()
        if frame.text.composing or text == self._texts.get(frame):
            return  # what an input method shows is no text yet, and what is only painted anew is no change
        self._texts[frame] = text
        if self.two:
            told.emit()
        if self.two or frame is self.frame:
            self.edited.emit()

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
        line = self._sent_frame.spoiler
        shown = line.isVisibleTo(self)
        if shown:
            line.clear()
        line.setVisible(not shown)
        (self.sent_editor if shown else line).setFocus()

    def go_across(self) -> None:
        """To the other editor."""
        if self.two:
            (self.editor if self.target.text.hasFocus() else self.target.text).setFocus()

    def _next_blank(self) -> None:
        editor = self.target.text if self.two and self.target.text.hasFocus() else self.editor
        other = self.editor if editor is not self.editor else self.sent_editor
        if not editor.next_blank() and other is not editor:
            other.next_blank()

    def next_finding(self) -> None:
        """Show the next thing that is wrong where it stands."""
        found = self.strip.findings
        if found:
            self._at_finding = (self._at_finding + 1) % len(found)
            self.go_to(found[self._at_finding])

    def go_to(self, finding: Finding) -> None:
        """Show where something is wrong."""
        editor = self.editor if finding.side is Side.SOURCE else self.sent_editor
        if finding.start >= 0:
            editor.select(finding.start, finding.end)
        else:
            editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _visibility_changed(self) -> None:
        self._write_state()
        self.edited.emit()

    def _go(self) -> None:
        finding = next((each for each in self._blocking() if each.start >= 0), None)
        where = next((obstacle for obstacle in self._obstacles if obstacle.start >= 0), None)
        if finding is not None:
            self.go_to(finding)
        elif where is not None:
            self.sent_editor.select(where.start, where.end)
        else:
            self.sent_editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _blocking(self) -> list[Finding]:
        return [each for each in self.strip.findings if each.blocks] if self.two else []

    def _hindrances(self) -> Sequence[Obstacle | Finding]:
        return (*self._obstacles, *self._blocking())

    # -- words -----------------------------------------------------------------------------------------------------

    def _write_state(self) -> None:
        sendable = not self._busy and not self._hindrances()
        for button in (self._send, self._send_resolve):
            button.setEnabled(sendable)
        self._send.setToolTip("\n".join(said(each) for each in self._blocking()) or self._send_tip)
        text, tone, icon = self._state_words()
        self._strip_frame.setVisible(bool(text))
        if text != self._words.text():
            self._words.setText(text)
            self._words.setAccessibleName(text)
        if text and self._signed != (icon, tone):
            self._signed = (icon, tone)
            self._sign.setPixmap(sign(icon, tone, 16))
        self._jump.setVisible(not self.two and any(obstacle.start >= 0 for obstacle in self._obstacles))
        self._write_counter()

    def _state_words(self) -> tuple[str, str, str]:
        if self._busy:
            return _("Reading the thread again before sending…"), "accent", "refresh-cw"
        # Between two editors the checks tell of placeholders, each at its side.
        told = (Block.EMPTY, Block.BLANK) if self.two else (Block.EMPTY,)
        telling = [obstacle for obstacle in self._obstacles if obstacle.kind not in told]
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
        self._name_editors()
        self._send_resolve.setVisible(target is None or target.act is Act.REPLY)
        for frame in (self.frame, self.target):
            frame.spoiler.setPlaceholderText(_("Content warning: readers see this first"))
            frame.spoiler.setAccessibleName(_("Content warning"))
        self.show_saved(self._saved)
        self._send_tip = _("{action} ({key})", action=_("Send"), key=self._actions.key_text("composer.send"))
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
        self.setAccessibleName(self._title.text())

    def _name_editors(self) -> None:
        own, language = self._languages
        customer = self._target.language if self._target is not None else ""
        if self.two:
            mine = formats().language(own)
            self.frame.caption.setText(_("You write · {language}", language=mine))
            self.target.caption.setText(_("Customer reads"))
            self.editor.setAccessibleName(_("You write in {language}", language=mine))
            theirs = formats().language(language)
            self.target.text.setAccessibleName(_("The customer reads in {language}", language=theirs))
            self.editor.setPlaceholderText(_("Write in your language, or insert a template"))
            self.target.text.setPlaceholderText(_("What the customer reads: by template, translated, or by you"))
            self.target.rename()
            return
        self.editor.setAccessibleName(_("You write"))
        self.target.text.setAccessibleName(_("What the customer reads"))
        self.editor.setPlaceholderText(_("Write the reply, or insert a template"))
        if customer:
            wrote = formats().language(customer)
            self.frame.caption.setText(_("You write · the customer wrote in {language}", language=wrote))
        else:
            self.frame.caption.setText(_("You write"))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for frame in (self.frame, self.target):
                frame.text.rehighlight()
            self._signed = ("", "")
            self._write_state()
