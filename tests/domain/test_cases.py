"""The case's table of states, cell by cell, and what messages do to a case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.cases import (
    ACTIVE,
    DAY,
    REOPEN_WITHIN,
    TRANSITIONS,
    Case,
    Event,
    Outcome,
    Status,
    advance,
    after_inbound,
    after_reply,
    starts_new_episode,
)
from workstation.domain.errors import NotAllowedError

# The table once more, by hand: a change of either has to be made twice, on purpose.
EXPECTED = {
    "new": {"inbound": "new", "taken": "open", "replied": "pending", "snoozed": "snoozed", "resolved": "solved"},
    "open": {"inbound": "open", "taken": "open", "replied": "pending", "snoozed": "snoozed", "resolved": "solved"},
    "pending": {
        "inbound": "open",
        "taken": "pending",
        "replied": "pending",
        "snoozed": "snoozed",
        "resolved": "solved",
    },
    "snoozed": {
        "inbound": "open",
        "taken": "snoozed",
        "replied": "pending",
        "snoozed": "snoozed",
        "woken": "open",
        "resolved": "solved",
    },
    "solved": {"inbound": "open", "replied": "solved", "reopened": "open"},
}

cases = st.builds(
    Case,
    id=st.just(1),
    channel=st.just(1),
    branch=st.just("b"),
    customer=st.just(1),
    status=st.sampled_from(Status),
    inbound_at=st.integers(0, 100 * DAY),
    waiting_since=st.integers(0, 100 * DAY),
    answered_at=st.integers(0, 100 * DAY),
    solved_at=st.integers(0, 100 * DAY),
)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("event", Event)
def test_every_cell_of_the_table(status: Status, event: Event) -> None:
    after = EXPECTED[status].get(event)
    if after is None:
        with pytest.raises(NotAllowedError) as caught:
            advance(status, event)
        assert caught.value.params == {"status": status.value, "event": event.value}
    else:
        assert advance(status, event) is Status(after)


def test_every_state_can_be_left_and_reached() -> None:
    assert set(TRANSITIONS) == set(Status)
    assert set(Status) - {Status.SOLVED} == ACTIVE
    for status in Status:
        reached = {status}
        while grown := {to for at in reached for to in TRANSITIONS[at].values()} - reached:
            reached |= grown
        assert {Status.OPEN, Status.PENDING, Status.SNOOZED, Status.SOLVED} <= reached


@given(cases, st.integers(0, 100 * DAY))
def test_new_words_are_never_hidden(case: Case, at: int) -> None:
    after = after_inbound(case, at)
    assert after.version == case.version + 1
    assert after.inbound_at == max(case.inbound_at, at)
    if at > case.answered_at:
        assert after.status in (Status.NEW, Status.OPEN)
        assert 0 <= after.waiting_since <= at
        assert not after.snoozed_until
        assert after.outcome is None or case.status is not Status.SOLVED
    else:
        assert (after.status, after.waiting_since) == (case.status, case.waiting_since)


said_and_shuffled = st.lists(
    st.tuples(st.booleans(), st.integers(1, 50 * DAY)), min_size=1, max_size=8, unique_by=lambda said: said[1]
).flatmap(lambda said: st.tuples(st.just(said), st.permutations(said)))


@given(said_and_shuffled)
def test_who_waits_does_not_depend_on_the_order_of_arrival(
    both: tuple[list[tuple[bool, int]], list[tuple[bool, int]]],
) -> None:
    """A catch-up brings messages in any order; whether the customer waits in the end is the same."""
    said, shuffled = both
    fresh = Case(1, 1, "b", 1)

    def told(order: list[tuple[bool, int]]) -> Case:
        now = fresh
        for inbound, at in order:
            now = after_inbound(now, at) if inbound else after_reply(now, at)
        return now

    in_order, mixed = told(sorted(said, key=lambda m: m[1])), told(shuffled)
    assert bool(in_order.waiting_since) == bool(mixed.waiting_since)
    assert in_order.inbound_at == mixed.inbound_at
    assert in_order.answered_at == mixed.answered_at


@given(cases, st.integers(0, 100 * DAY))
def test_an_answer_ends_the_wait_only_of_what_was_said_before_it(case: Case, at: int) -> None:
    after = after_reply(case, at)
    assert after.waiting_since == (0 if at >= case.inbound_at else case.waiting_since)
    assert after.replied_at == (case.replied_at or at)
    assert after.answered_at >= at
    if case.status is Status.SOLVED:
        assert after.status is Status.SOLVED
    elif at >= case.inbound_at:
        assert after.status is Status.PENDING
    else:
        assert after.status in (Status.NEW, Status.OPEN)


@pytest.mark.parametrize(
    ("status", "later", "expected"),
    [
        (Status.SOLVED, REOPEN_WITHIN, False),
        (Status.SOLVED, REOPEN_WITHIN + 1, True),
        (Status.SOLVED, -DAY, False),
        (Status.PENDING, 100 * DAY, False),
    ],
)
def test_a_new_episode_begins_after_a_week(status: Status, later: int, expected: bool) -> None:
    case = Case(1, 1, "b", 1, status=status, outcome=Outcome.ANSWERED, solved_at=200 * DAY)
    assert starts_new_episode(case, 200 * DAY + later) is expected
