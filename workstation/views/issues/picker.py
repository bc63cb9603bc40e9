"""Filing a case under a known issue, or under a new one by typing its title."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workstation.domain.text import lazy
from workstation.domain.ties import Issue, IssueState
from workstation.i18n import _, ngettext
from workstation.views.widgets.picker import Choice, Picker

NONE = "none"


class IssuePicker(Picker):
    """Emits the id of the chosen issue (0: none), or the title of a new one."""

    picked = Signal(int)
    new = Signal(str)

    def __init__(self, issues: Sequence[Issue], current: int, parent: QWidget) -> None:
        super().__init__(
            lazy("File under which known issue?"), lazy("Choose, or type the title of a new one"), parent, free=True
        )
        self.resize(620, 360)
        found = [_line(issue, current) for issue in issues if issue.state is IssueState.OPEN or issue.id == current]
        if current:
            found.append(Choice(NONE, _("No known issue"), icon="x"))
        self.offer(found)
        self.empty.setText(_("No issue is known yet. Type a title and press Enter."))
        self.empty.setVisible(not found)
        self.field.textChanged.connect(lambda _text: self.empty.setVisible(not self.list.count()))
        self.chosen.connect(self._tell)

    def _tell(self, choice: Choice) -> None:
        if choice.id == NONE:
            self.picked.emit(0)
        elif choice.id:
            self.picked.emit(int(choice.id))
        else:
            self.new.emit(choice.text)


def _line(issue: Issue, current: int) -> Choice:
    hint = ngettext("{count} open case", "{count} open cases", issue.active)
    return Choice(
        str(issue.id), issue.title, hint=hint, icon="check" if issue.id == current else "triangle-alert",
        words=issue.text[:200],
    )  # fmt: skip
