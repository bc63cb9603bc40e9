"""The network's acts on many messages: offered where one channel offers them, refused row by row with the reason."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Entry
from workstation.domain.channels import Capabilities, Offer
from workstation.domain.errors import MeridianError
from workstation.domain.messages import Message
from workstation.domain.outbox import Act, Operation, State
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import _, render
from workstation.qt.tasks import Tasks
from workstation.services.actions import operation
from workstation.services.bulk import Progress, StoppedError, Verdict
from workstation.services.outbox import Outbox
from workstation.services.supervisor import Supervisor
from workstation.views.case.moderation import CONSEQUENCES, refusal
from workstation.views.case.words import STATE
from workstation.views.keys import BY_ID, act_id
from workstation.views.notices import Notices
from workstation.views.undoing import UNDO, Undoing

if TYPE_CHECKING:
    from workstation.views.bulk.preview import Line, Preview

ONE_BY_ONE = frozenset({Act.POST, Act.REPLY, Act.EDIT})
"""Acts that need a text of their own for each message."""
AGAIN = lazy("Once for this account; it stands further up.")


class Asked(msgspec.Struct, frozen=True):
    """One row: its message, the act, and what its channel offers of it, or why not."""

    entry: Entry
    act: Act
    offer: Offer | None
    why: LazyText | None


class BulkActs:
    """Asks, queues and takes back what networks are to do to many messages."""

    def __init__(
        self,
        supervisor: Supervisor,
        outbox: Outbox,
        undoing: Undoing,
        notices: Notices,
        tasks: Tasks,
        window: QWidget,
    ) -> None:
        self._supervisor, self._outbox, self._undoing = supervisor, outbox, undoing
        self._notices, self._tasks = notices, tasks
        self.over: Callable[[], QWidget] = lambda: window
        """Over which window sheets are opened."""

    def offered(self, entries: Sequence[Entry]) -> list[Act]:
        """The acts that a channel of these messages knows, possible or not, in their usual order."""
        channels = {entry.message.channel for entry in entries}
        known = {offer.act for channel in channels for offer in self._offers(channel)}
        return [act for act in Act if act in known and act not in ONE_BY_ONE]

    def _offers(self, channel: int) -> tuple[Offer, ...]:
        capabilities = self._capabilities(channel)
        return capabilities.offers if capabilities is not None else ()

    def _capabilities(self, channel: int) -> Capabilities | None:
        opened = self._supervisor.opened(channel)
        return opened.capabilities if opened is not None else None

    def asked(self, act: Act, entries: Sequence[Entry]) -> tuple[Asked, ...]:
        """What the act would mean for each message; an account is asked for once."""
        accounts: set[tuple[int, str]] = set()
        found = []
        for entry in entries:
            message = entry.message
            capabilities = self._capabilities(message.channel)
            why = refusal(act, message, capabilities)
            offer = capabilities.offer(act) if capabilities is not None else None
            if why is None and offer is not None and offer.on == "account":
                account = (message.channel, message.author.remote_id)
                why = AGAIN if account in accounts else None
                accounts.add(account)
            found.append(Asked(entry, act, offer, why))
        return tuple(found)

    def preview(self, act: Act, entries: Sequence[Entry]) -> None:
        """Show what would be asked of whom, then do it if the agent wants."""
        # Imported when first opened: a start pays for every module.
        from workstation.views.bulk.preview import Preview
        from workstation.views.widgets.forms import FieldForm

        asked = self.asked(act, entries)
        offer = next((row.offer for row in asked if row.offer is not None and row.why is None), None)
        label = offer.label if offer is not None else BY_ID[act_id(act)].label
        many = lazy_plural("{what}: {count} message", "{what}: {count} messages", len(asked), what=label)
        sheet = Preview(many, label, self.over(), danger=offer is not None and offer.danger)
        if offer is not None and offer.fields:
            sheet.ask(FieldForm(offer.fields))
        if act in CONSEQUENCES:
            sheet.explain(CONSEQUENCES[act])
        sheet.show_lines([_line(number, row) for number, row in enumerate(asked)])
        sheet.wanted.connect(
            lambda keys: self._tasks.spawn(
                self._carry_out(sheet, label, [row for number, row in enumerate(asked) if number in keys]), "bulk act"
            )
        )
        sheet.open()

    async def _carry_out(self, sheet: "Preview", label: LazyText, rows: Sequence[Asked]) -> None:
        from workstation.services.answering import TOGETHER

        values = sheet.form.values() if sheet.form is not None else {}
        progress = Progress(len(rows))
        sheet.work(progress)
        wished = {operation(): row for row in rows}
        queued: set[str] = set()
        refused: LazyText | None = None
        # Before the first is queued: it may be done before the last one is.
        back = all(row.offer is not None and row.offer.undone_by is not None for row in rows)
        reverse = partial(self._reverse, wished) if back else None
        cases = {name: row.entry.message.case for name, row in wished.items()}
        self._undoing.together(cases, lambda _cases: None, reverse=reverse)
        names = list(wished)
        for start in range(0, len(names), TOGETHER):
            part = names[start : start + TOGETHER]
            done = await asyncio.gather(*(self._queue(name, wished[name], values) for name in part))
            queued |= {name for name, error in zip(part, done, strict=True) if error is None}
            refused = next((error.text for error in done if error is not None), refused)
            try:
                progress(start + len(part))
            except StoppedError:
                break
        sheet.accept()
        if refused is not None:
            self._notices.say(refused, tone="danger")
        self._undoing.never(wished.keys() - queued)
        if queued:
            self._tell(label, len(queued))

    async def _queue(self, name: str, row: Asked, values: dict[str, str]) -> MeridianError | None:
        message = row.entry.message
        asked = Operation(
            name,
            row.act,
            target=message.remote_id,
            account=message.author.remote_id,
            options=values,
        )
        try:
            await self._outbox.queue(asked, message.channel, case=message.case, message=message.id)
        except MeridianError as error:
            return error
        return None

    def _tell(self, label: LazyText, count: int) -> None:
        words = lazy_plural(
            "{action}, {count} message: {state}", "{action}, {count} messages: {state}", count,
            action=label, state=STATE[State.QUEUED],
        )  # fmt: skip
        self._notices.say(words, tone="ok", key="together", action=UNDO, handler=self._undoing.undo)

    def _reverse(self, wished: dict[str, Asked], name: str) -> None:
        """Ask the network for the opposite of what was done."""
        row = wished[name]
        if row.offer is not None and row.offer.undone_by is not None:
            self._tasks.spawn(self._undo(row.entry.message, row.offer.undone_by), "bulk undo")

    async def _undo(self, message: Message, opposite: Act) -> None:
        back = Operation(operation(), opposite, target=message.remote_id, account=message.author.remote_id)
        await self._outbox.queue(back, message.channel, case=message.case, message=message.id, undo=False)


def _line(number: int, row: Asked) -> "Line":
    from workstation.views.bulk.preview import Line

    verdict = Verdict.CHANGES if row.why is None else Verdict.SAME if row.why is AGAIN else Verdict.REFUSED
    return Line(number, verdict, partial(_words, row))


def _words(row: Asked) -> tuple[str, str, str]:
    from workstation.views.bulk.words import excerpt, whom

    what = row.offer.label if row.offer is not None else ""
    told = render(row.why) if row.why is not None else _("{what} is asked of the network", what=what)
    return whom(row.entry), excerpt(row.entry), told
