"""The page of approval: what waits at the side, its thread, its words to be changed, and what is decided about it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.approval import Look, Waiting
from workstation.domain.cases import Entry
from workstation.domain.messages import Micros
from workstation.domain.outbox import WRITTEN, WRITTEN_IN, State
from workstation.domain.text import LazyText, Moment, lazy
from workstation.i18n import _, formats, framed, ngettext, render
from workstation.services.drafting import Check
from workstation.views import masking
from workstation.views.approval.tracked import Tracked
from workstation.views.case.words import VISIBILITY
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import BY_ID
from workstation.views.outbox import act_label
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.empty import EmptyState
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.marking import keep_in, margins
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import in_list
from workstation.views.widgets.wrapped import Wrapped

ROLE = Qt.ItemDataRole.UserRole
DECISIONS = ("review.approve", "review.look", "review.revert", "review.back", "outbox.hold")
SHOWN_THREAD = 12
LETTERS = 140


class ApprovalPage(Retranslating):
    """Rows in, decisions out."""

    chosen = Signal(object)
    """The Waiting that is looked at now, or None."""
    edited = Signal()

    def __init__(self, actions: DeskActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._rows: tuple[Waiting, ...] = ()
        self._back: tuple[Waiting, ...] = ()
        self._channels: Mapping[int, str] = {}
        self._now: Micros = 0
        self._required = False
        self._look = Look.EARLY
        self._look_at: Micros = 0
        self._shown = ""
        self._entries: tuple[Entry, ...] = ()
        self._texts: dict[str, str] = {}
        """Changed words by operation that nobody has saved or decided yet."""
        self._filling = False
        self._title, self._state = Paragraph(), Paragraph()
        self._title.setProperty("role", "title")
        self._state.setProperty("role", "secondary")
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setItemDelegate(Wrapped(self.list))
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(lambda _now, _before: self._chosen())
        self.empty = EmptyState("shield-check", lazy("Nothing waits for approval"), lazy(""))
        self.editor = QPlainTextEdit()
        self.editor.setTabChangesFocus(True)
        self.editor.textChanged.connect(self._edited)
        self.tracked = Tracked()
        for part in (self.editor, self.tracked):
            part.setMinimumHeight(64)
        self._build_about()
        self._thread = QVBoxLayout()
        self._thread.setSpacing(8)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._compose(actions))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self._state)
        column.addWidget(self._stack, 1)
        self.retranslate()

    def _build_about(self) -> None:
        """The lines around the words that wait."""
        self._head, self._whom, self._words, self._second = Paragraph(), Paragraph(), Paragraph(), Paragraph()
        self._head.setProperty("role", "heading")
        self._whom.setProperty("role", "small")
        self._words.setProperty("role", "error")
        self._second.setProperty("role", "secondary")
        self._beside, self._own = Paragraph(), StrangerText()
        self._beside.setProperty("role", "small")
        self._changes = Paragraph()
        self._changes.setProperty("role", "small")

    def _compose(self, actions: DeskActions) -> QWidget:
        thread = QWidget()
        thread.setProperty("role", "bare")
        inner = QVBoxLayout(thread)
        margins(inner, 0, 0, 6, 0)
        inner.addLayout(self._thread)
        inner.addStretch(1)
        self.around = QScrollArea()
        self.around.setWidgetResizable(True)
        self.around.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.around.setWidget(thread)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.buttons = QWidget()
        row = FlowLayout(self.buttons)
        for name in DECISIONS:
            spec = BY_ID[name]
            button = TextButton(spec.label, icon=spec.icon, role="primary" if name == "review.approve" else "")
            button.follow(actions[name])
            row.addWidget(button)
        for widget in (self._head, self._whom):
            column.addWidget(widget)
        column.addWidget(self.around, 3)
        for widget in (self._beside, self._own):
            column.addWidget(widget)
        column.addWidget(self.editor, 3)
        for widget in (self._words, self._changes):
            column.addWidget(widget)
        column.addWidget(self.tracked, 2)
        column.addWidget(self._second)
        column.addWidget(self.buttons)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        keep_in(splitter)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(12)
        splitter.addWidget(self.list)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        return splitter

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show_rows(
        self,
        waiting: Sequence[Waiting],
        back: Sequence[Waiting],
        channels: Mapping[int, str],
        now: Micros,
        *,
        required: bool,
    ) -> None:
        """Show what waits and what was sent back; `required` if new words wait too."""
        self._rows, self._back, self._channels, self._now = tuple(waiting), tuple(back), channels, now
        self._required = required
        chosen = self.current
        waits = {each.row.operation.id for each in waiting}
        self._texts = {name: text for name, text in self._texts.items() if name in waits}
        self._filling = True
        self.list.clear()
        for each in (*self._rows, *self._back):
            item = QListWidgetItem()
            item.setData(ROLE, each)
            self.list.addItem(item)
            if chosen is not None and chosen.row.operation.id == each.row.operation.id:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self._filling = False
        self._stack.setCurrentIndex(1 if self._rows or self._back else 0)
        self.retranslate()
        self._chosen()

    @property
    def current(self) -> Waiting | None:
        """What is looked at."""
        item = self.list.currentItem()
        found: Waiting | None = item.data(ROLE) if item is not None else None
        return found

    @property
    def text(self) -> str:
        """Its words as they stand in the editor."""
        return self.editor.toPlainText()

    def step(self, by: int) -> None:
        """Look at another one."""
        count = self.list.count()
        if count:
            self.list.setCurrentRow(max(0, min(count - 1, self.list.currentRow() + by)))

    def put_text(self, text: str) -> None:
        """Write other words into the editor, as if typed."""
        self.editor.setPlainText(text)

    def _chosen(self) -> None:
        if self._filling:
            return
        now = self.current
        if now is not None and self._shown != now.row.operation.id:
            self._shown = now.row.operation.id
            self._filling = True
            self.editor.setPlainText(self._texts.get(self._shown, now.row.operation.text))
            self._filling = False
            self.show_thread(())
        self._show_change()
        self.retranslate()
        self.chosen.emit(now)

    def show_thread(self, entries: Sequence[Entry]) -> None:
        """Show what it answers, oldest first."""
        self._entries = tuple(entries)
        while (item := self._thread.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for entry in entries[-SHOWN_THREAD:]:
            self._thread.addWidget(_said(entry, self._now))
        self.around.setVisible(bool(entries))

    def show_check(self, check: Check | None) -> None:
        """Say what stands in the way of the words."""
        text = " ".join(render(obstacle.text) for obstacle in check.obstacles) if check is not None else ""
        self._words.setText(text)
        self._words.setVisible(bool(text))

    def show_look(self, look: Look, at: Micros) -> None:
        """Say how far a second look at one's own words is; `at` is when it can be taken."""
        self._look, self._look_at = look, at
        self.retranslate()

    def _edited(self) -> None:
        if not self._filling:
            self._texts[self._shown] = self.text
            self._show_change()
            self.edited.emit()

    def _show_change(self) -> None:
        now = self.current
        if now is None:
            return
        self.tracked.show_change(now.review.original, self.text)
        changed = now.review.original != self.text
        self.tracked.setVisible(changed)
        self._changes.setVisible(changed)

    # -- words -----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._title.setText(_("Approval"))
        self.list.setAccessibleName(_("What waits for approval"))
        self.editor.setAccessibleName(_("The words that leave when they are approved"))
        self.around.setAccessibleName(_("What it answers"))
        self._changes.setText(_("Changed against the words as they were first:"))
        self._state.setText(self._said_state())
        self.empty.say(
            lazy("Nothing waits for approval"),
            lazy("What is written at this desk comes here first and leaves when it is approved.")
            if self._required
            else lazy("The trainee profile is off: what is written leaves at once. It is switched on in the settings."),
        )
        for index in range(self.list.count()):
            self._write(self.list.item(index))
        self._write_current()
        self.show_thread(self._entries)

    def _said_state(self) -> str:
        waits = ngettext("{count} waits for approval.", "{count} wait for approval.", len(self._rows))
        if self._required:
            return waits
        off = _("The trainee profile is off.")
        return f"{waits} {off}"

    def _write(self, item: QListWidgetItem) -> None:
        each: Waiting = item.data(ROLE)
        row, review = each.row, each.review
        waits = row.state is State.WAITS
        parts = [
            _("Waits") if waits else _("Sent back"),
            render(act_label(row.operation.act)),
            self._channels.get(row.channel, ""),
            formats().age(review.waits_since if waits else review.ended_at, self._now),
        ]
        words = " ".join(masking.text(row.operation.text).split())[:LETTERS]
        lines = [" · ".join(part for part in parts if part), framed(words, formats().direction)]
        if not waits and review.remark:
            lines.append(_("Remark: {remark}", remark=masking.text(review.remark)[:LETTERS]))
        item.setText("\n".join(lines))
        item.setIcon(in_list("hourglass" if waits else "corner-up-left", "accent" if waits else "secondary"))
        item.setSizeHint(QSize())

    def _write_current(self) -> None:
        now = self.current
        if now is None:
            return
        row = now.row
        waits = row.state is State.WAITS
        self.editor.setReadOnly(not waits)
        self.buttons.setVisible(waits)
        channel = self._channels.get(row.channel, "")
        self._head.setText(_("{act} on {channel}", act=render(act_label(row.operation.act)), channel=channel))
        self._whom.setText(_("Who can see it: {visibility}", visibility=render(VISIBILITY[row.operation.visibility])))
        own = row.operation.options.get(WRITTEN, "")
        language = row.operation.options.get(WRITTEN_IN, "")
        for widget in (self._beside, self._own):
            widget.setVisible(bool(own))
        self._own.show_text(own, language)
        self._beside.setText(
            _(
                "What it says in {language}, as it was written; the text in {other} leaves:",
                language=formats().language(language),
                other=formats().language(row.operation.language),
            )
            if own and language and row.operation.language
            else ""
        )
        self._second.setText(render(self._second_look()) if waits else "")
        self._second.setVisible(waits)

    def _second_look(self) -> LazyText:
        if self._look is Look.EARLY:
            return lazy("Own words: a second look is possible from {time} on.", time=Moment(self._look_at, "time"))
        if self._look is Look.DUE:
            return lazy("Own words: take the second look; the thread is read again from the network first.")
        return lazy("Own words: the thread was read again. Take the second look once more to let it go.")


def _said(entry: Entry, now: Micros) -> QWidget:
    message = masking.message(entry.message)
    card = QWidget()
    column = QVBoxLayout(card)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    who = Paragraph(
        _(
            "{name}, {time}",
            name=message.author.name or message.author.handle,
            time=formats().relative(message.created_at, now),
        )
    )
    who.setProperty("role", "small")
    column.addWidget(who)
    text = StrangerText()
    text.show_text(message.text[:2000], message.language)
    column.addWidget(text)
    return card
