"""The outbox page: everything that is to leave or has left, what became of it, and what one can decide."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workstation.domain.messages import Micros
from workstation.domain.outbox import HOLDING, Act, Outgoing, State
from workstation.domain.posts import is_missed
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, framed, ngettext, render
from workstation.views import masking, theme
from workstation.views.case.outgoing_view import DECISIONS
from workstation.views.case.words import STATE, STATE_ICON, STATE_TONE
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import BY_ID, act_id
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.empty import EmptyState
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import tinted
from workstation.views.widgets.wrapped import Wrapped

ROLE = Qt.ItemDataRole.UserRole
ORDER = (State.UNKNOWN, State.FAILED, State.WAITS, State.SENDING, State.QUEUED, State.SENT, State.CANCELLED)
"""What wants a decision stands first."""
SENT_SHOWN = 200
ACTIONS: dict[str, str] = {
    "outbox.now": "now",
    "outbox.cancel": "cancel",
    "outbox.look": "look",
    "outbox.confirm": "confirm",
    "outbox.again": "again",
    "outbox.discard": "discard",
}
NOTHING = lazy("Choose something in the outbox first.")
NOT_NOW = lazy("This is not possible in its present state.")
SENDS: dict[Act, LazyText] = {Act.POST: lazy("Post"), Act.REPLY: lazy("Reply"), Act.EDIT: lazy("Edit")}


def act_label(act: Act) -> LazyText:
    """What an operation does, in a word or two."""
    return SENDS[act] if act in SENDS else BY_ID[act_id(act)].label


class OutboxPage(Retranslating):
    """Rows in data, decisions out."""

    decided = Signal(str, str)
    case_wanted = Signal(object)

    def __init__(self, actions: DeskActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._actions = actions
        self._rows: tuple[Outgoing, ...] = ()
        self._channels: Mapping[int, str] = {}
        self._now: Micros = 0
        self._held = False
        self._chosen = ""
        """The operation of the selected row, while the list is not written."""
        self._stale = True
        self._title, self._state = Paragraph(), Paragraph()
        self._title.setProperty("role", "title")
        self._state.setProperty("role", "secondary")
        self._hold = TextButton(lazy("Hold everything"), icon="hand")
        self._hold.follow(actions["outbox.hold"])
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setItemDelegate(Wrapped(self.list))
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.currentItemChanged.connect(lambda _now, _before: self._selected())
        self.list.itemActivated.connect(lambda _item: self._open_case())
        self._empty = EmptyState(
            "send", lazy("The outbox is empty"), lazy("Replies wait here until their undo time is over.")
        )
        self.buttons = QWidget()
        self._button_row = FlowLayout(self.buttons)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._hold)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._state)
        column.addWidget(self.list, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(self.buttons)
        self._bind()
        self.retranslate()

    def _bind(self) -> None:
        for name, decision in ACTIONS.items():
            self._actions.on(name, self._decider(decision))
        self._actions.on("outbox.case", self._open_case)
        self._selected()

    def _decider(self, decision: str) -> Callable[[], None]:
        return lambda: self._decide(decision)

    def _decide(self, decision: str) -> None:
        row = self.current()
        if row is not None:
            # A failed row is tried again, an unknown one is sent again: to the network the same, not to the agent.
            name = "retry" if decision == "again" and row.state is State.FAILED else decision
            self.decided.emit(name, row.operation.id)

    def _open_case(self) -> None:
        row = self.current()
        if row is not None and row.case:
            self.case_wanted.emit(row)

    def current(self) -> Outgoing | None:
        """The row that decisions are about."""
        item = self.list.currentItem()
        found: Outgoing | None = item.data(ROLE) if item is not None else None
        return found

    def step(self, by: int) -> None:
        """Select another row."""
        count = self.list.count()
        if count:
            self.list.setCurrentRow(max(0, min(count - 1, self.list.currentRow() + by)))

    def show_rows(self, rows: Sequence[Outgoing], channels: Mapping[int, str], now: Micros, *, held: bool) -> None:
        """Show the outbox; `channels` names channels by id."""
        ordered = sorted(rows, key=lambda row: (ORDER.index(row.state), -row.created_at))
        self._rows, self._channels, self._now, self._held = tuple(ordered[:SENT_SHOWN]), channels, now, held
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._title.setText(_("Outbox"))
        self.list.setAccessibleName(_("Outbox"))
        waiting = sum(row.state in (State.QUEUED, State.SENDING) for row in self._rows)
        said = ngettext("{count} waits to be sent.", "{count} wait to be sent.", waiting)
        if self._held:
            held = _("The outbox is held: nothing leaves, not even after a restart, until you release it.")
            said = f"{said} {held}"
        self._state.setText(said)
        self._hold.rename(
            lazy("Release the outbox") if self._held else lazy("Hold everything"), "play" if self._held else "hand"
        )
        self._write_rows()

    def showEvent(self, event: QShowEvent) -> None:
        """Write what was told meanwhile."""
        super().showEvent(event)
        if self._stale:
            self._write_rows()

    def _write_rows(self) -> None:
        """Write the list, once somebody looks: it changes with every reply, and few look at it."""
        chosen = self.current()
        self._chosen = chosen.operation.id if chosen is not None else self._chosen if self._stale else ""
        self._stale = not self.isVisible()
        self.list.clear()
        for row in () if self._stale else self._rows:
            item = QListWidgetItem(_sign(row.state), self._line(row))
            item.setData(ROLE, row)
            self.list.addItem(item)
            if self._chosen == row.operation.id:
                self.list.setCurrentItem(item)
        self.list.setVisible(bool(self._rows))
        self._empty.setVisible(not self._rows)
        self._selected()

    def _line(self, row: Outgoing) -> str:
        # Imported when first opened: a start pays for every module.
        from workstation.views.case.failures import sentence

        at = row.finished_at or row.created_at
        planned = row.state is State.QUEUED and row.latest
        due = _("Planned for {time}", time=formats().datetime(row.not_before)) if planned else ""
        if is_missed(row, self._now):
            due = _("Missed its time, {time}", time=formats().datetime(row.not_before))
        parts = [
            due or render(STATE[row.state]),
            _("Holding reply of a rule") if HOLDING in row.operation.options else render(act_label(row.operation.act)),
            self._channels.get(row.channel, ""),
            "" if due else formats().age(at, self._now),
        ]
        lines = [" · ".join(part for part in parts if part)]
        text = " ".join(masking.text(row.operation.text).split())[:160]
        if text:
            lines.append(framed(text, formats().direction))
        why = sentence(row)
        if why is not None:
            lines.append(render(why))
        return "\n".join(lines)

    def _selected(self) -> None:
        row = self.current()
        possible = {name for name, _words in DECISIONS.get(row.state, ())} if row is not None else set()
        if "retry" in possible:
            possible.add("again")
        for name, decision in ACTIONS.items():
            reason = NOTHING if row is None else None if decision in possible else NOT_NOW
            self._actions.allow(name, reason)
        no_case = NOTHING if row is None else None if row.case else lazy("It belongs to no case.")
        self._actions.allow("outbox.case", no_case)
        self._offer(row)

    def _offer(self, row: Outgoing | None) -> None:
        while (item := self._button_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if row is None:
            return
        for decision, words in DECISIONS.get(row.state, ()):
            button = TextButton(words, self.buttons)
            button.clicked.connect(self._decider(decision))
            self._button_row.addWidget(button)
        if row.case:
            button = TextButton(lazy("Open its case"), self.buttons)
            button.clicked.connect(self._open_case)
            self._button_row.addWidget(button)


def _sign(state: State) -> QIcon:
    """The state's sign in its colour; on a selected row in that of the text."""
    result = QIcon(tinted(STATE_ICON[state], STATE_TONE.get(state, "secondary")))
    side = theme.current().measures.icon
    selected = tinted(STATE_ICON[state], "on_selection")
    for size in (side, side * 2):
        result.addPixmap(selected.pixmap(size, size), QIcon.Mode.Selected)
    return result
