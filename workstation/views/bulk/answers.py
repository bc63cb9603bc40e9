"""Answering many customers, from the marks to the outbox: filled as one types, looked at again, sent, taken back."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Entry
from workstation.domain.knowledge import words_of
from workstation.domain.template_fit import Wanted
from workstation.domain.templates import Family, Formality, choose
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import formats
from workstation.qt.tasks import Tasks
from workstation.qt.throttle import Throttle
from workstation.services.bulk import SLICE, Progress
from workstation.services.clock import SECOND, Clock
from workstation.services.desk import Desk
from workstation.views.notices import Notices
from workstation.views.undoing import UNDO, Undoing

if TYPE_CHECKING:
    from workstation.services.answering import Answering, Reply, Sent

FILLING = 120
"""Milliseconds that typing rests before all replies are filled anew."""


class Answers:
    """Opens a review for entries; `after` is called when all of it is in the outbox."""

    def __init__(
        self,
        desk: Desk,
        undoing: Undoing,
        notices: Notices,
        tasks: Tasks,
        window: QWidget,
        after: Callable[[], object],
    ) -> None:
        self._desk, self._undoing, self._notices = desk, undoing, notices
        self._tasks, self._after = tasks, after
        self.over: Callable[[], QWidget] = lambda: window
        """Over which window sheets are opened."""

    def start(self, entries: Sequence[Entry], *, resolve: bool = True) -> None:
        """Begin an answer to all of these; it ends their cases, unless they wait for more (`resolve`)."""
        self._tasks.spawn(self._start(tuple(entries), resolve=resolve), "answers")

    async def _start(self, entries: tuple[Entry, ...], *, resolve: bool) -> None:
        # Imported when first opened: a start pays for every module.
        from workstation.services.answering import MOST

        replies = await self._desk.answering.prepare(entries)
        if not replies:
            self._notices.say(lazy("None of the marked messages has a case to answer."), key="bulk")
            return
        if len(entries) > len(replies) == MOST:
            first = lazy_plural("Only the first {count} are answered in one go.",
                                "Only the first {count} are answered in one go.", MOST)  # fmt: skip
            self._notices.say(first, key="bulk")
        # Built in one turn of the loop and shown in the next: both take a while.
        await asyncio.sleep(0)
        review = Review(self._desk, replies, self._tasks, self.over(), resolve=resolve)
        await asyncio.sleep(0)
        review.sheet.wanted.connect(lambda: self._tasks.spawn(self._send(review, resolve=resolve), "answers send"))
        review.open()

    async def _send(self, review: "Review", *, resolve: bool) -> None:
        await review.catch_up()
        ready = [reply for reply in review.replies if reply.ready]
        progress = Progress(len(ready))
        review.sheet.work(progress)
        sent = await self._desk.answering.send(ready, progress, resolve=resolve)
        review.sheet.work(None)
        if sent.operations:
            self._queued(sent, ready)
        if sent.refused:
            review.keep_only(sent.refused)
            return
        review.sheet.accept()
        self._after()

    def _queued(self, sent: "Sent", ready: "Sequence[Reply]") -> None:
        by_case = {reply.entry.case.id: reply for reply in ready if reply.entry.case is not None}
        resolved = sent.resolved is not None and sent.resolved.undoable
        self._undoing.together(
            {name: case for case, name in sent.operations.items()},
            partial(self._restore, by_case),
            steps=resolved,
        )
        if sent.resolved is not None and sent.resolved.error is not None:
            self._notices.say(sent.resolved.error.text, tone="danger")
        if sent.waits:
            self._notices.say(
                lazy_plural("{count} reply waits for approval", "{count} replies wait for approval", len(sent.waits)),
                key="together",
                action=UNDO,
                handler=self._undoing.undo,
            )
            return
        many = lazy_plural("{count} reply on its way", "{count} replies on their way", len(sent.operations))
        self._notices.say(
            many,
            key="together",
            action=UNDO,
            handler=self._undoing.undo,
            countdown=self._countdown(len(sent.operations), self._desk.clock),
        )

    def _restore(self, replies: "dict[int, Reply]", cases: frozenset[int]) -> None:
        """What was taken back is kept as the drafts of its cases."""
        back = [reply for case, reply in replies.items() if case in cases]
        if back:
            self._tasks.spawn(self._desk.answering.keep(back), "answers back")

    def _countdown(self, count: int, clock: Clock) -> Callable[[], LazyText]:
        start = clock.now()
        end = start + self._desk.settings.undo_micros

        def words() -> LazyText:
            left = -(-(end + self._desk.outbox.moved(start) - clock.now()) // SECOND)
            if left > 0:
                return lazy_plural(
                    "{replies} replies: the first leaves in {count} second",
                    "{replies} replies: the first leaves in {count} seconds",
                    left,
                    replies=count,
                )
            return lazy_plural("{count} reply is being sent…", "{count} replies are being sent…", count)

        return words


class Review:
    """The replies under review and the sheet that shows them, in step."""

    def __init__(
        self, desk: Desk, replies: "Sequence[Reply]", tasks: Tasks, window: QWidget, *, resolve: bool = True
    ) -> None:
        from workstation.views.bulk.answer_sheet import AnswerSheet

        self._desk, self._tasks, self._window = desk, tasks, window
        self._answering: Answering = desk.answering
        self.replies = list(replies)
        self._family: Family | None = None
        self._formality = Formality.NEUTRAL
        """The form of address that was asked for with the template."""
        self._text = ""
        self._behind = False
        """Whether the replies are still to be filled with what was written for all."""
        self.sheet = AnswerSheet(len(self.replies), window, resolve=resolve)
        sheet = self.sheet
        self._filling = Throttle(sheet, FILLING, self._fill_soon)
        sheet.written.connect(self._written)
        sheet.edited.connect(self._edited)
        sheet.skipped.connect(self._skipped)
        sheet.renewed.connect(self._renewed)
        sheet.template_wanted.connect(lambda: self._tasks.spawn(self._choose(), "template"))

    def open(self) -> None:
        """Show it, with the caret where one writes once; it is filled, and conversations are read again, meanwhile."""
        self.sheet.open()
        self.sheet.common.setFocus()
        beginning = self._tasks.spawn(self._begin(), "look again")
        self.sheet.finished.connect(lambda _result: beginning.cancel())
        self.sheet.finished.connect(lambda _result: self._filling.cancel())

    async def _begin(self) -> None:
        await asyncio.sleep(0)  # the sheet is painted first
        await self._fill()
        await self._look()

    def keep_only(self, refused: dict[int, LazyText]) -> None:
        """The others are on their way; these stay with the reason."""
        self.replies = [
            msgspec.structs.replace(reply, refused=refused[reply.entry.case.id])
            for reply in self.replies
            if reply.entry.case is not None and reply.entry.case.id in refused
        ]
        self.sheet.show_replies(self.replies)

    def _written(self, text: str) -> None:
        if text == self._text:
            return  # only its colours changed
        self._text, self._family, self._behind = text, None, True
        self.sheet.say(lazy(""))
        self._filling.request()

    def _fill_soon(self) -> None:
        self._fill_in(self._fill())

    def _fill_in(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._tasks.latest(work, "fill")
        self.sheet.finished.connect(lambda _result: task.cancel())

    async def catch_up(self) -> None:
        """Have the replies say what is written for all now: nobody gets the words of a moment ago."""
        while self._behind:
            self._filling.cancel()
            await self._fill()

    async def _fill(self) -> None:
        """Fill all replies, in slices: typing goes on meanwhile."""
        end, text, family, formality = perf_counter() + SLICE, self._text, self._family, self._formality
        for place, reply in enumerate(self.replies):
            self.replies[place] = self._answering.write(reply, text, family, formality)
            if perf_counter() > end:
                await asyncio.sleep(0)
                end = perf_counter() + SLICE
        meant = self._text, self._family, self._formality
        self._behind = self._behind and (text, family, formality) != meant
        self.sheet.show_replies(self.replies)

    def _edited(self, place: int, text: str) -> None:
        if text == self.replies[place].text:
            return  # only its colours changed
        self.replies[place] = self._answering.edit(self.replies[place], text)
        self.sheet.show_reply(place, self.replies[place])

    def _skipped(self, place: int, skipped: bool) -> None:
        self.replies[place] = msgspec.structs.replace(self.replies[place], skipped=skipped)
        self.sheet.show_reply(place, self.replies[place])

    def _renewed(self, place: int) -> None:
        reply = msgspec.structs.replace(self.replies[place], edited=False)
        self.replies[place] = self._answering.write(reply, self._text, self._family, self._formality)
        self.sheet.show_reply(place, self.replies[place])
        self.sheet.own.setFocus()

    async def _choose(self) -> None:
        from workstation.views.case.template_picker import TemplatePicker

        families = await self._desk.templates.list()
        at = max(0, self.sheet.current)
        entry = self.replies[at].entry
        tags = entry.case.tags if entry.case is not None else ()
        drafting = self._desk.drafting
        wanted = Wanted(entry.message.language, tags, words_of((entry.message.text,)), drafting.own_language)
        picker = TemplatePicker(
            families,
            lambda family, formality: drafting.apply(family, entry, "", (), formality),
            wanted,
            self.sheet,
            lambda family: drafting.apply(family, entry, drafting.own_language),
        )
        picker.picked.connect(lambda family, applied: self._take(family, applied.wanted))
        picker.open()

    def _take(self, family: Family, formality: Formality) -> None:
        """A template for all: everybody gets the variant of their language."""
        self._family, self._formality = family, formality
        team = self._desk.settings.now.team_language
        chosen = choose(family, team, team, formality)
        self._text = chosen.variant.text if chosen is not None else ""
        self._behind = True
        self.sheet.put_common(self._text)
        self._fill_in(self._take_all())

    async def _take_all(self) -> None:
        await self._fill()
        languages = sorted({formats().language(reply.language) for reply in self.replies if reply.language})
        self.sheet.say(lazy("Each gets the variant of their language: {languages}", languages=", ".join(languages)))

    async def _look(self) -> None:
        """Read the conversations again, one after the other: who was answered meanwhile is not answered twice."""
        from workstation.services.answering import LOOKED

        for entry in [reply.entry for reply in self.replies][:LOOKED]:
            reply = next((known for known in self.replies if known.entry is entry), None)
            if reply is None or reply.refused is not None:
                continue
            why = await self._answering.look(reply)
            place = next((n for n, known in enumerate(self.replies) if known.entry is entry), None)
            if why is not None and place is not None:
                self.replies[place] = msgspec.structs.replace(self.replies[place], refused=why)
                self.sheet.show_reply(place, self.replies[place])
