"""The library with its services: what is written is stored as it rests, and everything can be taken back."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from workstation.domain.cases import Entry
from workstation.domain.errors import MeridianError
from workstation.domain.knowledge import Change
from workstation.domain.templates import Family, source_of
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import _, formats, render
from workstation.qt.dialogs import ask_file, opened
from workstation.qt.tasks import Tasks
from workstation.qt.throttle import Throttle
from workstation.services.clock import Clock
from workstation.services.drafting import KNOWN, Drafting
from workstation.services.settings import Settings
from workstation.services.templates import Difference, Plan, Step, Templates
from workstation.views.case.language_picker import LanguagePicker
from workstation.views.notices import Notices
from workstation.views.templates.differences import DifferencesSheet, Line
from workstation.views.templates.library import LibraryView
from workstation.views.templates.samples import BARE, FULL, OPEN, sample
from workstation.views.templates.words import FIELDS, as_text
from workstation.views.undoing import Undoing
from workstation.views.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from workstation.services.translating import Translating

JOURNAL_MS = 500
"""How long writing rests before it is stored."""
PATTERNS = "TOML, JSON, CSV (*.toml *.json *.csv)"


class LibraryDesk(QObject):
    """Carries out what one does on the library's page."""

    def __init__(
        self,
        view: LibraryView,
        templates: Templates,
        drafting: Drafting,
        settings: Settings,
        clock: Clock,
        undoing: Undoing,
        notices: Notices,
        tasks: Tasks,
        window: QWidget,
        current: Callable[[], Entry | None],
        translating: "Callable[[], Translating]",
    ) -> None:
        super().__init__(view)
        self._view, self._templates, self._drafting, self._settings = view, templates, drafting, settings
        self._clock, self._undoing, self._notices = clock, undoing, notices
        self._tasks, self._window, self._current, self._translating = tasks, window, current, translating
        self._before: Family | None = None
        """What the open template was before one began to write on it; None while nothing was written."""
        self._stored: Family | None = None
        self._saving: asyncio.Task[None] | None = None
        self._journal = Throttle(self, JOURNAL_MS, self._rested)
        view.opened.connect(self._open)
        view.new_wanted.connect(self.create)
        view.editor.edited.connect(self._edited)
        view.editor.turned.connect(self._try)
        view.editor.add_wanted.connect(self._add_language)
        view.editor.drop_wanted.connect(view.editor.drop_language)
        view.editor.placeholder_wanted.connect(self.insert_placeholder)
        view.editor.fits_wanted.connect(self.fits)
        view.editor.draft_wanted.connect(self.draft)
        view.preview.changed.connect(self._try)

    # -- reading ---------------------------------------------------------------------------------------------------

    def refresh(self, select: int = 0) -> None:
        """Show the library as it is stored now."""
        self._tasks.latest(self._load(select), "library")

    async def _load(self, select: int = 0) -> None:
        writing = self._before is not None
        families = await self._templates.list()
        if self._before is not None and not writing:
            select = 0  # somebody began to write meanwhile: what is in the fields is newer
        self._view.reads = self._drafting.own_language
        self._view.editor.can_draft = self._settings.now.translator.configured
        self._view.show_families(families, select=select)
        stored = next((each for each in families if self._stored is not None and each.id == self._stored.id), None)
        if stored is not None and self._before is None and stored != self._stored:
            # Somebody else changed it, such as an import or an undo.
            self._open(stored)

    def _open(self, family: Family | None) -> None:
        self.finish()
        self._stored = family
        if family is not None:
            shown = self._view.editor.variant
            wanted = (shown.language, shown.formality) if shown is not None else (self._drafting.own_language,)
            self._view.editor.show_family(family, *wanted)

    # -- writing ---------------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        if self._before is None:
            self._before = self._stored
        self._try()
        self._journal.later()

    def _rested(self) -> None:
        family = self._view.editor.family()
        if family is not None:
            self._saving = self._tasks.spawn(self._save(family), "save template")

    async def _save(self, family: Family) -> None:
        try:
            stored = await self._templates.save(family)
        except MeridianError as error:
            if self._stored is not None and self._stored.id == family.id:
                self._view.editor.show_error(error.text)
            else:
                self._notices.say(error.text, tone="danger", key="template")
            return
        if self._stored is not None and self._stored.id == stored.id:
            self._stored = stored
            self._view.editor.took(stored)
        await self._load()

    def finish(self) -> None:
        """One is done with the open template for now: what was written counts as one step."""
        self._journal.flush()
        before, self._before = self._before, None
        if before is not None:
            self._undoing.deed(lazy("Change of “{title}”", title=before.title), self._swing(Step(put=(before,))))

    def _swing(self, step: Step) -> Callable[[], Awaitable[None]]:
        """What takes a step back, and the next time does it again."""
        state = [step]

        async def swing() -> None:
            shown, writing = self._stored.id if self._stored is not None else 0, self._before is not None
            state[0] = await self._templates.take(state[0])
            put = [family.id for family in state[0].put]
            began = self._before is not None and not writing
            await self._load(0 if began else put[0] if put and put[0] == shown else shown)

        return swing

    def _did(self, label: LazyText, step: Step) -> None:
        self._undoing.deed(label, self._swing(step), tell=True)

    # -- what the keys do ------------------------------------------------------------------------------------------

    def create(self) -> None:
        """Begin a template in the folder that is open."""
        self._tasks.spawn(self._create(), "new template")

    async def settled(self) -> None:
        """One is done with the open template, and what was written is stored."""
        self.finish()
        if self._saving is not None:
            await asyncio.wait([self._saving])

    async def _create(self) -> None:
        await self.settled()
        made = await self._templates.create(_("New template"), self._view.folder, self._settings.now.team_language)
        await self._load(made.id)
        self._view.editor.title.setFocus()
        self._view.editor.title.selectAll()
        self._did(lazy("New template"), Step(forget=(made.id,)))

    def duplicate(self) -> None:
        """Copy the template that is open."""
        self._with_current(self._duplicate, "duplicate template")

    async def _duplicate(self, family: Family) -> None:
        made = await self._templates.duplicate(family, f"{family.title} 2")
        await self._load(made.id)
        self._did(lazy("Copy of “{title}”", title=family.title), Step(forget=(made.id,)))

    def remove(self) -> None:
        """Delete the template that is open; it can be taken back."""
        self._with_current(self._remove, "delete template")

    async def _remove(self, family: Family) -> None:
        back = await self._templates.remove(family.id)
        await self._load()
        self._did(lazy("“{title}” deleted", title=family.title), back)

    def move(self) -> None:
        """Put the template that is open into another folder, which may be a new one."""
        self._with_current(self._ask_folder, "move template")

    async def _ask_folder(self, family: Family) -> None:
        title, hint = lazy("Move to which folder?"), lazy("Type a folder, such as Delivery/Late")
        picker = Picker(title, hint, self._window, free=True)
        picker.offer([Choice(path or "/", path or _("No folder"), icon="inbox") for path in self._view.paths()])
        picker.chosen.connect(lambda choice: self._tasks.spawn(self._move(family, _folder_of(choice)), "move template"))
        picker.open()

    async def _move(self, family: Family, folder: str) -> None:
        back = await self._templates.move((family,), folder)
        await self._load(family.id)
        where = lazy("“{title}” is in “{folder}” now", title=family.title, folder=folder)
        self._did(where if folder else lazy("“{title}” is in no folder now", title=family.title), back)

    def rename_folder(self) -> None:
        """Give the folder that is open another name."""
        folder = self._view.folder
        if not folder:
            self._notices.say(lazy("Choose a folder first."), key="template")
            return
        self.finish()
        picker = Picker(lazy("Rename the folder"), lazy("Type its new name"), self._window, free=True)
        picker.field.setText(folder)
        picker.field.selectAll()
        picker.chosen.connect(lambda choice: self._tasks.spawn(self._rename(folder, _folder_of(choice)), "rename"))
        picker.open()

    async def _rename(self, old: str, new: str) -> None:
        back = await self._templates.rename_folder(old, new)
        await self._load()
        self._did(lazy("Folder “{old}” is “{new}” now", old=old, new=new), back)

    def find(self) -> None:
        """Go to the field that finds templates."""
        self._view.search.setFocus()
        self._view.search.selectAll()

    def _with_current(self, work: Callable[[Family], Awaitable[object]], name: str) -> None:
        self._tasks.spawn(self._current_then(work), name)

    async def _current_then(self, work: Callable[[Family], Awaitable[object]]) -> None:
        await self.settled()
        number = self._stored.id if self._stored is not None else 0
        family = next((each for each in await self._templates.list() if each.id == number), None)
        if family is None:
            self._notices.say(lazy("Choose a template first."), key="template")
            return
        await work(family)

    # -- parts of a template ---------------------------------------------------------------------------------------

    def _add_language(self) -> None:
        family = self._view.editor.family()
        if family is not None:
            picker = LanguagePicker((self._settings.now.team_language,), self._window)
            picker.chosen.connect(lambda choice: self._view.editor.add_language(choice.id))
            picker.open()

    def fits(self) -> None:
        """A person has read the text that is shown: it says what its source says."""
        self._with_current(self._fits, "template fits")

    async def _fits(self, family: Family) -> None:
        variant = self._view.editor.variant
        if variant is None:
            return
        back = await self._templates.confirm(family.id, variant.language, variant.formality)
        await self._load()
        if back.put:
            self._did(lazy("A text of “{title}” fits again", title=family.title), back)
        self._view.editor.text.setFocus()

    def draft(self) -> None:
        """Have the text that is shown drafted by the provider: it stays the machine's until somebody has read it."""
        self._tasks.latest(self._draft(), "draft of a template")

    async def _draft(self) -> None:
        # Imported when first used: a start pays for every module.
        from workstation.domain.translation import Pair
        from workstation.services.translation_jobs import Job

        editor = self._view.editor
        family, variant = editor.family(), editor.variant
        source = source_of(family, variant) if family is not None and variant is not None else None
        if family is None or variant is None or source is None:
            return
        editor.unwritten.set_busy(True)
        try:
            pair = Pair(source.language, variant.language)
            found = await self._translating().translate(Job(source.text, pair, variant.formality))
        except MeridianError as error:
            self._notices.say(error.text, tone="danger", key="template")
            return
        finally:
            editor.unwritten.set_busy(False)
        now = editor.family()
        still = now is not None and now.id == family.id  # whoever went on to another template wants no text in that one
        if still and editor.put_draft(pair.target, variant.formality, found.translated.text):
            editor.text.setFocus()

    def insert_placeholder(self) -> None:
        """Choose what is filled in by the desk, or name what the agent is to fill in."""
        title = lazy("Insert a placeholder")
        picker = Picker(title, lazy("Choose, or type a name such as delivery_date"), self._window, free=True)
        picker.offer([Choice(name, render(about), f"{{{name}}}", "braces", words=name) for name, about in KNOWN])
        picker.chosen.connect(self._put_placeholder)
        picker.open()

    def _put_placeholder(self, choice: Choice) -> None:
        name = choice.id or "_".join(choice.text.lower().split())
        editor = self._view.editor.text
        editor.insertPlainText(f"{{{name}}}")
        editor.setFocus()

    # -- trying it out ---------------------------------------------------------------------------------------------

    def _try(self) -> None:
        family, variant = self._view.editor.family(), self._view.editor.variant
        if family is None or variant is None or not variant.text.strip():
            self._view.preview.show_applied(None)
            return
        kind = str(self._view.preview.sample.currentData())
        entry = self._current() if kind == OPEN else None
        if entry is not None:
            # As it would be sent in that case: the variant for that customer, and why it is this one.
            applied = self._drafting.apply(family, entry, "", (), variant.formality)
        else:
            alone = msgspec.structs.replace(family, variants=(variant,))
            entry = sample(BARE if kind == BARE else FULL, variant.language, 0, self._clock.now())
            applied = self._drafting.apply(alone, entry, variant.language, (), variant.formality)
        own = self._drafting.apply(family, entry, self._drafting.own_language, (), variant.formality)
        self._view.preview.show_applied(applied, own)

    # -- files -----------------------------------------------------------------------------------------------------

    def import_file(self) -> None:
        """Read templates from a file, after showing what would change."""
        self._tasks.spawn(self._import(), "import templates")

    async def _import(self) -> None:
        await self.settled()
        path = await ask_file(self._window, _("Import templates"), PATTERNS)
        if path:
            await self.take_file(Path(path))

    async def take_file(self, path: Path) -> None:
        """Show what a file would change, and change it if that is wanted."""
        plan = await self._templates.plan(path)
        title = lazy("Import “{file}”", file=plan.file)
        lines = [_line(each) for each in plan.differences]
        sheet = DifferencesSheet(title, lines, (), lazy("Import"), self._window)
        if await opened(sheet):
            await self._take(plan)

    async def _take(self, plan: Plan) -> None:
        back = await self._templates.carry_out(plan)
        await self._load(self._stored.id if self._stored is not None else 0)
        count = len(plan.of(Change.NEW)) + len(plan.of(Change.CHANGED))
        self._did(lazy_plural("{count} template imported.", "{count} templates imported.", count), back)

    def export_file(self) -> None:
        """Write all templates to a file."""
        self._tasks.spawn(self._export(), "export templates")

    async def _export(self) -> None:
        await self.settled()
        path = await ask_file(self._window, _("Export templates"), PATTERNS, save="templates.json")
        if path:
            count = await self._templates.export_file(Path(path))
            told = lazy_plural("{count} template exported.", "{count} templates exported.", count)
            self._notices.say(told, tone="ok", key="template")


def _folder_of(choice: Choice) -> str:
    return "" if choice.id == "/" else choice.id or choice.text


def _line(each: Difference) -> Line:
    names = [render(FIELDS[name]) if name in FIELDS else formats().language(name) for name in each.fields]
    return Line(each.change, each.family.title, formats().list(names), as_text(each.before), as_text(each.family))
