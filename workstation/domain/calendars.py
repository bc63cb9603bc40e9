"""Working hours: when the next shift begins, in a zone with its changes of clocks. Pure functions."""

import datetime as clock
import re

import msgspec

from workstation.domain.messages import Micros

_SHIFT = re.compile(r"^(\d{1,2})[:.](\d{2})\s*[-\u2013]\s*(\d{1,2})[:.](\d{2})$")
DEFAULT = "09:00-17:00"
WORKING_WEEK = (0, 1, 2, 3, 4)
_FURTHEST = 15
"""Days that are looked ahead: a week has a working day, whatever is set."""


class Shift(msgspec.Struct, frozen=True):
    """A part of the day that is worked: minutes after midnight; one that ends before it begins ends the next day."""

    start: int
    end: int

    def __str__(self) -> str:
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.start, self.end))


def read_shift(text: str) -> Shift | None:
    """The shift that `09:00-17:00` means, or None."""
    found = _SHIFT.match(text.strip())
    if found is None:
        return None
    hours, minutes = (int(found[1]), int(found[3])), (int(found[2]), int(found[4]))
    if max(hours) > 24 or max(minutes) > 59:
        return None
    start, end = (hour * 60 + minute for hour, minute in zip(hours, minutes, strict=True))
    return Shift(start, end) if start < 1440 and end <= 1440 and start != end else None


def read_shifts(texts: tuple[str, ...]) -> tuple[Shift, ...]:
    """The shifts in order of the day, unreadable ones left out; the default where none is left."""
    found = {shift for shift in map(read_shift, texts) if shift is not None}
    default = read_shift(DEFAULT)
    return tuple(sorted(found, key=lambda shift: shift.start)) or ((default,) if default is not None else ())


class WorkingHours(msgspec.Struct, frozen=True):
    """The shifts of a day and the days that are worked (0 is Monday)."""

    shifts: tuple[Shift, ...] = read_shifts((DEFAULT,))
    days: tuple[int, ...] = WORKING_WEEK

    def next_start(self, now: clock.datetime) -> Micros:
        """When the next shift begins after `now` (a zoned datetime), by its calendar: 9:00 stays 9:00."""
        days = self.days or WORKING_WEEK
        for ahead in range(_FURTHEST):
            date = now.date() + clock.timedelta(days=ahead)
            if date.weekday() not in days:
                continue
            for shift in self.shifts:
                start = clock.datetime.combine(date, clock.time(*divmod(shift.start, 60)), tzinfo=now.tzinfo)
                if start.timestamp() > now.timestamp():
                    return round(start.timestamp()) * 1_000_000
        raise ValueError("no working day")
