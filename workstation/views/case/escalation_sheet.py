"""Asking people inside: what is asked, what of the conversation may leave, and the text as it leaves."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.cases import Case, Entry, Note
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, render
from workstation.services.escalation import Question, Selection, body, subject
from workstation.views import masking, wording
from workstation.views.case.timeline import NoteEditor
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.sheet import CANCEL, Sheet

ROLE = Qt.ItemDataRole.UserRole
PREVIEW = 80
FLAGS: tuple[tuple[str, LazyText], ...] = (
    ("customer", lazy("Who the customer is")),
    ("details", lazy("Addresses, handles, links and numbers in the texts")),
    ("links", lazy("Where the messages are on the network")),
    ("notes", lazy("Internal notes")),
)


class EscalationSheet(Sheet):
    """Composes a question; emits it when it is to be carried."""

    composed = Signal(object, bool)
    """The question, and whether it is to leave by mail rather than by the clipboard."""

    def __init__(
        self,
        case: Case,
        entries: Sequence[Entry],
        notes: Sequence[Note],
        addresses: Sequence[str],
        parent: QWidget,
        *,
        by_mail: bool = False,
    ) -> None:
        super().__init__(lazy("Ask people inside"), parent)
        self._case, self._entries, self._notes = case, tuple(entries), tuple(notes)
        self.to = QComboBox()
        self.to.setEditable(True)
        self.to.addItems(list(addresses))
        line = QLineEdit()
        line.setPlaceholderText(_("A mail address or the name of a team"))
        self.to.setLineEdit(line)
        self.ask = NoteEditor()
        self.flags = {name: QCheckBox() for name, _label in FLAGS}
        self.messages = QListWidget()
        self.messages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.missing = Paragraph()
        self.missing.setProperty("role", "error")
        self.missing.hide()
        self._lay_out()
        self._offer_messages()
        for flag in self.flags.values():
            flag.toggled.connect(self.compose)
        self.ask.textChanged.connect(self.compose)
        self.messages.itemChanged.connect(lambda _item: self.compose())
        self.to.editTextChanged.connect(lambda _text: self.missing.hide())
        self.button("", CANCEL)
        self._by_mail = by_mail
        self.button("ask", lazy("Copy and mark as escalated"), "" if by_mail else "primary", default=not by_mail)
        if by_mail:
            self.button("mail", lazy("Send by mail"), "primary", default=True)
        self.answered.connect(self._tell)
        self.write_labels()
        self.compose()
        self.take_room(900, 620)
        self.to.setFocus()

    def _lay_out(self) -> None:
        self._labels = [QLabel() for _number in range(4)]
        choices, grid = QVBoxLayout(), QGridLayout()
        choices.setSpacing(6)
        for widget in (self._labels[0], self.to, self.missing, self._labels[1], self.ask, self._labels[2]):
            choices.addWidget(widget)
        for flag in self.flags.values():
            choices.addWidget(flag)
        choices.addWidget(self.messages, 1)
        leaves = QVBoxLayout()
        leaves.setSpacing(6)
        leaves.addWidget(self._labels[3])
        leaves.addWidget(self.text, 1)
        grid.setHorizontalSpacing(16)
        grid.addLayout(choices, 0, 0)
        grid.addLayout(leaves, 0, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.body.addLayout(grid, 1)
        for label, buddy in zip(self._labels, (self.to, self.ask, self.messages, self.text), strict=True):
            label.setBuddy(buddy)
            label.setProperty("role", "heading")

    def _offer_messages(self) -> None:
        for entry in self._entries:
            if entry.message.deleted_at:
                continue
            words = " ".join(masking.text(entry.message.spoiler or wording.text(entry.message)).split())[:PREVIEW]
            who = _("We") if entry.message.own else _("The customer")
            item = QListWidgetItem(_("{who}: {text}", who=who, text=words))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            item.setData(ROLE, entry.message.id)
            self.messages.addItem(item)

    def write_labels(self) -> None:
        """Write the labels in the language spoken now."""
        texts = (_("Whom"), _("What is asked"), _("What goes along"), _("As it leaves the desk"))
        for label, text in zip(self._labels, texts, strict=True):
            label.setText(text)
        for widget, text in zip((self.to, self.ask, self.messages, self.text), texts, strict=True):
            widget.setAccessibleName(text)
            field = widget.lineEdit() if isinstance(widget, QComboBox) else None
            if field is not None:  # screen readers stand in the field, not in what is around it
                field.setAccessibleName(text)
        for name, words in FLAGS:
            self.flags[name].setText(render(words))

    @property
    def selection(self) -> Selection:
        """What may leave."""
        without = frozenset(
            self.messages.item(row).data(ROLE)
            for row in range(self.messages.count())
            if self.messages.item(row).checkState() is not Qt.CheckState.Checked
        )
        chosen = {name: flag.isChecked() for name, flag in self.flags.items()}
        return Selection(**chosen, without=without)

    def compose(self) -> None:
        """Write the text anew: what was chosen has changed. It may be edited after that."""
        lines = body(self.ask.toPlainText(), self._entries, self._notes, self.selection)
        self.text.setPlainText("\n".join(line if isinstance(line, str) else render(line) for line in lines))

    def may_end(self, answer: str) -> bool:
        """Only with somebody to ask."""
        to = self.to.currentText().strip()
        self.missing.setText(_("Say whom you ask.") if not to or answer == "ask" else _("A mail needs a mail address."))
        missing = bool(answer) and (not to or (answer == "mail" and "@" not in to))
        self.missing.setVisible(missing)
        if missing:
            self.to.setFocus()
        return not missing

    def _tell(self, answer: str) -> None:
        if answer in ("ask", "mail"):
            to = self.to.currentText().strip()
            text = self.text.toPlainText().strip()
            self.composed.emit(Question(to, render(subject(self._case)), text, self._case.id), answer == "mail")


class AnswerSheet(Sheet):
    """The answer from inside, pasted; emits the text that becomes a note."""

    given = Signal(str)

    def __init__(self, since: int, parent: QWidget) -> None:
        super().__init__(lazy("The answer from inside"), parent)
        self.body.addWidget(Paragraph(_("Asked {time}. Paste the answer: it becomes a note.", time=_asked(since))))
        self.editor = QPlainTextEdit()
        self.editor.setTabChangesFocus(True)
        self.editor.setAccessibleName(_("The answer from inside"))
        self.body.addWidget(self.editor, 1)
        self.button("", CANCEL)
        self._keep = self.button("keep", lazy("Keep as a note"), "primary", default=True)
        self.editor.textChanged.connect(lambda: self._keep.setEnabled(bool(self._text())))
        self._keep.setEnabled(False)
        self.answered.connect(lambda answer: self.given.emit(self._text()) if answer else None)
        self.take_room(560, 360)
        self.editor.setFocus()

    def _text(self) -> str:
        return self.editor.toPlainText().strip()


def _asked(since: int) -> str:
    return formats().datetime(since)
