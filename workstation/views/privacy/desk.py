"""People's data joined to the desk's services: what the page wishes is asked, done and told."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.errors import MeridianError
from workstation.domain.privacy import Erased, Hold, Known, Person, Preview, Term
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import _
from workstation.qt.dialogs import ask_file, opened
from workstation.qt.tasks import Tasks
from workstation.services.desk import Desk
from workstation.services.privacy import Forgotten, summary
from workstation.views.desk_actions import DeskActions
from workstation.views.notices import Notices

if TYPE_CHECKING:
    from workstation.views.privacy.page import PrivacyPage

PAGE = "page.privacy"
NO_ENTRY = lazy("Select a message first.")
OURS = lazy("This is our own message.")
NO_CASE = lazy("This message has no case.")
PATIENCE = 0.15
"""Seconds between a key in the search field and the search."""


class PrivacyDesk:
    """The page, its keys, and what the window forgets when somebody is erased."""

    def __init__(
        self,
        desk: Desk,
        actions: DeskActions,
        notices: Notices,
        tasks: Tasks,
        window: QWidget,
        current: Callable[[], Entry | None],
        go: Callable[[str], None],
        forgotten: Callable[[Forgotten], None],
        cleaned: Callable[[], None],
    ) -> None:
        self._desk, self._notices, self._tasks, self._window = desk, notices, tasks, window
        self._actions, self._current, self._go = actions, current, go
        self._privacy = desk.privacy
        self.page: PrivacyPage | None = None
        self.busy = False
        actions.on("case.kept_data", lambda: tasks.latest(self._open_current(), "privacy"))
        actions.on("case.hold", lambda: tasks.spawn(self._hold_case(), "hold"))
        self._ends = (desk.privacy.subscribe(forgotten), desk.privacy.watch_files(cleaned))
        self.look_at(None)

    def close(self) -> None:
        """Follow nothing any more."""
        for end in self._ends:
            end()

    def look_at(self, entry: Entry | None) -> None:
        """What is possible depends on the message that one looks at."""
        refused = NO_ENTRY if entry is None else OURS if entry.message.own else None
        self._actions.allow("case.kept_data", refused)
        self._actions.allow("case.hold", NO_ENTRY if entry is None else None if entry.case is not None else NO_CASE)

    def make(self) -> "PrivacyPage":
        """The page, made when it is first gone to."""
        from workstation.views.privacy.page import PrivacyPage

        page = self.page = PrivacyPage()
        people = page.people
        people.searched.connect(lambda text: self._tasks.latest(self._search(text, PATIENCE), "privacy search"))
        people.chosen.connect(lambda person: self._tasks.latest(self._show(person), "privacy preview"))
        people.export_wanted.connect(lambda preview: self._tasks.spawn(self._export(preview.person), "export"))
        people.erase_wanted.connect(lambda preview: self._tasks.spawn(self._ask_to_erase(preview), "erase"))
        people.hold_wanted.connect(lambda preview: self._tasks.spawn(self._hold_person(preview.person), "hold"))
        people.lift_wanted.connect(lambda preview: self._tasks.spawn(self._lift(preview.hold), "hold"))
        page.holds.lift_wanted.connect(lambda hold: self._tasks.spawn(self._lift(hold), "hold"))
        page.retention.asked.connect(self._count)
        page.retention.decided.connect(lambda *rule: self._tasks.spawn(self._retain(*rule), "retention"))
        page.evidence.verify_wanted.connect(lambda: self._tasks.spawn(self._verify(), "evidence"))
        page.evidence.export_wanted.connect(lambda: self._tasks.spawn(self._export_evidence(), "evidence"))
        page.turned.connect(self._turned)
        self._tasks.latest(self._search("", 0), "privacy search")
        self._turned()
        return page

    def on_change(self, changes: ChangeSet) -> None:
        """Show new evidence and what was erased by the command line."""
        sent = any(row.case or row.message for row in changes.outbox)
        if self.page is not None and self.page.isVisible() and (changes.reload or sent) and not self.busy:
            self.refresh()

    def _turned(self) -> None:
        self.refresh()
        self._tasks.latest(self._refresh_rules(), "privacy rules")

    def refresh(self) -> None:
        """Read what the lists show."""
        self._tasks.latest(self._refresh(), "privacy lists")

    async def _refresh(self) -> None:
        page, store = self.page, self._desk.store
        if page is None:
            return
        page.holds.show_holds(await store.retention.holds())
        page.evidence.show_snapshots(await store.evidence.list(), self._desk.clock.now())

    async def _refresh_rules(self) -> None:
        if self.page is not None:
            rules, channels = await self._privacy.rules(), await self._desk.store.channels.list()
            self.page.retention.show_channels(channels, rules)

    # -- people ----------------------------------------------------------------------------------------------------

    async def _search(self, text: str, wait: float) -> None:
        await asyncio.sleep(wait)
        known = list(await self._privacy.find(text))
        page = self.page
        if not known and "@" in text.strip().removeprefix("@"):
            known = await self._only_named(text)
        if page is not None:
            page.people.show_people(known, self._desk.clock.now())

    async def _only_named(self, text: str) -> list[Known]:
        try:
            return [Known(await self._privacy.named(text))]
        except MeridianError:
            return []

    async def _show(self, person: Person) -> None:
        preview = await self._privacy.preview(person)
        if self.page is not None and not self.busy:
            self.page.people.show_preview(preview)

    async def _open_current(self) -> None:
        entry = self._current()
        person = await self._privacy.of_author(entry.message.author.id) if entry is not None else None
        if person is None:
            return
        self._go(PAGE)
        page = self.page
        if page is not None:
            page.tabs.setCurrentIndex(0)
            page.people.field.setText(person.handle)
            page.people.list.setFocus()

    async def _export(self, person: Person) -> None:
        name = "".join(char if char.isalnum() else "-" for char in person.handle)
        path = await ask_file(self._window, _("Export everything"), "JSON Lines (*.jsonl)", save=f"{name}.jsonl")
        if path is None:
            return
        await self._privacy.note_export(_whole(path), person)
        pieces = [piece async for piece in self._privacy.export(person)]
        await self._write(Path(path), "".join(pieces))

    async def _write(self, path: Path, text: str) -> None:
        try:
            await asyncio.to_thread(path.write_text, text, encoding="utf-8")
        except OSError as error:
            self._say(lazy("{file}: {why}", file=str(path), why=error.strerror or ""), "danger")
        else:
            self._say(lazy("Exported to {file}", file=str(path)), "ok")

    async def _ask_to_erase(self, preview: Preview) -> None:
        from workstation.views.privacy.erase_sheet import ERASE, EraseSheet

        also: tuple[str, ...] = ()
        while True:
            sheet = EraseSheet(preview, self._window)
            wanted: list[str] = []
            ended: list[tuple[str, tuple[Term, ...]]] = []

            def again(text: str, sheet: EraseSheet = sheet, wanted: list[str] = wanted) -> None:
                wanted.append(text)
                sheet.reject()

            def end(answer: str, sheet: EraseSheet = sheet, ended: list[tuple[str, tuple[Term, ...]]] = ended) -> None:
                ended.append((answer, sheet.terms()))

            sheet.counted_again.connect(again)
            sheet.answered.connect(end)
            await opened(sheet)
            if not wanted:
                break
            also += tuple(wanted)
            preview = await self._privacy.preview(preview.person, also)
        if ended and ended[0][0] == ERASE:
            await self.erase(preview.person, ended[0][1])

    async def erase(self, person: Person, terms: tuple[Term, ...]) -> None:
        """Erase a person and tell of it; the page shows how far it is."""
        page = self.page
        self.busy = True
        try:
            erased = await self._privacy.erase(person, terms, page.people.show_progress if page is not None else _deaf)
        except MeridianError as error:
            self._say(error.text, "danger")
        else:
            self._tell(erased)
        finally:
            self.busy = False
            if page is not None:
                page.people.show_progress(None)
                page.people.show_preview(None)
                page.people.field.clear()
                await self._search("", 0)
        self.refresh()

    def _tell(self, erased: Erased) -> None:
        self._say(summary(erased), "ok")
        for left in erased.left:
            self._notices.say(lazy("{file}: {why}", file=left.path, why=lazy(left.why)), tone="danger", stays=True)

    # -- holds -----------------------------------------------------------------------------------------------------

    async def _hold_person(self, person: Person) -> None:
        reason = await self._reason(person.handle)
        if reason and person.authors:
            await self._desk.store.retention.hold(reason, author=person.authors[0].id)
            await self._held(lazy("{who} is under legal hold.", who=person.handle))

    async def _hold_case(self) -> None:
        entry = self._current()
        if entry is None or entry.case is None:
            return
        case = entry.case.id
        there = next((hold for hold in await self._desk.store.retention.holds() if hold.case == case), None)
        if there is not None:
            await self._lift(there)
            return
        reason = await self._reason(_("Case {number}", number=str(case)))
        if reason:
            await self._desk.store.retention.hold(reason, case=case)
            await self._held(lazy("The case is under legal hold."))

    async def _reason(self, who: str) -> str:
        from workstation.views.privacy.hold_sheet import ask_reason

        return await ask_reason(who, self._window)

    async def _lift(self, hold: Hold | None) -> None:
        from workstation.views.privacy.hold_sheet import may_lift

        if hold is not None and await may_lift(hold, self._window):
            await self._desk.store.retention.lift(hold.id)
            await self._held(lazy("The legal hold has ended."))

    async def _held(self, text: LazyText) -> None:
        self._say(text, "ok")
        await self._refresh()
        preview = self.page.people.preview if self.page is not None else None
        if preview is not None:
            await self._show(preview.person)

    # -- retention and evidence ------------------------------------------------------------------------------------

    def _count(self, channel: int, days: int) -> None:
        self._tasks.latest(self._counted(channel, days), f"retention {channel}")

    async def _counted(self, channel: int, days: int) -> None:
        expiring = await self._privacy.expiring(channel, days)
        tile = self.page.retention.tiles.get(channel) if self.page is not None else None
        if tile is not None:
            tile.show_expiring(expiring, days)

    async def _retain(self, channel: int, days: int) -> None:
        await self._privacy.retain(channel, days)
        removed = await self._privacy.sweep(channel) if days else 0
        self._say(lazy_plural("{count} message was removed.", "{count} messages were removed.", removed), "ok")
        await self._refresh_rules()

    async def _verify(self) -> None:
        found = await self._desk.store.evidence.verify()
        if found.broken:
            self._say(lazy("Snapshot {number} is not as it was taken.", number=str(found.broken)), "danger")
        else:
            self._say(lazy("The chain is whole: {count} snapshots.", count=found.checked), "ok")

    async def _export_evidence(self) -> None:
        path = await ask_file(self._window, _("Export evidence"), "JSON Lines (*.jsonl)", save="evidence.jsonl")
        if path is not None:
            await self._privacy.note_export(_whole(path))
            await self._write(Path(path), await self._privacy.evidence_lines())

    def _say(self, text: LazyText, tone: str) -> None:
        self._notices.say(text, tone=tone, key="privacy")


def _whole(path: str) -> Path:
    return Path(path).absolute()


def _deaf(_: object) -> None:
    """The command's progress has nobody to see it."""
