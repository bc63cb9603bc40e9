"""Noting a call, a letter or a talk: who, how they are reached, when, and what was said."""

from datetime import datetime

from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from workstation.domain.messages import Kind, Micros
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, render
from workstation.services.clock import MINUTE
from workstation.services.contacts import LONGEST_NAME, LONGEST_TEXT, Contact
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import in_order, pad
from workstation.views.widgets.sheet import CANCEL, Sheet

KINDS: tuple[tuple[Kind, LazyText], ...] = (
    (Kind.CALL, lazy("Phone call")),
    (Kind.LETTER, lazy("Letter")),
    (Kind.TALK, lazy("Talk")),
)
NO_TEXT = lazy("Write down what it was about.")
NO_NAME = lazy("A name or a number is needed, so that the person is found again.")
FUTURE = lazy("That time has not come yet.")


def _shown(at: Micros) -> QDateTime:
    zoned = formats().zoned(at)
    return QDateTime(zoned.year, zoned.month, zoned.day, zoned.hour, zoned.minute, 0)


class ContactSheet(Sheet):
    """Emits `noted` with the contact. `case` is the open logged case and its customer's name, if there is one."""

    noted = Signal(object)

    def __init__(self, case: int, customer: str, now: Micros, parent: QWidget) -> None:
        super().__init__(lazy("Note a call, letter or talk"), parent)
        self._case, self._customer, self._now = case, customer, now
        self.kind = QComboBox()
        self.goes_on, self.ours = QCheckBox(), QCheckBox()
        self.name, self.number = QLineEdit(), QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.number.setMaxLength(LONGEST_NAME)
        self.when = QDateTimeEdit()
        self.when.setCalendarPopup(True)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.missing = Paragraph()
        self.missing.setProperty("role", "error")
        self.missing.hide()
        self._labels = [QLabel() for _number in range(5)]
        self._lay_out()
        pad(self.when)
        in_order(self.when)
        self.when.setDateTime(_shown(now))
        self.goes_on.setVisible(bool(case))
        self.goes_on.setChecked(bool(case))
        self.goes_on.toggled.connect(lambda _on: self._shape())
        self.ours.toggled.connect(lambda _on: self._shape())
        for line in (self.name, self.number):
            line.textChanged.connect(lambda _text: self.missing.hide())
        self.text.textChanged.connect(self.missing.hide)
        self.button("", CANCEL)
        self.button("note", lazy("Note it"), "primary", default=True)
        self.answered.connect(self._tell)
        self.write_labels()
        self._shape()
        self.take_room(560, 520)
        (self.text if case else self.name).setFocus()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        fields = (self.kind, self.name, self.number, self.when)
        for row, (label, widget) in enumerate(zip(self._labels, fields, strict=False)):
            label.setBuddy(widget)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(widget, row, 1)
        grid.setColumnStretch(1, 1)
        self._labels[4].setBuddy(self.text)
        self.body.addWidget(self.goes_on)
        self.body.addLayout(grid)
        self.body.addWidget(self.ours)
        self.body.addWidget(self._labels[4])
        self.body.addWidget(self.text, 1)
        self.body.addWidget(self.missing)

    def _shape(self) -> None:
        """Who it was is known where the contact goes on with a case; only there we may have been the ones to speak."""
        goes_on = self._case > 0 and self.goes_on.isChecked()
        self.ours.setVisible(goes_on)
        for label, line in ((self._labels[1], self.name), (self._labels[2], self.number)):
            label.setVisible(not goes_on)
            line.setVisible(not goes_on)

    @property
    def contact(self) -> Contact:
        """What was entered."""
        goes_on = self._case > 0 and self.goes_on.isChecked()
        return Contact(
            kind=Kind(self.kind.currentData()),  # Qt gives back plain text
            name=self._customer if goes_on else self.name.text().strip(),
            text=self.text.toPlainText().strip()[:LONGEST_TEXT],
            number="" if goes_on else self.number.text().strip(),
            at=self._at(),
            case=self._case if goes_on else 0,
            ours=goes_on and self.ours.isChecked(),
        )

    def _at(self) -> Micros:
        shown = self.when.dateTime()
        if shown == _shown(self._now):
            return 0  # left as it was: it is the moment of writing
        day, time = shown.date(), shown.time()
        zone = formats().zoned(self._now).tzinfo
        local = datetime(day.year(), day.month(), day.day(), time.hour(), time.minute(), tzinfo=zone)
        return round(local.timestamp()) * 1_000_000

    def may_end(self, answer: str) -> bool:
        """Only with something to note."""
        contact = self.contact
        wrong: LazyText | None = None
        field: QWidget = self.name
        if not (contact.name or contact.number or contact.case):
            wrong = NO_NAME
        elif not contact.text:
            wrong, field = NO_TEXT, self.text
        elif contact.at > self._now + MINUTE:
            wrong, field = FUTURE, self.when
        if wrong is not None:
            self.missing.setText(render(wrong))
            self.missing.show()
            field.setFocus()
        return wrong is None

    def _tell(self, answer: str) -> None:
        if answer == "note":
            self.noted.emit(self.contact)

    def write_labels(self) -> None:
        """Write the texts in the language spoken now."""
        chosen = self.kind.currentIndex()
        self.kind.clear()
        for kind, words in KINDS:
            self.kind.addItem(render(words), kind)
        self.kind.setCurrentIndex(max(0, chosen))
        self.goes_on.setText(_("It goes on with the open case of {name}", name=self._customer))
        self.ours.setText(_("This is what we said"))
        texts = (_("What it was"), _("Name"), _("Number or address"), _("When"), _("What was said"))
        for label, text in zip(self._labels, texts, strict=True):
            label.setText(text)
        for widget, text in zip((self.kind, self.name, self.number, self.when, self.text), texts, strict=True):
            widget.setAccessibleName(text)
        self.text.setPlaceholderText(_("What they asked or told, in their words as far as you remember"))

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        if hasattr(self, "_labels"):
            self.write_labels()
