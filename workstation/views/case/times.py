"""Moments to snooze until or to promise: the usual ones, and what people type ("2h", "17:30"). Pure functions."""

import datetime as clock
import re
from enum import StrEnum

import msgspec

from workstation.domain.calendars import WorkingHours
from workstation.domain.messages import Micros
from workstation.domain.text import LazyText, lazy

HOUR: Micros = 3_600_000_000
MORNING = 9
_SPAN = re.compile(r"^\s*(\d{1,3})\s*(m|min|h|hr|d)\s*$", re.IGNORECASE)
_TIME = re.compile(r"^\s*(\d{1,2})[:.h](\d{2})\s*$")
_DATE = re.compile(r"^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[\sT]+(\d{1,2})[:.h](\d{2}))?\s*$")
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


def presets(now: clock.datetime, hours: WorkingHours) -> list[Moment]:
    """The usual moments after `now` (a zoned datetime), soonest first; "later today" only while there is a later."""
    found = [Moment(Preset.HOUR, _micros(now) + HOUR)]
    later = (now + clock.timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
    if later.date() == now.date():
        found.append(Moment(Preset.LATER, _micros(later)))
    found.append(Moment(Preset.SHIFT, hours.next_start(now)))
    found.append(Moment(Preset.TOMORROW, _micros(_on(now, MORNING, 1))))
    found.append(Moment(Preset.MONDAY, _micros(_on(now, MORNING, 7 - now.weekday()))))
    return sorted(found, key=lambda moment: moment.at)


def typed(text: str, now: clock.datetime) -> Micros | None:
    """The moment that `text` means, or None: "45m", "2h", "3d", "17:30", "2026-12-01", "2026-12-01 17:30".

    A time of day that has passed is tomorrow's; a date without one is its morning; what has passed is none.
    """
    span = _SPAN.match(text)
    if span is not None:
        return _micros(now) + int(span[1]) * _UNITS[span[2].lower()] * 1_000_000
    date = _DATE.match(text)
    if date is not None:
        return _dated(date, now)
    time = _TIME.match(text)
    if time is None or int(time[1]) > 23 or int(time[2]) > 59:
        return None
    at = _on(now, int(time[1])).replace(minute=int(time[2]))
    if at <= now:
        at = _on(now, int(time[1]), 1).replace(minute=int(time[2]))
    return _micros(at)


def _dated(found: re.Match[str], now: clock.datetime) -> Micros | None:
    hour, minute = (int(found[4]), int(found[5])) if found[4] else (MORNING, 0)
    try:
        at = clock.datetime(int(found[1]), int(found[2]), int(found[3]), hour, minute, tzinfo=now.tzinfo)
    except ValueError:
        return None
    return _micros(at) if at > now else None
