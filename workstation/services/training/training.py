"""Starts courses on the practice network and follows what the trainee does, in memory only."""

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from workstation.domain.errors import MeridianError
from workstation.domain.messages import Micros
from workstation.domain.text import N_
from workstation.services.clock import Clock
from workstation.services.feed import Feed
from workstation.services.observers import Observers
from workstation.services.training.courses import COURSES, Course
from workstation.services.training.record import Record

if TYPE_CHECKING:
    from workstation.domain.changes import ChangeSet
    from workstation.net.client import Client
    from workstation.services.training.debrief import Debrief


class CourseError(MeridianError):
    """The practice network did not take up the course."""

    code = "course"
    sentence = N_("The course could not be started: the practice network does not answer.")


class _Played(msgspec.Struct):
    id: str
    kind: str


class _Answer(msgspec.Struct):
    course: str = ""
    played: list[_Played] = []


class Training:
    """At most one course at a time; `direct` tells where the practice network takes directions."""

    def __init__(self, client: "Client", feed: Feed, clock: Clock) -> None:
        self._client, self._feed, self._clock = client, feed, clock
        self._url = self._token = ""
        self._observers: Observers[None] = Observers()
        self._unfollow: Callable[[], None] = _nothing
        self.course: Course | None = None
        self.record: Record | None = None
        self.debrief: Debrief | None = None
        """Of the course that was ended last in this run."""

    def direct(self, url: str, token: str) -> None:
        """Where the network of this desk takes directions, and what permits it."""
        self._url, self._token = url, token

    @property
    def possible(self) -> bool:
        """Whether there is a practice network to direct."""
        return bool(self._url)

    def subscribe(self, callback: Callable[[None], None]) -> Callable[[], None]:
        """Call `callback` whenever a course, a step or a debrief changed; returns what ends it."""
        return self._observers.subscribe(callback)

    async def begin(self, name: str, language: str, pace: float = 1.0) -> None:
        """Start a course for somebody who speaks `language` (BCP 47), `pace` times as fast. CourseError."""
        course = COURSES[name]
        self._stop()
        record = Record(self._clock.now())
        self.course, self.record, self.debrief = course, record, None
        # Before the network begins: its first message must not be missed.
        self._unfollow = self._feed.subscribe(self._on_change)
        try:
            await self._ask("POST", course=name, language=language.partition("-")[0], pace=str(pace))
        except MeridianError as error:
            self._stop()
            self._observers.tell(None)
            raise CourseError from error
        self._observers.tell(None)

    async def end(self) -> "Debrief | None":
        """End the course and look back; the everyday traffic goes on."""
        course, record = self.course, self.record
        if course is None or record is None:
            return None
        await self._look_up()
        with contextlib.suppress(MeridianError):  # its process has ended: then so has the course
            await self._ask("POST", course="")
        # Imported when first used: a start pays for every module.
        from workstation.services.training.debrief import look_back

        self.debrief = look_back(course, record, self._clock.now())
        self._stop()
        self._observers.tell(None)
        return self.debrief

    def opened(self, case: int) -> None:
        """The trainee looks at a case."""
        if self.record is not None:
            self.record.opened(case)
            self._observers.tell(None)

    def steps_done(self) -> list[bool]:
        """Which steps of the running course are done."""
        if self.course is None or self.record is None:
            return []
        return [step.done(self.record) for step in self.course.steps]

    @property
    def elapsed(self) -> Micros:
        """How long the course has run."""
        return self._clock.now() - self.record.started if self.record is not None else 0

    async def look_up(self) -> None:
        """Learn from the network of which kind its messages are; steps depend on it."""
        await self._look_up()
        self._observers.tell(None)

    async def _look_up(self) -> None:
        try:
            answer = await self._ask("GET")
        except MeridianError:
            return
        if self.record is not None:
            self.record.kinds = {played.id: played.kind for played in answer.played}

    def _on_change(self, changes: "ChangeSet") -> None:
        if self.record is not None:
            self.record.on_change(changes, self._clock.now())
            self._observers.tell(None)

    async def _ask(self, method: str, **fields: str) -> _Answer:
        from workstation.net.client import Request

        if not self._url:
            raise CourseError
        body = urlencode(fields).encode() if fields else b""
        kind = (("Content-Type", "application/x-www-form-urlencoded"),) if body else ()
        request = Request(method=method, url=f"{self._url}/course", headers=kind, body=body, token=self._token)
        response = await self._client.request(request)
        if not response.good:
            raise CourseError
        try:
            return msgspec.json.decode(response.body, type=_Answer)
        except msgspec.MsgspecError as error:
            raise CourseError from error

    def _stop(self) -> None:
        self._unfollow()
        self._unfollow = _nothing
        self.course = self.record = None


def _nothing() -> None:
    """Nothing is followed."""
