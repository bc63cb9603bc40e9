"""Choosing the language that one writes in."""

from PySide6.QtWidgets import QWidget

from workstation.domain.text import lazy
from workstation.i18n import formats, own_name
from workstation.views.widgets.picker import Choice, Picker

WRITTEN = (
    "en", "de", "nl", "fr", "es", "pt", "it", "pl", "tr", "ar", "he", "ja", "zh", "ko", "hi", "ru", "uk", "cs", "sk",
    "sl", "hr", "sr", "bs", "bg", "ro", "hu", "el", "sv", "da", "nb", "fi", "et", "lv", "lt", "is", "ga", "cy", "ca",
    "eu", "gl", "fa", "ur", "bn", "ta", "te", "th", "vi", "id", "ms", "fil", "sw", "eo",
)  # fmt: skip
"""Languages to choose from; those of a customer or a template come in front."""


class LanguagePicker(Picker):
    """Choosing a language by its name in the reader's language, in itself, or by its tag; `chosen` tells the tag."""

    def __init__(self, near: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(lazy("Language of the text"), lazy("Type a language"), parent)
        tags = dict.fromkeys((*filter(None, near), *WRITTEN))
        self.offer([_choice(tag) for tag in tags])


def _choice(tag: str) -> Choice:
    own = own_name(tag)
    return Choice(tag, formats().language(tag), hint=own, icon="languages", words=f"{own} {tag}")
