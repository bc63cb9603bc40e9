"""What a homeserver's refusals mean: error codes beside the status, and how long it wants us to wait; pure."""

from workstation.connectors.matrix import unpack
from workstation.domain.channels import LengthUnit
from workstation.domain.errors import (
    AmbiguousError,
    AuthExpiredError,
    ChannelError,
    DuplicateError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
    TooLongError,
    UnsupportedError,
)
from workstation.domain.text import N_
from workstation.net import answers
from workstation.net.asking import Dialect
from workstation.net.client import Request, Response
from workstation.net.plain import one_line

EVENT_CAP = 65_536
"""Bytes of an event at most, envelope and signatures included."""

WORDS_CAP = 16 << 10
"""Bytes of a refusal that are read."""
SYNC, WRITES, READS, MEDIA, SIGN_IN = "sync", "writes", "reads", "media", "sign_in"


class SoftLogoutError(AuthExpiredError):
    """The token is no longer accepted, but the same device may sign in again."""


class WrongPasswordError(AuthExpiredError):
    """The server does not accept the user's name and password."""

    sentence = N_("The server refused the sign-in: {why}")


PERMISSION = {
    "M_FORBIDDEN",
    "M_CONSENT_NOT_GIVEN",
    "M_RESOURCE_LIMIT_EXCEEDED",
    "M_USER_DEACTIVATED",
    "M_USER_SUSPENDED",
    "M_GUEST_ACCESS_FORBIDDEN",
    "M_CANNOT_LEAVE_SERVER_NOTICE_ROOM",
    "M_SERVER_NOT_TRUSTED",
}


def code(response: Response) -> str:
    """The error code of a refusal, such as M_FORBIDDEN; empty where it has none."""
    return unpack.text(_body(response), "errcode")


def reason(response: Response) -> str:
    """The server's own words, for people, with the address that it wants them to visit."""
    body = _body(response)
    said = one_line(unpack.text(body, "error"))
    consent = one_line(unpack.text(body, "consent_uri"), 400)
    return f"{said} {consent}".strip()


def _body(response: Response) -> unpack.Values:
    if len(response.body) > WORDS_CAP:
        return unpack.EMPTY
    try:
        return unpack.decoded(response.body, "error")
    except ProtocolChangedError:
        return unpack.EMPTY


def failure(response: Response, now: int, *, write: bool) -> ChannelError:
    """The error that an answer which is not good means."""
    known, why = code(response), reason(response)
    if response.status >= 500 or response.status in {408, 429}:
        return answers.failure(response, now, write=write, why=why)
    if known in {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_LOCKED"}:
        soft = _body(response).get("soft_logout") is True
        return SoftLogoutError() if soft else AuthExpiredError()
    if known in PERMISSION:
        return PermissionDeniedError(why=why or known)
    if known == "M_UNRECOGNIZED":
        return UnsupportedError()
    if known == "M_TOO_LARGE" or response.status == 413:
        return TooLongError(used=EVENT_CAP + 1, limit=EVENT_CAP, unit=LengthUnit.BYTES.value)
    if known == "M_DUPLICATE_ANNOTATION":
        return DuplicateError()
    if known == "M_NOT_FOUND" or response.status in {404, 410}:
        # What has no code of this API is no answer about an event: there is no such address.
        return GoneError() if known else UnsupportedError()
    return answers.failure(response, now, write=write, why=why or known)


def decoded(response: Response, where: str, *, write: bool = False) -> unpack.Values:
    """The object in an answer; ProtocolChangedError, or AmbiguousError after a `write` that may have been done."""
    try:
        return unpack.decoded(response.body, where)
    except ProtocolChangedError:
        if write:
            raise AmbiguousError from None
        raise


def login_failure(error: ChannelError) -> ChannelError:
    """What a refusal means when it answers a sign-in: nobody may try the same password for ever."""
    if isinstance(error, PermissionDeniedError | InvalidError):
        return WrongPasswordError(why=error.params.get("why", ""))
    return error


class MatrixDialect(Dialect):
    """See `net.asking.Dialect`."""

    def bucket(self, request: Request) -> str:
        """Synapse limits messages, sign-ins and media each on their own; a long poll must not hold up the others."""
        path = request.url.partition("?")[0]
        if path.endswith("/sync"):
            return SYNC
        if path.endswith(("/login", "/refresh")):
            return SIGN_IN
        if "/media/" in path:
            return MEDIA
        return READS if request.method == "GET" else WRITES

    def retry_at(self, response: Response, now: int, otherwise: int) -> int:
        """Retry-After where it is given, else what the body says in milliseconds."""
        if not answers.retry_at(response, now, 0) > now:
            millis = unpack.number(_body(response), "retry_after_ms")
            if 0 < millis < 31 * 86_400_000:
                return now + millis * 1_000
        return answers.retry_at(response, now, otherwise)

    def failure(self, response: Response, now: int, *, write: bool) -> ChannelError:
        """See `failure`."""
        return failure(response, now, write=write)
