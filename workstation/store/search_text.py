"""The text that the search index sees: normalised, and scripts without spaces cut into overlapping pairs."""

import re
from functools import cache
from operator import add
from unicodedata import is_normalized, normalize

INDEXED_LENGTH = 20_000
"""Characters of one message that are searchable; a 10 MB text must not stall the index."""

# Thai, Lao, Khmer, Myanmar, Kana, Bopomofo, Hangul, Han (with extensions): no spaces between words, or particles
# glued to them.
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u318f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
"""Marks belong to words: without them Thai, Devanagari and Arabic vowels would cut words apart."""


@cache
def _runs() -> re.Pattern[str]:
    """Compiled for the first text that is not plain: it takes milliseconds.

    Written so that the search for a run's first character is the pattern compiler's quick one.
    """
    return re.compile(f"[{SPACELESS}][{SPACELESS}]*")


def pairs(run: str) -> str:
    """A run of spaceless script as overlapping pairs; one character alone stays alone."""
    if len(run) == 1:
        return f" {run} "
    return " " + " ".join(map(add, run, run[1:])) + " "


def normalised(text: str) -> str:
    """Compatibility forms and cases folded together."""
    if text.isascii():
        return text.lower()
    return _composed(_composed(text).casefold())


def _composed(text: str) -> str:
    """NFKC; nearly every text is in it already, which is much quicker to see than to make."""
    return text if is_normalized("NFKC", text) else normalize("NFKC", text)


def search_text(text: str, spoiler: str) -> str:
    """What is indexed of a message. Pure and stable: removing a message from the index needs the very same text."""
    whole = f"{spoiler}\n{text}" if spoiler else text
    if len(whole) > INDEXED_LENGTH:
        whole = whole[:INDEXED_LENGTH]
    if whole.isascii():
        return whole  # the tokenizer folds these itself
    return _runs().sub(lambda found: pairs(found[0]), normalised(whole))
