"""What an import would change, before anything is changed: new, changed, the same, gone; each with before and after."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workstation.domain.knowledge import Change
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, ngettext, render
from workstation.views import theme
from workstation.views.knowledge.article_view import ReadOnlyText
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.sheet import CANCEL, Sheet
from workstation.views.widgets.tint import in_list

SIGNS = {
    Change.NEW: ("plus", "ok", lazy("new")),
    Change.CHANGED: ("pencil", "accent", lazy("changed")),
    Change.GONE: ("trash-2", "danger", lazy("no longer there")),
    Change.SAME: ("check", "", lazy("the same")),
}
ORDER = (Change.NEW, Change.CHANGED, Change.GONE, Change.SAME)
MOST = 500
"""Lines that are listed."""


class Line(msgspec.Struct, frozen=True):
    """One thing of an import."""

    change: Change
    title: str
    detail: str = ""
    before: str = ""
    after: str = ""


class DifferencesSheet(Sheet):
    """Accepted means: do it."""

    def __init__(
        self,
        title: LazyText,
        lines: Sequence[Line],
        refused: Sequence[tuple[str, LazyText]],
        take: LazyText,
        parent: QWidget,
    ) -> None:
        self._lines = sorted(lines, key=lambda line: ORDER.index(line.change))[:MOST]
        self._all, self._refused = lines, refused
        self._sums, self._left_out = Paragraph(), Paragraph()
        self._left_out.setProperty("role", "warning")
        self.list = QListWidget()
        self._before, self._after = ReadOnlyText(), ReadOnlyText()
        self._heads = (QLabel(), QLabel())
        super().__init__(title, parent)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._show)
        for widget in (self._sums, self._left_out):
            self.body.addWidget(widget)
        self.body.addWidget(self.list, 3)
        row = QHBoxLayout()
        for head, text in zip(self._heads, (self._before, self._after), strict=True):
            head.setProperty("role", "small")
            column = QVBoxLayout()
            column.addWidget(head)
            column.addWidget(text, 1)
            row.addLayout(column, 1)
        self.body.addLayout(row, 2)
        self.button("", CANCEL)
        does = any(line.change is not Change.SAME for line in lines)
        self._take = self.button("take", take, "primary", default=True)
        self._take.setEnabled(does)
        letter = theme.current().letter
        self.resize(letter * 110, min(letter * 86, max(400, parent.height() - 40)))
        self.retranslate()
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _show(self, row: int) -> None:
        line = self._lines[row] if 0 <= row < len(self._lines) else None
        self._before.show_text(line.before if line is not None else "")
        self._after.show_text(line.after if line is not None else "")

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        counts = {change: sum(line.change is change for line in self._all) for change in ORDER}
        sums = [
            ngettext("{count} new", "{count} new", counts[Change.NEW]),
            ngettext("{count} changed", "{count} changed", counts[Change.CHANGED]),
            ngettext("{count} the same", "{count} the same", counts[Change.SAME]),
        ]
        if counts[Change.GONE]:
            sums.append(ngettext("{count} no longer there", "{count} no longer there", counts[Change.GONE]))
        self._sums.setText(" · ".join(sums))
        left_out = ngettext("{count} file was left out:", "{count} files were left out:", len(self._refused))
        reasons = [f"{path} – {render(why)}" for path, why in self._refused[:4]]
        self._left_out.setText("\n".join([left_out, *reasons]))
        self._left_out.setVisible(bool(self._refused))
        self.list.setAccessibleName(_("What would change"))
        for head, text, name in zip(self._heads, (self._before, self._after), (_("Now"), _("Then")), strict=True):
            head.setText(name)
            text.setAccessibleName(name)
        row = self.list.currentRow()
        self.list.clear()
        for line in self._lines:
            icon, tone, word = SIGNS[line.change]
            about = f"{render(word)}: \u2068{line.detail}\u2069" if line.detail else render(word)
            item = QListWidgetItem(in_list(icon, tone), f"\u2068{line.title}\u2069  –  {about}")
            self.list.addItem(item)
        self.list.setCurrentRow(max(0, row))
