"""Two lists of records: legal holds, and evidence snapshots with what they hold and whether the chain is whole."""

import json
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPlainTextEdit, QVBoxLayout, QWidget

from workstation.domain.messages import Micros
from workstation.domain.outbox import Act
from workstation.domain.privacy import Hold, Snapshot
from workstation.domain.text import lazy
from workstation.i18n import _, formats, render
from workstation.views.outbox import act_label
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.empty import EmptyState
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating

ROLE = Qt.ItemDataRole.UserRole
T = TypeVar("T")
GONE = {"expired": lazy("expired"), "erased": lazy("erased")}


def fill(view: QListWidget, rows: Sequence[tuple[str, object]]) -> None:
    """Show these texts with what they stand for; rows that are there are written anew, so that nobody loses them."""
    while view.count() > len(rows):
        view.takeItem(view.count() - 1)
    for place, (text, value) in enumerate(rows):
        if place == view.count():
            view.addItem(QListWidgetItem())
        item = view.item(place)
        item.setText(text)
        item.setData(ROLE, value)


class Records(Generic[T]):
    """A list that keeps its choice when it is filled anew."""

    def __init__(self, line: Callable[[T], str], key: Callable[[T], int]) -> None:
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._line, self._key = line, key
        self.rows: tuple[T, ...] = ()

    def fill(self, rows: Sequence[T]) -> None:
        """Show these."""
        chosen = self.current()
        key = self._key(chosen) if chosen is not None else 0
        self.rows = tuple(rows)
        fill(self.list, [(self._line(row), row) for row in self.rows])
        at = next((place for place, row in enumerate(self.rows) if self._key(row) == key), -1)
        if at >= 0:
            self.list.setCurrentRow(at)
        if self.rows and self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def current(self) -> T | None:
        """The chosen one."""
        item = self.list.currentItem()
        found: T | None = item.data(ROLE) if item is not None else None
        return found


class HoldsSection(Retranslating):
    """Legal holds: whom or what, why, since when."""

    lift_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._records: Records[Hold] = Records(self._line, lambda hold: hold.id)
        self.list = self._records.list
        self._empty = EmptyState(
            "lock-open", lazy("Nothing is under legal hold"),
            lazy("A hold is put on a case or a person. It keeps them from retention and from being erased."),
        )  # fmt: skip
        self.lift = TextButton(lazy("End the legal hold"), icon="lock-open")
        self.lift.clicked.connect(lambda: self.lift_wanted.emit(self._records.current()))
        row = QHBoxLayout()
        row.addWidget(self.lift)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.list, 1)
        column.addWidget(self._empty, 1)
        column.addLayout(row)
        self.retranslate()

    def show_holds(self, holds: Sequence[Hold]) -> None:
        """Show the holds there are."""
        self._records.fill(holds)
        for widget in (self.list, self.lift):
            widget.setVisible(bool(holds))
        self._empty.setVisible(not holds)

    def _line(self, hold: Hold) -> str:
        what = _("Case {number}", number=str(hold.case)) if hold.case else _("Person")
        since = _("since {date}", date=formats().date(hold.at))
        return f"{hold.reason or '–'}\n{what} · {hold.who} · {since}"

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.list.setAccessibleName(_("Legal holds"))
        self.show_holds(self._records.rows)


class EvidenceSection(Retranslating):
    """Snapshots: what was done to whom, when it expires, and the whole of it as it was hashed."""

    verify_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now: Micros = 0
        self._records: Records[Snapshot] = Records(self._line, lambda snapshot: snapshot.id)
        self.list = self._records.list
        self.list.currentItemChanged.connect(lambda _now, _before: self._show())
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self._hashes = Paragraph()
        self._hashes.setProperty("role", "small")
        self._hashes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._empty = EmptyState(
            "shield", lazy("No evidence yet"),
            lazy("Before a message is deleted, reported, muted or an account is blocked, what it said is kept here."),
        )  # fmt: skip
        self.verify = TextButton(lazy("Verify the chain"), icon="shield-check")
        self.verify.clicked.connect(self.verify_wanted)
        self.export = TextButton(lazy("Export evidence"), icon="download")
        self.export.clicked.connect(self.export_wanted)
        buttons = QHBoxLayout()
        buttons.addWidget(self.verify)
        buttons.addWidget(self.export)
        buttons.addStretch(1)
        self._parts = QWidget()
        self._parts.setProperty("role", "bare")
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.text, 1)
        right.addWidget(self._hashes)
        row = QHBoxLayout(self._parts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        row.addWidget(self.list, 2)
        row.addLayout(right, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._parts, 1)
        column.addWidget(self._empty, 1)
        column.addLayout(buttons)
        self.retranslate()

    def show_snapshots(self, snapshots: Sequence[Snapshot], now: Micros) -> None:
        """Show the snapshots there are."""
        self._now = now
        self._records.fill(snapshots)
        self._parts.setVisible(bool(snapshots))
        self._empty.setVisible(not snapshots)
        for button in (self.verify, self.export):
            button.setVisible(bool(snapshots))
        self._show()

    def _line(self, snapshot: Snapshot) -> str:
        when = formats().age(snapshot.at, self._now)
        if snapshot.gone:
            state = render(GONE.get(snapshot.gone, lazy("erased")))
        else:
            state = _("kept until {date}", date=formats().date(snapshot.expires_at))
        return f"{render(act_label(Act(snapshot.act)))}\n{when} · {_who(snapshot)} · {state}".replace(" ·  · ", " · ")

    def _show(self) -> None:
        snapshot = self._records.current()
        if snapshot is None:
            self.text.clear()
            self._hashes.clear()
            return
        body = json.dumps(json.loads(snapshot.body), ensure_ascii=False, indent=2) if snapshot.body else ""
        self.text.setPlainText(body or _("What it held has gone; its hashes stay, so that the chain can be verified."))
        self._hashes.setText(f"SHA-256 {snapshot.digest}\n↳ {snapshot.link}")

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.list.setAccessibleName(_("Evidence"))
        self.text.setAccessibleName(_("What the snapshot holds"))
        self._hashes.setAccessibleName(_("Hashes"))
        self.show_snapshots(self._records.rows, self._now)


def _who(snapshot: Snapshot) -> str:
    if not snapshot.body:
        return ""
    author = json.loads(snapshot.body).get("author", {})
    return str(author.get("handle", ""))
