"""The moves of the outbox: nothing is sent twice without a decision, nothing sent is forgotten."""

import pytest

from workstation.domain.errors import NotAllowedError
from workstation.domain.outbox import MOVES, State, move

EXPECTED = {
    "waits": {"queued", "cancelled"},
    "queued": {"sending", "cancelled", "sent", "waits"},
    "sending": {"sent", "failed", "unknown", "queued"},
    "unknown": {"sent", "queued", "cancelled"},
    "failed": {"queued", "cancelled", "sent"},
    "sent": set(),
    "cancelled": set(),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("to", State)
def test_every_move(state: State, to: State) -> None:
    if to in EXPECTED[state]:
        assert move(state, to) is to
    else:
        with pytest.raises(NotAllowedError):
            move(state, to)


def test_sending_is_entered_from_queued_alone() -> None:
    assert [state for state in State if State.SENDING in MOVES[state]] == [State.QUEUED]


def test_what_waits_for_approval_cannot_leave_by_itself() -> None:
    assert MOVES[State.WAITS] == {State.QUEUED, State.CANCELLED}


def test_what_is_sent_or_cancelled_stays_so() -> None:
    assert not MOVES[State.SENT]
    assert not MOVES[State.CANCELLED]
