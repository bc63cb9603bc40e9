"""How many rows are marked and what can be done to them: a bar over the foot of the deck while anything is marked."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from workstation.domain.text import lazy
from workstation.i18n import ngettext, plain
from workstation.views.deck.marking import Marking
from workstation.views.desk_actions import DeskActions
from workstation.views.notices import announce
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.marking import margins
from workstation.views.widgets.retranslating import Retranslating

FOOT = 14
"""Pixels between the bar and the lower edge of the deck."""


class MarkBar(Retranslating):
    """Floats over `deck`; hidden while nothing is marked."""

    def __init__(self, deck: QWidget, marking: Marking, actions: DeskActions) -> None:
        super().__init__(deck)
        self.setObjectName("mark-bar")
        self._deck, self._marking = deck, marking
        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.buttons = [
            TextButton(lazy("Do to all"), icon="list", role="primary"),
            TextButton(lazy("Answer all"), icon="reply"),
        ]
        self.clear = IconButton("x", lazy("Unmark all"), size=28)
        row = QHBoxLayout(self)
        margins(row, 16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.count)
        row.addSpacing(6)
        for button, name in zip(self.buttons, ("bulk.menu", "bulk.answer"), strict=True):
            button.follow(actions[name])
            row.addWidget(button)
        self.clear.follow(actions["marks.none"])
        row.addWidget(self.clear)
        marking.changed.connect(self.refresh)
        self._move_to(deck)
        self.hide()
        self.retranslate()

    def refresh(self) -> None:
        """Tell how many are marked, or go."""
        count = len(self._marking)
        before = not self.isHidden()
        # Where the marks are: a column may have a window of its own.
        view = self._marking.view
        torn = view is not None and view.window() is not self._deck.window() and view.window().isVisible()
        self._move_to(view.window() if view is not None and torn else self._deck)
        self.setVisible(count > 0)
        if not count and not before:
            return
        words = ngettext("{count} marked", "{count} marked", count)
        self.count.setText(plain(words))
        self.setAccessibleName(plain(words))
        announce(self, plain(words))
        self._place()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        count = len(self._marking)
        self.count.setText(plain(ngettext("{count} marked", "{count} marked", count)))
        self._place()

    def _move_to(self, home: QWidget) -> None:
        before = self.parentWidget()
        if before is not home:
            if before is not None:
                before.removeEventFilter(self)
            self.setParent(home)
        home.removeEventFilter(self)
        home.installEventFilter(self)

    def _place(self) -> None:
        deck = self.parentWidget()
        if deck is None or not self.isVisibleTo(deck):
            return
        self.adjustSize()
        width = min(self.sizeHint().width(), deck.width() - 16)
        self.setGeometry(
            (deck.width() - width) // 2, deck.height() - self.height() - FOOT, width, self.sizeHint().height()
        )
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot of the deck, or of the column's window as long as there is one."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place()
        elif event.type() in (QEvent.Type.Close, QEvent.Type.DeferredDelete) and watched is not self._deck:
            self._move_to(self._deck)
            self.refresh()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Make room for other words and sizes."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LayoutDirectionChange) and hasattr(self, "count"):
            self._place()
