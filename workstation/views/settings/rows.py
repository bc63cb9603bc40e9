"""Rows of settings: a label, what it is for, and the control that changes it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.text import LazyText
from workstation.i18n import render
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating

Control = QCheckBox | QComboBox | QLineEdit | QSlider | QSpinBox


class SettingRow(Retranslating):
    """A setting with its words; the control is named by them."""

    def __init__(
        self, label: LazyText, help_text: LazyText | None, control: Control, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self._label, self._help, self.control = label, help_text, control
        self._name, self._words = QLabel(), Paragraph()
        self._name.setWordWrap(True)
        self._name.setBuddy(control)
        self._words.setProperty("role", "small")
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(self._name)
        text.addWidget(self._words)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addLayout(text, 3)
        row.addWidget(control, 2 if not isinstance(control, QCheckBox) else 0, Qt.AlignmentFlag.AlignVCenter)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        label = render(self._label)
        self._name.setText(label)
        self.control.setAccessibleName(label)
        words = render(self._help) if self._help is not None else ""
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.control.setAccessibleDescription(words)


class LazyCombo(QComboBox):
    """Choices whose words follow the language."""

    def __init__(self, choices: tuple[tuple[str, LazyText], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        for value, text in choices:
            self.addItem(render(text), value)

    def retranslate(self) -> None:
        """Write the choices in the language spoken now."""
        for index, (_value, text) in enumerate(self._choices):
            self.setItemText(index, render(text))

    def widen(self) -> None:
        """Be as wide as the longest choice; a style sheet's padding is more than Qt reckons with."""
        self.setMinimumWidth(self.sizeHint().width() + self.fontMetrics().averageCharWidth())

    def choose(self, value: str) -> None:
        """Show the choice of `value` without telling anybody."""
        self.blockSignals(True)
        self.setCurrentIndex(max(0, self.findData(value)))
        self.blockSignals(False)
