"""What an attempt's end means for the outbox: pure decisions, so that "nothing twice, nothing lost" can be read."""

import msgspec

from workstation.domain.channels import Capabilities, Idempotency
from workstation.domain.errors import AuthExpiredError, ChannelError, DuplicateError, MeridianError
from workstation.domain.messages import Micros
from workstation.domain.outbox import Act, Outgoing, State
from workstation.services.backoff import delay_after
from workstation.services.clock import MINUTE, SECOND

KEY_LIVES: Micros = 50 * MINUTE
"""Networks that honour a key promise to remember it for an hour; we trust them for a little less."""
MOST_ATTEMPTS = 20
"""With the growing waits between them about half an hour; then the answer is given back to the agent: the
conversation has moved on."""
MOST_SIGN_INS = 3
"""A sign-in that is renewed and still refused for writing will not be accepted the next time either."""

ONE_OFF = frozenset({Act.POST, Act.REPLY, Act.REPORT, Act.WARN_ACCOUNT})
"""Doing these twice is seen by others. All other acts set a state, and setting it again changes nothing."""


class Verdict(msgspec.Struct, frozen=True):
    """The state an operation moves to, and what is remembered with it."""

    state: State
    error: str = ""
    detail: dict[str, str | int] = {}
    not_before: Micros = 0
    remote_id: str = ""


def _detail(error: MeridianError) -> dict[str, str | int]:
    return {name: value for name, value in error.params.items() if isinstance(value, str | int)}


def after_error(row: Outgoing, error: Exception, now: Micros) -> Verdict:
    """What becomes of an operation whose attempt ended in `error`."""
    if isinstance(error, DuplicateError) and error.existing:
        return Verdict(State.SENT, remote_id=error.existing)
    if not isinstance(error, ChannelError) or isinstance(error, DuplicateError) or error.ambiguous:
        # A fault of our own may have struck before or after the bytes left: that is "unknown" too.
        code = error.code if isinstance(error, MeridianError) else "ambiguous"
        return Verdict(State.UNKNOWN, code)
    detail = _detail(error)
    if isinstance(error, AuthExpiredError) and row.attempts < MOST_SIGN_INS:
        return Verdict(State.QUEUED, error.code, detail, now + SECOND)
    if error.retryable and row.attempts < MOST_ATTEMPTS:
        return Verdict(State.QUEUED, error.code, detail, max(error.retry_at, now + delay_after(row.attempts or 1)))
    return Verdict(State.FAILED, error.code, detail)


def may_repeat(row: Outgoing, capabilities: Capabilities, now: Micros) -> bool:
    """Whether doing it again cannot do it twice, on what this account is known to be."""
    match capabilities.idempotency:
        case Idempotency.NONE | Idempotency.MESSAGE_ID:
            safe = False
        case Idempotency.KEY:
            safe = now - row.created_at < KEY_LIVES
        case _:
            safe = True
    act = row.operation.act
    # What protects posts from being doubled is not known to protect reports and warnings.
    return act not in ONE_OFF or (safe and act in (Act.POST, Act.REPLY))


def after_look(row: Outgoing, capabilities: Capabilities, now: Micros) -> Verdict | None:
    """What becomes of an unknown operation that was looked for and is not there; None: the agent decides."""
    if may_repeat(row, capabilities, now):
        return Verdict(State.QUEUED, not_before=now)
    return None
