"""What a site's refusals mean: the error codes of its REST API beside the status; pure."""

import msgspec

from workstation.domain.errors import (
    AuthExpiredError,
    ChannelError,
    DuplicateError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    RateLimitedError,
    ReplyNotAllowedError,
    TransientError,
    UnsupportedError,
)
from workstation.domain.text import N_
from workstation.net import answers
from workstation.net.asking import Dialect
from workstation.net.client import Response
from workstation.net.html import readable
from workstation.net.plain import one_line

FLOOD = 15_000_000
"""Microseconds between two comments of one author, unless an extension changes it."""
GONE = {"rest_comment_invalid_id", "rest_post_invalid_id", "rest_comment_invalid_parent"}
CLOSED = {
    "rest_comment_closed",
    "rest_comment_draft_post",
    "rest_comment_trash_post",
    "rest_comment_invalid_post_id",
    "rest_cannot_read_post",
}
NOT_DONE = {"rest_comment_failed_create", "rest_comment_failed_edit", "rest_cannot_delete"}
TOO_LONG = "comment_content_column_length"
SIGN_IN = {
    "incorrect_password",
    "invalid_username",
    "invalid_email",
    "rest_not_logged_in",
    "application_passwords_disabled",
    "application_passwords_disabled_for_user",
    "rest_comment_login_required",
}


class RefusedSignInError(AuthExpiredError):
    """The site does not accept the user's name and application password."""

    sentence = N_("The site refused the sign-in: {why}")


class Refusal(msgspec.Struct, frozen=True):
    """What a WP_Error says."""

    code: str = ""
    message: str = ""


def refusal(response: Response) -> Refusal:
    """The code and the words (one line, plain) of a refusal; empty where the answer is none of WordPress's."""
    try:
        told = msgspec.json.decode(response.body, type=dict[str, object])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Refusal()
    code, message = told.get("code"), told.get("message")
    said = message[:2_000] if isinstance(message, str) else ""
    if "<" in said or "&" in said:
        said = readable(said)
    return Refusal(code[:100] if isinstance(code, str) else "", one_line(said))


class WordPressDialect(Dialect):
    """See Dialect."""

    def failure(self, response: Response, now: int, *, write: bool) -> ChannelError:
        """See Dialect."""
        told = refusal(response)
        known = _known(told, response, now)
        return known or answers.failure(response, now, write=write, why=told.message)


def _known(told: Refusal, response: Response, now: int) -> ChannelError | None:
    code, why = told.code, told.message
    if code == "comment_duplicate":
        return DuplicateError()
    if code == "comment_flood":
        return RateLimitedError(retry_at=answers.retry_at(response, now, FLOOD))
    if code in GONE or code == "rest_already_trashed":
        return GoneError()
    if response.status == 401 or code in SIGN_IN:
        return RefusedSignInError(why=why or code) if why or code else AuthExpiredError()
    if code in CLOSED:
        return ReplyNotAllowedError(why=why or code)
    if code in {"rest_no_route", "rest_trash_not_supported", "rest_disabled"}:
        return UnsupportedError()
    if code in NOT_DONE and response.status >= 500:
        return TransientError(why=why or code)
    if code.endswith("_column_length"):
        return InvalidError(why=why or code)
    if code and response.status == 403:
        return PermissionDeniedError(why=why or code)
    return None
