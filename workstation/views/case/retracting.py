"""Retracting our words: deleted where the network can, and a correction drafted in the customer's language."""

from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Entry
from workstation.domain.drafts import Draft
from workstation.domain.errors import MeridianError
from workstation.domain.messages import Message
from workstation.domain.outbox import Act, Operation
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, available, fetch_language, negotiate, render
from workstation.services.actions import operation
from workstation.views import masking
from workstation.views.case.moderation import refusal
from workstation.views.case.surroundings import CaseRoom
from workstation.views.case.words import STATE
from workstation.views.undoing import UNDO
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.sheet import CANCEL, Sheet

NOTHING_OURS = lazy("There is no message of ours in this thread.")
OPENING = lazy("Correction of our earlier message:")
PREVIEW = 600


class RetractSheet(Sheet):
    """Says what can be done here; answers "delete" (and correct), "correct" or ""."""

    def __init__(self, message: Message, refused: LazyText | None, parent: QWidget) -> None:
        super().__init__(lazy("Retract our message"), parent)
        words = StrangerText(masking.text(message.text[:PREVIEW]))
        words.setProperty("role", "secondary")
        self.body.addWidget(words)
        if refused is None:
            told = _("It disappears from the network for everyone, but people may have read or copied it.")
            self.body.addWidget(Paragraph(told))
            warning = Paragraph(_("This cannot be taken back once it was done."))
            warning.setProperty("role", "error")
            self.body.addWidget(warning)
        else:
            self.body.addWidget(Paragraph(_("It cannot be deleted there: {why}", why=render(refused))))
        self.body.addWidget(
            Paragraph(_("A correction is drafted as your next reply; nothing of it is sent by itself."))
        )
        self.body.addStretch(1)
        self.button("", CANCEL, default=refused is None)
        self.button("correct", lazy("Only correct it"), "" if refused is None else "primary", default=bool(refused))
        if refused is None:
            self.button("delete", lazy("Delete and correct"), "danger")


class Retracting:
    """Answers for "case.retract"."""

    def __init__(self, room: CaseRoom) -> None:
        self._room = room
        room.actions.on("case.retract", self.retract)

    def retract(self) -> None:
        """Ask what is to become of our message: the one that is looked at, else the latest of the thread."""
        message = self._ours()
        if message is None:
            self._room.notices.say(NOTHING_OURS, key="command")
            return
        opened = self._room.desk.supervisor.opened(message.channel)
        refused = refusal(Act.DELETE, message, opened.capabilities if opened is not None else None)
        sheet = RetractSheet(message, refused, self._room.window)
        sheet.answered.connect(lambda answer: self._answered(answer, message))
        sheet.open()

    def _ours(self) -> Message | None:
        looked_at = self._room.panel.message
        if looked_at is not None and looked_at.own:
            return looked_at
        ours = [entry.message for entry in self._room.panel.entries if entry.message.own]
        return next((message for message in reversed(ours) if not message.deleted_at), ours[-1] if ours else None)

    def _answered(self, answer: str, message: Message) -> None:
        if answer:
            self._room.tasks.spawn(self._do(message, delete=answer == "delete"), "retract")

    async def _do(self, message: Message, *, delete: bool) -> None:
        if delete and not await self._delete(message):
            return
        await self._draft(message)

    async def _delete(self, message: Message) -> bool:
        room = self._room
        asked = Operation(operation(), Act.DELETE, target=message.remote_id, account=message.author.remote_id)
        try:
            row = await room.desk.outbox.queue(asked, message.channel, case=message.case, message=message.id)
        except MeridianError as error:
            room.notices.say(error.text, tone="danger", key="command")
            return False
        room.undoing.queued(row.operation.id, lambda: None)
        room.notices.say(
            lazy("Delete our message: {state}", state=STATE[row.state]),
            tone="ok",
            key=f"send:{row.operation.id}",
            action=UNDO,
            handler=lambda: room.undoing.take_back(row.operation.id),
        )
        return True

    async def _draft(self, message: Message) -> None:
        """Put the correction into the composer, before whatever is drafted there already."""
        entry = self._answers(message)
        text = await correction(message, entry.message.language)
        composer = self._room.composer
        if composer.entry is not None and composer.entry.case == entry.case and entry.case is not None:
            composer.view.editor.put_caret(0)
            composer.view.editor.insert(f"{text}\n\n" if composer.view.text else text)
            composer.view.editor.setFocus()
            return
        key = entry.case.id if entry.case is not None else f"{Act.REPLY.value}:{entry.message.id}"
        drafted = await self._room.desk.drafting.load(key)
        whole = f"{text}\n\n{drafted.text}" if drafted is not None else text
        visibility = message.visibility if drafted is None else drafted.visibility
        draft = Draft(whole, language=entry.message.language, visibility=visibility, caret=len(text))
        await self._room.desk.drafting.save(key, draft)
        composer.open_reply(entry, self._room.panel.entries)

    def _answers(self, message: Message) -> Entry:
        """What the correction answers: the customer's latest words, else our message itself."""
        theirs = [
            entry
            for entry in self._room.panel.entries
            if not entry.message.own and not entry.message.deleted_at and entry.message.channel == message.channel
        ]
        return theirs[-1] if theirs else Entry(message, self._room.panel.case)


async def correction(message: Message, language: str) -> str:
    """The beginning of a correction in the customer's language, then our words, to be put right."""
    tags = available()
    spoken = await fetch_language(negotiate([language, message.language, "en"], tags))
    return f"{spoken.render(OPENING)}\n\n{message.text}"
