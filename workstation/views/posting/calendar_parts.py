"""What a calendar is made of: days, and in them the posts that go out; both take the keyboard, posts are dragged."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from workstation.domain.messages import Micros
from workstation.domain.posts import Posted
from workstation.i18n import _, formats, ngettext, render
from workstation.views.posting.words import FATE, FATE_ICON, FATE_TONE, gist, summary, worst
from workstation.views.widgets.labels import Elided, Paragraph
from workstation.views.widgets.marking import mark
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign

TALL_LETTERS = 140


class PostChip(QPushButton):
    """A post on its day: its time, what it says, how it fares. `tall` where there is room for more than a line."""

    dropped = Signal(object, QPoint)
    """The post, and where it was let go of on the screen."""
    dragged = Signal(QPoint)

    def __init__(self, posted: Posted, names: Mapping[int, str], now: Micros, *, tall: bool) -> None:
        super().__init__()
        self.posted, self._names, self._now, self._tall = posted, names, now, tall
        self._pressed: QPoint | None = None
        self._dragging = False
        self.setProperty("role", "post")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._sign, self._line = QLabel(), Elided()
        self._text, self._state = Paragraph(), Paragraph()
        self._state.setProperty("role", "small")
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._sign)
        head.addWidget(self._line, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(head)
        for label in (self._text, self._state):
            label.setVisible(tall)
            column.addWidget(label)
        for part in (self._sign, self._line, self._text, self._state):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        post, kind = self.posted.post, worst(self.posted, self._now)
        time, words = formats().time(post.at), gist(post)
        self._sign.setPixmap(sign(FATE_ICON[kind], FATE_TONE[kind] or "secondary", 14))
        self._line.setText(time if self._tall else _("{time} {text}", time=time, text=words))
        self._text.setText(words[:TALL_LETTERS])
        where = formats().list([self._names.get(row.channel, "") for row in self.posted.rows])
        tally = summary(self.posted.tally(self._now))
        self._state.setText(_("{channels} · {state}", channels=where, state=tally))
        mark(self, "tone", FATE_TONE[kind])
        said = _("{time}: {text}. {channels}. {state}", time=time, text=words, channels=where, state=tally)
        self.setAccessibleName(said)
        self.setToolTip(said.replace("<", "‹") if "<" in said else said)
        self.setAccessibleDescription(render(FATE[kind]))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as what it says."""
        layout = self.layout()
        assert layout is not None  # noqa: S101 - it was set above
        width = max(40, self.width())
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        return QSize(40, max(24, height if self._tall else layout.totalSizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width needs another height."""
        super().resizeEvent(event)
        if self._tall and event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange) and hasattr(self, "_state"):
            self.retranslate()
        super().changeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag may begin here."""
        super().mousePressEvent(event)
        self._pressed = event.globalPosition().toPoint() if event.button() is Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what can still be moved."""
        at = event.globalPosition().toPoint()
        far = self._pressed is not None and (at - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if far and self.posted.open(self._now):
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of it."""
        dragging, self._dragging, self._pressed = self._dragging, False, None
        self.unsetCursor()
        if dragging:
            self.setDown(False)
            self.dropped.emit(self.posted, event.globalPosition().toPoint())
        else:
            super().mouseReleaseEvent(event)


class DayCell(Retranslating):
    """One day. It takes the focus for the arrows; its posts are entered with Enter."""

    focused = Signal(int)
    more_wanted = Signal(int)

    def __init__(self, day: int, at: Micros, *, tall: bool) -> None:
        """`day` is the date's ordinal, `at` the day's first moment."""
        super().__init__()
        self.day, self.at, self._tall = day, at, tall
        self.chips: list[PostChip] = []
        self.setProperty("role", "day")
        self.setMinimumSize(60, 60)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._number = Elided()
        self._more = QPushButton()
        self._more.setProperty("role", "link")
        self._more.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._more.clicked.connect(lambda: self.more_wanted.emit(self.day))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 4, 6, 4)
        self._column.setSpacing(3)
        self._column.addWidget(self._number)
        self._column.addWidget(self._more)
        self._column.addStretch(1)
        self.retranslate()

    def show_posts(
        self, posts: Sequence[Posted], names: Mapping[int, str], now: Micros, dress: Callable[[PostChip], object]
    ) -> None:
        """Show the day's posts; `dress` joins each chip with the calendar."""
        for chip in self.chips:
            self._column.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [PostChip(posted, names, now, tall=self._tall) for posted in posts]
        for place, chip in enumerate(self.chips):
            dress(chip)
            self._column.insertWidget(place + 1, chip)
        self._fit()
        self.retranslate()

    def show_as(self, *, today: bool, other: bool, current: bool, target: bool = False) -> None:
        """Look like today, a day of another month, the day the keyboard is on, or where a post is let go."""
        for widget in (self, self._number):
            mark(widget, "today", "true" if today else "false")
        mark(self, "other", "true" if other else "false")
        mark(self, "target", "true" if target else "false")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if current else Qt.FocusPolicy.ClickFocus)

    def _fit(self) -> None:
        """Show the posts there is room for; of more, how many there are."""
        if self._tall:
            self._more.hide()
            return
        each = max((chip.sizeHint().height() for chip in self.chips), default=24) + self._column.spacing()
        room = self.height() - self._number.sizeHint().height() - 12
        shown = max(0, room // each)
        if len(self.chips) > shown:
            shown = max(0, (room - self._more.sizeHint().height()) // each)
        for place, chip in enumerate(self.chips):
            chip.setVisible(place < shown)
        hidden = len(self.chips) - min(shown, len(self.chips))
        self._more.setVisible(hidden > 0)
        self._more.setText(ngettext("{count} more", "{count} more", hidden))

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        spoken = formats()
        self._number.setText(spoken.shaped(self.at, "MMMd" if self._tall else "d"))
        # Room for the number, a post and how many more there are; smaller days scroll.
        self.setMinimumHeight(round(self.fontMetrics().height() * 4.6) + 12)
        count = len(self.chips)
        posts = ngettext("{count} post", "{count} posts", count)
        self.setAccessibleName(_("{day}: {posts}", day=spoken.date(self.at, "full"), posts=posts))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another height has room for others."""
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Be the day that the arrows start from."""
        super().focusInEvent(event)
        self.focused.emit(self.day)

    def holds(self, widget: QWidget | None) -> bool:
        """Whether the focus is in here."""
        return widget is not None and (widget is self or self.isAncestorOf(widget))
