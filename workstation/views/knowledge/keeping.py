"""Keeping articles and guidelines: reading folders in with a preview, taking it back, writing how the team writes."""

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from workstation.domain.knowledge import Article, Change, Hit, Shelf
from workstation.domain.text import lazy, lazy_plural
from workstation.i18n import _, formats
from workstation.qt.dialogs import opened
from workstation.qt.tasks import Tasks
from workstation.qt.throttle import Throttle
from workstation.services.knowledge import Knowledge, ShelfPlan, Taken
from workstation.services.supervisor import Supervisor
from workstation.views.knowledge.finder import NOTHING_FOUND, Finder
from workstation.views.knowledge.guidelines import GuidelinesView
from workstation.views.knowledge.shelves import ShelvesView
from workstation.views.notices import Notices
from workstation.views.templates.differences import DifferencesSheet, Line
from workstation.views.undoing import Undoing

JOURNAL_MS = 500


class Keeping(QObject):
    """Joins both pages with their services."""

    def __init__(
        self,
        knowledge: Knowledge,
        supervisor: Supervisor,
        undoing: Undoing,
        notices: Notices,
        tasks: Tasks,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._knowledge, self._supervisor, self._undoing = knowledge, supervisor, undoing
        self._notices, self._tasks, self._window = notices, tasks, window
        self.shelves = ShelvesView(Finder(knowledge.stale))
        self.guidelines = GuidelinesView()
        self._writing: tuple[int, str] | None = None
        self._storing: asyncio.Task[None] | None = None
        self._journal = Throttle(self, JOURNAL_MS, self._write_down)
        self.shelves.add_wanted.connect(self.read_folder)
        self.shelves.again_wanted.connect(self._again)
        self.shelves.drop_wanted.connect(lambda shelf: tasks.spawn(self._drop(shelf), "drop articles"))
        self.shelves.finder.searched.connect(self._search)
        self.shelves.finder.picked.connect(self._show)
        self.shelves.finder.opened.connect(lambda _hit: self.shelves.article.text.setFocus())
        self.shelves.article.browsed.connect(_browse)
        self.guidelines.written.connect(self._written)

    def refresh(self) -> None:
        """Show what is stored now."""
        self._tasks.latest(self._load(), "knowledge")

    async def _load(self) -> None:
        self.shelves.show_shelves(await self._knowledge.shelves())
        await self._find(self.shelves.finder.field.text())
        channels = {config.id: config.name for config in self._supervisor.configs()}
        self.guidelines.show_guidelines(await self._knowledge.guidelines(), channels)

    # -- articles --------------------------------------------------------------------------------------------------

    def _search(self, text: str) -> None:
        self._tasks.latest(self._find(text), "find articles")

    async def _find(self, text: str) -> None:
        hits = await self._knowledge.find(text)
        self.shelves.finder.show_hits(hits, NOTHING_FOUND if text.strip() and not hits else None)

    def _show(self, hit: Hit | None) -> None:
        self.shelves.article.setVisible(hit is not None)
        if hit is not None:
            self.shelves.article.show_hit(hit, stale=self._knowledge.stale(hit.article))

    def read_folder(self) -> None:
        """Choose a folder of articles and read it in, after showing what would change."""
        self._tasks.spawn(self._ask_folder(), "articles")

    async def _ask_folder(self) -> None:
        dialog = QFileDialog(self._window, _("Read in a folder of articles"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        try:
            chosen = dialog.selectedFiles() if await opened(dialog) else []
        finally:
            dialog.deleteLater()
        if chosen:
            await self.take_folder(Path(chosen[0]))

    def _again(self, shelf: Shelf) -> None:
        self._tasks.spawn(self.take_folder(Path(shelf.place)), "articles")

    async def take_folder(self, folder: Path) -> None:
        """Show what a folder would change, and take it in if that is wanted."""
        plan = await self._knowledge.plan(folder)
        before = {article.id: article for article in await self._knowledge.articles(plan.shelf.name)}
        lines = [_line(each.change, each.article, before) for each in plan.changes]
        refused = [(each.path, each.why) for each in plan.refused]
        title = lazy("Read in “{folder}”", folder=plan.shelf.name)
        if await opened(DifferencesSheet(title, lines, refused, lazy("Read in"), self._window)):
            await self._take(plan)

    async def _take(self, plan: ShelfPlan) -> None:
        old = next((each for each in await self._knowledge.shelves() if each.name == plan.shelf.name), None)
        before = Taken(old, await self._knowledge.articles(plan.shelf.name)) if old is not None else None
        await self._knowledge.carry_out(plan)
        await self._load()

        there = [True]

        async def swing() -> None:
            there[0] = not there[0]
            if there[0]:
                await self._knowledge.carry_out(plan)
            else:
                await self._knowledge.drop(plan.shelf)
                if before is not None:
                    await self._knowledge.restore(before)
            await self._load()

        count = len(plan.of(Change.NEW)) + len(plan.of(Change.CHANGED))
        label = lazy_plural("{count} article read in.", "{count} articles read in.", count)
        self._undoing.deed(label, swing, tell=True)

    async def _drop(self, shelf: Shelf) -> None:
        taken = await self._knowledge.drop(shelf)
        await self._load()

        gone = [True]

        async def swing() -> None:
            gone[0] = not gone[0]
            if gone[0]:
                await self._knowledge.drop(shelf)
            else:
                await self._knowledge.restore(taken)
            await self._load()

        self._undoing.deed(lazy("Articles of “{folder}” removed", folder=shelf.name), swing, tell=True)

    # -- guidelines ------------------------------------------------------------------------------------------------

    def _written(self, channel: int, text: str) -> None:
        if self._writing is not None and self._writing[0] != channel:
            self._journal.flush()
        self._writing = (channel, text)
        self._journal.later()

    def finish(self) -> None:
        """One leaves the page: what was written is stored."""
        self._journal.flush()

    async def settled(self) -> None:
        """The same, waited for."""
        self.finish()
        if self._storing is not None:
            await asyncio.wait([self._storing])

    def _write_down(self) -> None:
        if self._writing is not None:
            (channel, text), self._writing = self._writing, None
            self._storing = self._tasks.spawn(self._store_guideline(channel, text), "guideline")

    async def _store_guideline(self, channel: int, text: str) -> None:
        await self._knowledge.write_guideline(channel, text)
        channels = {config.id: config.name for config in self._supervisor.configs()}
        self.guidelines.show_guidelines(await self._knowledge.guidelines(), channels)


def _line(change: Change, article: Article, before: dict[int, Article]) -> Line:
    old = before.get(article.id) if article.id else None
    after = "" if change is Change.GONE else _as_text(article)
    return Line(change, article.title, article.path, _as_text(old) if old is not None else "", after)


def _as_text(article: Article) -> str:
    about = [article.title, article.link, formats().date(article.updated_at) if article.updated_at else ""]
    return "\n\n".join([" · ".join(part for part in about if part), article.text])


def _browse(article: Article) -> None:
    address = QUrl(article.link)
    if address.scheme() in ("https", "http"):
        QDesktopServices.openUrl(address)
