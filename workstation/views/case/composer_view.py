"""Where one writes a reply: to whom, as whom, how public, live or practice; what is wrong with the text; Send.

One editor, or two where the customer's language is another one: "You write" and "Customer reads". Last in their row
stands what one looks up while one writes.
"""

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.domain.checks import Finding, Side
from workstation.domain.drafts import Written
from workstation.domain.messages import Visibility
from workstation.domain.outbox import Act
from workstation.domain.text import LazyText
from workstation.i18n import _, formats
from workstation.services.drafting import Check
from workstation.views.case.composer_foot import ComposerFoot
from workstation.views.case.composer_head import ComposerHead, Target
from workstation.views.case.composer_state import Standing, StateLine
from workstation.views.case.editor import DraftEditor
from workstation.views.case.editor_frame import EditorFrame
from workstation.views.case.translation.strip import TranslationStrip, said
from workstation.views.case.translation.target_frame import TargetFrame
from workstation.views.case.writing_language import LanguageButton
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import Scope
from workstation.views.templates.variant_note import VariantNote
from workstation.views.widgets.marking import mark
from workstation.views.widgets.retranslating import Retranslating

if TYPE_CHECKING:
    from workstation.domain.channels import Length


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
        self._standing = Standing()
        self._saved, self._hint = False, ""
        self._at_finding = -1
        self._send_tip = ""
        self._texts: dict[EditorFrame, str] = {}
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
        self._head = ComposerHead(actions)
        self.visibility, self._title, self._whom = self._head.visibility, self._head.title, self._head.whom
        self._state = StateLine()
        self._words = self._state.words
        foot = ComposerFoot(actions)
        self._counter, self._send, self._send_resolve = foot.counter, foot.send, foot.send_resolve
        self._send_resolve.clicked.connect(lambda: self.ask_send(resolve=True))
        self._send.clicked.connect(lambda: self.ask_send(resolve=False))
        self._lay_out(foot)
        for frame, told in ((self.frame, self.own_edited), (self.target, self.target_edited)):
            frame.text.textChanged.connect(lambda frame=frame, told=told: self._typed(frame, told))
            frame.spoiler.textChanged.connect(self.edited)
        self.strip.finding_wanted.connect(self.go_to)
        self._state.go_wanted.connect(self.go_where_wrong)
        self.show_sides(False)
        self.visibility.picked.connect(lambda _value: self._visibility_changed())
        self._bind()
        self.retranslate()

    def _lay_out(self, foot: ComposerFoot) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._head)
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
        column.addWidget(self._state)
        column.addWidget(foot)

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
        for frame, words, at in ((self.frame, own, own_caret), (self.target, text * two, caret * two)):
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
        self._stand()
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
        self._stand(length=check.length, obstacles=check.obstacles)

    def show_findings(self) -> None:
        """What is wrong between the two editors is known anew."""
        self._stand()

    def show_saved(self, saved: bool) -> None:
        """Say whether the text is journalled."""
        self._saved = saved
        self._show_note()

    def show_hint(self, hint: str) -> None:
        """Say what Tab would do at the caret; "" for nothing special."""
        self._hint = hint
        self._show_note()

    def _show_note(self) -> None:
        note = self._hint or (_("Draft kept") if self._saved else "")
        if note != self.frame.state.text():
            self.frame.state.setText(note)

    def show_context(self, words: LazyText | None) -> None:
        """Warn of something in the conversation that this reply is about; None for nothing."""
        self._stand(context=words)

    def set_busy(self, busy: bool) -> None:
        """While the thread is read again nothing can be sent twice; the text stays as it is."""
        self._stand(busy=busy)

    def _stand(self, **changed: object) -> None:
        two, wider = self.two, self.visibility.is_wider
        blocking = tuple(each for each in self.strip.known if each.blocks) if two else ()
        new = msgspec.structs.replace(self._standing, two=two, wider=wider, blocking=blocking, **changed)
        if new != self._standing:
            self._standing = new
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
            self.strip.hold()
            told.emit()
        if self.two or frame is self.frame:
            self.edited.emit()

    # -- wishes out ------------------------------------------------------------------------------------------------

    def ask_send(self, *, resolve: bool) -> None:
        """Send, or go to what stands in the way."""
        if self.hindered:
            self.go_where_wrong()
        elif not self._standing.busy:
            self.send_wanted.emit(resolve)

    @property
    def hindered(self) -> bool:
        """Whether something keeps the text as it is now from being sent."""
        self.strip.settle()
        return bool(self._standing.hindrances) and not self._standing.busy

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
            self.strip.settle()  # what was typed here may fill something there
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
        self._stand()
        self.edited.emit()

    def go_where_wrong(self) -> None:
        """Show the first thing that keeps the text from being sent."""
        standing = self._standing
        finding = next((each for each in standing.blocking if each.start >= 0), None)
        where = next((obstacle for obstacle in standing.obstacles if obstacle.start >= 0), None)
        if finding is not None:
            self.go_to(finding)
        elif where is not None:
            self.sent_editor.select(where.start, where.end)
        else:
            self.sent_editor.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- words -----------------------------------------------------------------------------------------------------

    @property
    def _length(self) -> "Length | None":
        return self._standing.length

    def _write_state(self) -> None:
        standing = self._standing
        for button in (self._send, self._send_resolve):
            button.setEnabled(standing.sendable)
        tip = "\n".join(said(each) for each in standing.blocking) or self._send_tip
        if tip != self._send.toolTip():
            self._send.setToolTip(tip)
        self._state.say(standing)
        self._counter.show_length(self._length)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now; what was written, caret and undo stay as they are."""
        target = self._target
        self._name_editors()
        self._send_resolve.setVisible(target is None or target.act is Act.REPLY)
        for frame in (self.frame, self.target):
            frame.spoiler.setPlaceholderText(_("Content warning: readers see this first"))
            frame.spoiler.setAccessibleName(_("Content warning"))
        self._show_note()
        self._counter.refresh()
        self._send_tip = _("{action} ({key})", action=_("Send"), key=self._actions.key_text("composer.send"))
        self._write_state()
        if target is None:
            return
        self._head.name(target)
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
