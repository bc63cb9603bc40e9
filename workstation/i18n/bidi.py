"""The direction of a text by its first strong character (Unicode Bidirectional Algorithm, rules P2 and P3).

Qt lays a paragraph out by it but does not align by it, so views ask here.
"""

from functools import lru_cache
from unicodedata import bidirectional

from workstation.i18n.tags import Direction

RLM = "\u200f"
_LOOK_AT_MOST = 1000
_ISOLATES = {"LRI", "RLI", "FSI"}


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


def text_direction(text: str, default: Direction = "ltr") -> Direction:
    """Return the direction of `text`, `default` (the interface's, say) where it has none of its own."""
    return first_strong(text) or default


@lru_cache(maxsize=8192)
def led(text: str) -> str:
    """Return `text` of an interface that reads from right to left so that it is laid out so.

    A sentence that begins with a Latin name or key ("Enter" and then Arabic) gets a right-to-left mark before it; one
    without any such letter stays as it is.
    """
    if first_strong(text) == "ltr" and any(bidirectional(char) in ("R", "AL") for char in text):
        return RLM + text
    return text
