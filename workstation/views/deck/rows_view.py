"""The rows of a column on the screen: a virtual view that paints only what comes into sight.

QListView lays all its rows out anew when one is inserted (127 ms at 100,000 rows); this view knows only the rows in
sight, moves the pixels that stay and paints the strip that is new. Rows are held by an anchor, so that a column that
is read never moves under the reader's eyes. Scrolling is added by `scrolling`,
selection, keys and mouse by `column_view`.
"""

import math
from collections.abc import Callable, Coroutine
from time import perf_counter
from typing import Any

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from workstation.domain.cases import Entry
from workstation.qt.throttle import Throttle
from workstation.services.column_window import Merged
from workstation.services.columns import ColumnModel
from workstation.services.highlights import Marker
from workstation.views import masking, theme
from workstation.views.deck.card import Card, Style
from workstation.views.deck.card_cache import CardCache, Pictures
from workstation.views.deck.content import Surroundings
from workstation.views.deck.drainer import Drainer
from workstation.views.deck.geometry import Placed, Screen, first_seen, moves, place

Run = Callable[[Coroutine[Any, Any, Any]], object]
"""Starts a task that ends with whoever gave this."""

NEAR_THE_EDGE = 12
"""Rows from the end of the window at which the next page is asked for."""
COUNTING = 200
"""Milliseconds between two changes of the number of rows that wait."""
EDGE = 2
"""Pixels above the first and below the last card."""


class RowsView(QAbstractScrollArea):
    """Shows a ColumnModel. Follows the top until it is scrolled or paused, then holds still and counts."""

    new_changed = Signal(int)
    """How many rows wait above what is in sight."""
    rows_changed = Signal(int)
    """Rows came, went or changed; the number of arrivals."""

    def __init__(
        self,
        model: ColumnModel,
        around: Surroundings,
        drainer: Drainer,
        run: Run,
        pictures: Pictures = lambda _: (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model, self._drainer, self._run = model, drainer, run
        self.around = around
        self.placed: list[Placed] = []
        self.following = not model.spec.paused
        self.paused = model.spec.paused
        self.marker = Marker()
        """What of the rows catches the eye."""
        self.painted = 0
        """Cards painted so far, for the benchmarks."""
        self.closed = False
        """Its model is closed and it is about to go: what is still being loaded for it comes too late."""
        self._drawn: dict[int, Card] = {}
        self._unseen = 0
        self._told_new = 0
        self._looked: dict[int, Card] | None = None
        """Cards by their rows while a refresh is under way, which asks for each of them several times."""
        self._coming: tuple[tuple[int, int], Merged] | None = None
        """What was taken in and is not on the screen yet: its anchor, and how the rows changed."""
        self._prepare()
        self.cards = CardCache(model, around, pictures, self._make_style(), drainer.cards)
        model.on_dirty = self._mark
        self._counting = Throttle(self, COUNTING, self._tell_new)
        model.on_waiting = self._counting.request

    def _prepare(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        viewport = self.viewport()
        # An opaque viewport with nothing above it is what lets scroll() move pixels instead of painting them.
        viewport.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # A column that becomes lower or higher keeps what is on it.
        viewport.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        viewport.setAutoFillBackground(False)
        viewport.setMouseTracking(True)

    def close_model(self) -> None:
        """Stop listening; the view is about to go."""
        self.closed = True
        self._drainer.forget(self)
        self._counting.cancel()
        self.model.close()

    def _make_style(self) -> Style:
        look = theme.current()
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        room = self.viewport().width() - look.measures.card_inset
        ratio = self.devicePixelRatioF()
        return Style(look, max(120, room), rtl, ratio, self.marker.highlights, masking.on())

    def _screen(self) -> Screen:
        return Screen(self.viewport().height(), self.cards.style.look.measures.card_gap, EDGE)

    # Changes of the model -----------------------------------------------------------------------------------------

    def _mark(self) -> None:
        self._drainer.mark(self)

    def take(self) -> None:
        """Take in what the model noted; the screen stays as it is until `refresh`."""
        if self._coming is None:
            anchor, merged = self._anchor(), self.model.drain()
            if merged.arrived and self.following and self._must_stay():
                anchor = self._let_go(merged.arrived)
            self._coming = (anchor, merged)

    def refresh(self, until: float = math.inf) -> bool:
        """Bring what was taken in onto the screen; False if `until` (of perf_counter) came first.

        Cards are made one by one and shown together: a screen full of new ones takes longer than an input event
        should wait. Until then the screen stays as it is.
        """
        self.take()
        if self._coming is None:
            return True
        anchor, merged = self._coming
        self._looked = {}
        try:
            if until < math.inf and self.isVisible() and not self._make_ready(*anchor, until):
                return False
            self._coming = None
            self._show(self._place(*anchor))
            self._paint_now()
        finally:
            self._looked = None
        self._tell(merged)
        return True

    def _make_ready(self, ident: int, y: int, until: float) -> bool:
        """Make and draw the cards from the anchor downwards until the screen is full or time is up."""
        index = 0 if ident == 0 else self.model.window.index(ident)
        if index is None:
            return True
        gap, height = self._screen().gap, self.viewport().height()
        while index < len(self.model.rows) and y < height:
            card = self.card(index)
            selected, hovered, focused = self._state(self._ident(index))
            card.pixmap(selected=selected, hovered=hovered, focused=focused)
            y, index = y + card.height + gap, index + 1
            if perf_counter() > until:
                return False
        return True

    def _finish(self) -> None:
        """Show what is half made before anything else moves the rows."""
        if self._coming is not None:
            self.refresh()

    def _tell(self, merged: Merged) -> None:
        if merged:
            self.rows_changed.emit(merged.arrived)
        self._tell_new()
        self._load_if_near()
        if self.model.stale_count:
            self._run(self._recount())

    async def _recount(self) -> None:
        await self.model.recount()
        if not self.closed:
            self.rows_changed.emit(0)

    def _must_stay(self) -> bool:
        """Whether something in sight forbids following; asked after a drain, before its rows are shown."""
        return False

    def _let_go(self, arrived: int) -> tuple[int, int]:
        """Stop following although rows have come in already; returns the anchor that keeps the screen as it is."""
        first = first_seen(self.placed)
        self._set_following(False)
        self._unseen += arrived
        return (first.ident, first.y) if first is not None else (0, EDGE)

    def _set_following(self, following: bool) -> None:
        self.following = following and not self.paused
        self.model.hold(not self.following)

    def _anchor(self) -> tuple[int, int]:
        """Identity and top edge of the row that must not move; (0, EDGE) means the top."""
        first = first_seen(self.placed)
        if self.following or first is None:
            return (0, EDGE)
        return (first.ident, first.y)

    def _place(self, ident: int, y: int) -> list[Placed]:
        index = 0 if ident == 0 else self.model.window.index(ident)
        if index is None:
            index, y = self._stand_in(y)
        return self._place_at(index, y)

    def _place_at(self, index: int, y: int) -> list[Placed]:
        return place(len(self.model.rows), index, y, self._screen(), self._ident, self._height)

    def _stand_in(self, y: int) -> tuple[int, int]:
        """The anchor's row is gone: the next one in sight that is still there keeps its place instead."""
        for row in self.placed:
            index = self.model.window.index(row.ident)
            if index is not None and row.bottom > 0:
                return index, row.y
        return (self.placed[0].index if self.placed else 0), y

    def _ident(self, index: int) -> int:
        return self.model.row_id(self.model.rows[index])

    def card(self, index: int) -> Card:
        """The card of a row, made if it is not there."""
        looked = self._looked
        if looked is None:
            return self.cards.get(index, len(self.placed))
        if index not in looked:
            looked[index] = self.cards.get(index, len(self.placed))
        return looked[index]

    def _height(self, index: int) -> int:
        return self.card(index).height

    # What is on the screen ----------------------------------------------------------------------------------------

    def _show(self, after: list[Placed], touched: frozenset[int] = frozenset()) -> None:
        """Put rows in their places; `touched` rows look different although their cards are the same."""
        before, self.placed = self.placed, after
        first = first_seen(after)
        if first is not None:
            self._unseen = min(self._unseen, first.index)
        self._set_bar()
        if not self.isVisible():
            return
        renewed = {row.ident for row in after if self._drawn.get(row.ident) is not self.card(row.index)}
        viewport = self.viewport()
        plan = moves(before, after, touched | renewed, viewport.height())
        if plan.shift:
            viewport.scroll(0, plan.shift)
        for top, bottom in plan.stretches:
            viewport.update(0, top, viewport.width(), bottom - top)

    def _paint_now(self) -> None:
        """Paint what was marked before the drainer looks at its clock: its budget counts to the flush."""
        self.viewport().repaint(QRegion(0, 0, 0, 0))

    def _set_bar(self) -> None:
        """Show where the rows stand; there is a scroll bar in `scrolling`."""

    def _touch(self, *idents: int | None) -> None:
        """Paint these rows again where they are."""
        for row in self.placed:
            if row.ident in idents:
                self.viewport().update(0, row.y, self.viewport().width(), row.height)

    def _state(self, ident: int) -> tuple[bool, bool, bool]:
        """Whether a row is selected, hovered, focused."""
        del ident
        return (False, False, False)

    def _card_of(self, row: Placed) -> Card | None:
        """The card of a row in sight: as it was drawn while a refresh is half done, else as it is."""
        if self._coming is not None and row.ident in self._drawn:
            return self._drawn[row.ident]
        index = self.model.window.index(row.ident)
        return None if index is None else self.card(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cards that the region touches."""
        painter = QPainter(self.viewport())
        area, ground = event.region(), self.cards.style.look.colour("surface")
        painter.fillRect(area.boundingRect(), ground)
        left = self.cards.style.look.measures.card_inset if not self.cards.style.rtl else 0
        self._drawn = {row.ident: self._drawn[row.ident] for row in self.placed if row.ident in self._drawn}
        for row in self.placed:
            card = self._card_of(row) if area.intersects(QRect(0, row.y, self.viewport().width(), row.height)) else None
            if card is not None:
                selected, hovered, focused = self._state(row.ident)
                painter.drawPixmap(left, row.y, card.pixmap(selected=selected, hovered=hovered, focused=focused))
                self._adorn(painter, row, left)
                self._drawn[row.ident] = card
                self.painted += 1
        painter.end()

    def _adorn(self, painter: QPainter, row: Placed, left: int) -> None:
        """Draw over a row's card what is not the card's own."""

    def _restyle(self) -> None:
        """The look, the width or the language changed: same anchor, new cards."""
        self.cards.restyle(self._make_style())
        self._finish()
        self._drawn.clear()
        self._show(self._place(*self._anchor()))
        self.viewport().update()

    def mark(self, marker: Marker) -> None:
        """Let other rows catch the eye from now on."""
        self.marker = self.cards.marks = marker
        self.cards.clear()
        self._restyle()

    def retranslate(self) -> None:
        """Write the cards in the language spoken now."""
        self.cards.clear()
        self._restyle()

    def tick(self) -> None:
        """A minute went by: ages on cards may have changed."""
        self.cards.tick()
        self._mark()

    @property
    def new_count(self) -> int:
        """Rows above what is in sight that nobody has seen yet."""
        return self.model.pending + self._unseen

    def _tell_new(self) -> None:
        count = self.new_count
        if count != self._told_new:
            self._told_new = count
            self.new_changed.emit(count)

    def _load_if_near(self) -> None:
        if not self.placed:
            return
        window = self.model.window
        if not window.at_end and self.placed[-1].index >= len(window) - NEAR_THE_EDGE:
            self._run(self._load(self.model.load_older))
        elif not window.at_top and self.placed[0].index < NEAR_THE_EDGE:
            self._run(self._load(self.model.load_newer))

    async def _load(self, load: Callable[[], Coroutine[Any, Any, int]]) -> None:
        if await load() and not self.closed:
            self._mark()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A new width wraps every text anew; in another height the same cards are shown, only what is new painted."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width() or self.cards.style != self._make_style():
            self._restyle()
        elif self.placed and self.isVisible() and event.size().height() > event.oldSize().height():
            self._mark()  # cards that come into sight are made within a go's time: all columns grow at once
        else:
            self._finish()
            self._show(self._place(*self._anchor()))

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while nobody looked is shown now."""
        super().showEvent(event)
        self._restyle()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language, the direction and the theme."""
        super().changeEvent(event)
        kinds = QEvent.Type
        if event.type() is kinds.LanguageChange:
            self.retranslate()
        elif event.type() in (kinds.LayoutDirectionChange, kinds.StyleChange, kinds.PaletteChange) and self.isVisible():
            self._restyle()

    def row(self, ident: int | None) -> Entry | None:
        """The entry of a row in memory as it is shown, or None."""
        index = None if ident is None else self.model.window.index(ident)
        return None if index is None else self.model.shown(self.model.rows[index])
