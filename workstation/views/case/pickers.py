"""The short choices of a case: until when, with which outcome, which tags."""

import datetime as clock
from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDateTimeEdit, QWidget

from workstation.domain.calendars import WorkingHours
from workstation.domain.cases import Outcome
from workstation.domain.messages import Micros
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, ngettext, render
from workstation.views.case.times import HOUR, LABELS, presets, typed
from workstation.views.case.words import OUTCOME
from workstation.views.widgets.marking import in_order, pad
from workstation.views.widgets.picker import Choice, Picker
from workstation.views.widgets.sheet import CANCEL, Sheet

PICK = "pick"
CLEAR = "clear"


class MomentPicker(Picker):
    """Until when: presets, a time one types, or one picked from a calendar. Emits microseconds UTC, 0 for "not"."""

    picked = Signal(object)

    def __init__(
        self,
        title: LazyText,
        now: Micros,
        parent: QWidget,
        *,
        hours: WorkingHours | None = None,
        clear: LazyText | None = None,
    ) -> None:
        self._hours = hours or WorkingHours()
        super().__init__(title, lazy("Choose, or type 45m, 2h, 3d, 17:30 or 2026-12-31 17:30"), parent)
        self._now = now
        self._over = parent
        self._clear = clear
        self.resize(480, 340)
        self.offer_from(self._moments)
        self.chosen.connect(self._picked)

    def _moments(self, query: str) -> list[Choice]:
        now = formats().zoned(self._now)
        at = typed(query, now)
        if at is not None:
            return [
                Choice(str(at), formats().datetime(at, "medium"), hint=formats().relative(at, self._now), icon="clock")
            ]
        found = [
            Choice(str(moment.at), render(LABELS[moment.preset]), hint=self._when(moment.at), icon="alarm-clock")
            for moment in presets(now, self._hours)
        ]
        found.append(Choice(PICK, _("Pick a date and time…"), icon="calendar"))
        if self._clear is not None:
            found.append(Choice(CLEAR, render(self._clear), icon="x"))
        self._choices, provider, self._provider = found, self._provider, None
        narrowed = super()._fitting(query)
        self._provider = provider
        return narrowed

    def _when(self, at: Micros) -> str:
        return formats().datetime(at, "medium")

    def _picked(self, choice: Choice) -> None:
        if choice.id == PICK:
            self._ask()
        else:
            self.picked.emit(0 if choice.id == CLEAR else int(choice.id))

    def _ask(self) -> None:
        sheet = MomentSheet(self._title, self._now + HOUR, self._over)
        sheet.picked.connect(self.picked)
        sheet.open()


def _local(at: Micros) -> QDateTime:
    zoned = formats().zoned(at)
    return QDateTime(zoned.year, zoned.month, zoned.day, zoned.hour, zoned.minute, 0)


class MomentSheet(Sheet):
    """A date and a time of day in the reader's zone."""

    picked = Signal(object)

    def __init__(self, title: LazyText, start: Micros, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.edit = QDateTimeEdit()
        pad(self.edit)
        in_order(self.edit)
        self.edit.setCalendarPopup(True)
        self.edit.setDateTime(_local(start))
        self.edit.setMinimumDateTime(_local(start - HOUR))
        self.edit.setAccessibleName(_("Date and time"))
        self.body.addWidget(self.edit)
        self.button("", CANCEL)
        self.button("ok", lazy("Set"), "primary", default=True)
        self.answered.connect(self._tell)
        self._start = start

    def _tell(self, answer: str) -> None:
        if answer:
            chosen = self.edit.dateTime()
            day, time = chosen.date(), chosen.time()
            zone = formats().zoned(self._start).tzinfo
            local = clock.datetime(day.year(), day.month(), day.day(), time.hour(), time.minute(), tzinfo=zone)
            self.picked.emit(round(local.timestamp()) * 1_000_000)


class OutcomePicker(Picker):
    """How the case ended; 1 to 4 choose at once."""

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(lazy("Resolve with which outcome?"), lazy("Press 1 to 4, or type"), parent)
        self.chosen.connect(lambda choice: self.picked.emit(Outcome(choice.id)))
        self.offer_outcomes()

    def offer_outcomes(self) -> None:
        """Offer them all."""
        self.begin()
        self.resize(440, 270)
        self.offer(
            [
                Choice(outcome.value, render(OUTCOME[outcome]), hint=formats().number(number), icon="circle-check")
                for number, outcome in enumerate(OUTCOME, start=1)
            ]
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Choose by digit while nothing is typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not self.field.text():
            digit = event.text()
            if digit in ("1", "2", "3", "4"):
                self.list.setCurrentRow(int(digit) - 1)
                self._choose()
                return True
        return super().eventFilter(watched, event)


class TagPicker(Picker):
    """Tags of a case: Enter puts on or takes off and closes, Shift+Enter goes on. Emits what to add and remove."""

    picked = Signal(object, object)

    def __init__(self, tags: Sequence[str], known: Sequence[tuple[str, int]], parent: QWidget) -> None:
        super().__init__(lazy("Tags"), lazy("Type a tag; Shift+Enter for several"), parent, free=True)
        self._stay = False
        self.finished.connect(lambda _result: self._tell())
        self.offer_tags(tags, known)

    def offer_tags(self, tags: Sequence[str], known: Sequence[tuple[str, int]]) -> None:
        """Offer to put `known` tags (with their numbers of cases) on a case that has `tags`, and to take those off."""
        self.begin()
        self._before = frozenset(tags)
        self._tags = set(tags)
        self._known = known
        self._stay = False
        self.resize(440, 380)
        self._refresh()

    def empty_out(self) -> None:
        """Hold no case's tags."""
        super().empty_out()
        self._before, self._tags, self._known = frozenset(), set(), ()

    def _refresh(self) -> None:
        counts = dict(self._known)
        names = [*sorted(self._tags), *(tag for tag, _count in self._known if tag not in self._tags)]
        self.offer(
            [
                Choice(
                    tag,
                    tag,
                    hint=ngettext("{count} case", "{count} cases", counts[tag]) if tag in counts else "",
                    icon="check" if tag in self._tags else "tag",
                )
                for tag in names
            ]
        )

    def take(self, choice: Choice) -> None:
        """Put the tag on, or take it off."""
        self._tags ^= {" ".join(choice.text.lower().split())}
        if not self._stay:
            self.accept()
            return
        self._stay = False
        self.field.clear()
        self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shift+Enter goes on, a second Enter on nothing typed after it ends."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self._stay = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        add, remove = tuple(sorted(self._tags - self._before)), tuple(sorted(self._before - self._tags))
        if add or remove:
            self.picked.emit(add, remove)
