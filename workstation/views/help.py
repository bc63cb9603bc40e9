"""The keys of the place one is in, all keys, and what a filter can say: the answer to `?`."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, render
from workstation.views import theme
from workstation.views.desk_actions import DeskActions
from workstation.views.keyboard.places import NAMES, PAGES, Place, as_text, groups, rows
from workstation.views.keys import GROUPS, Group
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.fuzzy import score
from workstation.views.widgets.handback import hand_back
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import margins

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


def place_of(page: str, focus: QWidget | None, case: QWidget, composer: QWidget) -> Place:
    """Where the window's user is: on which page, and there in which part."""
    if page == "page.deck" and focus is not None:
        if composer.isAncestorOf(focus):
            return Place.REPLY
        if case.isAncestorOf(focus):
            return Place.CASE
    return PAGES.get(page, Place.OTHER)


class Help(QDialog):
    """A list of keys one can search; it is read from the key table, so it is never out of date."""

    def __init__(self, actions: DeskActions, place: Place, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._actions, self._place = actions, place
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda _text: self._fill())
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.addTab("")
        self.tabs.addTab("")
        self.tabs.currentChanged.connect(lambda _index: self._fill())
        self.copy = TextButton(lazy("Copy as text"), icon="copy")
        self.copy.clicked.connect(self._copy)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.tabs)
        top.addWidget(self.field, 1)
        top.addWidget(self.copy)
        column.addLayout(top)
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
        self.tabs.setAccessibleName(_("Which keys"))
        self.tabs.setTabText(0, render(NAMES[self._place]))
        self.tabs.setTabText(1, _("Everywhere"))
        self._fill()

    def _copy(self) -> None:
        """What is shown, as text: to be printed, or pinned beside the screen."""
        here = self._place if self.tabs.currentIndex() == 0 else None
        clipboard = QGuiApplication.clipboard()
        clipboard.setText(as_text(self._actions, here))
        self.copy.rename(lazy("Copied"), "check")

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and size of type."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._fill()
        super().changeEvent(event)

    def _fill(self) -> None:
        query, here = self.field.text(), self.tabs.currentIndex() == 0
        # A search goes through everything: who searches does not know where it belongs.
        chosen = groups(self._place) if here and not query else tuple(Group)
        blocks = [block for group in chosen if (block := self._block(group, query)) is not None]
        if not query and not here:
            blocks.append(_grammar())
        if not blocks:
            blocks.append(Paragraph(_("No key fits.")))
        page = QWidget()
        page.setProperty("role", "bare")
        row = QHBoxLayout(page)
        margins(row, 0, 0, 12, 0)
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
        fitting = [
            (label, keys)
            for spec, label, keys in rows(self._actions, group)
            if score(query, f"{label} {keys} {spec.label.msgid}")
        ]
        return _table(render(GROUPS[group]), fitting) if fitting else None


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
