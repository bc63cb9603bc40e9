"""Rows that are scrolled: by wheel, bar and jumps; at the top they follow again, anywhere else they hold."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QWidget

from workstation.services.columns import ColumnModel
from workstation.views.deck.card_cache import Pictures
from workstation.views.deck.content import Surroundings
from workstation.views.deck.drainer import Drainer
from workstation.views.deck.rows_view import EDGE, RowsView, Run

WHEEL_STEP = 72


class ScrollingRows(RowsView):
    """Rows with a scroll bar over what is in memory; older pages come when their end is near."""

    def __init__(
        self,
        model: ColumnModel,
        around: Surroundings,
        drainer: Drainer,
        run: Run,
        pictures: Pictures = lambda _: (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(model, around, drainer, run, pictures, parent)
        bar = self.verticalScrollBar()
        bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bar.setSingleStep(WHEEL_STEP)
        bar.valueChanged.connect(self._bar_moved)
        self._reckoned = (0, 0, 0)

    def scroll_by(self, pixels: int) -> None:
        """Move down (positive) or up the rows by so many pixels, as far as there are rows."""
        self._finish()
        if not self.placed:
            return
        first = self.placed[0]
        after = self._place_at(first.index, first.y - pixels)
        self._show(after)
        self._arrive()
        self._load_if_near()
        self._tell_new()

    def _arrive(self) -> None:
        """After scrolling: at the very top a column follows again, unless rows wait there to be read in turn."""
        first = self.placed[0]
        at_top = first.index == 0 and first.y >= EDGE and self.model.window.at_top
        if not at_top or self.paused:
            self._set_following(False)
        elif self.model.window.pending:
            self._set_following(False)
            merged = self.model.show_new()
            self._unseen += merged.arrived
            self._show(self._place(first.ident, first.y))
            self.rows_changed.emit(merged.arrived)
        else:
            self._set_following(True)

    def jump_to_new(self) -> None:
        """Go to the top and show everything that waited there."""
        self._finish()
        if not self.model.window.at_top:
            self._run(self._jump_far())
            return
        merged = self.model.show_new()
        self._at_top(merged.arrived)

    async def _jump_far(self) -> None:
        await self.model.load_top()
        if not self.closed:
            self._at_top(0)

    def _at_top(self, arrived: int) -> None:
        self._set_following(True)
        self._unseen = 0
        self._show(self._place_at(0, EDGE))
        self._tell_new()
        self.rows_changed.emit(arrived)

    def jump_to_end(self) -> None:
        """Go to the last row in memory; older ones are loaded from there."""
        self._finish()
        if self.model.rows:
            self._show(self._place_at(len(self.model.rows) - 1, 0))
            self._arrive()
            self._load_if_near()
            self._tell_new()

    def set_paused(self, paused: bool) -> None:
        """Hold the column whatever is scrolled, or let it go on."""
        self.paused = paused
        if paused:
            self._set_following(False)
        elif self.placed and self.placed[0].index == 0:
            self.jump_to_new()
        elif not self.placed:
            self._set_following(True)
        self._tell_new()

    def _set_bar(self) -> None:
        bar, gap = self.verticalScrollBar(), self._screen().gap
        first = self.placed[0] if self.placed else None
        count = len(self.model.rows)
        reckoned = (count, self.cards.typical // 8, self.viewport().height())
        if self.following and bar.value() == 0 and reckoned == self._reckoned:
            return  # as many rows of about the same height
        self._reckoned = reckoned
        at = first.index if first else 0
        above = self.cards.guess_all(0, at) + gap * at
        below = self.cards.guess_all(at, count) + gap * (count - at) if first else 0
        height = self.viewport().height()
        most = max(0, above + below - height)
        value = min(most, above - first.y + EDGE) if first else 0
        if self.following and abs(most - bar.maximum()) < bar.maximum() // 20 and bar.value() == 0:
            return
        bar.blockSignals(True)
        bar.setPageStep(height)
        bar.setRange(0, most)
        bar.setValue(value)
        bar.blockSignals(False)
        bar.update()

    def _bar_moved(self, value: int) -> None:
        """The bar was dragged: find the row there by what heights are known or likely."""
        self._finish()
        gap, edge = self._screen().gap, EDGE
        for index in range(len(self.model.rows)):
            tall = self.cards.guess(index) + gap
            if edge + tall > value or index == len(self.model.rows) - 1:
                self._show(self._place_at(index, edge - value))
                break
            edge += tall
        if self.placed:
            self._arrive()
            self._load_if_near()
            self._tell_new()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll by pixels where the device tells them, else by steps; sideways is for the deck."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        if abs(angle.x()) > abs(angle.y()):
            event.ignore()
            return
        self.scroll_by(-pixels.y() if pixels.y() else -round(angle.y() / 120 * WHEEL_STEP))
        event.accept()
