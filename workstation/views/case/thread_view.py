"""The conversation, oldest first, with our replies that are still on their way at its end."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from workstation.domain.messages import Message, Micros
from workstation.domain.outbox import Outgoing
from workstation.domain.text import lazy_plural
from workstation.i18n import _
from workstation.views.case.outgoing_view import OutgoingView
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.retranslating import Retranslating

if TYPE_CHECKING:
    from workstation.views.case.message_view import MessageView
    from workstation.views.case.switch_mark import SwitchMark

SHOWN = 60
"""Messages shown at once; a button brings as many again."""
SPARE = 8
"""Views that wait for another message."""


class ThreadView(Retranslating):
    """Messages and what waits in the outbox; up and down move the focus among them."""

    picked = Signal(object)
    media_wanted = Signal(object, object)
    file_wanted = Signal(object, object)
    pictured = Signal(object, bool)
    revisions_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)
    decided = Signal(str, str)
    """An outbox decision: what, and the operation's id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages: tuple[Message, ...] = ()
        self._views: dict[int, MessageView] = {}
        self._made: list[MessageView] = []
        """All views, also those that wait hidden: making one takes longer than what it shows takes to read."""
        self._marks: dict[int, SwitchMark] = {}
        """Where the conversation changed its way, by the id of the message after it."""
        self._outgoing: dict[str, OutgoingView] = {}
        self._limit = SHOWN
        self._channels: Mapping[int, str] = {}
        self._now: Micros = 0
        self.current: Message | None = None
        self._page = QWidget()
        self._page.setProperty("role", "bare")
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(10, 4, 10, 10)
        self._column.setSpacing(8)
        self._earlier = TextButton(lazy_plural("Show {count} earlier message", "Show {count} earlier messages", 0))
        self._earlier.clicked.connect(self._show_earlier)
        self._column.addWidget(self._earlier)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self.retranslate()

    def retranslate(self) -> None:
        """Name the list."""
        self._scroll.setAccessibleName(_("Thread"))
        self._page.setAccessibleName(_("Thread"))

    def clear(self) -> None:
        """Forget the conversation: another one follows."""
        self._limit = SHOWN
        self.current = None
        self.show_thread((), 0)
        self.show_outgoing((), 0)

    def show_thread(self, messages: Sequence[Message], now: Micros, channels: Mapping[int, str] | None = None) -> None:
        """Show this conversation; messages that were there keep their place, focus and pictures.

        `channels` names the channels by id: a conversation may go from one to another.
        """
        at_end = self._at_end()
        self._messages, self._now = tuple(messages), now
        if channels is not None:
            self._channels = channels
        shown = self._messages[-self._limit :]
        hidden = len(self._messages) - len(shown)
        self._earlier.setVisible(hidden > 0)
        self._earlier.rename(
            lazy_plural("Show {count} earlier message", "Show {count} earlier messages", min(hidden, SHOWN))
        )
        keep = {message.id for message in shown}
        for gone in [view_id for view_id in self._views if view_id not in keep]:
            self._put_away(self._views.pop(gone))
        self._drop_marks(keep)
        position = 1
        for number, message in enumerate(shown):
            if number:
                position = self._mark_switch(shown[number - 1], message, position)
            self._put(message, position, now)
            position += 1
        if at_end:
            self.scroll_to_end()

    def _drop_marks(self, keep: set[int]) -> None:
        for gone in [after for after in self._marks if after not in keep]:
            self._drop_mark(gone)

    def _drop_mark(self, after: int) -> None:
        mark = self._marks.pop(after, None)
        if mark is not None:
            self._column.removeWidget(mark)
            mark.deleteLater()

    def _mark_switch(self, before: Message, after: Message, position: int) -> int:
        """Put the line where the way changes, if it does; the position after it."""
        # Imported when first opened: a start pays for every module.
        from workstation.views.case.switch_mark import SwitchMark, switched

        words = switched(before, after, self._channels.get(after.channel, ""))
        if words is None:
            self._drop_mark(after.id)
            return position
        mark = self._marks.get(after.id)
        if mark is None:
            mark = self._marks[after.id] = SwitchMark(*words, parent=self._page)
        elif mark.words != words[0]:
            mark.show_words(*words)
        if self._column.indexOf(mark) != position:
            self._column.insertWidget(position, mark)
        return position + 1

    def _put(self, message: Message, position: int, now: Micros) -> None:
        view = self._views.get(message.id)
        new = view is None
        if view is None:
            view = self._views[message.id] = self._free(message, now)
        elif view.message != message:
            view.show_message(message, now)
        else:
            view.set_now(now)
        if self._column.indexOf(view) != position:
            self._column.insertWidget(position, view)
        if new:
            view.show()
        if self.current is not None and self.current.id == message.id:
            self.current = message  # what can be done to it may have changed with it
        view.set_current(self.current is not None and self.current.id == message.id)

    def _put_away(self, view: "MessageView") -> None:
        """Keep it for another message, unless there are many."""
        self._column.removeWidget(view)
        focused = QApplication.focusWidget()
        if focused is not None and (focused is view or view.isAncestorOf(focused)):
            focused.clearFocus()  # hiding it would pass the focus on, and what has it is what actions are about
        if sum(each not in self._views.values() for each in self._made) > SPARE:
            self._made.remove(view)
            view.deleteLater()
        else:
            view.empty_out()

    def _free(self, message: Message, now: Micros) -> "MessageView":
        """One that waits, the first that was made: Tab goes through views in that order."""
        used = set(self._views.values())
        view = next((each for each in self._made if each not in used), None)
        if view is None:
            view = self._create(message, now)
            self._made.append(view)
        else:
            view.begin(message, now)
        return view

    def _create(self, message: Message, now: Micros) -> "MessageView":
        from workstation.views.case.message_view import MessageView

        view = MessageView(message, now, self._page)
        view.picked.connect(self._pick)
        view.media_wanted.connect(self.media_wanted)
        view.file_wanted.connect(self.file_wanted)
        view.pictured.connect(self.pictured)
        view.revisions_wanted.connect(self.revisions_wanted)
        view.menu_wanted.connect(self.menu_wanted)
        return view

    def show_outgoing(self, rows: Sequence[Outgoing], now: Micros) -> None:
        """Show what waits, fails or is not known, after the last message."""
        ids = {row.operation.id for row in rows}
        for gone in [operation for operation in self._outgoing if operation not in ids]:
            self._outgoing.pop(gone).deleteLater()
        for row in rows:
            view = self._outgoing.get(row.operation.id)
            if view is None:
                view = self._outgoing[row.operation.id] = OutgoingView(row, now, self._page)
                view.decided.connect(self.decided)
                self._column.insertWidget(self._column.count() - 1, view)
                self.scroll_to_end()
            else:
                view.show_row(row, now)

    def view(self, message: int) -> "MessageView | None":
        """The view of a message id, if it is shown."""
        return self._views.get(message)

    def views(self) -> "list[MessageView]":
        """The views in reading order."""
        return [self._views[message.id] for message in self._messages[-self._limit :]]

    def set_now(self, now: Micros) -> None:
        """Write all ages anew."""
        self._now = now
        for view in self._views.values():
            view.set_now(now)

    def pick(self, message: int) -> None:
        """Make a message the current one and bring it into view, without taking the focus."""
        view = self._views.get(message)
        if view is not None:
            self._pick(view.message)
            QTimer.singleShot(0, view, lambda: self._scroll.ensureWidgetVisible(view))

    def _pick(self, message: Message) -> None:
        self.current = message
        for view in self._views.values():
            view.set_current(view.message.id == message.id)
        self.picked.emit(message)

    def _show_earlier(self) -> None:
        self._limit += SHOWN
        self.show_thread(self._messages, self._now)

    def _at_end(self) -> bool:
        bar = self._scroll.verticalScrollBar()
        return bar.value() >= bar.maximum() - 8

    def scroll_to_end(self) -> None:
        """Show the latest once the layout knows its height."""
        bar = self._scroll.verticalScrollBar()
        QTimer.singleShot(0, self, lambda: bar.setValue(bar.maximum()))

    def focus_current(self) -> None:
        """Give the focus to the current message, else to the latest."""
        views = self.views()
        chosen = next((view for view in views if view.property("current")), views[-1] if views else None)
        if chosen is not None:
            chosen.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move among the messages."""
        steps = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}
        if event.key() not in steps:
            super().keyPressEvent(event)
            return
        views = self.views()
        at = next((index for index, view in enumerate(views) if view.hasFocus()), len(views))
        target = at + steps[event.key()]
        if 0 <= target < len(views):
            views[target].setFocus(Qt.FocusReason.TabFocusReason)
            self._scroll.ensureWidgetVisible(views[target])
