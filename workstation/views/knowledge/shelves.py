"""The page of articles: which folders were read in, and everything in them, to be found and read."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.knowledge import Shelf
from workstation.domain.text import lazy
from workstation.i18n import _, formats, ngettext
from workstation.views.knowledge.article_view import ArticleView
from workstation.views.knowledge.finder import Finder
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.empty import EmptyState
from workstation.views.widgets.marking import keep_in
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import in_list


class ShelvesView(Retranslating):
    """Folders at the side, articles in the middle, one of them beside."""

    add_wanted = Signal()
    again_wanted = Signal(object)
    drop_wanted = Signal(object)

    def __init__(self, finder: Finder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shelves: tuple[Shelf, ...] = ()
        self.finder, self.article = finder, ArticleView(beside_reply=False)
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)
        self._add = TextButton(lazy("Read in a folder"), icon="plus")
        self._again = TextButton(lazy("Read it again"), icon="refresh-cw", role="quiet")
        self._drop = TextButton(lazy("Remove"), icon="trash-2", role="quiet")
        self._add.clicked.connect(self.add_wanted)
        self._again.clicked.connect(lambda: self._tell(self.again_wanted))
        self._drop.clicked.connect(lambda: self._tell(self.drop_wanted))
        self._empty = EmptyState(
            "file",
            lazy("No articles yet"),
            lazy("Choose a folder of .md, .txt or .html files. Only their text is kept, on this machine."),
            lazy("Read in a folder"),
        )
        self._empty.acted.connect(self.add_wanted)
        self._stack = QStackedWidget()
        self._arrange()
        self.retranslate()

    def _arrange(self) -> None:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.list, 1)
        column.addWidget(self._add)
        row = QHBoxLayout()
        row.addWidget(self._again)
        row.addWidget(self._drop)
        column.addLayout(row)
        split = QSplitter(Qt.Orientation.Horizontal)
        keep_in(split)
        for widget, share in ((side, 2), (self.finder, 3), (self.article, 5)):
            split.addWidget(widget)
            split.setStretchFactor(split.count() - 1, share)
        split.setSizes([260, 340, 600])
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        self._split = split
        for page in (split, self._empty):
            self._stack.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def show_shelves(self, shelves: Sequence[Shelf]) -> None:
        """Show the folders that were read in."""
        self._shelves = tuple(shelves)
        self._stack.setCurrentIndex(0 if shelves else 1)
        self._write()

    def current(self) -> Shelf | None:
        """The folder that is chosen."""
        row = self.list.currentRow()
        return self._shelves[row] if 0 <= row < len(self._shelves) else None

    def _tell(self, signal: object) -> None:
        shelf = self.current()
        if shelf is not None:
            signal.emit(shelf)  # type: ignore[attr-defined]

    def _write(self) -> None:
        row = max(0, self.list.currentRow())
        self.list.clear()
        for shelf in self._shelves:
            count = ngettext("{count} article", "{count} articles", shelf.articles)
            date = _("read {date}", date=formats().date(shelf.imported_at))
            item = QListWidgetItem(in_list("file"), f"\u2068{shelf.name}\u2069\n{count} · {date}")
            item.setToolTip(f"\u2068{shelf.place}\u2069")
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, len(self._shelves) - 1))

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.list.setAccessibleName(_("Folders that were read in"))
        self._split.setAccessibleName(_("Folders, articles and text"))
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._write()
