"""How like a text is to its translation and back again: what cannot change counts for nothing."""

import re
import unicodedata

from workstation.domain.fixed_parts import scan

_SIGNS = re.compile(r"[\W_]+")
READ = 4_000
"""Characters that are compared."""


def similarity(source: str, back: str) -> float:
    """Percent, 0 to 100: the better of the texts as they are and of their words in any order."""
    # Imported when first used: a start pays for every module.
    from rapidfuzz.fuzz import ratio, token_sort_ratio

    one, other = _said(source), _said(back)
    if not one and not other:
        return 100.0
    return float(max(ratio(one, other), token_sort_ratio(one, other)))


def _said(text: str) -> str:
    """The words of a text, folded: its numbers and addresses were masked and would be alike in any case."""
    kept, end = [], 0
    for part in scan(text[:READ]):
        kept.append(text[end : part.start])
        end = part.end
    kept.append(text[end:READ])
    return _SIGNS.sub(" ", unicodedata.normalize("NFKC", " ".join(kept)).casefold()).strip()
