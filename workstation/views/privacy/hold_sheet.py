"""Asks for the reason of a legal hold, without which there is none, and before one ends."""

from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from workstation.domain.privacy import Hold
from workstation.domain.text import lazy
from workstation.i18n import _
from workstation.qt.dialogs import opened
from workstation.views.leaving import Question
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.sheet import CANCEL, Sheet


class HoldSheet(Sheet):
    """A line for the reason."""

    def __init__(self, who: str, parent: QWidget) -> None:
        super().__init__(lazy("Legal hold: {who}", who=who), parent)
        self.body.addWidget(Paragraph(_("Nothing of it is removed by retention or erased until the hold ends.")))
        self.reason = QLineEdit()
        label = QLabel(_("Reason"))
        label.setBuddy(self.reason)
        self.reason.setAccessibleName(label.text())
        self.body.addWidget(label)
        self.body.addWidget(self.reason)
        self.given = ""
        self.button("", CANCEL)
        hold = self.button("hold", lazy("Put under legal hold"), "primary", default=True)
        hold.setEnabled(False)
        self.reason.textChanged.connect(lambda text: hold.setEnabled(bool(text.strip())))
        self.reason.setFocus()

    def may_end(self, answer: str) -> bool:
        """Only with a reason."""
        self.given = self.reason.text().strip() if answer else ""
        return bool(self.given)


async def ask_reason(who: str, parent: QWidget) -> str:
    """The reason; empty where it was called off."""
    sheet = HoldSheet(who, parent)
    given: list[str] = []
    sheet.answered.connect(lambda answer: given.append(sheet.given if answer else ""))
    await opened(sheet)
    return given[0] if given else ""


async def may_lift(hold: Hold, parent: QWidget) -> bool:
    """Whether a hold is to end; what it kept may then go by itself."""
    question = Question(
        lazy("End the legal hold of {who}?", who=hold.who),
        lazy(
            "It was put for this reason: {reason}. What it kept may be erased, and goes by retention.",
            reason=hold.reason,
        ),
        parent,
    )
    question.button("lift", lazy("End the legal hold"), "danger")
    question.button("", CANCEL, default=True)
    return await opened(question)
