"""What an answer of HTTP means: rate hints, how long to wait, typed errors, decoded entities; pure."""

from typing import TypeVar

import msgspec

from workstation.domain.channels import RateHint
from workstation.domain.errors import (
    AmbiguousError,
    AuthExpiredError,
    ChannelError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
    RateLimitedError,
    TransientError,
    UnsupportedError,
)
from workstation.domain.text import N_
from workstation.net.messages import Response
from workstation.net.moments import moment

T = TypeVar("T")

OVERLOADED = N_("the server reports a fault (status {status})")
MINUTE = 60_000_000


def rate(response: Response, now: int) -> RateHint | None:
    """The hint in X-RateLimit-* or RateLimit-* (reset as ISO time, epoch or seconds); None where there is none."""
    remaining = response.header("x-ratelimit-remaining") or response.header("ratelimit-remaining")
    if not remaining:
        return None
    limit = response.header("x-ratelimit-limit") or response.header("ratelimit-limit")
    reset = response.header("x-ratelimit-reset") or response.header("ratelimit-reset")
    return RateHint("", _whole(limit), _whole(remaining), moment(reset, now))


def _whole(text: str) -> int:
    text = text.partition(",")[0].strip()
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def retry_at(response: Response, now: int, otherwise: int = MINUTE) -> int:
    """When to try again after a 429 or 503; `otherwise` is the wait where the server does not say."""
    named = moment(response.header("retry-after"), now) or moment(response.header("retry-after-ms"), now, millis=True)
    if named:
        return named
    hint = rate(response, now)
    return hint.reset_at if hint is not None and hint.reset_at > now else now + otherwise


def failure(response: Response, now: int, *, write: bool, why: str = "") -> ChannelError:
    """The error that a status means; `why` is the server's own reason, one line.

    After a `write`, a server's fault is ambiguous: a proxy may have given up on something that was still done.
    """
    status = response.status
    if status == 429:
        return RateLimitedError(retry_at=retry_at(response, now))
    if status == 401:
        return AuthExpiredError()
    if status == 403:
        return PermissionDeniedError(why=why)
    if status in {404, 410}:
        return GoneError()
    if status in {405, 501}:
        return UnsupportedError()
    if status == 408 or status >= 500:
        if write:
            return AmbiguousError()
        at = retry_at(response, now) if response.header("retry-after") else 0
        return TransientError(retry_at=at, why=OVERLOADED.format(status=status))
    if status >= 400:
        return InvalidError(why=why or str(status))
    return ProtocolChangedError(where=f"status {status}")


def decoded(response: Response, kind: type[T], where: str, *, write: bool = False) -> T:
    """The entity in an answer; ProtocolChangedError, or AmbiguousError after a `write` that may have been done."""
    try:
        return msgspec.json.decode(response.body, type=kind)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        if write:
            raise AmbiguousError from None
        raise ProtocolChangedError(where=where) from None
