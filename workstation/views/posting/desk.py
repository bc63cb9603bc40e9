"""The page of posts with its services: writing, the calendar, what is missed, and what became of each post."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, QTimer

from workstation.domain.changes import ChangeSet
from workstation.domain.messages import Message, Micros
from workstation.domain.posts import OPEN, Fate, Post, Posted, fate
from workstation.domain.text import LazyText, Moment, lazy, lazy_plural
from workstation.i18n import formats
from workstation.qt.tasks import Tasks
from workstation.services.clock import SECOND
from workstation.services.desk import Desk
from workstation.services.posting import may_pass_on, shifted
from workstation.views.case.sending import HELD
from workstation.views.deck.content import ChannelFace
from workstation.views.desk_actions import Handler
from workstation.views.keys import ACTIONS, Scope
from workstation.views.main_window import MainWindow
from workstation.views.posting.calendar import CalendarView, on_day
from workstation.views.posting.page import CALENDAR, WRITE, PostsPage
from workstation.views.posting.sheets import AGAIN, BACK, EDIT, MOVE, NOW, DetailsSheet, MoveSheet
from workstation.views.posting.when import next_hour
from workstation.views.posting.words import summary
from workstation.views.posting.write_view import WriteView
from workstation.views.posting.writer import OPENING, Writer
from workstation.views.undoing import UNDO, Undoing
from workstation.views.widgets.banner import BannerText

PAGE = "page.posts"
MISSED = "missed"
TABS = {Scope.POSTING: WRITE, Scope.CALENDAR: CALENDAR}
LONGEST_MS = 60 * 60 * 1000
MORNING = 9
CHOOSE = lazy("Choose a post on the calendar first.")
NO_MESSAGE = lazy("Choose a message first.")
NOT_OURS = lazy("It is not a post of ours.")
TOO_LATE = lazy("It is too late to take this back: it has already left.")


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
        self._face, self._decide = face, decide
        self._actions, self._notices = window.actions_table, window.notices
        self._page: PostsPage | None = None
        self._writer: Writer | None = None
        self._message: Message | None = None
        self._details: DetailsSheet | None = None
        self._handlers: dict[str, Handler] = {}
        self._known: dict[int, dict[Fate, int]] = {}
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self.look_for_missed)
        window.add_later(PAGE, self._make)
        self._bind()
        self.look()

    def _bind(self) -> None:
        on = self._actions.on
        on("composer.post", self.post)
        on("posts.calendar", self.calendar)
        on("posts.repost", lambda: self._pass_on(copy=False))
        on("posts.copy", lambda: self._pass_on(copy=True))
        on("posts.missed", lambda: self._tasks.spawn(self._open_missed(), "missed"))
        # Known from the beginning, to the palette too; the page that they belong to is made when one is used.
        for spec in ACTIONS:
            if spec.scope in TABS:
                on(spec.id, partial(self._run, spec.id, TABS[spec.scope]))
        self.look_at(None)

    def _run(self, name: str, tab: int) -> None:
        self._show(tab)
        self._handlers[name]()

    # -- the page --------------------------------------------------------------------------------------------------

    def _make(self) -> PostsPage:
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
        calendar.opened.connect(self.show_details)
        calendar.new_wanted.connect(self._begin_on)
        calendar.moved.connect(lambda posted, at: self._tasks.spawn(self._move(posted, at), "move"))
        page.turned.connect(self._turned)
        self._notices.keep_above(write.foot)
        self._handlers = self._writer.handlers() | self._of_calendar(calendar)
        self._tasks.latest(self._writer.begin(), OPENING)
        return page

    def _of_calendar(self, calendar: CalendarView) -> dict[str, Handler]:
        return {
            "posts.details": calendar.enter,
            "posts.earlier_span": partial(calendar.turn, -1),
            "posts.later_span": partial(calendar.turn, 1),
            "posts.today": calendar.today,
            "posts.week": calendar.switch,
            "posts.edit": lambda: self._with_current(lambda posted: self._spawn(self._edit(posted))),
            "posts.again": lambda: self._with_current(lambda posted: self._spawn(self._again(posted))),
            "posts.cancel": lambda: self._with_current(lambda posted: self._spawn(self._take_back(posted))),
            "posts.move": lambda: self._with_current(self._ask_time),
            "posts.day_later": partial(self._shift, days=1),
            "posts.day_earlier": partial(self._shift, days=-1),
            "posts.hour_later": partial(self._shift, hours=1),
            "posts.hour_earlier": partial(self._shift, hours=-1),
        }
    def _spawn(self, work: object) -> None:
        self._tasks.spawn(work, "post")  # type: ignore[arg-type]

    def _turned(self, tab: int) -> None:
        page = self._page
        if page is not None and tab == CALENDAR:
            page.calendar.ask()

    def _show(self, tab: int) -> PostsPage:
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
        await self._look_for_missed()

    async def flush(self) -> None:
        """Write the draft down; before the window goes."""
        self._late.stop()
        if self._writer is not None:
            await self._writer.flush()

    # -- writing ---------------------------------------------------------------------------------------------------

    def post(self) -> None:
        """Write a post; from the calendar one for the day that the keyboard is on."""
        page = self._page
        focus = self._window.focusWidget()
        if page is not None and focus is not None and page.calendar.isVisible() and page.calendar.isAncestorOf(focus):
            page.calendar.begin()
            return
        self._show(WRITE)
        if self._writer is not None:
            self._tasks.latest(self._writer.begin(), OPENING)

    def _begin_on(self, day: Micros) -> None:
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
        self._show(WRITE)
        if self._writer is not None:
            self._tasks.latest(self._writer.open(post, message), OPENING)

    # -- on their way ----------------------------------------------------------------------------------------------

    def _was_sent(self, posted: Posted) -> None:
        number, now = posted.post.id, self._desk.clock.now()
        waiting = {row.operation.id: 0 for row in posted.rows if fate(row, now) in OPEN}
        self._undoing.together(waiting, lambda _cases: self._spawn(self._reopen(number)))
        self._tasks.spawn(self._tell_queued(posted), "post queued")

    async def _tell_queued(self, posted: Posted) -> None:
        now, key, number = self._desk.clock.now(), _key(posted.post.id), posted.post.id

        def back() -> None:
            self._spawn(self._undo_send(number))

        rows = [row for row in posted.rows if fate(row, now) in OPEN]
        if await self._desk.outbox.held():
            self._notices.say(HELD, tone="warn", key=key, action=UNDO, handler=back)
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
        self._open(await self._desk.posts.edit(number))

    def on_change(self, changes: ChangeSet) -> None:
        """Follow the rows of posts; called for every commit."""
        posts = {row.post for row in changes.outbox if row.post}
        if posts or changes.reload:
            self._tasks.latest(self._follow(posts), f"posts {sorted(posts)}")
            self._fill()
            self._tasks.latest(self._look_for_missed(), "missed")

    async def _follow(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            posted = await self._desk.posts.posted(number)
            if posted is None:
                continue
            now = self._desk.clock.now()
            if self._details is not None and self._details.posted.post.id == number:
                self._details.show_posted(posted, now)
            self._tell(posted, now)

    def _tell(self, posted: Posted, now: Micros) -> None:
        """Say what became of a post once nothing of it is under way any more."""
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
                key=_key(number), action=lazy("Show"), handler=partial(self.show_details, posted), stays=True,
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

    def _fill(self) -> None:
        page = self._page
        if page is not None and page.calendar.isVisibleTo(page):
            self._tasks.latest(self._fill_calendar(page.calendar), "calendar")

    async def _fill_calendar(self, calendar: CalendarView) -> None:
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
        self._with_current(lambda posted: self._spawn(self._move(posted, _shifted(posted, days, hours))))

    # -- decisions -------------------------------------------------------------------------------------------------

    def show_details(self, posted: Posted) -> None:
        """Show a post with each channel's row and what can be decided."""
        now = self._desk.clock.now()
        sheet = DetailsSheet(posted, self._names(), self._desk.settings.now.zones, now, self._window)
        sheet.decided.connect(self._decide)
        sheet.answered.connect(lambda answer: self._answered(answer, sheet.posted))
        self._details = sheet
        sheet.open()

    def _answered(self, answer: str, posted: Posted) -> None:
        self._details = None
        if answer == MOVE:
            self._ask_time(posted)
        elif answer:
            does = {EDIT: self._edit, AGAIN: self._again, BACK: self._take_back, NOW: self._send_now}
            self._spawn(does[answer](posted))

    async def _edit(self, posted: Posted) -> None:
        if not posted.open(self._desk.clock.now()):
            self._notices.say(lazy("It has left already. Use it again for a new post."), tone="warn", key="command")
            return
        self._open(await self._desk.posts.edit(posted.post.id))

    async def _again(self, posted: Posted) -> None:
        self._open(await self._desk.posts.again(posted.post.id))

    async def _send_now(self, posted: Posted) -> None:
        for row in posted.rows:
            if fate(row, self._desk.clock.now()) in OPEN:
                await self._desk.outbox.send_now(row.operation.id)

    def _ask_time(self, posted: Posted) -> None:
        now = self._desk.clock.now()
        sheet = MoveSheet(posted.post.at, now, self._desk.settings, self._window, lazy("Another time for the post"))
        sheet.picked.connect(lambda at: self._spawn(self._move(posted, at)))
        sheet.open()

    async def _move(self, posted: Posted, at: Micros) -> None:
        before, now = posted.post.at, self._desk.clock.now()
        if at < now:
            self._notices.say(lazy("This time has passed already. Choose a later one."), tone="warn", key="command")
            self._fill()
            return
        if await self._put_at(posted, at):
            moved = lazy("The post goes out at {time}.", time=Moment(at))
            times = [at, before]

            async def swing() -> None:
                times.reverse()
                await self._put_at(posted, times[0])

            if before >= now:
                self._undoing.deed(moved, swing, tell=True)
            else:
                self._notices.say(moved, tone="ok", key="command")  # back is a time that has passed

    async def _put_at(self, posted: Posted, at: Micros) -> bool:
        number = posted.post.id
        if self._page is not None:
            self._page.calendar.follow(number)
        done = await self._desk.posts.move(number, at, posted.post.zone)
        if not done:
            self._notices.say(lazy("It has left already."), tone="warn", key="command")
        return done

    async def _take_back(self, posted: Posted) -> None:
        number = posted.post.id
        if not await self._desk.posts.take_back(number):
            self._notices.say(TOO_LATE, tone="warn", key="command")
            return
        planned = [False]

        async def swing() -> None:
            planned[0] = not planned[0]
            await (self._plan_again(posted) if planned[0] else self._desk.posts.take_back(number))

        self._undoing.deed(lazy("The post is taken back"), swing, tell=True)

    async def _plan_again(self, posted: Posted) -> None:
        if posted.post.at < self._desk.clock.now():
            await self._reopen(posted.post.id)
            return
        if self._page is not None:
            self._page.calendar.follow(posted.post.id)
        await self._desk.posts.plan_again(posted.post.id)

    # -- missed ----------------------------------------------------------------------------------------------------

    def look_for_missed(self) -> None:
        """Ask about posts whose time has passed; and again when the next one may be."""
        self._tasks.latest(self._look_for_missed(), "missed")

    async def _look_for_missed(self) -> None:
        missed = await self._desk.posts.missed()
        if missed:
            text = lazy_plural(
                "{count} planned post has missed its time and was not sent.",
                "{count} planned posts have missed their time and were not sent.",
                len(missed),
            )
            self._window.banners.put(BannerText(MISSED, text, icon="alarm-clock-off", action=lazy("Decide…")))
        else:
            self._window.banners.drop(MISSED)
        self._actions.allow("posts.missed", None if missed else lazy("No post has missed its time."))
        due = await self._desk.posts.next_missed()
        if due is not None:
            wait = (due - self._desk.clock.now()) // 1000 + 1000
            self._late.start(max(1000, min(LONGEST_MS, wait)))

    async def _open_missed(self) -> None:
        missed = await self._desk.posts.missed()
        if missed:
            self.show_details(missed[0])


def _key(number: int) -> str:
    return f"post:{number}"


def _shifted(posted: Posted, days: int, hours: int) -> Micros:
    at = posted.post.at
    if days:
        return on_day(at, formats().zoned(at).toordinal() + days)
    return at + hours * 3600 * SECOND


def _countdown(due: Micros, now: Micros, count: int) -> LazyText:
    """How long a post can still be taken back."""
    left = -(-(due - now) // SECOND)
    if left <= 0:
        return lazy("Being sent…")
    where = lazy_plural("{count} channel", "{count} channels", count)
    return lazy_plural("Goes to {channels} in {count} second", "Goes to {channels} in {count} seconds", left,
                       channels=where)  # fmt: skip
