"""The direction of a text by its first strong character (Unicode Bidirectional Algorithm, rules P2 and P3).

Qt lays a paragraph out by it but does not align by it, so views ask here.
"""

from unicodedata import bidirectional

from workstation.i18n.tags import Direction

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
