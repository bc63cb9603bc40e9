"""The page of rules with its services: saving with a way back, the dry run, files, notices, and what rules did."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Case, Entry
from workstation.domain.errors import MeridianError
from workstation.domain.messages import Mark, Message
from workstation.domain.replay import Tally
from workstation.domain.rules import MOST_RULES, Fired, Rule, Severity
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import _, render
from workstation.qt.dialogs import ask_file, opened
from workstation.qt.tasks import Tasks
from workstation.services.actions import operation
from workstation.services.desk import Desk
from workstation.services.rules import Held
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import Scope
from workstation.views.notices import Notice, Notices
from workstation.views.undoing import UNDO, Undoing

if TYPE_CHECKING:
    import asyncio

    from workstation.views.rules.page import RulesPage

NO_RULE = lazy("Choose a rule first.")
NO_RULES = lazy("There are no rules yet.")
NO_MESSAGE = lazy("Select a message first.")
NO_CASE = lazy("Select a message that has a case first.")
NOT_FOLDED = lazy("This card is not folded.")
NOTHING_TO_SAVE = lazy("There is nothing to save, or it cannot be read yet.")
OF_RULE = tuple(f"rules.{name}" for name in ("copy", "up", "down", "switch", "remove"))
FILES = "TOML (*.toml)"
FILE = "rules.toml"


class RulesDesk:
    """Joins rules with the window."""

    def __init__(
        self,
        desk: Desk,
        actions: DeskActions,
        undoing: Undoing,
        notices: Notices,
        tasks: Tasks,
        window: QWidget,
        entry: Callable[[], Entry | None],
        open_entry: Callable[[Entry], object],
    ) -> None:
        self._desk, self._rules, self._actions = desk, desk.rules, actions
        self._undoing, self._notices, self._tasks, self._window = undoing, notices, tasks, window
        self._entry, self._open_entry = entry, open_entry
        self._page: RulesPage | None = None
        self._run: asyncio.Task[None] | None = None
        self._ends = [
            self._rules.watch(self._fired),
            self._rules.on_held(self._held),
            self._rules.subscribe(lambda _rules: self._show()),
        ]
        self._bind()

    def _bind(self) -> None:
        on = self._actions.on
        on("rules.new", self.new)
        on("rules.copy", self.copy)
        on("rules.save", lambda: self._with_page(lambda page: page.save_current()))
        on("rules.up", lambda: self._with_page(lambda page: page.shift(-1)))
        on("rules.down", lambda: self._with_page(lambda page: page.shift(1)))
        on("rules.switch", lambda: self._with_page(lambda page: page.switch()))
        on("rules.remove", self.remove)
        on("rules.try", self.dry_run)
        on("rules.why", lambda: self._tasks.latest(self._why(), "why"))
        on("rules.import", lambda: self._tasks.latest(self._import(), "import rules"))
        on("rules.export", lambda: self._tasks.latest(self._export(), "export rules"))
        on("rules.undo", lambda: self._tasks.spawn(self._undo(), "undo rules"))
        on("rules.unfold", self.unfold)
        self.look_at(None, None)
        self._look()

    def close(self) -> None:
        """Listen no more."""
        for end in self._ends:
            end()

    def make(self) -> QWidget:
        """The page, made when it is first gone to."""
        # Imported when first opened: a start pays for every module.
        from workstation.views.rules.page import RulesPage

        columns = self._desk.columns
        page = RulesPage(
            self._actions, lambda text: columns.count(text, queue=False), self._tasks.spawn, self._desk.clock.now
        )
        self._page = page
        page.agreed = self._rules.agreed
        page.saved.connect(self._saved)
        page.example_wanted.connect(self._take_example)
        page.looked.connect(self._look)
        page.editor.agreement_wanted.connect(lambda wanted: self._tasks.spawn(self._agree(wanted), "agree"))
        page.report.cancelled.connect(self.stop)
        page.report.examples_wanted.connect(lambda tally: self._tasks.spawn(self._examples(tally), "examples"))
        page.report.opened.connect(self._open_entry)
        page.show_rules(self._rules.rules)
        self._actions.attach(Scope.RULES, page)
        self._tasks.spawn(self._templates(), "templates of rules")
        if self._rules.trouble is not None:
            self._notices.say(self._rules.trouble.text, tone="danger", key="rules")
        return page

    async def _templates(self) -> None:
        families = await self._desk.templates.list()
        if self._page is not None:
            self._page.editor.show_templates(families)
            self._page.refresh()

    def _with_page(self, work: "Callable[[RulesPage], object]") -> None:
        self._go()
        if self._page is not None:
            work(self._page)

    def _go(self) -> None:
        self._actions.run("page.rules")

    def _show(self, choose: str = "") -> None:
        if self._page is not None:
            self._page.show_rules(self._rules.rules, choose)
            if choose:
                self._page.enter()
        self._look()

    def _look(self) -> None:
        page = self._page
        chosen = page is not None and page.current is not None
        for name in OF_RULE:
            self._actions.allow(name, None if chosen else NO_RULE)
        self._actions.allow("rules.save", None if page is not None and page.savable else NOTHING_TO_SAVE)
        for name in ("rules.try", "rules.why", "rules.export"):
            self._actions.allow(name, None if self._rules.rules else NO_RULES)

    def look_at(self, message: Message | None, case: Case | None) -> None:
        """What is possible with the message one looks at."""
        self._actions.allow("rules.undo", None if case is not None else NO_CASE)
        folded = message is not None and Mark.FOLDED in message.marks
        self._actions.allow("rules.unfold", None if folded else NO_MESSAGE if message is None else NOT_FOLDED)

    # -- changing rules ----------------------------------------------------------------------------------------------

    def _saved(self, rules: tuple[Rule, ...], said: LazyText) -> None:
        self._tasks.spawn(self._save(rules, said), "save rules")

    async def _save(self, rules: Sequence[Rule], said: LazyText, choose: str = "") -> None:
        other = [self._rules.rules]
        await self._rules.save(rules)
        self._show(choose)

        async def swing() -> None:
            other[0], wanted = self._rules.rules, other[0]
            await self._rules.save(wanted)
            self._show()

        self._undoing.deed(said, swing, tell=True)

    def new(self) -> None:
        """Begin a rule; it is off until somebody switches it on."""
        name = _("New rule")
        self._add(Rule(operation(), name, enabled=False), lazy("A new rule: off until you switch it on"))

    def _take_example(self, rule: Rule) -> None:
        from workstation.views.rules.examples import EXAMPLES

        title = next(title for title, _hint, example in EXAMPLES if example is rule)
        named = msgspec.structs.replace(rule, name=render(title))
        self._add(named, lazy("Taken up: off until you switch it on"))

    def copy(self) -> None:
        """A copy of the chosen rule, off."""
        rule = self._page.current if self._page is not None else None
        if rule is not None:
            name = _("{rule} (copy)", rule=rule.name)
            again = msgspec.structs.replace(rule, id=operation(), name=name, enabled=False)
            self._add(again, lazy("A new rule: off until you switch it on"))

    def _add(self, rule: Rule, said: LazyText) -> None:
        self._go()
        now = self._rules.rules
        if len(now) >= MOST_RULES:
            self._notices.say(lazy("There are as many rules as there can be."), tone="warn", key="rules")
            return
        self._tasks.spawn(self._save((*now, rule), said, rule.id), "save rules")

    def remove(self) -> None:
        """Remove the chosen rule; it can be brought back."""
        rule = self._page.current if self._page is not None else None
        if rule is not None:
            left = tuple(each for each in self._rules.rules if each.id != rule.id)
            self._saved(left, lazy("Removed: {rule}", rule=rule.name))

    async def _agree(self, wanted: bool) -> None:
        from workstation.views.rules.sheets import HoldingSheet

        rule = self._page.current if self._page is not None else None
        if rule is None or not rule.holding:
            return
        if wanted:
            families = {family.key: family.title for family in await self._desk.templates.list()}
            if not await opened(HoldingSheet(rule, families.get(rule.holding, rule.holding), self._window)):
                return
        await self._rules.agree(rule, wanted)
        said = lazy("Holding replies are switched on: {rule}", rule=rule.name)
        off = lazy("Holding replies are switched off: {rule}", rule=rule.name)
        self._notices.say(said if wanted else off, tone="warn" if wanted else "ok", key="rules")
        if self._page is not None:
            self._page.show_agreement()

    # -- trying out --------------------------------------------------------------------------------------------------

    def dry_run(self) -> None:
        """Try out the chosen rule as it is written, or all rules that are on; again while it runs: stop."""
        if self._run is not None and not self._run.done():
            self.stop()
            return
        self._go()
        self._run = self._tasks.spawn(self._dry_run(), "dry run")

    def stop(self) -> None:
        """End a dry run."""
        if self._run is not None:
            self._run.cancel()

    async def _dry_run(self) -> None:
        page = self._page
        if page is None:
            return
        report = None
        page.begin_report()
        try:
            report = await self._rules.dry_run(self._to_try(page), page.report.progress)
        finally:
            page.show_report(report)

    def _to_try(self, page: "RulesPage") -> tuple[Rule, ...]:
        """The rules that are on, and the chosen one as it is written, in their order: they see each other's work."""
        written = page.written
        chosen = [written if written is not None and rule.id == written.id else rule for rule in self._rules.rules]
        return tuple(
            msgspec.structs.replace(rule, enabled=True)
            for rule in chosen
            if rule.enabled or (written is not None and rule.id == written.id)
        )

    async def _examples(self, tally: Tally) -> None:
        entries = await self._rules.examples(tally.examples)
        if self._page is not None:
            self._page.report.show_examples(tally.rule, entries)

    async def _why(self) -> None:
        from workstation.views.rules.sheets import WhySheet

        entry = self._entry()
        if entry is None:
            self._notices.say(NO_MESSAGE, tone="warn", key="rules")
            return
        rule = await self._in_question(entry)
        parts = await self._rules.explain(rule, entry)
        WhySheet(rule, entry, parts, await self._rules.fits(rule, entry), self._window).open()

    async def _in_question(self, entry: Entry) -> Rule:
        """The chosen rule as it is written; before one was chosen, that which acted on the message last."""
        written = self._page.written if self._page is not None else None
        if written is not None:
            return written
        known = {rule.id: rule for rule in self._rules.rules}
        history = await self._rules.history(message=entry.message.id)
        acted = [known[fired.rule] for fired in history if fired.rule in known]
        return acted[-1] if acted else self._rules.rules[0]

    # -- files -------------------------------------------------------------------------------------------------------

    async def _import(self) -> None:
        path = await ask_file(self._window, _("Rules to take over"), FILES)
        if path is not None:
            await self.take_over(Path(path))

    async def take_over(self, path: Path) -> None:
        """Show what a file would change, and change it if that is wanted."""
        from workstation.views.rules.sheets import ImportSheet

        try:
            proposal = await self._rules.read_file(path)
        except MeridianError as error:
            self._notices.say(error.text, tone="danger", key="rules")
            return
        if await opened(ImportSheet(path.name, proposal.differences, self._window)):
            count = len(proposal.differences)
            said = lazy_plural("{count} rule taken over", "{count} rules taken over", count)
            await self._save(proposal.rules, said)

    async def _export(self) -> None:
        path = await ask_file(self._window, _("Save the rules as"), FILES, save=FILE)
        if path is not None:
            count = await self._rules.export_file(Path(path))
            self._notices.say(lazy_plural("{count} rule written", "{count} rules written", count), tone="ok")

    # -- what rules did ----------------------------------------------------------------------------------------------

    async def _undo(self) -> None:
        entry = self._entry()
        case = entry.case if entry is not None else None
        now = await self._desk.casebook.case(case.id) if case is not None else None
        command = await self._rules.undoing(now) if now is not None else None
        if command is None:
            self._notices.say(lazy("No rule has changed this case."), key="command")
            return
        await self._undoing.do(command, now)

    def unfold(self) -> None:
        """Show the card in full."""
        entry = self._entry()
        if entry is not None:
            self._tasks.spawn(self._rules.unfold(entry.message.id), "unfold")

    def _fired(self, fired: Fired) -> None:
        severity = fired.did.notify
        said = lazy("Rule “{rule}” fits a new message", rule=fired.name)
        if severity is None:
            return
        if severity is Severity.QUIET or self._quiet(severity):
            self._notices.history.appendleft(Notice(said))
            return
        self._notices.say(
            said,
            tone="warn" if severity is Severity.URGENT else "",
            key=f"rule:{fired.rule}",
            action=lazy("Show"),
            handler=lambda: self._tasks.spawn(self._open(fired.message), "open"),
            stays=severity is Severity.URGENT,
        )

    def _quiet(self, severity: Severity) -> bool:
        """Whether nothing is to disturb now."""
        now = self._desk.settings.now
        breaks = severity is Severity.URGENT and now.urgent_breaks
        return now.quiet_until > self._desk.clock.now() and not breaks

    def _held(self, held: Held) -> None:
        """A reply that nobody wrote is shown at once, with the way to stop it."""
        row = held.row
        if row is None:
            self._notices.say(
                lazy("No holding reply by rule “{rule}”: {why}", rule=held.rule, why=held.why or lazy("not now")),
                tone="warn",
                key=f"held:{held.case}",
            )
            return
        name = row.operation.id
        self._notices.say(
            lazy("A rule drafted a holding reply: “{rule}”", rule=held.rule),
            tone="warn",
            key=f"send:{name}",
            action=UNDO,
            handler=lambda: self._undoing.take_back(name),
            stays=True,
        )

    async def _open(self, message: int) -> None:
        for entry in await self._rules.examples((message,)):
            self._open_entry(entry)
