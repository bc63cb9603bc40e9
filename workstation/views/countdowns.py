"""The time to undo, for ears: told when it begins and shortly before it ends, and made longer by a key."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from workstation.domain.changes import ChangeSet
from workstation.domain.outbox import Outgoing, State
from workstation.domain.text import lazy, lazy_plural
from workstation.i18n import plain, render
from workstation.services.clock import SECOND, Clock
from workstation.services.outbox import LONGEST_WAIT, Outbox
from workstation.views.desk_actions import DeskActions
from workstation.views.notices import Notices, announce

LAST = 5 * SECOND
"""How long before the end it is told once more."""
FURTHEST = 2 * LONGEST_WAIT
"""What leaves later than this is planned: nobody counts its seconds."""
TOGETHER = 400
"""Milliseconds in which what is queued is told of together."""


class Countdowns(QObject):
    """Follows the outbox; speaks only while a screen reader listens."""

    def __init__(self, outbox: Outbox, clock: Clock, actions: DeskActions, notices: Notices, window: QWidget) -> None:
        super().__init__(window)
        self._outbox, self._clock, self._actions = outbox, clock, actions
        self._notices, self._window = notices, window
        self._waiting: dict[str, Outgoing] = {}
        self._first = self._timer(self._tell_begin)
        self._last = self._timer(self._tell_end)
        self.said: Callable[[str], None] = lambda _: None
        """Told what is spoken."""

    def _timer(self, work: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(work)
        return timer

    def on_change(self, changes: ChangeSet) -> None:
        """Take note of what waits and of what does not any more."""
        now, news = self._clock.now(), False
        for row in changes.outbox:
            name = row.operation.id
            if row.state is State.QUEUED and now < row.not_before <= now + FURTHEST and not row.attempts:
                news |= self._waiting.get(name) != row
                self._waiting[name] = row
            else:
                self._waiting.pop(name, None)
        if not self._waiting:
            self._first.stop()
            self._last.stop()
        elif news:
            self._first.start(TOGETHER)

    def _left(self) -> int:
        """Seconds until the first of them leaves."""
        now = self._clock.now()
        return max(0, -(-(min((row.not_before for row in self._waiting.values()), default=now) - now) // SECOND))

    def _tell_begin(self) -> None:
        left = self._left()
        if not left:
            return
        count = len(self._waiting)
        what = lazy_plural("{count} reply waits to be sent.", "{count} replies wait to be sent.", count)
        seconds = lazy_plural("{count} second is left.", "{count} seconds are left.", left)
        undo, more = self._actions.key_text("desk.undo"), self._actions.key_text("outbox.more")
        keys = lazy("{undo} takes it back, {more} gives more time.", undo=undo, more=more)
        self._say(render(what), render(seconds), render(keys) if undo and more else "")
        if left * SECOND > LAST:
            self._last.start((left * SECOND - LAST) // 1000)

    def _tell_end(self) -> None:
        left = self._left()
        if left:
            seconds = lazy_plural("{count} second is left.", "{count} seconds are left.", left)
            self._say(render(lazy("Soon to be sent.")), render(seconds), urgent=True)

    def _say(self, *sentences: str, urgent: bool = False) -> None:
        text = plain(" ".join(filter(None, sentences)))
        self.said(text)
        if QAccessible.isActive():
            announce(self._window, text, urgent=urgent)

    async def more(self) -> None:
        """Give more time to everything that can still be taken back."""
        count = await self._outbox.more_time()
        if count:
            self._notices.say(lazy_plural("{count} reply waits longer", "{count} replies wait longer", count),
                              tone="ok", key="more")  # fmt: skip
        else:
            self._notices.say(lazy("Nothing is waiting that could be given more time."), key="more")
