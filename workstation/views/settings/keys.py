"""Keys: every action with its keys, each of which can be changed, taken away or put back."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.text import lazy
from workstation.i18n import _, formats, render
from workstation.services.settings import Settings
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import ACTIONS, BY_ID, GROUPS, bound, clashes
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.fuzzy import score
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.sheet import CANCEL, Sheet

ROLE = Qt.ItemDataRole.UserRole


class KeySheet(Sheet):
    """Press the new key; a clash is named and nothing is lost."""

    def __init__(self, name: str, keys: dict[str, tuple[str, ...]], parent: QWidget) -> None:
        super().__init__(BY_ID[name].label, parent)
        self._name, self._keys = name, keys
        self.body.addWidget(Paragraph(_("Press the new key, or two keys one after the other.")))
        self.edit = QKeySequenceEdit()
        self.edit.setMaximumSequenceLength(2)
        self.edit.setAccessibleName(_("New key"))
        self.edit.keySequenceChanged.connect(lambda _keys: self._check())
        self._wrong = Paragraph()
        self._wrong.setProperty("role", "error")
        self.body.addWidget(self.edit)
        self.body.addWidget(self._wrong)
        self.button("none", lazy("No key"))
        self.button("default", lazy("Default"))
        self.button("", CANCEL)
        self.button("set", lazy("Set"), "primary")

    def chosen(self) -> str:
        """The keys that were pressed, as portable text."""
        return self.edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _check(self) -> bool:
        found = [
            clash
            for clash in clashes(self._keys | {self._name: (self.chosen(),)})
            if self._name in (clash.first, clash.second)
        ]
        others = [clash.second if clash.first == self._name else clash.first for clash in found]
        if others:
            names = formats().list([render(BY_ID[other].label) for other in dict.fromkeys(others)])
            self._wrong.setText(_("This key is taken: {actions}", actions=names))
        else:
            self._wrong.setText("")
        return not others

    def may_end(self, answer: str) -> bool:
        """A key that clashes, or none, is not set."""
        return answer != "set" or (bool(self.chosen()) and self._check())


class KeysSection(Retranslating):
    """The table of keys."""

    def __init__(
        self, actions: DeskActions, settings: Settings, window: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._actions, self._settings, self._window = actions, settings, window
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda _text: self._fill())
        self.table = QTableWidget()
        self.table.setColumnCount(3)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.table.setMinimumHeight(480)
        self.table.cellActivated.connect(lambda _row, _column: self.change())
        self._change = TextButton(lazy("Change the key"), icon="keyboard")
        self._change.clicked.connect(self.change)
        self._reset = TextButton(lazy("All keys as they were at first"))
        self._reset.clicked.connect(lambda: self._put({}))
        row = QHBoxLayout()
        row.addWidget(self._change)
        row.addWidget(self._reset)
        row.addStretch(1)
        self._words = Paragraph()
        self._words.setProperty("role", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self._words, self.field, self.table):
            column.addWidget(widget)
        column.addLayout(row)
        actions.changed.connect(self._keys_changed)
        self._shown: dict[str, tuple[str, ...]] = {}
        self.retranslate()

    def _keys_changed(self) -> None:
        if self._shown != bound(self._settings.now.keys):
            self._fill()

    def _fill(self) -> None:
        self._shown = bound(self._settings.now.keys)
        native = QKeySequence.SequenceFormat.NativeText
        query = self.field.text()
        rows = [
            (
                spec.id,
                render(spec.label),
                render(GROUPS[spec.group]),
                [QKeySequence(key).toString(native) for key in self._shown[spec.id]],
            )
            for spec in ACTIONS
        ]
        rows = [row for row in rows if score(query, f"{row[1]} {row[2]} {' '.join(row[3])}")]
        chosen = self.table.currentRow()
        self.table.setRowCount(len(rows))
        for number, (name, label, group, keys) in enumerate(rows):
            for column, text in enumerate((label, group, "   ".join(keys) or "–")):
                item = QTableWidgetItem(text)
                item.setData(ROLE, name)
                self.table.setItem(number, column, item)
        if rows:
            self.table.setCurrentCell(max(0, min(chosen, len(rows) - 1)), 0)

    def change(self) -> None:
        """Ask for another key of the chosen action."""
        item = self.table.item(self.table.currentRow(), 0) if self.table.rowCount() else None
        if item is None:
            return
        name = str(item.data(ROLE))
        sheet = KeySheet(name, bound(self._settings.now.keys), self._window)
        sheet.answered.connect(lambda answer: self._answered(name, answer, sheet.chosen()))
        sheet.open()
        sheet.edit.setFocus()

    def _answered(self, name: str, answer: str, keys: str) -> None:
        now = dict(self._settings.now.keys)
        if answer == "set":
            now[name] = (keys,)
        elif answer == "none":
            now[name] = ()
        elif answer == "default":
            now.pop(name, None)
        else:
            return
        self._put(now)

    def _put(self, keys: dict[str, tuple[str, ...]]) -> None:
        self._settings.change(keys=keys)
        self._actions.bind(keys)
        self._fill()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._words.setText(_("Single letters work wherever nothing is typed. Every key can be changed or taken away."))
        self.field.setPlaceholderText(_("Find a key or what it does"))
        self.field.setAccessibleName(_("Find a key or what it does"))
        self.table.setAccessibleName(_("Keys"))
        self.table.setHorizontalHeaderLabels([_("What it does"), _("Group"), _("Keys")])
        self._fill()
