"""What would happen to each marked row, before anything does: to be read, rows left out, then done or left alone."""

from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QListWidgetItem, QProgressBar, QWidget

from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, ngettext, render
from workstation.services.bulk import Progress, Verdict
from workstation.views.bulk.lines import KEY, Lines, write
from workstation.views.widgets.forms import FieldForm
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.sheet import CANCEL, Sheet
from workstation.views.widgets.tint import tinted

POLL_MS = 100
AT_ONCE = 60
"""Rows made in one go: about 4 ms."""
_ICONS = {Verdict.CHANGES: ("circle-check", "ok"), Verdict.SAME: ("minus", "secondary"),
          Verdict.REFUSED: ("ban", "danger")}  # fmt: skip
_ORDER = (Verdict.REFUSED, Verdict.CHANGES, Verdict.SAME)
"""What one must know first stands first; what does not change is only there to be complete."""


class Line(msgspec.Struct, frozen=True):
    """One row of a preview. `words` says whose, what they wrote, and what happens to it, when the row is made."""

    key: int
    verdict: Verdict
    words: Callable[[], tuple[str, str, str]]


class Preview(Sheet):
    """Shows lines; `wanted` tells the keys of those to be done. The sheet stays until it is told how that ended."""

    wanted = Signal(object)
    """A frozenset of keys."""

    def __init__(self, title: LazyText, do: LazyText, parent: QWidget, *, danger: bool = False) -> None:
        super().__init__(title, parent)
        self.setObjectName("bulk-preview")
        self._lines: tuple[Line, ...] = ()
        self._left_out: set[int] = set()
        self._progress: Progress | None = None
        self.summary = Paragraph()
        self.note = Paragraph()
        self.note.setProperty("role", "error")
        self.note.hide()
        self.form: FieldForm | None = None
        self.list = Lines("effects")
        self.bar = QProgressBar()
        self.bar.hide()
        for widget in (self.summary, self.note, self.bar):
            self.body.addWidget(widget)
        self.body.addWidget(self.list, 1)
        self._cancel = self.button("", CANCEL, default=danger)
        self.do = self.button("do", do, "danger" if danger else "primary", default=not danger)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._show_progress)
        self._pour = QTimer(self)
        self._pour.setInterval(0)
        self._pour.timeout.connect(self._add_some)
        self.list.itemChanged.connect(self._checked)
        self.resize(680, 560)
        self.retranslate()

    def ask(self, form: FieldForm) -> None:
        """Ask for what the act wants to know, above the lines."""
        self.form = form
        self.body.insertWidget(0, form)

    def explain(self, text: LazyText) -> None:
        """Say above the lines what it means for those whom it is done to."""
        self.body.insertWidget(0, Paragraph(render(text)))

    def show_lines(self, lines: Sequence[Line], note: LazyText | None = None) -> None:
        """Show these; `note` says why they are shown once more."""
        self._progress = None
        self._poll.stop()
        self.bar.hide()
        self._lines = tuple(sorted(lines, key=lambda line: _ORDER.index(line.verdict)))
        self.note.setText(render(note) if note is not None else "")
        self.note.setVisible(note is not None)
        self._left_out.clear()
        self.list.clear()
        self._add_some()
        self._pour.start()
        self.list.setCurrentRow(0)
        self.list.setEnabled(True)
        self._cancel.rename(CANCEL)
        self._count()
        (self.do if self.do.isEnabled() else self._cancel).setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_some(self) -> None:
        """Make the next rows: two thousand at once would hold everything else up."""
        self.list.blockSignals(True)
        start = self.list.count()
        for line in self._lines[start : start + AT_ONCE]:
            self.list.addItem(self._item(line))
        self.list.blockSignals(False)
        if self.list.count() == len(self._lines):
            self._pour.stop()

    def _item(self, line: Line) -> QListWidgetItem:
        item = QListWidgetItem()
        item.setData(KEY, line.key)
        icon, ink = _ICONS[line.verdict]
        item.setIcon(tinted(icon, ink))
        inks = {Verdict.CHANGES: "text", Verdict.SAME: "secondary", Verdict.REFUSED: "danger"}
        write(item, *line.words(), inks[line.verdict], spoken=_verdict(line.verdict))
        if line.verdict is Verdict.CHANGES:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
        return item

    @property
    def chosen(self) -> frozenset[int]:
        """The keys of the lines that are to be done."""
        return frozenset(line.key for line in self._lines if line.verdict is Verdict.CHANGES) - self._left_out

    def _checked(self, item: QListWidgetItem) -> None:
        if not item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            return
        if item.checkState() is Qt.CheckState.Checked:
            self._left_out.discard(item.data(KEY))
        else:
            self._left_out.add(item.data(KEY))
        self._count()

    def _count(self) -> None:
        chosen = len(self.chosen)
        counts = {verdict: sum(line.verdict is verdict for line in self._lines) for verdict in Verdict}
        left_out = counts[Verdict.CHANGES] - chosen
        said = [ngettext("{count} will change", "{count} will change", chosen)]
        if left_out:
            said.append(ngettext("{count} left out", "{count} left out", left_out))
        if counts[Verdict.SAME]:
            said.append(ngettext("{count} stays as it is", "{count} stay as they are", counts[Verdict.SAME]))
        if counts[Verdict.REFUSED]:
            said.append(ngettext("{count} not possible", "{count} not possible", counts[Verdict.REFUSED]))
        self.summary.setText(" · ".join(said))
        self.do.setEnabled(chosen > 0 and self._progress is None)

    def may_end(self, answer: str) -> bool:
        """Doing it is told, not the end; the sheet closes when it is done."""
        if answer == "do" and self._progress is None and (self.form is None or self.form.check()):
            self.wanted.emit(self.chosen)
        return False

    def work(self, progress: Progress) -> None:
        """Show how far it has come; Cancel stops it from now on."""
        self._progress = progress
        self.list.setEnabled(False)
        self.do.setEnabled(False)
        self._cancel.rename(lazy("Stop"))
        self.bar.setRange(0, progress.total)
        self.bar.setAccessibleName(_("Progress"))
        self.bar.show()
        self._poll.start()
        self._show_progress()

    def _show_progress(self) -> None:
        if self._progress is not None:
            self.bar.setValue(self._progress.done)

    def reject(self) -> None:
        """While it works: stop it. Else leave, and nothing is done."""
        if self._progress is not None:
            self._progress.stop()
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Close, whatever was going on."""
        self._poll.stop()
        self._pour.stop()
        super().done(result)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        if hasattr(self, "list"):
            self.list.setAccessibleName(_("What would change"))
            self._count()


def _verdict(verdict: Verdict) -> str:
    return {
        Verdict.CHANGES: _("Changes"),
        Verdict.SAME: _("Stays as it is"),
        Verdict.REFUSED: _("Not possible"),
    }[verdict]
