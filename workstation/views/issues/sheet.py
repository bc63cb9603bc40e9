"""The known issues: what they are, how many cases wait for each, and what can be done for all of them at once."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.text import lazy
from workstation.domain.ties import Issue, IssueState
from workstation.i18n import _, formats, ngettext
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.empty import EmptyState
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.sheet import Sheet
from workstation.views.widgets.tint import in_list

ROLE = Qt.ItemDataRole.UserRole


class IssuesSheet(Sheet):
    """Data in by `show_issues`, wishes out as signals; what is typed is told with the wish to save it."""

    saved = Signal(object, str, str)
    """The issue (None for a new one), its title and text."""
    closed_wanted = Signal(object)
    reopen_wanted = Signal(object)
    update_wanted = Signal(object)
    cases_wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(lazy("Known issues"), parent)
        self._issue: Issue | None = None
        self.list = QListWidget()
        self.list.setAccessibleName(_("Known issues"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(lambda item, _old: self._show(item.data(ROLE) if item else None))
        self.title = QLineEdit()
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self._facts = Paragraph()
        self._facts.setProperty("role", "small")
        self._pages = QStackedWidget()
        self._pages.addWidget(self._details())
        empty = EmptyState(
            "table",
            lazy("No issue is known"),
            lazy("File cases under an issue to answer all of them with one update."),
            lazy("Add one"),
        )
        empty.acted.connect(self.begin)
        self._pages.addWidget(empty)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.list, 2)
        row.addWidget(self._pages, 3)
        self.body.addLayout(row, 1)
        self.button("", lazy("Done"))
        new = TextButton(lazy("New issue"), icon="plus")
        new.clicked.connect(self.begin)
        self._buttons.insertWidget(0, new)
        self.take_room(860, 520)

    def _details(self) -> QWidget:
        page = QWidget()
        page.setProperty("role", "bare")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._labels = (QLabel(_("Title")), QLabel(_("What is known, and what to tell customers")))
        for label, field in zip(self._labels, (self.title, self.text), strict=True):
            label.setBuddy(field)
            field.setAccessibleName(label.text())
            column.addWidget(label)
            column.addWidget(field, 1 if field is self.text else 0)
        column.addWidget(self._facts)
        holder = QWidget()
        row = FlowLayout(holder)
        self.save = TextButton(lazy("Save"), role="primary")
        self.update_all = TextButton(lazy("One update for all…"), icon="send")
        self.close_issue = TextButton(lazy("Close the issue…"), icon="circle-check")
        self.show_cases = TextButton(lazy("Show its cases"), icon="columns-3")
        for button in (self.save, self.update_all, self.close_issue, self.show_cases):
            row.addWidget(button)
        column.addWidget(holder)
        self.save.clicked.connect(self._save)
        self.title.returnPressed.connect(self._save)
        self.title.textChanged.connect(lambda _text: self._allow())
        self.text.textChanged.connect(self._allow)
        self.update_all.clicked.connect(lambda: self.update_wanted.emit(self._issue))
        self.close_issue.clicked.connect(self._toggle)
        self.show_cases.clicked.connect(lambda: self.cases_wanted.emit(self._issue))
        return page

    def show_issues(self, issues: Sequence[Issue], chosen: int = 0) -> None:
        """Show these; `chosen` is the one to look at."""
        self.list.blockSignals(True)
        self.list.clear()
        for issue in issues:
            active = ngettext("{count} open case", "{count} open cases", issue.active)
            state = _("closed") if issue.state is IssueState.CLOSED else active
            item = QListWidgetItem(f"{' '.join(issue.title.split())[:90]}\n{state}")
            item.setIcon(in_list("circle-check" if issue.state is IssueState.CLOSED else "triangle-alert"))
            item.setData(ROLE, issue)
            self.list.addItem(item)
        self.list.blockSignals(False)
        row = next((row for row, issue in enumerate(issues) if issue.id == chosen), 0)
        self._pages.setCurrentIndex(0 if issues else 1)
        if issues:
            self.list.setCurrentRow(row)
            self._show(issues[row])
            self.list.setFocus()
        self.list.setVisible(bool(issues))

    def begin(self) -> None:
        """Write a new one."""
        self.list.setCurrentRow(-1)
        self._pages.setCurrentIndex(0)
        self._show(None)
        self.title.setFocus()

    def _show(self, issue: Issue | None) -> None:
        self._issue = issue
        self.title.setText(issue.title if issue else "")
        self.text.setPlainText(issue.text if issue else "")
        self._facts.setText(_facts(issue) if issue else _("A new issue"))
        closed = issue is not None and issue.state is IssueState.CLOSED
        self.close_issue.rename(
            lazy("Reopen the issue") if closed else lazy("Close the issue…"), "rotate-ccw" if closed else "circle-check"
        )
        self._allow()

    def _allow(self) -> None:
        issue, title, text = self._issue, self.title.text().strip(), self.text.toPlainText()
        self.save.setEnabled(bool(title) and (issue is None or (title, text) != (issue.title, issue.text)))
        self.update_all.setEnabled(issue is not None and issue.active > 0)
        self.close_issue.setEnabled(issue is not None)
        self.show_cases.setEnabled(issue is not None and issue.cases > 0)

    def _save(self) -> None:
        if self.save.isEnabled():
            self.saved.emit(self._issue, self.title.text().strip(), self.text.toPlainText())

    def _toggle(self) -> None:
        if self._issue is not None:
            closed = self._issue.state is IssueState.CLOSED
            (self.reopen_wanted if closed else self.closed_wanted).emit(self._issue)


def _facts(issue: Issue) -> str:
    parts = [
        _("number {number}", number=str(issue.id)),
        ngettext("{count} case", "{count} cases", issue.cases),
        ngettext("{count} of them open", "{count} of them open", issue.active),
        _("since {time}", time=formats().datetime(issue.created_at)),
    ]
    if issue.closed_at:
        parts.append(_("closed {time}", time=formats().datetime(issue.closed_at)))
    return " · ".join(parts)


class CloseSheet(Sheet):
    """Closing an issue: answers "close", "resolve" (its cases with it) or ""."""

    def __init__(self, issue: Issue, parent: QWidget) -> None:
        super().__init__(lazy("Close the issue?"), parent)
        title = Paragraph(issue.title[:300])
        title.setProperty("role", "heading")
        self.body.addWidget(title)
        words = ngettext("{count} of its cases is not solved.", "{count} of its cases are not solved.", issue.active)
        self.body.addWidget(Paragraph(words))
        self.button("", lazy("Cancel"))
        both = issue.active > 0
        self.button("close", lazy("Only close it"), "" if both else "primary", default=not both)
        if both:
            self.button("resolve", lazy("Close it and resolve the cases"), "primary", default=True)
