"""How the desk looks, in which language it speaks, and how replies wait. Everything is in force as it is changed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSlider, QSpinBox, QVBoxLayout, QWidget

from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, available, formats, own_name
from workstation.services.settings import FONT_SCALES, UNDO_SECONDS, Density, Preferences, Settings, Theme
from workstation.views.settings.rows import Control, LazyCombo, SettingRow
from workstation.views.widgets.marking import pad
from workstation.views.widgets.retranslating import Retranslating

LONGEST_SIGNATURE = 80
THEMES: tuple[tuple[str, LazyText], ...] = (
    (Theme.SYSTEM.value, lazy("As the system")),
    (Theme.DARK.value, lazy("Dark")),
    (Theme.LIGHT.value, lazy("Light")),
    (Theme.CONTRAST.value, lazy("High contrast")),
)
DENSITIES: tuple[tuple[str, LazyText], ...] = (
    (Density.COMPACT.value, lazy("Compact")),
    (Density.COSY.value, lazy("Cosy")),
    (Density.COMFORTABLE.value, lazy("Comfortable")),
)
DIGITS: tuple[tuple[str, LazyText], ...] = (
    ("auto", lazy("As usual in the language")),
    ("latin", lazy("1 2 3")),
    ("native", lazy("The language’s own")),
)


class Section(Retranslating):
    """Rows over the settings; it shows what is in force, whoever changed it."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)
        self.build()
        self._end = settings.subscribe(self.show_preferences)
        self.show_preferences(settings.now)

    def build(self) -> None:
        """Add the rows."""
        raise NotImplementedError

    def show_preferences(self, now: Preferences) -> None:
        """Show what is in force."""
        raise NotImplementedError

    def row(self, label: LazyText, help_text: LazyText | None, control: Control) -> None:
        """Add one row."""
        self.column.addWidget(SettingRow(label, help_text, control))

    def combo(self, choices: tuple[tuple[str, LazyText], ...], name: str) -> LazyCombo:
        """Choices that change the preference `name`."""
        combo = LazyCombo(choices)
        combo.currentIndexChanged.connect(lambda _index: self.settings.change(**{name: combo.currentData()}))
        return combo

    def flag(self, name: str) -> QCheckBox:
        """A switch of the preference `name`."""
        flag = QCheckBox()
        flag.toggled.connect(lambda on: self.settings.change(**{name: on}))
        return flag

    def retranslate(self) -> None:
        """Write what the rows do not write themselves."""
        for combo in self.findChildren(LazyCombo):
            combo.retranslate()
        self.show_preferences(self.settings.now)


def _show_flag(flag: QCheckBox, on: bool) -> None:
    flag.blockSignals(True)
    flag.setChecked(on)
    flag.blockSignals(False)


class AppearanceSection(Section):
    """Theme, density, scale, motion."""

    def build(self) -> None:
        """Add the rows."""
        self._theme = self.combo(THEMES, "theme")
        self._density = self.combo(DENSITIES, "density")
        self._scale = QSlider(Qt.Orientation.Horizontal)
        self._scale.setRange(FONT_SCALES[0] // 10, FONT_SCALES[1] // 10)
        self._scale.setPageStep(2)
        self._scale.valueChanged.connect(self._scaled)
        self._scale.sliderReleased.connect(lambda: self._scaled(self._scale.value()))
        self._motion = self.flag("reduced_motion")
        self.row(lazy("Theme"), lazy("“As the system” also follows its high contrast."), self._theme)
        self.row(lazy("Density"), lazy("How much room cards and controls get."), self._density)
        self.row(lazy("Text size"), lazy("80 to 200 per cent; Ctrl and + or − change it anywhere."), self._scale)
        self.row(lazy("Less motion"), lazy("Nothing slides or fades."), self._motion)

    def _scaled(self, tens: int) -> None:
        # Dragging would rebuild the look for each step on the way: only where it is let go, or by key.
        if not self._scale.isSliderDown():
            self.settings.change(font_scale=tens * 10)

    def show_preferences(self, now: Preferences) -> None:
        """Show what is in force."""
        self._theme.choose(now.theme.value)
        self._density.choose(now.density.value)
        self._scale.blockSignals(True)
        self._scale.setValue(now.font_scale // 10)
        self._scale.blockSignals(False)
        self._scale.setToolTip(formats().percent(now.font_scale / 100))
        _show_flag(self._motion, now.reduced_motion)


class LanguageSection(Section):
    """The interface's language and its digits."""

    def build(self) -> None:
        """Add the rows."""
        self._language = QComboBox()
        self._language.addItem("", "")
        for tag in available():
            self._language.addItem(own_name(tag), tag)
        self._language.currentIndexChanged.connect(
            lambda _index: self.settings.change(locale=self._language.currentData())
        )
        self._digits = self.combo(DIGITS, "digits")
        languages = lazy("Changes at once; what you are writing stays as it is.")
        self.row(lazy("Language of the interface"), languages, self._language)
        self.row(lazy("Digits"), lazy("For languages with digits of their own."), self._digits)

    def show_preferences(self, now: Preferences) -> None:
        """Show what is in force."""
        self._language.blockSignals(True)
        self._language.setItemText(0, _("As the system"))
        self._language.setCurrentIndex(max(0, self._language.findData(now.locale)))
        self._language.blockSignals(False)
        self._digits.choose(now.digits)


class ReplySection(Section):
    """How replies wait, which language templates fall back to, what is loaded."""

    def build(self) -> None:
        """Add the rows."""
        self._undo = QSpinBox()
        pad(self._undo)
        self._undo.setRange(*UNDO_SECONDS)
        self._undo.valueChanged.connect(lambda seconds: self.settings.change(undo_seconds=seconds))
        self._team = QComboBox()
        for tag in ("en", *(tag for tag in available() if tag != "en")):
            self._team.addItem(own_name(tag), tag)
        self._team.currentIndexChanged.connect(
            lambda _index: self.settings.change(team_language=self._team.currentData())
        )
        self._signature = QLineEdit()
        self._signature.setMaxLength(LONGEST_SIGNATURE)
        self._signature.editingFinished.connect(self._signed)
        self._media = self.flag("load_media")
        self._announce = self.flag("announce")
        self.row(
            lazy("Time to undo a reply"), lazy("Seconds that a reply waits in the outbox before it leaves."), self._undo
        )
        self.row(
            lazy("Language of templates"),
            lazy("Used where a template has no variant in the customer’s language."),
            self._team,
        )
        self.row(
            lazy("What you sign with"),
            lazy("Templates put it in for {placeholder}. It stays on this desk.", placeholder="{signature}"),
            self._signature,
        )
        self.row(
            lazy("Load pictures without asking"),
            lazy("The network then sees when pictures are looked at. Otherwise a click loads them."),
            self._media,
        )
        self.row(lazy("Announce new messages"), lazy("For screen readers."), self._announce)

    def _signed(self) -> None:
        if self._signature.text().strip() != self.settings.now.signature:
            self.settings.change(signature=self._signature.text().strip())

    def show_preferences(self, now: Preferences) -> None:
        """Show what is in force."""
        if not self._signature.hasFocus():
            self._signature.setText(now.signature)
        self._undo.blockSignals(True)
        self._undo.setValue(now.undo_seconds)
        self._undo.blockSignals(False)
        self._team.blockSignals(True)
        self._team.setCurrentIndex(max(0, self._team.findData(now.team_language)))
        self._team.blockSignals(False)
        _show_flag(self._media, now.load_media)
        _show_flag(self._announce, now.announce)
