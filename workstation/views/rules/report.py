"""The dry run: how far it is, then for each rule what it would have done, with messages to open."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from workstation.domain.cases import Entry
from workstation.domain.replay import Report, Tally
from workstation.domain.text import lazy
from workstation.i18n import _, formats, ngettext
from workstation.views import masking
from workstation.views.rules.words import matched, would
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import mark
from workstation.views.widgets.retranslating import Retranslating

ROLE = Qt.ItemDataRole.UserRole
SHOWN_LETTERS = 200


class DryRunView(Retranslating):
    """Progress, results, examples."""

    cancelled = Signal()
    examples_wanted = Signal(object)
    """The Tally whose examples are to be shown."""
    opened = Signal(object)
    """The Entry of an example."""

    def __init__(self, now: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self._now = now
        self._report: Report | None = None
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._running = False
        self._unfold = ""
        self._words = Paragraph()
        self._words.setProperty("role", "heading")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self._cancel = TextButton(lazy("Stop"))
        self._cancel.clicked.connect(self.cancelled)
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setWordWrap(True)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.itemExpanded.connect(self._unfolded)
        self.tree.itemActivated.connect(self._activated)
        top = QHBoxLayout()
        top.addWidget(self._words, 1)
        top.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.bar)
        column.addWidget(self.tree, 1)
        self.retranslate()
        self.hide()

    def begin(self) -> None:
        """A run has begun."""
        self._report, self._running = None, True
        self._entries.clear()
        self.bar.setRange(0, 0)
        self.show()
        self.retranslate()

    def progress(self, done: int, whole: int) -> None:
        """So much of the past has been looked at."""
        self.bar.setRange(0, max(1, whole))
        self.bar.setValue(done)
        self.bar.setAccessibleName(_("{done} of {all} looked at", done=done, all=whole))

    def end(self, report: Report | None, unfold: str = "") -> None:
        """The run is over; None: it was stopped or has failed. The rule `unfold` is shown with what is inside."""
        self._running, self._unfold = False, unfold
        self._report = report
        self.setVisible(report is not None)
        self.retranslate()

    def show_examples(self, rule: str, entries: Sequence[Entry]) -> None:
        """Show the messages of a rule."""
        self._entries[rule] = tuple(entries)
        for index in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(index)
            if item is not None and item.data(0, ROLE).rule == rule:
                self._fill(item, item.data(0, ROLE))

    def _unfolded(self, item: QTreeWidgetItem) -> None:
        tally = item.data(0, ROLE)
        if isinstance(tally, Tally) and tally.examples and tally.rule not in self._entries:
            self.examples_wanted.emit(tally)

    def _activated(self, item: QTreeWidgetItem) -> None:
        entry = item.data(0, ROLE)
        if isinstance(entry, Entry):
            self.opened.emit(entry)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        mark(self.tree, "mirrored", "true" if self.isRightToLeft() else "false")
        self.tree.setAccessibleName(_("What the rules would have done"))
        self.bar.setVisible(self._running)
        self._cancel.setVisible(self._running)
        self.tree.setVisible(self._report is not None)
        if self._running:
            self._words.setText(_("Looking at the last 30 days…"))
            return
        report = self._report
        if report is None:
            return
        self._words.setText(
            ngettext(
                "Dry run over {count} message of the last 30 days: nothing was changed.",
                "Dry run over {count} messages of the last 30 days: nothing was changed.",
                report.messages,
            )
        )
        self.tree.clear()
        for tally in report.tallies:
            text = _("{rule}: would have fitted {count}", rule=tally.name, count=matched(tally, report.messages))
            item = QTreeWidgetItem([text])
            item.setData(0, ROLE, tally)
            self._fill(item, tally)
            self.tree.addTopLevelItem(item)
            if tally.rule == self._unfold or len(report.tallies) == 1:
                item.setExpanded(True)
                self.tree.setCurrentItem(item)
        if not report.tallies:
            self.tree.addTopLevelItem(QTreeWidgetItem([_("No rule is to be tried out: none can be read.")]))
        first = self.tree.topLevelItem(0)
        if self.tree.currentItem() is None and first is not None:
            self.tree.setCurrentItem(first)

    def _fill(self, item: QTreeWidgetItem, tally: Tally) -> None:
        item.takeChildren()
        for line in would(tally):
            item.addChild(QTreeWidgetItem([line]))
        for entry in reversed(self._entries.get(tally.rule, ())):
            item.addChild(self._example(entry))
        if tally.examples and tally.rule not in self._entries:
            item.addChild(QTreeWidgetItem([_("Looking for examples…")]))

    def _example(self, entry: Entry) -> QTreeWidgetItem:
        message = masking.message(entry.message)
        text = " ".join(message.text.split())[:SHOWN_LETTERS]
        when = formats().relative(message.created_at, self._now())
        name = message.author.name or message.author.handle
        item = QTreeWidgetItem([_("{name}, {time}: {text}", name=name, time=when, text=text)])
        item.setData(0, ROLE, entry)
        item.setToolTip(0, _("Press Enter to open it"))
        return item
