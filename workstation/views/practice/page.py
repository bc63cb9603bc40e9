"""The page of courses: the choice, the steps of the one that runs, or the look back at the last one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from workstation.i18n import _
from workstation.services.training.courses import COURSES
from workstation.services.training.training import Training
from workstation.views import theme
from workstation.views.desk_actions import DeskActions
from workstation.views.practice.look_back import LookBack
from workstation.views.practice.parts import CourseTile, bare_column
from workstation.views.practice.steps import Steps
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating

WIDEST = 860


class Choice(Retranslating):
    """The courses there are."""

    chosen = Signal(str)

    def __init__(self, *, live: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._title, self._words = Paragraph(), Paragraph()
        self._title.setProperty("role", "title")
        self._words.setProperty("role", "secondary")
        column = bare_column(self)
        column.addWidget(self._title)
        column.addWidget(self._words)
        self.tiles = [CourseTile(course) for course in COURSES.values()]
        for tile in self.tiles:
            tile.chosen.connect(self.chosen)
            column.addWidget(tile)
        column.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._title.setText(_("Practice courses"))
        words = _("A course leads you step by step. Its customers are invented, and nobody else sees how it went.")
        away = _("It opens the practice desk; your live desk closes until you come back.")
        self._words.setText(f"{words} {away}" if self._live else words)


class CoursePage(Retranslating):
    """Shows what `training` says; asks for what the buttons say."""

    wanted = Signal(str)
    ended = Signal()
    left = Signal()
    case_wanted = Signal(int)

    def __init__(self, training: Training, actions: DeskActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._training = training
        self.choice = Choice(live=not training.possible)
        self.steps, self.look_back = Steps(actions), LookBack()
        self._choosing = False
        self.choice.chosen.connect(self.wanted)
        self.steps.ended.connect(self.ended)
        self.steps.left.connect(self.left)
        self.look_back.again.connect(self.wanted)
        self.look_back.others.connect(self._choose)
        self.look_back.case_wanted.connect(self.case_wanted)
        self._stack = QStackedWidget()
        for part in (self.choice, self.steps, self.look_back):
            self._stack.addWidget(_scrolled(part))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 12, 12, 8)
        column.addWidget(self._stack)
        self.retranslate()
        self.refresh()

    def refresh(self) -> None:
        """Show how things stand."""
        training = self._training
        if training.course is not None:
            self._choosing = False
            self.steps.show_course(training.course, training.steps_done())
            self._stack.setCurrentIndex(1)
        elif training.debrief is not None and not self._choosing:
            self.look_back.show_debrief(training.debrief)
            self._stack.setCurrentIndex(2)
        else:
            self._stack.setCurrentIndex(0)

    def focus_first(self) -> None:
        """Give the keyboard something to press."""
        first = (self.choice.tiles[0].button, self.steps.back, self.look_back._again)  # noqa: SLF001 - one page
        first[self._stack.currentIndex()].setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self) -> None:
        self._choosing = True
        self.refresh()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.setAccessibleName(_("Practice courses"))


def _scrolled(part: QWidget) -> QScrollArea:
    page = QWidget()
    page.setProperty("role", "bare")
    part.setMaximumWidth(round(WIDEST * max(1.0, theme.current().scale)))
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(part, 20)
    row.addStretch(1)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll.setWidget(page)
    return scroll
