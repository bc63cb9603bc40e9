"""Asking people inside and keeping their answer: the text leaves by mail where a mailbox is connected, or is copied."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from workstation.domain import actions as commands
from workstation.domain.cases import Case
from workstation.domain.errors import MeridianError
from workstation.domain.text import lazy
from workstation.services.actions import operation
from workstation.views.case.surroundings import CaseRoom

if TYPE_CHECKING:
    from workstation.services.escalation import Carrier, Question

LONGEST_ADDRESS = 200
LONGEST_ANSWER = 100_000


class ClipboardCarrier:
    """Puts the question into the clipboard, to be pasted where people inside read it."""

    async def carry(self, question: "Question") -> None:
        """Copy subject and text."""
        QGuiApplication.clipboard().setText(f"{question.subject}\n\n{question.text}\n")


class Escalating:
    """Answers for "case.escalate" and "case.answered"."""

    def __init__(self, room: CaseRoom, carrier: "Carrier | None" = None) -> None:
        self._room = room
        self._carrier = carrier or ClipboardCarrier()
        room.actions.on("case.escalate", self.ask)
        room.actions.on("case.answered", self.answer)

    def ask(self) -> None:
        """Compose a question about the case."""
        case = self._room.current()
        if case is not None:
            self._room.tasks.latest(self._ask(case), "escalate")

    async def _ask(self, case: Case) -> None:
        # Imported when first opened: a start pays for every module.
        from workstation.views.case.escalation_sheet import EscalationSheet

        desk = self._room.desk
        entries, notes = await desk.conversation.thread(case.id), await desk.casebook.notes(case.id)
        known = (*desk.settings.now.escalation_addresses, *await desk.casebook.asked_before())
        sheet = EscalationSheet(
            case, entries, notes, list(dict.fromkeys(known)), self._room.window, by_mail=bool(desk.inside.mailbox())
        )
        sheet.composed.connect(
            lambda question, mail: self._room.tasks.spawn(self._carry(case, question, mail), "escalate")
        )
        sheet.open()

    async def _carry(self, case: Case, question: "Question", by_mail: bool) -> None:
        try:
            await (self._room.desk.inside if by_mail else self._carrier).carry(question)
        except MeridianError as error:
            self._room.notices.say(error.text, tone="danger", key="command")
            return
        said = lazy("The question leaves for {address} by mail. The answer becomes a note.", address=question.to)
        if not by_mail:
            said = lazy("Copied: paste it to {address}.", address=question.to)
        self._room.notices.say(said, tone="ok", key="escalate")
        marked = commands.Escalate(operation=operation(), case=case.id, to=question.to[:LONGEST_ADDRESS])
        await self._room.undoing.do(marked, None)

    def answer(self) -> None:
        """Keep the answer as a note."""
        from workstation.views.case.escalation_sheet import AnswerSheet

        case = self._room.current()
        if case is None or not case.escalated_at:
            return
        sheet = AnswerSheet(case.escalated_at, self._room.window)
        sheet.given.connect(lambda text: self.keep(case, text))
        sheet.open()

    def keep(self, case: Case, text: str) -> None:
        """Write an answer down, however it came."""
        kept = commands.AnswerEscalation(operation=operation(), case=case.id, text=text[:LONGEST_ANSWER])
        self._room.undoing.start(kept, case)
