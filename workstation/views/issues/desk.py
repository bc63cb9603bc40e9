"""Known issues with their services: filing, the list, one update for all, closing with the cases."""

from collections.abc import Sequence

from workstation.domain import actions as commands
from workstation.domain.cases import Case, Outcome, Status
from workstation.domain.errors import MeridianError
from workstation.domain.templates import fill
from workstation.domain.text import lazy, lazy_plural
from workstation.domain.ties import Issue
from workstation.services.actions import operation
from workstation.services.deeds import Deed
from workstation.services.drafting import values_for
from workstation.services.updates import Prepared, Sent
from workstation.views.case.commands import resolve
from workstation.views.case.surroundings import CaseRoom
from workstation.views.issues.picker import IssuePicker
from workstation.views.issues.sheet import CloseSheet, IssuesSheet
from workstation.views.issues.update_sheet import UpdateSheet
from workstation.views.undoing import UNDO


class KnownIssues:
    """Answers for "case.issue" and "issue.list"."""

    def __init__(self, room: CaseRoom) -> None:
        self._room = room
        self._issues = room.desk.issues
        room.actions.on("case.issue", self.file)
        room.actions.on("issue.list", self.show)

    # -- filing ----------------------------------------------------------------------------------------------------

    def file(self) -> None:
        """Say which known issue the case is about."""
        case = self._room.current()
        if case is not None:
            self._room.tasks.latest(self._file(case), "file")

    async def _file(self, case: Case) -> None:
        picker = IssuePicker(await self._issues.list(), case.issue, self._room.window)
        picker.picked.connect(lambda number: self._put_under(case, number))
        picker.new.connect(lambda title: self._room.tasks.spawn(self._file_new(case, title), "file"))
        picker.open()

    def _put_under(self, case: Case, number: int) -> None:
        command = commands.FileUnder(operation=operation(), case=case.id, issue=number)
        self._room.undoing.start(command, case)

    async def _file_new(self, case: Case, title: str) -> None:
        issue, deed = await self._issues.add(title)
        self._room.undoing.deed(deed.label, deed.swing(), tell=True)
        self._put_under(case, issue.id)

    # -- the list --------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Show the known issues; that of the open case first."""
        self._room.tasks.latest(self._show(), "issues")

    async def _show(self) -> None:
        case = self._room.current()
        sheet = IssuesSheet(self._room.window)
        sheet.show_issues(await self._issues.list(), case.issue if case is not None else 0)
        spawn = self._room.tasks.spawn
        sheet.saved.connect(lambda issue, title, text: spawn(self._save(sheet, issue, title, text), "issue"))
        sheet.closed_wanted.connect(lambda issue: spawn(self._ask_close(sheet, issue), "issue"))
        sheet.reopen_wanted.connect(lambda issue: spawn(self._reopen(sheet, issue), "issue"))
        sheet.update_wanted.connect(lambda issue: spawn(self._update(sheet, issue), "update"))
        sheet.cases_wanted.connect(lambda issue: self._show_cases(sheet, issue))
        sheet.open()

    async def _save(self, sheet: IssuesSheet, issue: Issue | None, title: str, text: str) -> None:
        try:
            if issue is None:
                stored, deed = await self._issues.add(title, text)
            else:
                stored, deed = await self._issues.change(issue, title, text)
        except MeridianError as error:
            self._room.notices.say(error.text, tone="danger", key="command")
            return
        await self._done(sheet, stored, deed)

    async def _done(self, sheet: IssuesSheet, issue: Issue, deed: Deed) -> None:
        self._room.undoing.deed(deed.label, deed.swing(), tell=True)
        if sheet.isVisible():
            sheet.show_issues(await self._issues.list(), issue.id)

    async def _reopen(self, sheet: IssuesSheet, issue: Issue) -> None:
        try:
            await self._done(sheet, *(await self._issues.reopen(issue)))
        except MeridianError as error:
            self._room.notices.say(error.text, tone="danger", key="command")

    def _show_cases(self, sheet: IssuesSheet, issue: Issue) -> None:
        sheet.reject()
        self._room.search(f"issue:{issue.id}")

    # -- closing ---------------------------------------------------------------------------------------------------

    async def _ask_close(self, sheet: IssuesSheet, issue: Issue) -> None:
        question = CloseSheet(issue, sheet)
        question.answered.connect(
            lambda answer: self._room.tasks.spawn(self._close(sheet, issue, answer), "issue") if answer else None
        )
        question.open()

    async def _close(self, sheet: IssuesSheet, issue: Issue, answer: str) -> None:
        try:
            stored, deed = await self._issues.close(issue)
        except MeridianError as error:
            self._room.notices.say(error.text, tone="danger", key="command")
            return
        await self._done(sheet, stored, deed)
        if answer == "resolve":
            found = [entry.case for entry in await self._issues.cases(issue.id)]
            cases = [case for case in found if case is not None and case.status is not Status.SOLVED]
            await self._resolve(cases)
            if sheet.isVisible():
                sheet.show_issues(await self._issues.list(), issue.id)

    async def _resolve(self, cases: Sequence[Case]) -> None:
        if not cases:
            return
        commands_ = [resolve(case, Outcome.KNOWN_ISSUE) for case in cases]
        outcome = await self._room.desk.actions.execute_many(commands_, cases)
        if outcome.error is not None:
            self._room.notices.say(outcome.error.text, tone="danger", key="command")
        else:
            self._room.undoing.did(outcome)

    # -- one update for all ----------------------------------------------------------------------------------------

    async def _update(self, over: IssuesSheet, issue: Issue) -> None:
        entries = [
            entry
            for entry in await self._issues.cases(issue.id)
            if entry.case is not None and entry.case.status is not Status.SOLVED
        ]
        updates = self._room.desk.updates
        sheet = UpdateSheet(
            lazy("One update for all: {title}", title=issue.title[:80]),
            await updates.prepare(entries, ""),
            self._room.channels(),
            lambda prepared, text: fill(text, values_for(prepared.entry)).text,
            updates.rewritten,
            over,
        )
        sheet.send_wanted.connect(lambda chosen: self._room.tasks.spawn(self._send(chosen), "update"))
        sheet.keep_wanted.connect(lambda chosen: self._room.tasks.spawn(self._keep(chosen), "update"))
        sheet.open()

    async def _send(self, chosen: Sequence[Prepared]) -> None:
        sent = [(prepared, await self._room.desk.updates.send(prepared)) for prepared in chosen]
        left = {
            result.row.operation.id: (prepared, result.row.case) for prepared, result in sent if result.row is not None
        }
        for prepared, result in sent:
            if result.row is None:
                await self._room.desk.updates.keep(prepared)
        if left:
            self._room.undoing.together(
                {name: case for name, (_prepared, case) in left.items()},
                lambda taken: self._give_back([prepared for prepared, case in left.values() if case in taken]),
            )
            self._room.notices.say(
                lazy_plural("{count} reply on its way", "{count} replies on their way", len(left)),
                key="together",
                action=UNDO,
                handler=self._room.undoing.undo,
            )
        self._tell_stayed([result for _prepared, result in sent if result.row is None])

    def _tell_stayed(self, stayed: Sequence[Sent]) -> None:
        if stayed:
            text = lazy_plural(
                "{count} reply was not sent and is kept as a draft: {why}",
                "{count} replies were not sent and are kept as drafts: {why}",
                len(stayed),
                why=stayed[0].error or lazy("Something went wrong."),
            )
            self._room.notices.say(text, tone="warn", key="update stayed", stays=True)

    def _give_back(self, prepared: Sequence[Prepared]) -> None:
        for each in prepared:
            self._room.tasks.spawn(self._room.desk.updates.keep(each), "draft")

    async def _keep(self, chosen: Sequence[Prepared]) -> None:
        for prepared in chosen:
            await self._room.desk.updates.keep(prepared)
        self._room.notices.say(
            lazy_plural("{count} reply kept as a draft", "{count} replies kept as drafts", len(chosen)), tone="ok"
        )
