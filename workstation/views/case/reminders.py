"""What time brings: cases that wake, promises that fall due, promises that an answer keeps."""

from workstation.domain.cases import Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.outbox import Act, Outgoing, State
from workstation.domain.text import LazyText, Moment, lazy, lazy_plural
from workstation.services.alarms import Alarm
from workstation.views import masking
from workstation.views.case.commands import keep_promise
from workstation.views.case.surroundings import CaseRoom

SHOW = lazy("Show")
KEPT = lazy("Promise kept")


class Reminders:
    """Says what woke and what is due, with the way there."""

    def __init__(self, room: CaseRoom) -> None:
        self._room = room

    def on_alarm(self, alarm: Alarm) -> None:
        """Tell of it."""
        if alarm.woken:
            many = lazy_plural("{count} snoozed case is awake", "{count} snoozed cases are awake", len(alarm.woken))
            one = lazy("Awake again: {name}", name=_name(alarm.woken[0]))
            self._say(alarm.woken, one, many, tone="", key="awake")
        if alarm.due:
            many = lazy_plural("{count} promise is due", "{count} promises are due", len(alarm.due))
            one = lazy("Promised for now: {name}", name=_name(alarm.due[0]))
            self._say(alarm.due, one, many, tone="warn", key="due")

    def _say(self, entries: tuple[Entry, ...], one: LazyText, many: LazyText, *, tone: str, key: str) -> None:
        case = entries[0].message.case
        single = len(entries) == 1
        self._room.notices.say(
            one if single else many,
            tone=tone,
            key=f"alarm:{key}",
            action=SHOW,
            handler=(lambda: self._room.show_case(case)) if single else (lambda: self._choose(many, entries)),
            stays=tone == "warn",
        )

    def _choose(self, title: LazyText, entries: tuple[Entry, ...]) -> None:
        """Let the agent choose which of them to look at."""
        # Imported when first opened: a start pays for every module.
        from workstation.views.case.others import CasePicker

        picker = CasePicker(title, self._room.window)
        picker.show_entries(entries, self._room.channels(), self._room.desk.clock.now())
        picker.picked.connect(self._room.show_case)
        picker.open()

    def on_change(self, changes: ChangeSet) -> None:
        """Follow replies: one that leaves while a promise stands may have kept it."""
        for row in changes.outbox:
            if row.operation.act is Act.REPLY and row.case and row.state is State.SENT:
                self._room.tasks.spawn(self._sent(row), "promise")

    async def _sent(self, row: Outgoing) -> None:
        book = self._room.desk.casebook
        case = await book.case(row.case)
        if case is None or not case.due_at:
            return
        promised = [each.at for each in await book.happenings(case.id) if each.what == "promise"]
        if not promised or promised[-1] >= row.created_at:
            return  # made by this reply, or after it
        if self._room.desk.settings.now.reply_keeps_promise:
            await self._room.undoing.do(keep_promise(case), case)
            return
        self._room.notices.say(
            lazy("Something is promised by {time}. Was that it?", time=Moment(case.due_at)),
            key=f"promise:{case.id}",
            action=KEPT,
            handler=lambda: self._room.tasks.spawn(self._keep(case.id), "promise"),
        )

    async def _keep(self, number: int) -> None:
        case = await self._room.desk.casebook.case(number)
        if case is not None and case.due_at:
            await self._room.undoing.do(keep_promise(case), case)


def _name(entry: Entry) -> str:
    return masking.name(entry.message.author)
