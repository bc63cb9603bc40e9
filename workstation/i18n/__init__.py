"""The languages of the interface: gettext catalogs, formats by Babel, no Qt.

In views::

    from workstation.i18n import _, formats, ngettext, pgettext, render

    _("Reply")                                      # a text; "&Reply" carries its mnemonic
    _("Held by {name}", name=who)                   # named placeholders only, never f-strings or %
    ngettext("{count} reply", "{count} replies", n) # {count} is filled by itself, in the reader's digits
    pgettext("verb", "Open")                        # context, where English has one word for two
    render(error.text)                              # a LazyText from the rooms below
    formats().age(message.created_at, now)          # "2 min"; also time, date, day, duration, number ...

Values may be str, int, float (written by locale), `Moment` or another `LazyText`; each is wrapped in FSI/PDI, so
compare texts in tests after `plain`, which also suits terminals. A constant that is shown later is marked
``N_("Open")`` and translated where it is shown: ``_(LABELS[state])``. Below the views: `workstation.domain.text`
(`lazy`, `lazy_plural`, `lazy_in`, and `N_`, `N_plural` for tables). A comment for translators stands on the line above
and begins with ``Translators:``.

Never keep a translated text: set it in a ``retranslate`` method that the constructor calls and ``changeEvent`` calls on
``QEvent.Type.LanguageChange``. Things that are painted or are no widgets listen to ``localeChanged`` (see
`workstation.qt.translator`). Ages are refreshed by one timer per window, set to ``until_next_minute(now)`` ms.

The composition root: ``tag = negotiate(QLocale.system().uiLanguages(), available())``, then
``load_language(tag, region=regional(tag, [QLocale.system().bcp47Name()]))`` (or ``await fetch_language``) and
`workstation.qt.translator.apply_language`.

Catalogs: ``python -m workstation.i18n.update`` after changing texts, ``python -m workstation.i18n.check`` before a
commit. `workstation.i18n.update` says how to add a locale, `workstation.i18n.drafts` how to translate in bulk,
`workstation.i18n.pseudo` what the pseudo-locales show; ``tests/i18n/audit.py`` looks for it in windows.
"""

from workstation.i18n.bidi import facing, first_strong, framed, laid_out, own_direction, text_direction, unmarked
from workstation.i18n.catalog import available
from workstation.i18n.current import _, current_language, formats, ngettext, npgettext, pgettext, render, use
from workstation.i18n.formatting import Formats, minute_of, until_next_minute
from workstation.i18n.language import Language, fetch_language, load_language
from workstation.i18n.numerals import Digits
from workstation.i18n.placeholders import fill, isolate, plain
from workstation.i18n.tags import PSEUDO_ACCENTED, PSEUDO_MIRRORED, Direction, direction, negotiate, own_name, regional

__all__ = [
    "PSEUDO_ACCENTED",
    "PSEUDO_MIRRORED",
    "Digits",
    "Direction",
    "Formats",
    "Language",
    "_",
    "available",
    "current_language",
    "direction",
    "facing",
    "fetch_language",
    "fill",
    "first_strong",
    "formats",
    "framed",
    "isolate",
    "laid_out",
    "load_language",
    "minute_of",
    "negotiate",
    "ngettext",
    "npgettext",
    "own_direction",
    "own_name",
    "pgettext",
    "plain",
    "regional",
    "render",
    "text_direction",
    "unmarked",
    "until_next_minute",
    "use",
]
