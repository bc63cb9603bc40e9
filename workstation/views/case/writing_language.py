"""In which language one writes: the network is told, and templates follow."""

from PySide6.QtWidgets import QWidget

from workstation.domain.text import lazy
from workstation.i18n import _, formats
from workstation.views.widgets.buttons import TextButton

UNSAID = lazy("Language not stated")


class LanguageButton(TextButton):
    """Names the language that one writes in."""

    value = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(UNSAID, parent, icon="languages", role="quiet")

    def show_language(self, tag: str) -> None:
        """Name another one (BCP 47, "" for unstated)."""
        self.value = tag
        self.refresh()

    def refresh(self) -> None:
        """Write and draw it anew."""
        super().refresh()
        if self.value:
            name = formats().language(self.value)
            self.setText(f" {name}")
            self.setAccessibleName(_("Language of the text: {language}", language=name))
