"""The look back at a run: its figures and what was missed, with the cases. Shown to the trainee, kept nowhere."""

from statistics import median

import msgspec

from workstation.domain.cases import Outcome, Status
from workstation.domain.messages import Message, Micros
from workstation.domain.text import N_, LazyText, lazy
from workstation.services.clock import MINUTE
from workstation.services.training.courses import DANGER, Course
from workstation.services.training.record import CaseRecord, Record

LONG = 3 * MINUTE
"""An answer that took longer is worth a look, in a course."""


class Missed(msgspec.Struct, frozen=True):
    """A case to look at again, and why."""

    case: int
    face: Message
    why: LazyText


class Debrief(msgspec.Struct, frozen=True):
    """Figures of one run; times in microseconds."""

    course: str
    lasted: Micros
    asked: int
    answered: int
    waiting: int
    resolved: int
    taken_back: int
    typical: Micros
    """Half of the first answers were quicker; 0 without answers."""
    longest: Micros
    steps: int
    of: int
    missed: tuple[Missed, ...]


def look_back(course: Course, record: Record, now: Micros) -> Debrief:
    """The debrief of a run as it stands at `now`."""
    cases = list(record.cases.values())
    waits = [case.answered_at - case.asked_at for case in cases if case.answered_at]
    found = [(case, why) for case in cases if (why := _missed(case, record)) is not None]
    found.sort(key=lambda pair: (pair[0] not in record.of_kind(DANGER), pair[0].asked_at))
    return Debrief(
        course=course.name,
        lasted=now - record.started,
        asked=len(cases),
        answered=sum(bool(case.answers) for case in cases),
        waiting=sum(case.waiting for case in cases),
        resolved=sum(case.status is Status.SOLVED for case in cases),
        taken_back=record.taken_back,
        typical=round(median(waits)) if waits else 0,
        longest=max(waits, default=0),
        steps=sum(step.done(record) for step in course.steps),
        of=len(course.steps),
        missed=tuple(Missed(case.id, case.face, why) for case, why in found),
    )


def _missed(case: CaseRecord, record: Record) -> LazyText | None:
    """What there is to say about a case, if anything; the gravest first."""
    dangerous = case in record.of_kind(DANGER)
    if dangerous and not case.answers:
        return lazy(N_("This was dangerous, and nobody has answered."))
    if dangerous and _overtaken(case, record):
        return lazy(N_("This was dangerous, and others were answered first."))
    if not case.answers and case.outcome in (None, Outcome.ANSWERED):
        if case.status is Status.SOLVED:
            return lazy(N_("Resolved as answered, without an answer."))
        return lazy(N_("Still waiting for an answer."))
    if case.answers and case.waiting:
        return lazy(N_("The customer has written again and waits."))
    if case.answered_at and case.answered_at - case.asked_at > LONG:
        return lazy(N_("The first answer took long."))
    if case.answers and not case.claimed and case.answers > 1:
        return lazy(N_("Answered more than once without being taken."))
    return None


def _overtaken(case: CaseRecord, record: Record) -> bool:
    """Whether somebody who wrote no earlier, or of less weight, was answered between question and answer."""
    between = (other.answered_at for other in record.cases.values() if other is not case)
    return any(case.asked_at < at < case.answered_at for at in between)
