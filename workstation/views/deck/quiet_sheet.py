"""Do not disturb: until when, what comes through all the same, and whether notifications may quote anybody."""

from PySide6.QtCore import QDateTime, QTime, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QRadioButton, QTimeEdit, QWidget

from workstation.domain.messages import Micros
from workstation.domain.text import lazy, lazy_plural
from workstation.i18n import _, render
from workstation.services.alerts import UNTIL_SWITCHED_OFF
from workstation.services.clock import MINUTE
from workstation.services.settings import Preferences
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import in_order, pad
from workstation.views.widgets.sheet import CANCEL, Sheet

SPANS = (30, 60, 240)
"""Minutes that are offered."""


class QuietSheet(Sheet):
    """Emits `saved` with the preferences to change."""

    saved = Signal(object)

    def __init__(self, preferences: Preferences, now: Micros, parent: QWidget) -> None:
        super().__init__(lazy("Do not disturb"), parent)
        self._now = now
        self._about = Paragraph()
        self._about.setProperty("role", "secondary")
        self.off = QRadioButton()
        self.spans = [QRadioButton() for _minutes in SPANS]
        self.until = QRadioButton()
        self.time = QTimeEdit(QTime.currentTime().addSecs(3_600))
        pad(self.time)
        in_order(self.time)
        self.always = QRadioButton()
        self.urgent = QCheckBox()
        self.texts = QCheckBox()
        self.urgent.setChecked(preferences.urgent_breaks)
        self.texts.setChecked(preferences.alert_texts)
        self.body.addWidget(self._about)
        for choice in (self.off, *self.spans):
            self.body.addWidget(choice)
        row = QHBoxLayout()
        row.addWidget(self.until)
        row.addWidget(self.time)
        row.addStretch(1)
        self.body.addLayout(row)
        for part in (self.always, self.urgent, self.texts):
            self.body.addWidget(part)
        self.button("", CANCEL)
        self.button("save", lazy("Save"), "primary", default=True)
        self.time.timeChanged.connect(lambda _time: self.until.setChecked(True))
        self.answered.connect(self._answered)
        self._show(preferences.quiet_until)
        self.retranslate()

    def _show(self, until: Micros) -> None:
        if until >= UNTIL_SWITCHED_OFF:
            chosen = self.always
        elif until > self._now:
            self.time.setTime(QDateTime.fromMSecsSinceEpoch(until // 1_000).time())
            chosen = self.until
        else:
            chosen = self.off
        chosen.setChecked(True)
        chosen.setFocus()

    @property
    def chosen(self) -> Micros:
        """Until when, in microseconds UTC; 0 for not at all."""
        if self.always.isChecked():
            return UNTIL_SWITCHED_OFF
        if self.until.isChecked():
            return self._next(self.time.time())
        for minutes, button in zip(SPANS, self.spans, strict=True):
            if button.isChecked():
                return self._now + minutes * MINUTE
        return 0

    def _next(self, time: QTime) -> Micros:
        """When it is that time next by this machine's zone."""
        now = QDateTime.fromMSecsSinceEpoch(self._now // 1_000)
        at = QDateTime(now.date(), time)
        return (at if at > now else at.addDays(1)).toMSecsSinceEpoch() * 1_000

    def _answered(self, answer: str) -> None:
        if answer == "save":
            self.saved.emit(
                {
                    "quiet_until": self.chosen,
                    "urgent_breaks": self.urgent.isChecked(),
                    "alert_texts": self.texts.isChecked(),
                }
            )

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        if not hasattr(self, "texts"):
            return
        self._about.setText(_("What arrives meanwhile is counted and told once it is over."))
        self.off.setText(_("Notifications come"))
        for minutes, button in zip(SPANS, self.spans, strict=True):
            hours = minutes // 60
            span = (
                lazy_plural("For {count} hour", "For {count} hours", hours)
                if hours
                else lazy_plural("For {count} minute", "For {count} minutes", minutes)
            )
            button.setText(render(span))
        self.until.setText(_("Until"))
        self.time.setAccessibleName(_("Until"))
        self.always.setText(_("Until it is switched off"))
        self.urgent.setText(_("Urgent columns come through all the same"))
        self.texts.setText(_("Notifications may show names and texts"))
