"""What a clock on a wall says and when that is: days on which clocks are changed have hours twice, or not at all."""

import datetime as clock
from enum import StrEnum

import msgspec

from workstation.domain.messages import Micros

_STEP = clock.timedelta(seconds=1)


class Kind(StrEnum):
    """Whether a time of day names one moment."""

    EXACT = "exact"
    GAP = "gap"
    """Clocks are put forward over it: no clock ever shows it."""
    OVERLAP = "overlap"
    """Clocks are put back over it: they show it twice."""


class Reading(msgspec.Struct, frozen=True):
    """The moments that a time of day may mean, earliest first.

    Of a GAP the moment is as much after the change as the time was after its beginning; `changed` are the times that
    the clock shows just before and just after the change.
    """

    kind: Kind
    moments: tuple[Micros, ...]
    changed: tuple[clock.datetime, clock.datetime] | None = None


def micros(moment: clock.datetime) -> Micros:
    """A zoned datetime as microseconds UTC, exactly."""
    past = moment.astimezone(clock.UTC) - clock.datetime(1970, 1, 1, tzinfo=clock.UTC)
    return past // clock.timedelta(microseconds=1)


def read(local: clock.datetime, zone: clock.tzinfo) -> Reading:
    """When a clock in `zone` shows `local`, a datetime without a zone."""
    first = local.replace(tzinfo=zone, fold=0)
    second = local.replace(tzinfo=zone, fold=1)
    one, other = first.astimezone(clock.UTC), second.astimezone(clock.UTC)
    if one == other:
        return Reading(Kind.EXACT, (micros(one),))
    change = _change(min(one, other), max(one, other), zone)
    edges = (_shown(change - _STEP, zone) + _STEP, _shown(change, zone))
    if _shown(one, zone) == local:
        return Reading(Kind.OVERLAP, (micros(one), micros(other)), edges)
    return Reading(Kind.GAP, (micros(one),), edges)


def _shown(moment: clock.datetime, zone: clock.tzinfo) -> clock.datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _change(low: clock.datetime, high: clock.datetime, zone: clock.tzinfo) -> clock.datetime:
    """The first second with another offset than at `low`; offsets change on whole seconds."""
    low -= clock.timedelta(hours=3)
    high += clock.timedelta(hours=3)
    before = low.astimezone(zone).utcoffset()
    while high - low > _STEP:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle <= low:
            break
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
