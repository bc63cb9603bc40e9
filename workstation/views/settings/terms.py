"""Words and memory: the words that the team agreed on, and below them what the desk remembers and how it spells."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.errors import MeridianError
from workstation.domain.knowledge import Change
from workstation.domain.memory import Term
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import _, current_language, formats, ngettext, render
from workstation.qt.dialogs import ask_file, opened
from workstation.qt.tasks import Tasks
from workstation.services.desk import Desk
from workstation.services.terms import TermPlan, TermStep
from workstation.views import theme
from workstation.views.notices import Notices
from workstation.views.settings.memory import MemoryTile, SpellingTile, pair_name
from workstation.views.settings.rows import LazyCombo
from workstation.views.settings.term_sheet import EVERY, TermSheet
from workstation.views.templates.differences import DifferencesSheet, Line
from workstation.views.undoing import Undoing
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.empty import EmptyState
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Paragraph, plain_tip
from workstation.views.widgets.retranslating import Retranslating

PATTERNS = "TBX, CSV (*.tbx *.xml *.csv)"
ROLE = Qt.ItemDataRole.UserRole
KINDS = (
    ("all", lazy("All words")),
    ("glossary", lazy("Translations")),
    ("kept", lazy("Never translated")),
)
ROWS = 12
"""Rows that are seen at once."""
KEPT = lazy("stays as it is")
MOST = 5_000
"""Rows that are shown; more are found by searching."""


def make_table() -> QTableWidget:
    """A table of words, one a row."""
    table = QTableWidget(0, 4)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    head = table.horizontalHeader()
    head.setHighlightSections(False)
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
    for column in (0, 1, 3):
        head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    head.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
    return table


def show_terms(table: QTableWidget, terms: Sequence[Term], select: int = 0) -> None:
    """Show these; the one with the id `select` is chosen."""
    table.setRowCount(0)
    table.setRowCount(len(terms))
    for row, term in enumerate(terms):
        told = cells(term)
        for column, text in enumerate(told):
            item = QTableWidgetItem(text)
            item.setData(ROLE, term)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, told)) if not column else text)
            item.setToolTip(plain_tip(text))
            table.setItem(row, column, item)
    chosen = next((row for row, term in enumerate(terms) if term.id == select), 0)
    if terms:
        table.setCurrentCell(chosen, 0)
    line = table.fontMetrics().lineSpacing() * 2
    table.verticalHeader().setDefaultSectionSize(line)
    table.setMinimumHeight(line * (min(ROWS, max(4, len(terms))) + 1))


def chosen_of(table: QTableWidget) -> tuple[Term, ...]:
    """The words that are selected."""
    rows = sorted({index.row() for index in table.selectedIndexes()})
    found = (table.item(row, 0) for row in rows)
    return tuple(item.data(ROLE) for item in found if item is not None)


def cells(term: Term) -> tuple[str, str, str, str]:
    """What a row says of a word."""
    source = formats().language(term.source_language) if term.source_language else render(EVERY)
    languages = pair_name(term.source_language, term.target_language) if term.target_language else source
    note = term.note
    if term.forbidden:
        wrong = _("not: {words}", words=", ".join(term.forbidden))
        note = f"{wrong} · {note}" if note else wrong
    return term.source, term.target or render(KEPT), languages, " ".join(note.split())


class TermsSection(Retranslating):
    """The list, what can be done with it, the memory and the speller."""

    def __init__(
        self, desk: Desk, undoing: Undoing, notices: Notices, tasks: Tasks, window: QWidget,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._desk, self._undoing, self._notices, self._tasks, self._window = desk, undoing, notices, tasks, window
        self._all: tuple[Term, ...] = ()
        self._loaded = False
        self._words, self._sum = Paragraph(), Paragraph()
        self._words.setProperty("role", "secondary")
        self._sum.setProperty("role", "small")
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._write())
        self.kind = LazyCombo(KINDS)
        self.kind.currentIndexChanged.connect(lambda _index: self._write())
        self.table = make_table()
        self.table.installEventFilter(self)
        self.table.cellDoubleClicked.connect(lambda _row, _column: self.edit())
        self.table.itemSelectionChanged.connect(self._allow)
        self._none = EmptyState(
            "languages",
            lazy("No word is agreed on yet"),
            lazy("Say how your team says a word in another language, or that a name is never translated."),
            lazy("Add a word"),
        )
        self._none.acted.connect(self.add)
        self._unfound = EmptyState("search", lazy("Nothing found"), lazy("No word of the list has these letters."))
        self.memory = MemoryTile(desk, undoing, notices, tasks, window)
        self.spelling = SpellingTile(desk, undoing, tasks)
        self._arrange()
        self.destroyed.connect(desk.terms.subscribe(self.reload))
        self.retranslate()

    def _arrange(self) -> None:
        find = QWidget()
        row = FlowLayout(find)
        row.addWidget(self.search)
        row.addWidget(self.kind)
        self.buttons: dict[str, TextButton] = {}
        acts = QWidget()
        flow = FlowLayout(acts)
        for name, words, icon, act in (
            ("add", lazy("Add a word"), "plus", self.add),
            ("edit", lazy("Change…"), "pencil", self.edit),
            ("remove", lazy("Delete"), "trash-2", self.remove),
            ("import", lazy("Import…"), "file", self.import_file),
            ("export", lazy("Export…"), "save", self.export_file),
        ):
            button = self.buttons[name] = TextButton(words, icon=icon, role="primary" if name == "add" else "")
            button.clicked.connect(lambda _on=False, act=act: act())
            flow.addWidget(button)
        self._pages = QStackedWidget()
        for page in (self.table, self._none, self._unfound):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self._words, find, acts, self._pages, self._sum, self.memory, self.spelling):
            column.addWidget(widget)

    # -- reading ---------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """What is not looked at is not read."""
        super().showEvent(event)
        if not self._loaded:
            self._loaded = True
            self.reload()
            self.memory.reload()
            self.spelling.reload()

    def reload(self) -> None:
        """Show the words as they are stored now."""
        if self._loaded:
            self._tasks.latest(self.load(), "terms")

    async def load(self, select: int = 0) -> None:
        """As `reload`; done when it returns."""
        self._all = await self._desk.terms.list()
        self._write(select)

    def _write(self, select: int = 0) -> None:
        words, kind = self.search.text().casefold().split(), str(self.kind.currentData())
        shown = [term for term in self._all if _is(term, kind) and _has(term, words)]
        if not select and (chosen := chosen_of(self.table)):
            select = chosen[0].id
        show_terms(self.table, shown[:MOST], select)
        self._pages.setCurrentIndex(0 if shown else 2 if self._all else 1)
        self._sum.setText(ngettext("{count} word", "{count} words", len(shown)) if self._all else "")
        self._allow()

    def _allow(self) -> None:
        chosen = chosen_of(self.table) if self._pages.currentIndex() == 0 else ()
        self.buttons["edit"].setEnabled(len(chosen) == 1)
        self.buttons["remove"].setEnabled(bool(chosen))
        self.buttons["export"].setEnabled(bool(self._all))

    # -- changing --------------------------------------------------------------------------------------------------

    def add(self) -> None:
        """Write a new word."""
        own = current_language().tag
        kept = "kept" if self.kind.currentData() == "kept" else ""
        self._tasks.spawn(self._write_one(Term("" if kept else own, "", "")), "term")

    def edit(self) -> None:
        """Change the word that is chosen."""
        chosen = chosen_of(self.table)
        if len(chosen) == 1:
            self._tasks.spawn(self._write_one(chosen[0]), "term")

    async def _write_one(self, term: Term) -> None:
        own = current_language().tag
        near = dict.fromkeys((*(each.target_language for each in self._all), self._desk.settings.now.team_language))
        sheet = TermSheet(term, (own, *(tag for tag in near if tag and tag != own)), self._window)
        written: list[Term] = []
        sheet.accepted.connect(lambda: written.append(sheet.term()))
        if not await opened(sheet) or not written or written[0] == term:
            return
        try:
            stored, back = await self._desk.terms.save(written[0])
        except MeridianError as error:
            self._notices.say(error.text, tone="danger", key="term")
            return
        await self.load(stored.id)
        self._did(lazy("“{word}” is kept.", word=stored.source), back)

    def remove(self) -> None:
        """Forget the words that are chosen."""
        chosen = chosen_of(self.table)
        if chosen:
            self._tasks.spawn(self._remove(chosen), "term")

    async def _remove(self, chosen: tuple[Term, ...]) -> None:
        back = await self._desk.terms.remove(chosen)
        await self.load()
        self._did(lazy_plural("{count} word deleted.", "{count} words deleted.", len(chosen)), back)

    def _did(self, label: LazyText, back: TermStep) -> None:
        self._undoing.deed(label, self._swing(back), tell=True)

    def _swing(self, step: TermStep) -> Callable[[], Awaitable[None]]:
        """What takes a step back, and the next time does it again."""
        state = [step]

        async def swing() -> None:
            state[0] = await self._desk.terms.take(state[0])

        return swing

    # -- files -----------------------------------------------------------------------------------------------------

    def import_file(self) -> None:
        """Take words in from a file, after a look at what would change."""
        self._tasks.spawn(self._import(), "import terms")

    async def _import(self) -> None:
        path = await ask_file(self._window, _("Import words"), PATTERNS)
        if path:
            await self.take_file(Path(path))

    async def take_file(self, path: Path) -> None:
        """Show what a file would change, and change it if that is wanted."""
        try:
            plan = await self._desk.terms.plan(path)
        except MeridianError as error:
            self._notices.say(error.text, tone="danger", key="term")
            return
        lines = [
            Line(each.change, each.term.source, each.term.target, _shown(each.before), _shown(each.term))
            for each in plan.differences
        ]
        sheet = DifferencesSheet(lazy("Import “{file}”", file=plan.file), lines, (), lazy("Import"), self._window)
        if await opened(sheet):
            await self._carry_out(plan)

    async def _carry_out(self, plan: TermPlan) -> None:
        back = await self._desk.terms.carry_out(plan)
        await self.load()
        count = len(plan.of(Change.NEW)) + len(plan.of(Change.CHANGED))
        self._did(lazy_plural("{count} word imported.", "{count} words imported.", count), back)

    def export_file(self) -> None:
        """Write all words to a file."""
        self._tasks.spawn(self._export(), "export terms")

    async def _export(self) -> None:
        path = await ask_file(self._window, _("Export words"), PATTERNS, save="words.tbx")
        if path:
            await self._desk.privacy.note_export(Path(path))
            count = await self._desk.terms.export_file(Path(path))
            told = lazy_plural("{count} word exported.", "{count} words exported.", count)
            self._notices.say(told, tone="ok", key="term")

    # -- keys and words --------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter changes, Delete deletes, Insert adds."""
        if watched is self.table and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            acts = {
                Qt.Key.Key_Return: self.edit, Qt.Key.Key_Enter: self.edit, Qt.Key.Key_Delete: self.remove,
                Qt.Key.Key_Insert: self.add,
            }  # fmt: skip
            act = acts.get(Qt.Key(event.key()))
            if act is not None:
                act()
                return True
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._words.setText(
            _("Replies and translations keep to these words: what is wrong is named before anything is sent.")
        )
        self.search.setPlaceholderText(_("Find a word"))
        self.search.setAccessibleName(_("Find a word"))
        self.search.setMinimumWidth(theme.current().letter * 30)
        self.kind.retranslate()
        self.kind.setAccessibleName(_("Which words are shown"))
        self.table.setAccessibleName(_("Agreed words"))
        self.table.setHorizontalHeaderLabels([_("Word"), _("Translation"), _("Languages"), _("Note")])
        self._write()


def _is(term: Term, kind: str) -> bool:
    return kind == "all" or term.kept == (kind == "kept")


def _has(term: Term, words: list[str]) -> bool:
    text = "\n".join((term.source, term.target, term.note, *term.forbidden)).casefold()
    return all(word in text for word in words)


def _shown(term: Term | None) -> str:
    if term is None:
        return ""
    names = (_("Word"), _("Translation"), _("Languages"), _("Note"))
    return "\n".join(f"{name}: {text}" for name, text in zip(names, cells(term), strict=True) if text)
