"""Invented customers on which a template is tried: one of whom everything is known, one of whom hardly anything is."""

from workstation.domain.cases import Case, Entry
from workstation.domain.messages import Author, Kind, Message, Micros

FULL = "full"
BARE = "bare"
OPEN = "open"
"""The case that is open on the desk."""
CASE = 4711
_NAMES = {
    "ar": "ليلى حداد", "de": "Jana Weiß", "es": "Lucía Fernández", "fr": "Chloé Martin", "he": "דנה לוי",
    "hi": "आरव शर्मा", "it": "Giulia Rossi", "ja": "田中 美咲", "ko": "김 서연", "pl": "Łucja Nowak", "pt": "Ana Souza",
    "tr": "Elif Yılmaz", "zh": "王 小明",
}  # fmt: skip


def sample(kind: str, language: str, channel: int, now: Micros) -> Entry:
    """A message of an invented customer who writes `language`."""
    name = _NAMES.get(language.split("-", 1)[0], "Sam Carter") if kind == FULL else ""
    handle = "sam@example.social" if kind == FULL else ""
    author = Author("example", "1", handle, name, id=1)
    text = "Order #10248" if kind == FULL else "?"
    address = "https://example.social/@sam/1" if kind == FULL else ""
    message = Message(
        1, channel, "1", Kind.MENTION, author, text, now, now, case=CASE, address=address, language=language
    )
    return Entry(message, Case(CASE, channel, "1", 1, language=language))
