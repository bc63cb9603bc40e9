"""Questions before something that cannot be taken back: leaving with replies that wait, sending a second time."""

from PySide6.QtWidgets import QWidget

from workstation.domain.outbox import State
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import render
from workstation.qt.dialogs import opened
from workstation.services.casebook import Casebook
from workstation.services.clock import Clock
from workstation.services.outbox import Outbox
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.sheet import CANCEL, Sheet


class Question(Sheet):
    """A sentence and buttons; `choice` is the one pressed, "" for none."""

    def __init__(self, title: LazyText, text: LazyText, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.body.addWidget(Paragraph(render(text)))
        self.choice = ""
        self.answered.connect(self._chosen)

    def may_end(self, answer: str) -> bool:
        """Remember what was pressed."""
        self.choice = answer
        return True

    def _chosen(self, answer: str) -> None:
        self.choice = answer


async def _asked(question: Question) -> str:
    accepted = await opened(question)
    return question.choice if accepted else ""


async def may_leave(window: QWidget, casebook: Casebook, outbox: Outbox, clock: Clock) -> bool:
    """Whether the window may go: with replies still in their undo time the agent decides what becomes of them."""
    if await outbox.held():
        return True
    rows = await casebook.outgoing((State.QUEUED,))
    # What is planned for a time waits for it, whether the window is open or not.
    waiting = [row for row in rows if row.not_before > clock.now() and not row.latest]
    if not waiting:
        return True
    question = Question(
        lazy("Leave now?"),
        lazy_plural(
            "{count} reply is still waiting to be sent.", "{count} replies are still waiting to be sent.", len(waiting)
        ),
        window,
    )
    question.button("", CANCEL)
    question.button("keep", lazy("Send it at the next start"))
    question.button("send", lazy("Send now and leave"), "primary", default=True)
    choice = await _asked(question)
    if choice == "send":
        for row in waiting:
            await outbox.send_now(row.operation.id)
        for row in waiting:
            await outbox.settled(row.operation.id)
    return bool(choice)


async def confirm_again(window: QWidget) -> bool:
    """Whether something that may have been sent is to be sent again."""
    question = Question(
        lazy("Send it a second time?"),
        lazy("It may be on the network already. If it is, everyone will see it twice."),
        window,
    )
    question.button("send", lazy("Send again"), "danger")
    question.button("", CANCEL, default=True)
    return await _asked(question) == "send"


async def confirm_afresh(window: QWidget) -> bool:
    """Whether everything practised so far is to be forgotten."""
    question = Question(
        lazy("Start practice afresh?"),
        lazy("Cases, answers and invented customers of this practice desk are forgotten. Columns and settings stay."),
        window,
    )
    question.button("afresh", lazy("Start afresh"), "danger")
    question.button("", CANCEL, default=True)
    return await _asked(question) == "afresh"
