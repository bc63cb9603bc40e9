"""XRPC: requests by method name, the buckets of its rate limits, and what its errors mean; pure."""

import re
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import quote, urlencode

import msgspec

from workstation.connectors.bluesky.entities import Failure
from workstation.connectors.bluesky.media import UNREADABLE
from workstation.domain.errors import (
    AmbiguousError,
    AuthExpiredError,
    ChannelError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
    ReplyNotAllowedError,
    TransientError,
    UnsupportedError,
)
from workstation.domain.messages import Micros
from workstation.net import answers
from workstation.net.asking import Dialect
from workstation.net.client import ANSWER_CAP, Request, Response
from workstation.net.plain import one_line

Params = tuple[tuple[str, str], ...]
T = TypeVar("T")

JSON = (("Accept", "application/json"),)
PROXY = "atproto-proxy"
READS = "reads"
BUCKETS = {
    "com.atproto.server.createSession": "sign-in",
    "com.atproto.server.refreshSession": "sign-in",
    "com.atproto.repo.putRecord": "records",
    "com.atproto.repo.createRecord": "records",
    "com.atproto.repo.deleteRecord": "records",
    "com.atproto.repo.uploadBlob": "files",
    "com.atproto.moderation.createReport": "reports",
    "tools.ozone.moderation.emitEvent": "moderation",
    "com.atproto.identity.resolveHandle": "handles",
}
"""Methods with limits of their own. Records are counted in points: 3 to create, 2 to update, 1 to delete, 5,000 an
hour and 35,000 a day; the server's headers tell what is left of them.
"""
EXPIRED = frozenset({"ExpiredToken", "InvalidToken", "invalid_token"})
GONE = frozenset({
    "NotFound", "RecordNotFound", "RepoNotFound", "RepoDeactivated", "RepoTakendown", "RepoSuspended", "UnknownFeed",
    "UnknownList", "HandleNotFound", "AccountNotFound", "EventNotFound", "PostNotFound", "SubjectNotFound",
})  # fmt: skip
BLOCKED = frozenset({"BlockedActor", "BlockedByActor"})
DENIED = frozenset(
    {"AccountTakedown", "AccountDeactivated", "AccountSuspended", "Forbidden", "NotAllowed", "InvalidScope"}
)
UPSTREAM = frozenset({"UpstreamFailure", "UpstreamTimeout", "InternalServerError", "NotEnoughResources"})
UNKNOWN_METHOD = frozenset({"MethodNotImplemented", "XRPCNotSupported"})
DONE = re.compile(r"\b(?:already|not) taken down\b")
"""What Ozone answers to a take-down, or the end of one, that has been done already."""
MISSING = re.compile(r"\bnot found\b|\bcould not (?:find|locate)\b", re.IGNORECASE)


class SwapError(InvalidError):
    """The record is not what the write expected: somebody else was quicker."""


class TakenError(InvalidError):
    """The service says that this was already done."""


class Api(msgspec.Struct, frozen=True):
    """The server that an account's requests go to."""

    base: str
    insecure: bool = False

    def query(self, nsid: str, params: Params = (), *, proxy: str = "", cap: int = ANSWER_CAP) -> Request:
        """A read; `proxy` names the service (DID#id) that the server hands it on to."""
        tail = f"?{urlencode(params, quote_via=quote)}" if params else ""
        return Request(
            url=f"{self.base}/xrpc/{nsid}{tail}",
            headers=_headers(proxy),
            insecure=self.insecure,
            redirects=1,
            cap=cap,
        )

    def procedure(
        self, nsid: str, body: Mapping[str, object] | None = None, *, proxy: str = "", repeatable: bool = False
    ) -> Request:
        """A write with a JSON body."""
        kind = (("Content-Type", "application/json"),) if body is not None else ()
        return Request(
            method="POST",
            url=f"{self.base}/xrpc/{nsid}",
            headers=(*_headers(proxy), *kind),
            body=b"" if body is None else msgspec.json.encode(body),
            repeatable=repeatable,
            redirects=0,
            insecure=self.insecure,
        )

    def upload(self, kind: str, data: bytes) -> Request:
        """A file, which nothing names yet: doing it twice does no harm, and it may take its time."""
        return Request(
            method="POST",
            url=f"{self.base}/xrpc/com.atproto.repo.uploadBlob",
            headers=(*JSON, ("Content-Type", kind)),
            body=data,
            total=180.0,
            read=120.0,
            redirects=0,
            insecure=self.insecure,
        )


def _headers(proxy: str) -> tuple[tuple[str, str], ...]:
    return (*JSON, (PROXY, proxy)) if proxy else JSON


def method(request: Request) -> str:
    """The name of the method that a request calls."""
    return request.url.partition("?")[0].rpartition("/")[2]


def is_proxied(request: Request) -> bool:
    """Whether a service named by us answers in place of the server."""
    return any(name == PROXY for name, _ in request.headers)


def told(response: Response) -> Failure:
    """What an answer says of its fault; empty where it says nothing that can be read."""
    try:
        return msgspec.json.decode(response.body, type=Failure)
    except UNREADABLE:
        return Failure()


def is_expired(request: Request, response: Response) -> bool:
    """Whether the token is to blame: 400 ExpiredToken as the reference server has it, or 401.

    A service behind the server answers 401 to whom it does not know; no new token would change that.
    """
    if response.status not in {400, 401}:
        return False
    if told(response).error in EXPIRED:
        return True
    return response.status == 401 and not is_proxied(request)


class BlueskyDialect(Dialect):
    """Errors by name; a limiter for each bucket."""

    def bucket(self, request: Request) -> str:
        """See Dialect."""
        return BUCKETS.get(method(request), READS if request.method == "GET" else "writes")

    def failure(self, response: Response, now: Micros, *, write: bool) -> ChannelError:
        """See Dialect."""
        failure = told(response)
        why = one_line(failure.message or failure.error)
        found = _by_name(failure, why, response.status)
        if found is not None:
            return found
        if response.status in {404, 501} and (failure.error in UNKNOWN_METHOD or not failure.error):
            return UnsupportedError()
        if failure.error in UPSTREAM and not write:
            return TransientError(why=answers.OVERLOADED.format(status=response.status))
        if response.status in {400, 404} and MISSING.search(failure.message):
            return GoneError()
        return answers.failure(response, now, write=write, why=why)


def _by_name(failure: Failure, why: str, status: int) -> ChannelError | None:
    error = failure.error
    if error in EXPIRED:
        return AuthExpiredError()
    if error in GONE:
        return GoneError()
    if error == "InvalidSwap":
        return SwapError(why=why)
    if error == "DuplicateExternalId" or (error == "InvalidRequest" and DONE.search(failure.message)):
        return TakenError(why=why)
    if error in BLOCKED:
        return ReplyNotAllowedError(why=why)
    if error in DENIED:
        return PermissionDeniedError(why=why)
    return InvalidError(why=why or str(status)) if status == 413 else None


def decoded(response: Response, kind: type[T], where: str, *, write: bool = False) -> T:
    """The entity in an answer; ProtocolChangedError, or AmbiguousError after a `write` that may have been done."""
    try:
        return msgspec.json.decode(response.body, type=kind)
    except UNREADABLE:
        if write:
            raise AmbiguousError from None
        raise ProtocolChangedError(where=where) from None
