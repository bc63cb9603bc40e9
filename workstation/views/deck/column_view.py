"""A column's rows that one works with: selection, keyboard, mouse, context menu."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent

from workstation.domain.cases import Entry
from workstation.services.columns import ColumnModel
from workstation.views.deck.card_cache import Pictures
from workstation.views.deck.content import Surroundings
from workstation.views.deck.drainer import Drainer
from workstation.views.deck.geometry import Placed
from workstation.views.deck.rows_view import EDGE, Run
from workstation.views.deck.scrolling import ScrollingRows

if TYPE_CHECKING:
    from workstation.views.deck.marking import Marking

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_PAGES = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_Space: 1}


class ColumnView(ScrollingRows):
    """Rows with one selected. Every slot here is also an action of the desk."""

    opened = Signal(object)
    """An Entry is to be opened."""
    selected = Signal(object)
    """The Entry that is selected now, or None."""
    menu_wanted = Signal(object, QPoint)
    """A context menu for an Entry, at a global position."""
    media_wanted = Signal(object)
    """The thumbnails of an Entry were asked for."""
    claim_wanted = Signal(object)
    """The holder's mark of an Entry was clicked."""
    row_focused = Signal(object)
    """This view; another row is selected, which screen readers follow."""
    entered = Signal()
    """The column got the focus."""

    def __init__(
        self,
        model: ColumnModel,
        around: Surroundings,
        drainer: Drainer,
        run: Run,
        pictures: Pictures = lambda _: (),
    ) -> None:
        super().__init__(model, around, drainer, run, pictures)
        self.current: int | None = None
        """Identity of the selected row."""
        self._hovered: int | None = None
        self._was_at = 0
        self.marking: Marking | None = None
        """The marks of the deck it is part of."""

    # Selection ----------------------------------------------------------------------------------------------------

    @property
    def current_entry(self) -> Entry | None:
        """The selected entry as it is shown, or None."""
        return self.row(self.current)

    def select(self, index: int) -> None:
        """Select a row of the window and bring it into sight."""
        self._finish()
        if not self.model.rows:
            self.clear_selection()
            return
        index = min(max(index, 0), len(self.model.rows) - 1)
        before, self.current = self.current, self._ident(index)
        self._was_at = index
        self._reveal(index)
        self._touch(before, self.current)
        if before != self.current:
            self.selected.emit(self.current_entry)
            self.row_focused.emit(self)

    def clear_selection(self) -> None:
        """Select nothing."""
        before, self.current = self.current, None
        self._touch(before)
        if before is not None:
            self.selected.emit(None)

    def move_selection(self, rows: int) -> None:
        """Select the row so many further down (negative: up); the first in sight if none was selected."""
        self._finish()
        if not self.model.rows:
            return
        index = None if self.current is None else self.model.window.index(self.current)
        if index is not None:
            self.select(index + rows)
        elif self.current is not None:
            # The selected row has gone: go on from where it stood.
            self.select(self._was_at + (rows - 1 if rows > 0 else rows))
        else:
            whole = next((row for row in self.placed if row.y >= 0), self.placed[0] if self.placed else None)
            self.select(whole.index if whole is not None else 0)

    def page(self, pages: int) -> None:
        """Move the selection by about a screen."""
        rows = max(1, len(self.placed) - 1)
        self.move_selection(rows * pages)

    def select_first(self) -> None:
        """Go to the newest row and select it."""
        self.jump_to_new()
        self.select(0)

    def select_last(self) -> None:
        """Go to the last row in memory and select it."""
        self.jump_to_end()
        self.select(len(self.model.rows) - 1)

    def open_current(self) -> None:
        """Open the selected entry."""
        if (entry := self.current_entry) is not None:
            self.opened.emit(entry)

    def toggle_spoiler(self) -> None:
        """Show or cover what the selected entry's content warning covers."""
        if self.current is not None:
            self._fold(self.current)

    def load_media(self) -> None:
        """Ask for the thumbnails of the selected entry."""
        if (entry := self.current_entry) is not None and entry.message.media:
            self.media_wanted.emit(entry)

    def touch(self, idents: Iterable[int]) -> None:
        """Draw these rows again where they are."""
        self._touch(*idents)

    def _adorn(self, painter: QPainter, row: Placed, left: int) -> None:
        if self.marking is not None:
            self.marking.paint(self, painter, row, left)

    def pictures_arrived(self, message: int) -> None:
        """The thumbnails of a message can be drawn now."""
        self.cards.forget_message(message)
        if self.shows(message):
            self._mark()

    def shows(self, message: int) -> bool:
        """Whether the card of a message is on the screen."""
        if self.visibleRegion().isEmpty():
            return False
        rows = (self.row(row.ident) for row in self.placed)
        return any(entry is not None and entry.message.id == message for entry in rows)

    def _fold(self, ident: int) -> None:
        self.cards.fold(ident)
        self._show(self._place(*self._anchor()))

    def _reveal(self, index: int) -> None:
        """Scroll as little as shows the whole row."""
        screen = self._screen()
        found = next((row for row in self.placed if row.index == index), None)
        tall = self._height(index)
        if found is None:
            above = not self.placed or index < self.placed[0].index
            after = self._place_at(index, EDGE if above else screen.height - tall - EDGE)
        elif found.y < EDGE:
            after = self._place_at(index, EDGE)
        elif found.bottom > screen.height - EDGE:
            after = self._place_at(index, max(EDGE, screen.height - tall - EDGE))
        else:
            return
        self._show(after)
        self._arrive()
        self._load_if_near()
        self._tell_new()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """With less room, as when the composer opens, the selected card stays in sight."""
        seen = any(row.ident == self.current for row in self.placed)
        super().resizeEvent(event)
        index = self.model.window.index(self.current) if seen and self.current is not None else None
        if index is not None:
            self._reveal(index)

    def _must_stay(self) -> bool:
        """Following must not push the selected card out of sight of somebody who works in this column."""
        if self.current is None or not self.hasFocus():
            return False
        if not any(row.ident == self.current for row in self.placed):
            return False
        tall = self.viewport().height()
        return not any(row.ident == self.current and row.bottom <= tall for row in self._place_at(0, EDGE))

    def _state(self, ident: int) -> tuple[bool, bool, bool]:
        return (ident == self.current, ident == self._hovered, self.hasFocus())

    # Mouse and keys -----------------------------------------------------------------------------------------------

    def row_at(self, point: QPoint) -> Placed | None:
        """The row under a point of the viewport."""
        self._finish()
        return next((row for row in self.placed if row.y <= point.y() < row.bottom), None)

    def _zone(self, row: Placed, point: QPointF) -> str:
        style = self.cards.style
        left = 0 if style.rtl else style.look.measures.card_inset
        inside = QPointF(point.x() - left, point.y() - row.y)
        return next((name for name, rect in self.card(row.index).zones.items() if rect.contains(inside)), "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select; parts of a card that are buttons act when the button is let go."""
        row = self.row_at(event.position().toPoint())
        if self.marking is not None and self.marking.pressed(self, event, row):
            return
        if row is not None and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self.select(row.index)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Unfold, load thumbnails or claim, where the card says so."""
        row = self.row_at(event.position().toPoint())
        if row is None or event.button() is not Qt.MouseButton.LeftButton or row.ident != self.current:
            return
        zone = self._zone(row, event.position())
        entry = self.current_entry
        if zone == "spoiler":
            self._fold(row.ident)
        elif zone == "media" and entry is not None:
            self.media_wanted.emit(entry)
        elif zone == "holder" and entry is not None:
            self.claim_wanted.emit(entry)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open."""
        if self.row_at(event.position().toPoint()) is not None:
            self.open_current()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the card under the pointer."""
        row = self.row_at(event.position().toPoint())
        self._hover(row.ident if row is not None else None)
        hand = row is not None and self._zone(row, event.position())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def _hover(self, ident: int | None) -> None:
        if ident != self._hovered:
            before, self._hovered = self._hovered, ident
            self._touch(before, ident)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A menu for the card under the pointer, or for the selected one if a key asked."""
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            row = self.row_at(event.pos())
            if row is not None:
                self.select(row.index)
        self.ask_for_menu(event.globalPos() if event.reason() is QContextMenuEvent.Reason.Mouse else None)

    def ask_for_menu(self, at: QPoint | None = None) -> None:
        """Ask for the menu of the selected card, beside it unless a place is given."""
        entry = self.current_entry
        row = next((row for row in self.placed if row.ident == self.current), None)
        if entry is not None and row is not None:
            beside = self.viewport().mapToGlobal(QPoint(self.viewport().width() // 2, max(0, row.y) + 40))
            self.menu_wanted.emit(entry, at or beside)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys every list knows; letters are actions of the desk."""
        key = Qt.Key(event.key())
        if self.marking is not None and self.marking.key(self, event):
            return
        if key in _STEPS:
            self.move_selection(_STEPS[key])
        elif key in _PAGES:
            back = key is Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.page(-1 if back else _PAGES[key])
        elif key is Qt.Key.Key_Home:
            self.select_first()
        elif key is Qt.Key.Key_End:
            self.select_last()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        elif key is Qt.Key.Key_Menu:
            self.ask_for_menu()
        elif key is Qt.Key.Key_Escape and self.current is not None:
            self.clear_selection()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the focus is."""
        super().focusInEvent(event)
        self._touch(self.current)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring grows quiet."""
        super().focusOutEvent(event)
        self._touch(self.current)

    def viewportEvent(self, event: QEvent) -> bool:
        """The pointer left: nothing is under it."""
        if event.type() is QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)
