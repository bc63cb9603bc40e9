"""Known issues with their services: filing, the list, one update for all, closing with the cases."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workstation.domain import actions as commands
from workstation.domain.cases import Case, Outcome, Status
from workstation.domain.errors import MeridianError
from workstation.domain.ties import Issue
from workstation.services.actions import operation
from workstation.views.bulk.answers import Answers
from workstation.views.case.commands import resolve
from workstation.views.case.surroundings import CaseRoom

if TYPE_CHECKING:
    from workstation.services.deeds import Deed
    from workstation.views.issues.sheet import IssuesSheet


class KnownIssues:
    """Answers for "case.issue" and "issue.list"."""

    def __init__(self, room: CaseRoom) -> None:
        self._room = room
        self._issues = room.desk.issues
        self._answers = Answers(room.desk, room.undoing, room.notices, room.tasks, room.window, lambda: None)
        room.actions.on("case.issue", self.file)
        room.actions.on("issue.list", self.show)

    # -- filing ----------------------------------------------------------------------------------------------------

    def file(self) -> None:
        """Say which known issue the case is about."""
        case = self._room.current()
        if case is not None:
            self._room.tasks.latest(self._file(case), "file")

    async def _file(self, case: Case) -> None:
        # Imported when first opened: a start pays for every module.
        from workstation.views.issues.picker import IssuePicker

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
        from workstation.views.issues.sheet import IssuesSheet

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

    async def _save(self, sheet: "IssuesSheet", issue: Issue | None, title: str, text: str) -> None:
        try:
            if issue is None:
                stored, deed = await self._issues.add(title, text)
            else:
                stored, deed = await self._issues.change(issue, title, text)
        except MeridianError as error:
            self._room.notices.say(error.text, tone="danger", key="command")
            return
        await self._done(sheet, stored, deed)

    async def _done(self, sheet: "IssuesSheet", issue: Issue, deed: "Deed") -> None:
        self._room.undoing.deed(deed.label, deed.swing(), tell=True)
        if sheet.isVisible():
            sheet.show_issues(await self._issues.list(), issue.id)

    async def _reopen(self, sheet: "IssuesSheet", issue: Issue) -> None:
        try:
            await self._done(sheet, *(await self._issues.reopen(issue)))
        except MeridianError as error:
            self._room.notices.say(error.text, tone="danger", key="command")

    def _show_cases(self, sheet: "IssuesSheet", issue: Issue) -> None:
        sheet.reject()
        self._room.search(f"issue:{issue.id}")

    # -- closing ---------------------------------------------------------------------------------------------------

    async def _ask_close(self, sheet: "IssuesSheet", issue: Issue) -> None:
        from workstation.views.issues.sheet import CloseSheet

        question = CloseSheet(issue, sheet)
        question.answered.connect(
            lambda answer: self._room.tasks.spawn(self._close(sheet, issue, answer), "issue") if answer else None
        )
        question.open()

    async def _close(self, sheet: "IssuesSheet", issue: Issue, answer: str) -> None:
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

    async def _update(self, sheet: "IssuesSheet", issue: Issue) -> None:
        """A reply to each customer who waits for it, reviewed like any other answer to many; the cases go on."""
        waiting = [
            entry
            for entry in await self._issues.cases(issue.id)
            if entry.case is not None and entry.case.status is not Status.SOLVED
        ]
        sheet.reject()
        self._answers.start(waiting, resolve=False)
