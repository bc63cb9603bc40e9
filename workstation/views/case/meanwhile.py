"""What happened in a conversation while one wrote: shown before the reply leaves."""

from collections.abc import Sequence

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from workstation.domain.messages import Message, Micros
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, render
from workstation.services.conversation import Fresh
from workstation.views import masking
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.sheet import Sheet

LOOK = lazy("Look at the thread")
ANYWAY = lazy("Send anyway")
HEADINGS: tuple[tuple[str, LazyText], ...] = (
    ("answered", lazy("Answered meanwhile from our account")),
    ("others", lazy("New in the conversation")),
    ("edited", lazy("Edited meanwhile")),
    ("deleted", lazy("Deleted meanwhile")),
)
SHOWN = 6


class MeanwhileSheet(Sheet):
    """Answers "send" to send all the same, "" to look first, which is what Enter and Escape do."""

    def __init__(self, fresh: Fresh, now: Micros, parent: QWidget) -> None:
        super().__init__(lazy("Something happened while you wrote"), parent)
        page = QWidget()
        page.setProperty("role", "bare")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(8)
        for name, heading in HEADINGS:
            _section(column, heading, getattr(fresh, name), now)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setAccessibleName(render(lazy("Something happened while you wrote")))
        self.body.addWidget(scroll)
        self.button("send", ANYWAY)
        self.button("", LOOK, "primary", default=True).setFocus()
        self.resize(560, 420)


def _section(column: QVBoxLayout, heading: LazyText, messages: Sequence[Message], now: Micros) -> None:
    if not messages:
        return
    title = Paragraph(render(heading))
    title.setProperty("role", "heading")
    column.addWidget(title)
    for message in messages[:SHOWN]:
        who = Paragraph(
            _(
                "{name}, {time}",
                name=masking.name(message.author),
                time=formats().relative(message.created_at, now),
            )
        )
        who.setProperty("role", "small")
        column.addWidget(who)
        column.addWidget(StrangerText(message.text[:1000]))


class UnreadableSheet(Sheet):
    """The thread cannot be read again: sending blindly is the agent's decision."""

    def __init__(self, why: LazyText, parent: QWidget) -> None:
        super().__init__(lazy("The thread cannot be read again"), parent)
        self.body.addWidget(Paragraph(render(why)))
        self.body.addWidget(Paragraph(_("Somebody may have answered meanwhile. Your text is kept either way.")))
        self.button("send", ANYWAY)
        self.button("", lazy("Wait"), "primary", default=True)


class PrivateWordsSheet(Sheet):
    """Words that only the people named could read would be answered where everybody reads."""

    def __init__(self, visibility: LazyText, parent: QWidget) -> None:
        super().__init__(lazy("Parts of this conversation are private"), parent)
        text = _("Your reply is “{visibility}”. Does it say anything that was said in private?", visibility=visibility)
        self.body.addWidget(Paragraph(text))
        self.button("send", lazy("Send as “{visibility}”", visibility=visibility))
        self.button("", lazy("Change it"), "primary", default=True)


class WiderSheet(Sheet):
    """More people will see the reply than saw the question."""

    def __init__(self, visibility: LazyText, original: LazyText, parent: QWidget) -> None:
        super().__init__(lazy("More people will see this"), parent)
        text = _(
            "The message was “{original}”, your reply is “{visibility}”.", original=original, visibility=visibility
        )
        self.body.addWidget(Paragraph(text))
        self.button("send", lazy("Send as “{visibility}”", visibility=visibility))
        self.button("", lazy("Change it"), "primary", default=True)
