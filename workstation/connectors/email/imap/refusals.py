"""The errors that a server's refusals mean; pure."""

import re

from workstation.connectors.email.imap.answers import Status
from workstation.domain.errors import (
    AuthExpiredError,
    ChannelError,
    ConfigurationError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
    TransientError,
    UnsupportedError,
)
from workstation.domain.text import N_

ENCRYPTION = N_("the server demands encryption")
PASSING = re.compile(
    r"too many|simultaneous|tempor|try again|later|in use|rate|busy|unavailable|limit|internal|timeout|shutting",
    re.IGNORECASE,
)
"""How servers word what will pass; the codes of RFC 5530 are often missing."""
PASSING_CODES = {"UNAVAILABLE", "INUSE", "SERVERBUG", "LIMIT", "CONTACTADMIN"}


def refused(status: Status, name: str) -> ChannelError:
    """What NO or BAD to a command means."""
    if status.word == "BYE" or status.code in PASSING_CODES:
        return TransientError(why=status.text)
    if status.word == "BAD":
        return ProtocolChangedError(where=f"imap {name}")
    match status.code:
        case "NONEXISTENT" | "TRYCREATE" | "EXPUNGEISSUED":
            return GoneError()
        case "NOPERM" | "READ-ONLY" | "EXPIRED":
            return PermissionDeniedError(why=status.text)
        case "CANNOT":
            return UnsupportedError()
        case "OVERQUOTA" | "TOOBIG" | "BADCHARSET":
            return InvalidError(why=status.text)
    return TransientError(why=status.text) if PASSING.search(status.text) else InvalidError(why=status.text)


def sign_in_refused(status: Status) -> ChannelError | ConfigurationError:
    """What a refused sign-in means: only some of them are about the password."""
    if status.code == "PRIVACYREQUIRED":
        return ConfigurationError(field="server", why=ENCRYPTION)
    if status.code in PASSING_CODES or status.word == "BYE":
        return TransientError(why=status.text)
    if status.code not in {"AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED"} and PASSING.search(status.text):
        return TransientError(why=status.text)
    return AuthExpiredError()
