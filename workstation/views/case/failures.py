"""What an outbox row's error code says to people."""

from workstation.domain import errors
from workstation.domain.outbox import Outgoing, State
from workstation.domain.text import LazyText, lazy

_UNANSWERED = lazy(
    "No answer came from the network. Meridian looks whether it is there; it is not sent again unless you say so."
)


def _all(kind: type[errors.MeridianError]) -> list[type[errors.MeridianError]]:
    return [kind, *(found for child in kind.__subclasses__() for found in _all(child))]


def sentence(row: Outgoing) -> LazyText | None:
    """Why the row is not sent, or None."""
    if row.state is State.UNKNOWN:
        return _UNANSWERED
    if not row.error or row.state is State.SENT:
        return None
    known = {kind.code: kind.sentence for kind in _all(errors.MeridianError)}
    text = known.get(row.error, errors.MeridianError.sentence)
    return lazy(text, **row.detail)
