"""The page one works on: the deck, the case beside it, the reply beneath; each can be made larger or put away."""

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from workstation.i18n import _
from workstation.views import theme
from workstation.views.widgets.marking import keep_in
from workstation.views.widgets.retranslating import Retranslating

COMPOSER = 330
CASE = 440
NARROW = 62
"""Average letters that the deck needs beside a case; with fewer the case takes its place."""


class DeskPage(Retranslating):
    """Deck, case and composer in two splitters; the deck is there first, the others join it."""

    resized = Signal()

    def __init__(self, deck: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.deck = deck
        self.case: QWidget | None = None
        self.composer: QWidget | None = None
        self._down = QSplitter(Qt.Orientation.Vertical)
        self._down.addWidget(deck)
        self._across = QSplitter(Qt.Orientation.Horizontal)
        keep_in(self._across)
        self._across.addWidget(self._down)
        for splitter in (self._down, self._across):
            splitter.setHandleWidth(8)
            splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 8)
        column.addWidget(self._across)
        self._sized: set[QWidget] = set()
        self.retranslate()

    def join(self, case: QWidget, composer: QWidget) -> None:
        """Take in the case and the composer, put away until they are wanted."""
        self.case, self.composer = case, composer
        for splitter, part in ((self._down, composer), (self._across, case)):
            part.hide()
            splitter.addWidget(part)
            splitter.setStretchFactor(0, 1)
            splitter.setStretchFactor(1, 0)

    def show_case(self, shown: bool) -> None:
        """Show the case beside the deck, or put it away."""
        if self.case is None:
            return
        self.case.setVisible(shown)
        if shown and self.case not in self._sized:
            self._sized.add(self.case)
            width = round(CASE * max(1.0, theme.current().scale * 0.85))
            self._across.setSizes([max(1, self.width() - width), width])
        self._fit()

    def show_composer(self, shown: bool) -> None:
        """Show the composer beneath the deck, or put it away."""
        if self.composer is None:
            return
        self.composer.setVisible(shown)
        if shown and self.composer not in self._sized:
            self._sized.add(self.composer)
            height = min(round(COMPOSER * theme.current().scale), round(self.height() * 0.6))
            self._down.setSizes([max(1, self.height() - height), height])
        self._fit()

    def _fit(self) -> None:
        """Where there is no room for both, the case is shown instead of the deck; the reply keeps its place."""
        letters = self.width() / theme.current().letter
        narrow = self.case is not None and self.case.isVisibleTo(self) and letters < NARROW * 2
        writing = self.composer is not None and self.composer.isVisibleTo(self._down)
        self.deck.setVisible(not narrow)
        self._down.setVisible(not narrow or writing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Decide anew what has room."""
        super().resizeEvent(event)
        self._fit()

    def place(self) -> dict[str, str]:
        """Where the splitters are, as text."""
        return {
            name: bytes(splitter.saveState().toBase64().data()).decode("ascii")
            for name, splitter in (("across", self._across), ("down", self._down))
        }

    def put_place(self, place: dict[str, object]) -> None:
        """Put the splitters where they were, once all parts are there."""
        if self.case is None or self.composer is None:
            return
        for name, splitter, part in (("across", self._across, self.case), ("down", self._down, self.composer)):
            state = place.get(name)
            if isinstance(state, str) and splitter.restoreState(QByteArray.fromBase64(state.encode("ascii"))):
                self._sized.add(part)
        self.case.hide()
        self.composer.hide()

    def retranslate(self) -> None:
        """Name the handles for screen readers."""
        self._across.setAccessibleName(_("Deck and case"))
        self._down.setAccessibleName(_("Deck and reply"))
