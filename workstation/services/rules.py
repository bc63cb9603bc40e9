"""Rules on this desk: a text file of the profile, asked by the store, with a dry run, notices and holding replies.

A holding reply is decided in the store's transaction, once for a case and under an id of its own; here it becomes an
operation of the outbox, where it can be taken back. However often this is begun again, the outbox knows the id.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.actions import UndoRule
from workstation.domain.cases import Case, Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.errors import MeridianError
from workstation.domain.explaining import Part, explain
from workstation.domain.messages import Micros
from workstation.domain.outbox import HOLDING, Outgoing
from workstation.domain.replay import Report
from workstation.domain.rules import Fired, Rule, book, readable
from workstation.domain.text import LazyText, lazy
from workstation.services import rulefile, tomlfile
from workstation.services.actions import operation as new_operation
from workstation.services.background import Background, Sink, log_failure
from workstation.services.clock import SECOND, Clock
from workstation.services.drafting import Drafting
from workstation.services.feed import Feed
from workstation.services.observers import Observers
from workstation.services.outbox import Outbox
from workstation.services.rulefile import Difference, RuleFileError
from workstation.services.templates import Templates

if TYPE_CHECKING:
    from workstation.store.rules import Holding
    from workstation.store.store import Store

DRY_RUN: Micros = 30 * 86_400 * SECOND
UNDO_AT_LEAST: Micros = 60 * SECOND
"""A holding reply waits at least so long: nobody pressed a key for it, somebody has to be able to see it."""


class Proposal(msgspec.Struct, frozen=True):
    """What taking over a file of rules would change."""

    rules: tuple[Rule, ...]
    """All rules as they would be."""
    differences: tuple[Difference, ...]


class Held(msgspec.Struct, frozen=True):
    """What became of a holding reply: its row in the outbox, or why there is none."""

    rule: str
    case: int
    row: Outgoing | None = None
    why: LazyText | None = None


NOT_HELD: dict[str, LazyText] = {
    "no template": lazy("its template is not here any more"),
    "blank": lazy("a placeholder of its template could not be filled"),
    "too long": lazy("it is too long for the channel"),
}


class Rules:
    """The rules of this desk; `start` before the channels, `close` before the outbox."""

    def __init__(
        self,
        store: "Store",
        path: Path,
        feed: Feed,
        outbox: Outbox,
        drafting: Drafting,
        templates: Templates,
        clock: Clock,
        sink: Sink = log_failure,
    ) -> None:
        self._store, self._path, self._feed = store, path, feed
        self._outbox, self._drafting, self._templates, self._clock = outbox, drafting, templates, clock
        self._tasks = Background(sink)
        self._changed: Observers[tuple[Rule, ...]] = Observers()
        self._fired: Observers[Fired] = Observers()
        self._held: Observers[Held] = Observers()
        self._confirmed: dict[str, str] = {}
        self._wake = asyncio.Event()
        self._end: Callable[[], None] | None = None
        self.rules: tuple[Rule, ...] = ()
        """In the order in which they are asked."""
        self.trouble: MeridianError | None = None
        """Why the file of rules could not be read; it was put aside."""

    # -- the run -----------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Read the file, put the rules in force and go on with holding replies that a former run left."""
        self.rules = self._load()
        self._confirmed = await self._store.rules.confirmed()
        await self._enforce()
        self._end = self._feed.subscribe(self._on_change)
        self._wake.set()
        self._tasks.spawn(self._hold(), "holding replies")

    async def close(self) -> None:
        """Put no more replies into the outbox."""
        if self._end is not None:
            self._end()
        await self._tasks.close()

    def _load(self) -> tuple[Rule, ...]:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            self.trouble = RuleFileError(file=self._path.name, why=error.strerror or "")
            return ()
        try:
            return rulefile.parse(data, self._path.name)
        except RuleFileError as error:
            # The next save must not overwrite what somebody wrote by hand.
            self.trouble = error
            tomlfile.put_aside(self._path)
            return ()

    async def _enforce(self) -> None:
        await self._store.rules.use(book([self._allowed(rule) for rule in self.rules]))

    def _allowed(self, rule: Rule) -> Rule:
        """The rule without a holding reply that nobody has agreed to at this desk."""
        agreed = not rule.holding or self._confirmed.get(rule.id) == rule.holding
        return rule if agreed else msgspec.structs.replace(rule, holding="")

    def _on_change(self, changes: ChangeSet) -> None:
        for fired in changes.fired:
            if fired.did.notify is not None:
                self._fired.tell(fired)
            if fired.did.holding:
                self._wake.set()

    # -- what the desk asks for --------------------------------------------------------------------------------------

    def subscribe(self, callback: Callable[[tuple[Rule, ...]], None]) -> Callable[[], None]:
        """Call `callback` with the rules after each change."""
        return self._changed.subscribe(callback)

    def watch(self, callback: Callable[[Fired], None]) -> Callable[[], None]:
        """Call `callback` with every rule that wants to give notice."""
        return self._fired.subscribe(callback)

    def on_held(self, callback: Callable[[Held], None]) -> Callable[[], None]:
        """Call `callback` with what becomes of holding replies."""
        return self._held.subscribe(callback)

    async def save(self, rules: Sequence[Rule]) -> None:
        """Write the rules down and put them in force."""
        self.rules = tuple(rules)
        tomlfile.write(self._path, rulefile.table(self.rules))
        self.trouble = None
        await self._enforce()
        self._changed.tell(self.rules)

    def agreed(self, rule: Rule) -> bool:
        """Whether the rule's holding reply was switched on at this desk."""
        return bool(rule.holding) and self._confirmed.get(rule.id) == rule.holding

    async def agree(self, rule: Rule, agreed: bool) -> None:
        """Switch a rule's holding reply on or off; it is off until this is called."""
        template = rule.holding if agreed else ""
        await self._store.rules.confirm(rule.id, template)
        self._confirmed = await self._store.rules.confirmed()
        await self._enforce()

    async def dry_run(
        self, rules: Sequence[Rule], progress: Callable[[int, int], object] = lambda _done, _all: None
    ) -> Report:
        """What these rules would have done in the last 30 days, holding replies included. Cancel the task to stop."""
        return await self._store.rules.replay(book(rules), self._clock.now() - DRY_RUN, progress)

    async def explain(self, rule: Rule, entry: Entry) -> tuple[Part, ...]:
        """Why a rule fits an entry as it is now, part by part; empty for a filter that fits all or cannot be read."""
        filter_ = readable(rule)
        return () if filter_ is None else explain(filter_, entry, await self._store.messages.context())

    async def fits(self, rule: Rule, entry: Entry) -> bool:
        """Whether a rule fits an entry as it is now."""
        filter_ = readable(rule)
        return filter_ is not None and filter_.predicate(await self._store.messages.context())(entry)

    async def examples(self, messages: Sequence[int]) -> tuple[Entry, ...]:
        """The messages of a dry run's examples that still are here, in that order."""
        found = [await self._store.messages.get(number) for number in messages]
        return tuple(entry for entry in found if entry is not None)

    async def history(self, case: int = 0, message: int = 0) -> tuple[Fired, ...]:
        """What rules did to a case or a message, oldest first."""
        return await self._store.rules.fired(case=case, message=message)

    async def undoing(self, case: Case) -> UndoRule | None:
        """The command that takes back what rules did to a case and is still so; None if there is nothing."""
        return undo_of(case, await self.history(case.id))

    async def unfold(self, message: int) -> None:
        """Show a card in full again."""
        await self._store.rules.unfold((message,))

    # -- files -------------------------------------------------------------------------------------------------------

    async def read_file(self, path: Path) -> Proposal:
        """What a file of rules would change here; nothing is changed yet. Raises RuleFileError."""
        try:
            data = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise RuleFileError(file=path.name, why=error.strerror or "") from error
        new = rulefile.parse(data, path.name)
        return Proposal(rulefile.merged(self.rules, new), rulefile.compare(self.rules, new))

    async def export_file(self, path: Path) -> int:
        """Write all rules to a file; how many."""
        await asyncio.to_thread(tomlfile.write, path, rulefile.table(self.rules))
        return len(self.rules)

    # -- holding replies ---------------------------------------------------------------------------------------------

    async def _hold(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            for holding in await self._store.rules.due():
                state = await self._queue(holding)
                await self._store.rules.held(holding.case, state)
                row = await self._store.outbox.get(holding.operation) if state == "queued" else None
                if state != "answered":
                    name = next((rule.name for rule in self.rules if rule.id == holding.rule), "")
                    why = None if row is not None else NOT_HELD.get(state, lazy("the channel does not take it"))
                    self._held.tell(Held(name, holding.case, row, why))

    async def _queue(self, holding: "Holding") -> str:
        """Put one into the outbox; "queued", or the reason why it cannot be sent ("answered": it need not be)."""
        entry = await self._store.messages.get(holding.message)
        family = next((each for each in await self._templates.list() if each.key == holding.template), None)
        if entry is None or entry.case is None or entry.case.waiting_since == 0:
            return "answered"
        if family is None:
            return "no template"
        applied = self._drafting.apply(family, entry)
        if applied is None or applied.filled.blanks:
            return "blank"
        message = entry.message
        wanted = self._drafting.operation(message, applied.filled.text, language=applied.language, automatic=True)
        options = wanted.options | {HOLDING: holding.rule}
        wanted = msgspec.structs.replace(wanted, id=holding.operation, options=options)
        if not self._drafting.measure(message.channel, wanted).fits:
            return "too long"
        try:
            await self._outbox.queue(wanted, message.channel, entry.case.id, message.id, undo_at_least=UNDO_AT_LEAST)
        except MeridianError as error:
            return error.code
        return "queued"


def undo_of(case: Case, history: Sequence[Fired]) -> UndoRule | None:
    """The command that takes back what rules did, as far as nobody has changed it since; None for nothing."""
    did = [fired for fired in history if fired.did.to_case]
    tags = set(case.tags)
    for fired in reversed(did):
        tags = (tags - set(fired.did.add)) | set(fired.did.remove)
    add, remove = tuple(sorted(tags - set(case.tags))), tuple(sorted(set(case.tags) - tags))
    priority: int | None = None
    for before, after in [fired.did.priority for fired in reversed(did) if fired.did.priority is not None]:
        if after != (case.priority if priority is None else priority):
            break
        priority = before
    if not add and not remove and priority is None:
        return None
    names = ", ".join(dict.fromkeys(fired.name for fired in did))
    return UndoRule(
        operation=new_operation(), case=case.id, version=case.version, rule=names, add=add, remove=remove,
        priority=priority,
    )  # fmt: skip
