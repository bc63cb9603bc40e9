"""The page of posts with its services: writing, the calendar, what is missed, and what became of each post."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workstation.domain.changes import ChangeSet
from workstation.domain.messages import Message, Micros
from workstation.domain.outbox import State
from workstation.domain.posts import OPEN, Fate, Post, Posted, fate
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.domain.traces import Masker
from workstation.i18n import formats
from workstation.qt.tasks import Tasks
from workstation.services.clock import SECOND
from workstation.services.desk import Desk
from workstation.services.posting import may_pass_on, shifted
from workstation.views.case.sending import HELD, WAITS
from workstation.views.deck.content import ChannelFace
from workstation.views.desk_actions import Handler
from workstation.views.keys import ACTIONS, Scope
from workstation.views.main_window import MainWindow
from workstation.views.posting.missed import Missed
from workstation.views.posting.planned import TOO_LATE, Planned, later
from workstation.views.posting.tabs import CALENDAR, WRITE
from workstation.views.undoing import UNDO, Undoing

if TYPE_CHECKING:
    from workstation.views.posting.calendar import CalendarView
    from workstation.views.posting.page import PostsPage
    from workstation.views.posting.writer import Writer

PAGE = "page.posts"
TABS = {Scope.POSTING: WRITE, Scope.CALENDAR: CALENDAR}
MORNING = 9
CHOOSE = lazy("Choose a post on the calendar first.")
NO_MESSAGE = lazy("Choose a message first.")
NOT_OURS = lazy("It is not a post of ours.")


class PostingDesk(QObject):
    """Joins the page of posts with the desk; the page itself is made when it is first gone to."""

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        undoing: Undoing,
        tasks: Tasks,
        face: Callable[[int], ChannelFace],
        decide: Callable[[str, str], object],
    ) -> None:
        super().__init__(window)
        self._window, self._desk, self._undoing, self._tasks = window, desk, undoing, tasks
        self._face = face
        self._actions, self._notices = window.actions_table, window.notices
        self._page: PostsPage | None = None
        self._writer: Writer | None = None
        self._message: Message | None = None
        self._handlers: dict[str, Handler] = {}
        self._known: dict[int, dict[Fate, int]] = {}
        self.planned = Planned(window, desk, undoing, tasks, decide)
        self.planned.opened.connect(self._open)
        self.planned.unmoved.connect(self._fill)
        self.planned.keeps.connect(self._keep_focus)
        self.missed = Missed(window, desk, tasks, self.planned.show_details)
        window.add_later(PAGE, self._make)
        self._bind()
        self.look()

    def _bind(self) -> None:
        on = self._actions.on
        on("composer.post", self.post)
        on("posts.calendar", self.calendar)
        on("posts.repost", lambda: self._pass_on(copy=False))
        on("posts.copy", lambda: self._pass_on(copy=True))
        on("posts.missed", self.missed.decide)
        # Known from the beginning, to the palette too; the page that they belong to is made when one is used.
        for spec in ACTIONS:
            if spec.scope in TABS:
                on(spec.id, partial(self._run, spec.id, TABS[spec.scope]))
        self.look_at(None)

    def _run(self, name: str, tab: int) -> None:
        self._show(tab)
        self._handlers[name]()

    # -- the page --------------------------------------------------------------------------------------------------

    def _make(self) -> "PostsPage":
        # Imported when first opened: a start pays for every module.
        from workstation.views.posting.calendar import CalendarView
        from workstation.views.posting.page import PostsPage
        from workstation.views.posting.write_view import WriteView
        from workstation.views.posting.writer import OPENING, Writer

        desk, now = self._desk, self._desk.clock.now
        write = WriteView(self._actions, desk.settings, now, self._window)
        calendar = CalendarView(self._actions, now)
        page = self._page = PostsPage(self._actions, write, calendar)
        self._writer = Writer(
            write, self._actions, desk.posts, desk.drafting, desk.templates, self._face, self._notices, self._tasks,
            self._window,
        )  # fmt: skip
        self._writer.sent.connect(self._was_sent)
        calendar.span_wanted.connect(lambda *_span: self._fill())
        calendar.opened.connect(self.planned.show_details)
        calendar.new_wanted.connect(self._begin_on)
        calendar.moved.connect(self.planned.move)
        page.turned.connect(self._turned)
        self._notices.keep_above(write.foot)
        self._handlers = self._writer.handlers() | self._of_calendar(calendar)
        self._tasks.latest(self._writer.begin(), OPENING)
        return page

    def _of_calendar(self, calendar: "CalendarView") -> dict[str, Handler]:
        return {
            "posts.details": calendar.enter,
            "posts.earlier_span": partial(calendar.turn, -1),
            "posts.later_span": partial(calendar.turn, 1),
            "posts.today": calendar.today,
            "posts.week": calendar.switch,
            "posts.edit": lambda: self._with_current(self.planned.edit),
            "posts.again": lambda: self._with_current(self.planned.again),
            "posts.cancel": lambda: self._with_current(self.planned.take_back),
            "posts.move": lambda: self._with_current(self.planned.ask_time),
            "posts.day_later": partial(self._shift, days=1),
            "posts.day_earlier": partial(self._shift, days=-1),
            "posts.hour_later": partial(self._shift, hours=1),
            "posts.hour_earlier": partial(self._shift, hours=-1),
        }

    def _turned(self, tab: int) -> None:
        page = self._page
        if page is not None and tab == CALENDAR:
            page.calendar.ask()

    def _show(self, tab: int) -> "PostsPage":
        self._window.go(PAGE)
        page = self._page
        assert page is not None  # noqa: S101 - going there makes it
        page.show_tab(tab)
        return page

    def look(self) -> None:
        """Possible as soon as one channel allows it; else with the reason."""
        self._actions.allow("composer.post", self._desk.posts.refusal())
        if self._writer is not None:
            self._writer.refresh()

    def look_at(self, message: Message | None) -> None:
        """What can be passed on is what one looks at."""
        self._message = message
        refused = NO_MESSAGE if message is None else may_pass_on(message) or self._desk.posts.refusal()
        self._actions.allow("posts.repost", refused)
        copy = NO_MESSAGE if message is None else None if message.own else NOT_OURS
        self._actions.allow("posts.copy", copy or self._desk.posts.refusal())

    async def start(self) -> None:
        """Ask about what was missed while nobody was here."""
        await self.missed.look_now()

    async def flush(self) -> None:
        """Write the draft down; before the window goes."""
        self.missed.stop()
        if self._writer is not None:
            await self._writer.flush()

    def mask(self, masker: Masker) -> None:
        """Somebody was erased: they are taken out of what is being written, and the calendar is read again."""
        if self._writer is not None:
            self._writer.mask(masker)
        self._fill()

    # -- writing ---------------------------------------------------------------------------------------------------

    def post(self) -> None:
        """Write a post; from the calendar one for the day that the keyboard is on."""
        from workstation.views.posting.writer import OPENING

        page = self._page
        focus = self._window.focusWidget()
        if page is not None and focus is not None and page.calendar.isVisible() and page.calendar.isAncestorOf(focus):
            page.calendar.begin()
            return
        self._show(WRITE)
        if self._writer is not None:
            self._tasks.latest(self._writer.begin(), OPENING)

    def _begin_on(self, day: Micros) -> None:
        from workstation.views.posting.when import next_hour
        from workstation.views.posting.writer import OPENING

        now = self._desk.clock.now()
        morning = shifted(day, formats().zoned(day).tzinfo, hours=MORNING)  # type: ignore[arg-type]
        self._show(WRITE)
        if self._writer is not None:
            at = morning if morning > now else next_hour(now)
            self._tasks.latest(self._writer.begin(at), OPENING)

    def _pass_on(self, *, copy: bool) -> None:
        message = self._message
        if message is not None:
            post = self._desk.posts.repost(message, copy=copy)
            self._open(post, None if copy else message)

    def _open(self, post: Post, message: Message | None = None) -> None:
        from workstation.views.posting.writer import OPENING

        self._show(WRITE)
        if self._writer is not None:
            self._tasks.latest(self._writer.open(post, message), OPENING)

    # -- on their way ----------------------------------------------------------------------------------------------

    def _was_sent(self, posted: Posted) -> None:
        number, now = posted.post.id, self._desk.clock.now()
        waiting = {row.operation.id: 0 for row in posted.rows if fate(row, now) in OPEN}
        self._undoing.together(waiting, lambda _cases: self._tasks.spawn(self._reopen(number), "reopen"))
        self._tasks.spawn(self._tell_queued(posted), "post queued")

    async def _tell_queued(self, posted: Posted) -> None:
        now, key, number = self._desk.clock.now(), _key(posted.post.id), posted.post.id

        def back() -> None:
            self._tasks.spawn(self._undo_send(number), "take a post back")

        rows = [row for row in posted.rows if fate(row, now) in OPEN]
        if await self._desk.outbox.held():
            self._notices.say(HELD, tone="warn", key=key, action=UNDO, handler=back)
        elif any(row.state is State.WAITS for row in rows):
            self._notices.say(WAITS, tone="warn", key=key, action=UNDO, handler=back)
        elif rows and rows[0].latest:
            count = lazy_plural("{count} channel", "{count} channels", len(rows))
            at = lazy("Planned for {time} on {channels}.", time=formats().datetime(rows[0].not_before), channels=count)
            self._notices.say(at, tone="ok", key=key, action=UNDO, handler=back)
        elif rows:
            due = rows[0].not_before
            self._notices.say(
                lazy("On its way"), key=key, action=UNDO, handler=back,
                countdown=lambda: _countdown(due, self._desk.clock.now(), len(rows)),
            )  # fmt: skip
        self._known[number] = posted.tally(now)

    async def _undo_send(self, number: int) -> None:
        if not await self._desk.posts.take_back(number):
            self._notices.say(TOO_LATE, tone="warn", key="command")
            return
        posted = await self._desk.posts.posted(number)
        nothing = posted is None or not posted.left
        said = lazy("Taken back: nothing was sent.") if nothing else lazy("Taken back where it had not left yet.")
        self._notices.say(said, tone="ok", key="command")
        await self._reopen(number)

    async def _reopen(self, number: int) -> None:
        """Give back what was written, to be sent after all or thrown away."""
        self._notices.drop(_key(number))
        await self.planned.reopen(number)

    def on_change(self, changes: ChangeSet) -> None:
        """Follow the rows of posts; called for every commit."""
        posts = {row.post for row in changes.outbox if row.post}
        if posts or changes.reload:
            self._tasks.latest(self._follow(posts), f"posts {sorted(posts)}")
            self._fill()
            self.missed.look()

    async def _follow(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            posted = await self._desk.posts.posted(number)
            if posted is None:
                continue
            self.planned.follow(posted)
            self._tell(posted, self._desk.clock.now())

    def _tell(self, posted: Posted, now: Micros) -> None:
        """Say what became of a post once nothing of it is under way any more."""
        from workstation.views.posting.words import summary

        number, tally = posted.post.id, posted.tally(now)
        before = self._known.get(number)
        ended = not set(tally) & {Fate.SENDING, Fate.WAITING}
        if tally == before or not ended or not set(tally) & {Fate.SENT, Fate.UNKNOWN, Fate.FAILED}:
            return
        self._known[number] = tally
        self._notices.drop(_key(number))
        bad = tally.get(Fate.FAILED, 0) + tally.get(Fate.UNKNOWN, 0)
        if bad:
            self._notices.say(
                lazy("The post: {state}.", state=summary(tally)), tone="danger" if Fate.FAILED in tally else "warn",
                key=_key(number), action=lazy("Show"), handler=partial(self.planned.show_details, posted), stays=True,
            )  # fmt: skip
        else:
            sent = tally[Fate.SENT]
            self._notices.say(
                lazy_plural("Posted on {count} channel.", "Posted on {count} channels.", sent), tone="ok", key="posted"
            )

    # -- the calendar ----------------------------------------------------------------------------------------------

    def calendar(self) -> None:
        """Show the calendar, the keyboard on today or on the day it was on."""
        page = self._show(CALENDAR)
        page.calendar.go(page.calendar.day)
        page.calendar.ask()

    def _keep_focus(self, number: int) -> None:
        if self._page is not None:
            self._page.calendar.follow(number)

    def _fill(self) -> None:
        page = self._page
        if page is not None and page.calendar.isVisibleTo(page):
            self._tasks.latest(self._fill_calendar(page.calendar), "calendar")

    async def _fill_calendar(self, calendar: "CalendarView") -> None:
        posts = await self._desk.posts.between(*calendar.span)
        calendar.show_posts(posts, self._names())

    def _names(self) -> dict[int, str]:
        return {config.id: config.name for config in self._desk.supervisor.configs()}

    def _with_current(self, work: Callable[[Posted], object]) -> None:
        posted = self._page.calendar.current if self._page is not None else None
        if posted is None:
            self._notices.say(CHOOSE, key="calendar")
        else:
            work(posted)

    def _shift(self, *, days: int = 0, hours: int = 0) -> None:
        page = self._page
        if page is not None and days and page.isRightToLeft():
            days = -days  # the key points to a side of the screen
        self._with_current(lambda posted: self.planned.move(posted, later(posted.post.at, days, hours)))


def _key(number: int) -> str:
    return f"post:{number}"


def _countdown(due: Micros, now: Micros, count: int) -> LazyText:
    """How long a post can still be taken back."""
    left = -(-(due - now) // SECOND)
    if left <= 0:
        return lazy("Being sent…")
    where = lazy_plural("{count} channel", "{count} channels", count)
    return lazy_plural("Goes to {channels} in {count} second", "Goes to {channels} in {count} seconds", left,
                       channels=where)  # fmt: skip
