"""What catches the eye in a column, or in all of them: rows of a filter, a word and a colour with its shape."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from workstation.domain.errors import FilterError
from workstation.domain.filters import parse
from workstation.domain.text import lazy
from workstation.i18n import _, render
from workstation.services.highlights import LONGEST_LABEL, MOST, Colour, Highlight
from workstation.views import theme
from workstation.views.deck.content import HIGHLIGHTS
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import margins, mark
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.sheet import CANCEL, Sheet
from workstation.views.widgets.tint import tinted

NO_FILTER = lazy("It needs a filter: without one, everything would be marked.")
INKS = {Colour.NEUTRAL: "secondary"}


class HighlightRow(Retranslating):
    """One highlight."""

    removed = Signal()

    def __init__(self, highlight: Highlight, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colour = QComboBox()
        for colour in Colour:
            self.colour.addItem("", colour)
        self.colour.setCurrentIndex(list(Colour).index(highlight.colour))
        self.label = QLineEdit(highlight.label)
        self.label.setMaxLength(LONGEST_LABEL)
        self.filter = QLineEdit(highlight.filter)
        self.wrong = Paragraph()
        self.wrong.setProperty("role", "error")
        self.wrong.hide()
        remove = IconButton("trash-2", lazy("Remove this highlight"), size=28)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.colour)
        row.addWidget(self.label, 2)
        row.addWidget(self.filter, 3)
        row.addWidget(remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.wrong)
        remove.clicked.connect(self.removed)
        self.filter.textChanged.connect(lambda _text: self.check(strict=False))
        self.retranslate()

    @property
    def highlight(self) -> Highlight:
        """What the row says."""
        chosen = self.colour.currentData()
        return Highlight(self.filter.text().strip(), self.label.text().strip(), Colour(chosen))

    def check(self, *, strict: bool = True) -> bool:
        """Whether the filter can be read; says why not. Being empty is a fault only in the end (`strict`)."""
        text, why = self.filter.text().strip(), ""
        if not text and strict:
            why = render(NO_FILTER)
        try:
            parse(text)
        except FilterError as error:
            why = render(error.text)
        self.wrong.setText(why)
        self.wrong.setVisible(bool(why))
        self.filter.setAccessibleDescription(why)
        mark(self.filter, "role", "error" if why else "")
        return not why

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        for index, colour in enumerate(Colour):
            _tone, icon, usual = HIGHLIGHTS[colour]
            self.colour.setItemText(index, _(usual))
            self.colour.setItemIcon(index, tinted(icon, INKS.get(colour, colour.value)))
        self.colour.setAccessibleName(_("Colour and shape"))
        self.label.setPlaceholderText(_("Word on the card"))
        self.label.setAccessibleName(_("Word on the card"))
        self.filter.setPlaceholderText(_("For example: is:late or “cancel my contract”"))
        self.filter.setAccessibleName(_("Filter"))


class HighlightsSheet(Sheet):
    """Emits `saved` with the column's own highlights and those of the deck."""

    saved = Signal(object, object)

    def __init__(self, title: str, own: Sequence[Highlight], shared: Sequence[Highlight], parent: QWidget) -> None:
        super().__init__(lazy("Highlights"), parent)
        self._column = title
        self._kept: list[tuple[Highlight, ...]] = [tuple(own), tuple(shared)]
        self._shown = 0
        self.rows: list[HighlightRow] = []
        self.where = QComboBox()
        self.where.addItems(["", ""])
        self._about = Paragraph()
        self._about.setProperty("role", "secondary")
        page = QWidget()
        page.setProperty("role", "bare")
        self._column_of_rows = QVBoxLayout(page)
        margins(self._column_of_rows, 0, 0, 6, 0)
        self._column_of_rows.setSpacing(8)
        self._column_of_rows.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(page)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._add = TextButton(lazy("Add a highlight"), icon="plus")
        self.body.addWidget(self.where)
        self.body.addWidget(self._about)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeading)
        self.button("", CANCEL)
        self.button("save", lazy("Save"), "primary", default=True)
        self._add.clicked.connect(self._begin)
        self.where.currentIndexChanged.connect(self._turn)
        self.answered.connect(self._answered)
        self.retranslate()
        self._show()
        scale = max(1.0, theme.current().scale)
        self.resize(round(680 * scale), round(460 * scale))

    def add(self, highlight: Highlight) -> HighlightRow:
        """One more row."""
        row = HighlightRow(highlight)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._column_of_rows.insertWidget(len(self.rows) - 1, row)
        self._add.setEnabled(len(self.rows) < MOST)
        return row

    def _begin(self) -> None:
        self.add(Highlight("")).filter.setFocus()

    def _remove(self, row: HighlightRow) -> None:
        self.rows.remove(row)
        self._column_of_rows.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._add.setEnabled(True)
        self._add.setFocus()

    def _turn(self, index: int) -> None:
        """Show the other list; one with a fault is not left."""
        if index == self._shown:
            return
        if not self._check():
            self.where.setCurrentIndex(self._shown)
            return
        self._kept[self._shown] = self._written()
        self._shown = index
        self._show()

    def _show(self) -> None:
        for row in list(self.rows):
            self._remove(row)
        for highlight in self._kept[self._shown]:
            self.add(highlight)
        self.retranslate()

    def _written(self) -> tuple[Highlight, ...]:
        return tuple(row.highlight for row in self.rows)

    def _check(self) -> bool:
        wrong = [row for row in self.rows if not row.check()]
        if wrong:
            wrong[0].filter.setFocus()
        return not wrong

    def may_end(self, answer: str) -> bool:
        """Only with filters that can be read."""
        return answer != "save" or self._check()

    def _answered(self, answer: str) -> None:
        if answer == "save":
            self._kept[self._shown] = self._written()
            self.saved.emit(*self._kept)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        if not hasattr(self, "_scroll"):
            return
        self.where.setItemText(0, _("In the column “{column}”", column=self._column))
        self.where.setItemText(1, _("In every column"))
        self.where.setAccessibleName(_("Where it is marked"))
        self._scroll.setAccessibleName(_("Highlights"))
        self._about.setText(_("The first that fits marks a card with its word, its shape and a stripe at the edge."))
