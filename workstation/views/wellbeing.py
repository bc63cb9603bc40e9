"""Joins what softens the work with one window: the preferences, the counts, the reminder of a break."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QWidget

from workstation.domain.cases import Entry
from workstation.domain.messages import Mark, Message
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import _, formats, render
from workstation.services.clock import SECOND, Clock
from workstation.services.settings import Preferences, Settings
from workstation.services.wellness import Breaks, Exposure, Seen
from workstation.views import softening
from workstation.views.desk_actions import DeskActions
from workstation.views.notices import Notices
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

LOOKING = 60_000
"""Milliseconds between two looks at the time worked."""
NOTHING = lazy("Nothing is softened: choose it in the settings, under Wellbeing.")
COUNTED: dict[Seen, LazyText] = {
    Seen.CASES: lazy("Cases opened"),
    Seen.PICTURES: lazy("Pictures loaded"),
    Seen.MARKED: lazy("Of these, marked as sensitive"),
    Seen.CLEAR: lazy("Softened pictures shown clearly"),
}


class ExposureSheet(Sheet):
    """What was looked at in this run; only on this screen."""

    def __init__(self, exposure: Exposure, clock: Clock, parent: QWidget) -> None:
        super().__init__(lazy("What I have looked at"), parent)
        if not exposure.on:
            self.body.addWidget(Paragraph(_("Nothing is counted. You can switch it on in the settings.")))
        else:
            lasted = formats().duration((clock.now() - exposure.since) / SECOND)
            self.body.addWidget(Paragraph(_("In the last {time}:", time=lasted)))
            grid = QGridLayout()
            grid.setHorizontalSpacing(24)
            for row, (what, words) in enumerate(COUNTED.items()):
                value = QLabel(formats().number(exposure.counts[what]))
                value.setProperty("role", "heading")
                grid.addWidget(Paragraph(render(words)), row, 0)
                grid.addWidget(value, row, 1)
            grid.setColumnStretch(0, 1)
            self.body.addLayout(grid)
        private = Paragraph(_("Only you see this. It is kept nowhere, and gone when the window is closed."))
        private.setProperty("role", "secondary")
        self.body.addWidget(private)
        if exposure.on:
            self.button("forget", lazy("Begin again at nothing"))
        self.button("", lazy("Close"), "primary", default=True)


class Wellbeing(QObject):
    """Built once for a window."""

    def __init__(
        self,
        app: QApplication,
        settings: Settings,
        clock: Clock,
        actions: DeskActions,
        notices: Notices,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._app, self._settings, self._clock = app, settings, clock
        self._actions, self._notices, self._window = actions, notices, window
        self.exposure, self.breaks = Exposure(clock), Breaks(clock)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOKING)
        self._timer.timeout.connect(self.breaks.look)
        self._ends: list[Callable[[], None]] = [
            settings.subscribe(self._changed), self.breaks.subscribe(self._remind),
        ]  # fmt: skip
        self._changed(settings.now)

    def bind(self) -> None:
        """Answer for our actions."""
        self._actions.on("wellness.lift", self._lift)
        self._actions.on("wellness.mine", self._show)
        self._changed(self._settings.now)

    def _changed(self, now: Preferences) -> None:
        softening.apply(self._app, now)
        self.exposure.switch(now.count_exposure)
        self.breaks.minutes = now.break_minutes
        if now.break_minutes and not self._timer.isActive():
            self.breaks.taken()
            self._timer.start()
        elif not now.break_minutes:
            self._timer.stop()
        self._actions.allow("wellness.lift", None if softening.on() else NOTHING)

    def _lift(self) -> None:
        lifted = not softening.lifted()
        softening.lift(self._app, lifted)
        told = lazy("Everything is shown as it is.") if lifted else lazy("Words and pictures are softened again.")
        self._notices.say(told, key="softening")

    def _show(self) -> None:
        sheet = ExposureSheet(self.exposure, self._clock, self._window)
        sheet.answered.connect(lambda answer: self.exposure.forget() if answer == "forget" else None)
        sheet.open()

    def opened(self, entry: Entry | None) -> None:
        """A case was opened: that is work, and something that was looked at."""
        self.breaks.active()
        if entry is not None and entry.case is not None:
            self.exposure.saw(Seen.CASES, entry.case.id)

    def pictured(self, message: Message, clear: bool) -> None:
        """A picture of a message is on the screen; `clear`: one that was softened, as it is."""
        self.exposure.saw(Seen.CLEAR if clear else Seen.PICTURES, message.id)
        if Mark.SENSITIVE in message.marks:
            self.exposure.saw(Seen.MARKED, message.id)

    def _remind(self, minutes: int) -> None:
        self._notices.say(
            lazy_plural("You have worked for {count} minute. Time for a break?",
                        "You have worked for {count} minutes. Time for a break?", minutes),
            key="break", action=lazy("In ten minutes"), handler=self.breaks.later, stays=True,
        )  # fmt: skip

    def close(self) -> None:
        """The window goes: count nothing any more, and soften nothing for the next one."""
        self._timer.stop()
        for end in self._ends:
            end()
        self.exposure.forget()
        softening.lift(self._app, False)
