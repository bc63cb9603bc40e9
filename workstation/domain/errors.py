"""What can go wrong, typed: where it happened, whether to try again by itself, and what to tell people."""

from typing import ClassVar

from workstation.domain.messages import Micros
from workstation.domain.text import N_, LazyText, TextValue, lazy


def _english(text: LazyText) -> str:
    values = {name: _english(value) if isinstance(value, LazyText) else value for name, value in text.values().items()}
    return text.msgid.format_map(values) if values else text.msgid


class MeridianError(Exception):
    """Base of every error that people are told of; `text` is the sentence, `code` is stable and stored."""

    code: ClassVar[str] = "error"
    sentence: ClassVar[str] = N_("Something went wrong.")

    def __init__(self, **params: TextValue) -> None:
        super().__init__(self.code)
        self.params = params

    @property
    def text(self) -> LazyText:
        """The sentence for people, with its parameters."""
        return lazy(self.sentence, **self.params)

    def __str__(self) -> str:
        return _english(self.text)


class NotAllowedError(MeridianError):
    """The case's state has no such transition."""

    code = "not_allowed"
    sentence = N_("A case that is {status} cannot be {event}.")


class StaleError(MeridianError):
    """The case changed since the command was made."""

    code = "stale"
    sentence = N_("This case has changed meanwhile. Look at it again and repeat what you wanted to do.")


class HeldError(MeridianError):
    """Somebody else holds the case."""

    code = "held"
    sentence = N_("Somebody else is working on this case.")


class NotFoundError(MeridianError):
    """There is no such thing in the store."""

    code = "not_found"
    sentence = N_("{what} was not found.")


class FilterError(MeridianError):
    """The text of a filter cannot be read; `position` counts characters from 0."""

    code = "filter"
    sentence = N_("The filter cannot be read at “{at}”: {why}")

    def __init__(self, *, at: str, why: str, position: int = 0) -> None:
        super().__init__(at=at, why=why)
        self.position = position


class ConfigurationError(MeridianError):
    """A setting is missing or wrong."""

    code = "configuration"
    sentence = N_("The setting “{field}” is not usable: {why}")


class SecretError(MeridianError):
    """A secret cannot be read or kept."""

    code = "secret"
    sentence = N_("The secret {reference} cannot be read: {why}")


class ChannelError(MeridianError):
    """Base of what a network may answer.

    `retryable` errors are tried again without asking. `ambiguous` ones may have taken effect on the network.
    """

    code = "channel"
    sentence = N_("The channel reported an error.")
    retryable: ClassVar[bool] = False
    ambiguous: ClassVar[bool] = False

    def __init__(self, *, retry_at: Micros = 0, **params: TextValue) -> None:
        super().__init__(**params)
        self.retry_at = retry_at


class AuthExpiredError(ChannelError):
    """The token is no longer accepted; retried once after a refresh, then the agent signs in again."""

    code = "auth_expired"
    sentence = N_("The sign-in has expired. Sign in to this channel again.")


class PermissionDeniedError(ChannelError):
    """The account may not do this."""

    code = "permission_denied"
    sentence = N_("This account is not permitted to do that: {why}")


class ReplyNotAllowedError(ChannelError):
    """The network refuses an answer here."""

    code = "reply_not_allowed"
    sentence = N_("This message cannot be answered: {why}")


class RateLimitedError(ChannelError):
    """Too many requests; `retry_at` says when the bucket opens again."""

    code = "rate_limited"
    sentence = N_("The network asks us to wait before going on.")
    retryable = True


class QuotaExhaustedError(ChannelError):
    """The day's units are used up."""

    code = "quota_exhausted"
    sentence = N_("The channel’s quota is used up until {until}.")


class GoneError(ChannelError):
    """What the operation is about does not exist any more."""

    code = "gone"
    sentence = N_("The message no longer exists on the network.")


class DuplicateError(ChannelError):
    """The network already has this; `existing` is its remote id."""

    code = "duplicate"
    sentence = N_("The network says that this was already sent.")

    def __init__(self, *, existing: str = "", retry_at: Micros = 0) -> None:
        super().__init__(retry_at=retry_at)
        self.existing = existing


class InvalidError(ChannelError):
    """The network refuses the content; `why` is its own reason."""

    code = "invalid"
    sentence = N_("The network refused this: {why}")


class TooLongError(ChannelError):
    """Longer than the channel allows."""

    code = "too_long"
    sentence = N_("The text is too long: {used} of {limit} {unit}.")


class AmbiguousError(ChannelError):
    """No answer came: it may or may not have been done."""

    code = "ambiguous"
    sentence = N_("No answer came from the network. It is not known whether this was sent.")
    ambiguous = True


class CursorExpiredError(ChannelError):
    """The network no longer has what came after the cursor."""

    code = "cursor_expired"
    sentence = N_("The network no longer keeps messages as old as the last ones read. Some may be missing.")


class TransientError(ChannelError):
    """Not reachable or overloaded for now."""

    code = "transient"
    sentence = N_("The channel cannot be reached for now: {why}")
    retryable = True


class ProtocolChangedError(ChannelError):
    """The answer is not of the form that the documentation promises."""

    code = "protocol_changed"
    sentence = N_("The network answered in a form that Meridian does not know: {where}")


class UnsupportedError(ChannelError):
    """This server has no such function."""

    code = "unsupported"
    sentence = N_("This server does not offer that.")
