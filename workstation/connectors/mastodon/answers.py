"""What this API's answers mean beside what they mean everywhere: the server's own words; pure."""

import msgspec

from workstation.connectors.mastodon.entities import Failure
from workstation.domain.errors import ChannelError
from workstation.net import answers
from workstation.net.answers import decoded, rate, retry_at
from workstation.net.asking import Dialect
from workstation.net.client import Request, Response
from workstation.net.plain import one_line

__all__ = ["MastodonDialect", "bucket", "check", "decoded", "failure", "rate", "reason", "retry_at"]

READS, POSTS, DELETIONS, WRITES, UPLOADS = "reads", "posts", "deletions", "writes", "uploads"


def reason(response: Response) -> str:
    """The server's own words, for people; empty where it says nothing."""
    try:
        found = msgspec.json.decode(response.body, type=Failure)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return ""
    return one_line(found.error_description or found.error or "")


def failure(response: Response, now: int, *, write: bool) -> ChannelError:
    """The error that a status means, with the server's own words."""
    return answers.failure(response, now, write=write, why=reason(response))


def check(response: Response, now: int, *, write: bool = False) -> Response:
    """The response if it is good, else the error that it means."""
    if response.good:
        return response
    raise failure(response, now, write=write)


def bucket(request: Request) -> str:
    """Which of a server's limits a request counts against.

    Mastodon: 30 deletions in 30 minutes, as many uploads, 300 others in 5.
    """
    path = request.url.partition("?")[0]
    if request.method == "GET":
        return READS
    if request.method == "DELETE" or path.endswith("/unreblog"):
        return DELETIONS
    if path.endswith("/media"):
        return UPLOADS
    return POSTS if path.endswith("/api/v1/statuses") else WRITES


class MastodonDialect(Dialect):
    """See `net.asking.Dialect`."""

    def bucket(self, request: Request) -> str:
        """See `bucket`."""
        return bucket(request)

    def failure(self, response: Response, now: int, *, write: bool) -> ChannelError:
        """See `failure`."""
        return failure(response, now, write=write)
