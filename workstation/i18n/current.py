"""The language the interface speaks now: the one process-wide value of the program, as in gettext itself.

Every label asks for it, so handing it through each constructor would say nothing. It is set by `use` alone,
on the main thread, by `workstation.qt.translator`; a `Language` is immutable, so a reader in a thread sees
the old one or the new one, never a mixture. Until it is set, message ids speak (English).
"""

from typing import Final

from workstation.domain.text import LazyText, TextValue
from workstation.i18n.formatting import Formats
from workstation.i18n.language import Language


class _Handle:
    __slots__ = ("language",)

    def __init__(self) -> None:
        self.language = Language()


_current: Final = _Handle()


def use(language: Language) -> None:
    """Make `language` what all functions here speak; windows are told by `workstation.qt.translator`, not
    here.
    """
    _current.language = language


def current_language() -> Language:
    """Return the language spoken now."""
    return _current.language


def formats() -> Formats:
    """Return the formats of the language spoken now."""
    return _current.language.formats


def _(msgid: str, /, **values: TextValue) -> str:
    """Return the translation of `msgid`, its named placeholders filled: ``_("Held by {name}", name=who)``."""
    return _current.language.gettext(msgid, **values)


def ngettext(singular: str, plural: str, count: int, /, **values: TextValue) -> str:
    """Return the form for `count`, which also fills ``{count}``."""
    return _current.language.ngettext(singular, plural, count, **values)


def pgettext(context: str, msgid: str, /, **values: TextValue) -> str:
    """Return the translation of `msgid` as meant in `context`: ``pgettext("verb", "Open")``."""
    return _current.language.pgettext(context, msgid, **values)


def npgettext(context: str, singular: str, plural: str, count: int, /, **values: TextValue) -> str:
    """Return the form for `count` of a text meant in `context`."""
    return _current.language.npgettext(context, singular, plural, count, **values)


def render(text: LazyText, *, now: int | None = None) -> str:
    """Return `text`, kept as data by the rooms below, in the language spoken now."""
    return _current.language.render(text, now=now)
