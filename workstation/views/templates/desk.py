"""Joins templates, articles and guidelines with the window: their page, and what stands beside the reply."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.templates import Family
from workstation.domain.text import lazy
from workstation.qt.tasks import Tasks
from workstation.services.desk import Desk
from workstation.services.templates import Step
from workstation.views.case.composer import Composer
from workstation.views.knowledge.beside import Beside
from workstation.views.main_window import MainWindow
from workstation.views.notices import Notices
from workstation.views.undoing import Undoing

if TYPE_CHECKING:
    from workstation.views.knowledge.keeping import Keeping
    from workstation.views.templates.library import LibraryView
    from workstation.views.templates.library_desk import LibraryDesk
    from workstation.views.templates.page import TemplatesPage

PAGE = "page.templates"
HERE = ("new", "duplicate", "move", "folder", "remove", "import", "export", "find", "placeholder")
"""Actions that are done on the page; elsewhere they go to it first."""


class WordsDesk:
    """Everything about words that are used again and again; the page is made when it is first gone to."""

    library: "LibraryView"
    library_desk: "LibraryDesk"
    keeping: "Keeping"
    page: "TemplatesPage"

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        composer: Composer,
        undoing: Undoing,
        notices: Notices,
        tasks: Tasks,
        current: Callable[[], Entry | None],
    ) -> None:
        self._window, self._desk, self._composer = window, desk, composer
        self._undoing, self._notices, self._tasks, self._current = undoing, notices, tasks, current
        actions = window.actions_table
        self.beside = Beside(composer, desk.knowledge, desk.supervisor, desk.settings, actions, notices, tasks)
        self.beside.guideline_wanted.connect(self.write_guideline)
        composer.inserting.on_confirmed = self._confirmed
        self._made = False
        self._refresh: Callable[[], None] = lambda: None
        self._go_guideline: Callable[[int], None] = lambda _channel: None
        window.add_later(PAGE, self._make)
        for name in HERE:
            # The page takes these over as soon as it is made.
            actions.on(f"templates.{name}", partial(self._first, f"templates.{name}"))

    def _first(self, name: str) -> None:
        self._window.go(PAGE)
        self._window.actions_table.run(name)

    def _make(self) -> QWidget:
        from workstation.views.knowledge.keeping import Keeping
        from workstation.views.templates.library import LibraryView
        from workstation.views.templates.library_desk import LibraryDesk
        from workstation.views.templates.page import GUIDELINES, TemplatesPage

        desk = self._desk
        view = LibraryView()
        library = LibraryDesk(
            view, desk.templates, desk.drafting, desk.settings, desk.clock, self._undoing, self._notices, self._tasks,
            self._window, self._current, lambda: desk.translating,
        )  # fmt: skip
        keeping = Keeping(desk.knowledge, desk.supervisor, self._undoing, self._notices, self._tasks, self._window)
        handlers: dict[str, Callable[[], object]] = {
            "templates.new": library.create,
            "templates.duplicate": library.duplicate,
            "templates.move": library.move,
            "templates.folder": library.rename_folder,
            "templates.remove": library.remove,
            "templates.import": library.import_file,
            "templates.export": library.export_file,
            "templates.find": library.find,
            "templates.placeholder": library.insert_placeholder,
        }
        page = TemplatesPage(self._window.actions_table, (view, keeping.shelves, keeping.guidelines), handlers)
        page.shown.connect(library.refresh)
        page.shown.connect(keeping.refresh)
        page.left.connect(library.finish)
        page.left.connect(keeping.finish)

        def go_guideline(channel: int) -> None:
            page.turn(GUIDELINES)
            keeping.guidelines.go(channel)

        self._refresh, self._go_guideline, self._made = library.refresh, go_guideline, True
        self.library, self.library_desk, self.keeping, self.page = view, library, keeping, page
        return page

    def _confirmed(self, family: Family, step: Step) -> None:
        """Somebody who answers said that a variant fits; it can be taken back, and done again."""
        state = [step]

        async def swing() -> None:
            state[0] = await self._desk.templates.take(state[0])

        self._undoing.deed(lazy("A text of “{title}” fits again", title=family.title), swing, tell=True)

    def write_guideline(self, channel: int) -> None:
        """Go to the guideline of a channel."""
        self._window.go(PAGE)
        self._go_guideline(channel)

    async def flush(self) -> None:
        """Store what was just written; before the window goes."""
        if self._made:
            await self.library_desk.settled()
            await self.keeping.settled()

    def on_change(self, changes: ChangeSet) -> None:
        """Follow a commit."""
        if changes.templates:
            self._composer.inserting.refresh()
            self.beside.refresh()
            if self._window.page == PAGE:
                self._refresh()
