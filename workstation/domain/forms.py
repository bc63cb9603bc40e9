"""Fields that many kinds of channel have in their forms, with the same words and the same meaning in each."""

from workstation.domain.channels import Field, FieldKind
from workstation.domain.text import N_, LazyText, lazy

TOKEN_IS_SEEN = lazy(N_("Everyone on the way can read the token and all messages. Never needed on the internet."))
PASSWORD_IS_SEEN = lazy(N_("Everyone on the way can read the password and all messages. Never needed on the internet."))


def insecure(risk: LazyText = TOKEN_IS_SEEN) -> Field:
    """Whether a server that is not this machine may be spoken to without encryption; `risk` says what that means."""
    label = lazy(N_("Permit a connection without encryption"))
    return Field("insecure", label, FieldKind.FLAG, help=risk, advanced=True)


def poll_seconds(when: LazyText, default: str = "") -> Field:
    """The pace of asking where a server does not tell by itself; `when` says what is asked for at it."""
    label = lazy(N_("Seconds between two questions"))
    return Field("poll_seconds", label, FieldKind.NUMBER, help=when, default=default, advanced=True)
