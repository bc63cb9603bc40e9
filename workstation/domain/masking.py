"""Hiding what tells who somebody is in a text: handles, addresses, numbers, and the names that are known."""

import re
from collections.abc import Collection

HIDDEN = "•••"
"""Stands for what was hidden: of one length whatever was there, and of no direction."""
_WORDS = 4
"""Letters of the shortest name that is looked for inside a text: shorter ones are words in some language."""

_LINK = r"\b(?:https?://|www\.)[^\s<>\"]+"
_MAIL = r"[^\s@<>()\[\],;:\"]{1,80}@[^\s@<>()\[\],;:\"]{1,120}\.[^\W\d_]{2,24}"
_HANDLE = r"(?<![A-Za-z0-9_.@])@[\w.\-]{1,60}(?:@[\w.\-]{1,120})?"
_ACCOUNT = r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b"
_NUMBER = r"(?:\+|\b00)?\(?\d(?:[ \u00a0().\-/]{0,2}\d){4,24}"
"""Five digits or more, however they are parted: of telephones, orders, cards, customers."""
_MARKED = r"#[ ]?(?=[\w\-]*\d)[\w\-]{2,40}"
_MIXED = r"\b(?=[\w\-]*\d[\w\-]*\d[\w\-]*\d)(?=[\w\-]*[^\W\d_])[\w]{1,20}(?:-[\w]{1,20}){0,4}\b"
"""Letters with three digits or more: AB-4711, 1Z999AA1."""
_SHORT = r"\b(?!(?:19|20)\d\d\b)\d{4}\b"
"""Four digits that are no year."""

_PERSONAL = re.compile(f"{_LINK}|{_MAIL}|{_HANDLE}|{_ACCOUNT}|{_MARKED}|{_NUMBER}|{_MIXED}|{_SHORT}")
_TOKEN = re.compile(rf"[^\W\d_]{{{_WORDS},}}")


def words_of(name: str) -> frozenset[str]:
    """The parts of a name, folded, that are looked for inside texts."""
    return frozenset(word.casefold() for word in _TOKEN.findall(name))


def spans(text: str, names: Collection[str] = frozenset()) -> list[tuple[int, int]]:
    """Where in `text` stands what is hidden, as (start, end) in characters; parts may overlap."""
    found = [found.span() for found in _PERSONAL.finditer(text)]
    if names:
        found += [word.span() for word in _TOKEN.finditer(text) if word[0].casefold() in names]
    return found


def masked(text: str, names: Collection[str] = frozenset()) -> str:
    """`text` without handles, addresses and numbers, and without `names` (folded words, see `words_of`).

    Rather too much is hidden than too little: a price may go, a customer's number may not stay.
    """
    hidden = _PERSONAL.sub(HIDDEN, text)
    if not names:
        return hidden
    return _TOKEN.sub(lambda found: HIDDEN if found[0].casefold() in names else found[0], hidden)
