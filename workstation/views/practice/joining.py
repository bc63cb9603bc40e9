"""Joins courses with one window: the page, the strip that says what to do next, and the way from the live desk."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Entry
from workstation.domain.errors import MeridianError
from workstation.domain.text import LazyText, lazy
from workstation.i18n import current_language, render
from workstation.qt.tasks import Tasks
from workstation.qt.throttle import Throttle
from workstation.services.training.courses import COURSES
from workstation.services.training.training import Training
from workstation.views.main_window import MainWindow
from workstation.views.palette import Item
from workstation.views.widgets.banner import BannerText

if TYPE_CHECKING:
    from workstation.views.practice.page import CoursePage

PAGE = "page.courses"
STRIP = "course"
SETTLING = 300
"""Milliseconds between two looks at what is done."""


class CourseDesk:
    """Starts and ends courses. `leave` goes from the live desk to the practice desk."""

    title = lazy("Course")

    def __init__(
        self,
        training: Training,
        window: MainWindow,
        tasks: Tasks,
        leave: Callable[[], object],
        show_case: Callable[[int], object],
    ) -> None:
        self._training, self._window, self._tasks = training, window, tasks
        self._leave, self._show_case = leave, show_case
        self.wanted = ""
        """The course to begin with on the practice desk."""
        self._page: CoursePage | None = None
        self._known = 0
        self._throttle = Throttle(window, SETTLING, self._refresh)
        self._end = training.subscribe(lambda _: self._throttle.request())
        window.add_later(PAGE, self._make)
        window.banners.acted.connect(self._acted)

    def _make(self) -> QWidget:
        from workstation.views.practice.page import CoursePage

        self._page = CoursePage(self._training, self._window.actions_table)
        self._page.wanted.connect(self.begin)
        self._page.ended.connect(self.end)
        self._page.left.connect(lambda: self._window.go("page.deck"))
        self._page.case_wanted.connect(self._show_case)
        return self._page

    def items(self, query: str) -> Iterator[Item]:
        """The courses, for the palette."""
        del query
        for course in COURSES.values():
            yield Item(f"course:{course.name}", render(course.title), partial(self.begin, course.name),
                       icon=course.icon, words=course.title.msgid)  # fmt: skip

    def begin(self, name: str) -> None:
        """Begin a course, here or on the practice desk."""
        if name not in COURSES:
            return
        if not self._training.possible:
            self.wanted = name
            self._leave()
            return
        self._tasks.latest(self._begin(name), "course")

    async def _begin(self, name: str) -> None:
        try:
            await self._training.begin(name, current_language().tag)
        except MeridianError as error:
            self._window.notices.say(error.text, tone="danger")
            return
        self._window.go("page.deck")

    def end(self) -> None:
        """End the course and look back."""
        self._tasks.spawn(self._finish(), "course")

    async def _finish(self) -> None:
        await self._training.end()
        self._window.go(PAGE)
        if self._page is not None:
            self._page.focus_first()

    def looked_at(self, entry: Entry | None) -> None:
        """The trainee opened a case."""
        if entry is not None and entry.case is not None:
            self._training.opened(entry.case.id)

    def _acted(self, name: str) -> None:
        if name == STRIP:
            self._window.go(PAGE)
            if self._page is not None:
                self._page.focus_first()

    def _refresh(self) -> None:
        record = self._training.record
        count = sum(len(case.remote_ids) for case in record.cases.values()) if record is not None else 0
        if count != self._known:
            self._known = count
            if record is not None:
                self._tasks.latest(self._training.look_up(), "course messages")
        if self._page is not None:
            self._page.refresh()
        text = self._next()
        if text is None:
            self._window.banners.drop(STRIP)
        else:
            strip = BannerText(STRIP, text, tone="accent", icon="graduation-cap", action=lazy("All steps"))
            self._window.banners.put(strip)

    def _next(self) -> LazyText | None:
        # Imported when first opened: a start pays for every module.
        from workstation.views.practice.steps import keys_of

        course, done = self._training.course, self._training.steps_done()
        if course is None:
            return None
        at = next((number for number, ready in enumerate(done) if not ready), -1)
        if at < 0:
            return lazy("All steps are done. Go on as long as you like, then end the course and look back.")
        step = course.steps[at]
        keys = "  ".join(keys_of(step, self._window.actions_table))
        return lazy("Step {number} of {count}: {step} ({keys})", number=str(at + 1), count=str(len(done)),
                    step=step.text, keys=keys)  # fmt: skip

    def close(self) -> None:
        """The window goes: follow nothing any more."""
        self._end()
        self._throttle.cancel()
