"""Keys: every action with its keys, each of which can be changed, taken away or put back."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.text import lazy
from workstation.i18n import _, formats, isolate, render
from workstation.services.settings import Settings
from workstation.views.desk_actions import DeskActions
from workstation.views.key_clashes import clashes, hides, is_single_letter
from workstation.views.keyboard.field import KeyField
from workstation.views.keyboard.keyfile import LONGEST, Reading, read, write
from workstation.views.keyboard.layouts import LAYOUTS, SAFE, Layout, needs_altgr, ways
from workstation.views.keyboard.places import written
from workstation.views.keys import ACTIONS, BY_ID, GROUPS, bound, seen
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.fuzzy import score
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import fit_rows
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.sheet import CANCEL, Sheet

KEYS_COLUMN = 2
ROLE = Qt.ItemDataRole.UserRole


class KeySheet(Sheet):
    """Press the new key; what it clashes with is named at once, and can be made to give it up."""

    def __init__(self, name: str, keys: dict[str, tuple[str, ...]], parent: QWidget) -> None:
        super().__init__(BY_ID[name].label, parent)
        self._name, self._keys = name, keys
        now = written(keys[name])
        self._now = Paragraph(_("Now: {keys}", keys=now) if keys[name] else _("It has no key now."))
        self._now.setProperty("role", "secondary")
        self.body.addWidget(self._now)
        self.body.addWidget(Paragraph(_("Press the new key, or up to three keys one after the other.")))
        self.edit = KeyField()
        self.edit.setAccessibleName(_("New key"))
        self.edit.keySequenceChanged.connect(lambda _keys: self._check())
        self._wrong = Paragraph()
        self._wrong.setProperty("role", "error")
        self._hint = Paragraph()
        self._hint.setProperty("role", "small")
        for widget in (self.edit, self._wrong, self._hint):
            self.body.addWidget(widget)
        self.button("none", lazy("No key"))
        self.button("default", lazy("Default"))
        self.button("", CANCEL)
        self.take_over = self.button("take", lazy("Take it from there"))
        self.add = self.button("add", lazy("Add"))
        self.set = self.button("set", lazy("Set"), "primary")
        self._check()

    def chosen(self) -> str:
        """The keys that were pressed, as portable text."""
        return self.edit.keys()

    def others(self) -> list[str]:
        """The actions that have the key already, where both could be meant."""
        chosen = self.chosen()
        if not chosen:
            return []
        mine = [
            clash
            for clash in clashes(self._keys | {self._name: (chosen,)})
            if self._name in (clash.first, clash.second)
        ]
        return list(dict.fromkeys(clash.second if clash.first == self._name else clash.first for clash in mine))

    def _check(self) -> bool:
        chosen, others = self.chosen(), self.others()
        names = formats().list([render(BY_ID[other].label) for other in others])
        self._wrong.setText(_("This key is taken: {actions}", actions=names) if others else "")
        self._wrong.setVisible(bool(others))
        self._hint.setText(_warning(chosen))
        self._hint.setVisible(bool(self._hint.text()))
        free = bool(chosen) and not others
        self.set.setEnabled(free)
        self.add.setEnabled(free and bool(self._keys[self._name]) and chosen not in self._keys[self._name])
        self.take_over.setVisible(bool(others))
        return not others

    def may_end(self, answer: str) -> bool:
        """A key that clashes, or none, is not set."""
        return answer not in ("set", "add") or (bool(self.chosen()) and self._check())


def _warning(keys: str) -> str:
    """What to know about a key: that some keyboards write with it, or cannot type it."""
    steps = keys.split(", ") if keys else []
    hard = [layout.code for layout in LAYOUTS.values() if any(_hard(step, layout) for step in steps)]
    if hard:
        names = formats().list([formats().language(code) for code in hard if code != "us"] or ["US"])
        return _("Not on every keyboard: it writes something else, or needs AltGr, on {layouts}.", layouts=names)
    if steps and is_single_letter(keys):
        return _("A single key works wherever nothing is typed.")
    return ""


def _hard(step: str, layout: Layout) -> bool:
    found = ways(step, layout)
    return needs_altgr(step, layout) or bool(found and found[0].ease not in SAFE)


class TextSheet(Sheet):
    """All keys as text, to be copied, kept, compared, or changed and put in force."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(lazy("Keys as text"), parent)
        self.body.addWidget(Paragraph(_("Copy it, keep it in a file, or paste another one and put it in force.")))
        self.editor = QPlainTextEdit(text)
        self.editor.setTabChangesFocus(True)
        self.editor.setAccessibleName(_("Keys as text"))
        self.editor.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.editor.setMinimumHeight(self.fontMetrics().lineSpacing() * 14)
        self.editor.textChanged.connect(self._check)
        self._wrong = Paragraph()
        self._wrong.setProperty("role", "error")
        self._wrong.hide()
        self.body.addWidget(self.editor)
        self.body.addWidget(self._wrong)
        self._said: dict[str, TextButton] = {}
        for name, words, icon in (("copy", lazy("Copy"), "copy"), ("open", lazy("Open a file…"), "file"),
                                  ("save", lazy("Save to a file…"), "save")):  # fmt: skip
            self._said[name] = TextButton(words, icon=icon)
        row = QHBoxLayout()
        for button in self._said.values():
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        self._said["copy"].clicked.connect(self._copy)
        self._said["open"].clicked.connect(self._open)
        self._said["save"].clicked.connect(self._save)
        self.button("", CANCEL)
        self.button("force", lazy("Put in force"), "primary")
        self.resize(640, 560)

    def reading(self) -> Reading:
        """What the text says."""
        return read(self.editor.toPlainText())

    def _check(self) -> bool:
        faults = self.reading().faults
        told = [_("Line {line}: {fault}", line=fault.line, fault=render(fault.text)) if fault.line else
                render(fault.text) for fault in faults[:4]]  # fmt: skip
        self._wrong.setText("\n".join(told))
        self._wrong.setVisible(bool(faults))
        return not faults

    def may_end(self, answer: str) -> bool:
        """Nothing is put in force by halves."""
        return answer != "force" or self._check()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.editor.toPlainText())

    def _open(self) -> None:
        dialog = QFileDialog(self, _("Open a file…"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._take)
        dialog.open()

    def _save(self) -> None:
        dialog = QFileDialog(self, _("Save to a file…"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile("meridian-keys.txt")
        dialog.fileSelected.connect(self._keep)
        dialog.open()

    def _take(self, path: str) -> None:
        try:
            with Path(path).open(encoding="utf-8", errors="replace") as file:
                self.editor.setPlainText(file.read(LONGEST))
        except OSError as error:
            self._fail(path, error)

    def _keep(self, path: str) -> None:
        try:
            Path(path).write_text(self.editor.toPlainText(), encoding="utf-8")
        except OSError as error:
            self._fail(path, error)

    def _fail(self, path: str, error: OSError) -> None:
        self._wrong.setText(_("{what}: {why}", what=Path(path).name, why=error.strerror or type(error).__name__))
        self._wrong.show()


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
        fit_rows(self.table)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.table.setMinimumHeight(480)
        self.table.currentCellChanged.connect(lambda *_cells: self._look())
        self.table.cellActivated.connect(lambda _row, _column: self.change())
        self._change = TextButton(lazy("Change the key"), icon="keyboard")
        self._change.clicked.connect(self.change)
        self._one = TextButton(lazy("As it was at first"), icon="rotate-ccw")
        self._one.clicked.connect(self.reset_one)
        self._reset = TextButton(lazy("All keys as they were at first"))
        self._reset.clicked.connect(lambda: self._put({}))
        self._text = TextButton(lazy("As text"), icon="file")
        self._text.clicked.connect(self.as_text)
        row = FlowLayout(gap=8)
        for button in (self._change, self._one, self._reset, self._text):
            row.addWidget(button)
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
        query, rtl = self.field.text(), formats().direction == "rtl"
        rows = [
            (
                spec.id,
                render(spec.label),
                render(GROUPS[spec.group]),
                isolate(written(seen(spec.id, self._shown[spec.id], rtl=rtl))),
                self._shown[spec.id] != spec.keys,
            )
            for spec in ACTIONS
        ]
        rows = [row for row in rows if score(query, f"{row[1]} {row[2]} {row[3]} {BY_ID[row[0]].label.msgid}")]
        chosen = self.table.currentRow()
        self.table.setRowCount(len(rows))
        for number, (name, label, group, keys, changed) in enumerate(rows):
            for column, text in enumerate((label, group, keys)):
                item = QTableWidgetItem(text)
                item.setData(ROLE, name)
                if changed:
                    told = _("{keys}, changed", keys=text) if column == KEYS_COLUMN else text
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, told)
                    font = item.font()
                    font.setBold(True)
                    item.setFont(font)
                self.table.setItem(number, column, item)
        if rows:
            self.table.setCurrentCell(max(0, min(chosen, len(rows) - 1)), 0)

    def _chosen(self) -> str:
        item = self.table.item(self.table.currentRow(), 0) if self.table.rowCount() else None
        return str(item.data(ROLE)) if item is not None else ""

    def _look(self) -> None:
        self._one.setEnabled(self._chosen() in self._settings.now.keys)
        self._reset.setEnabled(bool(self._settings.now.keys))

    def reset_one(self) -> None:
        """Give the chosen action its default keys again, unless another has been given one of them."""
        name = self._chosen()
        if name:
            self._answered(name, "default", "")

    def as_text(self) -> None:
        """Show all keys as text."""
        sheet = TextSheet(write(self._settings.now.keys), self._window)
        sheet.answered.connect(lambda answer: self._put(sheet.reading().bindings) if answer == "force" else None)
        sheet.open()
        sheet.editor.setFocus()

    def change(self) -> None:
        """Ask for another key of the chosen action."""
        name = self._chosen()
        if not name:
            return
        sheet = KeySheet(name, bound(self._settings.now.keys), self._window)
        sheet.answered.connect(lambda answer: self._answered(name, answer, sheet.chosen(), sheet.others()))
        sheet.open()
        sheet.edit.setFocus()

    def _answered(self, name: str, answer: str, keys: str, others: Sequence[str] = ()) -> None:
        now, in_force = dict(self._settings.now.keys), bound(self._settings.now.keys)
        if answer in ("set", "take"):
            now[name] = (keys,)
        elif answer == "add":
            now[name] = (*in_force[name], keys)
        elif answer == "none":
            now[name] = ()
        elif answer == "default":
            now.pop(name, None)
        else:
            return
        if answer == "take":
            for other in others:
                now[other] = tuple(text for text in in_force[other] if not hides(keys, text))
        elif answer == "default":
            mine = [clash for clash in clashes(bound(now)) if name in (clash.first, clash.second)]
            for clash in mine:  # what it had at first belongs to another action by now
                now[name] = tuple(text for text in bound(now)[name] if not hides(clash.keys, text))
        self._put({each: texts for each, texts in now.items() if texts != BY_ID[each].keys} if answer else now)

    def _put(self, keys: dict[str, tuple[str, ...]]) -> None:
        self._settings.change(keys=keys)
        self._actions.bind(keys)
        self._fill()
        self._look()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._words.setText(_("Single letters work wherever nothing is typed. Every key can be changed or taken away."))
        self.field.setPlaceholderText(_("Find a key or what it does"))
        self.field.setAccessibleName(_("Find a key or what it does"))
        self.table.setAccessibleName(_("Keys"))
        self.table.setHorizontalHeaderLabels([_("What it does"), _("Group"), _("Keys")])
        self._fill()
