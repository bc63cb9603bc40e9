"""A reply on its way: waiting, being sent, failed, or not known, with what one can decide about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workstation.domain.messages import Micros
from workstation.domain.outbox import Outgoing, State
from workstation.domain.posts import is_missed
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, render
from workstation.views.case.failures import sentence
from workstation.views.case.words import STATE, STATE_ICON, STATE_TONE
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign

DECISIONS: dict[State, tuple[tuple[str, LazyText], ...]] = {
    State.WAITS: (("cancel", lazy("Take back")),),
    State.QUEUED: (("cancel", lazy("Take back")), ("now", lazy("Send now"))),
    State.FAILED: (("retry", lazy("Try again")), ("discard", lazy("Discard"))),
    State.UNKNOWN: (
        ("look", lazy("Look again")),
        ("confirm", lazy("Mark as sent")),
        ("again", lazy("Send again…")),
        ("discard", lazy("Discard")),
    ),
}
"""What can be decided in each state: the decision's name and its words."""


class OutgoingView(Retranslating):
    """One row of the outbox inside its thread."""

    decided = Signal(str, str)

    def __init__(self, row: Outgoing, now: Micros, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row, self._now = row, now
        self.setProperty("message", "pending")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._sign, self._state = QLabel(), Paragraph()
        self._state.setProperty("role", "heading")
        top = QHBoxLayout()
        top.addWidget(self._sign)
        top.addWidget(self._state, 1)
        self._text = StrangerText()
        self._why = Paragraph()
        self._why.setProperty("role", "secondary")
        self._buttons = QWidget()
        self._button_row = FlowLayout(self._buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addLayout(top)
        for widget in (self._text, self._why, self._buttons):
            column.addWidget(widget)
        self._offer()
        self.retranslate()

    def show_row(self, row: Outgoing, now: Micros) -> None:
        """Show where it stands now."""
        changed = row.state is not self.row.state
        self.row, self._now = row, now
        if changed:
            self._offer()
        self.retranslate()

    def _offer(self) -> None:
        while (item := self._button_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for decision, words in DECISIONS.get(self.row.state, ()):
            button = TextButton(words, self._buttons)
            button.clicked.connect(lambda _=False, name=decision: self.decided.emit(name, self.row.operation.id))
            self._button_row.addWidget(button)
        self._buttons.setVisible(self._button_row.count() > 0)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        row = self.row
        state = render(STATE[row.state])
        if row.state is State.QUEUED and row.not_before > self._now:
            state = _("{state} at {time}", state=state, time=formats().time(row.not_before))
        if is_missed(row, self._now):
            state = _("Missed its time, {time}", time=formats().datetime(row.not_before))
        self._state.setText(state)
        self._sign.setPixmap(sign(STATE_ICON[row.state], STATE_TONE.get(row.state, "secondary")))
        self._text.show_text(row.operation.text)
        self._text.setVisible(bool(row.operation.text))
        why = sentence(row)
        self._why.setText(render(why) if why is not None else "")
        self._why.setVisible(why is not None)
        self.setAccessibleName(f"{state}. {row.operation.text} {self._why.text()}".strip())
