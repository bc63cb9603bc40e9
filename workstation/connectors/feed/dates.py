"""Moments in every form that feeds write them, to microseconds UTC; 0 where they cannot be read. Pure."""

import re
from calendar import timegm
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

LONGEST = 80
ISO = re.compile(
    r"(?P<year>[0-9]{4})(?:-?(?P<month>[0-9]{2})(?:-?(?P<day>[0-9]{2}))?|-?(?P<ordinal>[0-9]{3}))?"
    r"(?:[T\s]+(?P<hour>[0-9]{1,2})[:.]?(?P<minute>[0-9]{2})(?:[:.]?(?P<second>[0-9]{2})(?:[.,](?P<part>[0-9]{1,9}))?)?"
    r"\s*(?P<zone>[Zz]|[+-][0-9]{2}:?(?:[0-9]{2})?|[A-Z]{2,4})?)?\Z"
)
SLASHED = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})(?![0-9/])")
COUNTED = re.compile(r"([1-9][0-9]{9})(?:[0-9]{3})?\Z")
"""Seconds since 1970, or milliseconds."""
SHORT_YEAR = re.compile(r"(?P<year>[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})\Z")
NUMBERS = re.compile(r"(?P<day>[0-9]{1,2})[./](?P<month>[0-9]{1,2})[./](?P<year>[0-9]{4})\s*(?P<rest>.*)\Z", re.DOTALL)
CLOCK = re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?")
WORDS = re.compile(r"[^\W\d_]+\.?")
PARTS = re.compile(
    r"(?:[^\W\d_]+\.?,?\s+)?(?P<day>[0-9]{1,2})\.?[\s-]+(?P<month>[^\W\d_]+)\.?,?[\s-]+(?P<year>[0-9]{2,4})"
    r"(?:,?[\s-]+(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?)?\s*(?P<zone>[^\s()]{1,10})?"
)
MONTH_FIRST = re.compile(
    r"(?:[^\W\d_]+,?\s+)?(?P<month>[^\W\d_]{3,})\.?\s+(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>[0-9]{4})"
    r"(?:,?\s+(?:at\s+)?(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?))?\s*(?P<half>[AaPp][Mm])?\s*(?P<zone>[^\s()]{1,10})?"
)
KOREAN = re.compile(
    r"(?P<year>[0-9]{4})\s*[년年]\s*(?P<month>[0-9]{1,2})\s*[월月]\s*(?P<day>[0-9]{1,2})\s*[일日]\s*(?P<rest>.*)\Z"
)
HALF = re.compile(r"(?P<half>오전|오후|上午|下午|午前|午後)")
MONTHS = (
    ("jan", "ιαν", "gen", "ene", "янв", "sty", "led"), ("feb", "φεβ", "fév", "фев", "lut", "úno"),
    ("mar", "mär", "mrz", "μαρ", "μάρ", "мар", "már", "maa", "bře"), ("apr", "avr", "abr", "απρ", "апр", "ápr", "kwi"),
    ("may", "mai", "mag", "maj", "μαϊ", "μαι", "μάι", "май", "мая", "máj", "mei", "kvě"),
    ("jun", "juin", "giu", "ιουν", "ιούν", "июн", "jún", "cze"),
    ("jul", "juil", "lug", "ιουλ", "ιούλ", "июл", "júl", "lip"),
    ("aug", "aoû", "ago", "αυγ", "αύγ", "авг", "sie", "srp"), ("sep", "set", "σεπ", "сен", "szep", "wrz", "zář"),
    ("oct", "okt", "ott", "out", "οκτ", "окт", "paź", "říj"), ("nov", "νοε", "ноя", "lis"),
    ("dec", "dez", "dic", "déc", "δεκ", "дек", "gru", "pro"),
)  # fmt: skip
ZONES = {
    "UT": 0, "GMT": 0, "UTC": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "MEZ": 60, "MET": 60, "CEST": 120,
    "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "IST": 330, "HKT": 480, "SGT": 480, "KST": 540, "JST": 540,
    "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "NST": -210, "AST": -240, "ADT": -180, "EST": -300, "EDT": -240,
    "ET": -300, "CST": -360, "CDT": -300, "CT": -360, "MST": -420, "MDT": -360, "MT": -420, "PST": -480, "PDT": -420,
    "PT": -480, "AKST": -540, "AKDT": -480, "HST": -600,
}  # fmt: skip
"""Minutes east of Greenwich."""


def moment(text: str) -> int:
    """Microseconds UTC of a date with or without a time; 0 where it is none. What has no zone is taken for UTC."""
    text = " ".join(text.split())[:LONGEST]
    if not any(sign.isdecimal() for sign in text):
        return 0
    text = SLASHED.sub(lambda found: f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}", text, count=1)
    if (counted := COUNTED.match(text)) is not None:
        return int(counted[0].ljust(16, "0"))
    for reading in (_iso, _parts, _month_first, _numbers, _korean, _mail):
        try:
            found = reading(text)
        except (ValueError, OverflowError, IndexError, TypeError):
            continue
        if found is not None:
            return found
    return 0


def _micros(year: int, month: int, day: int, clock: tuple[int, int, int] = (0, 0, 0), zone: int = 0) -> int:
    hour, minute, second = clock
    extra = timedelta(days=1) if hour == 24 else timedelta()
    when = datetime(year, month, day, 0 if hour == 24 else hour, minute, min(second, 59), tzinfo=UTC) + extra
    when = when.replace(tzinfo=timezone(timedelta(minutes=zone)))
    return int((when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))


def _zone(text: str | None) -> int:
    """Minutes east of Greenwich; 0 for what is not known."""
    name = (text or "").strip().upper()
    if name[:3] in {"GMT", "UTC"} and name[3:4] in {"+", "-"}:
        name = name[3:]
    if name in ZONES:
        return ZONES[name]
    found = re.fullmatch(r"([+-])([0-9]{1,2}):?([0-9]{2})?", name)
    if found is None:
        return 0
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return 0 if minutes >= 24 * 60 else minutes if found[1] == "+" else -minutes


def _clock(text: str | None, half: str | None = None) -> tuple[int, int, int]:
    found = CLOCK.search(text or "")
    if found is None:
        return 0, 0, 0
    hour = int(found["hour"])
    if half:
        late = half.upper() in {"PM", "오후", "下午", "午後"}
        hour = hour % 12 + (12 if late else 0)
    return hour, int(found["minute"]), int(found["second"] or 0)


def _iso(text: str) -> int | None:
    found = ISO.match(text)
    if found is None:
        short = SHORT_YEAR.match(text)
        return _micros(_year(short["year"]), int(short["month"]), int(short["day"])) if short else None
    clock = (int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0))
    zone = _zone(found["zone"])
    part = int((found["part"] or "0").ljust(6, "0")[:6])
    if found["ordinal"]:
        days = int(found["ordinal"]) - 1
        return _micros(int(found["year"]), 1, 1, clock, zone) + days * 86_400_000_000 + part
    return _micros(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1), clock, zone) + part


def _mail(text: str) -> int | None:
    """RFC 822 and what is near to it, by the standard library; zones that it does not know are left to others."""
    found = parsedate_tz(text)
    if found is None or found[9] is None or not 1 <= found[1] <= 12:
        return None
    seconds = timegm((*found[:6], 0, 1, 0)) - found[9]
    return seconds * 1_000_000 if abs(found[9]) < 86_400 and found[0] > 0 else None


def _year(text: str) -> int:
    year = int(text)
    return year if year > 99 else year + (2_000 if year < 69 else 1_900)


def _month(name: str) -> int | None:
    name = name.lower()
    return next((index for index, names in enumerate(MONTHS, 1) if name.startswith(names)), None)


def _parts(text: str) -> int | None:
    found = PARTS.match(text)
    month = _month(found["month"]) if found else None
    if found is None or month is None:
        return None
    return _micros(_year(found["year"]), month, int(found["day"]), _clock(found["clock"]), _zone(found["zone"]))


def _month_first(text: str) -> int | None:
    found = MONTH_FIRST.match(text)
    month = _month(found["month"]) if found else None
    if found is None or month is None:
        return None
    clock = _clock(found["clock"], found["half"])
    return _micros(int(found["year"]), month, int(found["day"]), clock, _zone(found["zone"]))


def _numbers(text: str) -> int | None:
    found = NUMBERS.match(text)
    if found is None:
        return None
    day, month = int(found["day"]), int(found["month"])
    if month > 12:
        day, month = month, day
    return _micros(int(found["year"]), month, day, _clock(found["rest"]))


def _korean(text: str) -> int | None:
    found = KOREAN.match(text)
    if found is None:
        return None
    half = HALF.search(found["rest"])
    clock = _clock(found["rest"], half["half"] if half else None)
    return _micros(int(found["year"]), int(found["month"]), int(found["day"]), clock, 540 if "년" in text else 480)
