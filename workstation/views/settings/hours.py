"""Working hours, promises, and whom to ask inside."""

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from workstation.domain.calendars import read_shift
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, render
from workstation.services.settings import Preferences, Settings
from workstation.services.shifts import working_hours
from workstation.views.settings.appearance import Section
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating

WRONG = lazy("Write shifts as 09:00-17:00, several with commas.")


class LineSetting(Retranslating):
    """A setting that is a line of text: label, help, and what is wrong with it."""

    def __init__(self, label: LazyText, help_text: LazyText, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self._label, self._help = label, help_text
        self._name, self._words, self._wrong = QLabel(), Paragraph(), Paragraph()
        self._words.setProperty("role", "small")
        self._wrong.setProperty("role", "error")
        self.line = QLineEdit()
        self._name.setBuddy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(4)
        for widget in (self._name, self._words, self.line, self._wrong):
            column.addWidget(widget)
        self.show_error(None)
        self.retranslate()

    def show_error(self, error: LazyText | None) -> None:
        """Say what is wrong, or that nothing is."""
        self._wrong.setText(render(error) if error is not None else "")
        self._wrong.setVisible(error is not None)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._name.setText(render(self._label))
        self._words.setText(render(self._help))
        self.line.setAccessibleName(render(self._label))
        self.line.setAccessibleDescription(render(self._help))


class DaysSetting(Retranslating):
    """The days of the week that are worked."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self._settings = settings
        self._name, self._words = QLabel(), Paragraph()
        self._words.setProperty("role", "small")
        self.days = [QCheckBox() for _day in range(7)]
        self._row = QHBoxLayout()
        self._row.setSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addWidget(self._name)
        column.addWidget(self._words)
        column.addLayout(self._row)
        for day in self.days:
            day.toggled.connect(lambda _on: self._changed())
        self.retranslate()

    def _changed(self) -> None:
        chosen = tuple(number for number, day in enumerate(self.days) if day.isChecked())
        self._settings.change(shift_days=() if chosen == formats().working_days else chosen)

    def show_days(self, days: tuple[int, ...]) -> None:
        """Tick these without telling anybody."""
        for number, day in enumerate(self.days):
            day.blockSignals(True)
            day.setChecked(number in days)
            day.blockSignals(False)

    def retranslate(self) -> None:
        """Write the names, the week beginning as it does in the reader's region."""
        self._name.setText(_("Working days"))
        self._words.setText(_("Until you choose, the working week of your region."))
        names, long_names, first = formats().weekdays(), formats().weekdays("wide"), formats().first_weekday
        while self._row.takeAt(0) is not None:
            pass
        for ahead in range(7):
            number = (first + ahead) % 7
            self.days[number].setText(names[number])
            self.days[number].setAccessibleName(long_names[number])
            self._row.addWidget(self.days[number])
        self._row.addStretch(1)


class HoursSection(Section):
    """When the desk works, what keeps a promise, whom to ask."""

    def build(self) -> None:
        """Add the rows."""
        self._shifts = LineSetting(
            lazy("Shifts"), lazy("“At the next shift” means the beginning of one of these; several with commas.")
        )
        self._shifts.line.editingFinished.connect(self._change_shifts)
        self._days = DaysSetting(self.settings)
        self._kept = self.flag("reply_keeps_promise")
        self._inside = LineSetting(
            lazy("Addresses inside"), lazy("Offered when you ask people inside; several with commas.")
        )
        self._inside.line.editingFinished.connect(self._change_addresses)
        self.column.addWidget(self._shifts)
        self.column.addWidget(self._days)
        self.row(
            lazy("An answer keeps the promise"),
            lazy("Otherwise you are asked when an answer has left. Resolving a case always ends its promise."),
            self._kept,
        )
        self.column.addWidget(self._inside)

    def _change_shifts(self) -> None:
        texts = [text.strip() for text in self._shifts.line.text().replace(";", ",").split(",") if text.strip()]
        shifts = [read_shift(text) for text in texts]
        if not shifts or None in shifts:
            self._shifts.show_error(WRONG)
            return
        self._shifts.show_error(None)
        self.settings.change(shifts=tuple(str(shift) for shift in shifts))

    def _change_addresses(self) -> None:
        texts = [text.strip()[:200] for text in self._inside.line.text().split(",")]
        self.settings.change(escalation_addresses=tuple(text for text in texts if text))

    def show_preferences(self, now: Preferences) -> None:
        """Show what is in force."""
        hours = working_hours(now, formats().working_days)
        self._shifts.line.setText(", ".join(str(shift) for shift in hours.shifts))
        self._days.show_days(hours.days)
        self._kept.blockSignals(True)
        self._kept.setChecked(now.reply_keeps_promise)
        self._kept.blockSignals(False)
        self._inside.line.setText(", ".join(now.escalation_addresses))
