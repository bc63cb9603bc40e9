"""Layouts by name with the deck: kept, switched, renamed, deleted, from the sheet or straight from the palette."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from workstation.domain.errors import MeridianError
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _
from workstation.qt.dialogs import ask_text
from workstation.qt.tasks import Tasks
from workstation.services.layout import Arrangement, Layout
from workstation.views.deck.deck_page import DeckPage
from workstation.views.main_window import MainWindow
from workstation.views.palette import Extra
from workstation.views.undoing import Undoing

KIND = lazy("Layout")


class LayoutDesk:
    """Everything here can be undone, except to keep what stands under a name."""

    def __init__(
        self,
        deck: DeckPage,
        layout: Layout,
        window: MainWindow,
        undoing: Undoing,
        tasks: Tasks,
        over: Callable[[], QWidget],
    ) -> None:
        self._deck, self._layout, self._window = deck, layout, window
        self._undoing, self._tasks, self._over = undoing, tasks, over
        self.age = 0
        """How often an erasure changed the files: what was done before it may name somebody, and is not undone."""

    def show(self) -> None:
        """The layouts there are."""
        # Imported when first opened: a start pays for every module.
        from workstation.views.deck.layouts_sheet import LayoutsSheet

        self.settle()
        sheet = LayoutsSheet(self._layout, self._over())
        sheet.switched.connect(self.switch)
        sheet.deleted.connect(self._deleted)
        sheet.open()

    def switch(self, name: str) -> None:
        """Let the deck be another layout; that can be undone."""
        self.settle()
        before = self._layout.switch(name)
        if before is None:
            return
        self._show()
        self._window.go("page.deck")
        self.rearranged(lazy("Layout “{name}”", name=name), before)

    def read_again(self) -> None:
        """An erasure changed the files: what is in memory must not be written over them."""
        self.age += 1
        columns = self._layout.load()
        self._deck.highlights = self._layout.now.highlights
        if columns and columns != self._deck.specs:
            self._deck.show_columns(columns)

    def rearranged(self, label: LazyText, before: Arrangement) -> None:
        """The deck was another one: undo and redo swing between the two."""
        other, age = before, self.age

        async def swing() -> None:
            nonlocal other
            if age != self.age:
                return
            self.settle()
            now = self._layout.now
            self.put(other)
            other = now

        self._undoing.deed(label, swing, tell=True)

    def settle(self) -> None:
        """Write the deck down as it is shown: the columns of a new desk were never saved."""
        if self._layout.now.columns != self._deck.specs:
            self._layout.save(self._deck.specs)

    def put(self, arrangement: Arrangement) -> None:
        """Let the deck be as it was."""
        self._layout.put(arrangement)
        self._show()

    def _show(self) -> None:
        now = self._layout.now
        self._deck.highlights = now.highlights
        self._deck.show_columns(now.columns)
        if now.columns:
            self._deck.focus_column(0)

    def keep(self, name: str) -> None:
        """Keep the deck as it stands under a name; what was kept there before can be had back."""
        self.settle()
        before = self._layout.kept(name)
        self._layout.keep(name)
        label = lazy("Layout “{name}” kept as it is now", name=name)
        if before is None:
            self._window.notices.say(label, tone="ok", key="layout")
            return
        other, age = before, self.age

        async def swing() -> None:
            nonlocal other
            if age != self.age:
                return
            now = self._layout.kept(name)
            self._layout.keep(name, other)
            other = now or other

        self._undoing.deed(label, swing, tell=True)

    async def _rename(self, name: str) -> None:
        wanted = await ask_text(self._over(), _("Rename the layout"), _("Name of the layout"), name)
        if wanted is None or wanted.strip() == name:
            return
        try:
            to = self._layout.rename(name, wanted)
        except MeridianError as error:
            self._window.notices.say(error.text, tone="danger", key="layout")
            return
        names = [name, to]

        async def swing() -> None:
            self._layout.rename(names[1], names[0])
            names.reverse()

        self._undoing.deed(lazy("Layout “{name}” is called “{to}” now", name=name, to=to), swing, tell=True)

    def delete(self, name: str) -> None:
        """Forget a layout; that can be undone."""
        was = self._layout.delete(name)
        if was is not None:
            self._deleted(name, was)

    def _deleted(self, name: str, was: Arrangement) -> None:
        age = self.age

        async def swing() -> None:
            if age == self.age and self._layout.delete(name) is None:
                self._layout.keep(name, was)

        self._undoing.deed(lazy("Layout “{name}” deleted", name=name), swing, tell=True)

    def extras(self) -> Iterator[Extra]:
        """What the palette offers beside the actions: every layout, and what can be done with it."""
        for name in self._layout.names():
            doing: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
                ("switch", _("Switch to the layout “{name}”", name=name), "layers", partial(self.switch, name)),
                ("keep", _("Keep the columns as “{name}”", name=name), "save", partial(self.keep, name)),
                ("rename", _("Rename the layout “{name}”", name=name), "pencil", partial(self._ask, name)),
                ("delete", _("Delete the layout “{name}”", name=name), "trash-2", partial(self.delete, name)),
            )
            for act, text, icon, run in doing:
                yield Extra(f"layout:{act}:{name}", text, KIND, icon, run)

    def _ask(self, name: str) -> None:
        self._tasks.spawn(self._rename(name), "rename layout")
