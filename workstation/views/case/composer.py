"""The composer with its services: the journalled draft, the checks while one types, templates, Send."""

import asyncio
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Case, Entry, Holder
from workstation.domain.drafts import Draft, Written
from workstation.domain.languages import named
from workstation.domain.messages import Message, Visibility
from workstation.domain.outbox import OUTDATED, WRITTEN, WRITTEN_IN, Act, Operation
from workstation.domain.templates import Family
from workstation.domain.text import lazy
from workstation.domain.traces import Masker
from workstation.qt.tasks import Tasks
from workstation.services.drafting import Applied, Drafting
from workstation.services.supervisor import Supervisor
from workstation.services.templates import Templates
from workstation.views.case.composer_head import target_of
from workstation.views.case.composer_templates import Inserting, fits
from workstation.views.case.composer_view import ComposerView
from workstation.views.case.resting import Resting
from workstation.views.case.sending import Reply, Sending
from workstation.views.case.translation.sides import Sides
from workstation.views.notices import Notices

if TYPE_CHECKING:
    from collections.abc import Callable

JOURNAL_MS, JOURNAL_MS_MOST = 400, 5_000
"""How long typing rests before the draft is written down, and the most that a crash costs who never rests."""
CHECK_MS, CHECK_MS_MOST = 80, 400
"""How long typing rests before both sides are compared; whoever asks before, such as Send, does not wait."""
LIVE = 1_000
"""Characters up to which a text is counted with each key; a longer one is when typing rests."""


class Composer(QObject):
    """Opens for an entry, keeps its text safe, sends it."""

    opened = Signal()
    informed = Signal()
    """The thread that is answered is known now."""
    closed = Signal()
    sent = Signal()

    def __init__(
        self,
        view: ComposerView,
        drafting: Drafting,
        templates: Templates,
        supervisor: Supervisor,
        sending: Sending,
        notices: Notices,
        tasks: Tasks,
        window: QWidget,
    ) -> None:
        super().__init__(view)
        self.view = view
        self._drafting = drafting
        self._templates = templates
        self._supervisor = supervisor
        self._sending = sending
        self._notices = notices
        self._tasks = tasks
        self._window = window
        self._entry: Entry | None = None
        self._act = Act.REPLY
        self._family = 0
        self._language = ""
        self._loading = False
        self._writing: asyncio.Task[None] | None = None
        self._inserted: set[int] = set()
        self._seen: tuple[Entry, ...] = ()
        self._journal = Resting(self, JOURNAL_MS, JOURNAL_MS_MOST, self._save)
        self._checking = Resting(self, CHECK_MS, CHECK_MS_MOST, self._check)
        self._counted: tuple[object, ...] | None = None
        """What was counted last."""
        view.strip.settle = self._checking.flush
        self.sides = Sides(view)
        self.on_sending: Callable[[Operation], object] = lambda _operation: None
        """Told what goes into the outbox, while both texts are here."""
        self.inserting = Inserting(view, drafting, templates, tasks, window)
        self.inserting.sides = self.sides
        self.inserting.inserted.connect(self._inserted_one)
        view.edited.connect(self._edited)
        view.send_wanted.connect(lambda with_resolve: self._tasks.spawn(self._send(resolve=with_resolve), "send"))
        view.language_wanted.connect(self._choose_language)
        view.closed.connect(self.close)

    @property
    def entry(self) -> Entry | None:
        """What is being answered, or None while the composer is closed."""
        return self._entry

    @property
    def family(self) -> int:
        """The template that the text began with, or 0."""
        return self._family

    @property
    def seen(self) -> tuple[Entry, ...]:
        """The thread as it was when writing began."""
        return self._seen

    def open_reply(self, entry: Entry, seen: tuple[Entry, ...]) -> None:
        """Answer a message; `seen` is the thread as it is on the screen."""
        if self._entry is not None and self._key(entry, Act.REPLY) == self._key(self._entry, self._act):
            self._entry, self._seen = entry, seen or self._seen
            self._show_target()
            self.view.editor.setFocus()
            return
        self._tasks.latest(self._open(entry, Act.REPLY, seen), "composer")

    def open_edit(self, message: Message) -> None:
        """Change a message of ours."""
        self._tasks.latest(self._open(Entry(message), Act.EDIT, ()), "composer")

    def saw(self, seen: tuple[Entry, ...]) -> None:
        """The thread as it is when writing begins; what arrives later is shown before the reply leaves.

        That it has appeared beside the editor does not mean that somebody who writes has noticed.
        """
        if self._entry is not None and not self._seen:
            self._seen = seen
            self.inserting.begin(self._entry, seen)
            self.informed.emit()

    def _looked(self, seen: tuple[Entry, ...]) -> None:
        self._seen = seen

    def follow(self, case: Case) -> None:
        """The case under the reply changed."""
        if self._entry is not None and self._entry.case is not None and self._entry.case.id == case.id:
            self._entry = msgspec.structs.replace(self._entry, case=case)

    async def _open(self, entry: Entry, act: Act, seen: tuple[Entry, ...]) -> None:
        self._journal.flush()
        if self._writing is not None:
            await asyncio.wait([self._writing])  # what was just closed may be what is opened
        draft = await self._drafting.load(self._key(entry, act))
        self._entry, self._act, self._seen = entry, act, seen
        self._family, self._inserted = draft.family if draft else 0, set()
        self.inserting.begin(entry, seen)
        message = entry.message
        # As public as the question unless the agent chose otherwise; a draft remembers the choice.
        visibility = draft.visibility if draft is not None else self._default_visibility(message)
        text = draft.text if draft is not None else message.text if act is Act.EDIT else ""
        spoiler = draft.spoiler if draft is not None else message.spoiler
        expected = self._drafting.language(message, act)
        self._language = (draft.language if draft is not None else "") or expected
        self._show_target()
        own = self._drafting.own_language
        written = draft.written if draft is not None else self._begun(act, own)
        self._loading = True
        self.view.put(text, draft.caret if draft is not None else len(text), visibility, spoiler, written)
        self.sides.begin(own, self._language, written, shown=self.view.two)
        self._loading = False
        self._counted = None
        self._check()
        self.view.show_saved(draft is not None)
        self.opened.emit()
        self.view.editor.setFocus()

    def _begun(self, act: Act, own: str) -> Written | None:
        """Begin with two editors where the customer's language is none that the agent reads."""
        wanted = act is Act.REPLY and self._drafting.two_sides and not self._drafting.reads(self._language)
        return Written(language=own) if wanted else None

    @staticmethod
    def _default_visibility(message: Message) -> Visibility:
        return Visibility.DIRECT if message.visibility is Visibility.INTERNAL else message.visibility

    @staticmethod
    def _key(entry: Entry, act: Act) -> int | str:
        if act is Act.REPLY and entry.case is not None:
            return entry.case.id
        return f"{act.value}:{entry.message.id}"

    def _show_target(self) -> None:
        entry = self._entry
        if entry is None:
            return
        self.view.show_target(target_of(self._act, entry.message, self._supervisor))

    # -- while one types -------------------------------------------------------------------------------------------

    def _operation(self) -> Operation | None:
        if self._entry is None:
            return None
        operation = self._drafting.operation(
            self._entry.message,
            self.view.text,
            act=self._act,
            visibility=self.view.visibility.value,
            language=self._language,
            spoiler=self.view.spoiler,
        )
        if not self.view.two or not self.view.own_text.strip():
            return operation
        beside = {WRITTEN: self.view.own_text, WRITTEN_IN: self.sides.own}
        if self.sides.stale:
            beside[OUTDATED] = "1"
        return msgspec.structs.replace(operation, options=operation.options | beside)

    def _edited(self) -> None:
        if self._loading or self._entry is None:
            return
        self._checking.later()
        if len(self.view.text) <= LIVE:
            self._count()
        self.view.show_saved(False)
        self.view.show_hint(self.inserting.hint())
        self._journal.later()

    def _count(self) -> None:
        """Count what is sent, where that is something else than before."""
        view, entry = self.view, self._entry
        counted = (view.text, view.spoiler, view.visibility.value, self._language)
        if entry is None or counted == self._counted:
            return
        operation = self._operation()
        if operation is not None:
            self._counted = counted
            view.show_check(self._drafting.check(entry.message.channel, operation, entry.message))

    def _check(self) -> None:
        """Look at everything now, whatever was waiting."""
        self._checking.cancel()
        if self._entry is not None:
            self.sides.check()
            self._count()
            self.view.show_findings()

    def refresh(self) -> None:
        """A channel was signed in or out: names, choices and checks may differ."""
        if self._entry is not None:
            self._show_target()
            self._counted = None
            self._check()

    def _save(self) -> None:
        if self._entry is not None:
            key = self._key(self._entry, self._act)
            self._writing = self._tasks.latest(self._write_down(key, self._draft()), f"journal {key}")

    def _draft(self) -> Draft:
        return Draft(
            self.view.text,
            language=self._language,
            visibility=self.view.visibility.value,
            spoiler=self.view.spoiler,
            family=self._family,
            caret=self.view.sent_editor.caret(),
            written=self.sides.written(),
        )

    async def _write_down(self, key: int | str, draft: Draft) -> None:
        await self._drafting.save(key, draft)
        if self._entry is not None and self._key(self._entry, self._act) == key:
            self.view.show_saved(not draft.empty)

    async def flush(self) -> None:
        """Write the draft down now; before the window goes."""
        self._journal.cancel()
        if self._entry is not None:
            await self._drafting.save(self._key(self._entry, self._act), self._draft())

    # -- templates -------------------------------------------------------------------------------------------------

    def insert_template(self, query: str = "") -> None:
        """Let the agent choose templates and put them at the caret; as often as wanted."""
        self.inserting.choose(query)

    def _inserted_one(self, family: Family, applied: Applied) -> None:
        self._family = self._family or family.id
        self._inserted.add(family.id)
        if fits(applied) or not self.view.two:
            self._speak(applied.language)

    # -- language --------------------------------------------------------------------------------------------------

    def _choose_language(self) -> None:
        # Imported when first opened: a start pays for every module.
        from workstation.views.case.language_picker import LanguagePicker

        if self._entry is not None:
            picker = LanguagePicker((self._language, named(self._entry.message.language)), self._window)
            picker.chosen.connect(lambda choice: self._speak(choice.id))
            picker.open()

    def corrected(self, message: Message) -> None:
        """The language that the customer wrote in was corrected: an answer that followed it follows."""
        if self._entry is None or self._entry.message.id != message.id:
            return
        before = self._drafting.language(self._entry.message, self._act)
        self._entry = msgspec.structs.replace(self._entry, message=message)
        self._show_target()
        now = self._drafting.language(message, self._act)
        if now and self._language in ("", before):
            self._speak(now)

    def _speak(self, language: str) -> None:
        self._language = language
        self.sides.speak(language)
        if self.view.two and not self.sides.differ:
            self._turn(shown=False)
        self.view.language.show_language(language)
        self._edited()

    def turn_sides(self) -> None:
        """One editor or two; what would be sent stays so, what stands beside it is kept with the draft."""
        entry = self._entry
        if entry is None:
            return
        self._turn(shown=not self.view.two)
        self._edited()
        if self.view.two and not self.sides.differ:
            self._choose_language()

    def _turn(self, *, shown: bool) -> None:
        expected = self._drafting.language(self._entry.message, self._act) if self._entry is not None else ""
        self._loading = True
        self._language = self.sides.turn(self._drafting.own_language, expected, shown=shown)
        self._loading = False

    # -- sending ---------------------------------------------------------------------------------------------------

    async def _send(self, *, resolve: bool) -> None:
        if self.view.hindered:  # by a key since Send was pressed
            self.view.go_where_wrong()
            return
        entry, operation = self._entry, self._operation()
        if entry is None or operation is None:
            return
        if entry.case is not None and entry.case.holder is Holder.HELD:
            self._notices.say(lazy("Somebody else is working on this case."), tone="danger", key="command")
            return
        await self.flush()
        draft, act, families = self._draft(), self._act, set(self._inserted)
        self.view.set_busy(True)
        try:
            left = await self._sending.send(
                Reply(entry, operation, self._seen, resolve), lambda: self._restore(entry, act, draft), self._looked
            )
        finally:
            self.view.set_busy(False)
        if not left:
            self.view.sent_editor.setFocus()
            return
        self.on_sending(operation)
        self._journal.cancel()
        await self._drafting.discard(self._key(entry, act))
        for family in families:
            await self._templates.used(family, entry.case.id if entry.case is not None else 0)
        self._forget()
        self.sent.emit()

    def _restore(self, entry: Entry, act: Act, draft: Draft) -> None:
        self._tasks.spawn(self._give_back(entry, act, draft), "restore")

    async def _give_back(self, entry: Entry, act: Act, draft: Draft) -> None:
        if self._entry is None:
            await self._drafting.save(self._key(entry, act), draft)
            await self._open(entry, act, self._seen)
        else:
            # Something else is being written: the text waits as that case's draft.
            await self._drafting.save(self._key(entry, act), draft)
            kept = lazy("The text is kept as a draft of its case.")
            self._notices.say(kept, key="draft")

    def mask(self, masker: Masker) -> None:
        """Take somebody who was erased out of what is being written."""
        view = self.view
        written = self.sides.written()
        own = written.text if written is not None else ""
        if masker.found_in(view.text, view.spoiler, own):
            caret = min(view.sent_editor.caret(), len(masker.mask(view.text)))
            if written is not None:
                written = msgspec.structs.replace(written, text=masker.mask(own), caret=0)
            view.put(masker.mask(view.text), caret, view.visibility.value, masker.mask(view.spoiler), written)
            self._edited()

    def close(self) -> None:
        """Close; what was written stays as a draft."""
        self._journal.flush()
        self._forget()

    def _forget(self) -> None:
        self._entry = None
        self._checking.cancel()
        self.inserting.end()
        self.closed.emit()
