"""The library as a widget: folders, the templates in one, found as one types, and the one that is open."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.template_fit import Wanted, ranked
from workstation.domain.templates import Family, drift
from workstation.domain.text import lazy
from workstation.i18n import _, formats, ngettext
from workstation.services.templates import lies_in
from workstation.views.templates.family_editor import FamilyEditor
from workstation.views.templates.preview import Preview
from workstation.views.widgets.empty import EmptyState
from workstation.views.widgets.marking import keep_in, mark
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import in_list

ROLE = Qt.ItemDataRole.UserRole


class LibraryView(Retranslating):
    """Shows families; which one is open and what is typed is its own, everything else is told to whoever listens."""

    opened = Signal(object)
    """The family to write on, None for none."""
    new_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._families: tuple[Family, ...] = ()
        self._folder = ""
        self._open = 0
        self.reads = ""
        """The agent's language: what they search in."""
        self.editor, self.preview = FamilyEditor(), Preview()
        self.folders = QTreeWidget()
        self.folders.setObjectName("folders")
        self.folders.setHeaderHidden(True)
        self.folders.setUniformRowHeights(True)
        self.folders.setIndentation(14)
        # What is cut is the name, not how many are in it.
        self.folders.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.folders.currentItemChanged.connect(self._enter)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._write_list())
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(lambda _now, _before: self._picked())
        self.list.itemActivated.connect(lambda _item: self._write_on())
        self._none = EmptyState(
            "layout-template",
            lazy("No template yet"),
            lazy("Write one, or read in a file that another desk has exported."),
            lazy("New template"),
        )
        self._unfound = EmptyState("search", lazy("Nothing found"), lazy("No template has all these words."))
        self._none.acted.connect(self.new_wanted)
        self._arrange()
        self.retranslate()

    def _arrange(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        page = QWidget()
        right = QVBoxLayout(page)
        right.setContentsMargins(4, 0, 0, 0)
        right.setSpacing(10)
        right.addWidget(self.editor, 3)
        right.addWidget(self.preview, 2)
        self._right = QStackedWidget()
        # Large type on a small screen: what has no room is scrolled to.
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        page.setProperty("role", "bare")
        self._scroll = scroll
        for side in (scroll, self._none, self._unfound):
            self._right.addWidget(side)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        keep_in(self._split)
        for widget, share in ((self.folders, 2), (middle, 3), (self._right, 6)):
            self._split.addWidget(widget)
            self._split.setStretchFactor(self._split.count() - 1, share)
        self._split.setSizes([200, 320, 680])
        self._split.setHandleWidth(8)
        self._split.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._split)

    # -- data in ---------------------------------------------------------------------------------------------------

    def show_families(self, families: Sequence[Family], *, select: int = 0) -> None:
        """Show the library as it is now; the family `select` is opened if given."""
        self._families = tuple(families)
        if select:
            self._open = select
            chosen = next((family for family in families if family.id == select), None)
            if chosen is not None and not lies_in(chosen.folder, self._folder):
                self._folder = ""
            self.search.blockSignals(True)
            self.search.clear()
            self.search.blockSignals(False)
        self._write_folders()
        self._write_list(reopen=bool(select))

    @property
    def folder(self) -> str:
        """The folder one looks into; "" for all."""
        return self._folder

    def paths(self) -> list[str]:
        """Every folder in use, with those above it."""
        found = {""}
        for family in self._families:
            names = family.folder.split("/") if family.folder else []
            found.update("/".join(names[: depth + 1]) for depth in range(len(names)))
        return sorted(found, key=str.casefold)

    def current(self) -> Family | None:
        """The family that is open, as it is stored."""
        return next((family for family in self._families if family.id == self._open), None)

    # -- drawing ---------------------------------------------------------------------------------------------------

    def _write_folders(self) -> None:
        counts = Counter(family.folder for family in self._families)
        self.folders.blockSignals(True)
        self.folders.clear()
        items: dict[str, QTreeWidgetItem] = {}
        for path in self.paths():
            inside = sum(number for folder, number in counts.items() if lies_in(folder, path))
            name = path.rsplit("/", 1)[-1] if path else _("All templates")
            item = QTreeWidgetItem([f"\u2068{name}\u2069  {formats().number(inside)}"])
            item.setData(0, ROLE, path)
            item.setIcon(0, in_list("layers" if not path else "inbox"))
            parent = items.get(path.rsplit("/", 1)[0]) if "/" in path else None
            if parent is not None:
                parent.addChild(item)
            else:
                self.folders.addTopLevelItem(item)
            items[path] = item
        self.folders.expandAll()
        self._folder = self._folder if self._folder in items else ""
        self.folders.setCurrentItem(items[self._folder])
        self.folders.blockSignals(False)

    def _enter(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self._folder = str(item.data(0, ROLE))
            self._write_list()

    def _write_list(self, *, reopen: bool = False) -> None:
        query = self.search.text()
        shown = ranked(self._families, query, Wanted(reads=self.reads))
        if not query.strip():
            shown = tuple(sorted(shown, key=lambda family: family.title.casefold()))
        shown = tuple(family for family in shown if query.strip() or lies_in(family.folder, self._folder))
        self.list.blockSignals(True)
        self.list.clear()
        for family in shown:
            self.list.addItem(_item(family))
        at = next((at for at, family in enumerate(shown) if family.id == self._open), 0 if shown else -1)
        self.list.setCurrentRow(at)
        self.list.blockSignals(False)
        self.list.setAccessibleDescription(ngettext("{count} template", "{count} templates", len(shown)))
        nothing = self._unfound if self._families else self._none
        self._right.setCurrentIndex(0 if shown else self._right.indexOf(nothing))
        if reopen or not shown or shown[at].id != self._open:
            self._picked(reopen=reopen)

    def _write_on(self) -> None:
        self.editor.text.setFocus()

    def _picked(self, *, reopen: bool = False) -> None:
        item = self.list.currentItem()
        number = int(item.data(ROLE)) if item is not None else 0
        if number != self._open or reopen:
            self._open = number
            self.opened.emit(self.current())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list and go to the text while one types what one looks for."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.currentRow() >= 0:
                self.editor.text.setFocus()
                return True
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        mark(self.folders, "mirrored", "true" if self.isRightToLeft() else "false")
        self.folders.setAccessibleName(_("Folders"))
        self.search.setPlaceholderText(_("Find a template"))
        self.search.setToolTip(_("Finds titles, texts, folders, tags and shortcuts"))
        self.search.setAccessibleName(_("Find a template"))
        self.list.setAccessibleName(_("Templates"))
        self._scroll.setAccessibleName(_("Template"))
        self._split.setAccessibleName(_("Folders, templates and text"))
        self._write_folders()
        self._write_list()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and size of type: signs and widths."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._write_folders()
            self._write_list()


def _item(family: Family) -> QListWidgetItem:
    parts = [f"\u2068;{family.shortcut}\u2069"] if family.shortcut else []
    doubtful = sum(drift(family, each) is not None or each.machine for each in family.variants)
    if doubtful:
        parts.append(ngettext("{count} text to be read", "{count} texts to be read", doubtful))
    parts.append(ngettext("{count} language", "{count} languages", len(family.languages)))
    if family.used:
        parts.append(ngettext("sent {count} time", "sent {count} times", family.used))
    if family.reopened:
        parts.append(ngettext("{count} reopened", "{count} reopened", family.reopened))
    if family.tags:
        parts.append(f"\u2068{', '.join(family.tags)}\u2069")
    item = QListWidgetItem(f"\u2068{family.title}\u2069\n{' · '.join(parts)}")
    item.setData(ROLE, family.id)
    return item
