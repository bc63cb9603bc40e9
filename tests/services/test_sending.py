"""What each end of an attempt means, case by case."""

import pytest

from tests.services.parts import START
from workstation.domain.channels import Capabilities, Idempotency
from workstation.domain.errors import (
    AmbiguousError,
    AuthExpiredError,
    DuplicateError,
    GoneError,
    InvalidError,
    QuotaExhaustedError,
    RateLimitedError,
    TransientError,
)
from workstation.domain.outbox import Act, Operation, Outgoing, State
from workstation.services.sending import KEY_LIVES, MOST_ATTEMPTS, after_error, after_look, may_repeat

LATER = START + 10**9


def row(act: Act = Act.REPLY, attempts: int = 1) -> Outgoing:
    """An operation under way."""
    return Outgoing(1, 1, Operation("op", act, "m1"), State.SENDING, created_at=START, attempts=attempts)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (AmbiguousError(), State.UNKNOWN),
        (KeyError("a fault of ours"), State.UNKNOWN),
        (DuplicateError(), State.UNKNOWN),
        (DuplicateError(existing="r9"), State.SENT),
        (TransientError(why="down"), State.QUEUED),
        (RateLimitedError(retry_at=LATER), State.QUEUED),
        (AuthExpiredError(), State.QUEUED),
        (InvalidError(why="no"), State.FAILED),
        (GoneError(), State.FAILED),
        (QuotaExhaustedError(until="tomorrow"), State.FAILED),
    ],
)
def test_the_end_of_an_attempt(error: Exception, state: State) -> None:
    verdict = after_error(row(), error, START)
    assert verdict.state is state
    if state is State.QUEUED:
        assert verdict.not_before > START


def test_a_limit_is_waited_for_and_patience_ends() -> None:
    assert after_error(row(), RateLimitedError(retry_at=LATER), START).not_before == LATER
    assert after_error(row(attempts=MOST_ATTEMPTS), TransientError(why="down"), START).state is State.FAILED
    assert after_error(row(attempts=3), AuthExpiredError(), START).state is State.FAILED
    assert after_error(row(), DuplicateError(existing="r9"), START).remote_id == "r9"


@pytest.mark.parametrize("idempotency", list(Idempotency))
@pytest.mark.parametrize("act", list(Act))
def test_only_what_cannot_happen_twice_is_repeated(idempotency: Idempotency, act: Act) -> None:
    can = Capabilities(idempotency=idempotency)
    protected = idempotency not in (Idempotency.NONE, Idempotency.MESSAGE_ID)
    if act in (Act.REPORT, Act.WARN_ACCOUNT):
        expected = False
    elif act in (Act.POST, Act.REPLY):
        expected = protected
    else:
        expected = True
    assert may_repeat(row(act), can, START) == expected
    assert (after_look(row(act), can, START) is not None) == expected


def test_a_key_is_trusted_for_less_than_an_hour() -> None:
    can = Capabilities(idempotency=Idempotency.KEY)
    assert may_repeat(row(), can, START + KEY_LIVES - 1)
    assert not may_repeat(row(), can, START + KEY_LIVES)
