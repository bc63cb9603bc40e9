"""What is painted, for screen readers: a column is a list, its rows are list items that say the whole card.

Qt asks a factory for each widget's counterpart; Python owns what the factory makes, so references are kept here for as
long as their view lives.
"""

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleEvent,
    QAccessibleInterface,
    QColor,
    QWindow,
)
from PySide6.QtWidgets import QAccessibleWidget

from workstation.i18n import _
from workstation.views.deck.column_view import ColumnView
from workstation.views.deck.content import pictured, spoken


class RowActions(QAccessibleActionInterface):
    """What can be done to a row without keys or a pointer: choose it, open it, ask for its menu."""

    def __init__(self, view: ColumnView, ident: int) -> None:
        super().__init__()
        self._view, self._ident = view, ident

    def actionNames(self) -> list[str]:
        """Qt's names, which every screen reader knows."""
        return [self.pressAction(), self.setFocusAction(), self.showMenuAction()]

    def localizedActionName(self, action: str) -> str:
        """In words."""
        return {
            self.pressAction(): _("Open"),
            self.setFocusAction(): _("Choose"),
            self.showMenuAction(): _("Menu"),
        }.get(action, "")

    def localizedActionDescription(self, action: str) -> str:
        """Nothing beyond the name."""
        return self.localizedActionName(action)

    def keyBindingsForAction(self, action: str) -> list[str]:
        """The key that does the same."""
        return ["Return"] if action == self.pressAction() else []

    def doAction(self, action: str) -> None:
        """Do it, unless the row has gone."""
        view, index = self._view, self._view.model.window.index(self._ident)
        if index is None:
            return
        view.setFocus()
        view.select(index)
        if action == self.pressAction():
            view.open_current()
        elif action == self.showMenuAction():
            view.ask_for_menu()


class Row(QAccessibleInterface):
    """One row of a column."""

    def __init__(self, view: ColumnView, ident: int) -> None:
        super().__init__()
        self._view, self._ident = view, ident
        self._actions = RowActions(view, ident)

    def interface_cast(self, kind: QAccessible.InterfaceType) -> object:  # type: ignore[override]
        """A row can be acted on."""
        return self._actions if kind is QAccessible.InterfaceType.ActionInterface else None

    @property
    def _index(self) -> int | None:
        return self._view.model.window.index(self._ident)

    def isValid(self) -> bool:
        """Whether the row is still there."""
        return self._index is not None

    def object(self) -> QObject | None:  # type: ignore[override]
        """Rows are painted, not widgets."""
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]
        """The window of the column."""
        return self._view.window().windowHandle()

    def role(self) -> QAccessible.Role:
        """A list item."""
        return QAccessible.Role.ListItem

    def text(self, kind: QAccessible.Text) -> str:
        """The card in one sentence; its pictures in another."""
        entry = self._view.row(self._ident)
        if kind is QAccessible.Text.Description and entry is not None:
            return pictured(entry)
        if kind is not QAccessible.Text.Name or entry is None:
            return ""
        return spoken(entry, self._view.around, self._view.marker(entry), self._view.model.alike(entry))

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Rows cannot be written to."""

    def rect(self) -> QRect:
        """Where the card is on the screen; empty while it is out of sight."""
        for row in self._view.placed:
            if row.ident == self._ident:
                viewport = self._view.viewport()
                return QRect(viewport.mapToGlobal(QRect(0, row.y, viewport.width(), row.height).topLeft()),
                             QRect(0, row.y, viewport.width(), row.height).size())  # fmt: skip
        return QRect()

    def state(self) -> QAccessible.State:
        """Selectable; selected and focused where it is so."""
        state = QAccessible.State()
        current = self._view.current == self._ident
        state.selectable = state.focusable = True
        state.selected = current
        state.focused = current and self._view.hasFocus()
        marking = self._view.marking
        state.checkable = marking is not None
        state.checked = marking is not None and marking.holds(self._view, self._ident)
        state.offscreen = not any(row.ident == self._ident for row in self._view.placed)
        return state

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """The column."""
        return QAccessible.queryAccessibleInterface(self._view)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """A row has no parts."""
        return None

    def childCount(self) -> int:
        """A row has no parts."""
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """A row has no parts."""
        return -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """A row has no parts."""
        return None

    def backgroundColor(self) -> QColor:
        """Not told."""
        return QColor()

    def foregroundColor(self) -> QColor:
        """Not told."""
        return QColor()


class Rows(QAccessibleWidget):
    """A column as a list of its rows in memory."""

    def __init__(self, view: ColumnView) -> None:
        super().__init__(view, QAccessible.Role.List)
        self._view = view
        self._rows: dict[int, Row] = {}

    def row(self, ident: int) -> Row:
        """The counterpart of a row; always the same one."""
        if len(self._rows) > 2 * len(self._view.model.rows) + 50:
            self._rows = {known: row for known, row in self._rows.items() if row.isValid()}
        if ident not in self._rows:
            row = self._rows[ident] = Row(self._view, ident)
            QAccessible.registerAccessibleInterface(row)
        return self._rows[ident]

    def childCount(self) -> int:
        """How many rows are in memory."""
        return len(self._view.model.rows)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """A row by its place."""
        rows = self._view.model.rows
        return self.row(self._view.model.row_id(rows[index])) if 0 <= index < len(rows) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """The place of a row, or -1."""
        for ident, row in self._rows.items():
            if row == child:
                index = self._view.model.window.index(ident)
                return -1 if index is None else index
        return -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The row under a point of the screen."""
        placed = self._view.row_at(self._view.viewport().mapFromGlobal(QRect(x, y, 1, 1).topLeft()))
        return self.row(placed.ident) if placed is not None else None

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """The selected row."""
        return self.row(self._view.current) if self._view.current_entry is not None and self._view.current else None


class _Factory:
    """Gives every column its counterpart. Qt keeps one list of factories for the process, so there is one of these."""

    def __init__(self) -> None:
        self._rows: dict[int, Rows] = {}
        self._installed = False

    def install(self) -> None:
        """Answer Qt's questions from now on; more than once does no harm."""
        if not self._installed:
            self._installed = True
            QAccessible.installFactory(self._make)

    def _make(self, _class_name: str, thing: QObject) -> QAccessibleInterface | None:
        if not isinstance(thing, ColumnView):
            return None
        key = id(thing)
        if key not in self._rows:
            self._rows[key] = Rows(thing)
            thing.destroyed.connect(lambda: self._rows.pop(key, None))
            thing.row_focused.connect(self._tell)
        return self._rows[key]

    def _tell(self, view: ColumnView) -> None:
        """The selection moved: screen readers follow as they follow the focus."""
        rows = self._rows.get(id(view))
        if rows is None or not QAccessible.isActive() or view.current is None:
            return
        row = rows.row(view.current)
        event = QAccessibleEvent(row, QAccessible.Event.Focus)
        QAccessible.updateAccessibility(event)


_FACTORY = _Factory()


def install() -> None:
    """Let screen readers find the rows of columns; to be called before the first column is shown."""
    _FACTORY.install()
