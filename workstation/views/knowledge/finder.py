"""Finding an article: what suits the case until one types, then what one types; Enter opens, no mouse needed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workstation.domain.knowledge import Article, Hit
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, ngettext, render
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import in_list

ROLE = Qt.ItemDataRole.UserRole
PREVIEW = 110
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}


class Finder(Retranslating):
    """A field and a list of hits."""

    searched = Signal(str)
    opened = Signal(object)
    picked = Signal(object)
    """The hit under the cursor has changed; None for none."""
    left = Signal()

    def __init__(self, stale: Callable[[Article], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stale = stale
        self._hits: Sequence[Hit] = ()
        self._about: LazyText | None = None
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self.searched)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.itemActivated.connect(lambda _item: self._open())
        self.list.itemClicked.connect(lambda _item: self._open())
        self.list.currentRowChanged.connect(lambda _row: self.picked.emit(self.current()))
        self._words = Paragraph()
        self._words.setProperty("role", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self._words)
        column.addWidget(self.list, 1)
        column.addStretch(0)
        self.retranslate()

    def show_hits(self, hits: Sequence[Hit], about: LazyText | None = None) -> None:
        """Show what was found; `about` says what it is, or why there is nothing."""
        self._hits, self._about = hits, about
        self._write()

    def current(self) -> Hit | None:
        """The hit that Enter would open."""
        row = self.list.currentRow()
        return self._hits[row] if 0 <= row < len(self._hits) else None

    def _open(self) -> None:
        hit = self.current()
        if hit is not None:
            self.opened.emit(hit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list, open and leave while the focus stays in the field."""
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                event.accept()  # Escape goes back to the reply first; the next one closes it
                return True
            if event.type() == QEvent.Type.KeyPress:
                return self._pressed(event) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in _STEPS and self._hits:
            row = self.list.currentRow() + _STEPS[Qt.Key(key)]
            self.list.setCurrentRow(max(0, min(len(self._hits) - 1, row)))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._open()
            return True
        if key == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        return False

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.field.setPlaceholderText(_("Search the articles"))
        self._widen()
        self.field.setAccessibleName(_("Search the articles"))
        self.list.setAccessibleName(_("Articles"))
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        """Keep room for what the field says, in any size of type."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._widen()

    def _widen(self) -> None:
        metrics = self.field.fontMetrics()
        # A line's height is about what style and frame keep free at both ends.
        self.field.setMinimumWidth(metrics.horizontalAdvance(self.field.placeholderText()) + metrics.lineSpacing())

    def _write(self) -> None:
        row = max(0, self.list.currentRow())
        self.list.blockSignals(True)
        self.list.clear()
        for hit in self._hits:
            self.list.addItem(self._item(hit))
        self.list.setCurrentRow(min(row, len(self._hits) - 1))
        self.list.blockSignals(False)
        self.list.setVisible(bool(self._hits))
        about = render(self._about) if self._about is not None else ""
        self._words.setText(about)
        self._words.setVisible(bool(about))
        self.setAccessibleDescription(ngettext("{count} article", "{count} articles", len(self._hits)))
        self.picked.emit(self.current())

    def _item(self, hit: Hit) -> QListWidgetItem:
        article = hit.article
        stale = self._stale(article)
        parts = [formats().language(article.language) if article.language else "", _("old") if stale else ""]
        about = " · ".join(part for part in parts if part)
        text = " ".join((hit.passage or article.text[: PREVIEW * 2]).split())[:PREVIEW]
        head = f"\u2068{article.title}\u2069  –  {about}" if about else f"\u2068{article.title}\u2069"
        item = QListWidgetItem(f"{head}\n\u2068{text}\u2069")
        item.setIcon(in_list("triangle-alert" if stale else "file", "warn" if stale else ""))
        return item


NOTHING_YET = lazy("No articles yet. Read in a folder on the page “Templates”, under “Articles”.")
NOTHING_FITS = lazy("No article speaks of what the customer writes. Type to search all of them.")
NOTHING_FOUND = lazy("No article has all these words.")
SUGGESTED = lazy("Speaks of what the customer writes:")
