"""Time zones as people choose them: by the city that names one, in the reader's language; offsets; the system's own."""

import datetime as clock
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import dates
from babel.localtime import get_localzone

from workstation.i18n import tags

_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def zone(name: str) -> clock.tzinfo:
    """The zone of that name; the system's for "" and for names that this machine does not know."""
    if name:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    return get_localzone()


def system_zone() -> str:
    """The name of the system's zone, "" where it has none."""
    return str(getattr(get_localzone(), "key", "") or "")


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Zones named after a city, and UTC; without the many old names."""
    return ("UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in _AREAS))


@lru_cache(maxsize=2_048)
def city(name: str, tag: str) -> str:
    """What a zone's city is called in the language `tag`."""
    if name in ("", "UTC"):
        return name
    last = name.rpartition("/")[2].replace("_", " ")
    try:
        told = dates.get_timezone_location(name, locale=tags.babel_locale(tag), return_city=True)
    except (LookupError, ValueError):
        return last
    return str(told).rpartition("/")[2] or last


def offset(at: clock.datetime) -> str:
    """How far a zoned moment's clock is from UTC: ``UTC+02:00``."""
    seconds = round((at.utcoffset() or clock.timedelta()).total_seconds())
    sign, minutes = ("-" if seconds < 0 else "+"), abs(seconds) // 60
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"
