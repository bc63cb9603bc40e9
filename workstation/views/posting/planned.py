"""What is decided about planned posts: details, changes, other times, taken back and planned again."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workstation.domain.messages import Micros
from workstation.domain.outbox import State
from workstation.domain.posts import Posted
from workstation.domain.text import Moment, lazy
from workstation.i18n import formats
from workstation.qt.tasks import Tasks
from workstation.services.clock import SECOND
from workstation.services.desk import Desk
from workstation.views.main_window import MainWindow
from workstation.views.undoing import Undoing

if TYPE_CHECKING:
    from workstation.views.posting.sheets import DetailsSheet

HOUR: Micros = 3_600 * SECOND
TOO_LATE = lazy("It is too late to take this back: it has already left.")
PASSED = lazy("This time has passed already. Choose a later one.")


def later(at: Micros, days: int, hours: int) -> Micros:
    """The same time of day some days later in the agent's zone, or some hours later by the clock."""
    # Imported when first opened: a start pays for every module.
    from workstation.views.posting.calendar import on_day

    return on_day(at, formats().zoned(at).toordinal() + days) if days else at + hours * HOUR


class Planned(QObject):
    """Carries decisions out, tells of them, and knows the way back."""

    opened = Signal(object)
    """A draft that is to be written on."""
    unmoved = Signal()
    """A post stays where it was, whatever the calendar shows."""
    keeps = Signal(int)
    """The post that the focus is to stay with."""

    def __init__(
        self, window: MainWindow, desk: Desk, undoing: Undoing, tasks: Tasks, decide: Callable[[str, str], object]
    ) -> None:
        super().__init__(window)
        self._window, self._desk, self._undoing, self._tasks = window, desk, undoing, tasks
        self._decide = decide
        self._notices = window.notices
        self._details: DetailsSheet | None = None

    def _spawn(self, work: Coroutine[None, None, object]) -> None:
        self._tasks.spawn(work, "planned post")

    # -- details ---------------------------------------------------------------------------------------------------

    def show_details(self, posted: Posted) -> None:
        """Show a post with each channel's row and what can be decided."""
        from workstation.views.posting.sheets import DetailsSheet
        from workstation.views.posting.when import places

        names = {config.id: config.name for config in self._desk.supervisor.configs()}
        now, elsewhere = self._desk.clock.now(), places(self._desk.settings)
        sheet = DetailsSheet(posted, names, elsewhere, now, self._window)
        sheet.decided.connect(self._decide)
        sheet.answered.connect(lambda answer: self._answered(answer, sheet.posted))
        self._details = sheet
        sheet.open()

    def follow(self, posted: Posted) -> None:
        """It fares otherwise now; the sheet that shows it follows."""
        if self._details is not None and self._details.posted.post.id == posted.post.id:
            self._details.show_posted(posted, self._desk.clock.now())

    def _answered(self, answer: str, posted: Posted) -> None:
        from workstation.views.posting.sheets import AGAIN, BACK, EDIT, MOVE, NOW

        self._details = None
        does = {EDIT: self.edit, AGAIN: self.again, BACK: self.take_back, NOW: self.send_now, MOVE: self.ask_time}
        if answer:
            does[answer](posted)

    # -- writing on ------------------------------------------------------------------------------------------------

    def edit(self, posted: Posted) -> None:
        """Change what has not left."""
        if posted.open(self._desk.clock.now()):
            self._spawn(self.reopen(posted.post.id))
        else:
            left = lazy("It has left already. Use it again for a new post.")
            self._notices.say(left, tone="warn", key="command")

    async def reopen(self, number: int) -> None:
        """Give what was written back to be changed."""
        self.opened.emit(await self._desk.posts.edit(number))

    def again(self, posted: Posted) -> None:
        """Begin a new post that says the same."""
        self._spawn(self._again(posted))

    async def _again(self, posted: Posted) -> None:
        self.opened.emit(await self._desk.posts.again(posted.post.id))

    def send_now(self, posted: Posted) -> None:
        """Let all that waits leave."""
        self._spawn(self._send_now(posted))

    async def _send_now(self, posted: Posted) -> None:
        for row in posted.rows:
            if row.state is State.QUEUED:  # what waits for approval is not let go by this
                await self._desk.outbox.send_now(row.operation.id)

    # -- another time ----------------------------------------------------------------------------------------------

    def ask_time(self, posted: Posted) -> None:
        """Ask for another time."""
        from workstation.views.posting.sheets import MoveSheet

        now, settings = self._desk.clock.now(), self._desk.settings
        sheet = MoveSheet(posted.post.at, now, settings, self._window, lazy("Another time for the post"))
        sheet.picked.connect(lambda at: self.move(posted, at))
        sheet.open()

    def move(self, posted: Posted, at: Micros) -> None:
        """Let it go out at another time."""
        self._spawn(self._move(posted, at))

    async def _move(self, posted: Posted, at: Micros) -> None:
        before = posted.post.at
        possible = before >= self._desk.clock.now()
        if not await self._put_at(posted, at):
            return
        moved = lazy("The post goes out at {time}.", time=Moment(at))
        if not possible:
            self._notices.say(moved, tone="ok", key="command")  # the way back is a time that has passed
            return
        times = [at, before]

        async def swing() -> None:
            if await self._put_at(posted, times[1]):
                times.reverse()

        self._undoing.deed(moved, swing, tell=True)

    async def _put_at(self, posted: Posted, at: Micros) -> bool:
        """Never into the past: it would leave at once."""
        if at < self._desk.clock.now():
            self._notices.say(PASSED, tone="warn", key="command")
            self.unmoved.emit()
            return False
        self.keeps.emit(posted.post.id)
        done = await self._desk.posts.move(posted.post.id, at, posted.post.zone)
        if not done:
            self._notices.say(lazy("It has left already."), tone="warn", key="command")
        return done

    # -- taken back ------------------------------------------------------------------------------------------------

    def take_back(self, posted: Posted) -> None:
        """Take back what has not left."""
        self._spawn(self._take_back(posted))

    async def _take_back(self, posted: Posted) -> None:
        number = posted.post.id
        if not await self._desk.posts.take_back(number):
            self._notices.say(TOO_LATE, tone="warn", key="command")
            return
        planned = False

        async def swing() -> None:
            nonlocal planned
            planned = not planned
            await (self._plan_again(posted) if planned else self._desk.posts.take_back(number))

        self._undoing.deed(lazy("The post is taken back"), swing, tell=True)

    async def _plan_again(self, posted: Posted) -> None:
        if posted.post.at < self._desk.clock.now():
            await self.reopen(posted.post.id)
            return
        self.keeps.emit(posted.post.id)
        await self._desk.posts.plan_again(posted.post.id)
