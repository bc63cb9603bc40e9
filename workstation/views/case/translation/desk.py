"""The two editors joined with the provider, the memory and the glossary: nothing leaves the machine without a key."""

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.checks import SIMILAR
from workstation.domain.memory import Sent, Term
from workstation.domain.outbox import WRITTEN, Operation, State
from workstation.domain.segments import sentence_at
from workstation.domain.templates import Formality
from workstation.domain.text import LazyText, lazy
from workstation.domain.translation import Pair, Provenance
from workstation.i18n import render
from workstation.providers.base import TranslatorError
from workstation.qt.tasks import Tasks
from workstation.qt.throttle import Throttle
from workstation.services.translation_jobs import Job, Leaving, Spent, Status, names_of
from workstation.views.case.composer import Composer
from workstation.views.case.resting import Resting
from workstation.views.case.translation.sides import Agreement
from workstation.views.case.translation.strip import Line, Offer
from workstation.views.desk_actions import DeskActions
from workstation.views.notices import Notices
from workstation.views.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from workstation.services.desk import Desk
    from workstation.views.case.squiggles import Squiggles

SUGGEST_MS = 250
"""How long typing rests before the memory is asked."""
DETECT_MS, DETECT_MS_MOST = 600, 3_000
"""How long typing rests before it is found out in which language the customer's text is."""
BACK = lazy("Back-translation")
NOBODY = lazy("No translation provider is set up: nothing leaves this machine.")
CHANGED = lazy("The text was changed after the template was inserted: its form of address is left to you.")
ADDRESSES: dict[Formality, LazyText] = {
    Formality.NEUTRAL: lazy("Neutral"),
    Formality.FORMAL: lazy("Formal"),
    Formality.INFORMAL: lazy("Informal"),
}


class TranslationDesk(QObject):
    """Translates, translates back, suggests, and says what is under way."""

    def __init__(
        self, composer: Composer, desk: "Desk", actions: DeskActions, notices: Notices, tasks: Tasks, window: QWidget
    ) -> None:
        super().__init__(composer)
        self._composer, self._desk, self._actions = composer, desk, actions
        self._notices, self._tasks, self._window = notices, tasks, window
        self.view, self.sides = composer.view, composer.sides
        self._status, self._spent = Status(), Spent(0, 0)
        self._back = ""
        self._trouble: LazyText | None = None
        self._leaving: Leaving | None = None
        self._work: asyncio.Task[object] | None = None
        self._terms: tuple[Term, ...] = ()
        self._asked = ""
        self._suggesting = Throttle(self, SUGGEST_MS, self._suggest)
        self._looking = Resting(self, DETECT_MS, DETECT_MS_MOST, self._detect)
        self._speakers: tuple[Squiggles, ...] = ()
        composer.opened.connect(self._begin)
        composer.closed.connect(self.cancel)
        composer.on_sending = self._learn
        self.sides.changed.connect(self._turned)
        self.view.own_edited.connect(self._typed)
        self.view.target_edited.connect(self._forget_back)
        self.view.target_edited.connect(self._looking.later)
        self.view.strip.cancel_wanted.connect(self.cancel)
        self.view.strip.offer_wanted.connect(self.take)
        self._pair = Pair("", "")
        self._ends: list[Callable[[], None]] = []
        self._end_hearing = desk.feed.subscribe(self._heard)
        self._bind()

    def close(self) -> None:
        """Follow nothing any more."""
        self._suggesting.cancel()
        self._looking.cancel()
        self._end_hearing()
        for end in self._ends:
            end()
        self._ends = []

    def _bind(self) -> None:
        for name, handler in {
            "composer.sides": self._composer.turn_sides,
            "composer.translate": self.translate,
            "composer.back": self.translate_back,
            "composer.suggestion": self._take_first,
            "composer.suggestions": self._choose,
            "composer.formality": self._choose_formality,
        }.items():
            self._actions.on(name, handler)
        self._allow()

    def _allow(self) -> None:
        closed = None if self._composer.entry is not None else lazy("Open a reply first.")
        two = closed or (None if self.view.two else lazy("Show the customer’s language beside yours first."))
        self._actions.allow("composer.sides", closed)
        configured = self._desk.settings.now.translator.configured
        provider = None if configured else lazy("No translation provider is set up.")
        for name in ("composer.other", "composer.finding", "composer.suggestion", "composer.suggestions"):
            self._actions.allow(name, two)
        self._actions.allow("composer.formality", closed)
        for name in ("composer.translate", "composer.back"):
            self._actions.allow(name, two or provider)

    # -- what is agreed on and what is up --------------------------------------------------------------------------

    def _join(self) -> None:
        """Put the services together when the first reply is opened: a start pays for every module."""
        desk = self._desk
        self._ends = [
            desk.translating.watch(self._on_leaving),
            desk.translating.subscribe(lambda _status: self._look()),
            desk.terms.subscribe(self._agree),
        ]
        self._speakers = tuple(frame.text.spell_with(desk.spelling) for frame in (self.view.frame, self.view.target))

    def _begin(self) -> None:
        if not self._ends:
            self._join()
        self.cancel()
        self._back, self._trouble, self._asked = "", None, ""
        self._pair = Pair("", "")
        self._turned()

    def _turned(self) -> None:
        """Languages, or what is shown, are others."""
        self._allow()
        own = self.sides.own if self.view.two else self.sides.language
        for speaker, language in zip(self._speakers, (own, self.sides.language), strict=False):
            speaker.speak(language)
        if self.view.two and self._composer.entry is not None and self.sides.pair != self._pair:
            self._pair = self.sides.pair
            self._agree()
            self._looking.later()
        self._say()

    def _agree(self) -> None:
        if self.view.two and self.sides.differ:
            self._tasks.latest(self._read_agreement(self.sides.pair), "agreement")

    async def _read_agreement(self, pair: Pair) -> None:
        agreed = await self._desk.terms.agreed(pair)
        if pair == self.sides.pair:
            self.sides.agreement = Agreement(agreed.kept, agreed.glossary)
            self._terms = agreed.terms
            for speaker in self._speakers:
                speaker.keep(agreed.kept)
            self.view.edited.emit()
        await self._desk.memory.warm(pair)
        await self._read_status()

    def _look(self) -> None:
        self._allow()
        self._tasks.latest(self._read_status(), "translator")

    async def _read_status(self) -> None:
        self._status = await self._desk.translating.status()
        if self._status.configured and self._status.problem is None:
            self._spent = await self._desk.translating.spent()
        self._allow()
        self._say()

    def _on_leaving(self, leaving: Leaving) -> None:
        self._leaving = leaving if leaving.under_way else None
        self._say()

    # -- the line --------------------------------------------------------------------------------------------------

    def _say(self) -> None:
        if self.view.two:
            self.view.strip.say(self._line())

    def _line(self) -> Line:
        if self._leaving is not None:
            text = (
                lazy("Translating on this machine ({host}): {count} characters…")
                if self._leaving.local
                else lazy("Sending {count} characters to {host}, personal data masked…")
            )
            words = lazy(text.msgid, host=self._leaving.host, count=self._leaving.characters)
            return Line("loader-circle", "accent", words=words, busy=True)
        if self._work is not None:
            return Line("loader-circle", "accent", words=lazy("Translating…"), busy=True)
        if self._trouble is not None:
            return Line("circle-alert", "danger", words=self._trouble)
        if self._back:
            alike = self.sides.similarity
            tone = "warn" if alike is not None and alike < SIMILAR else "secondary"
            return Line("rotate-ccw", tone, head=BACK, text=f"“{self._back}”")
        return self._idle()

    def _idle(self) -> Line:
        status, key = self._status, self._actions.key_text("composer.translate")
        if not status.configured:
            return Line("info", "secondary", words=NOBODY)
        if status.problem is not None:
            return Line("circle-alert", "danger", words=status.problem)
        if self._spent.provider.known and self._spent.provider.limit > 0:
            words = lazy(
                "{key} translates by {title} ({host}). Used: {used} of {limit} characters.", key=key,
                title=status.title, host=status.host, used=self._spent.provider.used, limit=self._spent.provider.limit,
            )  # fmt: skip
        else:
            words = lazy(
                "{key} translates by {title} ({host}). This month: {used} characters.", key=key, title=status.title,
                host=status.host, used=self._spent.characters,
            )  # fmt: skip
        return Line("languages", "secondary", words=words)

    # -- translating -----------------------------------------------------------------------------------------------

    def _job(self, text: str, pair: Pair) -> Job:
        names = names_of((entry.message for entry in self._thread()), self._desk.settings.now.signature)
        agreed = self.sides.agreement
        return Job(text, pair, self.sides.formality, names, agreed.kept, agreed.glossary)

    def _thread(self) -> tuple[Entry, ...]:
        entry = self._composer.entry
        return (*((entry,) if entry is not None else ()), *self._composer.seen)

    def translate(self) -> None:
        """Ask the provider for the customer's text; a person's is never overwritten, the machine's is offered then."""
        if self.view.two and self.view.own_text.strip():
            self._begin_work(self._translate(self.view.own_text))
        elif self.view.two:
            self._notices.say(lazy("Write something in your own language first."), key="translation")

    def translate_back(self) -> None:
        """Ask the provider what the customer's text says, in the agent's language."""
        if self.view.two and self.view.text.strip():
            self._begin_work(self._translate_back())

    def _begin_work(self, work: "Awaitable[object]") -> None:
        self._trouble, self._back = None, ""
        self._work = self._tasks.latest(self._watched(work), "translation")
        self._say()

    async def _watched(self, work: "Awaitable[object]") -> None:
        try:
            await work
        except TranslatorError as error:
            self._trouble = error.text
        except asyncio.CancelledError:
            self._trouble = lazy("Cancelled: the text is as it was.")
            raise
        finally:
            if self._work is asyncio.current_task():
                self._work = None
            self._say()

    def cancel(self) -> None:
        """Wait for no answer any more; the text stays as it is."""
        if self._work is not None:
            self._work.cancel()

    async def _translate(self, own: str) -> None:
        entry, before = self._composer.entry, (self.view.text, self.sides.provenance)
        found = await self._desk.translating.translate(self._job(own, self.sides.pair))
        if self._composer.entry is not entry or not self.view.two:
            return
        theirs = self.view.text.strip() and (
            self.sides.provenance is Provenance.HUMAN or (self.view.text, self.sides.provenance) != before
        )
        if theirs:
            self._offer_machine(found.translated.text)
            return
        self.sides.put_machine(found.translated.text, own)
        self._spent = await self._desk.translating.spent()
        await self._translate_back()

    def _offer_machine(self, text: str) -> None:
        offer = Offer(text, lazy("Machine, in place of all"), whole=True, machine=True)
        others = [each for each in self.view.strip.offers if not each.machine]
        self.view.strip.show_offers((offer, *others))
        self._notices.say(
            lazy("The customer’s text is a person’s and was not touched: the translation is offered below."),
            key="translation",
        )

    async def _translate_back(self) -> None:
        text, own = self.view.text, self.view.own_text
        back = await self._desk.translating.back(own, self._job(text, self.sides.pair.back))
        if self.view.two and (self.view.text, self.view.own_text) == (text, own):
            self._back = back.text
            self.sides.similarity = back.similarity
            self.view.edited.emit()
        self._spent = await self._desk.translating.spent()

    def _forget_back(self) -> None:
        if self._back or self._trouble is not None:
            self._back, self._trouble = "", None
            self._say()

    # -- suggesting ------------------------------------------------------------------------------------------------

    def _typed(self) -> None:
        self._forget_back()
        self._suggesting.later()

    def _suggest(self) -> None:
        if self.view.two and self.sides.differ and self._composer.entry is not None:
            self._tasks.latest(self._read_suggestions(), "suggestions")

    async def _read_suggestions(self) -> None:
        own = self.view.own_text
        start, end = sentence_at(own, self.view.editor.caret())
        sentence = own[start:end]
        if sentence == self._asked:
            return
        self._asked = sentence
        job = self._job(sentence, self.sides.pair)
        found = await self._desk.memory.suggest(sentence, job.pair, terms=job.terms, names=job.names)
        offers = [Offer(each.text, lazy("Memory {score} %", score=each.score)) for each in found]
        folded = sentence.casefold()
        offers += [
            Offer(term.target, lazy("{word}", word=term.source))
            for term in self._terms
            if term.target and term.source.casefold() in folded
        ]
        self.view.strip.show_offers(offers)

    # -- the language of the customer's text -----------------------------------------------------------------------

    def _detect(self) -> None:
        if self.view.two and self.sides.differ and self._composer.entry is not None:
            self._tasks.latest(self._read_language(self.view.text, self.sides.pair), "language of the text")

    async def _read_language(self, text: str, pair: Pair) -> None:
        found = await self._desk.detecting.of_text(text, pair.source, pair.target)
        if self.view.two and (self.view.text, self.sides.pair) == (text, pair) and found != self.sides.detected:
            self.sides.detected = found
            self.view.edited.emit()

    def take(self, offer: Offer) -> None:
        """Put what was offered into the customer's text; by whom it is said, it is the agent's choice."""
        if offer.machine:
            self.sides.put_machine(offer.text, self.view.own_text)
            self.view.strip.show_offers([each for each in self.view.strip.offers if each is not offer])
        else:
            self.view.target.text.insert(offer.text)

    def _take_first(self) -> None:
        if self.view.strip.offers:
            self.take(self.view.strip.offers[0])

    def _choose(self) -> None:
        offers = self.view.strip.offers
        if not offers:
            self._notices.say(lazy("Nothing like it was sent before."), key="translation")
            return
        picker = Picker(lazy("Suggestions"), lazy("Type to find"), self._window)
        picker.offer(
            [Choice(str(at), " ".join(each.text.split()), hint=render(each.note)) for at, each in enumerate(offers)]
        )
        picker.chosen.connect(lambda choice: self.take(offers[int(choice.id)]))
        picker.open()

    def _choose_formality(self) -> None:
        picker = Picker(lazy("How the customer is addressed"), lazy("Type to find"), self._window)
        picker.offer([Choice(each.value, render(words)) for each, words in ADDRESSES.items()])
        picker.chosen.connect(lambda choice: self._address(Formality(choice.id)))
        picker.open()

    def _address(self, formality: Formality) -> None:
        self.sides.formality = formality
        self.sides.tell()
        if self._composer.inserting.address_anew(self._composer.family, formality) is False:
            self._notices.say(CHANGED, key="translation")
        self.view.edited.emit()

    # -- learning --------------------------------------------------------------------------------------------------

    def _heard(self, changes: ChangeSet) -> None:
        """What was written in an earlier run leaves in this one, where nobody may have asked for the memory yet."""
        if any(row.state is State.SENT and WRITTEN in row.operation.options for row in changes.outbox):
            self._desk.memory.hear(changes)

    def _learn(self, operation: Operation) -> None:
        """What is on its way in two languages is remembered once it has left."""
        own = operation.options.get(WRITTEN, "")
        if own and operation.language and not self.sides.stale:
            names = names_of((entry.message for entry in self._thread()), self._desk.settings.now.signature)
            self._desk.memory.when_sent(
                operation.id, Sent(self.sides.own, operation.language, own, operation.text, names)
            )
