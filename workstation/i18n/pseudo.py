"""Pseudo-locales, made at run time from the English catalog: they show what a real translation would break.

``en-XA`` accents and brackets every message and makes it 40 % longer: text without brackets was never
translated, text without its closing bracket was cut. ``ar-XB`` forces every word right to left.
Placeholders, markup, mnemonics and shortcuts stay as they are, since the program reads them. Only extracted
messages are changed: a text that looks translated in the source but is missing from the catalogs stays bare
and is found.
"""

import gettext
import io
import re
from collections.abc import Callable
from pathlib import Path

from workstation.i18n.mofile import compile_catalog, load_compiled
from workstation.i18n.tags import PSEUDO_MIRRORED

EXPANSION = 0.4
# Words of a key sequence are parsed back by Qt.
UNTOUCHED_CONTEXTS = frozenset({"QShortcut"})
_KEEP = re.compile(
    r"""\{[A-Za-z_][A-Za-z0-9_]*\}   # our placeholders
    | %(?:L?\d{1,2}|n)               # Qt's placeholders
    | </?[a-zA-Z][^<>]*>             # markup
    | &[a-zA-Z]+; | &\#\d+;          # entities
    | &&                             # a literal ampersand
    | &\w                            # a mnemonic with its letter
    """,
    re.VERBOSE,
)
_ACCENTS = str.maketrans(
    "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz",
    "ÅåßƀÇçÐðÉéƑƒĜĝĤĥÎîĴĵĶķĻļṀṁÑñÖöÞþǪǫŔŕŠšŢţÛûṼṽŴŵẊẋÝýŽž",
)
_FILLER = "one two three four five six seven eight nine ten eleven twelve"
_RLM, _RLO, _PDF = "\u200f", "\u202e", "\u202c"


def accented(text: str) -> str:
    """Return `text` as ``en-XA`` writes it: ``[Öþéñ öñé]`` for ``Open``."""
    body, tab, shortcut = text.partition("\t")
    if not body.strip():
        return text
    visible = sum(len(part) for part in _KEEP.split(body))
    extra = max(2, round(visible * EXPANSION))
    filler = " ".join([_FILLER] * (extra // len(_FILLER) + 1))[: extra - 1].rstrip()
    padding = f" {filler}".translate(_ACCENTS)
    return f"[{_outside_kept(body, lambda part: part.translate(_ACCENTS))}{padding}]{tab}{shortcut}"


def mirrored(text: str) -> str:
    """Return `text` as ``ar-XB`` writes it: each word between marks that force it right to left."""
    body, tab, shortcut = text.partition("\t")
    words = re.compile(r"[^\s]+")

    def force(part: str) -> str:
        return words.sub(lambda match: f"{_RLM}{_RLO}{match[0]}{_PDF}{_RLM}", part)

    return f"{_outside_kept(body, force)}{tab}{shortcut}"


def _outside_kept(text: str, change: Callable[[str], str]) -> str:
    result: list[str] = []
    position = 0
    for match in _KEEP.finditer(text):
        result += [change(text[position : match.start()]), match[0]]
        position = match.end()
    result.append(change(text[position:]))
    return "".join(result)


def pseudo_catalog(tag: str, source: Path) -> gettext.GNUTranslations:
    """Return the pseudo-locale `tag` of the compiled English catalog `source`."""
    write = mirrored if tag == PSEUDO_MIRRORED else accented
    catalog = load_compiled(source)
    for message in catalog:
        if not message.id or message.context in UNTOUCHED_CONTEXTS:
            continue
        text = message.string
        message.string = write(text or "") if isinstance(text, str | None) else tuple(map(write, text))
    return gettext.GNUTranslations(io.BytesIO(compile_catalog(catalog)))
