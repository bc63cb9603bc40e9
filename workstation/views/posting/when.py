"""When a post goes out: at once, or at a time in the agent's zone, with what other places' clocks show then."""

import datetime as clock
from collections.abc import Callable

from PySide6.QtCore import QDate, QDateTime, QEvent, QLocale, QTime, QTimeZone, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDateTimeEdit,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.messages import Micros
from workstation.domain.text import lazy
from workstation.domain.wallclock import Kind, Reading, read
from workstation.i18n import Formats, _, current_language, formats
from workstation.i18n.zones import city, offset, system_zone, zone, zones
from workstation.qt.translator import number_locale
from workstation.services.clock import MINUTE
from workstation.services.settings import LATE_MINUTES, Settings
from workstation.views import theme
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.chips import Chip
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import in_order, pad
from workstation.views.widgets.picker import Choice, Picker
from workstation.views.widgets.retranslating import Retranslating

HOUR: Micros = 60 * MINUTE


def in_zone(name: str) -> Formats:
    """The reader's formats for another place's clocks."""
    spoken = formats()
    return Formats(spoken.tag, name, spoken.digits, spoken.words)


def there(name: str, at: Micros) -> str:
    """What a clock in that zone shows: the city, day and time."""
    return _("{place}: {time}", place=city(name, formats().tag), time=in_zone(name).datetime(at))


def zone_words(name: str, at: Micros) -> str:
    """A zone for people: its city, or its name, and its distance from UTC at a moment."""
    place = city(name, formats().tag)
    apart = offset(clock.datetime.fromtimestamp(at / 1_000_000, clock.UTC).astimezone(zone(name)))
    if not place or place == "UTC":
        return apart if place != "UTC" else "UTC"
    return _("{place} ({offset})", place=place, offset=apart)


def places(settings: Settings) -> tuple[str, ...]:
    """The chosen places that this machine knows the clocks of."""
    return tuple(name for name in settings.now.zones if name in zones())


def agents_zone() -> str:
    """The name of the zone that the agent's times are in."""
    return formats().zone or system_zone()


class Place(QWidget):
    """Another place's clock with a button that takes it away."""

    def __init__(self, name: str, at: Micros, remove: Callable[[str], object]) -> None:
        super().__init__()
        chip = Chip(there(name, at))
        chip.setToolTip(zone_words(name, at))
        button = IconButton("x", lazy("Take away the clock of {place}", place=city(name, formats().tag)), size=24)
        button.clicked.connect(lambda: remove(name))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(chip)
        row.addWidget(button)


class ZonePicker(Picker):
    """Choosing a place by its city or its zone's name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(lazy("Clock of which place?"), lazy("Type a city"), parent)
        tag = formats().tag
        self.offer([Choice(name, city(name, tag), hint=name, icon="globe", words=name) for name in zones()])


class MomentField(Retranslating):
    """A date and a time of day in the agent's zone: what it means, and what other places' clocks show."""

    edited = Signal()

    def __init__(self, settings: Settings, window: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings, self._window = settings, window
        self.edit = QDateTimeEdit()
        self._shape: tuple[QLocale, str] | None = None
        pad(self.edit)
        # What is typed is what a wall's clock shows: Qt must not move it where the system's clocks are changed.
        self.edit.setTimeZone(QTimeZone.utc())
        self.edit.setCalendarPopup(True)
        self.which = QComboBox()
        self._zone, self._said = QLabel(), Paragraph()
        self._zone.setProperty("role", "secondary")
        self._places = QWidget()
        self._places_row = FlowLayout(self._places, gap=8)
        self._add = TextButton(lazy("Add a place"), icon="globe", role="quiet")
        self._add.clicked.connect(self.choose_place)
        line = QWidget()
        flow = FlowLayout(line, gap=10)
        for part in (self.edit, self.which, self._zone):
            flow.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (line, self._said, self._places):
            column.addWidget(widget)
        self.edit.dateTimeChanged.connect(self._edited)
        self.which.currentIndexChanged.connect(self._edited)
        self.retranslate()

    def put(self, at: Micros) -> None:
        """Show a moment."""
        local = formats().zoned(at)
        for widget in (self.edit, self.which):
            widget.blockSignals(True)
        day, time = QDate(local.year, local.month, local.day), QTime(local.hour, local.minute)
        self.edit.setDateTime(QDateTime(day, time, QTimeZone.utc()))
        self._offer(self.reading())
        moments = self.reading().moments
        self.which.setCurrentIndex(moments.index(at) if at in moments else 0)
        for widget in (self.edit, self.which):
            widget.blockSignals(False)
        self.retranslate()

    def reading(self) -> Reading:
        """What the time entered means in the agent's zone."""
        day, time = self.edit.date(), self.edit.time()
        local = clock.datetime(day.year(), day.month(), day.day(), time.hour(), time.minute())  # noqa: DTZ001 - a wall's
        return read(local, _tzinfo())

    def at(self) -> Micros:
        """The moment chosen."""
        moments = self.reading().moments
        return moments[min(max(0, self.which.currentIndex()), len(moments) - 1)]

    def choose_place(self) -> None:
        """Ask for another place to show the clock of."""
        picker = ZonePicker(self._window)
        picker.chosen.connect(lambda choice: self._set_places((*self._settings.now.zones, choice.id)))
        picker.open()

    def _set_places(self, names: tuple[str, ...]) -> None:
        self._settings.change(zones=tuple(dict.fromkeys(names)))
        self.retranslate()

    def _edited(self) -> None:
        self.retranslate()
        self.edited.emit()

    def _offer(self, reading: Reading) -> None:
        chosen = self.which.currentIndex()
        self.which.blockSignals(True)
        self.which.clear()
        if reading.kind is Kind.OVERLAP:
            for label, at in zip((_("the first time"), _("the second time")), reading.moments, strict=True):
                shown = offset(formats().zoned(at))
                self.which.addItem(_("{which} ({offset})", which=label, offset=shown))
            self.which.setCurrentIndex(max(0, chosen))
        self.which.blockSignals(False)
        self.which.setVisible(reading.kind is Kind.OVERLAP)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._dress()
        reading = self.reading()
        self._offer(reading)
        at = self.at()
        self.edit.setAccessibleName(_("Date and time"))
        self.which.setAccessibleName(_("Which of the two"))
        self._zone.setText(_("in your zone, {zone}", zone=zone_words(agents_zone(), at)))
        self._said.setText(self._words(reading, at))
        self._said.setProperty("role", "warning" if reading.kind is not Kind.EXACT else "secondary")
        self._said.style().polish(self._said)
        self._said.setVisible(reading.kind is not Kind.EXACT)
        self._fill_places(at)

    def _dress(self) -> None:
        """Write date and time as the reader does, with room for all of it: the style leaves too little."""
        locale = number_locale(current_language())
        short = QLocale.FormatType.ShortFormat
        shape = f"{locale.dateFormat(short)} {locale.timeFormat(short)}"
        if self._shape != (locale, shape):
            self._shape = (locale, shape)
            self.edit.setLocale(locale)
            in_order(self.edit, shape)
        wide = self.edit.fontMetrics().horizontalAdvance(locale.toString(self.edit.dateTime(), shape))
        self.edit.setMinimumWidth(wide + round(72 * theme.current().scale))

    def _words(self, reading: Reading, at: Micros) -> str:
        if reading.kind is Kind.EXACT or reading.changed is None:
            return ""
        before, after = (_wall(moment) for moment in reading.changed)
        if reading.kind is Kind.GAP:
            return _(
                "No clock shows this time on that day: at {before} clocks go forward to {after}."
                " It goes out at {time}.",
                before=before, after=after, time=formats().time(at),
            )  # fmt: skip
        return _(
            "Clocks show this time twice on that day: at {before} they go back to {after}. Choose which one is meant.",
            before=before, after=after,
        )  # fmt: skip

    def _fill_places(self, at: Micros) -> None:
        while (item := self._places_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget is not self._add:
                widget.hide()
                widget.deleteLater()
        for name in places(self._settings):
            self._places_row.addWidget(Place(name, at, self._without))
        self._places_row.addWidget(self._add)

    def _without(self, name: str) -> None:
        self._set_places(tuple(each for each in self._settings.now.zones if each != name))


class WhenBox(Retranslating):
    """Now or at a time; and how late it may be sent without asking."""

    edited = Signal()

    def __init__(
        self, settings: Settings, now: Callable[[], Micros], window: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings, self._now = settings, now
        self.at_once, self.at_time = QRadioButton(), QRadioButton()
        group = QButtonGroup(self)
        group.addButton(self.at_once)
        group.addButton(self.at_time)
        self.moment = MomentField(settings, window)
        self.late = QSpinBox()
        pad(self.late)
        self.late.setRange(*LATE_MINUTES)
        self.late.setValue(settings.now.late_minutes)
        self._late_before = QLabel()
        self._late_row = QWidget()
        late = FlowLayout(self._late_row, gap=8)
        late.addWidget(self._late_before)
        late.addWidget(self.late)
        choice = QWidget()
        line = FlowLayout(choice, gap=16)
        line.addWidget(self.at_once)
        line.addWidget(self.at_time)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (choice, self.moment, self._late_row):
            column.addWidget(widget)
        self.put(0)
        self.at_time.toggled.connect(self._toggled)
        self.moment.edited.connect(self.edited)
        self.late.valueChanged.connect(lambda value: settings.change(late_minutes=value))
        self.retranslate()

    def put(self, at: Micros) -> None:
        """Show when; 0 for at once."""
        self.at_time.blockSignals(True)
        (self.at_time if at else self.at_once).setChecked(True)
        self.at_time.blockSignals(False)
        self.moment.put(at or next_hour(self._now()))
        self._arrange()

    def at(self) -> Micros:
        """When; 0 for at once."""
        return self.moment.at() if self.at_time.isChecked() else 0

    def plan(self) -> None:
        """Ask for the time."""
        self.at_time.setChecked(True)
        self.moment.edit.setFocus()

    def _toggled(self) -> None:
        self._arrange()
        self.edited.emit()

    def _arrange(self) -> None:
        for widget in (self.moment, self._late_row):
            widget.setVisible(self.at_time.isChecked())

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.at_once.setText(_("Send it now"))
        self.at_time.setText(_("At a time"))
        self._late_before.setText(_("Ask me first if it would be late by more minutes than:"))
        self.late.setAccessibleName(self._late_before.text())
        self.setAccessibleName(_("When"))

    def changeEvent(self, event: QEvent) -> None:
        """Another zone or language writes other times."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.moment.retranslate()


def _tzinfo() -> clock.tzinfo:
    found = formats().zoned(0).tzinfo
    return found if found is not None else clock.UTC


def _wall(moment: clock.datetime) -> str:
    """A time of day as it is written, whatever the zone."""
    at = round(moment.replace(tzinfo=clock.UTC).timestamp()) * 1_000_000
    return in_zone("UTC").time(at)


def next_hour(now: Micros) -> Micros:
    """The next full hour that is at least half an hour away."""
    return (now + HOUR // 2 + HOUR) // HOUR * HOUR
