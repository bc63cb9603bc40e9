"""Which condition a column tells of: the worst of the channels that fill it."""

from collections.abc import Iterable, Sequence

from workstation.domain.cases import Entry
from workstation.domain.channels import Condition, Health
from workstation.domain.messages import Micros

_WORST_FIRST = (
    Condition.SIGN_IN,
    Condition.STOPPED,
    Condition.WAITING,
    Condition.STARTING,
    Condition.CATCHING_UP,
    # Reports are always asked for at intervals: beside a channel that streams, that is no trouble.
    Condition.LIVE,
    Condition.POLLING,
)


def worst(healths: Sequence[Health]) -> tuple[Condition | None, Micros]:
    """The worst condition and the largest lag (microseconds); None where there is no channel."""
    if not healths:
        return None, 0
    conditions = {health.condition for health in healths}
    return next(condition for condition in _WORST_FIRST if condition in conditions), max(h.lag for h in healths)


def filling(healths: Sequence[Health], rows: Iterable[Entry]) -> tuple[Health, ...]:
    """The channels that a column's rows came from, and those that wait for the agent; all where it has no row yet."""
    own = {entry.message.channel for entry in rows}
    found = (health for health in healths if health.channel in own or health.condition is Condition.SIGN_IN)
    return tuple(found) or tuple(healths)
