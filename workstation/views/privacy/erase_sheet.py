"""Asks before a person is forgotten: what goes, what is masked in texts of others, and the handle typed out."""

import msgspec
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from workstation.domain.privacy import PLACE_NAMES, Preview, Term, TermKind
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, ngettext, render
from workstation.views import theme
from workstation.views.widgets.labels import Elided, Paragraph, StrangerText
from workstation.views.widgets.marking import margins
from workstation.views.widgets.sheet import CANCEL, Sheet

SHORTEST, TALLEST = 140, 320
"""Pixels of the list of what goes: it gives way where the window is small or the type is large."""
WIDTH = 620
EDGE = 64
"""Pixels of the window that stay visible around it."""
ERASE = "erase"
MASKED = lazy("Masked in texts of others and of ours")


class EraseSheet(Sheet):
    """A preview with a typed confirmation; `terms` are those to mask."""

    counted_again = Signal(str)
    """A further word that is to be looked for."""

    def __init__(self, preview: Preview, parent: QWidget) -> None:
        super().__init__(lazy("Erase {who} for good?", who=preview.person.handle), parent)
        self._preview = preview
        self._boxes: list[tuple[QCheckBox, Term]] = []
        self.body.addWidget(Paragraph(_("This cannot be undone. The network is not told; what is there stays there.")))
        inside = QWidget()
        inside.setProperty("role", "bare")
        column = QVBoxLayout(inside)
        margins(column, 0, 0, 8, 0)
        column.setSpacing(8)
        column.addWidget(places(preview))
        column.addWidget(_heading(MASKED))
        column.addWidget(self._terms(preview.terms))
        if preview.kept:
            kept = Paragraph(
                ngettext(
                    "{count} text stays as it is: its case is under legal hold.",
                    "{count} texts stay as they are: their cases are under legal hold.",
                    preview.kept,
                )
            )
            kept.setProperty("role", "warning")
            column.addWidget(kept)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        wanted = inside.sizeHint().height() + 4
        scroll.setMinimumHeight(min(SHORTEST, wanted))
        scroll.setAccessibleName(_("What goes"))
        self.body.addWidget(scroll, 1)
        self._compose_words()
        self._compose_confirmation()
        more = max(0, min(TALLEST, wanted) - scroll.sizeHint().height())
        room = parent.window().size() - QSize(EDGE, EDGE)
        wide = round(WIDTH * max(1.0, theme.current().scale))
        self.resize(QSize(wide, self.sizeHint().height() + more).boundedTo(room))

    def _compose_words(self) -> None:
        self.also = QLineEdit()
        label = QLabel(_("Mask this too (a nickname, an order, an address)"))
        label.setBuddy(self.also)
        label.setWordWrap(True)
        self.also.setAccessibleName(label.text())
        self.also.returnPressed.connect(self._look_for_more)
        self.body.addWidget(label)
        self.body.addWidget(self.also)

    def _compose_confirmation(self) -> None:
        handle = self._preview.person.handle
        self.typed = QLineEdit()
        self.typed.setPlaceholderText(handle)
        label = QLabel(_("Type {handle} to confirm", handle=handle))
        label.setWordWrap(True)
        label.setBuddy(self.typed)
        self.typed.setAccessibleName(label.text())
        self.body.addWidget(label)
        self.body.addWidget(self.typed)
        self.button("", CANCEL, default=True)
        self._erase = self.button(ERASE, lazy("Erase for good"), "danger")
        self._erase.setEnabled(False)
        self.typed.textChanged.connect(lambda text: self._erase.setEnabled(text.strip() == handle))
        self.typed.setFocus()

    def _terms(self, terms: tuple[Term, ...]) -> QWidget:
        """A line for each word: whether it is masked, the word, and in how many texts it is."""
        table = QWidget()
        table.setProperty("role", "bare")
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        for row, term in enumerate(terms):
            word = f"\u200e@{term.text}" if term.kind is TermKind.LOCAL else term.text
            count = QLabel(ngettext("{count} text", "{count} texts", term.hits))
            count.setProperty("role", "secondary")
            box = QCheckBox()
            box.setChecked(term.on)
            box.setAccessibleName(_("Mask {word}", word=word))
            box.setAccessibleDescription(count.text())
            grid.addWidget(box, row, 0)
            grid.addWidget(StrangerText(word), row, 1)
            grid.addWidget(count, row, 2)
            self._boxes.append((box, term))
        grid.setColumnStretch(1, 1)
        return table

    def _look_for_more(self) -> None:
        text = self.also.text().strip()
        if text:
            self.counted_again.emit(text)

    def terms(self) -> tuple[Term, ...]:
        """The words as they were chosen."""
        return tuple(msgspec.structs.replace(term, on=box.isChecked()) for box, term in self._boxes)

    def may_end(self, answer: str) -> bool:
        """Only with the handle typed out, and after a further word was looked for."""
        if answer == ERASE and self.also.text().strip():
            self._look_for_more()
            return False
        return answer != ERASE or self.typed.text().strip() == self._preview.person.handle


def places(preview: Preview) -> QWidget:
    """How much there is in each place; what is empty is left out."""
    table = QWidget()
    table.setProperty("role", "bare")
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(4)
    shown = [stored for stored in preview.places if stored.count]
    for row, stored in enumerate(shown):
        number, name = QLabel(formats().number(stored.count)), Paragraph(render(lazy(PLACE_NAMES[stored.place])))
        number.setProperty("role", "heading")
        name.setAccessibleName(f"{name.text()}: {number.text()}")
        grid.addWidget(number, row, 0)
        grid.addWidget(name, row, 1)
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(len(shown), 1)
    return table


def _heading(text: LazyText) -> Elided:
    heading = Elided(render(text))
    heading.setProperty("role", "heading")
    return heading
