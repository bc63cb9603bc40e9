"""Links, escalation, people and working hours: pure rules against examples and their own inverses."""

import datetime as clock
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.actions import (
    AnswerEscalation,
    AwaitEscalation,
    Escalate,
    FileUnder,
    LinkCase,
    Promise,
    Resolve,
    UnlinkCase,
    WithdrawEscalation,
    apply,
)
from workstation.domain.calendars import Shift, WorkingHours, read_shift, read_shifts
from workstation.domain.cases import Case, Outcome
from workstation.domain.people import local_name, mails, sites
from workstation.domain.ties import NotEscalatedError, TieKind

NOW = 1_780_000_000_000_000
CASE = Case(1, 1, "b", 1)


def test_a_link_is_undone_by_taking_it_away_and_the_other_way_round() -> None:
    step = apply(CASE, LinkCase(operation="o", case=1, other=2, kind=TieKind.RELATED), NOW)
    assert step.inverse == UnlinkCase(operation="o", case=1, version=2, other=2, kind=TieKind.RELATED)
    assert step.inverse is not None
    again = apply(step.case, step.inverse, NOW).inverse
    assert isinstance(again, LinkCase)
    assert (again.other, again.kind) == (2, TieKind.RELATED)


def test_an_answer_needs_a_question_and_undoing_it_waits_again() -> None:
    with pytest.raises(NotEscalatedError):
        apply(CASE, AnswerEscalation(operation="o", case=1, text="x"), NOW)
    asked = apply(CASE, Escalate(operation="q", case=1, to="billing"), NOW)
    assert asked.case.escalated_at == NOW
    assert asked.inverse == WithdrawEscalation(operation="q", case=1, version=2, withdrawn="q")
    answered = apply(asked.case, AnswerEscalation(operation="a", case=1, text="yes"), NOW + 1)
    assert (answered.case.escalated_at, answered.case.notes) == (0, 1)
    assert answered.inverse == AwaitEscalation(operation="a", case=1, version=3, noted="a", since=NOW)
    back = apply(answered.case, answered.inverse, NOW + 2).case
    assert (back.escalated_at, back.notes) == (NOW, 0)


def test_asking_twice_and_taking_one_back_still_waits_for_the_first() -> None:
    first = apply(CASE, Escalate(operation="q", case=1, to="billing"), NOW).case
    second = apply(first, Escalate(operation="r", case=1, to="law"), NOW + 5)
    assert second.inverse is not None
    assert apply(second.case, second.inverse, NOW + 6).case.escalated_at == NOW


def test_resolving_ends_a_promise_and_undoing_brings_it_back() -> None:
    promised = apply(CASE, Promise(operation="p", case=1, due_at=NOW + 9), NOW).case
    step = apply(promised, Resolve(operation="r", case=1, outcome=Outcome.ANSWERED), NOW)
    assert step.case.due_at == 0
    assert step.inverse is not None
    assert apply(step.case, step.inverse, NOW).case.due_at == NOW + 9


def test_an_issue_is_put_back() -> None:
    filed = apply(CASE, FileUnder(operation="f", case=1, issue=7), NOW)
    assert filed.case.issue == 7
    assert filed.inverse is not None
    assert apply(filed.case, filed.inverse, NOW).case.issue == 0


# -- people ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("handle", "name"),
    [("@Ada@Example.org", "ada"), ("ada", "ada"), ("support@shop.example", ""), ("al@x.example", ""), ("", "")],
)
def test_the_part_of_a_handle_that_people_choose(handle: str, name: str) -> None:
    assert local_name(handle) == name


def test_addresses_are_found_in_texts() -> None:
    texts = ["Write to Ada.L@Example.org, or see https://www.Ada-L.example/me?x=1", "not@an @handle or a@b"]
    assert mails(texts) == {"ada.l@example.org"}
    assert sites(texts) == {"ada-l.example"}


@given(st.text(max_size=200))
def test_any_text_can_be_looked_through(text: str) -> None:
    mails([text])
    sites([text])


# -- working hours -----------------------------------------------------------------------------------------------------

BERLIN = ZoneInfo("Europe/Berlin")


def _next(now: clock.datetime, hours: WorkingHours) -> clock.datetime:
    return clock.datetime.fromtimestamp(hours.next_start(now) / 1_000_000, now.tzinfo)


def test_the_next_shift_is_after_the_weekend() -> None:
    friday = clock.datetime(2026, 10, 23, 18, tzinfo=BERLIN)
    # The clocks change on that Sunday: 9:00 stays 9:00.
    assert _next(friday, WorkingHours()) == clock.datetime(2026, 10, 26, 9, tzinfo=BERLIN)


def test_of_several_shifts_the_next_one_counts() -> None:
    hours = WorkingHours(read_shifts(("14:00-22:00", "6:00-14:00", "22:00-06:00")), (0, 1, 2, 3, 4, 5, 6))
    assert _next(clock.datetime(2026, 6, 1, 7, tzinfo=BERLIN), hours).hour == 14
    assert _next(clock.datetime(2026, 6, 1, 22, tzinfo=BERLIN), hours).hour == 6


@pytest.mark.parametrize("text", ["", "9", "9:00", "25:00-26:00", "09:60-10:00", "9:00-9:00", "24:00-25:00"])
def test_what_is_no_shift_is_left_out(text: str) -> None:
    assert read_shift(text) is None
    assert read_shifts((text,)) == (Shift(540, 1020),)


@given(
    st.integers(1_600_000_000, 2_000_000_000),
    st.sampled_from(["Europe/Berlin", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe"]),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 1439),
)
def test_it_is_always_in_the_future_on_a_working_day(now: int, zone: str, days: set[int], start: int) -> None:
    here = clock.datetime.fromtimestamp(now, ZoneInfo(zone))
    hours = WorkingHours((Shift(start, (start + 60) % 1440),), tuple(sorted(days)))
    at = hours.next_start(here)
    assert at > here.timestamp() * 1_000_000
    assert at - here.timestamp() * 1_000_000 <= 8.1 * 86_400_000_000
