"""One update for all: written once, looked at case by case, sent through the outbox."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import _, formats, ngettext, render
from workstation.qt.throttle import Throttle
from workstation.services.drafting import Block
from workstation.services.updates import REASONS, Prepared
from workstation.views.case.editor import DraftEditor
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.sheet import CANCEL, Sheet

ROLE = Qt.ItemDataRole.UserRole
FILL_MS = 150
PREVIEW = 70

Rewrite = Callable[[Prepared, str], Prepared]
Fill = Callable[[Prepared, str], str]


class UpdateSheet(Sheet):
    """Shows the reply that each case would get. Emits those to send, or to keep as drafts."""

    send_wanted = Signal(object)
    keep_wanted = Signal(object)

    def __init__(
        self,
        title: LazyText,
        prepared: Sequence[Prepared],
        channels: Mapping[int, str],
        fill: Fill,
        rewrite: Rewrite,
        parent: QWidget,
    ) -> None:
        super().__init__(title, parent)
        self._rows = list(prepared)
        self._own: set[int] = set()
        """Cases whose reply was edited by itself; the common text no longer changes it."""
        self._channels, self._fill, self._rewrite = channels, fill, rewrite
        self._loading = False
        self.text, self.one = DraftEditor(), DraftEditor()
        self.list = QListWidget()
        self.list.setAccessibleName(_("Replies, one for each case"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._asked = StrangerText()
        self._asked.setProperty("role", "secondary")
        self._state = Paragraph()
        self._state.setProperty("role", "small")
        self._lay_out()
        self.button("", CANCEL)
        self._keep = self.button("keep", lazy("Keep as drafts"))
        self._send = self.button("send", lazy("Send"), "primary")
        self._refill = Throttle(self, FILL_MS, self._fill_all)
        self.text.textChanged.connect(self._refill.later)
        self.one.textChanged.connect(self._edited)
        self.list.currentRowChanged.connect(self._look)
        self.list.itemChanged.connect(lambda _item: self._count())
        self.answered.connect(self._tell)
        self._offer()
        self.take_room(940, 640)
        self.text.setFocus()

    def _lay_out(self) -> None:
        words = (_("For all; {name} and other placeholders are filled for each"), _("For this case"))
        labels = [QLabel(text) for text in words]
        for label, editor in zip(labels, (self.text, self.one), strict=True):
            label.setBuddy(editor)
            label.setProperty("role", "heading")
            label.setWordWrap(True)
            editor.setAccessibleName(label.text())
        left, right, row = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        for layout in (left, right):
            layout.setSpacing(8)
        left.addWidget(labels[0])
        left.addWidget(self.text, 2)
        left.addWidget(self.list, 3)
        right.addWidget(self._asked)
        right.addWidget(labels[1])
        right.addWidget(self.one, 1)
        right.addWidget(self._state)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        self.body.addLayout(row, 1)

    # -- rows ------------------------------------------------------------------------------------------------------

    def _offer(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for prepared in self._rows:
            item = QListWidgetItem()
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked if prepared.stop else Qt.CheckState.Checked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._write_all()
        self.list.setCurrentRow(0)
        self._look(0)

    def _write_all(self) -> None:
        self.list.blockSignals(True)
        for row, prepared in enumerate(self._rows):
            self.list.item(row).setText(f"{self._name(prepared)}\n{self._words(prepared)}")
        self.list.blockSignals(False)
        self._count()

    def _name(self, prepared: Prepared) -> str:
        message = prepared.entry.message
        name = message.author.name or message.author.handle
        return f"{name[:PREVIEW]} · {self._channels.get(message.channel, '')}"

    def _words(self, prepared: Prepared) -> str:
        if prepared.stop is not None:
            return render(REASONS[prepared.stop])
        telling = [obstacle for obstacle in prepared.check.obstacles if obstacle.kind is not Block.EMPTY]
        if telling:
            return render(telling[0].text)
        return " ".join(prepared.operation.text.split())[:PREVIEW] or _("Nothing written yet")

    def _fill_all(self) -> None:
        text = self.text.toPlainText()
        for row, prepared in enumerate(self._rows):
            if prepared.entry.message.id not in self._own:
                self._rows[row] = self._rewrite(prepared, self._fill(prepared, text))
        self._write_all()
        self._look(self.list.currentRow())

    def _look(self, row: int) -> None:
        if not 0 <= row < len(self._rows):
            return
        prepared = self._rows[row]
        message = prepared.entry.message
        self._asked.show_text(message.text[:400], message.language)
        if self.one.toPlainText() != prepared.operation.text:
            self._loading = True
            self.one.setPlainText(prepared.operation.text)
            self._loading = False
        self._write_state(prepared)

    def _write_state(self, prepared: Prepared) -> None:
        length = prepared.check.length
        used = formats().number(length.used)
        count = f"{used} / {formats().number(length.limit)}" if length.limit else used
        language = prepared.entry.message.language
        wrote = _("the customer wrote in {language}", language=formats().language(language)) if language else ""
        self._state.setText(" · ".join(part for part in (count, wrote) if part))

    def _edited(self) -> None:
        row = self.list.currentRow()
        if self._loading or not 0 <= row < len(self._rows):
            return
        prepared = self._rows[row]
        self._own.add(prepared.entry.message.id)
        self._rows[row] = self._rewrite(prepared, self.one.toPlainText())
        self._write_all()
        self._write_state(self._rows[row])

    # -- the end ---------------------------------------------------------------------------------------------------

    def ticked(self) -> list[Prepared]:
        """What is to be sent: ticked, and possible."""
        return [
            prepared
            for row, prepared in enumerate(self._rows)
            if self.list.item(row).checkState() is Qt.CheckState.Checked and prepared.sendable
        ]

    def _count(self) -> None:
        count = len(self.ticked())
        self._send.rename(lazy_plural("Send {count} reply", "Send {count} replies", count))
        self._send.setEnabled(count > 0)
        written = any(prepared.operation.text.strip() for prepared in self._rows)
        self._keep.setEnabled(written)
        self._send.setToolTip(ngettext("{count} case", "{count} cases", len(self._rows)))

    def may_end(self, answer: str) -> bool:
        """What was typed last is in every reply before it leaves."""
        self._refill.flush()
        return answer != "send" or bool(self.ticked())

    def _tell(self, answer: str) -> None:
        if answer == "send":
            self.send_wanted.emit(self.ticked())
        elif answer == "keep":
            self.keep_wanted.emit([prepared for prepared in self._rows if prepared.operation.text.strip()])
