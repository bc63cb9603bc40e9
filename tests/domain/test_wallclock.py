"""A time of day on a wall: one moment, none, or two."""

import datetime as clock
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.wallclock import Kind, micros, read

LOCAL = clock.datetime
"""A time as a clock on a wall shows it: of no zone, which is what these tests are about."""
ZONES = (
    "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe",
    "Africa/Casablanca", "Pacific/Apia", "Asia/Tehran", "America/Santiago", "Europe/Dublin", "UTC", "Asia/Gaza",
)  # fmt: skip
local_times = st.datetimes(LOCAL(1990, 1, 1), LOCAL(2037, 12, 31))


@given(local_times, st.sampled_from(ZONES))
def test_every_moment_shows_what_was_meant(local: clock.datetime, name: str) -> None:
    local, zone = local.replace(second=0, microsecond=0), ZoneInfo(name)
    found = read(local, zone)
    shown = [_shown(at, zone) for at in found.moments]
    assert list(found.moments) == sorted(found.moments)
    if found.kind is Kind.GAP:
        assert len(shown) == 1
        assert shown[0] > local
        assert found.changed is not None
        before, after = found.changed
        assert before <= local < after
        assert shown[0] - after == local - before
    else:
        assert shown == [local] * (2 if found.kind is Kind.OVERLAP else 1)


@given(st.integers(631_152_000, 2_145_916_800), st.sampled_from(ZONES))
def test_every_moment_is_found_by_what_its_clock_shows(second: int, name: str) -> None:
    zone = ZoneInfo(name)
    at = second // 60 * 60 * 1_000_000
    found = read(_shown(at, zone), zone)
    assert at in found.moments
    assert (found.kind is Kind.OVERLAP) == (len(found.moments) == 2)


@pytest.mark.parametrize(
    ("name", "local", "kind", "changed"),
    [
        ("Europe/Berlin", "2027-03-28 02:30", Kind.GAP, ("02:00", "03:00")),
        ("Europe/Berlin", "2027-10-31 02:30", Kind.OVERLAP, ("03:00", "02:00")),
        ("Australia/Lord_Howe", "2027-10-03 02:15", Kind.GAP, ("02:00", "02:30")),
        ("America/New_York", "2026-11-01 01:00", Kind.OVERLAP, ("02:00", "01:00")),
        ("Pacific/Apia", "2011-12-30 12:00", Kind.GAP, ("00:00", "00:00")),
    ],
)
def test_changes_are_told(name: str, local: str, kind: Kind, changed: tuple[str, str]) -> None:
    found = read(clock.datetime.fromisoformat(local), ZoneInfo(name))
    assert found.kind is kind
    assert found.changed is not None
    assert tuple(f"{edge:%H:%M}" for edge in found.changed) == changed


def test_an_ordinary_time_has_one_moment() -> None:
    found = read(LOCAL(2027, 7, 1, 9, 0), ZoneInfo("Europe/Berlin"))
    assert (found.kind, found.changed) == (Kind.EXACT, None)
    assert found.moments == (micros(clock.datetime(2027, 7, 1, 7, 0, tzinfo=clock.UTC)),)


def _shown(at: int, zone: ZoneInfo) -> clock.datetime:
    moment = clock.datetime(1970, 1, 1, tzinfo=clock.UTC) + clock.timedelta(microseconds=at)
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
