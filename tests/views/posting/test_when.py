"""Times in the agent's zone: hours that do not exist or come twice are told; other places' clocks; the picker."""

import datetime as clock
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QDateTime, QTime, QTimeZone
from PySide6.QtWidgets import QLabel, QWidget

from workstation.i18n import Language, load_language, plain
from workstation.qt.application import application
from workstation.qt.translator import apply_language
from workstation.services.settings import Settings
from workstation.views.posting.when import MomentField, ZonePicker, next_hour, places

pytestmark = pytest.mark.usefixtures("qapp")
MINUTE = 60_000_000


@pytest.fixture
def berlin(tmp_path: Path) -> Iterator[MomentField]:
    """A field of somebody in Berlin who also looks at Tokyo."""
    app = application([])
    apply_language(app, load_language("en", zone="Europe/Berlin"))
    settings = Settings(tmp_path / "settings.toml")
    settings.change(zones=("Asia/Tokyo",))
    window = QWidget()
    field = MomentField(settings, window, window)
    yield field
    window.deleteLater()
    apply_language(app, Language())


def enter(field: MomentField, text: str) -> None:
    local = clock.datetime.fromisoformat(text)
    day, time = QDate(local.year, local.month, local.day), QTime(local.hour, local.minute)
    field.edit.setDateTime(QDateTime(day, time, QTimeZone.utc()))


def utc(at: int) -> str:
    return f"{clock.datetime.fromtimestamp(at / 1e6, clock.UTC):%Y-%m-%d %H:%M}"


def test_an_ordinary_time(berlin: MomentField) -> None:
    enter(berlin, "2027-07-01 09:00")
    assert utc(berlin.at()) == "2027-07-01 07:00"
    assert berlin._said.isHidden()
    assert berlin.which.isHidden()
    shown = " ".join(plain(label.text()) for label in berlin.findChildren(QLabel))
    assert "Berlin (UTC+02:00)" in shown
    assert "Tokyo: 7/1/27, 4:00" in shown


def test_an_hour_that_no_clock_shows(berlin: MomentField) -> None:
    enter(berlin, "2027-03-28 02:30")
    assert utc(berlin.at()) == "2027-03-28 01:30"
    said = plain(berlin._said.text()).replace("\u202f", " ")
    assert "2:00 AM clocks go forward to 3:00 AM" in said
    assert "goes out at 3:30 AM" in said


def test_an_hour_that_comes_twice(berlin: MomentField) -> None:
    enter(berlin, "2027-10-31 02:30")
    assert not berlin.which.isHidden()
    assert utc(berlin.at()) == "2027-10-31 00:30"
    assert "twice" in berlin._said.text()
    assert "UTC+01:00" in berlin.which.itemText(1)
    berlin.which.setCurrentIndex(1)
    assert utc(berlin.at()) == "2027-10-31 01:30"
    at = berlin.at()
    berlin.put(0)
    berlin.put(at)
    assert berlin.at() == at


def test_places_are_found_and_taken_away(berlin: MomentField) -> None:
    picker = ZonePicker(berlin._window)
    picker.field.setText("york")
    choice = picker.current()
    assert choice is not None
    assert choice.id == "America/New_York"
    picker.reject()
    berlin._set_places(("Asia/Tokyo", "America/New_York", "Asia/Tokyo"))
    assert list(berlin._settings.now.zones) == ["Asia/Tokyo", "America/New_York"]
    berlin._without("Asia/Tokyo")
    assert list(berlin._settings.now.zones) == ["America/New_York"]


def test_a_place_that_this_machine_does_not_know_is_left_out(berlin: MomentField) -> None:
    berlin._set_places(("Moon/Tranquillity", "Asia/Tokyo"))
    assert places(berlin._settings) == ("Asia/Tokyo",)


def test_the_next_full_hour_leaves_time_to_write() -> None:
    hour = 60 * MINUTE
    assert next_hour(10 * hour) == 11 * hour
    assert next_hour(10 * hour + 29 * MINUTE) == 11 * hour
    assert next_hour(10 * hour + 31 * MINUTE) == 12 * hour
