"""The page of approval with its services, and the trainee's notices: what waits, what was sent back and why."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from workstation.domain.approval import LeftError, Look, Waiting, Way
from workstation.domain.changes import ChangeSet
from workstation.domain.errors import MeridianError
from workstation.domain.outbox import State
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _
from workstation.qt.dialogs import opened
from workstation.qt.tasks import Tasks
from workstation.services.desk import Desk
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import Scope
from workstation.views.notices import Notices
from workstation.views.undoing import Undoing
from workstation.views.widgets.banner import Banners, BannerText
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.sheet import CANCEL, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.views.approval.page import ApprovalPage

NOTHING = lazy("Nothing waits for approval.")
UNSENDABLE = lazy("The words cannot be sent like this.")
SAME = lazy("The words are as they were first.")
TRAINEE = BannerText(
    "trainee",
    lazy("TRAINEE PROFILE. What is written here waits until somebody has looked at it."),
    tone="accent",
    icon="graduation-cap",
    action=lazy("What waits"),
)


class RemarkSheet(Sheet):
    """Asks what is to be said to whoever wrote it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(lazy("Send it back?"), parent)
        self.body.addWidget(
            Paragraph(_("The words become a draft again, the remark a note of the case. Nothing leaves."))
        )
        self.editor = QPlainTextEdit()
        self.editor.setTabChangesFocus(True)
        self.editor.setAccessibleName(_("Remark"))
        self.editor.setPlaceholderText(_("What should be different?"))
        self.body.addWidget(self.editor)
        self.remark = ""
        self.button("", CANCEL)
        self.button("back", lazy("Send back"), "primary", default=True)
        self.resize(560, 320)
        self.editor.setFocus()

    def may_end(self, answer: str) -> bool:
        """Keep the remark: the sheet deletes itself."""
        del answer
        self.remark = self.editor.toPlainText().strip()
        return True


class PersonSheet(Sheet):
    """The plain question that the desk cannot answer by itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(lazy("Approve as a second person?"), parent)
        self.body.addWidget(
            Paragraph(
                _("You have not written this yourself. The desk cannot check that; it is what you have agreed upon.")
            )
        )
        self.button("", lazy("I wrote it"))
        self.button("approve", lazy("Approve: somebody else wrote it"), "primary", default=True)
        self.resize(560, 220)


class ApprovalDesk:
    """Joins approval with the window."""

    def __init__(
        self,
        desk: Desk,
        actions: DeskActions,
        undoing: Undoing,
        notices: Notices,
        banners: Banners,
        tasks: Tasks,
        window: QWidget,
    ) -> None:
        self._desk, self._approval, self._actions = desk, desk.approval, actions
        self._undoing, self._notices, self._banners = undoing, notices, banners
        self._tasks, self._window = tasks, window
        self._page: ApprovalPage | None = None
        self._ends = [desk.feed.subscribe(self._on_change), desk.approval.subscribe(self.refresh)]
        for name, work in (
            ("review.approve", self.approve),
            ("review.go", self.approve),
            ("review.look", self.look),
            ("review.edit", self.edit),
            ("review.revert", self.revert),
            ("review.back", self.send_back),
        ):
            actions.on(name, work)
        self._possible(None)
        self.refresh()

    def close(self) -> None:
        """Listen no more."""
        for end in self._ends:
            end()

    def make(self) -> QWidget:
        """The page, made when it is first gone to."""
        # Imported when first opened: a start pays for every module.
        from workstation.views.approval.page import ApprovalPage

        page = self._page = ApprovalPage(self._actions)
        page.chosen.connect(self._chosen)
        page.edited.connect(self._edited)
        self._actions.attach(Scope.APPROVAL, page)
        self.refresh()
        return page

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.reload or any(row.state in (State.WAITS, State.CANCELLED, State.QUEUED) for row in changes.outbox):
            self.refresh()
        elif not changes.outbox and not changes.entries and not changes.faces:
            self.refresh()  # the profile was switched

    def refresh(self) -> None:
        """Show what waits now."""
        self._tasks.latest(self._show(), "approval")

    async def _show(self) -> None:
        required, waiting = await self._approval.required(), await self._approval.waiting()
        if required or waiting:
            self._banners.put(TRAINEE)
        else:
            self._banners.drop(TRAINEE.id)
        page = self._page
        if page is None:
            return
        channels = {config.id: config.name for config in self._desk.supervisor.configs()}
        back = await self._approval.sent_back()
        page.show_rows(waiting, back, channels, self._desk.clock.now(), required=required)

    def _chosen(self, waiting: Waiting | None) -> None:
        self._possible(waiting)
        if waiting is not None:
            self._tasks.latest(self._show_thread(waiting), "thread of approval")
            self._show_state(waiting)

    async def _show_thread(self, waiting: Waiting) -> None:
        entries = await self._approval.thread(waiting.row) if waiting.row.message or waiting.row.case else ()
        if self._page is not None and self._page.current == waiting:
            self._page.show_thread(entries)

    def _show_state(self, waiting: Waiting) -> None:
        page = self._page
        if page is None:
            return
        look = self._approval.look(waiting)
        if page.text != waiting.row.operation.text:
            look = Look.EARLY
        page.show_look(look, waiting.review.waits_since + self._approval.wait)

    def _edited(self) -> None:
        page = self._page
        if page is not None:
            self._possible(page.current)
            if page.current is not None:
                self._show_state(page.current)

    def _possible(self, waiting: Waiting | None) -> None:
        page = self._page
        waits = waiting is not None and waiting.row.state is State.WAITS
        refused: LazyText | None = None if waits else NOTHING
        sendable = refused
        if page is not None and waiting is not None and waits:
            check = self._approval.check(waiting.row, page.text)
            page.show_check(check)
            sendable = None if check.sendable else UNSENDABLE
        for name in ("review.approve", "review.go", "review.look"):
            self._actions.allow(name, sendable)
        for name in ("review.edit", "review.back"):
            self._actions.allow(name, refused)
        changed = waiting is not None and page is not None and page.text != waiting.review.original
        self._actions.allow("review.revert", refused if not waits else None if changed else SAME)

    # -- decisions ---------------------------------------------------------------------------------------------------

    def _with(self, work: "Callable[[ApprovalPage, Waiting], object]") -> None:
        page = self._page
        self._actions.run("page.approval")
        if page is not None and page.current is not None:
            work(page, page.current)

    def edit(self) -> None:
        """Go to the words."""
        self._with(lambda page, _waiting: page.editor.setFocus())

    def revert(self) -> None:
        """Put the words back as they were first."""
        self._with(lambda page, waiting: page.put_text(waiting.review.original))

    def approve(self) -> None:
        """Approve as a second person."""
        self._with(lambda page, waiting: self._tasks.spawn(self._as_person(page, waiting), "approve"))

    def look(self) -> None:
        """Take the second look at one's own words, then let them go."""
        self._with(lambda page, waiting: self._tasks.spawn(self._as_look(page, waiting), "second look"))

    def send_back(self) -> None:
        """Send it back with a remark."""
        self._with(lambda page, waiting: self._tasks.spawn(self._send_back(page, waiting), "send back"))

    async def _as_person(self, page: "ApprovalPage", waiting: Waiting) -> None:
        text = page.text
        if await opened(PersonSheet(self._window)):
            await self._keep(waiting, text)
            await self._let_go(waiting, text, Way.PERSON)

    async def _as_look(self, page: "ApprovalPage", waiting: Waiting) -> None:
        from workstation.views.case.meanwhile import MeanwhileSheet

        text = page.text
        if text != waiting.row.operation.text:
            await self._keep(waiting, text)
            self._say(lazy("Kept. Changed words of one's own wait anew before the second look."))
            return
        if self._approval.look(waiting) is Look.DONE:
            await self._let_go(waiting, text, Way.LOOK)
            return
        try:
            fresh = await self._approval.second_look(waiting)
        except MeridianError as error:
            self._notices.say(error.text, tone="warn", key="approval")
            return
        page.show_thread(fresh.entries or await self._approval.thread(waiting.row))
        await self._show()
        if fresh.changed:
            sheet = MeanwhileSheet(self._window)
            sheet.show_news(fresh, self._desk.clock.now())
            sheet.open()
        self._say(lazy("The thread was read again. Read your words once more, then press the same key to let them go."))

    async def _keep(self, waiting: Waiting, text: str) -> None:
        if text != waiting.row.operation.text:
            await self._approval.reword(waiting.row.operation.id, waiting.row.operation.text, text)

    async def _let_go(self, waiting: Waiting, text: str, way: Way) -> None:
        name = waiting.row.operation.id
        await self._approval.approve(name, text, way)
        approved = [True]

        async def swing() -> None:
            if not approved[0]:
                await self._approval.approve(name, text, way)
            elif not await self._approval.withdraw(name):
                raise LeftError
            approved[0] = not approved[0]

        self._undoing.deed(lazy("Approved: it is on its way"), swing, tell=True)

    async def _send_back(self, page: "ApprovalPage", waiting: Waiting) -> None:
        text = page.text
        sheet = RemarkSheet(self._window)
        if not await opened(sheet):
            return
        await self._keep(waiting, text)
        await self._approval.send_back(waiting.row.operation.id, sheet.remark)
        self._say(lazy("Sent back: the words are a draft again, the remark is a note of the case."))

    def _say(self, text: LazyText) -> None:
        self._notices.say(text, tone="ok", key="approval")
