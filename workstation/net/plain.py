"""Strangers' characters made harmless: what reorders, hides or piles up is taken out, what languages need stays."""

import re
from urllib.parse import urlsplit

import regex

TEXT_CAP = 20_000
"""Characters of a message that are kept."""
CUT = "\n[…]"
"""Ends a text that was longer."""

# Embeddings and overrides reorder what stands around them; nothing honest needs them. Isolates stay where balanced.
ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
ISOLATES = "\u2066\u2067\u2068"
CLOSE = "\u2069"
BLANKS = re.compile("[\x00-\x20\x7f]+")
FLAG_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,12}\U000e007f)|[\U000e0000-\U000e0fff]")
DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u202a-\u202e\u2060-\u2065\u206a-\u206f\ufeff"
    "\ufff9-\uffff\ud800-\udfff]"
)
BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
# Marks of every alphabet pile up to 4 at most; scripts with marks of their own (Tibetan, Thai, Hebrew with
# cantillation) need more and get 8.
GENERIC_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
ANY_MARKS = regex.compile(r"(\p{M}{8})\p{M}+")
PILE = regex.compile(r"\p{M}{5}")
"""Finds whether there is anything to cut at all."""


def harmless(text: str) -> str:
    """The text without control characters, overrides, unbalanced isolates and piles of marks."""
    if text.isascii() and not ODD.search(text):
        return text
    if ODD.search(text):
        text = BREAKS.sub("\n", text)
        text = FLAG_TAGS.sub(lambda found: found[1] or "", text)
        text = _balanced(DROPPED.sub("", text))
    if PILE.search(text) is None:
        return text
    text = GENERIC_MARKS.sub(r"\1", text)
    return str(ANY_MARKS.sub(r"\1", text))


def _balanced(text: str) -> str:
    """Isolates opened and closed within a line stay, all others go."""
    if CLOSE not in text and not any(mark in text for mark in ISOLATES):
        return text
    return "\n".join(map(_balanced_line, text.split("\n")))


def _balanced_line(line: str) -> str:
    opened: list[int] = []
    dropped: set[int] = set()
    for index, character in enumerate(line):
        if character in ISOLATES:
            opened.append(index)
        elif character == CLOSE:
            if opened:
                opened.pop()
            else:
                dropped.add(index)
    dropped.update(opened)
    return "".join(item for index, item in enumerate(line) if index not in dropped) if dropped else line


def one_line(text: str, most: int = 200) -> str:
    """A name, a reason, a title: harmless, on one line, at most `most` characters."""
    line = " ".join(harmless(text[: most * 4]).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def web_address(href: str) -> str:
    """The address if it is one of the web, else empty: `javascript:` and the like never become anything."""
    cleaned = BLANKS.sub("", href)[:4_000]
    try:
        parts = urlsplit(cleaned)
    except ValueError:
        return ""
    return cleaned if parts.scheme.lower() in {"http", "https"} and parts.netloc else ""


def capped(text: str, most: int = TEXT_CAP) -> str:
    """At most `most` characters and a mark that says so."""
    return text if len(text) <= most else text[:most].rstrip() + CUT
