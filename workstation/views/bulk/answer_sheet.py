"""One answer for many, each looked at: a text for all on top, the customers beneath, the reply of one beside them."""

from collections.abc import Sequence
from time import perf_counter

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListWidgetItem, QProgressBar, QVBoxLayout
from PySide6.QtWidgets import QWidget as Widget

from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import _, ngettext, render
from workstation.services.answering import Reply
from workstation.services.bulk import SLICE, Progress
from workstation.views import masking, wording
from workstation.views.bulk.lines import KEY, Lines, write
from workstation.views.bulk.preview import POLL_MS
from workstation.views.bulk.words import excerpt, whom
from workstation.views.case.editor import DraftEditor
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Elided, Paragraph, StrangerText
from workstation.views.widgets.sheet import CANCEL, Sheet
from workstation.views.widgets.tint import tinted

_CHECKABLE = Qt.ItemFlag.ItemIsUserCheckable


class AnswerSheet(Sheet):
    """Shows replies and tells what the agent does to them; whoever opened it fills and sends them."""

    written = Signal(str)
    """The text for all was changed."""
    edited = Signal(int, str)
    """The reply of one place was changed."""
    skipped = Signal(int, bool)
    template_wanted = Signal()
    renewed = Signal(int)
    """One reply is to be the text for all again."""
    wanted = Signal()
    """Send."""

    def __init__(self, count: int, parent: Widget, *, resolve: bool = True) -> None:
        super().__init__(lazy_plural("Answer {count} customer", "Answer {count} customers", count), parent)
        self.setObjectName("answer-sheet")
        self._replies: list[Reply] = []
        self._progress: Progress | None = None
        self._showing = False
        self._resolve = resolve
        self.common = DraftEditor()
        self.template = TextButton(lazy("Insert a template"), icon="layout-template")
        self.list = Lines("replies")
        self.who, self.asked, self.own = Elided(), StrangerText(), DraftEditor()
        self.state = Paragraph()
        self.again = TextButton(lazy("As for all"), icon="rotate-ccw")
        self.note, self.summary, self.bar = Paragraph(), Paragraph(), QProgressBar()
        self._captions = [QLabel(), QLabel()]
        self._build()
        self._cancel = self.button("", CANCEL)
        self.send = self.button("send", lazy("Send"), "primary")
        self.send.setEnabled(False)  # until there is something to send
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._show_progress)
        self._next = 0
        """The first row that is not written yet."""
        self._pour = QTimer(self)
        self._pour.setSingleShot(True)
        self._pour.timeout.connect(self._write_some)
        self._join()
        self.resize(940, 680)
        self.retranslate()

    def _build(self) -> None:
        self.who.setProperty("role", "heading")
        self.note.setProperty("role", "secondary")
        self.bar.hide()
        top = QHBoxLayout()
        top.addWidget(self._captions[0], 1)
        top.addWidget(self.template)
        self.body.addLayout(top)
        self.body.addWidget(_framed(self.common, 5))
        self.body.addWidget(self.note)
        beneath = QHBoxLayout()
        beneath.setSpacing(14)
        beneath.addWidget(self.list, 5)
        one = QVBoxLayout()
        one.setSpacing(8)
        one.addWidget(self.who)
        one.addWidget(self.asked)
        one.addWidget(self._captions[1])
        one.addWidget(_framed(self.own, 5), 1)
        one.addWidget(self.state)
        one.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeading)
        beneath.addLayout(one, 5)
        self.body.addLayout(beneath, 1)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.bar)

    def _join(self) -> None:
        self.common.textChanged.connect(lambda: self._tell(self.written, self.common.toPlainText()))
        self.own.textChanged.connect(lambda: self._tell(self.edited, self.current, self.own.toPlainText()))
        self.template.clicked.connect(self.template_wanted)
        self.again.clicked.connect(lambda: self.renewed.emit(self.current))
        self.list.currentRowChanged.connect(lambda _row: self._show_one())
        self.list.itemChanged.connect(self._checked)

    def _tell(self, signal: object, *values: object) -> None:
        if not self._showing and (len(values) == 1 or self.current >= 0):
            signal.emit(*values)  # type: ignore[attr-defined]

    @property
    def current(self) -> int:
        """The place of the customer who is looked at; -1 for nobody."""
        return self.list.currentRow()

    # Showing ------------------------------------------------------------------------------------------------------

    def show_replies(self, replies: Sequence[Reply]) -> None:
        """Show the replies as they would be sent; the place stays. Rows beyond the first ones follow in a moment."""
        at = max(0, self.current)
        self._replies = list(replies)
        self._showing = True
        while self.list.count() > len(replies):
            self.list.takeItem(self.list.count() - 1)
        self._showing = False
        self._next = 0
        self._write_some()
        self._showing = True
        self.list.setCurrentRow(min(at, self.list.count() - 1))
        self._showing = False
        self._show_one()
        self.count()

    def _write_some(self) -> None:
        """Write the next rows: hundreds at once would hold everything else up."""
        end = perf_counter() + SLICE
        before = self.list.blockSignals(True)
        while self._next < len(self._replies) and perf_counter() < end:
            if self._next < self.list.count():
                self._write(self.list.item(self._next), self._replies[self._next])
            else:
                item = QListWidgetItem()
                self._write(item, self._replies[self._next])
                self.list.addItem(item)
            self._next += 1
        self.list.blockSignals(before)
        if self._next < len(self._replies):
            self._pour.start()

    def show_reply(self, place: int, reply: Reply) -> None:
        """Show one reply as it is now; what is being typed is not written over."""
        self._replies[place] = reply
        if place < self._next:
            self._showing = True
            self._write(self.list.item(place), reply)
            self._showing = False
        if place == self.current:
            self._show_one(keep=self.own.hasFocus())
        self.count()

    def _write(self, item: QListWidgetItem, reply: Reply) -> None:
        standing, icon, ink = _standing(reply)
        item.setIcon(tinted(icon, ink))
        write(item, whom(reply.entry), excerpt(reply.entry), standing, "secondary" if ink == "ok" else ink)
        if reply.refused is None:
            item.setFlags(item.flags() | _CHECKABLE)
            item.setCheckState(Qt.CheckState.Unchecked if reply.skipped else Qt.CheckState.Checked)
        else:
            item.setFlags(item.flags() & ~_CHECKABLE)
            item.setData(Qt.ItemDataRole.CheckStateRole, None)
        item.setData(KEY, reply.entry.message.id)

    def _show_one(self, *, keep: bool = False) -> None:
        at = self.current
        reply = self._replies[at] if 0 <= at < len(self._replies) else None
        self._showing = True
        self.who.setText(whom(reply.entry) if reply else "")
        message = reply.entry.message if reply else None
        self.asked.show_text(
            masking.text(wording.text(message))[:600] if message else "", message.language if message else ""
        )
        if not keep:
            self.own.setPlainText(reply.text if reply else "")
        wrong = (reply.refused or reply.obstacle) if reply else None
        self.state.setText(render(wrong) if wrong is not None else "")
        self.state.setProperty("tone", "danger")
        self.own.setReadOnly(reply is None or reply.refused is not None or self._progress is not None)
        self.again.setEnabled(reply is not None and reply.edited)
        self._showing = False

    def count(self) -> None:
        """Tell how many would be sent."""
        ready = sum(reply.ready for reply in self._replies)
        skipped = sum(reply.skipped for reply in self._replies)
        stuck = len(self._replies) - ready - skipped
        said = [ngettext("{count} reply is ready", "{count} replies are ready", ready)]
        if skipped:
            said.append(ngettext("{count} skipped", "{count} skipped", skipped))
        if stuck:
            said.append(ngettext("{count} cannot be sent like this", "{count} cannot be sent like this", stuck))
        self.summary.setText(" · ".join(said))
        self.send.rename(
            lazy_plural("Send {count} and resolve", "Send {count} and resolve", ready)
            if self._resolve
            else lazy_plural("Send {count}", "Send {count}", ready)
        )
        self.send.setEnabled(ready > 0 and self._progress is None)

    def say(self, text: LazyText) -> None:
        """Say something of all of them."""
        self.note.setText(render(text))

    def put_common(self, text: str) -> None:
        """Put a text for all into its editor without it being told as typed."""
        self._showing = True
        self.common.setPlainText(text)
        self._showing = False

    # What the agent does ------------------------------------------------------------------------------------------

    def _checked(self, item: QListWidgetItem) -> None:
        if not self._showing:
            self.skipped.emit(self.list.row(item), item.checkState() is not Qt.CheckState.Checked)

    def may_end(self, answer: str) -> bool:
        """Sending is told, not the end; the sheet closes when all of it is in the outbox."""
        if answer == "send" and self._progress is None:
            self.wanted.emit()
        return False

    def work(self, progress: Progress | None) -> None:
        """Show how far sending has come, or, with None, that it has ended."""
        self._progress = progress
        self.common.setReadOnly(progress is not None)
        self._cancel.rename(lazy("Stop") if progress is not None else CANCEL)
        self.bar.setVisible(progress is not None)
        if progress is not None:
            self.bar.setRange(0, progress.total)
            self._poll.start()
        else:
            self._poll.stop()
        self._show_one()
        self.count()

    def _show_progress(self) -> None:
        if self._progress is not None:
            self.bar.setValue(self._progress.done)

    def reject(self) -> None:
        """While it sends: stop with what is queued. Else leave, and nothing is sent."""
        if self._progress is not None:
            self._progress.stop()
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Close, whatever was going on."""
        self._poll.stop()
        self._pour.stop()
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter sends, Ctrl+Down and Ctrl+Up look at the next and the one before, from wherever one writes."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = Qt.Key(event.key())
        if control and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.send.isEnabled():
                self.wanted.emit()
        elif control and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key is Qt.Key.Key_Down else -1
            self.list.setCurrentRow(min(max(0, self.current + step), self.list.count() - 1))
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Placeholders have the colours of the theme in force."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "own"):
            for editor in (self.common, self.own):
                editor.rehighlight()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        if not hasattr(self, "_captions"):
            return
        self._captions[0].setText(_("For all of them"))
        self._captions[1].setText(_("The reply to this customer"))
        self.common.setPlaceholderText(_("Write once. {example} becomes each customer’s.", example="{first_name}"))
        for widget, name in (
            (self.common, _("The answer for all of them")),
            (self.own, _("The reply to this customer")),
            (self.list, _("Customers and their replies")),
            (self.bar, _("Progress")),
        ):
            widget.setAccessibleName(name)
        if self._replies:
            self.show_replies(self._replies)


def _framed(editor: DraftEditor, lines: int) -> QFrame:
    frame = QFrame()
    frame.setObjectName("editor")
    inside = QVBoxLayout(frame)
    inside.setContentsMargins(10, 8, 10, 8)
    inside.addWidget(editor)
    editor.setMinimumHeight(editor.fontMetrics().lineSpacing() * lines)
    editor.focused.connect(lambda on: _mark(frame, on))
    return frame


def _mark(frame: QFrame, on: bool) -> None:
    frame.setProperty("focused", "true" if on else "false")
    frame.style().unpolish(frame)
    frame.style().polish(frame)


def _standing(reply: Reply) -> tuple[str, str, str]:
    """How a reply stands, with the icon for it and its colour."""
    if reply.refused is not None:
        return render(reply.refused), "ban", "danger"
    if reply.skipped:
        return _("Skipped"), "minus", "secondary"
    if reply.obstacle is not None:
        return render(reply.obstacle), "triangle-alert", "warn"
    return (_("Ready, edited"), "pencil", "ok") if reply.edited else (_("Ready"), "circle-check", "ok")
