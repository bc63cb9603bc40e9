"""What stands in a column while it has no rows: why, and something that can be gone to, read out and worked on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent

from workstation.domain.text import LazyText, lazy
from workstation.i18n import render
from workstation.views.widgets.empty import EmptyState


class NoRows(EmptyState):
    """A page of a column."""

    entered = Signal()
    """The focus is there."""

    def __init__(self, icon: str, title: LazyText, action: LazyText | None = None) -> None:
        super().__init__(icon, title, lazy(""), action)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("role", "empty")

    def tell(self, column: str, title: LazyText, hint: LazyText) -> None:
        """Say why there are no rows; screen readers hear in which column."""
        self.say(title, hint)
        self.setAccessibleName(f"{column}: {render(title)}. {render(hint)}")

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A column that is gone to while it has no rows is the current one all the same."""
        super().focusInEvent(event)
        self.entered.emit()


def why_empty(pending: int, *, queue: bool) -> tuple[LazyText, LazyText]:
    """Why a column that could be loaded has no rows."""
    if pending:
        return lazy("New messages wait"), lazy("The column is paused. Press Go on to see them.")
    if queue:
        return lazy("All done"), lazy("No case waits here. New ones appear by themselves.")
    return lazy("Nothing here yet"), lazy("Messages that fit the filter appear here by themselves.")
