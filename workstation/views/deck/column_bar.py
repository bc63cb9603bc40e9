"""The bar in which a column gets another name or another filter."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.domain.text import lazy
from workstation.i18n import _
from workstation.views.deck.filter_field import Count, FilterField, Run
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.retranslating import Retranslating


class ColumnBar(Retranslating):
    """A line for the name, one for the filter, and two buttons; put away until it is wanted."""

    accepted = Signal()
    """Name and filter are to be taken over."""
    cancelled = Signal()
    """Nothing is to be changed."""

    def __init__(self, count: Count, run: Run, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit()
        self.filter = FilterField(count, run)
        apply, cancel = TextButton(lazy("Apply"), role="primary"), TextButton(lazy("Cancel"))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 2, 10, 10)
        column.setSpacing(6)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(apply)
        column.addWidget(self.name)
        column.addWidget(self.filter)
        column.addLayout(buttons)
        self.hide()
        self.filter.accepted.connect(self.accepted)
        self.filter.changed.connect(apply.setEnabled)
        self.name.returnPressed.connect(self.accepted)
        apply.clicked.connect(self.accepted)
        cancel.clicked.connect(self.cancelled)
        self.retranslate()

    def put_away(self) -> None:
        """Hide, and try nothing out any more."""
        self.filter.stop()
        self.hide()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.name.setPlaceholderText(_("Name of the column"))
        self.name.setAccessibleName(_("Name of the column"))
