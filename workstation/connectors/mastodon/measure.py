"""Length as the server counts it (Mastodon: app/validators/status_length_validator.rb): pure, for every keystroke.

Mastodon counts grapheme clusters of the warning and the text; an address counts 23, a mention without its domain.
"""

import regex

from workstation.connectors.mastodon.software import Software
from workstation.domain.channels import Length, LengthUnit

URL_LENGTH = 23
DEFAULT_LIMIT = 500

GRAPHEME = regex.compile(r"\X")
LABEL = r"[\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?"
URL = regex.compile(
    r"(?<![\w@＠$#＃/.\-])(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://"
    rf"(?:{LABEL}\.)+(?:xn--[a-z0-9-]+|\p{{L}}{{2,}})(?::\d{{1,5}})?(?:[/?][^\s<>\"“”]*)?",
    regex.IGNORECASE,
)
TRAILING = ".,;:!?'\"…)]}»"
MENTION = regex.compile(
    r"(?<![=/\w])@([a-z0-9_]+(?:[a-z0-9_.-]+[a-z0-9_]+)?)@[\p{L}\p{N}_.\-]*[\p{L}\p{N}_]", regex.IGNORECASE
)


def graphemes(text: str) -> int:
    """Grapheme clusters (UAX #29)."""
    return len(text) if text.isascii() and "\r\n" not in text else len(GRAPHEME.findall(text))


def measure(text: str, spoiler: str, software: Software, limit: int, url_length: int) -> Length:
    """How long this post is to a server of that software."""
    if software.weighs:
        text = _weighed(text, url_length or URL_LENGTH)
    counted = spoiler + text
    unit = software.counts
    used = graphemes(counted) if unit is LengthUnit.GRAPHEMES else len(counted)
    return Length(used, limit, unit)


def _weighed(text: str, url_length: int) -> str:
    if "://" in text:
        text = URL.sub(lambda found: "x" * url_length + found[0][len(_trimmed(found[0])) :], text)
    return MENTION.sub(r"@\1", text) if "@" in text else text


def _trimmed(address: str) -> str:
    """The address without the punctuation that ends a sentence; a closing bracket stays with its opening one."""
    while address and address[-1] in TRAILING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address
