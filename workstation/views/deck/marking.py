"""Marks: several rows of a column chosen to be worked on together, by mouse or wholly by keyboard.

One column is marked at a time: what is done to marked rows must be in sight of whoever does it. A row that stands for
others stands for them here too. Marks stay when rows come and go; what they are about is read again before anything
is done.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen

from workstation.domain.cases import Entry
from workstation.views import icons
from workstation.views.deck.card import PILE

if TYPE_CHECKING:
    from workstation.views.deck.column_view import ColumnView
    from workstation.views.deck.geometry import Placed

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class Marking(QObject):
    """The marks of a deck."""

    changed = Signal()
    """Other rows are marked now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view: ColumnView | None = None
        self._marked: dict[int, Entry] = {}
        self._before: dict[int, Entry] = {}
        """What was marked when the stretch began that is being drawn."""
        self._anchor: int | None = None
        self._tip: int | None = None

    def __len__(self) -> int:
        if self._view is None:
            return 0
        model, rows = self._view.model, ((self._view.row(ident), entry) for ident, entry in self._marked.items())
        return sum(model.alike(now or entry) for now, entry in rows)

    def __bool__(self) -> bool:
        return bool(self._marked)

    @property
    def view(self) -> "ColumnView | None":
        """The column whose rows are marked."""
        return self._view if self._marked else None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is marked, with all that marked rows stand for, in the order of marking."""
        view = self._view
        if view is None:
            return ()
        found: dict[int, Entry] = {}
        for ident, entry in self._marked.items():
            now = view.row(ident) or entry
            for member in view.model.members(now):
                found.setdefault(view.model.row_id(member), member)
        return tuple(found.values())

    def holds(self, view: "ColumnView", ident: int) -> bool:
        """Whether a row is marked."""
        return view is self._view and ident in self._marked

    # Changing -----------------------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Mark nothing."""
        if self._marked:
            self._put({})
        self._anchor = self._tip = None

    def join(self, view: "ColumnView", others: Iterable["ColumnView"]) -> None:
        """A column's rows can be marked from now on; marks of one that is not among the `others` any more go."""
        view.marking = self
        if self._view is not None and all(self._view is not other for other in (view, *others)):
            self.leave(self._view)

    def leave(self, view: "ColumnView") -> None:
        """A column goes away, and its marks with it."""
        if view is self._view:
            self._marked, self._view, self._anchor = {}, None, None
            self.changed.emit()

    def toggle(self, view: "ColumnView", ident: int | None = None) -> None:
        """Mark a row, or take its mark off; without `ident` the selected one."""
        ident = view.current if ident is None else ident
        entry = view.row(ident)
        if ident is None or entry is None:
            return
        self._enter(view)
        marked = dict(self._marked)
        if marked.pop(ident, None) is None:
            marked[ident] = entry
        self._anchor, self._tip, self._before = ident, ident, marked
        self._put(marked)

    def extend(self, view: "ColumnView", rows: int) -> None:
        """Move the selection by so many rows and mark the whole stretch from where that began."""
        if view.current is None:
            view.move_selection(rows)
            self.toggle(view)
            return
        self._begin(view)
        view.move_selection(rows)
        self._draw(view)

    def extend_to(self, view: "ColumnView", index: int) -> None:
        """Mark everything from the selected row to a row of the window."""
        self._begin(view)
        view.select(index)
        if self._anchor is None:
            self._anchor = view.current
        self._draw(view)

    def all(self, view: "ColumnView") -> None:
        """Mark every row that is shown, those above and below the screen included."""
        self._enter(view)
        row_id = view.model.row_id
        self.put(view, view.model.rows)
        self._anchor = self._tip = row_id(view.model.rows[0]) if view.model.rows else None

    def put(self, view: "ColumnView", entries: Iterable[Entry]) -> None:
        """Mark these rows of a column and no others."""
        self._enter(view)
        row_id = view.model.row_id
        self._before = {row_id(entry): entry for entry in entries}
        self._put(dict(self._before))

    def _enter(self, view: "ColumnView") -> None:
        if view is not self._view:
            self.clear()
            self._view, self._before = view, {}

    def _begin(self, view: "ColumnView") -> None:
        """A stretch goes on where it stood; from anywhere else a new one begins, and what is marked stays."""
        self._enter(view)
        if self._anchor is None or self._tip != view.current or not self._marked:
            self._anchor, self._before = view.current, dict(self._marked)

    def _draw(self, view: "ColumnView") -> None:
        window = view.model.window
        ends = [window.index(ident) for ident in (self._anchor, view.current) if ident is not None]
        places = [place for place in ends if place is not None]
        stretch = view.model.rows[min(places) : max(places) + 1] if places else []
        self._tip = view.current
        self._put(self._before | {view.model.row_id(entry): entry for entry in stretch})

    def _put(self, marked: dict[int, Entry]) -> None:
        touched = marked.keys() ^ self._marked.keys()
        self._marked = marked
        if touched:
            if self._view is not None:
                self._view.touch(touched)
            self.changed.emit()

    # Mouse and keys of a column -----------------------------------------------------------------------------------

    def pressed(self, view: "ColumnView", event: QMouseEvent, row: "Placed | None") -> bool:
        """A click with Shift or Ctrl marks, a plain one ends marking; whether the click was ours."""
        held = event.modifiers() & (SHIFT | CONTROL)
        if event.button() is Qt.MouseButton.RightButton and row is not None and not self.holds(view, row.ident):
            self.clear()  # the menu is about what was clicked
        if event.button() is not Qt.MouseButton.LeftButton or row is None:
            return False
        if not held:
            if self._marked:
                self.clear()
            return False
        if held & SHIFT:
            self.extend_to(view, row.index)
            return True
        if not self._marked and view.current not in (None, row.ident):
            self.toggle(view)  # whoever clicks a second card means the first one too
        view.select(row.index)
        self.toggle(view, row.ident)
        return True

    def key(self, view: "ColumnView", event: QKeyEvent) -> bool:
        """Shift with the arrows marks, Ctrl+Space marks one, Escape ends it; whether the key was ours."""
        key, held = Qt.Key(event.key()), event.modifiers()
        if key in _STEPS and held & SHIFT:
            self.extend(view, _STEPS[key])
        elif key is Qt.Key.Key_Space and held & CONTROL:
            self.toggle(view)
        elif key is Qt.Key.Key_Escape and self._marked:
            self.clear()
        else:
            return False
        return True

    # Drawing ------------------------------------------------------------------------------------------------------

    def paint(self, view: "ColumnView", painter: QPainter, row: "Placed", left: int) -> None:
        """Draw the mark of a row over its card: an edge, and a tick where its author's initial stands."""
        if not self.holds(view, row.ident):
            return
        style = view.cards.style
        look, measures = style.look, style.look.measures
        entry = view.row(row.ident)
        under = PILE if entry is not None and view.model.alike(entry) > 1 else 0
        card = QRectF(left, row.y, style.width, row.height - under)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("accent"), measures.ring))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = measures.ring / 2
        painter.drawRoundedRect(card.adjusted(inset, inset, -inset, -inset), measures.radius_card, measures.radius_card)
        side, pad = float(measures.avatar), float(measures.card_padding)
        x = card.right() - pad - side if style.rtl else card.left() + pad
        disc = QRectF(x, row.y + pad, side, side)
        painter.setBrush(look.colour("accent"))
        painter.setPen(QPen(look.colour("card"), 2))
        painter.drawEllipse(disc)
        edge = round(side * 0.56)
        tick = icons.pixmap("check", look.colours.on_accent, edge, style.ratio)
        at = disc.center()
        painter.drawPixmap(round(at.x() - edge / 2), round(at.y() - edge / 2), tick)
        painter.restore()
