"""The case one works on, at the side of the deck: head, thread, history, notes; kept in step with every commit."""

import asyncio
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QPoint, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QTabWidget, QToolButton, QVBoxLayout, QWidget

from workstation.domain.cases import Case, Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.messages import Author, Message
from workstation.domain.outbox import Act, Outgoing
from workstation.domain.text import lazy
from workstation.domain.ties import TieKind
from workstation.i18n import _, until_next_minute
from workstation.qt.tasks import Tasks
from workstation.services.actions import Overlay
from workstation.services.casebook import Casebook
from workstation.services.clock import Clock
from workstation.services.conversation import Conversation
from workstation.services.issues import Issues
from workstation.services.media import Thumbnails
from workstation.services.people import People
from workstation.services.supervisor import Supervisor
from workstation.views import wording
from workstation.views.case.around import NOTHING, look_around
from workstation.views.case.fetching import Fetching
from workstation.views.case.header import CaseHeader
from workstation.views.case.history import HistoryView, PersonView
from workstation.views.case.thread_view import ThreadView
from workstation.views.case.timeline import TimelineView
from workstation.views.desk_actions import DeskActions
from workstation.views.notices import Notices
from workstation.views.widgets.retranslating import Retranslating

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.views.deck.content import ChannelFace


HISTORY = 1
"""The tab of the customer's history."""


class CasePanel(Retranslating):
    """Shows one entry's case; `current` is the message that the network's actions are about."""

    entry_changed = Signal(object)
    """The entry as it is now, with its case; None when the panel is empty."""
    message_changed = Signal(object)
    thread_changed = Signal(object)
    closed = Signal()
    decided = Signal(str, str)
    file_wanted = Signal(object, object)
    """Message and the tile of a file that is to be saved."""
    menu_wanted = Signal(object, QPoint)
    untagged = Signal(str)
    noted = Signal(str)

    def __init__(
        self,
        actions: DeskActions,
        conversation: Conversation,
        casebook: Casebook,
        supervisor: Supervisor,
        thumbnails: Thumbnails,
        clock: Clock,
        notices: Notices,
        tasks: Tasks,
        people: People,
        issues: Issues,
        face: "Callable[[int], ChannelFace]",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._actions = actions
        self._conversation = conversation
        self._casebook = casebook
        self._supervisor = supervisor
        self._fetching = Fetching(conversation, casebook, thumbnails, notices)
        self._clock = clock
        self._notices = notices
        self._tasks = tasks
        self._people = people
        self._issues = issues
        self._face = face
        self.entry: Entry | None = None
        self.entries: tuple[Entry, ...] = ()
        self._overlay: Case | None = None
        self._told: Entry | None = None
        """What `entry_changed` told last: the same is not told again each time that it is read."""
        self.around = NOTHING
        self._meanwhile: set[int] = set()
        """Cases that changed since reading the one that is shown began."""
        self.load_media = False
        self.header = CaseHeader(actions)
        self.thread_view = ThreadView()
        self.history = HistoryView(actions)
        self.timeline = TimelineView()
        self.tabs = QTabWidget()
        self._compose()
        self._minute = QTimer(self)
        self._minute.setSingleShot(True)
        self._minute.timeout.connect(self._tick)
        self._connect()
        self._bind()
        self.retranslate()

    def _compose(self) -> None:
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        for page in (self.thread_view, self.history, self.timeline):
            self.tabs.addTab(page, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.tabs, 1)

    def _connect(self) -> None:
        fetch, fetching = self._tasks.spawn, self._fetching
        self.header.untagged.connect(self.untagged)
        self.thread_view.picked.connect(self.message_changed)
        self.thread_view.media_wanted.connect(lambda message, tile: fetch(fetching.picture(message, tile)))
        self.thread_view.file_wanted.connect(self.file_wanted)
        self.thread_view.revisions_wanted.connect(
            lambda message: fetch(fetching.revisions(self.thread_view.view(message.id)))
        )
        self.thread_view.menu_wanted.connect(self.menu_wanted)
        self.thread_view.decided.connect(self.decided)
        self.history.opened.connect(self.open_entry)
        self.history.more_wanted.connect(lambda: self._tasks.latest(self._more_history(), "history"))
        self.timeline.noted.connect(self.noted)
        self.tabs.currentChanged.connect(self._turned)

    def _bind(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "case.thread": lambda: self._show_tab(0),
            "case.history": lambda: self._show_tab(1),
            "case.timeline": lambda: self._show_tab(2),
            "case.note": self._focus_note,
            "case.refresh": self.read_again,
            "case.media": self._ask_media,
            "case.browser": self._browse,
            "case.copy": self._copy,
            "case.close": self.close_case,
        }
        for name, handler in handlers.items():
            self._actions.on(name, handler)
        self._allow()

    # -- what is shown ---------------------------------------------------------------------------------------------

    @property
    def case(self) -> Case | None:
        """The case as it is shown: with a command that is under way already done."""
        if self._overlay is not None:
            return self._overlay
        return self.entry.case if self.entry is not None else None

    @property
    def message(self) -> Message | None:
        """What the network's actions are about."""
        return self.thread_view.current or (self.entry.message if self.entry is not None else None)

    def open_entry(self, entry: Entry) -> None:
        """Work on another entry."""
        if self.entry is None or self.entry.message.id != entry.message.id:
            same_case = self.entry is not None and entry.message.case and self.entry.message.case == entry.message.case
            if not same_case:
                self.thread_view.clear()
                self.entries = ()
                self.around = NOTHING
            self.tabs.setCurrentIndex(0)
        self.entry, self._overlay, self._told = entry, None, None
        self._show()
        self._allow()
        self._tasks.latest(self._load(entry), "case")
        self._minute.start(until_next_minute(self._clock.now()))

    def close_case(self) -> None:
        """Show no case."""
        self.entry, self.entries, self._overlay, self._told = None, (), None, None
        self.thread_view.clear()
        self._minute.stop()
        self._allow()
        self.entry_changed.emit(None)
        self.closed.emit()

    async def _load(self, entry: Entry) -> None:
        """Read the case; again, if it was added to before it was known which cases make up its thread."""
        while True:
            self._meanwhile.clear()
            await self._read(entry)
            if self._meanwhile.isdisjoint(self._cases()):
                break
        await self._load_person(entry)

    async def _read(self, entry: Entry) -> None:
        case = entry.message.case
        self.entries = await self._conversation.thread(case) if case else (entry,)
        fresh = next((found for found in self.entries if found.message.id == entry.message.id), entry)
        self.entry = fresh
        self.around = await look_around(self._casebook, self._issues, fresh.case)
        rows = await self._casebook.outgoing() if case else ()
        happened = await self._casebook.happenings(case) if case else ()
        notes = await self._casebook.notes(case) if case else ()
        await self._fill(rows)
        self.timeline.show_case(happened, notes)

    async def _load_person(self, entry: Entry) -> None:
        """The person's history; suggestions come last, they are looked for in texts."""
        account = self._customer(entry).id
        faces = {config.id: self._face(config.id) for config in self._supervisor.configs()}
        person = PersonView(
            await self._people.accounts(account), await self._conversation.history(account), self.around.others
        )
        self.history.show_person(person, faces, self._clock.now())
        # Looked for in texts: not for every card that one passes on the way.
        suggested = await self._people.suggestions(account) if self.tabs.currentIndex() == HISTORY else ()
        if suggested:
            self.history.show_person(msgspec.structs.replace(person, suggestions=suggested), faces, self._clock.now())

    def _turned(self, index: int) -> None:
        if index == HISTORY and self.entry is not None:
            self._tasks.latest(self._load_person(self.entry), "person")

    def _customer(self, entry: Entry) -> Author:
        """Whom the case is about, also where one looks at an answer of ours."""
        case = entry.case
        if case is not None and entry.message.author.id != case.customer:
            theirs = (found.message.author for found in self.entries if found.message.author.id == case.customer)
            return next(theirs, entry.message.author)
        return entry.message.author

    @property
    def customer(self) -> Author | None:
        """The account of the customer, or None while nothing is open."""
        return self._customer(self.entry) if self.entry is not None else None

    async def _fill(self, rows: tuple[Outgoing, ...]) -> None:
        """Show what was read, in two turns of the loop: somebody may be pressing keys."""
        now = self._clock.now()
        first = self.thread_view.current is None
        channels = {config.id: config.name for config in self._supervisor.configs()}
        self.thread_view.show_thread([entry.message for entry in self.entries], now, channels)
        await asyncio.sleep(0)
        cases = self._cases()
        mine = [row for row in rows if row.case in cases]
        shown = [row for row in mine if row.operation.act in (Act.REPLY, Act.EDIT) or row.state is not row.state.QUEUED]
        self.thread_view.show_outgoing(shown, now)
        if self.entry is not None and first:
            self.thread_view.pick(self.entry.message.id)
        if self.load_media:
            self._ask_media()
        self._show()
        self.thread_changed.emit(self.entries)

    def _cases(self) -> frozenset[int]:
        """The case, and those that its conversation goes on in."""
        case = self.entry.message.case if self.entry is not None else 0
        joined = (tie.beyond(case) for tie in self.around.ties if tie.kind is TieKind.CONTINUES)
        return frozenset({case, *joined} if case else ())

    def _show(self) -> None:
        if self.entry is None:
            return
        shown = msgspec.structs.replace(self.entry, case=self.case)
        config = self._supervisor.config(self.entry.message.channel)
        self.header.show_entry(shown, config.name if config is not None else "", self.around, self._clock.now())
        if shown != self._told:
            self._told = shown
            self.entry_changed.emit(shown)

    # -- keeping in step -------------------------------------------------------------------------------------------

    def on_change(self, changes: ChangeSet) -> None:
        """Follow a commit that touches this case."""
        if self.entry is None:
            return
        case, message = self.entry.message.case, self.entry.message.id
        mine = [entry for entry in changes.entries if entry.message.id == message]
        if mine:
            self.entry = mine[-1]
            case = case or self.entry.message.case
        fresh = next((found for found in changes.cases if found.id == case), None)
        if fresh is not None:
            self.entry = msgspec.structs.replace(self.entry, case=fresh)
            self._show()
        changed = {entry.message.case for entry in changes.entries} | {row.case for row in changes.outbox}
        self._meanwhile |= changed
        touched = not changed.isdisjoint(self._cases())
        if mine or fresh is not None or touched or changes.reload:
            self._tasks.latest(self._load(self.entry), "case")

    def on_overlay(self, overlay: Overlay) -> None:
        """Show a command as done before the store has answered, and stop when it has."""
        if self.entry is not None and self.entry.case is not None and overlay.case_id == self.entry.case.id:
            self._overlay = overlay.case
            self._show()

    def look_again(self) -> None:
        """Read what surrounds the case anew; what was changed is no part of it."""
        if self.entry is not None:
            self._tasks.latest(self._load(self.entry), "case")

    def _tick(self) -> None:
        now = self._clock.now()
        self.thread_view.set_now(now)
        self.header.set_now(now)
        self._minute.start(until_next_minute(now))

    # -- what the keys do ------------------------------------------------------------------------------------------

    def _show_tab(self, index: int) -> None:
        self.tabs.setCurrentIndex(index)
        if index == 0:
            self.thread_view.focus_current()
        else:
            (self.history.list if index == 1 else self.timeline.editor).setFocus()

    def _focus_note(self) -> None:
        self.tabs.setCurrentIndex(2)
        self.timeline.editor.setFocus()

    def read_again(self) -> None:
        """Read the thread from the network now."""
        if self.entry is not None and self.entry.case is not None:
            self._tasks.latest(self._fetching.thread(self.entry.case, self.entry.message), "read again")

    async def _more_history(self) -> None:
        # One may look at another case once it is there.
        if self.entry is not None and await self._fetching.history(self.entry.message) and self.entry is not None:
            await self._load(self.entry)

    def _ask_media(self) -> None:
        for view in self.thread_view.views():
            view.load_media()

    def _browse(self) -> None:
        message = self.message
        address = QUrl(message.address if message is not None else "")
        if address.scheme() in ("https", "http"):
            QDesktopServices.openUrl(address)
        else:
            self._notices.say(lazy("This message has no web address."), key="thread")

    def _copy(self) -> None:
        message = self.message
        if message is not None:
            QGuiApplication.clipboard().setText(wording.text(message))
            self._notices.say(lazy("Copied."), key="thread")

    def _allow(self) -> None:
        reason = None if self.entry is not None else lazy("Open a message first.")
        for name in (
            "case.thread", "case.history", "case.timeline", "case.note", "case.refresh", "case.media", "case.browser",
            "case.copy", "case.close", "case.reply",
        ):  # fmt: skip
            self._actions.allow(name, reason)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.setAccessibleName(_("Case"))
        for index, label in enumerate((_("Thread"), _("Customer"), _("Notes"))):
            self.tabs.setTabText(index, label)
        self.tabs.setAccessibleName(_("Case"))
        # Qt names these when it makes them and never again.
        names = {"ScrollLeftButton": _("Earlier tabs"), "ScrollRightButton": _("Further tabs")}
        for button in self.tabs.tabBar().findChildren(QToolButton):
            button.setAccessibleName(names.get(button.objectName(), button.accessibleName()))
