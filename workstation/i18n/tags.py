"""Locale tags: what a BCP 47 tag means, which catalog serves it best, and what a language is called.

Tags are written as in BCP 47 (``pt-BR``, ``zh-Hant``); folders and Babel use underscores (``pt_BR``). Two
tags are pseudo-locales made at run time for tests: ``en-XA`` (accented, bracketed, longer) and ``ar-XB``
(right to left).
"""

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global, parse_locale

SOURCE = "en"
PSEUDO_ACCENTED = "en-XA"
PSEUDO_MIRRORED = "ar-XB"
PSEUDO = {PSEUDO_ACCENTED: "en", PSEUDO_MIRRORED: "ar"}

Direction = Literal["ltr", "rtl"]

_LEFTWARDS = frozenset(("Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"))
"""Scripts in use that are written from right to left."""


def normalise(tag: str) -> str:
    """Return `tag` in BCP 47 spelling; accepts POSIX names (``de_DE.UTF-8@euro``); "" when it names no
    language.
    """
    bare = tag.partition(".")[0].partition("@")[0].replace("_", "-").strip()
    language, _, rest = bare.partition("-")
    language = language.lower()
    if not language.isalpha() or not 2 <= len(language) <= 3:
        return ""
    language = get_global("language_aliases").get(language, language)
    return "-".join([language, *(_subtag(part) for part in rest.split("-") if part)])


def _subtag(part: str) -> str:
    if _is_script(part):
        return part.title()
    return part.upper() if len(part) in (2, 3) else part.lower()


def identifier(tag: str) -> str:
    """Return the folder and Babel spelling of `tag`: ``pt_BR`` for ``pt-BR``."""
    return normalise(tag).replace("-", "_")


@lru_cache(maxsize=256)
def babel_locale(tag: str) -> Locale:
    """Return Babel's data for `tag` or its nearest known relative; English for what Babel does not know."""
    name = PSEUDO.get(tag) or identifier(tag)
    while name:
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            name = name.rpartition("_")[0]
    return Locale.parse(SOURCE)


def chain(tag: str) -> list[str]:
    """Return `tag` and what stands in for it, best first: ``pt-BR``, ``pt``, ``en``."""
    found = [step.replace("_", "-") for step in _ancestors(identifier(tag))]
    if SOURCE not in found:
        found.append(SOURCE)
    return found


def _ancestors(name: str) -> Iterator[str]:
    """Yield `name` and its CLDR parents: ``es_MX`` is followed by ``es_419``, not by ``es``."""
    parents = get_global("parent_exceptions")
    while name and name != "root":
        yield name
        name = parents.get(name) or name.rpartition("_")[0]


def negotiate(wanted: Iterable[str], available: Collection[str], default: str = SOURCE) -> str:
    """Return the member of `available` that serves the reader best, who prefers `wanted` in that order.

    A reader of ``zh-HK`` gets ``zh-Hant``, of ``es-MX`` ``es-419``, of ``pt-PT`` ``pt-BR`` if there is no
    ``pt``; never another script than their own.
    """
    names = {normalise(tag): tag for tag in available}
    for tag in wanted:
        if tag in PSEUDO and tag in available:
            return tag
        wish = normalise(tag)
        if not wish:
            continue
        for candidate in _candidates(wish):
            if candidate in names:
                return names[candidate]
        near = sorted(name for name in names if name not in PSEUDO and _writing(name) == _writing(wish))
        if near:
            return names[near[0]]
    return default


def _candidates(wish: str) -> Iterator[str]:
    yield wish
    language, script, _ = _parts(wish)
    for step in _ancestors(wish.replace("-", "_")):
        # "zh-TW" must not slip to "zh", which is written in another script.
        if _writing(step) == (language, script):
            yield step.replace("_", "-")
    if script:
        yield f"{language}-{script}"


@lru_cache(maxsize=256)
def _parts(tag: str) -> tuple[str, str, str]:
    """Return language, script and region of `tag`, filled in from CLDR's likely subtags."""
    try:
        language, territory, script, *_ = parse_locale(tag.replace("-", "_"))
    except ValueError:
        return tag.partition("-")[0], "", ""
    likely = get_global("likely_subtags")
    guess = (territory and likely.get(f"{language}_{territory}")) or likely.get(language) or ""
    _, _, rest = guess.partition("_")
    for part in rest.split("_"):
        script = script or (part if _is_script(part) else "")
        territory = territory or (part if not _is_script(part) else "")
    return language, script or "", territory or ""


def _writing(tag: str) -> tuple[str, str]:
    language, script, _ = _parts(tag)
    return language, script


def direction(tag: str) -> Direction:
    """Return the direction of the interface in `tag`, by its script: Babel would read all it knows of the language."""
    _language, script, _territory = _parts(PSEUDO.get(tag) or normalise(tag))
    return "rtl" if script in _LEFTWARDS else "ltr"


@lru_cache(maxsize=64)
def first_weekday(tag: str) -> int:
    """Return the day a week starts with in the region of `tag` or its language's likeliest one; 0 is
    Monday.
    """
    name = PSEUDO.get(tag) or normalise(tag)
    _, _, region = _parts(name)
    return int(babel_locale(f"{name.partition('-')[0]}-{region}" if region else name).first_week_day)


@lru_cache(maxsize=64)
def working_days(tag: str) -> tuple[int, ...]:
    """Return the days that are worked in the region of `tag` or its language's likeliest one; 0 is Monday."""
    name = PSEUDO.get(tag) or normalise(tag)
    _, _, region = _parts(name)
    locale = babel_locale(f"{name.partition('-')[0]}-{region}" if region else name)
    start, end = int(locale.weekend_start), int(locale.weekend_end)
    weekend = {(start + day) % 7 for day in range((end - start) % 7 + 1)}
    return tuple(day for day in range(7) if day not in weekend)


def regional(tag: str, system: Iterable[str]) -> str:
    """Return the tag by which an interface in `tag` writes dates: ``en-GB`` for ``en`` where the system
    says so.
    """
    for candidate in map(normalise, system):
        if candidate and _writing(candidate) == _writing(tag):
            return candidate
    return tag


@lru_cache(maxsize=1024)
def language_name(tag: str, reader: str) -> str:
    """Return what the language `tag` is called in the language `reader`; the tag itself if nobody knows."""
    if tag in PSEUDO:
        return tag
    language = normalise(tag)
    if not language:
        return tag
    names = babel_locale(reader).languages
    known = names.get(language.replace("-", "_"))
    if known and not _is_script(language.rpartition("-")[2]):
        return str(known)
    locale = babel_locale(language)
    if locale.language != language.partition("-")[0]:
        return tag
    return str(locale.get_display_name(babel_locale(reader)) or tag)


def _is_script(part: str) -> bool:
    return len(part) == 4 and part.isalpha()


def own_name(tag: str) -> str:
    """Return what the language `tag` calls itself, for a list in which everyone must find their own."""
    if tag in PSEUDO:
        return tag
    name = language_name(tag, tag)
    return name[:1].upper() + name[1:]
