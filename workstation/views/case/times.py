"""Moments to snooze until or to promise: the usual ones, and what people type ("2h", "17:30"). Pure functions."""

import datetime as clock
import re
from enum import StrEnum

import msgspec

from workstation.domain.messages import Micros
from workstation.domain.text import LazyText, lazy

HOUR: Micros = 3_600_000_000
MORNING = 9
SHIFTS = (6, 14, 22)
"""Hours of the day at which a shift begins until the desk has a calendar of its own."""
_SPAN = re.compile(r"^\s*(\d{1,3})\s*(m|min|h|hr|d)\s*$", re.IGNORECASE)
_TIME = re.compile(r"^\s*(\d{1,2})[:.h](\d{2})\s*$")
_UNITS = {"m": 60, "min": 60, "h": 3600, "hr": 3600, "d": 86_400}


class Preset(StrEnum):
    """A moment that has a name."""

    HOUR = "hour"
    LATER = "later"
    TOMORROW = "tomorrow"
    SHIFT = "shift"
    MONDAY = "monday"


LABELS: dict[Preset, LazyText] = {
    Preset.HOUR: lazy("In one hour"),
    Preset.LATER: lazy("Later today"),
    Preset.TOMORROW: lazy("Tomorrow morning"),
    Preset.SHIFT: lazy("At the next shift"),
    Preset.MONDAY: lazy("Next Monday"),
}


class Moment(msgspec.Struct, frozen=True):
    """A preset and when it is."""

    preset: Preset
    at: Micros


def _micros(moment: clock.datetime) -> Micros:
    return round(moment.timestamp()) * 1_000_000


def _on(day: clock.datetime, hour: int, days: int = 0) -> clock.datetime:
    # By the calendar, so that 9:00 stays 9:00 over a change of clocks.
    date = day.date() + clock.timedelta(days=days)
    return clock.datetime.combine(date, clock.time(hour), tzinfo=day.tzinfo)


def presets(now: clock.datetime) -> list[Moment]:
    """The usual moments after `now` (a zoned datetime), soonest first; "later today" only while there is a later."""
    found = [Moment(Preset.HOUR, _micros(now) + HOUR)]
    later = (now + clock.timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
    if later.date() == now.date():
        found.append(Moment(Preset.LATER, _micros(later)))
    starts = [_on(now, hour, days) for days in (0, 1) for hour in SHIFTS]
    found.append(Moment(Preset.SHIFT, _micros(next(start for start in starts if start > now))))
    found.append(Moment(Preset.TOMORROW, _micros(_on(now, MORNING, 1))))
    found.append(Moment(Preset.MONDAY, _micros(_on(now, MORNING, 7 - now.weekday()))))
    return sorted(found, key=lambda moment: moment.at)


def typed(text: str, now: clock.datetime) -> Micros | None:
    """The moment that `text` means ("45m", "2h", "3d", "17:30"; a time that has passed is tomorrow's), or None."""
    span = _SPAN.match(text)
    if span is not None:
        return _micros(now) + int(span[1]) * _UNITS[span[2].lower()] * 1_000_000
    time = _TIME.match(text)
    if time is None or int(time[1]) > 23 or int(time[2]) > 59:
        return None
    at = _on(now, int(time[1])).replace(minute=int(time[2]))
    if at <= now:
        at = _on(now, int(time[1]), 1).replace(minute=int(time[2]))
    return _micros(at)
