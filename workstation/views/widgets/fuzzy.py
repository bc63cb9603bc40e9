"""Finding by a few letters: every letter of the query in order, better where words begin and letters stand together."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_ACCENTS = re.compile("[\u0300-\u036f]+")
"""Those of Latin, Greek and Cyrillic, which nearly all texts have; the others are looked for one by one."""


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """`text` without case and accents, for comparing what people type with what they mean."""
    if text.isascii():
        return text.casefold()
    parts = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    if parts.isascii():
        return parts
    return "".join(char for char in parts if not unicodedata.combining(char))


def score(query: str, text: str) -> int:
    """How well `text` answers `query`: 0 not at all, higher is better; an empty query fits everything with 1."""
    return score_folded(folded(query).split(), folded(text))


def score_folded(words: Sequence[str], whole: str) -> int:
    """The same for many texts: `words` of the query and the `whole` text are folded once by whoever asks."""
    if not words:
        return 1
    total = 0
    for word in words:
        found = _word_score(word, whole)
        if not found:
            return 0
        total += found
    return total


def _word_score(word: str, text: str) -> int:
    at = text.find(word)
    if at >= 0:
        start_of_word = at == 0 or not text[at - 1].isalnum()
        return 100 * len(word) + (60 if start_of_word else 0) - min(at, 50)
    points = last = 0
    position = -1
    for char in word:
        position = text.find(char, position + 1)
        if position < 0:
            return 0
        begins = position == 0 or not text[position - 1].isalnum()
        points += 12 if begins else 6 if position == last + 1 else 1
        last = position
    # Letters strewn over a long text mean nothing.
    return points if points >= 7 * len(word) else 0
