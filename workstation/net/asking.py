"""Requests of one account within what its server permits: a limiter per bucket, three lanes, and typed errors."""

import codecs
import time
from collections.abc import Callable

import msgspec

from workstation.domain.channels import RateHint
from workstation.domain.errors import ChannelError, RateLimitedError
from workstation.domain.messages import Micros
from workstation.net import answers
from workstation.net.client import Client, Request, Response
from workstation.net.limits import Lane, Limiter
from workstation.net.retry import Backoff

Clock = Callable[[], Micros]
UNSAID = 5.0
"""Seconds to wait after the first refusal of a server that does not say how long; each further one doubles it."""
LONGEST_UNSAID = 60.0


def utc_now() -> Micros:
    """Microseconds UTC."""
    return time.time_ns() // 1_000


class Dialect:
    """How a network tells what is wrong and how long to wait; the defaults are what most of them do."""

    def bucket(self, request: Request) -> str:
        """Which of a server's limits a request counts against."""
        return "writes" if request.method != "GET" else "reads"

    def rate(self, response: Response, now: Micros) -> RateHint | None:
        """What an answer says of its bucket."""
        return answers.rate(response, now)

    def retry_at(self, response: Response, now: Micros, otherwise: Micros) -> Micros:
        """When to come back after a 429; `otherwise` (microseconds) is the wait where the server does not say."""
        return answers.retry_at(response, now, otherwise)

    def failure(self, response: Response, now: Micros, *, write: bool) -> ChannelError:
        """The error that an answer which is not good means."""
        return answers.failure(response, now, write=write)


class Asker:
    """Asks a server on behalf of an account. Errors are those of `domain.errors`."""

    def __init__(self, client: Client, dialect: Dialect, now: Clock = utc_now) -> None:
        self.client = client
        self.now = now
        self.patience: Micros = 0
        """How long to wait for a turn before RateLimitedError says so; 0: as long as the server wants."""
        self._dialect = dialect
        self._limiters: dict[str, Limiter] = {}
        self._refusals: dict[str, Backoff] = {}

    async def ask(self, request: Request, lane: Lane) -> Response:
        """The good answer to a request; the error that any other one means."""
        response = await self.raw(request, lane)
        if response.good:
            return response
        if response.status == 429:
            raise RateLimitedError(retry_at=self.limiter(self._dialect.bucket(request)).opens_at(lane))
        raise self._dialect.failure(response, self.now(), write=not request.repeatable)

    async def raw(self, request: Request, lane: Lane) -> Response:
        """The answer of whatever status; its rate hints are heeded."""
        bucket = self._dialect.bucket(request)
        limiter = self.limiter(bucket)
        opens = limiter.opens_at(lane)
        if 0 < self.patience < opens - self.now():
            raise RateLimitedError(retry_at=opens)
        async with limiter.turn(lane):
            response = await self.client.request(request)
        if response.body.startswith(codecs.BOM_UTF8):
            response = msgspec.structs.replace(response, body=response.body.removeprefix(codecs.BOM_UTF8))
        now = self.now()
        hint = self._dialect.rate(response, now)
        if hint is not None:
            limiter.heard(hint)
        refusals = self._refusals.setdefault(bucket, Backoff(UNSAID, LONGEST_UNSAID))
        if response.status == 429:
            limiter.blocked(self._dialect.retry_at(response, now, int(refusals.next() * 1_000_000)))
        else:
            refusals.reset()
        return response

    def limiter(self, name: str) -> Limiter:
        """The limiter of a bucket. What one bucket's answers tell must not stop the others: deletions are scarce."""
        if name not in self._limiters:
            self._limiters[name] = Limiter(self.now)
        return self._limiters[name]

    def rate(self, name: str) -> RateHint:
        """What the server last said of a bucket."""
        return self.limiter(name).hint

    def close(self) -> None:
        """Stop the limiters' clocks."""
        for limiter in self._limiters.values():
            limiter.close()
