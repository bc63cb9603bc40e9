"""Numbers, dates and ages as readers of several languages expect them; and what one timer may rely on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.i18n import Formats, minute_of, until_next_minute
from workstation.i18n.formatting import MINUTE

NOW = 1_780_000_000_000_000  # 2026-05-28 20:26:40 UTC
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NBSP = "\u00a0"
THIN = "\u202f"

_times = st.integers(min_value=0, max_value=4_000_000_000_000_000)


@pytest.fixture
def german() -> Formats:
    """German in Berlin."""
    return Formats("de", "Europe/Berlin")


def test_numbers(german: Formats) -> None:
    assert german.number(1_234_567) == "1.234.567"
    assert german.number(0.5) == "0,5"
    assert german.compact(999) == "999"
    assert german.compact(12_345) == "12.345"
    assert Formats("en").compact(12_345) == "12.3K"
    assert german.percent(0.456) == f"46{NBSP}%"
    assert Formats("en").percent(0.456, 1) == "45.6%"
    assert Formats("hi").number(1_234_567) == "12,34,567"


@pytest.mark.parametrize(
    ("tag", "digits", "expected"),
    [
        ("ar", "native", "١٬٢٣٤"),
        ("ar", "latin", "1,234"),
        ("fa", "auto", "۱٬۲۳۴"),
        ("fa", "latin", "1,234"),
        ("hi", "native", "१,२३४"),
        ("he", "native", "1,234"),
        ("ja", "native", "1,234"),
    ],
)
def test_digits_follow_the_preference(tag: str, digits: str, expected: str) -> None:
    assert Formats(tag, "UTC", digits).number(1234) == expected  # type: ignore[arg-type]


def test_native_digits_reach_dates_and_ages_too() -> None:
    arabic = Formats("ar", "UTC", "native")
    assert not any(
        char.isascii() and char.isdigit() for char in arabic.datetime(NOW) + arabic.age(NOW - 5 * MINUTE, NOW)
    )


def test_dates_are_written_in_the_readers_zone(german: Formats) -> None:
    assert german.time(NOW) == "22:26"
    assert german.date(NOW) == "28.05.2026"
    assert german.datetime(NOW) == "28.05.26, 22:26"
    assert Formats("en", "Asia/Tokyo").datetime(NOW) == f"5/29/26, 5:26{THIN}AM"
    assert Formats("en-GB", "UTC").time(NOW) == "20:26"


def test_days_are_headings(german: Formats) -> None:
    from workstation.i18n.formatting import Words

    reader = Formats("de", "Europe/Berlin", words=Words("jetzt", "Heute", "Gestern"))
    assert reader.day(NOW, NOW) == "Heute"
    assert reader.day(NOW - DAY, NOW) == "Gestern"
    assert reader.day(NOW - 5 * DAY, NOW) == "Samstag"
    assert reader.day(NOW - 9 * DAY, NOW) == "Di., 19. Mai"
    assert reader.day(NOW - 400 * DAY, NOW) == "23. Apr. 2025"


@pytest.mark.parametrize(
    ("ago", "english", "dutch"),
    [
        (-5 * MINUTE, "now", "now"),
        (0, "now", "now"),
        (2 * MINUTE, "2 min", "2 min"),
        (59 * MINUTE, "59 min", "59 min"),
        (90 * MINUTE, "1 hr", "1 uur"),
        (30 * HOUR, "1 day", "1 dag"),
        (6 * DAY, "6 days", "6 dagen"),
        (30 * DAY, "Apr 28", "28 apr"),
        (400 * DAY, "Apr 23, 2025", "23 apr 2025"),
    ],
)
def test_ages_are_compact(ago: int, english: str, dutch: str) -> None:
    assert Formats("en", "UTC").age(NOW - ago, NOW) == english
    assert Formats("nl", "UTC").age(NOW - ago, NOW) == dutch


def test_relative_times_have_a_direction(german: Formats) -> None:
    assert german.relative(NOW - 3 * HOUR, NOW) == "vor 3 Stunden"
    assert german.relative(NOW + 2 * MINUTE, NOW) == "in 2 Minuten"
    assert german.relative(NOW, NOW) == "now"


def test_durations(german: Formats) -> None:
    assert german.duration(11_520) == "3 Std. 12 Min."
    assert german.duration(90_061, parts=3) == "1 Tag 1 Std. 1 Min."
    assert german.duration(86_400 + 61) == "1 Tag"
    assert german.duration(0) == german.duration(-5) == "0 Sek."
    assert Formats("pt-BR").duration(90_000) == "1 dia 1 h"


def test_lists_weeks_hours_and_languages(german: Formats) -> None:
    assert german.list(["a", "b", "c"]) == "a, b und c"
    assert german.list(["a", "b"], "or") == "a oder b"
    assert german.first_weekday == 0
    assert german.weekdays()[0] == "Mo"
    assert german.hour(14) == "14 Uhr"
    assert german.language("uk") == "Ukrainisch"


def test_an_unknown_zone_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        Formats("en", "Mars/Olympus")
    with pytest.raises(ValueError, match="unknown time zone"):
        Formats("en", "../../etc/passwd")


@given(_times, _times)
def test_ages_change_at_minute_boundaries_only(at: int, now: int) -> None:
    formats = Formats("en", "Europe/Berlin")
    start = minute_of(now) * MINUTE
    assert formats.age(at, now) == formats.age(at, start) == formats.age(at, start + MINUTE - 1)


@given(_times)
def test_the_timer_lands_in_the_next_minute(now: int) -> None:
    wait = until_next_minute(now)
    assert 1 <= wait <= 60_000
    assert minute_of(now + wait * 1000) == minute_of(now) + 1


@given(_times, st.sampled_from(["en", "de", "nl", "ar", "fa", "ja", "zh-Hant", "pt-BR", "en-XA", "ar-XB", "xx"]))
def test_every_locale_writes_every_time(at: int, tag: str) -> None:
    formats = Formats(tag, "America/St_Johns")
    for text in (formats.time(at), formats.date(at), formats.datetime(at), formats.day(at, NOW), formats.age(at, NOW)):
        assert text
