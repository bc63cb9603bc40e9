"""What the desk remembers of replies in two languages, and by which dictionaries it spells."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workstation.domain.errors import MeridianError
from workstation.domain.knowledge import Change
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import _, formats, ngettext
from workstation.qt.dialogs import ask_file, opened
from workstation.qt.tasks import Tasks
from workstation.services.desk import Desk
from workstation.services.memory import MemoryPlan
from workstation.views.notices import Notices
from workstation.views.settings.hours import LineSetting
from workstation.views.settings.rows import SettingRow
from workstation.views.templates.differences import DifferencesSheet, Line
from workstation.views.undoing import Undoing
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating

PATTERNS = "TMX (*.tmx)"
SHOWN = 8
"""Pairs that are named."""
ROLE = Qt.ItemDataRole.UserRole
Swing = Callable[[], Awaitable[None]]


def pair_name(source: str, target: str) -> str:
    """A pair of languages for the reader."""
    arrow = "←" if formats().direction == "rtl" else "→"
    return f"\u2068{formats().language(source)}\u2069 {arrow} \u2068{formats().language(target)}\u2069"


class MemoryTile(Retranslating):
    """How much is remembered of which languages; in and out of files; forgetting."""

    def __init__(
        self, desk: Desk, undoing: Undoing, notices: Notices, tasks: Tasks, window: QWidget,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setProperty("role", "tile")
        self._desk, self._undoing, self._notices, self._tasks, self._window = desk, undoing, notices, tasks, window
        self._pairs: tuple[tuple[str, str, int], ...] = ()
        self._name, self._words, self.sizes = QLabel(), Paragraph(), Paragraph()
        self._name.setProperty("role", "heading")
        self._words.setProperty("role", "small")
        buttons = QWidget()
        flow = FlowLayout(buttons)
        self.buttons: dict[str, TextButton] = {}
        for name, words, icon, act in (
            ("import", lazy("Import…"), "file", self.import_file),
            ("export", lazy("Export…"), "save", self.export_file),
            ("clear", lazy("Forget everything"), "trash-2", self.clear),
        ):
            button = self.buttons[name] = TextButton(words, icon=icon)
            button.clicked.connect(lambda _on=False, act=act: act())
            flow.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        for widget in (self._name, self._words, self.sizes, buttons):
            column.addWidget(widget)
        self.retranslate()

    def reload(self) -> None:
        """Count again."""
        self._tasks.latest(self.load(), "memory")

    async def load(self) -> None:
        """As `reload`; done when it returns."""
        self._pairs = await self._desk.memory.pairs()
        self.retranslate()

    def import_file(self) -> None:
        """Take sentences in from a file, after a look at how many."""
        self._tasks.spawn(self._import(), "import memory")

    async def _import(self) -> None:
        path = await ask_file(self._window, _("Import sentences"), PATTERNS)
        if path:
            await self.take_file(Path(path))

    async def take_file(self, path: Path) -> None:
        """Show what a file would add, and add it if that is wanted."""
        try:
            plan = await self._desk.memory.plan(path)
        except MeridianError as error:
            self._notices.say(error.text, tone="danger", key="memory")
            return
        lines = [Line(Change.NEW, _counted(one, other, count)) for one, other, count in plan.pairs]
        if plan.known:
            known = ngettext("{count} sentence is known", "{count} sentences are known", plan.known)
            lines.append(Line(Change.SAME, known))
        left = lazy_plural(
            "{count} sentence says a number in one language only, or has no words.",
            "{count} sentences say a number in one language only, or have no words.",
            plan.left_out,
        )
        refused = ((plan.file, left),) if plan.left_out else ()
        sheet = DifferencesSheet(lazy("Import “{file}”", file=plan.file), lines, refused, lazy("Import"), self._window)
        if await opened(sheet):
            await self._carry_out(plan)

    async def _carry_out(self, plan: MemoryPlan) -> None:
        state = [await self._desk.memory.carry_out(plan)]

        async def swing() -> None:
            if state[0]:
                await self._desk.memory.forget(state[0])
                state[0] = ()
            else:
                state[0] = await self._desk.memory.carry_out(plan)
            await self.load()

        await self.load()
        self._did(lazy_plural("{count} sentence imported.", "{count} sentences imported.", len(plan.fresh)), swing)

    def _did(self, label: LazyText, swing: Swing) -> None:
        self._undoing.deed(label, swing, tell=True)

    def export_file(self) -> None:
        """Write everything to a file."""
        self._tasks.spawn(self._export(), "export memory")

    async def _export(self) -> None:
        path = await ask_file(self._window, _("Export sentences"), PATTERNS, save="memory.tmx")
        if path:
            await self._desk.privacy.note_export(Path(path))
            count = await self._desk.memory.export_file(Path(path))
            told = lazy_plural("{count} sentence exported.", "{count} sentences exported.", count)
            self._notices.say(told, tone="ok", key="memory")

    def clear(self) -> None:
        """Forget everything; it can be taken back."""
        self._tasks.spawn(self._clear(), "clear memory")

    async def _clear(self) -> None:
        state = [await self._desk.memory.clear()]
        count = len(state[0])

        async def swing() -> None:
            if state[0]:
                await self._desk.memory.take(state[0])
                state[0] = ()
            else:
                state[0] = await self._desk.memory.clear()
            await self.load()

        await self.load()
        self._did(lazy_plural("{count} sentence forgotten.", "{count} sentences forgotten.", count), swing)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._name.setText(_("Memory"))
        self._words.setText(
            _(
                "What was sent in two languages is suggested when something like it is written again. Names, numbers"
                " and addresses are taken out before it is kept, and nothing of it leaves this machine."
            )
        )
        total = sum(count for _one, _other, count in self._pairs)
        lines = [f"{pair_name(one, other)}: {formats().number(count)}" for one, other, count in self._pairs[:SHOWN]]
        if len(self._pairs) > SHOWN:
            lines.append(_("and more"))
        head = ngettext("{count} sentence is remembered.", "{count} sentences are remembered.", total)
        nothing = _("Nothing is remembered yet: it begins with the first reply that is sent in two languages.")
        self.sizes.setText("\n".join((head, *lines)) if total else nothing)
        for name in ("export", "clear"):
            self.buttons[name].setEnabled(bool(total))
        self.setAccessibleName(_("Memory"))


class OwnWords(QListWidget):
    """Words that the speller was taught; Delete takes one back."""

    def __init__(self, forget: Callable[[str, str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forget = forget
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the chosen word back."""
        if event.key() == Qt.Key.Key_Delete:
            self.forget_chosen()
        else:
            super().keyPressEvent(event)

    def forget_chosen(self) -> None:
        """Take the chosen word back."""
        item = self.currentItem()
        if item is not None:
            self._forget(*item.data(ROLE))


class SpellingTile(Retranslating):
    """Whether words are marked, by which dictionaries, and which words were taught."""

    def __init__(self, desk: Desk, undoing: Undoing, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._undoing, self._tasks = desk, undoing, tasks
        self._found: tuple[str, ...] = ()
        self.on = QCheckBox()
        self.on.setChecked(desk.settings.now.spelling)
        self.on.toggled.connect(lambda on: desk.settings.change(spelling=on))
        self.folders = LineSetting(
            lazy("Folders with dictionaries"),
            lazy("Where else to look for hunspell dictionaries (.aff and .dic); several with semicolons."),
        )
        self.folders.line.setText("; ".join(desk.settings.now.dictionary_folders))
        self.folders.line.editingFinished.connect(self._change_folders)
        self.known = Paragraph()
        self.known.setProperty("role", "small")
        self._taught = QLabel()
        self.words = OwnWords(self._unlearn)
        self._taught.setBuddy(self.words)
        self.take_back = TextButton(lazy("Take the word back"), icon="trash-2")
        self.take_back.clicked.connect(self.words.forget_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(
            SettingRow(
                lazy("Mark unknown words"),
                lazy("By the dictionaries that are installed here; without one for a language nothing is marked."),
                self.on,
            )
        )
        for widget in (self.folders, self.known, self._taught, self.words):
            column.addWidget(widget)
        column.addWidget(self.take_back, 0, Qt.AlignmentFlag.AlignLeading)
        self.destroyed.connect(desk.spelling.subscribe(lambda _language: self._heard()))
        self.retranslate()

    def _heard(self) -> None:
        if self.isVisible():
            self.reload()

    def reload(self) -> None:
        """Look at what there is."""
        self._tasks.latest(self.load(), "dictionaries")

    async def load(self) -> None:
        """As `reload`; done when it returns."""
        self._found = tuple(sorted({each.language for each in await self._desk.spelling.installed()}))
        words = await self._desk.spelling.own_words()
        self.words.clear()
        for language, word in words:
            item = QListWidgetItem(f"\u2068{word}\u2069 – {formats().language(language)}" if language else word)
            item.setData(ROLE, (language, word))
            self.words.addItem(item)
        for widget in (self._taught, self.words, self.take_back):
            widget.setVisible(bool(words))
        self.words.setFixedHeight(self.fontMetrics().lineSpacing() * 2 * min(6, len(words) + 1))
        self.retranslate()

    def _unlearn(self, language: str, word: str) -> None:
        self._tasks.spawn(self._take_back(language, word), "unlearn")

    async def _take_back(self, language: str, word: str) -> None:
        spelling, state = self._desk.spelling, [True]
        await spelling.unlearn(word, language)

        async def swing() -> None:
            await (spelling.learn if state[0] else spelling.unlearn)(word, language)
            state[0] = not state[0]

        await self.load()
        self._undoing.deed(lazy("“{word}” is unknown again.", word=word), swing, tell=True)

    def _change_folders(self) -> None:
        folders = tuple(text.strip()[:500] for text in self.folders.line.text().split(";") if text.strip())
        if folders != self._desk.settings.now.dictionary_folders:
            self._desk.settings.change(dictionary_folders=folders)
            self.reload()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        names = formats().list([formats().language(tag) for tag in self._found])
        found = _("Dictionaries found: {languages}", languages=names)
        self.known.setText(found if self._found else _("No dictionary was found on this machine."))
        self._taught.setText(_("Words of your own"))
        self.words.setAccessibleName(_("Words of your own"))
        self.setAccessibleName(_("Spelling"))


def _counted(one: str, other: str, count: int) -> str:
    """A pair of languages and how many sentences it has."""
    sentences = ngettext("{count} sentence", "{count} sentences", count)
    return f"{pair_name(one, other)}: {sentences}"
