"""In which language one writes: the network is told, and templates follow."""

from PySide6.QtWidgets import QWidget

from workstation.domain.text import lazy
from workstation.i18n import _, formats, own_name
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.picker import Choice, Picker

WRITTEN = (
    "en", "de", "nl", "fr", "es", "pt", "it", "pl", "tr", "ar", "he", "ja", "zh", "ko", "hi", "ru", "uk", "cs", "sk",
    "sl", "hr", "sr", "bs", "bg", "ro", "hu", "el", "sv", "da", "nb", "fi", "et", "lv", "lt", "is", "ga", "cy", "ca",
    "eu", "gl", "fa", "ur", "bn", "ta", "te", "th", "vi", "id", "ms", "fil", "sw", "eo",
)  # fmt: skip
"""Languages to choose from; those of a customer or a template come in front."""
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


class LanguagePicker(Picker):
    """Choosing a language by its name in the reader's language, in itself, or by its tag; `chosen` tells the tag."""

    def __init__(self, near: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(lazy("Language of the text"), lazy("Type a language"), parent)
        tags = dict.fromkeys((*filter(None, near), *WRITTEN))
        self.offer([_choice(tag) for tag in tags])


def _choice(tag: str) -> Choice:
    own = own_name(tag)
    return Choice(tag, formats().language(tag), hint=own, icon="languages", words=f"{own} {tag}")
