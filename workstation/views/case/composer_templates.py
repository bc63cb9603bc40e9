"""Templates in the composer: chosen, typed as a shortcut, stacked at the caret; the used ones are counted once sent."""

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Entry
from workstation.domain.knowledge import words_of
from workstation.domain.languages import named
from workstation.domain.template_fit import Wanted
from workstation.domain.templates import Family, Fit
from workstation.i18n import _
from workstation.qt.tasks import Tasks
from workstation.services.drafting import Applied, Drafting
from workstation.services.templates import Templates
from workstation.views.case.composer_view import ComposerView
from workstation.views.case.translation.sides import Sides
from workstation.views.widgets.kept import Kept

if TYPE_CHECKING:
    from workstation.views.case.template_picker import TemplatePicker

SHORTEST = 2
"""Letters after which a shortcut is completed, if only one begins so."""


def fits(applied: Applied) -> bool:
    """Whether a variant is in the customer's language, and not what stands in for it."""
    return applied.fit in (Fit.EXACT, Fit.LANGUAGE)


class Inserting(QObject):
    """Knows the library and what the reply is about, and puts templates into the editor."""

    inserted = Signal(object, object)
    """The family and what it became for the customer."""
    missing = Signal(object)
    """A family that has nothing in the customer's language."""

    def __init__(
        self, view: ComposerView, drafting: Drafting, templates: Templates, tasks: Tasks, window: QWidget
    ) -> None:
        super().__init__(view)
        self._view, self._drafting, self._templates = view, drafting, templates
        self._tasks, self._window = tasks, window
        self._families: tuple[Family, ...] = ()
        self._entry: Entry | None = None
        self._thread: tuple[Entry, ...] = ()
        self._pickers = Kept(self._picker)
        self.sides: Sides | None = None
        """Set where a template goes into both editors."""
        view.editor.expand = self._expand

    def begin(self, entry: Entry, thread: tuple[Entry, ...]) -> None:
        """Something else is written now."""
        self._entry, self._thread = entry, thread
        self.refresh()

    def end(self) -> None:
        """Nothing is written any more."""
        self._entry, self._thread = None, ()

    def refresh(self) -> None:
        """The library may have changed."""
        self._tasks.latest(self._load(), "shortcuts")

    async def _load(self) -> None:
        self._families = await self._templates.list()

    # -- choosing --------------------------------------------------------------------------------------------------

    def choose(self, query: str = "") -> None:
        """Let the agent choose templates and put them at the caret; as often as wanted. `query` is typed already."""
        if self._entry is not None:
            self._tasks.spawn(self._choose(self._entry, query), "templates")

    async def _choose(self, entry: Entry, query: str) -> None:
        self._families = await self._templates.list()
        picker = self._pickers.take(self._window)
        picker.offer_families(self._families, self._apply, self._wanted(entry), query)
        self._pickers.hear(picker, picker.picked, self._insert)
        await asyncio.sleep(0)  # filled and opened in a turn of the loop each
        picker.open()

    @staticmethod
    def _picker(window: QWidget) -> "TemplatePicker":
        # Imported when first opened: a start pays for every module.
        from workstation.views.case.template_picker import TemplatePicker

        return TemplatePicker((), lambda _family: None, Wanted(""), window)

    def _wanted(self, entry: Entry) -> Wanted:
        language = self._view.language.value or named(entry.message.language)
        tags = entry.case.tags if entry.case is not None else ()
        return Wanted(language, tags, words_of((entry.message.text,)))

    def _apply(self, family: Family) -> Applied | None:
        if self._entry is None:
            return None
        return self._drafting.apply(family, self._entry, self._view.language.value, self._thread)

    def _insert(self, family: Family, applied: Applied) -> None:
        editor = self._view.editor
        if self._view.two and self.sides is not None:
            self._insert_both(family, applied, self.sides)
        else:
            self._inserted(editor.insert(applied.filled.text), family, applied)

    def _insert_both(self, family: Family, applied: Applied, sides: Sides) -> None:
        """The agent's variant on their side, the customer's on the other; only where there is one."""
        mine = self._own(family) or applied
        if fits(applied):
            start, _start = sides.together(mine.filled.text, applied.filled.text)
            self._inserted(start, family, mine, applied)
            return
        self._inserted(self._view.editor.insert(mine.filled.text), family, mine, applied)
        self.missing.emit(family)

    def _own(self, family: Family) -> Applied | None:
        if self._entry is None or self.sides is None:
            return None
        return self._drafting.apply(family, self._entry, self.sides.own, self._thread)

    def _inserted(self, start: int, family: Family, applied: Applied, sent: Applied | None = None) -> None:
        from workstation.views.case.template_picker import TemplatePicker

        editor = self._view.editor
        if applied.filled.blanks:
            first = applied.filled.blanks[0]
            editor.select(start + first.start, start + first.end)
        if not any(isinstance(child, TemplatePicker) and child.isVisible() for child in self._window.children()):
            editor.setFocus()
        self.inserted.emit(family, sent or applied)

    # -- shortcuts -------------------------------------------------------------------------------------------------

    def meant(self, word: str) -> Family | None:
        """The template that a typed shortcut means: its own, or the only one that begins so."""
        exact = next((family for family in self._families if family.shortcut == word), None)
        if exact is not None or len(word) < SHORTEST:
            return exact
        begun = [family for family in self._families if family.shortcut.startswith(word)]
        return begun[0] if len(begun) == 1 else None

    def _expand(self, start: int, word: str) -> bool:
        family = self.meant(word)
        applied = self._apply(family) if family is not None else None
        if family is None or applied is None:
            return False
        editor = self._view.editor
        if self._view.two:
            editor.replace_shortcut(start, "")
            self._insert(family, applied)
        else:
            self._inserted(editor.replace_shortcut(start, applied.filled.text), family, applied)
        return True

    def hint(self) -> str:
        """What Tab would do to the shortcut before the caret, or ""."""
        typed = self._view.editor.typed_shortcut() if self._entry is not None else None
        family = self.meant(typed[1]) if typed is not None else None
        return _("Tab: {title}", title=family.title) if family is not None else ""
