"""The palette's window: a field, the lines that fit, and beneath them why the current one is not possible now."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListView, QVBoxLayout, QWidget

from workstation.domain.text import lazy
from workstation.i18n import _, ngettext, plain, render
from workstation.qt.tasks import Tasks
from workstation.qt.throttle import Throttle
from workstation.views import theme
from workstation.views.notices import announce
from workstation.views.palette.items import Item, Line, Ranking, Recent, Searching, Source
from workstation.views.palette.lines import Lines, Painter, spoken
from workstation.views.widgets.handback import hand_back
from workstation.views.widgets.labels import Paragraph

LOOKING = 150
"""Milliseconds of rest before something is looked up for what is typed."""
SEARCH = lazy("Search")
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class Palette(QDialog):
    """Enter does what is chosen, Escape leaves, the arrows move while one types."""

    def __init__(
        self,
        sources: Iterable[Source],
        recent: Recent,
        search: Callable[[str], object],
        tasks: Tasks,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("picker")
        self.setModal(True)
        self._sources, self._recent, self._search, self._tasks = tuple(sources), recent, search, tasks
        self._found: dict[int, list[Line]] = {}
        self._gone = False
        self.finished.connect(lambda _result: self._leave())
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.model = Lines()
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(Painter(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.foot = Paragraph()
        self.foot.setProperty("role", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for widget in (self.field, self.list, self.foot):
            column.addWidget(widget)
        self._looking = Throttle(self, LOOKING, self._look)
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self.list.clicked.connect(lambda _index: self.choose())
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._tell())
        hand_back(self, parent)
        self.resize(round(680 * theme.current().scale), round(480 * theme.current().scale))
        self._gather()
        self.retranslate()
        self._look()

    def _gather(self) -> None:
        lines: list[Line] = []
        for source in self._sources:
            kind = render(source.title)
            lines += [Line(item, render(item.kind) if item.kind is not None else kind) for item in source.items("")]
        self._ranking = Ranking(lines, self._recent)
        self._narrow()

    @property
    def items(self) -> dict[str, Item]:
        """What is in the list now, by id."""
        return {line.item.id: line.item for line in self.model.lines}

    def current(self) -> Item | None:
        """What Enter would do."""
        row = self.list.currentIndex().row()
        return self.model.lines[row].item if 0 <= row < len(self.model.lines) else None

    def _typed(self) -> None:
        self._found.clear()
        self._narrow()
        self._looking.later()

    def _narrow(self) -> None:
        query = self.field.text().strip()
        lines = self._ranking.fitting(query)
        # What was looked up fits already; it stands after the hits of the first rank.
        found = [line for more in self._found.values() for line in more]
        lines = [*lines[:5], *found, *lines[5:]] if query else [*lines, *found]
        if query:
            item = Item("", _("Search messages for “{words}”", words=query), self._search_for, icon="search")
            lines.append(Line(item, render(SEARCH)))
        self.model.show_lines(lines)
        self.list.setCurrentIndex(self.model.index(0))

    def _look(self) -> None:
        query = self.field.text().strip()
        for number, source in enumerate(self._sources):
            if isinstance(source, Searching):
                self._tasks.latest(self._find(number, source, render(source.title), query), f"palette {number}")

    async def _find(self, number: int, source: Searching, kind: str, query: str) -> None:
        items = await source.find(query)
        if not self._gone and query == self.field.text().strip():
            self._found[number] = [Line(item, kind) for item in items]
            kept = self.current()
            self._narrow()
            self._go_to(kept)

    def _leave(self) -> None:
        """What is still looked for comes too late."""
        self._gone = True
        self._looking.cancel()

    def _go_to(self, item: Item | None) -> None:
        ids = [line.item.id for line in self.model.lines]
        if item is not None and item.id in ids:
            while self.model.rowCount() <= ids.index(item.id):
                self.model.fetchMore(self.list.rootIndex())
            self.list.setCurrentIndex(self.model.index(ids.index(item.id)))

    def _search_for(self) -> None:
        self._search(self.field.text().strip())

    def _tell(self) -> None:
        """Why the current line is not possible, and how many there are; screen readers hear the line."""
        row = self.list.currentIndex().row()
        if not 0 <= row < len(self.model.lines):
            self.foot.setText("")
            return
        line = self.model.lines[row]
        count = ngettext("{count} entry", "{count} entries", len(self.model.lines))
        self.foot.setText(_("Not now: {reason}", reason=line.item.reason) if line.item.reason else count)
        announce(self.field, plain(spoken(line)))

    def choose(self) -> None:
        """Do the current line, or say why that is not possible."""
        item = self.current()
        if item is None:
            return
        if item.reason:
            announce(self.field, plain(item.reason))
            return
        self._recent.chose(item)
        self.accept()
        item.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list and choose while the focus stays in the field."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.choose()
                return True
            step = STEPS.get(Qt.Key(event.key())) if event.key() in STEPS else None
            if step is not None:
                row = max(0, min(self.model.rowCount() - 1, self.list.currentIndex().row() + step))
                self.list.setCurrentIndex(self.model.index(row))
                return True
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        title = _("Command palette")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.list.setAccessibleName(title)
        self.field.setPlaceholderText(_("Type what you want to do or find"))
        self.field.setAccessibleName(_("Type what you want to do or find"))
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._gather()
            self.retranslate()
        super().changeEvent(event)
