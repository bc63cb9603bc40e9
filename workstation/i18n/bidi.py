"""The direction of a text by its first strong character (Unicode Bidirectional Algorithm, rules P2 and P3).

Qt lays a paragraph out by it but does not align by it, so views ask here. What is written on networks often begins
with whom it is for or with an address: those say nothing of the language, so a direction is looked for without them.
"""

import re
from functools import lru_cache
from unicodedata import bidirectional

from workstation.i18n.tags import Direction

LRM, RLM = "\u200e", "\u200f"
LRI, RLI, PDI = "\u2066", "\u2067", "\u2069"
_LOOK_AT_MOST = 1000
_ISOLATES = {"LRI", "RLI", "FSI"}
_ADDRESS = re.compile(r"\b[a-z]+://(?:[!-~]*[A-Za-z0-9/_=&#%-])?|(?<![\w@#])[@#][A-Za-z0-9_][\w.@-]*", re.ASCII)
"""Mentions, tags and links in Latin letters."""
_SIGNS = frozenset("@#/")
_LEFTWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def first_strong(text: str) -> Direction | None:
    """Return the direction of `text`, or None if its first 1,000 characters hold none (digits, emoji,
    marks).
    """
    depth = 0
    for char in text[:_LOOK_AT_MOST]:
        kind = bidirectional(char)
        if kind in _ISOLATES:
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif depth == 0 and kind == "L":
            return "ltr"
        elif depth == 0 and kind in ("R", "AL"):
            return "rtl"
    return None


def own_direction(text: str) -> Direction | None:
    """Return the direction of what somebody wrote, mentions, tags and links at its beginning aside, or None."""
    found = first_strong(text)
    if found != "ltr" or text.isascii() or not _LEFTWARDS.search(text):
        return found
    return first_strong(_ADDRESS.sub(" ", text[: _LOOK_AT_MOST * 2])) or found


def text_direction(text: str, default: Direction = "ltr") -> Direction:
    """Return the direction of `text`, `default` (the interface's, say) where it has none of its own."""
    return own_direction(text) or default


def framed(text: str, default: Direction = "ltr") -> str:
    """Return `text` isolated in its own direction: in a line of the other one its stops and dots stay behind it."""
    return f"{RLI}{_whole(text)}{PDI}" if text_direction(text, default) == "rtl" else f"{LRI}{text}{PDI}"


def laid_out(text: str) -> str:
    """Return what somebody wrote so that Qt, which knows the first strong character only, lays it out as it is read.

    In a text that reads from right to left, the sign before a mention or a tag stays before it, and a link whole.
    """
    wanted = own_direction(text)
    if wanted == "rtl":
        text = _whole(text)
    return text if wanted == first_strong(text) else f"{RLM if wanted == 'rtl' else LRM}{text}"


def _whole(text: str) -> str:
    """Keep together what is read from left to right within a text that is not."""
    if not _SIGNS.intersection(text):
        return text
    return _ADDRESS.sub(lambda match: f"{LRM}{match[0]}{LRM}", text)


def unmarked(text: str) -> str:
    """Return what `laid_out` made of a text, or a part of it, without the marks that were put in."""
    return text.removeprefix(RLM).replace(LRM, "")


def facing(text: str, reader: Direction) -> str:
    """Return words of ours so that Qt lays out and aligns each line in the reader's direction, whatever it holds."""
    found = first_strong(text)
    if reader == "ltr":
        return text if found != "rtl" else LRM + text
    return _whole(text) if found == "rtl" else "\n".join(_faced(line) for line in text.split("\n"))


def _faced(line: str) -> str:
    if not line or _LEFTWARDS.search(line):
        return RLM + _whole(line)
    # Nothing but Latin letters or digits: to the right, yet in their own order.
    return f"{RLM}{LRI}{line}{PDI}"


@lru_cache(maxsize=8192)
def led(text: str) -> str:
    """Return `text` of an interface that reads from right to left so that it is laid out so.

    A sentence that begins with a Latin name or key ("Enter" and then Arabic) gets a right-to-left mark before it; one
    without any such letter stays as it is.
    """
    if first_strong(text) == "ltr" and any(bidirectional(char) in ("R", "AL") for char in text):
        return RLM + text
    return text
