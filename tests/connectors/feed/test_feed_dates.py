"""Moments as feeds write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.connectors.feed.dates import moment


def micros(*parts: int) -> int:
    """Microseconds of a moment in UTC."""
    return int((datetime(*parts, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Thu, 01 Jan 2004 19:48:21 GMT", (2004, 1, 1, 19, 48, 21)),
        ("Thu, 01 Jan 2004 19:48:21 EST", (2004, 1, 2, 0, 48, 21)),
        ("Thu, 1 Jan 04 19:48 -0500", (2004, 1, 2, 0, 48)),
        ("01 Jan 2004 19:48:21 +0200", (2004, 1, 1, 17, 48, 21)),
        ("Thursday, 01 January 2004 19:48:21 CEST", (2004, 1, 1, 17, 48, 21)),
        ("Thu, 01 Jan 2004 19:48:21 GMT+01:00", (2004, 1, 1, 18, 48, 21)),
        ("Thu, 01 Jan 2004 19:48:21 XYZ", (2004, 1, 1, 19, 48, 21)),
        ("Thu, 01 Jan 2004 19:48:21", (2004, 1, 1, 19, 48, 21)),
        ("Thu, 01 Jan 2004", (2004, 1, 1)),
        ("Thu Jan  1 19:48:21 2004", (2004, 1, 1, 19, 48, 21)),
        ("January 1, 2004 7:48 PM", (2004, 1, 1, 19, 48)),
        ("2003-12-31T10:14:55Z", (2003, 12, 31, 10, 14, 55)),
        ("2003-12-31T10:14:55.5-08:00", (2003, 12, 31, 18, 14, 55, 500_000)),
        ("2003-12-31T10:14Z", (2003, 12, 31, 10, 14)),
        ("2003-12-31 10:14:55", (2003, 12, 31, 10, 14, 55)),
        ("20031231T101455Z", (2003, 12, 31, 10, 14, 55)),
        ("2003-12-31", (2003, 12, 31)),
        ("2003-12", (2003, 12, 1)),
        ("2003", (2003, 1, 1)),
        ("2003/12/31 10:14", (2003, 12, 31, 10, 14)),
        ("2003/1/2", (2003, 1, 2)),
        ("1072865695", (2003, 12, 31, 10, 14, 55)),
        ("1072865695500", (2003, 12, 31, 10, 14, 55, 500_000)),
        ("2003-335", (2003, 12, 1)),
        ("03-12-31", (2003, 12, 31)),
        ("31.12.2003 10:14", (2003, 12, 31, 10, 14)),
        ("12/31/2003", (2003, 12, 31)),
        ("2004년 5월 28일 오후 1:31:15", (2004, 5, 28, 4, 31, 15)),
        ("Κυρ, 11 Ιουλ 2004 12:00:00 EET", (2004, 7, 11, 10)),
        ("mer., 14 févr. 2018 10:00:00 +0100", (2018, 2, 14, 9)),
        ("Mo, 05 Mär 2018 10:00:00 +0100", (2018, 3, 5, 9)),
        ("  Thu,\n 01 Jan 2004 24:00:00 GMT ", (2004, 1, 2)),
        ("Wed, 31 Dec 1969 23:00:00 -0100", (1970, 1, 1)),
    ],
)
def test_moments_are_read(text: str, parts: tuple[int, ...]) -> None:
    assert moment(text) == micros(*parts)


@pytest.mark.parametrize("text", ["", "soon", "99/99/9999", "2003-99-99", "Thu, 45 Foo 2004", "0", "1" * 5_000])
def test_what_is_no_moment_is_none(text: str) -> None:
    assert moment(text) == 0


@given(st.text(max_size=200))
def test_nothing_is_raised(text: str) -> None:
    assert isinstance(moment(text), int)


@given(
    st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,3} [A-Z][a-z]{2,8} [0-9]{1,5} [0-9]{1,3}:[0-9]{1,3}(:[0-9]{1,3})? .{0,8}")
)
def test_nothing_is_raised_of_what_looks_like_one(text: str) -> None:
    assert isinstance(moment(text), int)
