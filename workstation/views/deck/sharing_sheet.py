"""Taking in columns that somebody wrote down: what would be new, what would change and how, what cannot be read."""

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from workstation.domain.errors import MeridianError
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, ngettext, render
from workstation.qt.dialogs import ask_file
from workstation.qt.throttle import Throttle
from workstation.services import sharing
from workstation.services.columns import ColumnSpec
from workstation.services.sharing import Fate, Offered
from workstation.views import theme
from workstation.views.deck.names import named
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.sheet import CANCEL, Sheet
from workstation.views.widgets.tint import in_list

REST = 250
ROLE = Qt.ItemDataRole.UserRole
FATES: dict[Fate, tuple[LazyText, str, str]] = {
    Fate.NEW: (lazy("New"), "plus", "ok"),
    Fate.CHANGED: (lazy("Changed"), "pencil", "warn"),
    Fate.SAME: (lazy("The same here"), "check", "secondary"),
    Fate.UNREADABLE: (lazy("Cannot be used"), "circle-alert", "danger"),
}
FIELDS = {
    "filter": lazy("Filter"),
    "queue": lazy("Queue"),
    "width": lazy("Width"),
    "notify": lazy("Notifications"),
    "highlights": lazy("Highlights"),
}
UNREADABLE_FILE = lazy("The file cannot be read.")


class TakeIn(Sheet):
    """Emits `taken` with the offers that were chosen."""

    taken = Signal(object)

    def __init__(
        self,
        mine: Sequence[ColumnSpec],
        text: str,
        run: Callable[[Coroutine[Any, Any, Any]], object],
        parent: QWidget,
    ) -> None:
        super().__init__(lazy("Take in columns"), parent)
        self._mine, self._run = tuple(mine), run
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setMaximumHeight(150)
        self._file = TextButton(lazy("From a file"), icon="file")
        self.words = Paragraph()
        self.words.setProperty("role", "secondary")
        self.list = QListWidget()
        self.list.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.words, 1)
        row.addWidget(self._file, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.text)
        self.body.addLayout(row)
        self.body.addWidget(self.list, 1)
        self.button("", CANCEL)
        self._take = self.button("take", lazy("Take in"), "primary", default=True)
        self._rest = Throttle(self, REST, self.look)
        self.text.textChanged.connect(self._rest.later)
        self._file.clicked.connect(lambda: self._run(self._open()))
        self.list.itemChanged.connect(lambda _item: self._allow())
        self.answered.connect(self._answered)
        self.text.setPlainText(text)
        self.retranslate()
        self.look()
        scale = max(1.0, theme.current().scale)
        self.resize(round(640 * scale), round(560 * scale))

    async def _open(self) -> None:
        path = await ask_file(self, _("Take in columns"), _("Columns as text (*.toml *.txt)"))
        if path is not None:
            self.read(Path(path))

    def read(self, path: Path) -> None:
        """Put the text of a file in."""
        try:
            with path.open(encoding="utf-8") as file:
                self.text.setPlainText(file.read(sharing.LARGEST + 1))
        except (OSError, UnicodeDecodeError):
            self.words.setText(render(UNREADABLE_FILE))

    def look(self) -> None:
        """Say what the text would do."""
        self._rest.cancel()
        self.list.clear()
        text = self.text.toPlainText()
        if not text.strip():
            self.words.setText(_("Paste what somebody sent you, or open a file."))
            self._allow()
            return
        try:
            offers = sharing.compared(self._mine, sharing.read(text))
        except MeridianError as error:
            self.words.setText(render(error.text))
            self._allow()
            return
        # What differs is what one has come for.
        for offer in sorted(offers, key=lambda offer: offer.fate is Fate.SAME):
            self._offer(offer)
        useful = sum(offer.fate in (Fate.NEW, Fate.CHANGED) for offer in offers)
        some = ngettext("{count} column differs from yours.", "{count} columns differ from yours.", useful)
        self.words.setText(some if useful else _("There is nothing in it that you do not have."))
        self._allow()

    def _offer(self, offer: Offered) -> None:
        fate, icon, ink = FATES[offer.fate]
        lines = [_("{fate}: {column}", fate=render(fate), column=named(offer.spec))]
        if offer.error is not None:
            lines.append(render(offer.error))
        elif offer.fate is Fate.NEW:
            lines.append(_("Filter: {filter}", filter=offer.spec.filter or _("everything")))
        for change in offer.changes:
            before, after = change.before or _("nothing"), change.after or _("nothing")
            field = render(FIELDS[change.field])
            lines.append(_("{field}: {before} → {after}", field=field, before=before, after=after))
        item = QListWidgetItem(in_list(icon, ink), "\n".join(lines))
        item.setData(ROLE, offer)
        if offer.fate in (Fate.NEW, Fate.CHANGED):
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
        self.list.addItem(item)

    @property
    def chosen(self) -> tuple[Offered, ...]:
        """The offers that are ticked."""
        items = [self.list.item(row) for row in range(self.list.count())]
        ticked = [item for item in items if item.flags() & Qt.ItemFlag.ItemIsUserCheckable]
        return tuple(item.data(ROLE) for item in ticked if item.checkState() is Qt.CheckState.Checked)

    def _allow(self) -> None:
        self._take.setEnabled(bool(self.chosen))

    def _answered(self, answer: str) -> None:
        self._rest.cancel()
        if answer == "take":
            self.taken.emit(self.chosen)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        if not hasattr(self, "_take"):
            return
        self.text.setAccessibleName(_("Columns as text"))
        self.text.setPlaceholderText(_("Columns as text"))
        self.list.setAccessibleName(_("What taking them in would do"))
