"""Text that people will read, kept as data until a view shows it: message id and values, never a translation.

Rooms below the views cannot know in which language the reader reads, and the language may change while the
text is on the screen or in the database. So they say *what* is to be said; `workstation.i18n.render` says it.
Placeholders are named (``{name}``); a value is a string, a number (written in the reader's digits), a moment
(written in the reader's zone and format) or another `LazyText`. An integer that is no quantity (an id) is
passed as a string.
"""

from typing import Literal

import msgspec

MomentStyle = Literal["time", "date", "datetime", "relative"]


class Moment(msgspec.Struct, frozen=True, tag="moment", omit_defaults=True):
    """A point in time inside a text: `at` in microseconds UTC, `style` says how much of it is written."""

    at: int
    style: MomentStyle = "datetime"


class LazyText(msgspec.Struct, frozen=True, tag="text", omit_defaults=True):
    """A message id with the values of its named placeholders; hashable, comparable, storable as JSON.

    `plural` and `count` are set together; `count` also fills ``{count}``. `context` tells apart equal English
    words that other languages tell apart (gettext's msgctxt).
    """

    msgid: str
    params: tuple[tuple[str, "TextValue"], ...] = ()
    plural: str = ""
    count: int | None = None
    context: str = ""

    def values(self) -> dict[str, "TextValue"]:
        """Return the values by placeholder name, ``count`` included."""
        found = dict(self.params)
        if self.count is not None:
            found.setdefault("count", self.count)
        return found


TextValue = str | int | float | Moment | LazyText


def N_(msgid: str) -> str:
    """Mark a message id for the catalogs and return it unchanged; it is translated where it is shown."""
    return msgid


def N_plural(singular: str, plural: str) -> tuple[str, str]:
    """Mark two forms of one message, in a table say; `lazy_plural` takes them apart: two `N_` would be two messages."""
    return singular, plural


def lazy(msgid: str, /, **params: TextValue) -> LazyText:
    """Return a text to be translated where it is shown; `params` fill its named placeholders."""
    return LazyText(msgid, tuple(params.items()))


def lazy_plural(singular: str, plural: str, count: int, /, **params: TextValue) -> LazyText:
    """Return a text whose form depends on `count`, which also fills ``{count}``."""
    return LazyText(singular, tuple(params.items()), plural=plural, count=count)


def lazy_in(context: str, msgid: str, /, **params: TextValue) -> LazyText:
    """Return a text with a context for the translator: the same English word may need two translations."""
    return LazyText(msgid, tuple(params.items()), context=context)
