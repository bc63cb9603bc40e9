"""The reader's language: texts from its catalog, values in its formats. Immutable, safe to use from any
thread.
"""

import asyncio
import gettext as catalogs
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from workstation.domain.text import LazyText, Moment, TextValue
from workstation.i18n import catalog, tags
from workstation.i18n.bidi import led
from workstation.i18n.formatting import Formats, Words
from workstation.i18n.numerals import Digits
from workstation.i18n.placeholders import fill


class Language:
    """One locale's catalog and formats.

    `tag` is its BCP 47 tag; `zone` and `digits` as in `Formats`; `region` is the tag that dates and numbers
    follow where it differs (an English interface in Britain: ``en-GB``).
    """

    def __init__(
        self,
        tag: str = tags.SOURCE,
        translations: catalogs.NullTranslations | None = None,
        zone: str = "",
        digits: Digits = "auto",
        region: str = "",
        faults: tuple[str, ...] = (),
    ) -> None:
        self.tag = tag
        self._translations = translations or catalogs.NullTranslations()
        self._zone = zone
        self._digits = digits
        self._region = region or tag
        self.faults = faults
        """What of the team's own corrections could not be used, a line each."""

    @cached_property
    def formats(self) -> Formats:
        """The formats of this reader."""
        words = Words(self.pgettext("age", "now"), self.gettext("Today"), self.gettext("Yesterday"))
        return Formats(self._region, self._zone, self._digits, words)

    @cached_property
    def direction(self) -> tags.Direction:
        """The direction of the interface."""
        return tags.direction(self.tag)

    def gettext(self, msgid: str, /, **values: TextValue) -> str:
        """Return the translation of `msgid`, its placeholders filled; "" for ""."""
        # The empty id holds the catalog's header, which is no text for people.
        text = self._led(self._translations.gettext(msgid)) if msgid else ""
        return self._filled(text, values) if values else text

    def ngettext(self, singular: str, plural: str, count: int, /, **values: TextValue) -> str:
        """Return the form for `count`, which also fills ``{count}``."""
        text = self._translations.ngettext(singular, plural, count) if singular else ""
        return self._filled(text, {"count": count, **values})

    def pgettext(self, context: str, msgid: str, /, **values: TextValue) -> str:
        """Return the translation of `msgid` as meant in `context`."""
        text = self._led(self._translations.pgettext(context, msgid)) if msgid else ""
        return self._filled(text, values) if values else text

    def npgettext(self, context: str, singular: str, plural: str, count: int, /, **values: TextValue) -> str:
        """Return the form for `count` of a text meant in `context`."""
        text = self._translations.npgettext(context, singular, plural, count) if singular else ""
        return self._filled(text, {"count": count, **values})

    def render(self, text: LazyText, *, now: int | None = None) -> str:
        """Return `text` in this language. `now` (microseconds UTC) is needed for moments in relative style."""
        if not text.msgid:
            return ""
        found = self._translations
        if text.count is None:
            template = found.pgettext(text.context, text.msgid) if text.context else found.gettext(text.msgid)
        elif text.context:
            template = found.npgettext(text.context, text.msgid, text.plural or text.msgid, text.count)
        else:
            template = found.ngettext(text.msgid, text.plural or text.msgid, text.count)
        values = text.values()
        return self._filled(template, values, now) if values else self._led(template)

    def knows(self, context: str, msgid: str) -> str | None:
        """Return the translation, or None where no catalog of the chain has one; for texts of foreign
        libraries.
        """
        if not msgid:
            return None
        found = self._translations.pgettext(context, msgid)
        return None if found == msgid else self._led(found)

    def _led(self, template: str) -> str:
        return led(template) if self.direction == "rtl" else template

    def _filled(self, template: str, values: Mapping[str, TextValue], now: int | None = None) -> str:
        return fill(self._led(template), {name: self._written(value, now) for name, value in values.items()})

    def _written(self, value: TextValue, now: int | None) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, LazyText):
            return self.render(value, now=now)
        if isinstance(value, Moment):
            return self._moment(value, now)
        return self.formats.number(value)

    def _moment(self, moment: Moment, now: int | None) -> str:
        if moment.style == "relative" and now is not None:
            return self.formats.relative(moment.at, now)
        if moment.style == "time":
            return self.formats.time(moment.at)
        if moment.style == "date":
            return self.formats.date(moment.at)
        return self.formats.datetime(moment.at)


def load_language(
    tag: str, zone: str = "", digits: Digits = "auto", region: str = "", corrections: Path | None = None
) -> Language:
    """Return the language `tag` from the shipped catalogs, with what the folder `corrections` says otherwise.

    Blocks for tens of milliseconds, see `fetch_language`.
    """
    texts = catalog.load(tag)
    faults: tuple[str, ...] = ()
    if corrections is not None and (corrections / f"{tag}.po").exists():
        # Imported only where a team has corrected something: it knows how catalogs are read and checked.
        from workstation.i18n.overlay import lay_over, path_of

        texts, faults = lay_over(path_of(corrections, tag), tag, texts)
    language = Language(tag, texts, zone, digits, region, faults)
    # The first date costs Babel a locale's data: paid here, not in the first paint.
    language.formats.datetime(0)
    return language


async def fetch_language(
    tag: str, zone: str = "", digits: Digits = "auto", region: str = "", corrections: Path | None = None
) -> Language:
    """Return the language `tag`, loaded in a thread so that the window stays alive."""
    return await asyncio.to_thread(load_language, tag, zone, digits, region, corrections)
