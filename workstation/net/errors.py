"""Errors of the wire that say more than the domain's types: a closed stream, an answer that is too large."""

from workstation.domain.errors import ProtocolChangedError, TransientError
from workstation.domain.text import N_

UNREACHABLE = N_("the server cannot be reached")
TIMED_OUT = N_("the server did not answer in time")
BROKEN_OFF = N_("the connection broke off")
CERTIFICATE = N_("the server’s certificate is not valid")
NO_TLS = N_("no secure connection can be made; does the server answer by https?")
CLOSED = N_("the server closed the stream")
TOO_LARGE = N_("the answer is larger than {limit} bytes")
NOT_HTTP = N_("the answer is not valid HTTP")
REDIRECTED = N_("the server redirects where it must not")
PLAIN_HTTP = N_("plain http is only permitted to this machine, or elsewhere if the field “insecure” is set to 1")
PRIVATE_ADDRESS = N_("the address lies in a private network")


class ClosedError(TransientError):
    """A stream ended; `status` is its WebSocket close code, or 0."""

    def __init__(self, status: int = 0) -> None:
        super().__init__(why=CLOSED)
        self.status = status


class RefusedError(TransientError):
    """A stream was not opened; `status` is the HTTP status of the refusal."""

    def __init__(self, status: int) -> None:
        super().__init__(why=CLOSED)
        self.status = status


class TooLargeError(ProtocolChangedError):
    """An answer over its cap; `head` is the beginning of it, for finding out what it was."""

    def __init__(self, limit: int, head: bytes = b"") -> None:
        super().__init__(where=TOO_LARGE.format(limit=limit))
        self.head = head


class CertificateError(TransientError):
    """The server could not prove who it is; nothing was sent."""

    def __init__(self) -> None:
        super().__init__(why=CERTIFICATE)
