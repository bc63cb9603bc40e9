"""The layouts of places where one works: switch, keep, rename, delete."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from workstation.domain.errors import MeridianError
from workstation.domain.text import lazy
from workstation.i18n import _, ngettext, render
from workstation.services.layout import LONGEST_NAME, Arrangement, Layout
from workstation.views import theme
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.sheet import CANCEL, Sheet
from workstation.views.widgets.tint import in_list

ROLE = Qt.ItemDataRole.UserRole


class LayoutsSheet(Sheet):
    """Works on the layouts at once; `switched` and `deleted` are for whoever can take them back."""

    switched = Signal(str)
    deleted = Signal(str, object)
    """The name, and the Arrangement that it was."""

    def __init__(self, layout: Layout, parent: QWidget) -> None:
        super().__init__(lazy("Layouts"), parent)
        self._layout = layout
        self._about = Paragraph()
        self._about.setProperty("role", "secondary")
        self.list = QListWidget()
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.wrong = Paragraph()
        self.wrong.setProperty("role", "error")
        self.wrong.hide()
        self.keep = TextButton(lazy("Keep as it is now"), icon="save")
        self.rename = TextButton(lazy("Rename"), icon="pencil")
        self.delete = TextButton(lazy("Delete"), icon="trash-2")
        self.list.setMinimumHeight(96)
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (self.keep, self.rename, self.delete):
            row.addWidget(button)
        row.addStretch(1)
        for part in (self._about, self.list, self.name):
            self.body.addWidget(part)
        self.body.addLayout(row)
        self.body.addWidget(self.wrong)
        self.button("", CANCEL)
        self._switch = self.button("switch", lazy("Switch"), "primary", default=True)
        self.keep.clicked.connect(self._keep)
        self.rename.clicked.connect(self._rename)
        self.delete.clicked.connect(self._delete)
        self.list.currentItemChanged.connect(lambda _now, _before: self._picked())
        self.list.itemActivated.connect(lambda _item: self._switch.click())
        self.name.textChanged.connect(lambda _text: self._allow())
        self.name.returnPressed.connect(self._keep)
        self.list.installEventFilter(self)
        self.answered.connect(lambda answer: self.switched.emit(self.current) if answer == "switch" else None)
        self._fill(layout.now.name)
        self.retranslate()
        (self.list if self.list.count() else self.name).setFocus()
        scale = max(1.0, theme.current().scale)
        self.resize(round(560 * scale), round(400 * scale))

    @property
    def current(self) -> str:
        """The name that is picked, or ""."""
        item = self.list.currentItem()
        return str(item.data(ROLE)) if item is not None else ""

    def _fill(self, pick: str) -> None:
        self.list.clear()
        now = self._layout.now.name
        for name in self._layout.names():
            kept = self._layout.kept(name) or Arrangement()
            columns = ngettext("{count} column", "{count} columns", len(kept.columns))
            state = _("in use, changed since") if self._layout.changed else _("in use")
            about = f"{columns} · {state}" if name == now else columns
            item = QListWidgetItem(in_list("check" if name == now else "layers"), f"{name}\n{about}")
            item.setData(ROLE, name)
            self.list.addItem(item)
            if name == pick:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self._picked()

    def _picked(self) -> None:
        self.name.setText(self.current)
        self._allow()

    def _allow(self) -> None:
        written = bool(self.name.text().strip())
        self.keep.setEnabled(written)
        self.rename.setEnabled(written and bool(self.current) and self.name.text().strip() != self.current)
        self.delete.setEnabled(bool(self.current))
        self._switch.setEnabled(bool(self.current))
        self.wrong.hide()

    def _keep(self) -> None:
        try:
            self._fill(self._layout.keep(self.name.text()))
        except MeridianError as error:
            self._say(error)
        self.retranslate()

    def _rename(self) -> None:
        try:
            self._fill(self._layout.rename(self.current, self.name.text()))
        except MeridianError as error:
            self._say(error)

    def _delete(self) -> None:
        name = self.current
        was = self._layout.delete(name) if name else None
        if was is not None:
            self.deleted.emit(name, was)
            self._fill("")
            self.retranslate()

    def _say(self, error: MeridianError) -> None:
        self.wrong.setText(render(error.text))
        self.wrong.show()
        self.name.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Delete and F2 do in the list what they do in every list."""
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Delete and self.current:
                self._delete()
                return True
            if event.key() == Qt.Key.Key_F2 and self.current:
                self.name.setFocus()
                self.name.selectAll()
                return True
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        if not hasattr(self, "_switch"):
            return
        empty = _("None yet. Give the columns as they stand a name, such as that of the place where you are.")
        usual = _("A layout is the columns with their filters, widths and windows. Switching can be undone.")
        self._about.setText(usual if self.list.count() else empty)
        self.list.setAccessibleName(_("Layouts"))
        self.name.setPlaceholderText(_("Name, such as Office or Home"))
        self.name.setAccessibleName(_("Name of the layout"))
