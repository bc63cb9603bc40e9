"""Templates in the composer: chosen, typed as a shortcut, stacked at the caret; the used ones are counted once sent."""

import asyncio
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Entry
from workstation.domain.knowledge import words_of
from workstation.domain.languages import named
from workstation.domain.template_fit import Wanted
from workstation.domain.templates import Family, Fit, Formality, drift
from workstation.domain.text import lazy
from workstation.i18n import _
from workstation.qt.tasks import Tasks
from workstation.services.drafting import Applied, Drafting
from workstation.services.templates import Step, Templates
from workstation.views.case.composer_view import ComposerView
from workstation.views.case.translation.sides import Sides
from workstation.views.widgets.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable

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
        self.on_confirmed: Callable[[Family, Step], object] = lambda _family, _step: None
        """Told of the way back when a person has said that a variant fits."""
        self._noted = 0
        """The family of which the note tells."""
        view.note.confirmed.connect(self._note_confirmed)
        view.edited.connect(self._emptied)
        view.editor.expand = self._expand

    def begin(self, entry: Entry, thread: tuple[Entry, ...]) -> None:
        """Something else is written now."""
        if self._entry is None or self._entry.message.id != entry.message.id:
            self._note(None, None)
        self._entry, self._thread = entry, thread
        self.refresh()

    def end(self) -> None:
        """Nothing is written any more."""
        self._entry, self._thread = None, ()
        self._note(None, None)

    def refresh(self) -> None:
        """The library may have changed."""
        self._tasks.latest(self._load(), "shortcuts")

    async def _load(self) -> None:
        self._families = await self._templates.list()
        self._note_again()

    # -- choosing --------------------------------------------------------------------------------------------------

    def choose(self, query: str = "") -> None:
        """Let the agent choose templates and put them at the caret; as often as wanted. `query` is typed already."""
        if self._entry is not None:
            self._tasks.spawn(self._choose(self._entry, query), "templates")

    async def _choose(self, entry: Entry, query: str) -> None:
        self._families = await self._templates.list()
        picker = self._pickers.take(self._window)
        asked = self.sides.formality if self.sides is not None else Formality.NEUTRAL
        picker.offer_families(self._families, self._apply, self._wanted(entry), query, self._own, asked)
        self._pickers.hear(picker, picker.picked, self._insert)
        self._pickers.hear(picker, picker.addressed, self._address)
        self._pickers.hear(picker, picker.fits, lambda family, applied: self.confirm(family, applied, picker))
        await asyncio.sleep(0)  # filled and opened in a turn of the loop each
        picker.open()

    @staticmethod
    def _picker(window: QWidget) -> "TemplatePicker":
        # Imported when first opened: a start pays for every module.
        from workstation.views.case.template_picker import TemplatePicker

        return TemplatePicker((), lambda _family, _formality: None, Wanted(""), window, confirmable=True)

    def _wanted(self, entry: Entry) -> Wanted:
        language = self._view.language.value or named(entry.message.language)
        tags = entry.case.tags if entry.case is not None else ()
        return Wanted(language, tags, words_of((entry.message.text,)), self._drafting.own_language)

    def _apply(self, family: Family, formality: Formality | None = None) -> Applied | None:
        if self._entry is None:
            return None
        asked = formality or (self.sides.formality if self.sides is not None else Formality.NEUTRAL)
        return self._drafting.apply(family, self._entry, self._view.language.value, self._thread, asked)

    def _address(self, formality: Formality) -> None:
        if self.sides is not None:
            self.sides.formality = formality

    # -- what is said about what was inserted ----------------------------------------------------------------------

    def confirm(self, family: Family, applied: Applied, picker: "TemplatePicker | None" = None) -> None:
        """A person says that a variant fits its source."""
        self._tasks.spawn(self._confirm(family, applied, picker), "template fits")

    async def _confirm(self, family: Family, applied: Applied, picker: "TemplatePicker | None") -> None:
        step = await self._templates.confirm(family.id, applied.language, applied.formality)
        await self._load()
        if picker is not None:
            picker.renew(self._families)
        if step.put:
            self.on_confirmed(family, step)

    def _note_confirmed(self) -> None:
        family = next((each for each in self._families if each.id == self._noted), None)
        applied = self._view.note.applied
        if family is not None and applied is not None:
            self.confirm(family, applied)
            self._view.editor.setFocus()

    def _note(self, family: Family | None, applied: Applied | None) -> None:
        self._noted = family.id if family is not None else 0
        about = lazy("Template “{title}”", title=family.title) if family is not None else None
        self._view.note.show_applied(applied, about)

    def _note_again(self) -> None:
        """The library has changed: what speaks against the variant that was used may have."""
        applied, family = self._view.note.applied, next((f for f in self._families if f.id == self._noted), None)
        if applied is None or family is None:
            return
        pair = applied.language, applied.formality
        variant = next((each for each in family.variants if (each.language, each.formality) == pair), None)
        if variant is not None:
            drifted = drift(family, variant)
            now = msgspec.structs.replace(applied, drift=drifted, stale=drifted is not None, machine=variant.machine)
            self._note(family, now)

    def _emptied(self) -> None:
        if self._noted and not self._view.text.strip() and not self._view.own_text.strip():
            self._note(None, None)

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

    def address_anew(self, family: int, formality: Formality) -> bool | None:
        """Put the variant of a form of address in place of the other; False where the text is not the template's.

        None where there is no template.
        """
        found = next((each for each in self._families if each.id == family), None)
        if found is None or self._entry is None or not self._view.text.strip():
            return None
        variants = [self._apply(found, each) for each in Formality]
        now = next((each for each in variants if each and each.filled.text.strip() == self._view.text.strip()), None)
        mine, wanted = self._own(found), self._apply(found, formality)
        if now is None or wanted is None or (self._view.two and not self._is_own(mine)):
            return False
        if wanted.filled.text != now.filled.text:
            if self._view.two and self.sides is not None:
                self.sides.put_variant(wanted.filled.text)
            else:
                self._view.editor.replace_all(wanted.filled.text)
        self._note(found, wanted)
        return True

    def _is_own(self, mine: Applied | None) -> bool:
        return mine is not None and mine.filled.text.strip() == self._view.own_text.strip()

    def _own(self, family: Family) -> Applied | None:
        if self._entry is None:
            return None
        return self._drafting.apply(family, self._entry, self._drafting.own_language, self._thread)

    def _inserted(self, start: int, family: Family, applied: Applied, sent: Applied | None = None) -> None:
        from workstation.views.case.template_picker import TemplatePicker

        editor = self._view.editor
        if applied.filled.blanks:
            first = applied.filled.blanks[0]
            editor.select(start + first.start, start + first.end)
        if not any(isinstance(child, TemplatePicker) and child.isVisible() for child in self._window.children()):
            editor.setFocus()
        self.inserted.emit(family, sent or applied)
        self._note(family, sent or applied)

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
