"""Notes and what happened to a case, in one line of time; nobody is named in it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.cases import Happening, Note
from workstation.domain.text import lazy
from workstation.i18n import _, formats, render
from workstation.views.case.happenings import HIDDEN, told
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign

NOTE_LINES = 4


class NoteEditor(QPlainTextEdit):
    """A few lines; Ctrl+Enter writes them down."""

    written = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as a few lines of its type."""
        return QSize(super().sizeHint().width(), self.fontMetrics().lineSpacing() * NOTE_LINES + 20)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Write down with Ctrl+Enter."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.written.emit()
            return
        super().keyPressEvent(event)


class TimelineView(Retranslating):
    """What happened, oldest first, with the field for a new note beneath."""

    noted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._happened: tuple[Happening, ...] = ()
        self._notes: tuple[Note, ...] = ()
        self._stale = True
        self._page = QWidget()
        self._page.setProperty("role", "bare")
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(8)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._page)
        self.editor = NoteEditor()
        self.editor.written.connect(self._write_down)
        self._save = TextButton(lazy("Write down"))
        self._save.clicked.connect(self._write_down)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.addWidget(self._scroll, 1)
        inset = QVBoxLayout()
        inset.setContentsMargins(12, 0, 12, 0)
        inset.addWidget(self.editor)
        inset.addLayout(foot)
        column.addLayout(inset)
        self.retranslate()

    def show_case(self, happened: Sequence[Happening], notes: Sequence[Note]) -> None:
        """Show what happened and the notes."""
        if (tuple(happened), tuple(notes)) != (self._happened, self._notes):
            self._happened, self._notes = tuple(happened), tuple(notes)
            self._write_lines()

    def _write_down(self) -> None:
        text = self.editor.toPlainText().strip()
        if text:
            self.editor.clear()
            self.noted.emit(text)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._scroll.setAccessibleName(_("Notes and what happened"))
        self.editor.setAccessibleName(_("New note"))
        self.editor.setPlaceholderText(_("A note for colleagues; customers never see it"))
        self._write_lines()

    def showEvent(self, event: QShowEvent) -> None:
        """Write what was told meanwhile."""
        super().showEvent(event)
        if self._stale:
            self._write_lines()

    def _write_lines(self) -> None:
        """Write the lines, once somebody looks: most cases are done without a look at this page."""
        # What an earlier case left is gone at once.
        self._stale = not self.isVisible()
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if self._stale:
            return
        lines: list[tuple[int, QWidget]] = [(note.at, _note(note)) for note in self._notes]
        lines += [(row.at, _line(row)) for row in self._happened if row.what not in HIDDEN]
        for _at, widget in sorted(lines, key=lambda line: line[0]):
            self._column.addWidget(widget)
        if not lines:
            self._column.addWidget(Paragraph(_("Nothing has happened yet.")))
        self._column.addStretch(1)


def _note(note: Note) -> QWidget:
    card = QFrame()
    card.setProperty("message", "note")
    column = QVBoxLayout(card)
    when = QLabel(_("Note · {time}", time=formats().datetime(note.at)))
    when.setProperty("role", "small")
    column.addWidget(when)
    column.addWidget(StrangerText(note.text))
    return card


def _line(row: Happening) -> QWidget:
    words, icon = told(row)
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(4, 0, 4, 0)
    picture = QLabel()
    picture.setPixmap(sign(icon, "secondary", 16))
    layout.addWidget(picture)
    layout.addWidget(Paragraph(render(words)), 1)
    when = QLabel(formats().datetime(row.at))
    when.setProperty("role", "small")
    layout.addWidget(when)
    return line
