"""Adding a column: ready-made ones, or a filter of one's own with a live count of what it would show."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QListWidget, QListWidgetItem, QWidget

from workstation.domain.text import lazy
from workstation.i18n import _, render
from workstation.services.columns import Columns, ColumnSpec
from workstation.services.presets import PRESETS, Preset
from workstation.views.deck.filter_field import FilterField, Run
from workstation.views.widgets.sheet import CANCEL, Sheet
from workstation.views.widgets.tint import in_list

_ROLE = Qt.ItemDataRole.UserRole


class AddColumn(Sheet):
    """Emits `chosen` with the column to add; its id is left to the deck."""

    chosen = Signal(object)

    def __init__(self, columns: Columns, run: Run, parent: QWidget, more: tuple[Preset, ...] = ()) -> None:
        super().__init__(lazy("Add a column"), parent)
        self._presets = (*PRESETS, *more)
        self.list = QListWidget()
        self.list.setMinimumHeight(300)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setWordWrap(True)
        self.value = QLineEdit()
        self.filter = FilterField(lambda text: columns.count(text, queue=self.queue.isChecked()), run)
        self.queue = QCheckBox()
        for widget in (self.list, self.value, self.filter, self.queue):
            self.body.addWidget(widget)
        self.button("", CANCEL)
        self._add = self.button("add", lazy("Add"), "primary", default=True)
        self.list.currentRowChanged.connect(self._picked)
        self.list.itemActivated.connect(lambda _item: self._add.click())
        self.value.textChanged.connect(self._valued)
        self.filter.changed.connect(lambda _ok: self._check())
        self.queue.toggled.connect(lambda _on: self.filter.put(self.filter.text))
        self.answered.connect(self._answered)
        self.retranslate()
        self.list.setCurrentRow(0)
        self.list.setFocus()

    @property
    def preset(self) -> Preset:
        """The ready-made column that is picked."""
        return self._presets[max(0, self.list.currentRow())]

    def _picked(self) -> None:
        preset = self.preset
        self.value.setVisible(preset.asks is not None)
        self.value.clear()
        self._name_value()
        self.queue.setChecked(preset.queue)
        self._valued()

    def _name_value(self) -> None:
        asks = render(self.preset.asks) if self.preset.asks is not None else _("Words")
        self.value.setPlaceholderText(asks)
        self.value.setAccessibleName(asks)

    def _valued(self) -> None:
        spec = self.preset.column("", self.value.text().strip())
        self.filter.put(spec.filter)

    def _check(self) -> None:
        asked = self.preset.asks is None or bool(self.value.text().strip())
        self._add.setEnabled(asked and self.filter.error is None)

    def _answered(self, answer: str) -> None:
        if answer == "add":
            self.chosen.emit(self.spec())

    def spec(self) -> ColumnSpec:
        """The column as the form describes it, without an id."""
        preset = self.preset
        made = preset.column("", self.value.text().strip())
        text, queue = self.filter.text, self.queue.isChecked()
        if (made.filter, made.queue) == (text, queue):
            return made
        return ColumnSpec("", title=made.title, filter=text, queue=queue)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        if not hasattr(self, "queue"):
            return
        row = self.list.currentRow()
        self.list.blockSignals(True)
        self.list.clear()
        for preset in self._presets:
            title = preset.name or render(preset.title)
            item = QListWidgetItem(in_list(preset.icon), f"{title}\n{render(preset.summary)}")
            item.setData(_ROLE, preset.id)
            self.list.addItem(item)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self._name_value()
        self.list.setAccessibleName(_("Ready-made columns"))
        self.queue.setText(_("As a queue: cases, those who wait longest first"))
