"""Length as the network counts it: 300 grapheme clusters and 3,000 bytes of UTF-8; pure, for every keystroke."""

import regex

from workstation.domain.channels import Length, LengthUnit

GRAPHEMES = 300
BYTES = 3_000

_grapheme = regex.compile(r"\X")


def graphemes(text: str) -> int:
    """Grapheme clusters (UAX #29)."""
    return len(text) if text.isascii() and "\r\n" not in text else len(_grapheme.findall(text))


def measure(text: str) -> Length:
    """Whichever of the two is nearer to its limit."""
    clusters = graphemes(text)
    size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
    if size * GRAPHEMES > clusters * BYTES:
        return Length(size, BYTES, LengthUnit.BYTES)
    return Length(clusters, GRAPHEMES, LengthUnit.GRAPHEMES)
