"""Which condition a column tells of: the worst of the channels that fill it."""

from collections.abc import Sequence

from workstation.domain.channels import Condition, Health
from workstation.domain.messages import Micros

_WORST_FIRST = (
    Condition.SIGN_IN,
    Condition.STOPPED,
    Condition.WAITING,
    Condition.STARTING,
    Condition.CATCHING_UP,
    Condition.POLLING,
    Condition.LIVE,
)


def worst(healths: Sequence[Health]) -> tuple[Condition | None, Micros]:
    """The worst condition and the largest lag (microseconds); None where there is no channel."""
    if not healths:
        return None, 0
    conditions = {health.condition for health in healths}
    return next(condition for condition in _WORST_FIRST if condition in conditions), max(h.lag for h in healths)
