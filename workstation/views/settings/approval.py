"""The trainee profile: whether what is written waits for approval, and how long own words rest before a second look."""

from PySide6.QtWidgets import QCheckBox, QSpinBox, QVBoxLayout, QWidget

from workstation.domain.text import lazy
from workstation.i18n import _
from workstation.qt.dialogs import opened
from workstation.qt.tasks import Tasks
from workstation.services.approval import Approval
from workstation.services.settings import SECOND_LOOK_MINUTES, Settings
from workstation.views.leaving import Question
from workstation.views.settings.rows import SettingRow
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import pad
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.sheet import CANCEL


class ApprovalSection(Retranslating):
    """A switch that asks, and a number."""

    def __init__(
        self, approval: Approval, settings: Settings, tasks: Tasks, window: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._approval, self._settings, self._tasks, self._window = approval, settings, tasks, window
        self.switch = QCheckBox()
        self.switch.clicked.connect(lambda on: self._tasks.spawn(self._switch(on), "trainee"))
        self.minutes = QSpinBox()
        self.minutes.setRange(*SECOND_LOOK_MINUTES)
        pad(self.minutes)
        self.minutes.setValue(settings.now.second_look_minutes)
        self.minutes.valueChanged.connect(lambda value: settings.change(second_look_minutes=value))
        self._words = Paragraph()
        self._words.setProperty("role", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._words)
        column.addWidget(
            SettingRow(
                lazy("Trainee profile"),
                lazy("Replies and posts wait in the outbox until they are approved; reactions do not."),
                self.switch,
            )
        )
        column.addWidget(
            SettingRow(
                lazy("Second look at own words after"),
                lazy("Minutes that must pass before who wrote something may approve it, with the thread read again."),
                self.minutes,
            )
        )
        self.retranslate()
        self._tasks.spawn(self.show_now(), "trainee")

    async def show_now(self) -> None:
        """Show what is in force."""
        self.switch.setChecked(await self._approval.required())

    async def _switch(self, on: bool) -> None:
        self.switch.setChecked(not on)
        if await opened(self._question(on)):
            await self._approval.require(on)
        await self.show_now()

    def _question(self, on: bool) -> Question:
        if on:
            text = lazy(
                "What is written from now on waits in the outbox until somebody has looked at it a second time, also"
                " after a restart."
            )
            question = Question(lazy("Switch the trainee profile on?"), text, self._window)
            question.button("", CANCEL)
            question.button("on", lazy("Switch on"), "primary", default=True)
            return question
        text = lazy(
            "What is written from now on leaves without a second look. What waits goes on waiting. Are you permitted to"
            " decide this?"
        )
        question = Question(lazy("Switch the trainee profile off?"), text, self._window)
        question.button("off", lazy("Switch off"), "danger")
        question.button("", CANCEL, default=True)
        return question

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._words.setText(
            _(
                "This is an agreement that the desk keeps, no lock: whoever sits here can switch it off, and the desk"
                " cannot know who approves."
            )
        )
        self.minutes.setSuffix(_(" min"))
