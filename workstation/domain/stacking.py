"""Putting one text after another as a person would: a blank, a line, a paragraph, or nothing at all."""

import re
from unicodedata import category

# Thai, Lao, Khmer, Burmese, Kana, Han and full-width signs: scripts that part sentences without blanks.
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_OPENING = frozenset({"Ps", "Pi"})
_CLOSING = ".,;:!?…)]}»”’、。，！？"


def _gap(before: str, after: str) -> str:
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return ""
    if _DENSE.match(before[-1]) and _DENSE.match(after[0]):
        return ""
    if category(before[-1]) in _OPENING or after[0] in _CLOSING:
        return ""
    return " "


def _paragraphs(text: str) -> bool:
    return "\n\n" in text.strip()


def stacked(before: str, text: str, after: str = "") -> tuple[str, str]:
    """What to put in front of `text` and behind it when it is inserted between `before` and `after`.

    Texts of several paragraphs become paragraphs of their own; sentences follow each other after a blank, in scripts
    that have none directly.
    """
    if not text:
        return "", ""
    if before.strip() and (_paragraphs(text) or _paragraphs(before)):
        missing = 2 - (len(before) - len(before.rstrip("\n")))
        lead = "\n" * max(0, missing)
    else:
        lead = _gap(before, text)
    trail = "\n\n" if after.strip() and _paragraphs(text) and not after.startswith("\n") else _gap(text, after)
    return lead, trail
