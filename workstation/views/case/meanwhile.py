"""What happened in a conversation while one wrote: shown before the reply leaves."""

from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from workstation.domain.messages import Message, Micros
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, render
from workstation.services.conversation import Fresh
from workstation.views import masking, wording
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.pool import Pool
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

    def __init__(self, parent: QWidget) -> None:
        super().__init__(lazy("Something happened while you wrote"), parent)
        self._fresh, self._now = Fresh(), 0
        self._page = QWidget()
        self._page.setProperty("role", "bare")
        self._headings = Pool(lambda: self._line("heading"), QLabel.clear)
        self._names = Pool(lambda: self._line("small"), QLabel.clear)
        self._texts = Pool(lambda: StrangerText(parent=self._page), lambda label: label.show_text(""))
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(8)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._page)
        self.body.addWidget(self._scroll)
        self.button("send", ANYWAY)
        self._look = self.button("", LOOK, "primary", default=True)
        self.retranslate()

    def show_news(self, fresh: Fresh, now: Micros) -> None:
        """Tell what happened; looking first is what Enter does."""
        self.begin()
        self._fresh, self._now = fresh, now
        self._write()
        self._scroll.verticalScrollBar().setValue(0)
        self._look.setFocus()
        self.resize(560, 420)

    def empty_out(self) -> None:
        """Hold nothing that somebody wrote."""
        self._fresh = Fresh()
        self._write()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        if hasattr(self, "_look"):  # the base is built first
            self._scroll.setAccessibleName(self.windowTitle())
            self._write()

    def _line(self, role: str) -> Paragraph:
        line = Paragraph(parent=self._page)
        line.setProperty("role", role)
        return line

    def _write(self) -> None:
        parts = [(heading, messages[:SHOWN]) for name, heading in HEADINGS if (messages := getattr(self._fresh, name))]
        count = sum(len(messages) for _heading, messages in parts)
        headings = iter(self._headings.take(len(parts)))
        names, texts = iter(self._names.take(count)), iter(self._texts.take(count))
        while self._column.takeAt(0) is not None:
            pass
        for heading, messages in parts:
            self._add(next(headings), render(heading))
            for message in messages:
                self._add(next(names), _who(message, self._now))
                text = next(texts)
                text.show_text(wording.text(message)[:1000])
                self._add(text)
        self._column.addStretch(1)

    def _add(self, label: QLabel, text: str = "") -> None:
        if text:
            label.setText(text)
        self._column.addWidget(label)
        label.show()


def _who(message: Message, now: Micros) -> str:
    return _("{name}, {time}", name=masking.name(message.author), time=formats().relative(message.created_at, now))


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
