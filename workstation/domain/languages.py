"""Languages of posts as data: what was decided, what it was decided from, and the two answers that name none."""

import msgspec

UNKNOWN = "und"
MIXED = "mul"
MOST = 24
"""Candidates that a team's setting may name; more make every answer worse."""
_NAMELESS = frozenset({"", UNKNOWN, MIXED, "zxx", "mis"})
_ALIASES = {"no": "nb", "iw": "he", "in": "id", "tl": "fil", "ji": "yi", "jw": "jv", "mo": "ro", "cmn": "zh"}
_TRADITIONAL = frozenset({"tw", "hk", "mo", "hant"})


class Detected(msgspec.Struct, frozen=True, gc=False):
    """A text's language (BCP 47, `und` or `mul`), how probable it is (0 to 1), and why it was decided so."""

    language: str
    confidence: float
    sure: bool = False
    why: str = ""
    """One of our words: text, script, words, hint, author, mixed, nothing."""


class Prior(msgspec.Struct, frozen=True):
    """What is known before a text is read: the network's hint, and counts by language of its author and channel."""

    hint: str = ""
    author: dict[str, int] = {}
    channel: dict[str, int] = {}


class Told(msgspec.Struct, frozen=True):
    """Where a message's language comes from. `hint` is the network's, `corrected` a person's; empty where none is."""

    language: str
    hint: str = ""
    found: str = ""
    confidence: int = 0
    """Percent."""
    sure: bool = False
    why: str = ""
    corrected: str = ""


def primary(tag: str) -> str:
    """The language of a tag without script and region, under its present name: `pt-BR` is pt, `no` is nb."""
    plain = tag.replace("_", "-").partition("-")[0].strip().lower()
    return _ALIASES.get(plain, plain)


def named(tag: str) -> str:
    """The tag, if it names one language; empty for none, unknown and mixed."""
    return "" if tag.lower() in _NAMELESS else tag


def alike(one: str, other: str) -> bool:
    """Whether two tags name one language as readers tell them apart: Chinese by its script, all others by name."""
    if primary(one) != primary(other):
        return False
    if primary(one) != "zh":
        return True
    first, second = _form(one), _form(other)
    return not first or not second or first == second


def _form(tag: str) -> str:
    parts = {part.lower() for part in tag.replace("_", "-").split("-")[1:]}
    if parts & _TRADITIONAL:
        return "Hant"
    return "Hans" if parts & {"hans", "cn", "sg"} else ""
