"""Which templates suit a case: by tags, language, what the customer writes about, and how often each was sent."""

from functools import lru_cache
from math import log2

import msgspec

from workstation.domain.templates import Family

MOST_WORDS = 3


class Wanted(msgspec.Struct, frozen=True):
    """What a template is looked for."""

    language: str = ""
    """BCP 47 of the customer."""
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Of the customer, case-folded."""


def _primary(language: str) -> str:
    return language.split("-", 1)[0].lower()


def fit(family: Family, wanted: Wanted) -> float:
    """How well a family suits: a shared tag counts more than a language, a language more than use."""
    points = 4.0 * len(set(family.tags) & set(wanted.tags))
    if wanted.language:
        points += 2.0 if _primary(wanted.language) in {_primary(each) for each in family.languages} else -1.0
    about = f"{family.title} {family.folder} {' '.join(family.tags)}".casefold().split()
    points += 1.0 * min(MOST_WORDS, len({word for word in about if len(word) > 3} & set(wanted.words)))
    return points + min(3.0, log2(1 + family.used) / 2)


@lru_cache(maxsize=8_192)
def _folded(family: Family) -> tuple[str, str, str]:
    """Title, everything about it, and its texts as they are searched; kept, because one searches as one types."""
    title = family.title.casefold()
    about = f"{title} {family.key} {family.folder} {family.shortcut} {' '.join(family.tags)}".casefold()
    return title, about, "\n".join(variant.text for variant in family.variants).casefold()


def match(family: Family, query: str) -> int:
    """How directly a query names a family: 4 its shortcut, 3 its title, 2 tags or folder, 1 its text, 0 not at all.

    Every word of the query must occur somewhere.
    """
    asked = query.strip().casefold()
    words = asked.lstrip(";؛；").split()
    if not words:
        return 1
    if family.shortcut and len(words) == 1 and family.shortcut.startswith(words[0]):
        return 4
    title, about, texts = _folded(family)
    if all(word in title for word in words):
        return 3
    if all(word in about for word in words):
        return 2
    return 1 if all(word in about or word in texts for word in words) else 0


def ranked(families: tuple[Family, ...], query: str, wanted: Wanted) -> tuple[Family, ...]:
    """The families that answer a query, the most direct match first, then the best fit, then by title."""
    found = [(match(family, query), fit(family, wanted), family) for family in families]
    found = [hit for hit in found if hit[0]]
    found.sort(key=lambda hit: (-hit[0] if query.strip() else 0, -hit[1], hit[2].title.casefold()))
    return tuple(family for _points, _fit, family in found)
