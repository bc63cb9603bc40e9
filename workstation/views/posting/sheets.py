"""The sheets of a planned post: how it fares on each channel with what can be decided, and another time for it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from workstation.domain.messages import Micros
from workstation.domain.posts import Fate, Posted
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats
from workstation.services.posting import SOONEST
from workstation.services.settings import Settings
from workstation.views.case.outgoing_view import OutgoingView
from workstation.views.posting.when import MomentField, agents_zone, there, zone_words
from workstation.views.posting.words import FATE_TONE, gist, summary, worst
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.marking import margins, mark
from workstation.views.widgets.sheet import CANCEL, Sheet

EDIT, AGAIN, MOVE, BACK, NOW = "edit", "again", "move", "back", "now"
HIGHEST = 420


class DetailsSheet(Sheet):
    """One post: its time here and elsewhere, each channel's row and state, and what one can do with it."""

    decided = Signal(str, str)
    """A decision about one row, and its operation."""

    def __init__(
        self, posted: Posted, names: Mapping[int, str], places: Sequence[str], now: Micros, parent: QWidget
    ) -> None:
        self.posted, self._names, self._places, self._now = posted, names, places, now
        self._views: dict[str, OutgoingView] = {}
        super().__init__(lazy("A post on its way"), parent)
        self._when, self._state = Paragraph(), Paragraph()
        self._when.setProperty("role", "secondary")
        self._text = StrangerText(gist(posted.post))
        inside = QWidget()
        inside.setProperty("role", "bare")
        self._rows = QVBoxLayout(inside)
        margins(self._rows, 0, 0, 8, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        for widget in (self._when, self._state, self._text):
            self.body.addWidget(widget)
        self.body.addWidget(area, 1)
        self._fill()
        self._offer()
        self.resize(620, HIGHEST)
        self.write()

    def _fill(self) -> None:
        for row in self.posted.rows:
            name = QLabel(self._names.get(row.channel, ""))
            name.setProperty("role", "heading")
            view = OutgoingView(row, self._now)
            view.decided.connect(self.decided)
            self._views[row.operation.id] = view
            self._rows.addWidget(name)
            self._rows.addWidget(view)
        self._rows.addStretch(1)

    def _offer(self) -> None:
        tally = self.posted.tally(self._now)
        if self.posted.open(self._now):
            self.button(BACK, lazy("Take back"))
            self.button(MOVE, lazy("Another time…"))
            self.button(EDIT, lazy("Change"))
        self.button(AGAIN, lazy("Use again"))
        if Fate.MISSED in tally:
            self.button(NOW, lazy("Send now"), "primary")
        self.button("", lazy("Close"), default=Fate.MISSED not in tally)

    def show_posted(self, posted: Posted, now: Micros) -> None:
        """Show how it fares now."""
        self.posted, self._now = posted, now
        for row in posted.rows:
            view = self._views.get(row.operation.id)
            if view is not None:
                view.show_row(row, now)
        self.write()

    def write(self) -> None:
        """Write what stands above the rows."""
        post, tally = self.posted.post, self.posted.tally(self._now)
        when = _("{time} in your zone, {zone}", time=formats().datetime(post.at, "medium"),
                 zone=zone_words(agents_zone(), post.at))  # fmt: skip
        elsewhere = [there(name, post.at) for name in self._places]
        self._when.setText(" · ".join([when, *elsewhere]))
        told = summary(tally)
        if Fate.MISSED in tally:
            missed = _("Its time passed while it could not be sent. Nothing of it is sent until you decide.")
            told = f"{told}. {missed}"
        self._state.setText(told)
        mark(self._state, "tone", FATE_TONE[worst(self.posted, self._now)] or "quiet")

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        if self._views:
            self.write()


class MoveSheet(Sheet):
    """Another time for a post."""

    picked = Signal(object)

    def __init__(self, at: Micros, now: Micros, settings: Settings, window: QWidget, title: LazyText) -> None:
        super().__init__(title, window)
        self._now = now
        self.moment = MomentField(settings, window)
        self.moment.put(max(at, now + SOONEST))
        self._wrong = Paragraph()
        self._wrong.setProperty("role", "error")
        self._wrong.hide()
        self.body.addWidget(self.moment)
        self.body.addWidget(self._wrong)
        self.button("", CANCEL)
        self.button("ok", lazy("Set"), "primary", default=True)
        self.answered.connect(self._tell)
        self._at: Micros = 0

    def may_end(self, answer: str) -> bool:
        """Only with a time that is still to come."""
        del answer
        self._at = self.moment.at()
        late = self._at < self._now + SOONEST
        self._wrong.setText(_("This time has passed already. Choose a later one.") if late else "")
        self._wrong.setVisible(late)
        return not late

    def _tell(self, answer: str) -> None:
        if answer:
            self.picked.emit(self._at)
