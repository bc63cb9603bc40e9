"""The head of a column: what it shows, how its channels fare, how many rows there are, and what one can do with it."""

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from workstation.domain.channels import Condition
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, ngettext, plain, render
from workstation.views import theme
from workstation.views.case.words import CONDITION_TONE
from workstation.views.widgets.buttons import IconButton
from workstation.views.widgets.labels import Elided
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign

SEPARATOR = " · "
LATE = 5
"""Seconds behind the network from which on a column says so."""
_CONDITIONS: dict[Condition, LazyText] = {
    # Shorter than elsewhere: there is a line of half a column's width.
    Condition.STARTING: lazy("Starting"),
    Condition.CATCHING_UP: lazy("Catching up"),
    Condition.POLLING: lazy("Polling"),
    Condition.WAITING: lazy("Offline"),
    Condition.STOPPED: lazy("Stopped"),
    Condition.SIGN_IN: lazy("Sign in again"),
}
MOST_COUNTED = 10_000
"""Above this the store does not count on."""


class Subtitle(Elided):
    """As many parts as fit, the most important first. Words of ours are left out rather than cut; a filter is cut."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._last, self._cut = "", False

    def show_parts(self, parts: list[str], last: str, cut: bool) -> None:
        """Show `parts`, then `last`, which may be `cut` where there is no room for all of it."""
        self._parts, self._last, self._cut = parts, last, cut
        self._fit()

    def _fit(self) -> None:
        parts = [*self._parts, self._last] if self._last else list(self._parts)
        whole = SEPARATOR.join(parts)
        room = self.contentsRect().width()
        while len(parts) > 1 and self.fontMetrics().horizontalAdvance(SEPARATOR.join(parts)) > room:
            if self._cut and len(parts) == len(self._parts) + 1:
                break
            parts.pop()
        shown = SEPARATOR.join(parts)
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(whole if shown != whole or self.fontMetrics().horizontalAdvance(whole) > room else "")
        self.setAccessibleName(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for more, or for less."""
        super().resizeEvent(event)
        self._fit()


class ColumnHeader(Retranslating):
    """Icon, title, subtitle, count or "n new", pause, menu. Dragging it moves the column."""

    new_wanted = Signal()
    pause_wanted = Signal()
    menu_wanted = Signal(QPoint)
    dragged = Signal(QPoint)
    """The header is dragged: a global position."""
    dropped = Signal()
    rename_wanted = Signal()
    health_wanted = Signal()
    """The line that tells how the channels fare was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "column-header")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._icon, self._title_text, self._about = "inbox", "", ""
        self._total, self._new, self._paused = 0, 0, False
        self._condition: Condition | None = None
        self._lag, self._practice, self._written = 0, False, False
        self._concern: LazyText | None = None
        self._pressed: QPoint | None = None
        self._dragging = False
        self._sign = QLabel()
        self._title, self._subtitle = Elided(), Subtitle()
        self._title.setProperty("role", "heading")
        self._subtitle.setProperty("role", "small")
        self._subtitle.setCursor(Qt.CursorShape.PointingHandCursor)
        self.count = QLabel()
        self.count.setProperty("role", "count")
        self.new = QPushButton()
        self.new.setProperty("role", "pill")
        self.new.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.new.hide()
        self.pause = IconButton("pause", lazy("Pause"), size=28)
        self.menu = IconButton("sliders-horizontal", lazy("Column menu"), size=28)
        self._arrange()
        self.new.clicked.connect(self.new_wanted)
        self.pause.clicked.connect(self.pause_wanted)
        self.menu.clicked.connect(lambda: self.menu_wanted.emit(self.menu.mapToGlobal(self.menu.rect().bottomLeft())))
        self.retranslate()

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(6)
        row.addWidget(self._sign)
        row.addSpacing(2)
        row.addLayout(words, 1)
        for widget in (self.count, self.new):
            widget.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            row.addWidget(widget)
        row.addWidget(self.pause)
        row.addWidget(self.menu)

    def show_column(self, icon: str, title: str, about: str, *, written: bool) -> None:
        """Name the column; texts are in the language spoken now. `written`: `about` is a filter, not words of ours."""
        self._icon, self._title_text, self._about, self._written = icon, title, about, written
        self.retranslate()

    def show_count(self, total: int) -> None:
        """Tell how many rows there are."""
        if total != self._total:
            self._total = total
            self._write_counts()

    def show_new(self, count: int) -> None:
        """Tell how many rows wait above; 0 shows the count of all rows again."""
        if count != self._new:
            self._new = count
            self._write_counts()

    def show_paused(self, paused: bool) -> None:
        """Show whether the column is paused."""
        self._paused = paused
        self.pause.rename(lazy("Go on") if paused else lazy("Pause"), "play" if paused else "pause")
        self._write_subtitle()

    def show_health(self, condition: Condition | None, lag: int = 0, concern: LazyText | None = None) -> None:
        """Show the worst condition of the column's channels, and what will soon be trouble; `lag` in microseconds."""
        if (condition, lag // 1_000_000, concern) != (self._condition, self._lag, self._concern):
            self._condition, self._lag, self._concern = condition, lag // 1_000_000, concern
            self._write_subtitle()

    def show_practice(self, practice: bool) -> None:
        """Show that nothing here is real."""
        self._practice = practice
        self.setProperty("practice", "true" if practice else "false")
        self.style().unpolish(self)
        self.style().polish(self)
        self._write_subtitle()

    def _write_counts(self) -> None:
        number = formats().number(min(self._total, MOST_COUNTED))
        self.count.setText(_("{number}+", number=number) if self._total > MOST_COUNTED else number)
        self.count.setAccessibleName(ngettext("{count} message", "{count} messages", self._total))
        self.new.setText(plain(ngettext("{count} new", "{count} new", self._new)))
        said = ngettext("Show {count} new message", "Show {count} new messages", self._new)
        self.new.setAccessibleName(said)
        self.new.setToolTip(said)
        # The one that is gone must not leave the focus nowhere.
        self.new.setVisible(self._new > 0)
        self.count.setVisible(self._new == 0)

    def _write_subtitle(self) -> None:
        said = [_("Paused")] if self._paused else []
        trouble = self._condition not in (None, Condition.LIVE)
        if trouble and self._condition is not None:
            said.append(render(_CONDITIONS[self._condition]))
        if self._practice:
            said.append(_("Practice"))
        if self._concern is not None:
            said.append(render(self._concern))
        if self._condition is Condition.LIVE and self._concern is None:
            late = self._lag >= LATE
            said.append(_("{time} behind", time=formats().duration(self._lag, 1)) if late else _("Live"))
        self._subtitle.show_parts([plain(part) for part in said], plain(self._about), self._written)
        tone = CONDITION_TONE.get(self._condition, "") if self._condition is not None else ""
        if self._concern is not None and tone != "danger":
            tone = "warn"
        usual = "practice-small" if self._practice else "small"
        role = {"warn": "warning-small", "danger": "error-small"}.get(tone, usual)
        if self._subtitle.property("role") != role:
            self._subtitle.setProperty("role", role)
            self._subtitle.style().unpolish(self._subtitle)
            self._subtitle.style().polish(self._subtitle)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        look = theme.current()
        # At the least: letters of some scripts are higher than Latin ones.
        self.setMinimumHeight(look.measures.header)
        self.count.setMinimumHeight(look.measures.chip)
        for button in (self.pause, self.menu):
            button.setIconSize(QSize(look.measures.icon, look.measures.icon))
        self._sign.setPixmap(sign(self._icon, "secondary"))
        self._title.setText(self._title_text)
        self.show_paused(self._paused)
        self._write_counts()
        self.setToolTip("")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag may start."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the column."""
        at = event.globalPosition().toPoint()
        if self._pressed is None:
            return
        if not self._dragging and (at - self._pressed).manhattanLength() < 8:
            return
        self._dragging = True
        # Let go outside the window, a column becomes one of its own.
        outside = not self.window().frameGeometry().contains(at)
        self.setCursor(Qt.CursorShape.DragCopyCursor if outside else Qt.CursorShape.ClosedHandCursor)
        self.dragged.emit(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the column go."""
        if self._dragging:
            self.unsetCursor()
            self.dropped.emit()
        elif self._pressed is not None and self._subtitle.geometry().contains(event.position().toPoint()):
            self.health_wanted.emit()
        self._pressed, self._dragging = None, False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename."""
        del event
        self._pressed = None
        self.rename_wanted.emit()
