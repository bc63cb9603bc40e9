"""The look back at a course: figures, and what was missed with its cases. Only the one who practised sees it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from workstation.domain.text import lazy
from workstation.i18n import _, formats, render
from workstation.services.clock import SECOND
from workstation.services.training.courses import COURSES
from workstation.services.training.debrief import Debrief, Missed
from workstation.views import masking
from workstation.views.practice.parts import Figure, bare_column
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Elided, Paragraph
from workstation.views.widgets.retranslating import Retranslating

FIGURES = (
    ("asked", lazy("customers wrote")),
    ("answered", lazy("were answered")),
    ("waiting", lazy("still wait")),
    ("resolved", lazy("cases were resolved")),
    ("typical", lazy("until the first answer, typically")),
    ("longest", lazy("until the slowest first answer")),
    ("taken_back", lazy("answers were taken back in time")),
    ("steps", lazy("steps done")),
)
ACROSS = 4


class MissedRow(Retranslating):
    """One case to look at again."""

    wanted = Signal(int)

    def __init__(self, missed: Missed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self.missed = missed
        self._why, self._said = Paragraph(), Elided()
        self._said.setProperty("role", "secondary")
        self.button = TextButton(lazy("Open the case"), icon="panel-right")
        self.button.clicked.connect(lambda: self.wanted.emit(missed.case))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._why)
        words.addWidget(self._said)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.addLayout(words, 1)
        row.addWidget(self.button)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        face = masking.message(self.missed.face)
        self._why.setText(render(self.missed.why))
        self._said.setText(_("{name}: {text}", name=face.author.name or face.author.handle, text=face.text[:300]))
        self.setAccessibleName(f"{self._why.text()} {self._said.text()}")


class LookBack(Retranslating):
    """A debrief on the screen."""

    again = Signal(str)
    others = Signal()
    case_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._debrief: Debrief | None = None
        self._title, self._private, self._heading = Paragraph(), Paragraph(), Paragraph()
        self._title.setProperty("role", "title")
        self._private.setProperty("role", "secondary")
        self._heading.setProperty("role", "heading")
        self.figures = {name: Figure(words) for name, words in FIGURES}
        grid = QGridLayout()
        grid.setSpacing(8)
        for number, figure in enumerate(self.figures.values()):
            grid.addWidget(figure, number // ACROSS, number % ACROSS)
        self.rows: list[MissedRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self._again = TextButton(lazy("Once more"), icon="rotate-ccw", role="primary")
        self._again.clicked.connect(lambda: self.again.emit(self._debrief.course if self._debrief else ""))
        self._others = TextButton(lazy("Another course"))
        self._others.clicked.connect(self.others)
        buttons = QHBoxLayout()
        buttons.addWidget(self._again)
        buttons.addWidget(self._others)
        buttons.addStretch(1)
        column = bare_column(self)
        column.addWidget(self._title)
        column.addWidget(self._private)
        column.addLayout(grid)
        column.addWidget(self._heading)
        column.addLayout(self._list)
        column.addLayout(buttons)
        column.addStretch(1)
        self.retranslate()

    def show_debrief(self, debrief: Debrief) -> None:
        """Show another run."""
        if debrief is self._debrief:
            return
        self._debrief = debrief
        for row in self.rows:
            self._list.removeWidget(row)
            row.deleteLater()
        self.rows = [MissedRow(missed) for missed in debrief.missed]
        for row in self.rows:
            row.wanted.connect(self.case_wanted)
            self._list.addWidget(row)
        self.retranslate()

    def _values(self, debrief: Debrief) -> dict[str, str]:
        number, length = formats().number, formats().duration
        return {
            "asked": number(debrief.asked),
            "answered": number(debrief.answered),
            "waiting": number(debrief.waiting),
            "resolved": number(debrief.resolved),
            "typical": length(debrief.typical / SECOND) if debrief.answered else "–",
            "longest": length(debrief.longest / SECOND) if debrief.answered else "–",
            "taken_back": number(debrief.taken_back),
            "steps": _("{done} of {count}", done=number(debrief.steps), count=number(debrief.of)),
        }

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._private.setText(_("Only you see this. It is kept nowhere, and gone when the window is closed."))
        debrief = self._debrief
        if debrief is None:
            return
        title = render(COURSES[debrief.course].title)
        self._title.setText(_("{course}: looking back", course=title))
        self.setAccessibleName(self._title.text())
        for name, value in self._values(debrief).items():
            self.figures[name].show_value(value)
        self._heading.setText(_("Worth another look") if debrief.missed else _("Nothing was missed."))
