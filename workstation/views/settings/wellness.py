"""What may be softened, and when a break is due. All of it is off at first, and nobody else learns of it."""

from PySide6.QtWidgets import QLineEdit, QSpinBox, QVBoxLayout, QWidget

from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, render
from workstation.services.settings import BREAK_MINUTES, Preferences
from workstation.services.wellness import Look, parse_words
from workstation.views.settings.appearance import Section
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import pad
from workstation.views.widgets.retranslating import Retranslating

LOOKS: tuple[tuple[str, LazyText], ...] = (
    (Look.PLAIN.value, lazy("As they are")),
    (Look.GREY.value, lazy("Without colours")),
    (Look.BLUR.value, lazy("Blurred, without colours")),
    (Look.HIDDEN.value, lazy("Only when asked for twice")),
)


class WordsRow(Retranslating):
    """A setting that is a list of words, one above the other with what it is for."""

    def __init__(self, label: LazyText, help_text: LazyText, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self._label, self._help = label, help_text
        self._name, self._words = Paragraph(), Paragraph()
        self._words.setProperty("role", "small")
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self._name.setBuddy(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        for widget in (self._name, self._words, self.field):
            column.addWidget(widget)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._name.setText(render(self._label))
        self._words.setText(render(self._help))
        self.field.setAccessibleName(render(self._label))
        self.field.setAccessibleDescription(render(self._help))
        self.field.setPlaceholderText(_("for example: kill*, blood"))


class WellnessSection(Section):
    """Pictures, words, counting, breaks."""

    def build(self) -> None:
        """Add the rows."""
        self._look = self.combo(LOOKS, "media_look")
        self._gore = self.flag("hide_gore")
        self._count = self.flag("count_exposure")
        self._break = QSpinBox()
        pad(self._break)
        self._break.setRange(*BREAK_MINUTES)
        self._break.setSingleStep(5)
        self._break.valueChanged.connect(lambda minutes: self.settings.change(break_minutes=minutes))
        self.row(lazy("Pictures of customers"), lazy("A click on a softened picture shows it as it is."), self._look)
        self.row(
            lazy("Hide what is marked as violent"),
            lazy("By its author, by the network, or by a tag of the case."),
            self._gore,
        )
        self._muted = WordsRow(
            lazy("Muted words"),
            lazy("Covered wherever customers’ words are shown; * stands for more letters. Separate them with commas."),
        )
        self._muted.field.editingFinished.connect(self._mute)
        self.column.addWidget(self._muted)
        self.row(
            lazy("Count what I have looked at"),
            lazy("Only you see it. It is kept nowhere, and gone when the window is closed."),
            self._count,
        )
        self.row(lazy("Remind me of a break"), lazy("After so many minutes of work; 0 never."), self._break)

    def _mute(self) -> None:
        words = parse_words(self._muted.field.text())
        if words != self.settings.now.muted_words:
            self.settings.change(muted_words=words)

    def show_preferences(self, now: Preferences) -> None:
        """Show what is in force."""
        self._look.choose(now.media_look)
        for flag, on in ((self._gore, now.hide_gore), (self._count, now.count_exposure)):
            flag.blockSignals(True)
            flag.setChecked(on)
            flag.blockSignals(False)
        self._break.blockSignals(True)
        self._break.setValue(now.break_minutes)
        self._break.blockSignals(False)
        if not self._muted.field.hasFocus():
            self._muted.field.setText(", ".join(now.muted_words))
