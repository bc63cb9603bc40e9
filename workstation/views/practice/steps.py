"""The steps of a running course: what is done, what is next and why, and with which keys."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workstation.domain.text import lazy
from workstation.i18n import _, formats, render
from workstation.services.training.courses import Course, Step
from workstation.views.desk_actions import DeskActions
from workstation.views.practice.parts import bare_column
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import mark
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign

DONE, NEXT, LATER = "done", "next", "later"
SIGNS = {DONE: ("circle-check", "ok"), NEXT: ("circle-dot", "accent"), LATER: ("circle", "tertiary")}


def keys_of(step: Step, actions: DeskActions) -> list[str]:
    """The keys of a step in their order, as this platform writes them; what has no key is passed over."""
    return [key for name in step.actions if (key := actions.key_text(name))]


class StepRow(Retranslating):
    """One step."""

    def __init__(self, step: Step, number: int, actions: DeskActions) -> None:
        super().__init__()
        self.setProperty("role", "tile")
        self._step, self._number, self._actions = step, number, actions
        self.state = LATER
        self._sign, self._words, self._why = QLabel(), Paragraph(), Paragraph()
        self._why.setProperty("role", "secondary")
        self._keys = QHBoxLayout()
        self._keys.setSpacing(6)
        text = QVBoxLayout()
        text.setSpacing(4)
        text.addWidget(self._words)
        text.addWidget(self._why)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(12)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        row.addLayout(self._keys)
        self.retranslate()

    def show_state(self, state: str) -> None:
        """Be done, next or later."""
        if state != self.state:
            self.state = state
            self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        icon, token = SIGNS[self.state]
        self._sign.setPixmap(sign(icon, token, 20))
        words = render(self._step.text)
        self._words.setText(words)
        mark(self._words, "role", "secondary" if self.state == DONE else "heading" if self.state == NEXT else "")
        self._why.setText(render(self._step.why))
        self._why.setVisible(self.state == NEXT)
        while (item := self._keys.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        keys = keys_of(self._step, self._actions)
        for key in keys:
            label = QLabel(key)
            label.setProperty("key", True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            self._keys.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
        states = {DONE: _("done"), NEXT: _("next"), LATER: _("later")}
        told = _("Step {number}, {state}: {text}", number=self._number, state=states[self.state], text=words)
        self.setAccessibleName(f"{told} {formats().list(keys)}" if keys else told)


class Steps(Retranslating):
    """The running course."""

    ended = Signal()
    left = Signal()

    def __init__(self, actions: DeskActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._course: Course | None = None
        self.rows: list[StepRow] = []
        self._title, self._about = Paragraph(), Paragraph()
        self._title.setProperty("role", "title")
        self._about.setProperty("role", "secondary")
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.back = TextButton(lazy("Back to the deck"), icon="columns-3", role="primary")
        self.back.clicked.connect(self.left)
        self.end = TextButton(lazy("End the course and look back"))
        self.end.clicked.connect(self.ended)
        buttons = QHBoxLayout()
        buttons.addWidget(self.back)
        buttons.addWidget(self.end)
        buttons.addStretch(1)
        column = bare_column(self)
        column.addWidget(self._title)
        column.addWidget(self._about)
        column.addLayout(self._list)
        column.addLayout(buttons)
        column.addStretch(1)
        actions.changed.connect(self._keys_changed)
        self.retranslate()

    def show_course(self, course: Course, done: Sequence[bool]) -> None:
        """Show a course with what is done of it."""
        if course is not self._course:
            self._course = course
            for row in self.rows:
                self._list.removeWidget(row)
                row.deleteLater()
            self.rows = [StepRow(step, number, self._actions) for number, step in enumerate(course.steps, start=1)]
            for row in self.rows:
                self._list.addWidget(row)
            self.retranslate()
        first = next((number for number, ready in enumerate(done) if not ready), -1)
        for number, (row, ready) in enumerate(zip(self.rows, done, strict=True)):
            row.show_state(DONE if ready else NEXT if number == first else LATER)

    def _keys_changed(self) -> None:
        for row in self.rows:
            row.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        if self._course is not None:
            self._title.setText(render(self._course.title))
            self._about.setText(render(self._course.about))
            self.setAccessibleName(render(self._course.title))
