"""The calendar of posts: a month or a week, by keyboard or by dragging, in the reader's week and direction."""

import datetime as clock
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from workstation.domain.messages import Micros
from workstation.domain.posts import Posted
from workstation.domain.text import lazy
from workstation.domain.wallclock import read
from workstation.i18n import _, formats
from workstation.views.desk_actions import DeskActions
from workstation.views.posting.calendar_parts import DayCell, PostChip
from workstation.views.posting.when import agents_zone, zone_words
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating

WEEK = 7


def _zone() -> clock.tzinfo:
    return formats().zoned(0).tzinfo or clock.UTC


def day_of(at: Micros) -> int:
    """The ordinal of the date that `at` lies in, in the agent's zone."""
    return formats().zoned(at).toordinal()


def first_moment(day: int) -> Micros:
    """When that date begins in the agent's zone; clocks may be put forward over midnight."""
    date = clock.date.fromordinal(day)
    return read(clock.datetime.combine(date, clock.time()), _zone()).moments[0]


def on_day(at: Micros, day: int) -> Micros:
    """The same time of day on another date, in the agent's zone."""
    local = formats().zoned(at)
    wanted = clock.datetime.combine(clock.date.fromordinal(day), local.time().replace(fold=0))
    moments = read(wanted, _zone()).moments
    return moments[-1] if local.fold and len(moments) > 1 else moments[0]


class CalendarView(Retranslating):
    """Posts in, wishes out. It asks for the span that it shows."""

    span_wanted = Signal(object, object)
    opened = Signal(object)
    new_wanted = Signal(object)
    """A moment of the day on which a post is wanted."""
    moved = Signal(object, object)
    """The post, and when it is to go out."""

    def __init__(self, actions: DeskActions, now: Callable[[], Micros], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions, self._now = actions, now
        self._posts: tuple[Posted, ...] = ()
        self._names: Mapping[int, str] = {}
        self.week = False
        self.day = day_of(now())
        self._following = 0
        """The post that the focus stays with when the days are filled anew."""
        self.cells: dict[int, DayCell] = {}
        """The days that are shown; none before somebody looks."""
        self._build()
        self.retranslate()

    def _build(self) -> None:
        self._title, self._zone_label, self._empty = Paragraph(), QLabel(), Paragraph()
        self._title.setProperty("role", "title")
        self._zone_label.setProperty("role", "secondary")
        self._empty.setProperty("role", "secondary")
        head = QHBoxLayout()
        head.setSpacing(8)
        # They point to where time comes from and goes to, in the reader's direction.
        for icon, name, words in (
            ("chevron-left", "posts.earlier_span", lazy("Earlier")),
            ("chevron-right", "posts.later_span", lazy("Later")),
        ):
            button = IconButton(icon, words)
            button.follow(self._actions[name])
            head.addWidget(button)
        head.addWidget(self._title, 1)
        head.addWidget(self._zone_label)
        today = TextButton(lazy("Today"))
        today.follow(self._actions["posts.today"])
        self._toggle = TextButton(lazy("Week"))
        self._toggle.follow(self._actions["posts.week"])
        head.addWidget(today)
        head.addWidget(self._toggle)
        self._grid_frame = QFrame()
        self._grid_frame.setProperty("role", "bare")
        self._grid = QGridLayout(self._grid_frame)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._grid_frame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._empty)
        column.addWidget(self._area, 1)

    # -- the span --------------------------------------------------------------------------------------------------

    def _days(self) -> range:
        first = formats().first_weekday
        date = clock.date.fromordinal(self.day)
        if self.week:
            begin = self.day - (date.weekday() - first) % WEEK
            return range(begin, begin + WEEK)
        month = date.replace(day=1)
        begin = month.toordinal() - (month.weekday() - first) % WEEK
        following = (month + clock.timedelta(days=32)).replace(day=1).toordinal()
        weeks = -(-(following - begin) // WEEK)
        return range(begin, begin + weeks * WEEK)

    def _fill(self) -> None:
        """Make the days of the span anew; a focus that was in them stays on its day."""
        focus = QApplication.focusWidget()
        inside = focus is not None and self._grid_frame.isAncestorOf(focus)
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self.cells = {}
        days = self._days()
        names = formats().weekdays("abbreviated")
        for column in range(WEEK):
            label = QLabel(names[clock.date.fromordinal(days[column]).weekday()])
            label.setProperty("role", "secondary")
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._grid.addWidget(label, 0, column)
            self._grid.setColumnStretch(column, 1)
        for place, day in enumerate(days):
            cell = DayCell(day, first_moment(day), tall=self.week)
            cell.installEventFilter(self)
            cell.focused.connect(self._focused)
            cell.more_wanted.connect(self._show_week)
            self.cells[day] = cell
            self._grid.addWidget(cell, 1 + place // WEEK, place % WEEK)
            cell.show()  # now, not with the next layout: the focus is given to one of them at once
            self._grid.setRowStretch(1 + place // WEEK, 1)
        self._show_posts()
        self._mark()
        self.retranslate()
        if inside:
            self._focus(self.cells.get(self.day))

    @property
    def span(self) -> tuple[Micros, Micros]:
        """The first moment shown, and the first one after it."""
        days = self._days()
        return first_moment(days[0]), first_moment(days[-1] + 1)

    def ask(self) -> None:
        """Ask for the posts of the span; its days are made when that is done first."""
        if not self.cells:
            self._fill()
        self.span_wanted.emit(*self.span)

    def show_posts(self, posts: Sequence[Posted], names: Mapping[int, str]) -> None:
        """Show these; `names` names channels by id."""
        self._posts, self._names = tuple(posts), names
        self._show_posts()
        self.retranslate()

    def _show_posts(self) -> None:
        focus = QApplication.focusWidget()
        keeps = bool(self._following) or (focus is not None and self.isAncestorOf(focus))
        followed = self._following or (focus.posted.post.id if isinstance(focus, PostChip) else 0)
        by_day: dict[int, list[Posted]] = {}
        for posted in self._posts:
            by_day.setdefault(day_of(posted.post.at), []).append(posted)
        for day, cell in self.cells.items():
            cell.show_posts(by_day.get(day, ()), self._names, self._now(), self._dress)
        self._following = 0
        if keeps:
            chip = next((one for one in self._chips() if one.posted.post.id == followed), None)
            self._focus(chip or self.cells.get(self.day))

    def _dress(self, chip: PostChip) -> None:
        chip.installEventFilter(self)
        chip.clicked.connect(lambda: self.opened.emit(chip.posted))
        chip.dragged.connect(self._dragged)
        chip.dropped.connect(self._dropped)

    def _chips(self) -> list[PostChip]:
        return [chip for cell in self.cells.values() for chip in cell.chips]

    # -- moving about ----------------------------------------------------------------------------------------------

    @property
    def current(self) -> Posted | None:
        """The post that keys are about."""
        focus = QApplication.focusWidget()
        return focus.posted if isinstance(focus, PostChip) and self.isAncestorOf(focus) else None

    def go(self, day: int) -> None:
        """Put the keyboard on a day, turning the page where it is on another."""
        self.day = day
        if day not in self.cells:
            self._fill()
            self.ask()
        self._mark()
        self._focus(self.cells[day])

    def turn(self, by: int) -> None:
        """The months or weeks before (-1) or after (1)."""
        if self.week:
            self.go(self.day + by * WEEK)
            return
        date = clock.date.fromordinal(self.day)
        month = date.year * 12 + date.month - 1 + by
        following = clock.date((month + 1) // 12, (month + 1) % 12 + 1, 1)
        last = (following - clock.timedelta(days=1)).day
        self.go(clock.date(month // 12, month % 12 + 1, min(date.day, last)).toordinal())

    def today(self) -> None:
        """The day it is."""
        self.go(day_of(self._now()))

    def switch(self) -> None:
        """From month to week and back."""
        self.week = not self.week
        self._toggle.rename(lazy("Month") if self.week else lazy("Week"))
        self._fill()
        self.ask()
        self._focus(self.cells[self.day])

    def _show_week(self, day: int) -> None:
        self.day = day
        if not self.week:
            self.switch()

    def enter(self) -> None:
        """Open the post that the focus is on; else enter the day's posts; on an empty day begin one."""
        posted = self.current
        cell = self.cells.get(self.day)
        shown = [chip for chip in cell.chips if chip.isVisible()] if cell is not None else []
        if posted is not None:
            self.opened.emit(posted)
        elif shown:
            self._focus(shown[0])
        elif cell is not None and cell.chips:
            self._show_week(self.day)
        else:
            self.begin()

    def begin(self) -> None:
        """Begin a post on the day that the keyboard is on."""
        self.new_wanted.emit(first_moment(self.day))

    def follow(self, post: int) -> None:
        """Keep the focus on this post when the days are shown anew."""
        self._following = post

    def _focused(self, day: int) -> None:
        if day != self.day:
            self.day = day
            self._mark()

    @staticmethod
    def _focus(widget: QWidget | None) -> None:
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark(self, target: int = 0) -> None:
        today, month = day_of(self._now()), clock.date.fromordinal(self.day).month
        for day, cell in self.cells.items():
            other = not self.week and clock.date.fromordinal(day).month != month
            cell.show_as(today=day == today, other=other, current=day == self.day, target=day == target)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Days and posts have their keys before the area around them, which would scroll."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(watched, event)
        return super().eventFilter(watched, event)

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        """Arrows go from day to day, and inside a day from post to post; Escape leaves the posts."""
        key = event.key()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if isinstance(watched, PostChip):
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
            if key == Qt.Key.Key_Escape:
                self._focus(self.cells[day_of(watched.posted.post.at)])
            elif key in steps:
                self._beside(watched, steps[Qt.Key(key)])
            return key == Qt.Key.Key_Escape or key in steps
        onward = -1 if self.isRightToLeft() else 1
        days = {Qt.Key.Key_Right: onward, Qt.Key.Key_Left: -onward, Qt.Key.Key_Up: -WEEK, Qt.Key.Key_Down: WEEK}
        if key in days:
            self.go(self.day + days[Qt.Key(key)])
        return key in days

    def _beside(self, chip: PostChip, by: int) -> None:
        shown = [one for one in self.cells[day_of(chip.posted.post.at)].chips if one.isVisible()]
        at = shown.index(chip) + by if chip in shown else -1
        if 0 <= at < len(shown):
            self._focus(shown[at])

    # -- dragging --------------------------------------------------------------------------------------------------

    def _day_at(self, at: QPoint) -> int:
        for day, cell in self.cells.items():
            if cell.rect().contains(cell.mapFromGlobal(at)):
                return day
        return 0

    def _dragged(self, at: QPoint) -> None:
        self._mark(self._day_at(at))

    def _dropped(self, posted: Posted, at: QPoint) -> None:
        day = self._day_at(at)
        self._mark()
        if day and day != day_of(posted.post.at):
            self.follow(posted.post.id)
            self.moved.emit(posted, on_day(posted.post.at, day))

    # -- words -----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        spoken = formats()
        start, end = self.span
        if self.week:
            title = _("{first} to {last}", first=spoken.date(start), last=spoken.date(end - 1))
        else:
            title = spoken.shaped(first_moment(self.day), "yMMMM")
        self._title.setText(title)
        self._zone_label.setText(_("Times in your zone, {zone}", zone=zone_words(agents_zone(), self._now())))
        self._empty.setText(_("Nothing is planned here. Choose a day and press Enter to write a post for it."))
        self._empty.setVisible(not self._posts)
        self._area.setAccessibleName(title)
        self.setAccessibleName(_("Calendar of posts: {span}", span=title))

    def changeEvent(self, event: QEvent) -> None:
        """Another language may begin its week on another day."""
        if event.type() == QEvent.Type.LanguageChange:
            if self.cells:
                self._fill()
                self.ask()
            else:
                self.retranslate()
            return
        super().changeEvent(event)
