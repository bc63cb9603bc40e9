"""Notices: what was done, with a way back; what failed, and why. They wait long enough to be read and are read aloud.

A notice goes by itself only when it can be missed: errors stay. Nobody has to hurry, since `z` undoes after the notice
has gone too, and the latest notices can be read again (Ctrl+Shift+N).
"""

from collections import deque
from collections.abc import Callable, Iterable

import msgspec
from PySide6.QtCore import QEvent, QObject, QRect, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from workstation.domain.text import LazyText, lazy
from workstation.i18n import render
from workstation.views import theme
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import margins, mark
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign

SHORTEST_MS = 8_000
PER_LETTER_MS = 60
KEPT = 50
AT_ONCE = 4
ICONS = {"ok": "circle-check", "danger": "circle-alert", "warn": "triangle-alert", "": "info"}

Handler = Callable[[], object]


class Notice(msgspec.Struct, frozen=True):
    """One notice. `key` replaces an earlier one of that key; `stays` until it is closed or dropped."""

    text: LazyText
    tone: str = ""
    key: str = ""
    action: LazyText | None = None
    stays: bool = False


_NOTHING = Notice(LazyText(""))


class Toast(Retranslating):
    """One notice on the screen, and then another."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = _NOTHING
        self._handler: Handler | None = None
        self._words: Callable[[], LazyText] | None = None
        self.setProperty("toast", "plain")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._sign = QLabel()
        self._text = Paragraph()
        self._button = TextButton(LazyText(""))
        self._button.clicked.connect(self._pressed)
        row = QHBoxLayout(self)
        margins(row, 14, 10, 8, 10)
        row.setSpacing(10)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        close = IconButton("x", lazy("Close this notice"), size=28)
        close.clicked.connect(self.closed)
        row.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.closed)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self.retranslate)

    def tell(
        self, notice: Notice, handler: Handler | None = None, countdown: Callable[[], LazyText] | None = None
    ) -> None:
        """Show `notice`, with the words of `countdown` written anew each second where there are some."""
        self.notice, self._handler, self._words = notice, handler, countdown
        mark(self, "toast", notice.tone or "plain")
        self._button.rename(notice.action or LazyText(""))
        self._button.setVisible(notice.action is not None)
        if countdown is not None:
            self._second.start()
        self.retranslate()

    def empty_out(self) -> None:
        """Say nothing more, and hold nothing of what was said: it waits to be used again."""
        self._timer.stop()
        self._second.stop()
        self.hide()
        self.tell(_NOTHING)

    @property
    def action(self) -> TextButton | None:
        """The button of a notice that has one."""
        return self._button if self.notice.action is not None else None

    def _pressed(self) -> None:
        handler = self._handler
        self.closed.emit()
        if handler is not None:
            handler()

    def wait(self) -> None:
        """Begin, or begin again, the time after which it goes by itself."""
        if not self.notice.stays:
            self._timer.start(SHORTEST_MS + PER_LETTER_MS * len(self._text.text()))

    def retranslate(self) -> None:
        """Write the text in the language spoken now."""
        text = render(self._words() if self._words is not None else self.notice.text)
        self._text.setText(text)
        mark(self, "mirrored", "true" if self.isRightToLeft() else "false")
        self.setAccessibleName(text)
        tone = self.notice.tone
        self._sign.setPixmap(sign(ICONS.get(tone, "info"), tone or "accent"))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Nothing goes while the pointer rests on it."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The time begins again."""
        self.wait()
        super().leaveEvent(event)


class Notices(QWidget):
    """The notices over a window's lower edge, newest at the bottom; it takes no more room than they need."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._toasts: list[Toast] = []
        self._spare: list[Toast] = []
        """Hidden, to be used again: making one takes longer than what is done while it tells of it."""
        self.history: deque[Notice] = deque(maxlen=KEPT)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._under: list[QWidget] = []
        self.beside: Callable[[], Iterable[Notices]] = tuple
        """Those of other windows in which one works: what is done there is told there."""
        window.installEventFilter(self)
        self.hide()

    def keep_above(self, widget: QWidget) -> None:
        """Stand above `widget` too while it is shown: Send and what decides must never be covered."""
        self._under.append(widget)
        widget.installEventFilter(self)

    def say(
        self,
        text: LazyText,
        *,
        tone: str = "",
        key: str = "",
        action: LazyText | None = None,
        handler: Handler | None = None,
        stays: bool = False,
        countdown: Callable[[], LazyText] | None = None,
    ) -> Toast:
        """Show a notice and have it read aloud; `handler` runs when its button is pressed, which closes it."""
        notice = Notice(text, tone, key, action, stays or tone == "danger" or countdown is not None)
        if key:
            self.drop(key)
        there = next((other for other in self.beside() if other.isActiveWindow()), None)
        if there is not None:
            self.history.appendleft(notice)
            return there.say(text, tone=tone, key=key, action=action, handler=handler, stays=stays, countdown=countdown)
        toast = self._spare.pop() if self._spare else self._toast()
        toast.tell(notice, handler, countdown)
        self._toasts.append(toast)
        self._column.addWidget(toast)
        toast.show()
        self.history.appendleft(notice)
        while len(self._toasts) > AT_ONCE:
            self._remove(self._toasts[0])
        toast.wait()
        self._place()
        announce(self, render(text))
        return toast

    def drop(self, key: str) -> None:
        """Take away the notice of `key`, if it is there."""
        for toast in [toast for toast in self._toasts if toast.notice.key == key]:
            self._remove(toast)
        for other in self.beside():
            other.drop(key)

    def shows(self, key: str) -> bool:
        """Whether the notice of `key` is on the screen."""
        here = any(toast.notice.key == key for toast in self._toasts)
        return here or any(other.shows(key) for other in self.beside())

    @property
    def texts(self) -> list[str]:
        """What is on the screen, oldest first."""
        return [toast.accessibleName() for toast in self._toasts]

    def newest(self) -> Toast | None:
        """The latest notice on the screen."""
        return self._toasts[-1] if self._toasts else None

    def _toast(self) -> Toast:
        toast = Toast(self)
        toast.closed.connect(lambda: self._remove(toast))
        return toast

    def _remove(self, toast: Toast) -> None:
        if toast not in self._toasts:
            return
        self._toasts.remove(toast)
        self._column.removeWidget(toast)
        toast.empty_out()
        self._spare.append(toast)
        self._place()

    def _place(self) -> None:
        self.setVisible(bool(self._toasts))
        window = self.parentWidget()
        if not self._toasts or window is None:
            return
        width = min(window.width() - 48, max(360, theme.current().letter * 64))
        height = self._column.totalHeightForWidth(width) if self._column.hasHeightForWidth() else -1
        height = height if height > 0 else self.sizeHint().height()
        self.setGeometry(self._spot(window, width, height))
        self.raise_()

    def _spot(self, window: QWidget, width: int, height: int) -> QRect:
        """At the foot of the window, or above what must not be covered, or beside it where nothing is above."""
        under = next((widget for widget in self._under if widget.isVisible()), None)
        if under is None:
            return QRect((window.width() - width) // 2, window.height() - 20 - height, width, height)
        box = QRect(under.mapTo(window, under.rect().topLeft()), under.size())
        if box.top() - 10 - height > window.height() // 4:
            width = min(width, box.width())
            return QRect(box.left() + (box.width() - width) // 2, box.top() - 10 - height, width, height)
        before, after = box.left() - 24, window.width() - box.right() - 24
        width = min(width, max(before, after))
        left = box.right() + 12 if after >= before else 12
        height = max(height, self._column.totalHeightForWidth(width))
        return QRect(left, window.height() - 20 - height, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the lower edge of the window."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide):
            QTimer.singleShot(0, self, self._place)
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Make room for other words and sizes."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.FontChange):
            QTimer.singleShot(0, self, self._place)


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a screen reader say `text` without moving the focus; what is urgent interrupts it."""
    if QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, text)
        politeness = QAccessible.AnnouncementPoliteness
        event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
        QAccessible.updateAccessibility(event)
