"""Choosing the language that a message is in; above the list stands what the desk went by."""

from PySide6.QtWidgets import QLabel, QWidget

from workstation.domain.languages import MIXED, UNKNOWN, Told, named
from workstation.domain.text import lazy
from workstation.i18n import _, formats, own_name
from workstation.views.case.language_picker import WRITTEN
from workstation.views.widgets.picker import Choice, Picker

TAKE_BACK = "-"


class SpokenPicker(Picker):
    """`chosen` tells the tag: a language, `mul`, `und`, or TAKE_BACK for "as it was found"."""

    def __init__(self, told: Told, past: tuple[str, ...], parent: QWidget) -> None:
        self._told = told
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.about.setProperty("role", "small")
        super().__init__(lazy("Language of the message"), lazy("Type a language"), parent)
        self.body.insertWidget(1, self.about)
        near = dict.fromkeys(tag for tag in (named(told.language), told.found, told.hint, *past) if named(tag))
        self._tags = tuple(dict.fromkeys((*near, *WRITTEN)))
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        self.about.setText(because(self._told))
        if hasattr(self, "_tags"):
            self.offer([*map(_choice, self._tags), *self._others()])

    def _others(self) -> list[Choice]:
        found = [
            Choice(MIXED, _("Several languages"), hint=MIXED, icon="languages", words="mul mixed"),
            Choice(UNKNOWN, _("No language, or one nobody knows"), hint=UNKNOWN, icon="languages", words="und unknown"),
        ]
        if self._told.corrected:
            found.insert(0, Choice(TAKE_BACK, _("As it was found: take the correction back"), icon="undo-2"))
        return found


def _choice(tag: str) -> Choice:
    own = own_name(tag)
    return Choice(tag, formats().language(tag), hint=own, icon="languages", words=f"{own} {tag}")


def called(tag: str) -> str:
    """What a language is called, the two that are none included."""
    if tag == UNKNOWN:
        return _("unknown")
    if tag == MIXED:
        return _("several languages")
    return formats().language(tag)


def because(told: Told) -> str:
    """Why the message has its language, in a sentence or two."""
    said: list[str] = []
    if told.corrected:
        said.append(_("{language}, as somebody here said.", language=called(told.corrected)))
    if told.hint:
        said.append(_("The network says {language}.", language=called(told.hint)))
    if told.found:
        share = formats().percent(told.confidence / 100)
        reasons = {
            "text": _("The text looks like {language} ({share}).", language=called(told.found), share=share),
            "script": _("Its letters are those of {language}.", language=called(told.found)),
            "words": _("Its words are {language} in Latin letters.", language=called(told.found)),
            "hint": _("Going by the network it is {language} ({share}).", language=called(told.found), share=share),
            "author": _("Going by its author it is {language} ({share}).", language=called(told.found), share=share),
            "mixed": _("Parts of it are in different languages."),
            "nothing": _("Nothing in it tells a language."),
        }
        said.append(reasons.get(told.why, reasons["text"]))
    return " ".join(said) or _("Nobody has said what language it is in, and nobody has looked yet.")
