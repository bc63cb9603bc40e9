"""Looking back at a course: what is told of a run, case by case, from nothing but the change feed."""

import msgspec

from workstation.domain.cases import Case, Entry, Holder, Outcome, Status
from workstation.domain.changes import ChangeSet
from workstation.domain.messages import Author, Kind, Message
from workstation.domain.outbox import Act, Operation, Outgoing, State
from workstation.services.clock import MINUTE, SECOND
from workstation.services.training.courses import COURSES, DANGER, WAVE
from workstation.services.training.debrief import look_back
from workstation.services.training.record import Record

START = 1_760_000_000_000_000
CRISIS = COURSES["crisis-hour"]


def _case(number: int, **changes: object) -> Case:
    case = Case(number, 1, f"b{number}", number, waiting_since=START + number * SECOND)
    return msgspec.structs.replace(case, **changes)


def _wrote(record: Record, number: int, kind: str) -> None:
    author = Author("mastodon", str(number), f"@{number}", f"Person {number}", id=number)
    at = START + number * SECOND
    message = Message(number, 1, f"r{number}", Kind.MENTION, author, "text", at, at)
    entry = Entry(message, _case(number))
    record.kinds[f"r{number}"] = kind
    record.on_change(ChangeSet(number, (entry,), (entry,), frozenset({number})), at)


def _changed(record: Record, case: Case) -> None:
    author = Author("mastodon", str(case.id), f"@{case.id}", "", id=case.id)
    face = Entry(Message(case.id, 1, f"r{case.id}", Kind.MENTION, author, "text", START, START), case)
    record.on_change(ChangeSet(99, (), (face,)), START)


def _answered(record: Record, number: int, at: int, state: State = State.SENT) -> None:
    row = Outgoing(number, 1, Operation(f"op{number}{at}", Act.REPLY), state, case=number)
    record.on_change(ChangeSet(100, outbox=(row,)), at)
    if state is State.SENT:
        _changed(record, _case(number, status=Status.PENDING, waiting_since=0, holder=Holder.MINE))


def _why(record: Record) -> dict[int, str]:
    return {missed.case: missed.why.msgid for missed in look_back(CRISIS, record, START + 5 * MINUTE).missed}


def test_what_is_dangerous_comes_first() -> None:
    record = Record(START)
    for number in (1, 2):
        _wrote(record, number, WAVE)
    _wrote(record, 3, DANGER)
    assert _why(record)[3] == "This was dangerous, and nobody has answered."
    assert next(iter(_why(record))) == 3
    _answered(record, 1, START + 20 * SECOND)
    _answered(record, 3, START + 30 * SECOND)
    assert _why(record) == {
        3: "This was dangerous, and others were answered first.",
        2: "Still waiting for an answer.",
    }


def test_figures_of_a_run() -> None:
    record = Record(START)
    for number in (1, 2, 3, 4):
        _wrote(record, number, WAVE)
    _answered(record, 1, START + 31 * SECOND)
    _answered(record, 2, START + 62 * SECOND)
    _answered(record, 3, START + 5 * MINUTE)
    _answered(record, 4, START + 40 * SECOND, State.CANCELLED)
    _changed(record, _case(4, status=Status.SOLVED, outcome=Outcome.ANSWERED, waiting_since=0))
    told = look_back(CRISIS, record, START + 6 * MINUTE)
    assert (told.asked, told.answered, told.waiting, told.resolved, told.taken_back) == (4, 3, 0, 1, 1)
    assert told.typical == 60 * SECOND
    assert told.longest == 5 * MINUTE - 3 * SECOND
    assert {missed.case: missed.why.msgid for missed in told.missed} == {
        3: "The first answer took long.",
        4: "Resolved as answered, without an answer.",
    }


def test_what_was_there_before_does_not_count() -> None:
    record = Record(START + MINUTE)
    _wrote(record, 1, WAVE)
    assert not record.cases


def test_steps_are_done_by_what_happens() -> None:
    record = Record(START)
    _wrote(record, 1, WAVE)
    _wrote(record, 3, DANGER)
    done = [step.done(record) for step in CRISIS.steps]
    assert not any(done)
    _changed(record, _case(1, tags=("double",)))
    _answered(record, 1, START + 20 * SECOND)
    _answered(record, 3, START + 25 * SECOND)
    assert [step.done(record) for step in CRISIS.steps][:3] == [True, True, True]
    _changed(record, _case(1, status=Status.SOLVED, outcome=Outcome.KNOWN_ISSUE, waiting_since=0))
    assert CRISIS.steps[4].done(record)
