"""The page of guidelines: how the team writes on the whole desk, and on a channel where it differs."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPlainTextEdit, QVBoxLayout, QWidget

from workstation.domain.knowledge import Guideline
from workstation.i18n import _, formats
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import in_list


class GuidelinesView(Retranslating):
    """Channels at the side, the text beside; what is written is told as one types."""

    written = Signal(int, str)
    """The channel (0: the desk) and its text now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: dict[int, Guideline] = {}
        self._channels: Mapping[int, str] = {}
        self._order: list[int] = [0]
        self._loading = False
        self._shown, self._wanted = -1, 0
        self._about = Paragraph()
        self._about.setProperty("role", "secondary")
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._chosen)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._typed)
        self._state = Paragraph()
        self._state.setProperty("role", "small")
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(self.text, 1)
        right.addWidget(self._state)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.list, 2)
        row.addLayout(right, 5)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._about)
        column.addLayout(row, 1)
        self.retranslate()

    def show_guidelines(self, guidelines: Sequence[Guideline], channels: Mapping[int, str]) -> None:
        """Show what is written down; `channels` names channels by id."""
        self._texts = {guideline.channel: guideline for guideline in guidelines}
        self._channels = channels
        self._order = [0, *sorted(channels, key=lambda number: channels[number].casefold())]
        self._write()

    def go(self, channel: int) -> None:
        """Write the guideline of a channel, as soon as it is known."""
        self._wanted = channel
        self._write()
        self.text.setFocus()

    @property
    def channel(self) -> int:
        """The one that is shown; 0 for the desk."""
        row = self.list.currentRow()
        return self._order[row] if 0 <= row < len(self._order) else 0

    def _typed(self) -> None:
        if not self._loading:
            self.written.emit(self.channel, self.text.toPlainText())

    def _chosen(self, row: int) -> None:
        self._wanted = self.channel
        self._turn(row)

    def _turn(self, _row: int) -> None:
        guideline = self._texts.get(self.channel)
        wanted = guideline.text if guideline is not None else ""
        if self.text.toPlainText() != wanted and not (self.text.hasFocus() and self._shown == self.channel):
            self._loading = True
            self.text.setPlainText(wanted)
            self._loading = False
        self._shown = self.channel
        self._tell()

    def _tell(self) -> None:
        guideline = self._texts.get(self.channel)
        if guideline is not None:
            self._state.setText(_("Written {date}", date=formats().datetime(guideline.updated_at)))
        else:
            whole = _("Nothing is written down. Without it the desk’s guideline holds here.")
            self._state.setText(whole if self.channel else _("Nothing is written down yet."))

    def _write(self) -> None:
        wanted = self._wanted
        self.list.blockSignals(True)
        self.list.clear()
        for channel in self._order:
            name = self._channels.get(channel, "") if channel else _("The whole desk")
            self.list.addItem(QListWidgetItem(in_list("check" if channel in self._texts else "minus"), name))
        self.list.setCurrentRow(self._order.index(wanted) if wanted in self._order else 0)
        self.list.blockSignals(False)
        self._turn(self.list.currentRow())

    def retranslate(self) -> None:
        """Write the texts in the language spoken now; what was written stays."""
        self._about.setText(
            _("How the team writes: the tone, what to do, what not to do. It stands beside the editor as you write.")
        )
        self.list.setAccessibleName(_("Desk and channels"))
        self.text.setAccessibleName(_("Guideline"))
        self.text.setPlaceholderText(_("We are warm and short. We say “you”. We never ask for passwords in public."))
        self._write()
