"""A form built from the fields that a manifest or an action names: labels, help, validation at the field."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.channels import Field, FieldKind
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, render
from workstation.views import icons
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import pad
from workstation.views.widgets.retranslating import Retranslating

REQUIRED = lazy("This is needed.")
NO_ADDRESS = lazy("This is no web address: it begins with https:// and names a server.")
LARGEST = 2_000_000_000


class FieldEntry(Retranslating):
    """One field: label, editor, help, and what is wrong with it."""

    edited = Signal()

    def __init__(self, field: Field, value: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._error: LazyText | None = None
        self.label = QLabel()
        self.editor = self._editor()
        self.label.setBuddy(self.editor)
        self._help = Paragraph()
        self._help.setProperty("role", "secondary")
        self._wrong = Paragraph()
        self._wrong.setProperty("role", "error")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        if not isinstance(self.editor, QCheckBox):
            column.addWidget(self.label)
        for widget in (self.editor, self._help, self._wrong):
            column.addWidget(widget)
        self.put(field.default if value is None else value)
        self.retranslate()

    def _editor(self) -> QLineEdit | QComboBox | QCheckBox | QSpinBox:
        kind = self.field.kind
        if kind is FieldKind.FLAG:
            flag = QCheckBox()
            flag.toggled.connect(self._edited)
            return flag
        if kind is FieldKind.CHOICE:
            choice = QComboBox()
            for value, _label in self.field.choices:
                choice.addItem(value, value)
            choice.currentIndexChanged.connect(self._edited)
            return choice
        if kind is FieldKind.NUMBER and self.field.default:
            number = QSpinBox()
            pad(number)
            number.setRange(0, LARGEST)
            number.valueChanged.connect(self._edited)
            return number
        line = QLineEdit()
        line.setPlaceholderText(self.field.placeholder)
        line.textChanged.connect(self._edited)
        if kind is FieldKind.SECRET:
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData)
        if kind is FieldKind.NUMBER:
            # Left empty it means something else than 0, which a spin box cannot say.
            line.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]{0,9}"), line))
            line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        if kind is FieldKind.URL:
            line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            line.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        return line

    def _edited(self) -> None:
        self.show_error(None)
        self.edited.emit()

    def value(self) -> str:
        """What was entered, as text; flags are "true" or ""."""
        editor = self.editor
        if isinstance(editor, QCheckBox):
            return "true" if editor.isChecked() else ""
        if isinstance(editor, QComboBox):
            return str(editor.currentData() or "")
        if isinstance(editor, QSpinBox):
            return str(editor.value())
        return editor.text().strip()

    def put(self, value: str) -> None:
        """Enter `value`."""
        editor = self.editor
        if isinstance(editor, QCheckBox):
            editor.setChecked(is_on(value))
        elif isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(value)))
        elif isinstance(editor, QSpinBox):
            editor.setValue(int(value) if value.isdigit() else 0)
        else:
            editor.setText(value)

    def check(self) -> bool:
        """Whether the value may do; if not, the field says why."""
        value = self.value()
        if self.field.required and not value:
            self.show_error(REQUIRED)
        elif self.field.kind is FieldKind.URL and value and not _is_address(value):
            self.show_error(NO_ADDRESS)
        else:
            self.show_error(None)
        return self._error is None

    def show_error(self, error: LazyText | None) -> None:
        """Say what is wrong with this field, or that nothing is."""
        self._error = error
        text = render(error) if error is not None else ""
        self._wrong.setText(text)
        self._wrong.setVisible(bool(text))
        self._describe()

    def _describe(self) -> None:
        parts = [render(self.field.help) if self.field.help is not None else "", self._wrong.text()]
        self.editor.setAccessibleDescription(" ".join(part for part in parts if part))

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        label = render(self.field.label)
        shown = _("{field} (needed)", field=label) if self.field.required else label
        self.label.setText(shown)
        self.editor.setAccessibleName(label)
        if isinstance(self.editor, QCheckBox):
            self.editor.setText(label)
        if isinstance(self.editor, QComboBox):
            for index, (_value, text) in enumerate(self.field.choices):
                self.editor.setItemText(index, render(text))
        help_text = render(self.field.help) if self.field.help is not None else ""
        self._help.setText(help_text)
        self._help.setVisible(bool(help_text))
        self.show_error(self._error)


class FieldForm(Retranslating):
    """All fields of a form; advanced ones lie behind a button that says so."""

    edited = Signal()

    def __init__(
        self, fields: Sequence[Field], values: Mapping[str, str] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        given = values or {}
        self.entries = {field.name: FieldEntry(field, given.get(field.name)) for field in fields}
        self._more = QToolButton()
        self._more.setCheckable(True)
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._more.toggled.connect(self._unfold)
        self._advanced = QWidget()
        inner = QVBoxLayout(self._advanced)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(14)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        for entry in self.entries.values():
            (inner if entry.field.advanced else column).addWidget(entry)
            entry.edited.connect(self.edited)
        column.addWidget(self._more)
        column.addWidget(self._advanced)
        self._more.setVisible(inner.count() > 0)
        self._advanced.setVisible(False)
        self.retranslate()

    def _unfold(self, shown: bool) -> None:
        self._advanced.setVisible(shown)
        self._more.setIcon(icons.icon("chevron-up" if shown else "chevron-down"))

    def values(self) -> dict[str, str]:
        """What was entered, by field name."""
        return {name: entry.value() for name, entry in self.entries.items()}

    def check(self) -> bool:
        """Whether every field may do; the focus goes to the first that does not."""
        wrong = [entry for entry in self.entries.values() if not entry.check()]
        if wrong:
            self._reveal(wrong[0])
        return not wrong

    def show_error(self, name: str, error: LazyText) -> bool:
        """Say `error` at the field `name`; False if there is no such field."""
        entry = self.entries.get(name)
        if entry is None:
            return False
        entry.show_error(error)
        self._reveal(entry)
        return True

    def _reveal(self, entry: FieldEntry) -> None:
        if entry.field.advanced:
            self._more.setChecked(True)
        entry.editor.setFocus()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._more.setText(_("More settings"))
        self._unfold(self._more.isChecked())


def is_on(value: str) -> bool:
    """Whether the value of a flag says yes."""
    return value.strip().lower() in ("true", "1", "yes", "on")


def _is_address(value: str) -> bool:
    scheme, separator, rest = value.partition("://")
    return bool(separator) and scheme in ("http", "https", "ws", "wss") and bool(rest.split("/")[0])
