"""Which templates suit a case: by tags, language, what the customer writes about, and how often each was sent."""

from functools import lru_cache
from math import log2

import msgspec

from workstation.domain.filters import folded
from workstation.domain.templates import Family, primary

MOST_WORDS = 3


class Wanted(msgspec.Struct, frozen=True):
    """What a template is looked for."""

    language: str = ""
    """BCP 47 of the customer."""
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Of the customer, case-folded."""
    reads: str = ""
    """BCP 47 of the agent: what they search in."""


def fit(family: Family, wanted: Wanted) -> float:
    """How well a family suits: a shared tag counts more than a language, a language more than use."""
    points = 4.0 * len(set(family.tags) & set(wanted.tags))
    if wanted.language:
        points += 2.0 if primary(wanted.language) in {primary(each) for each in family.languages} else -1.0
    about = f"{family.title} {family.folder} {' '.join(family.tags)}".casefold().split()
    points += 1.0 * min(MOST_WORDS, len({word for word in about if len(word) > 3} & set(wanted.words)))
    return points + min(3.0, log2(1 + family.used) / 2)


@lru_cache(maxsize=8_192)
def _folded(family: Family) -> tuple[str, str, str]:
    """Title, everything about it, and its texts as they are searched; kept, because one searches as one types."""
    title = folded(family.title)
    about = folded(f"{title} {family.key} {family.folder} {family.shortcut} {' '.join(family.tags)}")
    return title, about, folded("\n".join(variant.text for variant in family.variants))


@lru_cache(maxsize=8_192)
def _own(family: Family, reads: str) -> str:
    """Title and texts in the language that the agent reads, as they are searched."""
    texts = (variant.text for variant in family.variants if primary(variant.language) == primary(reads))
    return folded("\n".join((family.title, *texts)))


def _asked(query: str) -> list[str]:
    return folded(query.strip()).lstrip(";؛；").split()


def match(family: Family, query: str) -> int:
    """How directly a query names a family: 4 its shortcut, 3 its title, 2 tags or folder, 1 its text, 0 not at all.

    Every word of the query must occur somewhere; in a text of any language.
    """
    words = _asked(query)
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


def said(family: Family, query: str, reads: str) -> bool:
    """Whether an agent who reads a language finds all words of the query in the title and text of that language."""
    words = _asked(query)
    return bool(words and reads) and all(word in _own(family, reads) for word in words)


def ranked(families: tuple[Family, ...], query: str, wanted: Wanted) -> tuple[Family, ...]:
    """The families that answer a query, the most direct match first, then the best fit, then by title.

    What the agent reads comes before what only a text in another language says.
    """
    asked = bool(query.strip())
    found = []
    for family in families:
        points = match(family, query)
        if points:
            own = asked and said(family, query, wanted.reads)
            found.append(((-points if asked else 0, not own, -fit(family, wanted), family.title.casefold()), family))
    found.sort(key=lambda hit: hit[0])
    return tuple(family for _order, family in found)
