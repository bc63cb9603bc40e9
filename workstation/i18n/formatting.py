"""Numbers, dates, durations and lists as a reader expects them, fast enough to be called while painting.

Babel takes 20 to 50 us to write a date, so every result is cached under what it depends on: a point in time
by (minute, zone, locale, digits), an age by its minutes alone. A hit costs well under a microsecond. Times
are integer microseconds UTC; "now" is always given, so one timer at minute boundaries (`until_next_minute`)
refreshes all ages.
"""

import datetime as clock
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import dates, lists, numbers, units
from babel.localtime import get_localzone

from workstation.i18n import tags
from workstation.i18n.numerals import Digits, numbering_system, write_digits

MINUTE = 60_000_000
_EPOCH = clock.datetime(1970, 1, 1, tzinfo=clock.UTC)

Width = Literal["short", "medium", "long", "full"]
_Unit = Literal["year", "month", "week", "day", "hour", "minute", "second"]
_TimeWidth = Literal["short", "long"]
# Above every count, so that Babel keeps to the unit asked for.
_NEVER = 1e12


class Words(NamedTuple):
    """The words that CLDR's data in Babel lacks, in the reader's language."""

    now: str = "now"
    today: str = "Today"
    yesterday: str = "Yesterday"


def until_next_minute(now: int) -> int:
    """Return how many milliseconds (at least 1) after `now` every minute-grained text may change."""
    return max(1, -(-(MINUTE - now % MINUTE) // 1000))


def minute_of(at: int) -> int:
    """Return the number of the minute that `at` lies in; equal numbers read the same in every format here."""
    return at // MINUTE


class Formats:
    """Formats of one reader: locale tag, time zone name ("" = the system's) and preferred digits.

    Methods are pure: equal arguments give equal text. An unknown zone name raises ValueError.
    """

    def __init__(self, tag: str, zone: str = "", digits: Digits = "auto", words: Words | None = None) -> None:
        self.tag = tag
        self.zone = zone
        self.digits: Digits = digits
        self.words = words or Words()
        self.direction = tags.direction(tag)
        _zone(zone)

    def number(self, value: float) -> str:
        """Return `value` grouped: ``12,345``; fractions keep at most three decimals."""
        return _number(value, self.tag, self.digits)

    def compact(self, value: float) -> str:
        """Return `value` shortened for a badge: ``12.3K``; below 1,000 as it is."""
        return _compact(value, self.tag, self.digits)

    def percent(self, ratio: float, decimals: int = 0) -> str:
        """Return `ratio` (1.0 is all) in per cent with so many decimals: ``45%``, ``45 %``."""
        return _percent(ratio, self.tag, self.digits, decimals)

    def size(self, size: int) -> str:
        """Return `size` bytes as people say it: ``12 kB``, ``3.4 MB``."""
        return _size(size, self.tag, self.digits)

    def time(self, at: int) -> str:
        """Return the time of day of `at`: ``14:05``, ``2:05 PM``."""
        return _stamp(at // MINUTE, self.zone, self.tag, self.digits, "time:short")

    def date(self, at: int, width: Width = "medium") -> str:
        """Return the date of `at`: ``3 Jun 2026``."""
        return _stamp(at // MINUTE, self.zone, self.tag, self.digits, f"date:{width}")

    def datetime(self, at: int, width: Width = "short") -> str:
        """Return date and time of `at`: ``03.06.26, 14:05``; ``full`` suits tool tips and screen readers."""
        return _stamp(at // MINUTE, self.zone, self.tag, self.digits, f"datetime:{width}")

    def shaped(self, at: int, skeleton: str) -> str:
        """Return the parts of `at` that a skeleton of CLDR names, as the locale orders them: ``yMMMM``, ``MMMEd``."""
        return _stamp(at // MINUTE, self.zone, self.tag, self.digits, f"skeleton:{skeleton}")

    def day(self, at: int, now: int) -> str:
        """Return the day of `at` as a heading: ``Today``, ``Yesterday``, ``Tuesday``, ``Tue 3 Jun``, ``3
        Jun 2025``.
        """
        (day, year), (today, this_year) = _day(at // MINUTE, self.zone), _day(now // MINUTE, self.zone)
        age = today - day
        if age in (0, 1):
            return self.words.today if age == 0 else self.words.yesterday
        style = "weekday" if 1 < age < 7 else "skeleton:MMMEd" if year == this_year else "skeleton:yMMMd"
        return _stamp(at // MINUTE, self.zone, self.tag, self.digits, style)

    def age(self, at: int, now: int) -> str:
        """Return how long ago `at` was, compactly: ``now``, ``2 min``, ``3 hr``, ``5 days``, then the date.

        Minutes are counted as a clock shows them (from 10:00:50 to 10:01:10 is one), so all ages change
        together.
        """
        minutes = now // MINUTE - at // MINUTE
        if minutes < 1:
            return self.words.now
        if minutes < 7 * 24 * 60:
            return _age(minutes, self.tag, self.digits, "short", False)
        same_year = _day(at // MINUTE, self.zone)[1] == _day(now // MINUTE, self.zone)[1]
        style = "skeleton:MMMd" if same_year else "skeleton:yMMMd"
        return _stamp(at // MINUTE, self.zone, self.tag, self.digits, style)

    def relative(self, at: int, now: int) -> str:
        """Return where `at` lies from `now` as a phrase: ``2 minutes ago``, ``in 3 hours``."""
        minutes = now // MINUTE - at // MINUTE
        return _age(minutes, self.tag, self.digits, "long", True) if minutes else self.words.now

    def duration(self, seconds: float, parts: int = 2) -> str:
        """Return a length of time by its largest `parts` units: ``3 hr 12 min``, ``45 sec``; negative as
        zero.
        """
        return _duration(int(max(0, seconds)), parts, self.tag, self.digits)

    def list(self, items: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
        """Return `items` joined as a sentence does: ``a, b, and c``."""
        return str(lists.format_list(list(items), style=style, locale=tags.babel_locale(self.tag)))

    @property
    def first_weekday(self) -> int:
        """The day a week starts with in the reader's region: 0 is Monday, 6 is Sunday."""
        return tags.first_weekday(self.tag)

    @property
    def working_days(self) -> tuple[int, ...]:
        """The days that are worked in the reader's region: 0 is Monday."""
        return tags.working_days(self.tag)

    def weekdays(self, width: Literal["wide", "abbreviated", "narrow"] = "abbreviated") -> tuple[str, ...]:
        """Return seven names, Monday first whatever the week starts with; rotate by `first_weekday` to show
        them.
        """
        names = tags.babel_locale(self.tag).days["stand-alone"][width]
        return tuple(_mark(str(names[day]), self.tag) for day in range(7))

    def hour(self, hour: int) -> str:
        """Return the name of an hour of the day (0 to 23) for an axis: ``14``, ``2 PM``."""
        return _stamp(hour * 60, "UTC", self.tag, self.digits, "skeleton:j")

    def language(self, tag: str) -> str:
        """Return what the language `tag` is called in the reader's language: ``Arabic``."""
        return tags.language_name(tag, self.tag)

    def zoned(self, at: int) -> clock.datetime:
        """Return `at` as a datetime in the reader's zone, for arithmetic on days and hours."""
        return _local(at, self.zone)


@lru_cache(maxsize=64)
def _zone(name: str) -> clock.tzinfo:
    try:
        return ZoneInfo(name) if name else get_localzone()
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone: {name!r}") from error


def _local(at: int, zone: str) -> clock.datetime:
    return (_EPOCH + clock.timedelta(microseconds=at)).astimezone(_zone(zone))


def _mark(text: str, tag: str) -> str:
    """Bracket a formatted text in the accented pseudo-locale: text without brackets was formatted
    elsewhere.
    """
    if tag != tags.PSEUDO_ACCENTED or not any(map(str.isalpha, text)):
        return text
    from workstation.i18n.pseudo import accented

    return accented(text)


@lru_cache(maxsize=16_384)
def _number(value: float, tag: str, digits: Digits) -> str:
    system = numbering_system(tag, digits)
    text = numbers.format_decimal(value, locale=tags.babel_locale(tag), numbering_system=system)
    return write_digits(str(text), system)


@lru_cache(maxsize=4096)
def _compact(value: float, tag: str, digits: Digits) -> str:
    if abs(value) < 1000:
        return _number(value, tag, digits)
    system = numbering_system(tag, digits)
    text = numbers.format_compact_decimal(
        value, locale=tags.babel_locale(tag), fraction_digits=1, numbering_system=system
    )
    # German and Italian have no short form for thousands; Babel then forgets to group.
    if str(text).isdigit():
        return _number(round(value), tag, digits)
    return write_digits(str(text), system)


@lru_cache(maxsize=1024)
def _size(size: int, tag: str, digits: Digits) -> str:
    system = numbering_system(tag, digits)
    value, name = float(size), "byte"
    for larger in ("kilobyte", "megabyte", "gigabyte"):
        if value < 999.5:
            break
        value, name = value / 1000, larger
    rounded = round(value, 1) if name in ("megabyte", "gigabyte") and value < 100 else round(value)
    text = units.format_unit(
        rounded, f"digital-{name}", length="short", locale=tags.babel_locale(tag), numbering_system=system
    )
    return _mark(write_digits(str(text), system), tag)


@lru_cache(maxsize=4096)
def _percent(ratio: float, tag: str, digits: Digits, decimals: int) -> str:
    system, locale = numbering_system(tag, digits), tags.babel_locale(tag)
    pattern = str(locale.percent_formats[None].pattern)
    if decimals:
        pattern = pattern.replace("0", "0." + "0" * decimals, 1)
    text = numbers.format_percent(ratio, format=pattern, locale=locale, numbering_system=system)
    return write_digits(str(text), system)


@lru_cache(maxsize=65_536)
def _day(minute: int, zone: str) -> tuple[int, int]:
    """Return the day (proleptic ordinal) and the year that `minute` lies in, there."""
    moment = _local(minute * MINUTE, zone)
    return moment.toordinal(), moment.year


@lru_cache(maxsize=65_536)
def _stamp(minute: int, zone: str, tag: str, digits: Digits, style: str) -> str:
    moment, locale = _local(minute * MINUTE, zone), tags.babel_locale(tag)
    kind, _, width = style.partition(":")
    if kind == "time":
        text = dates.format_time(moment, width, tzinfo=moment.tzinfo, locale=locale)
    elif kind == "date":
        text = dates.format_date(moment.date(), width, locale=locale)
    elif kind == "weekday":
        text = locale.days["stand-alone"]["wide"][moment.weekday()]
    elif kind == "skeleton":
        text = _skeleton(width, moment, tag)
    else:
        day = dates.format_date(moment.date(), width, locale=locale)
        hour = dates.format_time(moment, "short", tzinfo=moment.tzinfo, locale=locale)
        joined = str(locale.datetime_formats["medium"])
        text = joined.replace("'", "").format(hour, day)
    return _mark(write_digits(str(text), numbering_system(tag, digits)), tag)


def _skeleton(skeleton: str, moment: clock.datetime, tag: str) -> str:
    locale = tags.babel_locale(tag)
    if skeleton == "j":
        # CLDR's "hour as this region writes it": Babel does not resolve it.
        skeleton = "h" if "a" in str(locale.time_formats["short"].pattern) else "H"
    return str(dates.format_skeleton(skeleton, moment, tzinfo=moment.tzinfo, locale=locale))


@lru_cache(maxsize=16_384)
def _age(minutes: int, tag: str, digits: Digits, width: _TimeWidth, directed: bool) -> str:
    span, unit = _floored(abs(minutes))
    text = _timedelta(span if minutes < 0 or not directed else -span, unit, tag, width, directed)
    return _mark(write_digits(text, numbering_system(tag, digits)), tag)


_UNITS: tuple[tuple[_Unit, int], ...] = (
    ("year", 365 * 24 * 60),
    ("month", 30 * 24 * 60),
    ("week", 7 * 24 * 60),
    ("day", 24 * 60),
    ("hour", 60),
)
_DURATION_UNITS: tuple[tuple[_Unit, int], ...] = (
    ("day", 86_400),
    ("hour", 3600),
    ("minute", 60),
    ("second", 1),
)


def _floored(minutes: int) -> tuple[clock.timedelta, _Unit]:
    """Return `minutes` cut to the largest unit they fill: Babel would round 90 minutes up to two hours."""
    for unit, size in _UNITS:
        if minutes >= size:
            return clock.timedelta(minutes=minutes // size * size), unit
    return clock.timedelta(minutes=minutes), "minute"


@lru_cache(maxsize=8192)
def _duration(seconds: int, parts: int, tag: str, digits: Digits) -> str:
    words: list[str] = []
    for unit, size in _DURATION_UNITS:
        count, seconds = divmod(seconds, size)
        if count or (unit == "second" and not words):
            words.append(_timedelta(clock.timedelta(seconds=count * size), unit, tag, "short", False))
        elif words:
            break
        if len(words) == parts:
            break
    return _mark(write_digits(" ".join(words), numbering_system(tag, digits)), tag)


def _timedelta(span: clock.timedelta, unit: _Unit, tag: str, width: _TimeWidth, directed: bool) -> str:
    """Return `span`, a whole number of `unit`, written in just that unit."""
    text = dates.format_timedelta(
        span,
        granularity=unit,
        threshold=_NEVER,
        add_direction=directed,
        # CLDR's short day is an abbreviation few use ("3 Tg."); the long one is hardly longer.
        format="long" if unit == "day" else width,
        locale=tags.babel_locale(tag),
    )
    return str(text)
