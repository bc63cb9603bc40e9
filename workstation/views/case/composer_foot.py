"""Under the editors: what one looks up while one writes, the count, and Send."""

from PySide6.QtWidgets import QWidget

from workstation.domain.text import lazy
from workstation.views.desk_actions import DeskActions
from workstation.views.posting.counter import Counter
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.flow import FlowLayout

_LOOKED_UP = (
    ("layout-template", "composer.template", lazy("Insert a template")),
    ("braces", "composer.placeholder", lazy("Next unfilled placeholder")),
    ("file", "composer.articles", lazy("Articles beside the reply")),
    ("info", "composer.guideline", lazy("How we write here")),
    ("triangle-alert", "composer.spoiler", lazy("Content warning")),
)


class ComposerFoot(QWidget):
    """Buttons in as many lines as they need, Send at the end."""

    def __init__(self, actions: DeskActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counter = Counter()
        self.counter.setContentsMargins(8, 0, 8, 0)
        self.send_resolve = TextButton(lazy("Send and resolve"))
        self.send = TextButton(lazy("Send"), icon="send", role="primary")
        end = (self.counter, self.send_resolve, self.send)
        row = FlowLayout(self, end=end)
        for icon, name, words in _LOOKED_UP:
            button = IconButton(icon, words)
            button.follow(actions[name])
            row.addWidget(button)
        # Into the row last: the keyboard goes the way the eye does.
        for widget in end:
            row.addWidget(widget)
