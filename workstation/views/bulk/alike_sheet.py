"""Everybody whom one row of a column stands for, as a list: opened one by one, marked, or answered together."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidgetItem, QWidget

from workstation.domain.cases import Entry
from workstation.domain.messages import Micros
from workstation.domain.text import lazy, lazy_plural
from workstation.i18n import _, formats, render
from workstation.views.bulk.lines import KEY, Lines, write
from workstation.views.bulk.words import excerpt, whom
from workstation.views.case.words import STATUS
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.sheet import CANCEL, Sheet
from workstation.views.widgets.tint import tinted


class AlikeSheet(Sheet):
    """Lists entries that say the same."""

    opened = Signal(object)
    """An Entry is to be opened."""
    answer_wanted = Signal()
    mark_wanted = Signal()

    def __init__(self, entries: Sequence[Entry], now: Micros, parent: QWidget) -> None:
        super().__init__(lazy_plural("{count} alike", "{count} alike", len(entries)), parent)
        self.setObjectName("alike-sheet")
        self._entries = tuple(entries)
        self._now = now
        self.body.addWidget(
            Paragraph(render(lazy("They say the same in other words. Whoever waits longest is first.")))
        )
        self.list = Lines("alike")
        self.list.setAccessibleName(_("Messages that are alike"))
        for number, entry in enumerate(self._entries):
            self.list.addItem(self._item(number, entry))
        self.list.itemActivated.connect(self._open)
        self.list.setCurrentRow(0)
        self.body.addWidget(self.list, 1)
        self.button("", CANCEL)
        self.button("mark", lazy("Mark all"))
        self.button("answer", lazy("Answer all"), "primary")
        self.answered.connect(self._answered)
        self.resize(640, 560)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _item(self, number: int, entry: Entry) -> QListWidgetItem:
        waited = entry.case.waiting_since if entry.case is not None else entry.message.created_at
        since = formats().relative(waited or entry.message.created_at, self._now)
        status = render(STATUS[entry.case.status]) if entry.case is not None else ""
        item = QListWidgetItem()
        item.setIcon(tinted("message-square"))
        item.setData(KEY, number)
        write(item, whom(entry), excerpt(entry), f"{status} · {since}", "secondary")
        return item

    def _open(self, item: QListWidgetItem) -> None:
        self.accept()
        self.opened.emit(self._entries[item.data(KEY)])

    def _answered(self, answer: str) -> None:
        if answer == "answer":
            self.answer_wanted.emit()
        elif answer == "mark":
            self.mark_wanted.emit()
