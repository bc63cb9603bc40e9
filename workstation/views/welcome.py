"""The first page of a new desk: practise without a risk, or connect a channel."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, render
from workstation.services.training.courses import COURSES
from workstation.views import icons
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tint import sign

WIDTH = 860


class Card(Retranslating):
    """One way to begin."""

    chosen = Signal()

    def __init__(self, icon: str, title: LazyText, text: LazyText, action: LazyText, role: str) -> None:
        super().__init__()
        self.setProperty("role", "tile")
        self._icon, self._title, self._text = icon, title, text
        self._sign, self._heading, self._words = QLabel(), Paragraph(), Paragraph()
        self._heading.setProperty("role", "title")
        self._words.setProperty("role", "secondary")
        self.button = TextButton(action, role=role)
        self.button.clicked.connect(self.chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(self._sign)
        column.addWidget(self._heading)
        column.addWidget(self._words)
        column.addStretch(1)
        column.addWidget(self.button)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._sign.setPixmap(sign(self._icon, "accent", 28))
        self._heading.setText(render(self._title))
        self._words.setText(render(self._text))


class Welcome(Retranslating):
    """Two cards; either leads on."""

    practice_wanted = Signal()
    channel_wanted = Signal()
    course_wanted = Signal(str)
    """The name of a course to practise with."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._mark, self._title, self._text, self._lead = QLabel(), Paragraph(), Paragraph(), Paragraph()
        self._lead.setProperty("role", "secondary")
        self._title.setProperty("role", "title")
        self._text.setProperty("role", "secondary")
        for label in (self._mark, self._title, self._text, self._lead):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.practice = Card(
            "graduation-cap",
            lazy("Practise first"),
            lazy(
                "A small social network on this machine with invented customers in many languages. Nothing leaves it."
            ),
            lazy("Start practising"),
            "primary",
        )
        self.connect_card = Card(
            "plug",
            lazy("Connect a channel"),
            lazy("Sign in with an account of yours, such as one on Mastodon. You can try it before it is kept."),
            lazy("Connect a channel"),
            "",
        )
        self.practice.chosen.connect(self.practice_wanted)
        self.connect_card.chosen.connect(self.channel_wanted)
        self._compose()
        self.retranslate()

    def _compose(self) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(20)
        cards.addWidget(self.practice, 1)
        cards.addWidget(self.connect_card, 1)
        middle = QFrame()
        middle.setMaximumWidth(WIDTH)
        inner = QVBoxLayout(middle)
        inner.setSpacing(16)
        inner.addWidget(self._mark)
        inner.addWidget(self._title)
        inner.addWidget(self._text)
        inner.addSpacing(12)
        inner.addLayout(cards)
        inner.addSpacing(8)
        inner.addWidget(self._lead)
        inner.addLayout(self._courses())
        column = QVBoxLayout(self)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(middle, 20)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(2)

    def _courses(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for course in COURSES.values():
            button = TextButton(course.title, icon=course.icon)
            button.clicked.connect(lambda _=False, name=course.name: self.course_wanted.emit(name))
            row.addWidget(button)
        row.addStretch(1)
        return row

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._lead.setText(_("Or learn the work step by step, with a course:"))
        self._mark.setPixmap(icons.app_icon().pixmap(64, 64))
        self._title.setText(_("Welcome to Meridian"))
        self._text.setText(_("Live columns of what customers write, and one calm place to answer them."))
        self.setAccessibleName(_("Welcome to Meridian"))
