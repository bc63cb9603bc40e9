"""All keys by group, and what a filter can say: the answer to `?`."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, render
from workstation.views import theme
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import GROUPS, Group
from workstation.views.widgets.fuzzy import score
from workstation.views.widgets.handback import hand_back
from workstation.views.widgets.labels import Paragraph

GRAMMAR: tuple[tuple[str, LazyText], ...] = (
    ("refund", lazy("messages with this word")),
    ("“two words”", lazy("messages with exactly these words")),
    ("channel:acme lang:de", lazy("of this channel and in German")),
    ("author:@lucia", lazy("by this author")),
    ("tag:refund -is:spam", lazy("tagged, and not spam")),
    ("is:unanswered has:media", lazy("still waiting, with a picture or film")),
    ("status:open OR status:new", lazy("one or the other; brackets group")),
    ("after:-2h priority:>=2", lazy("of the last two hours, and urgent")),
)


class Help(QDialog):
    """A list of keys one can search; it is read from the key table, so it is never out of date."""

    def __init__(self, actions: DeskActions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._actions = actions
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda _text: self._fill())
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.field)
        column.addWidget(self._scroll, 1)
        hand_back(self, parent)
        self.resize(QSize(round(920 * theme.current().scale), 640).boundedTo(parent.size() * 0.92))
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.setWindowTitle(_("All keys"))
        self.setAccessibleName(_("All keys"))
        self.field.setPlaceholderText(_("Find a key or what it does"))
        self.field.setAccessibleName(_("Find a key or what it does"))
        self._scroll.setAccessibleName(_("All keys"))
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and size of type."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._fill()
        super().changeEvent(event)

    def _fill(self) -> None:
        query = self.field.text()
        blocks = [block for group in Group if (block := self._block(group, query)) is not None]
        if not query:
            blocks.append(_grammar())
        page = QWidget()
        page.setProperty("role", "bare")
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(32)
        # Two columns of about equal length, in reading order; one where large text leaves no room for two.
        heights = [block.sizeHint().height() for block in blocks]
        widest = max((block.minimumSizeHint().width() for block in blocks), default=0)
        halves = (QVBoxLayout(), QVBoxLayout())[: 2 if 2 * widest + 100 < self.width() else 1]
        filled = 0
        for block, height in zip(blocks, heights, strict=True):
            halves[0 if filled + height / 2 <= sum(heights) / 2 else -1].addWidget(block)
            filled += height
        for half in halves:
            half.setSpacing(18)
            half.addStretch(1)
            row.addLayout(half, 1)
        # Not at once: Qt may be telling the old page of the very change that calls for a new one.
        if (old := self._scroll.takeWidget()) is not None:
            old.deleteLater()
        self._scroll.setWidget(page)

    def _block(self, group: Group, query: str) -> QWidget | None:
        rows = [
            (render(spec.label), self._actions.keys(spec.id)) for spec in self._actions.known() if spec.group is group
        ]
        rows = [(label, keys) for label, keys in rows if score(query, f"{label} {' '.join(keys)}")]
        if not rows:
            return None
        return _table(render(GROUPS[group]), [(label, _keys(keys)) for label, keys in rows])


def _keys(keys: tuple[str, ...]) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    written = [QKeySequence(key).toString(native) for key in keys]
    # Return and Enter are two keys to Qt and one to people.
    distinct = [text for text in dict.fromkeys(written) if not text.endswith("Enter") or len(written) == 1]
    return "   ".join(distinct) if distinct else "–"


def _table(title: str, rows: list[tuple[str, str]]) -> QWidget:
    block = QWidget()
    grid = QGridLayout(block)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(6)
    grid.setHorizontalSpacing(16)
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    for line, (label, keys) in enumerate(rows, start=1):
        shown = QLabel(keys)
        shown.setProperty("key", True)
        shown.setTextFormat(Qt.TextFormat.PlainText)
        grid.addWidget(Paragraph(label), line, 0)
        grid.addWidget(shown, line, 1, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
    grid.setColumnStretch(0, 1)
    return block


def _grammar() -> QWidget:
    return _table(_("Searching and filtering"), [(render(meaning), example) for example, meaning in GRAMMAR])
