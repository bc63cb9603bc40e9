"""How the channels fare that fill a column: the worst of them in a word, what is soon trouble, and all in words."""

from collections.abc import Iterable, Sequence

from workstation.domain.cases import Entry
from workstation.domain.channels import Condition, Health
from workstation.domain.messages import Micros
from workstation.domain.text import LazyText, Moment, lazy, lazy_plural
from workstation.services.clock import MINUTE, SECOND

DAY: Micros = 86_400_000_000
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
LITTLE = 20
"""Per cent of a rate limit below which a column says how much is left."""
SOON: Micros = 7 * DAY
"""Before a sign-in ends from which on a column says so."""
_TRANSPORTS = {
    "websocket": lazy("Messages come as they are written (WebSocket)."),
    "sse": lazy("Messages come as they are written (server-sent events)."),
    "poll": lazy("Messages are asked for at intervals."),
    "long-poll": lazy("Messages come as they are written (long questions)."),
    "idle": lazy("Messages come as they arrive in the mailbox (IDLE)."),
    "jetstream": lazy("Messages come as they are written (Jetstream)."),
    "by hand": lazy("Messages are noted by hand."),
}


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


def left(health: Health, now: Micros) -> int:
    """Per cent of the rate limit that are left, -1 where the network said nothing, or what it said is over."""
    rate = health.rate
    if rate.limit <= 0 or rate.remaining < 0 or rate.reset_at <= now:
        return -1
    return min(100, max(0, round(rate.remaining * 100 / rate.limit)))


def concern(healths: Sequence[Health], now: Micros) -> LazyText | None:
    """What will soon be trouble: a sign-in that ends, a quota that runs out; None where nothing will."""
    ends = [health.token_expires_at for health in healths if 0 < health.token_expires_at < now + SOON]
    if ends:
        return lazy("Sign-in ends {time}", time=Moment(min(ends), "relative"))
    low = [percent for health in healths if 0 <= (percent := left(health, now)) < LITTLE]
    return lazy("{percent} % of quota left", percent=min(low)) if low else None


def facts(health: Health, now: Micros) -> tuple[LazyText, ...]:
    """How one channel fares, in sentences."""
    said = [_TRANSPORTS[health.transport]] if health.transport in _TRANSPORTS else []
    if health.error is not None:
        said.append(health.error)
    if health.retry_at > now:
        said.append(lazy("It is tried again at {time}.", time=Moment(health.retry_at, "time")))
    said += [_lag(health), _quota(health, now), _token(health, now)]
    if health.last_event_at:
        said.append(lazy("Last heard of {time}.", time=Moment(health.last_event_at, "relative")))
    if health.restarts:
        said.append(lazy_plural("It was begun anew once.", "It was begun anew {count} times.", health.restarts))
    return tuple(said)


def _lag(health: Health) -> LazyText:
    if not health.last_event_at:
        return lazy("No message came yet, so nothing is known of its delay.")
    if health.lag < SECOND:
        return lazy("Messages are here within a second of being written.")
    if health.lag < 2 * MINUTE:
        seconds = round(health.lag / SECOND)
        return lazy_plural(
            "The latest message was here {count} second after it was written.",
            "The latest message was here {count} seconds after it was written.",
            seconds,
        )
    minutes = round(health.lag / MINUTE)
    return lazy_plural(
        "The latest message was here {count} minute after it was written.",
        "The latest message was here {count} minutes after it was written.",
        minutes,
    )


def _quota(health: Health, now: Micros) -> LazyText:
    rate = health.rate
    if left(health, now) < 0:
        return lazy("The network said nothing of a limit lately.")
    return lazy(
        "Quota: {left} of {limit} requests are left; it is full again at {time}.",
        left=rate.remaining,
        limit=rate.limit,
        time=Moment(rate.reset_at, "time"),
    )


def _token(health: Health, now: Micros) -> LazyText:
    if not health.token_expires_at:
        return lazy("The sign-in has no end that is known.")
    if health.token_expires_at <= now:
        return lazy("The sign-in has ended.")
    return lazy("The sign-in ends on {time}.", time=Moment(health.token_expires_at))
